//! Replays records in the order of their times: the values of counters for every record of an input,
//! before any of them is judged.
//!
//! A first pass reads of each record that will be accepted when it happened, under which key it
//! counts, and by how much. Then all are there side by side, and each sees those that happened before
//! it, in whatever order they stand in the input; of those of one time, the ones above it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::StreamError;
use crate::block::{Block, Record};
use crate::input::{Opened, Readers, fitting};
use crate::observer::{Observer, Pass};
use crate::past::{Events, Past};
use crate::pipeline::{self, Pieces, Worker};
use rulebook::inside::Counts;
use rulebook::{Policy, Rejection};
use rulebook_core::eval::counting::{Counting, uncountable};
use rulebook_core::facts::{InputCode, InputError};
use rulebook_core::history::{Amount, Answer, Series, Slide};
use rulebook_core::program::{CompiledCounterId, Counter, Program, Row};
use rulebook_lang::model::{Number, Time};
use rulebook_lang::tally::Tally;

/// The values of counters for every record of an input.
#[derive(Debug, Default)]
pub struct Replay {
    /// For each counter of the program that is looked at, the value for each record.
    values: Vec<Option<Values>>,
    /// The records that cannot be counted, and why.
    rejected: HashMap<u64, Vec<InputError>>,
    /// The records that came before, by their keys, and count no more.
    again: HashSet<u32>,
}

/// The values of a counter for each record.
#[derive(Debug)]
enum Values {
    /// Numbers, which are never missing.
    Numbers(Vec<Number>),
    Any(Vec<Answer>),
}

impl Values {
    /// Room for those of so many records.
    fn of(counter: &Counter, records: usize) -> Self {
        match counter.tally.may_lack() {
            true => Self::Any(vec![None; records]),
            false => Self::Numbers(vec![Number::ZERO; records]),
        }
    }

    fn put(&mut self, record: u32, answer: Answer) {
        let record = record as usize;
        match self {
            Self::Numbers(values) => {
                if let Some(value) = values.get_mut(record) {
                    *value = answer.and_then(|answer| answer.number()).unwrap_or_default();
                }
            }
            Self::Any(values) => {
                if let Some(value) = values.get_mut(record) {
                    *value = answer;
                }
            }
        }
    }

    fn get(&self, record: usize) -> Option<Answer> {
        match self {
            Self::Numbers(values) => values.get(record).map(|value| Some(Amount::Number(*value))),
            Self::Any(values) => values.get(record).cloned(),
        }
    }
}

impl Replay {
    /// Reads the inputs once and counts.
    pub(crate) fn of(
        readers: Readers<'_>,
        inputs: &Opened,
        threads: usize,
        past: Option<&Past>,
        observer: &mut dyn Observer,
    ) -> Result<Self, StreamError> {
        let Readers { policies, named, .. } = readers;
        let Some(program) = policies.first().map(|policy| policy.program().clone()) else {
            return Ok(Self::default());
        };
        let mut tracks = tracks(&program, policies, past.is_some());
        let plan = Arc::new(Plan::of(policies, named, &program, &tracks));
        let mut replay = Self::default();
        let mut records = 0;
        observer.begin(Pass::Counting, inputs.size());
        let mut fill = inputs.filling()?;
        let scouts = (0..threads).map(|_| Scout::new(plan.clone())).collect();
        let fill = move |scanned: &mut Scanned| {
            scanned.clear();
            fill(&mut scanned.block)
        };
        pipeline::run(fill, scouts, |scanned: &mut Scanned| {
            observer.advance(scanned.block.size)?;
            records += usize::try_from(scanned.block.len()).unwrap_or(usize::MAX);
            replay.take(scanned, &mut tracks)
        })?;
        observer.end();
        for track in tracks {
            replay.settle(&program, track, records, past)?;
        }
        Ok(replay)
    }

