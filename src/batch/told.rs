//! What is told of decisions, as columns side by side: outcomes, faults, rules, reasons.

use arrow_array::ArrayRef;
use arrow_schema::{ArrowError, Field};

use super::column::{Column, Times, of_currency};
use rulebook_core::eval::{Decision, Verdict};
use rulebook_core::program;
use rulebook_lang::model::Currency;

/// What is wanted of a decision besides its outcomes and faults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The names of the rules that gave the outcomes, those that only require something included; of
    /// several policies as `policy.rule`.
    pub rules: bool,
    /// The reasons of the outcomes, in the language of the policy.
    pub reasons: bool,
    /// A row for each element that a policy judges, instead of one for each record.
    pub elements: bool,
}

/// Columns that grow by a row at a time. Each policy has columns of its own for its outcomes.
#[derive(Debug)]
pub(super) struct Told {
    wanted: Wanted,
    /// Whether the names of policies stand before those of their decisions and rules.
    several: bool,
    /// For each policy the columns of its decisions, and what they are called.
    outcomes: Vec<Vec<(Column, Field)>>,
    faults: Column,
    rules: Column,
    reasons: Column,
    rows: usize,
}

impl Told {
    /// Columns for policies; `several` where their names stand before those of their decisions.
    pub(super) fn new<'p>(
        policies: impl IntoIterator<Item = &'p program::Policy>,
        several: bool,
        wanted: Wanted,
        times: Times,
    ) -> Self {
        let columns = policies.into_iter().map(|policy| {
            let columns = policy.decisions.iter().map(|decision| {
                let name = match several {
                    true => format!("{}.{}", policy.name, decision.name),
                    false => decision.name.clone(),
                };
                let column = Column::of(&decision.ty, decision.combiner.collects(), times);
                let field = Field::new(name, column.data_type(), true);
                (column, of_currency(field, decision.currency().map(Currency::code)))
            });
            columns.collect()
        });
        let outcomes = columns.collect();
        let (faults, rules, reasons) = (Column::of_texts(), Column::of_names(), Column::of_texts());
        Self { wanted, several, outcomes, faults, rules, reasons, rows: 0 }
    }

    /// What the columns of a policy are called.
    pub(super) fn fields_of(&self, policy: usize) -> impl Iterator<Item = Field> {
        let columns = self.outcomes.get(policy).into_iter().flatten();
        columns.map(|(_, field)| field.clone())
    }

    /// What the columns behind the outcomes are called.
    pub(super) fn other_fields(&self) -> impl Iterator<Item = Field> {
        let Wanted { rules, reasons, .. } = self.wanted;
        let faults = Field::new("faults", self.faults.data_type(), true);
        let rules = rules.then(|| Field::new("rules", self.rules.data_type(), true));
        let reasons = reasons.then(|| Field::new("reasons", self.reasons.data_type(), true));
        [Some(faults), rules, reasons].into_iter().flatten()
    }

    /// What all columns are called, in their order.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> {
        let outcomes = (0..self.outcomes.len()).flat_map(|policy| self.fields_of(policy));
        outcomes.chain(self.other_fields())
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// About how many bytes they take.
    pub(super) fn size(&self) -> usize {
        let outcomes = self.outcomes.iter().flatten().map(|(column, _)| column);
        let others = [&self.faults, &self.rules, &self.reasons];
        outcomes.chain(others).map(Column::size).sum()
    }

    /// Adds what a policy did not decide.
    pub(super) fn push_nothing(&mut self, policy: usize) {
        let columns = self.outcomes.get_mut(policy).into_iter().flatten();
        columns.for_each(|(column, _)| column.push_null());
    }

    /// Adds what one policy decided to the row at hand.
    pub(super) fn push(&mut self, policy: usize, decision: &Decision) {
        for fault in decision.faults() {
            let owner = match (fault.rule, fault.decision) {
                (Some(rule), _) => format!("rule {rule}"),
                (None, decision) => format!("decision {}", decision.unwrap_or_default()),
            };
            self.faults.push_text(&format!("{owner}: {} ({})", fault.message, fault.code));
        }
        let columns = self.outcomes.get_mut(policy).into_iter().flatten();
        for ((column, _), (name, verdict)) in columns.zip(decision.verdicts()) {
            let fits = match verdict {
                Verdict::Value(value, ty) => column.push_row(&value, ty),
                Verdict::Values(values, ty) => column.push_all(values, ty),
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

    /// Ends the row at hand.
    pub(super) fn end_row(&mut self) {
        self.rows += 1;
        self.faults.end_list_or_null();
        if self.wanted.rules {
            self.rules.end_list();
        }
        if self.wanted.reasons {
            self.reasons.end_list();
        }
    }

    /// Hands over the columns of a policy; they begin anew.
    pub(super) fn finish_outcomes(
        &mut self,
        policy: usize,
        into: &mut Vec<ArrayRef>,
    ) -> Result<(), ArrowError> {
        let mut columns = self.outcomes.get_mut(policy).into_iter().flatten();
        columns.try_for_each(|(column, _)| finish(column, into))
    }

    /// Hands over the columns behind the outcomes; they begin anew.
    pub(super) fn finish_others(&mut self, into: &mut Vec<ArrayRef>) -> Result<(), ArrowError> {
        self.rows = 0;
        finish(&mut self.faults, into)?;
        if self.wanted.rules {
            finish(&mut self.rules, into)?;
        }
        if self.wanted.reasons {
            finish(&mut self.reasons, into)?;
        }
        Ok(())
    }

    /// Hands over all columns, in their order.
    pub(super) fn finish(&mut self, into: &mut Vec<ArrayRef>) -> Result<(), ArrowError> {
        (0..self.outcomes.len()).try_for_each(|policy| self.finish_outcomes(policy, into))?;
        self.finish_others(into)
    }
}

fn finish(column: &mut Column, into: &mut Vec<ArrayRef>) -> Result<(), ArrowError> {
    into.push(column.finish()?);
    column.forget_many();
    Ok(())
}
