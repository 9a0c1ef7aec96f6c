//! Records judged by both sides, and what came of them added up.

use std::collections::BTreeMap;

use super::SimulateError;
use super::count::{Count, MatrixCount, matrices, merge_all, number};
use super::flips::Flips;
use super::groups::Groups;
use super::impact::{
    Amount, Compared, DateSpan, Group, Grouping, Impact, MeasureImpact, RejectionCount, Side,
    SumField,
};
use super::outcome::Outcome;
use super::plan::{Inner, Plan, Trial};
use super::rules::Rules;
use super::seen::Seen;
use rulebook::Decision;
use rulebook_core::eval::Readings;
use rulebook_core::facts::InputError;
use rulebook_core::program::{Measurement, Reckoning, RuleId, Text};
use rulebook_lang::model::{Json, Number, Time, Total};

/// Fewer days than this say nothing about a year.
const FEWEST_DAYS: u64 = 7;
const DAYS_OF_A_YEAR: i64 = 365;

/// What a side made of the records.
#[derive(Debug, Clone, Default)]
struct SideCount {
    decided: u64,
    faulted: u64,
    rejected: u64,
    rejections: BTreeMap<(String, String), (u64, u64, String)>,
    /// What each measure of the plan adds up to, over how many records, and how many have faults.
    measures: Vec<(Total, u64, u64)>,
    /// Room for what measures read of decisions.
    room: Readings,
}

/// Adds up what two sides make of records. Several may do so side by side, each for some of the
/// records: what they have counted is merged, and comes to the same however records are parted.
#[derive(Debug, Clone)]
pub struct Simulation {
    plan: Plan,
    records: u64,
    judged: u64,
    changed: Count,
    missing: Vec<u64>,
    span: Option<(Time, Time)>,
    decisions: Vec<MatrixCount>,
    groupings: Vec<Groups>,
    rules: Rules,
    sides: [SideCount; 2],
    flips: Flips,
    /// A decision of each side, from which the titles of its policy and rules are filled in.
    speakers: [Option<Decision>; 2],
    seen: Seen,
}

/// What a side made of one record.
pub type Judged<'d> = Result<&'d Decision, &'d [InputError]>;

impl Simulation {
    /// A simulation of a plan, before any record.
    pub fn new(plan: &Plan) -> Self {
        let inner = &plan.inner;
        Self {
            plan: plan.clone(),
            records: 0,
            judged: 0,
            changed: Count::default(),
            missing: vec![0; inner.sums.len()],
            span: None,
            decisions: vec![MatrixCount::default(); inner.names.len()],
            groupings: vec![Groups::default(); inner.by.len()],
            rules: Rules::default(),
            sides: [inner.baseline.as_ref(), Some(&inner.candidate)].map(SideCount::of),
            flips: Flips::default(),
            speakers: [None, None],
            seen: Seen::default(),
        }
    }

    /// Adds a record and what each side made of it; `input` gives the record, where it is kept as an
    /// example. Records come in the order of their numbers. Whether the record is decided differently.
    pub fn add(
        &mut self,
        record: u64,
        input: impl FnOnce() -> Json,
        baseline: Option<Judged<'_>>,
        candidate: Judged<'_>,
    ) -> bool {
        self.begin(record, [baseline.and_then(Result::err), candidate.err()]);
        self.decide(record, input, baseline.map(Result::ok), candidate.ok())
    }

    /// Begins with a record, and counts why a side has rejected it.
    pub(super) fn begin(&mut self, record: u64, errors: [Option<&[InputError]>; 2]) {
        self.records += 1;
        for (side, errors) in self.sides.iter_mut().zip(errors) {
            errors.into_iter().for_each(|errors| side.reject(record, errors));
        }
    }

    /// Adds a decision of each side about the record, or about the same element of a list of it; no side
    /// need have one.
    pub(super) fn decide(
        &mut self,
        record: u64,
        input: impl FnOnce() -> Json,
        baseline: Option<Option<&Decision>>,
        candidate: Option<&Decision>,
    ) -> bool {
        let plan = self.plan.clone();
        for (side, decision) in self.sides.iter_mut().zip([baseline.flatten(), candidate]) {
            decision.into_iter().for_each(|decision| side.count(decision));
        }
        // Without a baseline, the candidate alone counts.
        let baseline = baseline.map_or(Some(None), |decision| decision.map(Some));
        let (Some(baseline), Some(candidate)) = (baseline, candidate) else { return false };
        self.judge(&plan.inner, record, input, baseline, candidate)
    }

