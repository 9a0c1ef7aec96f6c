//! Decisions as columns: an outcome column for each decision, and what else is wanted.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, UInt32Array, UInt64Array};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::take::take;
use rustc_hash::FxHashMap;

use super::column::{Column, Times};
use super::judge::{Decided, Decisions, Stretch};
use crate::policy::Policy;
use rulebook_core::eval::batch::Class;
use rulebook_core::eval::{Decision, Verdict};
use rulebook_lang::model::Currency;

/// What is wanted of a decision besides its outcomes and faults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The names of the rules that gave the outcomes, those that only require something included; of
    /// several policies as `policy.rule`.
    pub rules: bool,
    /// The reasons of the outcomes, in the language of the policy.
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
/// | times | `timestamp(us, UTC)` |
/// | durations | `duration(us)` |
/// | periods | `utf8`, such as `P3M` |
/// | several (`by all`, `by union`) | a list of these |
///
/// What is undecided or a fault is null. `faults` lists each fault, also one for an outcome that its
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
///     let decision = policy.decide_json(format!(r#"{{"amount": {amount}}}"#))?;
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
    records: Vec<u64>,
    ids: Option<StringBuilder>,
    /// For each record the row of the columns with what was decided about it. Records of the same
    /// classes share one.
    rows: Vec<u32>,
    /// How many rows the columns have.
    kept: u32,
    shared: Shared,
    /// For each policy the columns of its decisions.
    outcomes: Vec<Vec<Column>>,
    faults: Column,
    rules: Column,
    reasons: Column,
}

/// What the metadata of a field calls the currency of its amounts.
pub const CURRENCY: &str = "currency";

/// A field with the currency of its amounts, where they have one.
pub fn of_currency(field: Field, currency: Option<&str>) -> Field {
    let currency = currency.map(|code| (CURRENCY.to_string(), code.to_string()));
    field.with_metadata(currency.into_iter().collect::<HashMap<_, _>>())
}

/// The rows of what was decided about classes, one for each policy that judges.
#[derive(Debug, Default)]
struct Shared {
    /// By the number that stands for the classes.
    rows: Vec<Option<u32>>,
    /// These numbers, where several policies judge.
    numbers: FxHashMap<Box<[Class]>, usize>,
}

impl Shared {
    #[inline]
    fn number(&mut self, classes: &[Class]) -> usize {
        match classes {
            [only] => only.index(),
            several => match self.numbers.get(several) {
                Some(number) => *number,
                None => {
                    let next = self.numbers.len();
                    *self.numbers.entry(several.into()).or_insert(next)
                }
            },
        }
    }

    fn learn(&mut self, number: usize, row: u32) {
        if number >= self.rows.len() {
            self.rows.resize(number + 1, None);
        }
        if let Some(place) = self.rows.get_mut(number) {
            *place = Some(row);
        }
    }
}

impl OutcomeColumns {
    /// No decisions yet of some policies.
    pub fn new(policies: &[Policy], wanted: Wanted) -> Self {
        Self::with(policies, wanted, Times::Microseconds)
    }

    /// The same for columns that become cells: times and durations are texts.
    pub fn of_cells(policies: &[Policy], wanted: Wanted) -> Self {
        Self::with(policies, wanted, Times::Texts)
    }

    fn with(policies: &[Policy], wanted: Wanted, times: Times) -> Self {
        let several = policies.len() > 1;
        let compiled = || policies.iter().map(Policy::compiled);
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
                let column = Column::of(&decision.ty, decision.combiner.collects(), times);
                let field = Field::new(name, column.data_type(), true);
                fields.push(of_currency(field, decision.currency().map(Currency::code)));
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
            records: Vec::new(),
            ids: has_ids.then(StringBuilder::new),
            rows: Vec::new(),
            kept: 0,
            shared: Shared::default(),
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
        self.records.len()
    }

    /// About how many bytes they take.
    pub fn size(&self) -> usize {
        let ids = self.ids.as_ref().map_or(0, |ids| ids.values_slice().len());
        let columns =
            self.outcomes.iter().flatten().chain([&self.faults, &self.rules, &self.reasons]);
        ids + self.len() * size_of::<(u64, u32)>() + columns.map(Column::size).sum::<usize>()
    }

