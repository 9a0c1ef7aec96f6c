//! Deciding about one record after another in memory that the caller keeps.

use std::sync::Arc;

use serde::Serialize;

use thiserror::Error;

#[cfg(feature = "batch")]
use crate::batch::Rows;
use crate::policy::{Counts, Policy, Rejection, clock};
#[cfg(feature = "batch")]
use rulebook_core::eval::batch::{Class, Order, Sorter};
use rulebook_core::eval::counting::Counting;
use rulebook_core::eval::{Decision, Together, When, Workspace};
#[cfg(feature = "batch")]
use rulebook_core::facts::columns::Opened;
use rulebook_core::facts::{InputCode, InputError};
use rulebook_core::history::{Amount, Event, HistoryError};
use rulebook_core::program::{Counter, Elements, PolicyId, Program, Row};
use rulebook_lang::model::Time;

/// A record that has been read and checked, its values in their slots. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Record {
    program: Arc<Program>,
    policy: PolicyId,
    row: Arc<Row>,
}

impl Record {
    pub(super) fn new(program: &Arc<Program>, policy: PolicyId, row: Row) -> Self {
        Self { program: program.clone(), policy, row: Arc::new(row) }
    }

    /// Whether the record was read for a policy.
    fn is_for(&self, policy: &Policy) -> bool {
        Arc::ptr_eq(&self.program, policy.program()) && self.policy == policy.index()
    }
}

/// Why a record was not added to the history.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// There is no decision to add, or it has been added already.
    #[error("there is no decision that has not been recorded")]
    Nothing,
    /// The policy was given no history; see [`Policy::with_history`](crate::Policy::with_history).
    #[error("the policy has no history to record in; give it one with `Policy::with_history`")]
    NoHistory,
    /// The record has no key or no amount for a counter; every error is reported.
    #[error(transparent)]
    Uncountable(Rejection),
    /// The history did not take it.
    #[error("the history did not take the record: {0}")]
    Refused(HistoryError),
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
///     let decision = evaluation.decide_json(line)?;
///     small += u32::from(decision.outcome("refund") == Ok("yes"));
/// }
/// assert_eq!(small, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Evaluation {
    policy: Policy,
    decision: Decision,
    workspace: Workspace,
    /// Memory for the keys of counters.
    key: String,
    /// Whether there is a decision that has not been recorded.
    fresh: bool,
    /// Whether another policy has read the record.
    shares_row: bool,
    /// Where the elements lie that the policy judges one by one.
    places: Vec<u32>,
    /// The times by which it judges them: the same for all.
    times: (When, Time),
}

/// The decisions about one record: one about each element of a list, where the policy is for each of them. Each
/// is made when it is asked for, in the memory of the one before.
#[derive(Debug)]
pub struct Each<'e> {
    evaluation: &'e mut Evaluation,
    next: usize,
}

impl Each<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.evaluation.count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All that are left, each with the record in memory of its own.
    pub fn all(mut self) -> Vec<Decision> {
        let mut decisions = Vec::with_capacity(self.len());
        while let Some(decision) = self.next_decision() {
            decisions.push(decision.clone());
        }
        decisions
    }

    /// The next one.
    pub fn next_decision(&mut self) -> Option<&Decision> {
        self.next += 1;
        self.evaluation.nth(self.next - 1)
    }
}

/// What a record adds to a counter.
struct Add<'e> {
    counter: &'e Counter,
    /// The key, and behind it that of the record, which begins here.
    key: String,
    end: usize,
    time: Time,
    amount: Amount,
}

impl Add<'_> {
    fn event(&self) -> Event<'_> {
        let Self { counter, key, end, time, amount } = self;
        let (key, record) = key.split_at(*end);
        let record = (!counter.known_by.is_empty()).then_some(record);
        Event { counter, key, time: *time, amount, record }
    }
}

impl Evaluation {
    pub(super) fn new(policy: Policy, decision: Decision) -> Self {
        let (workspace, key) = (Workspace::default(), String::new());
        let (places, times) = (Vec::new(), (When::RECORD, Time::UNIX_EPOCH));
        Self { policy, decision, workspace, key, fresh: false, shares_row: false, places, times }
    }