    /// Adds a record that both sides have judged.
    fn judge(
        &mut self,
        plan: &Inner,
        record: u64,
        input: impl FnOnce() -> Json,
        baseline: Option<&Decision>,
        candidate: &Decision,
    ) -> bool {
        self.judged += 1;
        let date = candidate.dated();
        let (first, last) = self.span.unwrap_or((date, date));
        self.span = Some((first.min(date), last.max(date)));
        let mut seen = std::mem::take(&mut self.seen);
        seen.read(plan, baseline, candidate);
        let amounts = &seen.amounts;
        for (missing, amount) in self.missing.iter_mut().zip(amounts) {
            *missing += u64::from(amount.is_none());
        }
        for ((from, to), into) in seen.pairs().zip(&mut self.decisions) {
            into.add(from, to, amounts);
        }
        let is_changed = seen.moves(plan).next().is_some();
        if is_changed {
            self.changed.add(amounts);
        }
        for (field, groups) in plan.by.iter().zip(&mut self.groupings) {
            groups.with(field, candidate, |group| {
                group.all.add(amounts);
                if is_changed {
                    group.changed.add(amounts);
                }
                group.decisions.resize_with(plan.names.len(), MatrixCount::default);
                for ((from, to), into) in seen.pairs().zip(&mut group.decisions) {
                    into.add(from, to, amounts);
                }
            });
        }
        for (at, decision) in [baseline, Some(candidate)].into_iter().enumerate() {
            let Some(decision) = decision else { continue };
            if plan.rules {
                self.rules.add(at, decision, amounts);
            }
            let trial = if at == 0 { plan.baseline.as_ref() } else { Some(&plan.candidate) };
            if let (Some(side), Some(trial)) = (self.sides.get_mut(at), trial) {
                side.measure(plan, trial, decision);
            }
            if let Some(speaker) = self.speakers.get_mut(at).filter(|speaker| speaker.is_none()) {
                *speaker = Some(decision.clone());
            }
        }
        if plan.rules {
            self.rules.twist(plan, candidate, &seen.after, amounts);
        }
        if let Some(baseline) = baseline.filter(|_| is_changed) {
            let decisions = (baseline, candidate);
            self.flips.add(plan, seen.moves(plan), (record, input), decisions);
        }
        self.seen = seen;
        is_changed
    }

    /// What each decision came to for the record that was added last, if both sides have judged it: its
    /// name, its outcome by the baseline, and by the candidate.
    pub fn last(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let pairs = self.plan.inner.names.iter().zip(self.seen.pairs());
        pairs.map(|(names, (from, to))| {
            (names.decision.as_str(), from.map_or("", Outcome::text), to.text())
        })
    }

    /// The groups of that record, by each field.
    pub fn last_groups(&self) -> impl Iterator<Item = Option<&str>> {
        self.groupings.iter().map(Groups::last)
    }

    /// What the fields of that record hold that are added up.
    pub fn last_amounts(&self) -> impl Iterator<Item = Option<Amount>> {
        self.seen.amounts.iter().map(|amount| amount.map(Amount))
    }

