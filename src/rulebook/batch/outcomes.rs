//! Decisions as columns: an outcome column for each decision, and what else is wanted.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, StringBuilder, UInt64Builder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::column::Column;
use crate::eval::{Decision, Verdict};
use crate::rulebook::Policy;

/// What is told of a decision besides its outcomes and faults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The names of the rules that gave the outcomes, those that only require something included; of
    /// several policies as `policy.rule`.
    pub rules: bool,
    /// The reasons.
    pub reasons: bool,
}

/// Collects decisions as the columns of an Arrow batch, one row for each record.
///
/// `record` holds the number that the record is given, and `id` its id where it has one. Then comes a
/// column for each decision, named like it; where several policies judge, `policy.decision`:
///
/// | outcomes | column |
/// |---|---|
/// | names, texts, urls | `dictionary<int32, utf8>` |
/// | `bool` | `bool` |
/// | numbers, amounts | `decimal128(38, 9)`; the currency is in the field's metadata |
/// | dates | `date32` |
/// | times | `timestamp(ns, UTC)` |
/// | durations | `duration(ns)` |
/// | periods | `utf8`, such as `P3M` |
/// | several (`by all`, `by union`) | a list of these |
///
/// What is undecided or a fault is null. `faults` tells each fault, also one for an outcome that its
/// column has no room for; mostly it is null. `rules` and `reasons` are there where they are wanted.
///
/// ```
/// # use rulebook::{Rulebook, batch::{OutcomeColumns, Wanted}};
/// # let rulebook = Rulebook::from_sources([("a.policy", "
/// #   record Order { amount: CNY }
/// #   policy returns for Order { decide refund: yes | no by first otherwise no
/// #     rule small { when amount <= 200 CNY then yes } }")])?;
/// let policy = rulebook.policy("returns")?;
/// let mut outcomes = OutcomeColumns::new(&[policy.clone()], Wanted { rules: true, reasons: false });
/// for (number, amount) in [(0, 59), (1, 599)] {
///     let decision = policy.decide(format!(r#"{{"amount": {amount}}}"#))?;
///     outcomes.push(number, [&decision]);
/// }
/// let batch = outcomes.finish()?;
/// let names: Vec<_> = batch.schema_ref().fields().iter().map(|field| field.name().clone()).collect();
/// assert_eq!((batch.num_rows(), names.join(" ")), (2, "record refund faults rules".to_string()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OutcomeColumns {
    schema: SchemaRef,
    wanted: Wanted,
    /// Whether the names of policies stand before those of their rules.
    several: bool,
    records: UInt64Builder,
    ids: Option<StringBuilder>,
    /// For each policy the columns of its decisions.
    outcomes: Vec<Vec<Column>>,
    faults: Column,
    rules: Column,
    reasons: Column,
}

impl OutcomeColumns {
    /// No decisions yet of some policies.
    pub fn new(policies: &[Policy], wanted: Wanted) -> Self {
        let several = policies.len() > 1;
        let compiled = || policies.iter().filter_map(Policy::compiled);
        let has_ids = compiled().any(|policy| policy.id.is_some());
        let mut fields = vec![Field::new("record", DataType::UInt64, false)];
        fields.extend(has_ids.then(|| Field::new("id", DataType::Utf8, true)));
        let mut outcomes = Vec::new();
        for policy in compiled() {
            let mut columns = Vec::new();
            for decision in &policy.decisions {
                let name = match several {
                    true => format!("{}.{}", policy.name, decision.name),
                    false => decision.name.clone(),
                };
                let column = Column::of(&decision.ty, decision.combiner.collects());
                let currency = decision.currency();
                let currency = currency.map(|code| ("currency".to_string(), code.to_string()));
                let field = Field::new(name, column.data_type(), true);
                fields.push(field.with_metadata(currency.into_iter().collect::<HashMap<_, _>>()));
                columns.push(column);
            }
            outcomes.push(columns);
        }
        let (faults, rules, reasons) = (Column::of_texts(), Column::of_names(), Column::of_texts());
        fields.push(Field::new("faults", faults.data_type(), true));
        fields.extend(wanted.rules.then(|| Field::new("rules", rules.data_type(), true)));
        fields.extend(wanted.reasons.then(|| Field::new("reasons", reasons.data_type(), true)));
        Self {
            schema: Arc::new(Schema::new(fields)),
            wanted,
            several,
            records: UInt64Builder::new(),
            ids: has_ids.then(StringBuilder::new),
            outcomes,
            faults,
            rules,
            reasons,
        }
    }

