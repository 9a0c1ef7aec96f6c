//! One policy of a rulebook: records in, decisions out.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use thiserror::Error;

#[cfg(feature = "batch")]
use crate::batch::Rows;
use crate::evaluation::{Evaluation, Record};
use rulebook_core::eval::counting;
use rulebook_core::eval::{Decision, RulebookName, When};
#[cfg(feature = "batch")]
use rulebook_core::facts::columns::read_row;
use rulebook_core::facts::{
    AsOf, InputCode, InputError, Joins, ProfileStore, read_json, read_record,
};
use rulebook_core::history::{Answer, History, Question};
use rulebook_core::program::{self, Counter, PolicyId, Program, Row};
use rulebook_lang::model::{self, Time};

/// A policy of a rulebook, ready to decide. Cheap to clone, safe to share.
#[derive(Debug, Clone)]
pub struct Policy {
    program: Arc<Program>,
    rulebook: Arc<RulebookName>,
    index: PolicyId,
    manner: Manner,
    language: String,
    profiles: Option<Store>,
    history: Option<Past>,
}

/// Where the profiles of joined fields are looked up.
#[derive(Clone)]
struct Store(Arc<dyn ProfileStore>);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProfileStore")
    }
}

/// A history that is shared.
#[derive(Clone)]
struct Past(Arc<dyn History>);

impl fmt::Debug for Past {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("History")
    }
}

/// Where the values of counters come from.
#[derive(Debug, Clone, Copy)]
pub enum Counts<'c> {
    /// The policy's history, which is asked for each record.
    History,
    /// These, in the order of the policy's counters.
    Given(&'c [Answer]),
    /// Nowhere yet: the record is only read.
    Later,
}

/// Where the times of an evaluation come from.
#[derive(Debug, Clone, Copy)]
enum Manner {
    Clock,
    Given(When),
}

/// A record that breaks its declared types: every error in it, each with its path.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Rejection {
    /// The errors, in the order of the input.
    pub errors: Vec<InputError>,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the record is rejected")?;
        self.errors.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

/// A rulebook has no policy with this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no policy `{name}`; {help}")]
pub struct UnknownPolicy {
    /// The name that was asked for, as given.
    pub name: String,
    /// A near name, or the names that there are, as a sentence for people.
    pub help: String,
}

impl Policy {
    pub(super) fn new(
        program: &Arc<Program>,
        rulebook: &Arc<RulebookName>,
        index: PolicyId,
    ) -> Self {
        Self {
            program: program.clone(),
            rulebook: rulebook.clone(),
            index,
            manner: Manner::Clock,
            language: program.languages.first().cloned().unwrap_or_default(),
            profiles: None,
            history: None,
        }
    }