    /// Adds what another has counted of other records.
    pub fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.judged += other.judged;
        self.changed.merge(other.changed);
        for (missing, other) in self.missing.iter_mut().zip(other.missing) {
            *missing += other;
        }
        self.span = match (self.span, other.span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (span, other) => span.or(other),
        };
        merge_all(&mut self.decisions, other.decisions);
        for (groups, other) in self.groupings.iter_mut().zip(other.groupings) {
            groups.merge(other);
        }
        self.rules.merge(other.rules);
        for (side, other) in self.sides.iter_mut().zip(other.sides) {
            side.merge(other);
        }
        self.flips.merge(other.flips, self.plan.inner.sample);
        for (speaker, other) in self.speakers.iter_mut().zip(other.speakers) {
            *speaker = speaker.take().or(other);
        }
    }

    /// Whether there are more groups than anybody would read.
    ///
    /// # Errors
    /// The field that has too many values.
    pub fn check(&self) -> Result<(), SimulateError> {
        let mut all = self.groupings.iter().zip(&self.plan.inner.by);
        let most = self.plan.inner.most_groups;
        match all.find(|(groups, _)| groups.len() > most) {
            Some((_, field)) => {
                Err(SimulateError::TooManyGroups { path: field.path.clone(), most })
            }
            None => Ok(()),
        }
    }

    /// What the records that were added come to.
    ///
    /// # Errors
    /// When there are too many groups, or a sum is too large for a number.
    pub fn finish(self) -> Result<Impact, SimulateError> {
        self.check()?;
        let plan = self.plan.inner.clone();
        let sums: Vec<_> = plan.sums.iter().map(|field| field.path.clone()).collect();
        let compares = plan.baseline.is_some();
        let titles = |side: usize, rule: RuleId| {
            let trial = if side == 0 { plan.baseline.as_ref()? } else { &plan.candidate };
            let title = trial.compiled().rules[rule].title.as_ref()?;
            self.titled(side, title)
        };
        let [before, after] = &self.sides;
        let dated = self.span.filter(|_| plan.candidate.is_dated());
        let span = dated.map(|(first, last)| span(&plan.candidate, first, last));
        let fields = plan.sums.iter().zip(&self.missing).map(|(field, missing)| SumField {
            field: field.path.clone(),
            unit: field.unit(),
            missing: *missing,
        });
        let policy_title = plan.candidate.compiled().title.as_ref();
        let mut impact = Impact {
            policy: plan.candidate.policy.name().to_string(),
            title: policy_title.and_then(|title| self.titled(1, title)),
            baseline: plan.baseline.as_ref().map(|trial| before.side(&trial.side)),
            candidate: after.side(&plan.candidate.side),
            differs: plan.differs(),
            assumptions: plan.assumptions(),
            elements: plan.elements(),
            records: self.records,
            judged: self.judged,
            changed: self.changed.tally(&sums)?,
            sums: fields.collect(),
            decisions: matrices(&self.decisions, &plan.names, &sums, compares)?,
            groupings: Vec::new(),
            rules: match plan.rules {
                true => self.rules.impacts(&plan, &sums, titles)?,
                false => Vec::new(),
            },
            watched: self.rules.watched(&plan, &sums, titles)?,
            measures: Vec::new(),
            span: span.clone(),
            flips: Vec::new(),
        };
        for (field, groups) in plan.by.iter().zip(&self.groupings) {
            let mut tallied = Vec::new();
            for (value, count) in groups.all() {
                tallied.push(Group {
                    value: value.map(String::from),
                    all: count.all.tally(&sums)?,
                    changed: count.changed.tally(&sums)?,
                    decisions: matrices(&count.decisions, &plan.names, &sums, compares)?,
                });
            }
            if !field.is_time() {
                tallied.sort_by_key(|group| {
                    std::cmp::Reverse((group.changed.records, group.all.records))
                });
            }
            let (field, monthly) = (field.path.clone(), field.is_time());
            impact.groupings.push(Grouping { field, monthly, groups: tallied });
        }
        for (at, name) in plan.measures.iter().enumerate() {
            impact.measures.push(self.measure(&plan, at, name, span.as_ref())?);
        }
        impact.flips = self.flips.spread(plan.sample);
        Ok(impact)
    }

    /// A title of a side, as of the last record.
    fn titled(&self, side: usize, title: &Text) -> Option<String> {
        let speaker = self.speakers.get(side)?.as_ref()?;
        Some(speaker.titled(title, self.span?.1))
    }

    fn measure(
        &self,
        plan: &Inner,
        at: usize,
        name: &str,
        span: Option<&DateSpan>,
    ) -> Result<MeasureImpact, SimulateError> {
        type SideMeasure<'m> =
            Result<(Option<&'m Measurement>, Option<Number>, u64), SimulateError>;
        fn measured<'m>(
            all: &Simulation,
            trial: Option<&'m Trial>,
            (side, at): (usize, usize),
            name: &str,
        ) -> SideMeasure<'m> {
            let measurement = trial.and_then(|trial| trial.measurement(name));
            let Some(measurement) = measurement else { return Ok((None, None, 0)) };
            let count = all.sides.get(side).and_then(|side| side.measures.get(at));
            let (total, records, faults) = count.copied().unwrap_or_default();
            let total = number(total, name)?;
            let value = match measurement.reckoning {
                Reckoning::Average => {
                    total.checked_div(Number::from(i64::try_from(records).unwrap_or(i64::MAX)))
                }
                _ => Some(total),
            };
            Ok((Some(measurement), value, faults))
        }
        let (before, baseline, first) = measured(self, plan.baseline.as_ref(), (0, at), name)?;
        let (after, candidate, second) = measured(self, Some(&plan.candidate), (1, at), name)?;
        let Some(measurement) = after.or(before) else { return Ok(MeasureImpact::default()) };
        let value = Compared::of(baseline, candidate);
        let days = span.map_or(0, |span| span.days);
        let yearly = |number: Number| {
            let days = Number::from(i64::try_from(days).unwrap_or(i64::MAX));
            // There are no parts of a record.
            let digits = if measurement.reckoning == Reckoning::Count { 0 } else { 2 };
            number
                .checked_mul(Number::from(DAYS_OF_A_YEAR))?
                .checked_div(days)?
                .checked_round(digits)
        };
        let adds_up = measurement.reckoning != Reckoning::Average && days >= FEWEST_DAYS;
        let side = usize::from(after.is_some());
        let sources = measurement.sources.iter().map(|source| match &source.url {
            Some(url) => format!("{} <{url}>", source.text),
            None => source.text.clone(),
        });
        Ok(MeasureImpact {
            name: name.to_string(),
            title: measurement.title.as_ref().and_then(|title| self.titled(side, title)),
            kind: measurement.reckoning.name().to_string(),
            unit: measurement.currency.map(|currency| currency.code().to_string()),
            sources: sources.collect(),
            assumed: measurement.assumed.clone(),
            yearly: adds_up
                .then(|| Compared::of(baseline.and_then(yearly), candidate.and_then(yearly))),
            value,
            faults: [first, second],
        })
    }
}