    /// Counts so many records that whoever calls has at hand, for a policy that judges all of them. `read`
    /// reads the record of a number for the policy, into a row and with memory for keys.
    ///
    /// # Errors
    /// When there are too many records to count.
    pub fn of_records(
        policy: &Policy,
        records: usize,
        mut read: impl FnMut(usize, &mut Row, &mut String) -> Result<(), Rejection>,
    ) -> Result<Self, StreamError> {
        let (program, policies) = (policy.program().clone(), std::slice::from_ref(policy));
        let mut tracks = tracks(&program, policies, false);
        let plan = Arc::new(Plan::of(policies, true, &program, &tracks));
        let (mut scout, mut scanned) = (Scout::new(plan), Scanned::default());
        let mut replay = Self::default();
        for record in 0..records {
            scanned.clear();
            let read = |_: usize, _: &Policy, row: &mut Row, key: &mut String| {
                Some(read(record, row, key))
            };
            scout.scan(record as u64, &mut scanned, read);
            replay.take(&mut scanned, &mut tracks)?;
        }
        for track in tracks {
            replay.settle(&program, track, records, None)?;
        }
        Ok(replay)
    }

    /// Takes over what was found of some records.
    fn take(&mut self, scanned: &mut Scanned, tracks: &mut [Track]) -> Result<(), StreamError> {
        self.rejected.extend(scanned.rejected.drain(..));
        scanned.found.iter().try_for_each(|found| {
            let text = |from: usize, to: usize| scanned.keys.get(from..to).unwrap_or_default();
            let [start, end, known] = found.key;
            let texts = (text(start, end), text(end, known));
            tracks.get_mut(found.track).map_or(Ok(()), |track| track.add(found, texts))
        })
    }

    /// Works out the values of a track's counters, and hands its events to the history.
    fn settle(
        &mut self,
        program: &Program,
        mut track: Track,
        records: usize,
        past: Option<&Past>,
    ) -> Result<(), StreamError> {
        let counters = track.counters.iter().map(|id| {
            let counter = &program.counters[*id];
            (*id, counter, Values::of(counter, records), Slide::default())
        });
        let mut counters: Vec<_> = counters.collect();
        let Some((_, counter, ..)) = counters.first() else { return Ok(()) };
        let tally = counter.tally;
        let mut stored = past.map(|past| past.events(counter)).transpose()?;
        // With equal times, the order of the input decides.
        track.entries.sort_unstable_by_key(|entry| (entry.key, entry.time, entry.record));
        let first = track.first(stored.as_mut())?;
        let mut keys = vec![""; track.keys.len()];
        for (key, number) in &track.keys {
            if let Some(place) = keys.get_mut(*number as usize) {
                *place = key;
            }
        }
        let mut series = Series::default();
        for entries in track.entries.chunk_by(|a, b| a.key == b.key) {
            series.clear();
            let (Some(start), Some(last)) = (entries.first(), entries.last()) else { continue };
            let key = keys.get(start.key as usize).copied().unwrap_or_default();
            if let Some(events) = &mut stored {
                let reach = counters.iter().map(|(_, counter, ..)| {
                    counter.window.stretch(start.time, &program.zone).after
                });
                let from = reach.min().unwrap_or(start.time);
                events.load(key, (from, last.time), !first.is_empty(), &mut series)?;
            }
            for entry in entries {
                let came = first.get(entry.known as usize).filter(|came| !came.is(entry));
                let but = came.and_then(|came| came.under(key));
                for (_, counter, values, slide) in &mut counters {
                    let stretch = counter.window.stretch(entry.time, &program.zone);
                    match series.answer_along(slide, tally, stretch, but) {
                        Ok(answer) => values.put(entry.record, answer),
                        Err(error) => {
                            let error = uncountable(counter, &error.to_string());
                            let errors = self.rejected.entry(u64::from(entry.record));
                            errors.or_default().push(error);
                        }
                    }
                }
                let Some(amount) = track.amounts.get(entry.amount as usize) else { continue };
                if came.is_some() {
                    self.again.insert(entry.record);
                    continue;
                }
                let known = track.known.get(entry.known as usize);
                series.add(tally, entry.time, amount, known);
                if let Some(events) = &mut stored {
                    let amount = (tally != Tally::Count).then_some(amount);
                    events.add(key, entry.time, amount, known.map(AsRef::as_ref))?;
                }
            }
        }
        for (id, _, values, _) in counters {
            let number = id.index();
            if self.values.len() <= number {
                self.values.resize_with(number + 1, || None);
            }
            if let Some(place) = self.values.get_mut(number) {
                *place = Some(values);
            }
        }
        Ok(())
    }