    /// Decides about one record, a JSON object.
    ///
    /// # Errors
    /// When the record breaks its declared types or is not JSON; every error is reported.
    pub fn decide_json(&mut self, json: impl AsRef<[u8]>) -> Result<&Decision, Rejection> {
        self.refuse_elements()?;
        self.decide_counted(json.as_ref(), Counts::History)
    }

    /// Decides about each element of the list that the policy is for, of one record, a JSON object; about the
    /// record, where the policy is for it as a whole.
    ///
    /// ```
    /// # let rulebook = rulebook::Rulebook::from_sources([("a.policy", "
    /// #   record Line { sku: text  price: CNY  opened: bool }
    /// #   record Order { id: text  lines: list of Line }
    /// #   policy line_returns for each line in Order.lines {
    /// #     decide refund: yes | no by first otherwise no
    /// #     rule sealed { when not line.opened then yes } }")])?;
    /// let order = r#"{"id": "o7", "lines": [
    ///     {"sku": "mug", "price": 12.50, "opened": true},
    ///     {"sku": "pan", "price": 39.90, "opened": false}]}"#;
    /// let mut evaluation = rulebook.policy("line_returns")?.evaluation();
    /// let mut refunded = Vec::new();
    /// let mut decisions = evaluation.decide_each_json(order)?;
    /// while let Some(decision) = decisions.next_decision() {
    ///     if decision.outcome("refund")? == "yes" {
    ///         refunded.extend(decision.element().map(|line| (line.position, line.id)));
    ///     }
    /// }
    /// assert_eq!(refunded, [(2, "pan".to_string())]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the record breaks its declared types or is not JSON; every error is reported.
    pub fn decide_each_json(&mut self, json: impl AsRef<[u8]>) -> Result<Each<'_>, Rejection> {
        self.decide_counted(json.as_ref(), Counts::History)?;
        Ok(Each { evaluation: self, next: 0 })
    }

    /// The same for any value that serialises as a struct or a map.
    ///
    /// # Errors
    /// When the record breaks its declared types; every error is reported.
    pub fn decide_each<T: Serialize + ?Sized>(
        &mut self,
        record: &T,
    ) -> Result<Each<'_>, Rejection> {
        self.fresh = false;
        self.policy.read_record(record, self.decision.fresh_row(), &mut self.key)?;
        self.make();
        Ok(Each { evaluation: self, next: 0 })
    }

    /// Whether its policy judges each element of a list.
    #[cfg(feature = "batch")]
    pub(super) fn judges_elements(&self) -> bool {
        self.policy.compiled().elements.is_some()
    }

    /// How many decisions there are about the record at hand.
    #[doc(hidden)]
    pub fn count(&self) -> usize {
        match self.policy.compiled().elements {
            Some(_) => self.places.len(),
            None => usize::from(self.fresh),
        }
    }

    /// A decision about the record at hand, by its number; those about elements are made by this.
    #[doc(hidden)]
    pub fn nth(&mut self, number: usize) -> Option<&Decision> {
        if self.policy.compiled().elements.is_some() {
            let (place, (when, clock)) = (*self.places.get(number)?, self.times);
            self.decision.make_element((number, place), when, || clock, &mut self.workspace);
            return Some(&self.decision);
        }
        (number < self.count()).then_some(&self.decision)
    }

    /// A policy for each element of a list has no decision about the record as a whole.
    #[inline]
    fn refuse_elements(&self) -> Result<(), Rejection> {
        match &self.policy.compiled().elements {
            None => Ok(()),
            Some(elements) => Err(self.each_element(elements)),
        }
    }

    #[cold]
    fn each_element(&self, Elements { name, path, .. }: &Elements) -> Rejection {
        let policy = self.policy.name();
        let message = format!(
            "policy `{policy}` decides about each {name} in {path}: ask it for each of them, with `decide_each`"
        );
        Rejection { errors: vec![InputError::new("", InputCode::EachElement, message)] }
    }

    /// Decides about one record, any value that serialises as a struct or a map.
    ///
    /// # Errors
    /// When the record breaks its declared types; every error is reported.
    pub fn decide<T: Serialize + ?Sized>(&mut self, record: &T) -> Result<&Decision, Rejection> {
        self.fresh = false;
        self.policy.read_record(record, self.decision.fresh_row(), &mut self.key)?;
        self.make_whole()
    }

    /// Decides about a record that the policy has read with [`Policy::read`].
    ///
    /// # Errors
    /// When another policy has read it.
    pub fn decide_read(&mut self, record: &Record) -> Result<&Decision, Rejection> {
        self.take_read(record)?;
        self.make_whole()
    }

    /// Decides about each element of a list, as [`Evaluation::decide_each_json`] does, of a record that the
    /// policy has read with [`Policy::read`].
    ///
    /// # Errors
    /// When another policy has read it.
    pub fn decide_each_read(&mut self, record: &Record) -> Result<Each<'_>, Rejection> {
        self.take_read(record)?;
        self.make();
        Ok(Each { evaluation: self, next: 0 })
    }

    #[inline]
    fn take_read(&mut self, record: &Record) -> Result<(), Rejection> {
        self.fresh = false;
        if !record.is_for(&self.policy) {
            let message = "the record was read for another policy".to_string();
            let error = InputError::new("", InputCode::OtherPolicy, message);
            return Err(Rejection { errors: vec![error] });
        }
        self.decision.set_row(&record.row);
        Ok(())
    }

    /// The decision about the record that was judged last.
    #[doc(hidden)]
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// Decides about one record whose counts come from somewhere.
    #[doc(hidden)]
    pub fn decide_counted(
        &mut self,
        json: &[u8],
        counts: Counts<'_>,
    ) -> Result<&Decision, Rejection> {
        self.fresh = false;
        self.policy.read_json(json, self.decision.fresh_row(), &mut self.key, counts)?;
        Ok(self.make())
    }

    /// The same as one of several policies that judge the record: what one of them finds out, the others
    /// know.
    #[doc(hidden)]
    pub fn decide_together(
        &mut self,
        json: &[u8],
        counts: Counts<'_>,
        together: &mut Together,
    ) -> Result<&Decision, Rejection> {
        if self.policy.compiled().elements.is_some() {
            // The elements come into its row one by one.
            return self.decide_counted(json, counts);
        }
        self.fresh = false;
        let compiled = self.policy.compiled();
        match together.row(compiled) {
            Some(row) => {
                self.decision.set_row(row);
                self.shares_row = true;
            }
            None => {
                let row = self.decision.fresh_row();
                self.policy.read_json_shared(json, row, &mut self.key, counts)?;
                together.keep_row(compiled, self.decision.shared_row());
            }
        }
        self.fresh = true;
        self.decision.make_together(self.policy.when(), clock, together);
        Ok(&self.decision)
    }

    /// Gives back what was found out about the last record together with others.
    #[doc(hidden)]
    pub fn leave(&mut self, together: &Together) {
        if std::mem::take(&mut self.shares_row) {
            self.decision.set_row(together.nothing());
        }
        self.decision.leave();
    }

    /// Decides about a row of a batch, see [`batch`](crate::batch).
    ///
    /// # Errors
    /// When the row breaks the declared types of its record, every error is reported; when there is no
    /// such row, or when the columns were bound for another policy.
    #[cfg(feature = "batch")]
    pub fn decide_row(&mut self, rows: &Rows<'_>, row: usize) -> Result<&Decision, Rejection> {
        self.refuse_elements()?;
        self.decide_row_counted(rows, row, Counts::History)
    }

    /// Decides about a row of a batch whose counts come from somewhere.
    #[cfg(feature = "batch")]
    #[doc(hidden)]
    pub fn decide_row_counted(
        &mut self,
        rows: &Rows<'_>,
        row: usize,
        counts: Counts<'_>,
    ) -> Result<&Decision, Rejection> {
        self.fresh = false;
        self.policy.read_row(rows, row, self.decision.fresh_row(), &mut self.key, counts)?;
        Ok(self.make())
    }

    /// Adds the record that was decided about last to the policy's history, under every counter of
    /// the rulebook that counts such records: also those that other policies read, so that a record
    /// is added once, by whichever of its policies. From then on it is one of the earlier records.
    ///
    /// # Errors
    /// When there is nothing to add, when the record has no key or no amount, and when the history
    /// does not take it; then nothing has been added, and it may be tried again.
    pub fn remember(&mut self) -> Result<(), RecordError> {
        if !self.fresh {
            return Err(RecordError::Nothing);
        }
        let history = self.policy.history().ok_or(RecordError::NoHistory)?;
        let (adds, errors) = self.adds();
        if !errors.is_empty() {
            return Err(RecordError::Uncountable(Rejection { errors }));
        }
        let events: Vec<_> = adds.iter().map(Add::event).collect();
        history.record(&events).map_err(RecordError::Refused)?;
        self.fresh = false;
        Ok(())
    }

    /// What the record adds to each counter that counts such records.
    fn adds(&self) -> (Vec<Add<'_>>, Vec<InputError>) {
        let program = self.policy.program();
        let (mut adds, mut errors) = (Vec::new(), Vec::new());
        for counter in program.counters_of(self.policy.compiled()) {
            let Some(counting) = Counting::new(program, counter, self.decision.row()) else {
                continue;
            };
            let mut key = String::new();
            match counting.key(&mut key).and_then(|end| Ok(end.zip(counting.amount()?))) {
                Ok(Some((end, amount))) => {
                    adds.push(Add { counter, key, end, time: counting.time(), amount });
                }
                Ok(_) => {}
                Err(error) => errors.push(error),
            }
        }
        (adds, errors)
    }

    /// Decides about the row that was read, or finds the elements that there are decisions about.
    fn make(&mut self) -> &Decision {
        self.fresh = true;
        match &self.policy.compiled().elements {
            Some(elements) => {
                elements.find(self.decision.row(), &mut self.places);
                self.times = (self.policy.when(), clock());
            }
            None => self.decision.make(self.policy.when(), clock, &mut self.workspace),
        }
        &self.decision
    }

    /// Decides about the row that was read, as a whole.
    #[inline]
    fn make_whole(&mut self) -> Result<&Decision, Rejection> {
        self.refuse_elements()?;
        self.fresh = true;
        self.decision.make(self.policy.when(), clock, &mut self.workspace);
        Ok(&self.decision)
    }

    /// Sorts the rows of a batch into the classes that `sorter` keeps: those that one decision can
    /// tell of.
    #[cfg(feature = "batch")]
    #[doc(hidden)]
    pub fn sort(&mut self, rows: &Rows<'_>, sorter: &mut Sorter) -> Result<(), Rejection> {
        self.sorting(rows, |order, batch, decide| sorter.sort(order, batch, decide))
    }

    /// The class of all rows between bounds, as [`Sorter::class_between`] has them.
    #[cfg(feature = "batch")]
    #[doc(hidden)]
    pub fn class_between(&mut self, rows: &Rows<'_>, sorter: &mut Sorter) -> Option<Class> {
        let class =
            self.sorting(rows, |order, batch, decide| sorter.class_between(order, batch, decide));
        class.ok().flatten()
    }

    /// Calls `sort` with what rows are sorted by, the opened columns, and what decides about a row.
    #[cfg(feature = "batch")]
    fn sorting<T>(
        &mut self,
        rows: &Rows<'_>,
        sort: impl FnOnce(Order<'_>, &Opened<'_>, &mut dyn FnMut(usize) -> Option<Decision>) -> T,
    ) -> Result<T, Rejection> {
        let policy = self.policy.clone();
        let (compiled, batch) = (policy.compiled(), rows.of(&policy)?);
        let (when, clock) = (policy.when(), clock());
        let order = Order { program: policy.program(), policy: compiled, when, clock };
        let mut decide = |row| {
            let Self { decision, key, workspace, .. } = &mut *self;
            policy.read_row(rows, row, decision.fresh_row(), key, Counts::Later).ok()?;
            decision.make(when, || clock, workspace);
            Some(decision.clone())
        };
        Ok(sort(order, batch, &mut decide))
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