    /// The policy that judges at this time instead of the clock's.
    ///
    /// ```
    /// # use rulebook::Rulebook;
    /// # let rulebook = Rulebook::from_sources([("a.policy", "
    /// #   record R { n: number }
    /// #   policy p for R { decide d: bool by first otherwise false
    /// #     rule r { from 2024-09-12 when n > 0 then true } }")])?;
    /// let policy = rulebook.policy("p")?;
    /// let before = policy.at("2024-09-11T23:59:59Z".parse()?).decide_json(br#"{"n": 1}"#)?;
    /// let after = policy.at("2024-09-12T00:00:00Z".parse()?).decide_json(br#"{"n": 1}"#)?;
    /// assert_eq!((before.truth("d"), after.truth("d")), (Ok(false), Ok(true)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn at(&self, now: Time) -> Self {
        self.judging(When { now: Some(now), ..When::RECORD })
    }

    /// The policy that judges every record as of its own date, for replaying history; the clock
    /// where the policy has no `dated by`.
    #[must_use]
    pub fn replaying(&self) -> Self {
        self.judging(When::RECORD)
    }

    /// The policy that judges every record by the rules that are in force at this time, and with the
    /// parameters of this time, whatever dates the record has: for trying the rules of one time on the
    /// records of another. In all else a record keeps its own date, and `now` is that date; it is
    /// this time where the policy has no `dated by`.
    ///
    /// ```
    /// # use rulebook::Rulebook;
    /// # let rulebook = Rulebook::from_sources([("a.policy", "
    /// #   record R { at: time }
    /// #   policy p for R dated by at { decide d: bool by first otherwise false
    /// #     rule r { from 2025-01-01 when now < 2025-01-01 then true } }")])?;
    /// let policy = rulebook.policy("p")?;
    /// let of_last_year = br#"{"at": "2024-09-12T08:00:00Z"}"#;
    /// let by_rules_of_then = policy.replaying().decide_json(of_last_year)?;
    /// let by_rules_of_2025 = policy.replaying_as_of("2025-01-01T00:00:00Z".parse()?);
    /// let by_rules_of_2025 = by_rules_of_2025.decide_json(of_last_year)?;
    /// assert_eq!(by_rules_of_then.truth("d"), Ok(false));
    /// assert_eq!(by_rules_of_2025.truth("d"), Ok(true));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn replaying_as_of(&self, time: Time) -> Self {
        self.judging(When { in_force: Some(time), ..When::RECORD })
    }

    fn judging(&self, when: When) -> Self {
        Self { manner: Manner::Given(when), ..self.clone() }
    }

    /// The policy that gives titles and reasons in this language.
    #[must_use]
    pub fn in_language(&self, language: &str) -> Self {
        Self { language: language.to_string(), ..self.clone() }
    }

    /// The policy that looks up joined fields, such as `merchant: Merchant by order.merchant_id`,
    /// in this store where a record does not bring them itself: [`Profiles`](crate::Profiles), or a
    /// store of your own.
    #[must_use]
    pub fn with_profiles(&self, profiles: Arc<dyn ProfileStore>) -> Self {
        Self { profiles: Some(Store(profiles)), ..self.clone() }
    }

    /// The policy that asks this history for the values of counters. A policy that reads counters
    /// needs one. Deciding never changes the history, so that it can be repeated; a record that has
    /// been decided about is added with [`Evaluation::remember`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use rulebook::Rulebook;
    /// # use rulebook::history::MemoryHistory;
    /// # let rulebook = Rulebook::from_sources([("a.policy", "
    /// #   record Claim { buyer: text  at: time  amount: CNY }
    /// #   counter claimed = sum of amount of Claim by buyer this month
    /// #   policy p for Claim dated by at { decide d: bool by first otherwise false
    /// #     rule r { when claimed + amount > 100 CNY then true } }")])?;
    /// let policy = rulebook.policy("p")?.with_history(Arc::new(MemoryHistory::new()));
    /// let mut evaluation = policy.evaluation();
    /// let claim = r#"{"buyer": "b1", "at": "2024-09-12", "amount": 60}"#;
    /// assert_eq!(evaluation.decide_json(claim)?.truth("d"), Ok(false));
    /// assert_eq!(evaluation.decide_json(claim)?.truth("d"), Ok(false));
    /// evaluation.remember()?;
    /// assert_eq!(evaluation.decide_json(claim)?.truth("d"), Ok(true));
    /// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// ```
    #[must_use]
    pub fn with_history(&self, history: Arc<dyn History>) -> Self {
        Self { history: Some(Past(history)), ..self.clone() }
    }

    /// The counters that the policy reads.
    pub fn counters(&self) -> impl Iterator<Item = &Counter> {
        let counted = self.compiled().counters.iter();
        counted.map(|counted| &self.program.counters[counted.counter])
    }

    /// What it is called in the rulebook, and in every decision of it.
    pub fn name(&self) -> &str {
        &self.compiled().name
    }

    /// Whether it reads decisions of other policies.
    #[doc(hidden)]
    pub fn reads_others(&self) -> bool {
        self.compiled().reads.iter().any(|read| *read != self.index)
    }

    /// What evaluation runs on.
    #[doc(hidden)]
    pub fn compiled(&self) -> &program::Policy {
        &self.program.policies[self.index]
    }

    /// Whether an object with these keys has all that the policy's record needs.
    #[doc(hidden)]
    pub fn fits<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> bool {
        let policy = self.compiled();
        let mut seen = vec![false; policy.layout.fields.len()];
        for key in keys {
            if let Some(mark) = policy.layout.field(key).and_then(|(at, _)| seen.get_mut(at)) {
                *mark = true;
            }
        }
        let fields = policy.layout.fields.iter().zip(&seen);
        fields.into_iter().all(|(field, seen)| {
            *seen || field.optional || field.default.is_some() || field.join.is_some()
        })
    }

    /// Decides about one record, a JSON object.
    ///
    /// # Errors
    /// When the record breaks its declared types or is not JSON; every error is reported.
    pub fn decide_json(&self, json: impl AsRef<[u8]>) -> Result<Decision, Rejection> {
        self.evaluation().decide_once(|evaluation| evaluation.decide_json(json).map(drop))
    }

    /// Decides about one record, any value that serialises as a struct or a map.
    ///
    /// # Errors
    /// When the record breaks its declared types; every error is reported.
    pub fn decide<T: Serialize + ?Sized>(&self, record: &T) -> Result<Decision, Rejection> {
        self.evaluation().decide_once(|evaluation| evaluation.decide(record).map(drop))
    }

    /// Decides about each element of the list that the policy is for, of one record, a JSON object: what
    /// [`Evaluation::decide_each_json`] decides, in memory of its own each, with the record.
    ///
    /// # Errors
    /// When the record breaks its declared types or is not JSON; every error is reported.
    pub fn decide_each_json(&self, json: impl AsRef<[u8]>) -> Result<Vec<Decision>, Rejection> {
        Ok(self.evaluation().decide_each_json(json)?.all())
    }

    /// The same for any value that serialises as a struct or a map.
    ///
    /// # Errors
    /// When the record breaks its declared types; every error is reported.
    pub fn decide_each<T: Serialize + ?Sized>(
        &self,
        record: &T,
    ) -> Result<Vec<Decision>, Rejection> {
        Ok(self.evaluation().decide_each(record)?.all())
    }

    /// Reads a record, a JSON object, to be judged any number of times.
    ///
    /// # Errors
    /// When the record breaks its declared types or is not JSON; every error is reported.
    pub fn read(&self, json: impl AsRef<[u8]>) -> Result<Record, Rejection> {
        let mut row = Row::default();
        self.read_json(json.as_ref(), &mut row, &mut String::new(), Counts::History)?;
        Ok(Record::new(&self.program, self.index, row))
    }

    /// Memory for deciding about one record after another without asking for new memory.
    pub fn evaluation(&self) -> Evaluation {
        let (program, rulebook) = (self.program.clone(), self.rulebook.clone());
        let decision = Decision::unmade(program, rulebook, self.index, self.language.clone());
        Evaluation::new(self.clone(), decision)
    }

    /// Fills a row; `key` is memory to write keys to.
    #[doc(hidden)]
    pub fn read_json(
        &self,
        json: &[u8],
        row: &mut Row,
        key: &mut String,
        counts: Counts<'_>,
    ) -> Result<(), Rejection> {
        let filled = row.fill(self.compiled(), |row| self.read_values(json, row, key, counts));
        filled.map_err(|errors| Rejection { errors })
    }

    /// The same for several policies that judge the record, each by keys of its own.
    #[doc(hidden)]
    pub fn read_json_shared(
        &self,
        json: &[u8],
        row: &mut Row,
        key: &mut String,
        counts: Counts<'_>,
    ) -> Result<(), Rejection> {
        let read = row.read(|row| self.read_values(json, row, key, counts));
        read.map_err(|errors| Rejection { errors })
    }

    fn read_values(
        &self,
        json: &[u8],
        row: &mut model::Store,
        key: &mut String,
        counts: Counts<'_>,
    ) -> Result<(), Vec<InputError>> {
        let policy = self.compiled();
        read_json(&self.program, &policy.layout, self.joins(), json, row)?;
        self.count(policy, row, key, counts)
    }

    /// Fills a row from one of a batch; `key` is memory to write keys to.
    #[cfg(feature = "batch")]
    #[doc(hidden)]
    pub fn read_row(
        &self,
        rows: &Rows<'_>,
        at: usize,
        row: &mut Row,
        key: &mut String,
        counts: Counts<'_>,
    ) -> Result<(), Rejection> {
        let policy = self.compiled();
        let opened = rows.of(self)?;
        let (program, joins) = (&self.program, self.joins());
        row.fill(policy, |row| {
            read_row(program, &policy.layout, joins, (opened, at), row)?;
            self.count(policy, row, key, counts)
        })
        .map_err(|errors| Rejection { errors })
    }

    pub(super) fn read_record<T: Serialize + ?Sized>(
        &self,
        record: &T,
        row: &mut Row,
        key: &mut String,
    ) -> Result<(), Rejection> {
        let policy = self.compiled();
        let (program, joins) = (&self.program, self.joins());
        row.fill(policy, |row| {
            read_record(program, &policy.layout, joins, record, row)?;
            self.count(policy, row, key, Counts::History)
        })
        .map_err(|errors| Rejection { errors })
    }

    /// The names of the records whose profiles the policy joins, those that profiles join in their
    /// turn included.
    #[doc(hidden)]
    pub fn joined_records(&self) -> Vec<&str> {
        let mut records = Vec::new();
        self.compiled().layout.joined_records(&mut records);
        records.sort_unstable();
        records.dedup();
        records
    }

    fn joins(&self) -> Joins<'_> {
        match &self.profiles {
            Some(Store(profiles)) => Joins::From(profiles.as_ref(), self.as_of()),
            None => Joins::Nowhere,
        }
    }

    /// As of when profiles are joined, where some hold for a time.
    fn as_of(&self) -> Option<AsOf> {
        let policy = self.compiled();
        policy.layout.in_time.then(|| match policy.dated {
            Some(slot) => AsOf::Slot(slot),
            None => AsOf::Time(self.when().of(None, clock).dated),
        })
    }

    /// Fills in the values of the counters that the policy reads.
    #[inline]
    fn count(
        &self,
        policy: &program::Policy,
        row: &mut model::Store,
        key: &mut String,
        counts: Counts<'_>,
    ) -> Result<(), Vec<InputError>> {
        if policy.counters.is_empty() || matches!(counts, Counts::Later) {
            return Ok(());
        }
        let ask = |position: usize, question: &Question<'_>| {
            if let Counts::Given(values) = counts {
                return Ok(values.get(position).cloned().unwrap_or_default());
            }
            let counter = question.counter;
            let Some(Past(history)) = &self.history else { return Err(lacks_history(counter)) };
            history.ask(question).map_err(|error| silent(counter, &error.to_string()))
        };
        counting::fill(&self.program, policy, row, key, ask)
    }

    /// Where records that were decided about go.
    pub(super) fn history(&self) -> Option<&dyn History> {
        self.history.as_ref().map(|past| &*past.0)
    }

    /// What its rulebook was compiled into.
    #[doc(hidden)]
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    pub(super) fn index(&self) -> PolicyId {
        self.index
    }

    /// What is said of the times of an evaluation.
    pub(super) fn when(&self) -> When {
        match self.manner {
            Manner::Given(when) => when,
            Manner::Clock => When { now: Some(clock()), ..When::RECORD },
        }
    }
}

#[cold]
fn lacks_history(counter: &Counter) -> InputError {
    let message =
        format!("counter `{}` has no history to count in: `Policy::with_history`", counter.name);
    InputError::new("", InputCode::NoHistory, message)
}

#[cold]
fn silent(counter: &Counter, why: &str) -> InputError {
    let message = format!("the history does not tell counter `{}`: {why}", counter.name);
    InputError::new("", InputCode::HistoryFailed, message)
}

/// The only place of the library that asks the clock.
#[allow(clippy::disallowed_methods, reason = "this is the public edge, where `now` defaults")]
pub(super) fn clock() -> Time {
    jiff::Timestamp::now().into()
}