    /// How many records came before, by their keys, and count no more.
    pub(crate) fn again(&self) -> u64 {
        self.again.len() as u64
    }

    /// Gives the values of the counters that a policy reads, in its order.
    ///
    /// # Errors
    /// When the record cannot be counted.
    pub fn values(
        &self,
        policy: &Policy,
        record: u64,
        into: &mut Vec<Answer>,
    ) -> Result<(), Vec<InputError>> {
        into.clear();
        if let Some(errors) = self.rejected.get(&record) {
            return Err(errors.clone());
        }
        let at = usize::try_from(record).unwrap_or(usize::MAX);
        for counted in &policy.compiled().counters {
            let values = self.values.get(counted.counter.index()).and_then(Option::as_ref);
            let Some(value) = values.and_then(|values| values.get(at)) else {
                let message = "the input has grown since it was counted".to_string();
                return Err(vec![InputError::new("", InputCode::Uncountable, message)]);
            };
            into.push(value);
        }
        Ok(())
    }
}

/// What a first pass looks at.
struct Plan {
    policies: Vec<Policy>,
    named: bool,
    program: Arc<Program>,
    /// For each track the counters that share what it counts.
    tracks: Vec<Vec<CompiledCounterId>>,
}

impl Plan {
    fn of(policies: &[Policy], named: bool, program: &Arc<Program>, tracks: &[Track]) -> Self {
        let tracks = tracks.iter().map(|track| track.counters.clone()).collect();
        Self { policies: policies.to_vec(), named, program: program.clone(), tracks }
    }