    /// Whether none has been added.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds what was decided about a record: the decisions of all policies, in their order.
    pub fn push<'d>(&mut self, record: u64, decisions: impl IntoIterator<Item = &'d Decision>) {
        let mut decisions = decisions.into_iter();
        let mut id = None;
        for policy in 0..self.outcomes.len() {
            match decisions.next() {
                Some(decision) => {
                    id = id.or_else(|| decision.id());
                    self.push_one(policy, decision);
                }
                None => self.push_nothing(policy),
            }
        }
        self.end_row();
        self.end(record, self.kept - 1, id.as_deref());
    }

    /// Adds what some of the policies decided about a record.
    pub fn push_decided(&mut self, record: u64, decisions: Decisions<'_>) {
        self.push_row(decisions);
        let id = self.ids.is_some().then(|| decisions.id()).flatten();
        self.end(record, self.kept - 1, id.as_deref());
    }

    /// Adds what some of the policies decided about records whose numbers follow each other. The
    /// classes of all records are those of the same [`Batches`](super::Batches).
    pub fn push_stretch(&mut self, first: u64, stretch: Stretch<'_>) {
        let classes: Vec<_> = stretch.classes().map(|(_, classes)| classes).collect();
        let mut row_classes = Vec::with_capacity(classes.len());
        for (record, at) in (first..).zip(0..stretch.count()) {
            row_classes.clear();
            row_classes
                .extend(classes.iter().filter_map(|classes| classes.get(at).copied().flatten()));
            let number = self.shared.number(&row_classes);
            let row = match self.shared.rows.get(number).copied().flatten() {
                Some(row) => row,
                None => {
                    self.push_row(stretch.decisions(at));
                    self.shared.learn(number, self.kept - 1);
                    self.kept - 1
                }
            };
            let id = self.ids.is_some().then(|| stretch.decisions(at).id()).flatten();
            self.end(record, row, id.as_deref());
        }
    }

    /// Forgets all classes: those of other [`Batches`](super::Batches) come.
    pub fn forget_classes(&mut self) {
        self.shared = Shared::default();
    }

    fn end(&mut self, record: u64, row: u32, id: Option<&str>) {
        self.records.push(record);
        self.rows.push(row);
        if let Some(ids) = &mut self.ids {
            ids.append_option(id);
        }
    }

    /// Adds a row to the columns.
    fn push_row(&mut self, decisions: Decisions<'_>) {
        let mut decided = decisions.iter().peekable();
        for policy in 0..self.outcomes.len() {
            match decided.next_if(|decided| decided.place == policy) {
                Some(Decided { decision, .. }) => self.push_one(policy, decision),
                None => self.push_nothing(policy),
            }
        }
        self.end_row();
    }

    fn end_row(&mut self) {
        self.kept += 1;
        self.faults.end_list_or_null();
        if self.wanted.rules {
            self.rules.end_list();
        }
        if self.wanted.reasons {
            self.reasons.end_list();
        }
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
                Verdict::Value(value, ty) => column.push(&value, ty),
                Verdict::Values(values, ty) => {
                    let unfit = values.iter().filter(|value| !column.push(value, ty)).count();
                    column.end_list();
                    unfit == 0
                }
                _ => {
                    column.push_null();
                    true
                }
            };
            if !fits {
                let reason = "the column has no room for the value (out-of-range)";
                self.faults.push_text(&format!("decision {name}: {reason}"));
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
        let records = UInt64Array::from(std::mem::take(&mut self.records));
        let rows = UInt32Array::from(std::mem::take(&mut self.rows));
        let is_shared = rows.len() > self.kept as usize;
        self.kept = 0;
        self.shared.rows.clear();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(records)];
        if let Some(ids) = &mut self.ids {
            columns.push(Arc::new(ids.finish()));
        }
        let mut add = |column: &mut Column| {
            let values = column.finish()?;
            columns.push(if is_shared { take(&values, &rows, None)? } else { values });
            column.forget_many();
            Ok::<_, ArrowError>(())
        };
        self.outcomes.iter_mut().flatten().try_for_each(&mut add)?;
        add(&mut self.faults)?;
        if self.wanted.rules {
            add(&mut self.rules)?;
        }
        if self.wanted.reasons {
            add(&mut self.reasons)?;
        }
        RecordBatch::try_new(self.schema.clone(), columns)
    }
}