    /// The columns that batches will have.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// How many records have been added since the last batch.
    pub fn len(&self) -> usize {
        arrow::array::ArrayBuilder::len(&self.records)
    }

    /// Whether none has been added.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds what was decided about a record: the decisions of all policies, in their order.
    pub fn push<'d>(&mut self, record: u64, decisions: impl IntoIterator<Item = &'d Decision>) {
        self.push_some(record, decisions.into_iter().enumerate());
    }

    /// Adds what some of the policies decided about a record, each decision with the place of its
    /// policy, in their order.
    pub(crate) fn push_some<'d>(
        &mut self,
        record: u64,
        decisions: impl Iterator<Item = (usize, &'d Decision)>,
    ) {
        self.records.append_value(record);
        let mut id = None;
        let mut decisions = decisions.peekable();
        for policy in 0..self.outcomes.len() {
            match decisions.next_if(|(place, _)| *place == policy) {
                Some((_, decision)) => {
                    id = id.or_else(|| decision.id());
                    self.push_one(policy, decision);
                }
                None => self.push_nothing(policy),
            }
        }
        if let Some(ids) = &mut self.ids {
            ids.append_option(id);
        }
        self.faults.end_list_or_null();
        self.rules.end_list();
        self.reasons.end_list();
    }

    /// Adds what a policy did not decide.
    fn push_nothing(&mut self, policy: usize) {
        self.outcomes.get_mut(policy).into_iter().flatten().for_each(Column::push_null);
    }

    /// Adds what one policy decided.
    fn push_one(&mut self, policy: usize, decision: &Decision) {
        for fault in decision.faults() {
            let owner = match (fault.rule, fault.decision) {
                (Some(rule), _) => format!("rule {rule}"),
                (None, decision) => format!("decision {}", decision.unwrap_or_default()),
            };
            self.faults.push_text(&format!("{owner}: {} ({})", fault.message, fault.code));
        }
        let columns = self.outcomes.get_mut(policy).into_iter().flatten();
        for (column, (name, verdict)) in columns.zip(decision.verdicts()) {
            let fits = match verdict {
                Verdict::Undecided | Verdict::Fault => {
                    column.push_null();
                    true
                }
                Verdict::Value(value, ty) => column.push(&value, ty),
                Verdict::Values(values, ty) => {
                    let unfit = values.iter().filter(|one| !column.push(one, ty)).count();
                    column.end_list();
                    unfit == 0
                }
            };
            if !fits {
                let told = "the column has no room for the value (out-of-range)";
                self.faults.push_text(&format!("decision {name}: {told}"));
            }
        }
        if self.wanted.rules {
            for rule in decision.rules() {
                match self.several {
                    true => {
                        let name = format!("{}.{}", decision.policy_name(), rule.name());
                        self.rules.push_text(&name);
                    }
                    false => self.rules.push_text(rule.name()),
                }
            }
        }
        if self.wanted.reasons {
            decision.reasons().iter().for_each(|reason| self.reasons.push_text(reason));
        }
    }

    /// The decisions that were added, as one batch; the next one begins empty.
    ///
    /// # Errors
    /// When the texts of a column have become too long for it.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.records.finish())];
        if let Some(ids) = &mut self.ids {
            columns.push(Arc::new(ids.finish()));
        }
        for values in self.outcomes.iter_mut().flatten() {
            columns.push(values.finish()?);
        }
        columns.push(self.faults.finish()?);
        let (rules, reasons) = (self.rules.finish()?, self.reasons.finish()?);
        columns.extend(self.wanted.rules.then_some(rules));
        columns.extend(self.wanted.reasons.then_some(reasons));
        RecordBatch::try_new(self.schema.clone(), columns)
    }
}