    /// The places of the policies that judge a record, where not all do.
    ///
    /// # Errors
    /// Why none does.
    fn chosen(&self, record: Record<'_>) -> Result<Option<Vec<usize>>, Vec<InputError>> {
        match record {
            Record::Json(json) if !self.named && self.policies.len() > 1 => {
                fitting(&self.policies, json).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// What counters of one digest count.
struct Track {
    counters: Vec<CompiledCounterId>,
    /// The numbers of the keys.
    keys: FxHashMap<Box<str>, u32>,
    /// The keys by which records are known, and their numbers; none where records have no key.
    known: Vec<Arc<str>>,
    known_numbers: FxHashMap<Arc<str>, u32>,
    is_known: bool,
    entries: Vec<Item>,
    /// The amounts of the entries; one for neighbours that have the same.
    amounts: Vec<Amount>,
}

/// A record that asks, and counts by an amount, if it counts.
struct Item {
    time: Time,
    record: u32,
    key: u32,
    amount: u32,
    /// The number of the key by which the record is known.
    known: u32,
}

/// The first of the records with one key that counts.
enum Came {
    /// Of this input.
    Here { record: u32, time: Time, key: Box<str>, known: Arc<str> },
    /// Of an earlier run: under which key of the counter, when, and how the history calls the event.
    Before { key: String, time: Time, event: String },
}

impl Came {
    /// Whether it is the record at hand.
    fn is(&self, item: &Item) -> bool {
        matches!(self, Self::Here { record, .. } if *record == item.record)
    }

    /// The event of it, where it counts under a key.
    fn under(&self, key: &str) -> Option<(Time, &str)> {
        match self {
            Self::Here { key: own, time, known, .. } if **own == *key => Some((*time, known)),
            Self::Before { key: own, time, event } if own == key => Some((*time, event)),
            _ => None,
        }
    }
}

/// No position among the amounts, and no number of a key.
const NONE: u32 = u32::MAX;

/// The tracks of the counters that policies read, or of all that count the records of policies.
fn tracks(program: &Program, policies: &[Policy], all: bool) -> Vec<Track> {
    let compiled = || policies.iter().map(Policy::compiled);
    let counts = |id: CompiledCounterId, counter: &Counter| {
        compiled().any(|policy| match all {
            true => policy.record == counter.record,
            false => policy.counters.iter().any(|counted| counted.counter == id),
        })
    };
    let counters = program.counters.numbered().filter(|(id, counter)| counts(*id, counter));
    let mut tracks: Vec<(&str, Track)> = Vec::new();
    for (id, counter) in counters {
        match tracks.iter_mut().find(|(digest, _)| *digest == counter.digest) {
            Some((_, track)) => track.counters.push(id),
            None => tracks.push((&counter.digest, Track::new(id, counter))),
        }
    }
    tracks.into_iter().map(|(_, track)| track).collect()
}

impl Track {
    fn new(id: CompiledCounterId, counter: &Counter) -> Self {
        Self {
            counters: vec![id],
            keys: FxHashMap::default(),
            known: Vec::new(),
            known_numbers: FxHashMap::default(),
            is_known: !counter.known_by.is_empty(),
            entries: Vec::new(),
            amounts: Vec::new(),
        }
    }

    /// For each key by which records are known the first that counts; nothing where records have no key.
    fn first(&self, mut past: Option<&mut Events<'_>>) -> Result<Vec<Came>, StreamError> {
        if !self.is_known {
            return Ok(Vec::new());
        }
        let mut first: Vec<Option<&Item>> = vec![None; self.known.len()];
        for item in &self.entries {
            let Some(place) = first.get_mut(item.known as usize) else { continue };
            // What does not count stands behind what does.
            let rank = |item: &Item| (item.amount == NONE, item.time, item.record);
            if place.is_none_or(|other| rank(item) < rank(other)) {
                *place = Some(item);
            }
        }
        let mut keys = vec![""; self.keys.len()];
        for (key, number) in &self.keys {
            if let Some(place) = keys.get_mut(*number as usize) {
                *place = key;
            }
        }
        let came = self.known.iter().zip(first).map(|(known, item)| {
            if let Some(past) = &mut past
                && let Some((key, time, event)) = past.came(known)?
            {
                return Ok(Came::Before { key, time, event });
            }
            let (record, time, key) = item
                .map_or((NONE, Time::UNIX_EPOCH, NONE), |item| (item.record, item.time, item.key));
            let key = keys.get(key as usize).copied().unwrap_or_default().into();
            Ok(Came::Here { record, time, key, known: known.clone() })
        });
        came.collect()
    }

    fn add(&mut self, found: &Event, (key, known): (&str, &str)) -> Result<(), StreamError> {
        let too_many = || StreamError::Unusable("an input has too many records to count".into());
        let key = match self.keys.get(key) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.keys.len()).map_err(|_| too_many())?;
                self.keys.insert(key.into(), number);
                number
            }
        };
        let known = match self.known_numbers.get(known) {
            _ if !self.is_known => NONE,
            Some(number) => *number,
            None => {
                let (number, known) = (self.known.len(), Arc::<str>::from(known));
                let number = u32::try_from(number).map_err(|_| too_many())?;
                self.known.push(known.clone());
                self.known_numbers.insert(known, number);
                number
            }
        };
        let amount = match &found.amount {
            None => NONE,
            Some(amount) => {
                if self.amounts.last() != Some(amount) {
                    self.amounts.push(amount.clone());
                }
                u32::try_from(self.amounts.len() - 1).map_err(|_| too_many())?
            }
        };
        let record = u32::try_from(found.record).map_err(|_| too_many())?;
        self.entries.push(Item { time: found.time, record, key, amount, known });
        Ok(())
    }
}

/// What was found of a record for one track.
struct Event {
    record: u64,
    track: usize,
    /// Where the key stands among the keys of the block: from the first to the second; up to the third that by
    /// which the record is known.
    key: [usize; 3],
    time: Time,
    amount: Option<Amount>,
}

/// A block and what was found in it.
#[derive(Default)]
struct Scanned {
    block: Block,
    found: Vec<Event>,
    keys: String,
    rejected: Vec<(u64, Vec<InputError>)>,
}

impl Scanned {
    fn clear(&mut self) {
        self.found.clear();
        self.keys.clear();
        self.rejected.clear();
    }
}

/// One who reads records for what counters need of them.
struct Scout {
    plan: Arc<Plan>,
    row: Row,
    key: String,
    /// The tracks that have seen the record at hand.
    seen: Vec<bool>,
}

impl Scout {
    fn new(plan: Arc<Plan>) -> Self {
        Self { seen: vec![false; plan.tracks.len()], plan, row: Row::default(), key: String::new() }
    }

