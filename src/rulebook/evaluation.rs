//! Deciding about one record after another in memory that the caller keeps.

use std::sync::Arc;

use serde::Serialize;

use super::policy::{Policy, Rejection, clock};
use crate::eval::{Decision, Workspace};
use crate::facts::InputError;
use crate::program::{Program, Row};

/// A record that has been read and checked, its values in their slots. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Record {
    program: Arc<Program>,
    policy: usize,
    row: Arc<Row>,
}

impl Record {
    pub(super) fn new(program: &Arc<Program>, policy: usize, row: Row) -> Self {
        Self { program: program.clone(), policy, row: Arc::new(row) }
    }

    /// Whether the record was read for a policy.
    fn is_for(&self, policy: &Policy) -> bool {
        Arc::ptr_eq(&self.program, policy.program()) && self.policy == policy.index()
    }
}

/// What a policy needs to decide about one record after another. Once it has seen a few records, a
/// decision asks for no more memory: read the decision, then go on to the next record.
///
/// ```
/// # let rulebook = rulebook::Rulebook::from_sources([("a.policy", "
/// #   record Order { amount: CNY }
/// #   policy returns for Order { decide refund: yes | no by first otherwise no
/// #     rule small { when amount <= 200 CNY then yes } }")])?;
/// let mut evaluation = rulebook.policy("returns")?.evaluation();
/// let mut small = 0;
/// for line in [r#"{"amount": 59.9}"#, r#"{"amount": 599}"#] {
///     let decision = evaluation.decide(line)?;
///     small += u32::from(decision.outcome("refund") == Some("yes"));
/// }
/// assert_eq!(small, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Evaluation {
    policy: Policy,
    decision: Decision,
    workspace: Workspace,
}

impl Evaluation {
    pub(super) fn new(policy: Policy, decision: Decision) -> Self {
        Self { policy, decision, workspace: Workspace::default() }
    }

    /// Decides about one record, a JSON object.
    ///
    /// # Errors
    /// When the record breaks its declared types or is not JSON; every error is told.
    pub fn decide(&mut self, json: impl AsRef<[u8]>) -> Result<&Decision, Rejection> {
        self.policy.read_json(json.as_ref(), self.decision.fresh_row())?;
        Ok(self.make())
    }

    /// Decides about one record, any value that serialises as a struct or a map.
    ///
    /// # Errors
    /// When the record breaks its declared types; every error is told.
    pub fn decide_record<T: Serialize + ?Sized>(
        &mut self,
        record: &T,
    ) -> Result<&Decision, Rejection> {
        self.policy.read_record(record, self.decision.fresh_row())?;
        Ok(self.make())
    }

    /// Decides about a record that the policy has read with [`Policy::read`].
    ///
    /// # Errors
    /// When another policy has read it.
    pub fn judge(&mut self, record: &Record) -> Result<&Decision, Rejection> {
        if !record.is_for(&self.policy) {
            let message = "the record was read for another policy".to_string();
            let error = InputError { path: String::new(), code: "other-policy", message };
            return Err(Rejection { errors: vec![error] });
        }
        self.decision.set_row(&record.row);
        Ok(self.make())
    }

    /// The decision about the record that was judged last.
    #[cfg(feature = "cli")]
    pub(crate) fn decision(&self) -> &Decision {
        &self.decision
    }

    fn make(&mut self) -> &Decision {
        self.decision.make(self.policy.now(), clock, &mut self.workspace);
        &self.decision
    }

    /// The decision of a single use.
    pub(super) fn decide_once(
        mut self,
        decide: impl FnOnce(&mut Self) -> Result<(), Rejection>,
    ) -> Result<Decision, Rejection> {
        decide(&mut self)?;
        Ok(self.decision)
    }
}