impl SideCount {
    fn of(trial: Option<&Trial>) -> Self {
        let policies = trial.into_iter().flat_map(|trial| trial.rulebook.program().policies.ids());
        Self { room: Readings::with(policies), ..Self::default() }
    }

    fn count(&mut self, decision: &Decision) {
        self.decided += 1;
        self.faulted += u64::from(decision.has_faulted());
    }

    fn reject(&mut self, record: u64, errors: &[InputError]) {
        self.rejected += 1;
        let mut seen = Vec::new();
        for error in errors {
            let key = (error.code.to_string(), error.general_path());
            if seen.contains(&key) {
                continue;
            }
            seen.push(key.clone());
            let first = || (0, record, error.message.clone());
            self.rejections.entry(key).or_insert_with(first).0 += 1;
        }
    }

    fn measure(&mut self, plan: &Inner, trial: &Trial, decision: &Decision) {
        self.measures.resize(plan.measures.len(), Default::default());
        self.room.clear();
        for (name, (total, records, faults)) in plan.measures.iter().zip(&mut self.measures) {
            let Some(measurement) = trial.measurement(name) else { continue };
            match decision.measured(measurement, &self.room) {
                Ok(Some(number)) => {
                    *total = total.plus(number);
                    *records += 1;
                }
                Ok(None) => {}
                Err(_) => *faults += 1,
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.decided += other.decided;
        self.faulted += other.faulted;
        self.rejected += other.rejected;
        for (key, (count, first, message)) in other.rejections {
            let rejection = self.rejections.entry(key).or_insert((0, first, message.clone()));
            rejection.0 += count;
            if first < rejection.1 {
                (rejection.1, rejection.2) = (first, message);
            }
        }
        self.measures.resize(self.measures.len().max(other.measures.len()), Default::default());
        for (measure, other) in self.measures.iter_mut().zip(other.measures) {
            *measure = (measure.0.and(other.0), measure.1 + other.1, measure.2 + other.2);
        }
    }

    fn side(&self, described: &Side) -> Side {
        let rejections = self.rejections.iter().map(|((code, path), (records, first, message))| {
            let (code, path, message) = (code.clone(), path.clone(), message.clone());
            RejectionCount { code, path, message, records: *records, first: *first }
        });
        let mut rejections: Vec<_> = rejections.collect();
        rejections.sort_by_key(|rejection| std::cmp::Reverse(rejection.records));
        let Self { decided, faulted, rejected, .. } = *self;
        Side { decided, faulted, rejected, rejections, ..described.clone() }
    }
}

/// The days from one time to another, both included.
fn span(trial: &Trial, first: Time, last: Time) -> DateSpan {
    let zone = &trial.rulebook.settings().zone;
    let day = |time: Time| time.shown(zone).0.date();
    let (from, until) = (day(first), day(last));
    let days = from.until(until).map_or(0, |span| span.get_days());
    DateSpan {
        from: from.to_string(),
        until: until.to_string(),
        days: u64::try_from(days).unwrap_or(0) + 1,
    }
}