    /// Finds what there is of a record; nothing where it will be rejected. `read` reads it for the policy
    /// at a place, unless that does not judge it.
    fn scan(
        &mut self,
        record: u64,
        into: &mut Scanned,
        read: impl FnMut(usize, &Policy, &mut Row, &mut String) -> Option<Result<(), Rejection>>,
    ) {
        let mark = (into.found.len(), into.keys.len());
        let mut errors = Vec::new();
        if !self.reads(record, into, &mut errors, read) || !errors.is_empty() {
            into.found.truncate(mark.0);
            into.keys.truncate(mark.1);
        }
        if !errors.is_empty() {
            into.rejected.push((record, errors));
        }
    }

    /// Whether every policy that judges a record accepts it.
    fn reads(
        &mut self,
        record: u64,
        into: &mut Scanned,
        errors: &mut Vec<InputError>,
        mut read: impl FnMut(usize, &Policy, &mut Row, &mut String) -> Option<Result<(), Rejection>>,
    ) -> bool {
        let plan = self.plan.clone();
        self.seen.fill(false);
        for (place, policy) in plan.policies.iter().enumerate() {
            match read(place, policy, &mut self.row, &mut self.key) {
                Some(Ok(())) => self.find(record, policy, into, errors),
                Some(Err(_)) => return false,
                None => {}
            }
        }
        true
    }

    /// Adds what tracks need of a record that a policy has read.
    fn find(
        &mut self,
        record: u64,
        policy: &Policy,
        into: &mut Scanned,
        errors: &mut Vec<InputError>,
    ) {
        let plan = self.plan.clone();
        let judged = &policy.compiled().record;
        for (track, (counters, seen)) in plan.tracks.iter().zip(&mut self.seen).enumerate() {
            let first = counters.first().map(|first| &plan.program.counters[*first]);
            let Some(counter) = first.filter(|counter| counter.record == *judged && !*seen) else {
                continue;
            };
            *seen = true;
            let Some(counting) = Counting::new(&plan.program, counter, &self.row) else { continue };
            let time = counting.time();
            let amount = counting.key(&mut self.key).and_then(|end| match end {
                Some(end) => Ok(Some((end, counting.amount()?))),
                None => Ok(None),
            });
            match amount {
                Ok(Some((end, amount))) => {
                    let start = into.keys.len();
                    into.keys.push_str(&self.key);
                    let key = [start, start + end, into.keys.len()];
                    into.found.push(Event { record, track, key, time, amount });
                }
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
    }
}

impl Worker<Scanned> for Scout {
    fn work(
        &mut self,
        scanned: &mut Scanned,
        _: &mut Pieces<'_, Scanned>,
    ) -> Result<(), StreamError> {
        let mut block = std::mem::take(&mut scanned.block);
        let plan = self.plan.clone();
        block.each(|number, record| {
            let Ok(chosen) = plan.chosen(record) else { return };
            let judges = |place| chosen.as_ref().is_none_or(|chosen| chosen.contains(&place));
            self.scan(number, scanned, |place, policy, row, key| match record {
                Record::Json(json) if judges(place) => {
                    Some(policy.read_json(json, row, key, Counts::Later))
                }
                Record::Row(record) => record.read((place, policy), row, key),
                _ => None,
            });
        })?;
        scanned.block = block;
        Ok(())
    }
}
