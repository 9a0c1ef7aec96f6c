//! The rules of a policy to its index.

use rustc_hash::FxHashMap;
use smallvec::smallvec;

use super::condition::{Alternatives, Conditions, Tests, narrow, negation};
use super::key::{self, Key};
use super::leaf::{Column, WORD, Wide};
use super::{Entry, Index, KeyId, KeySource, Part, Parts, Set, Sets};
use crate::model::{Cell, Number, Ranges, Type};
use crate::program::{Effect, FieldKind, Node, NodeId, Phase, Policy, Program, Rule, RuleId};

/// With more values than this, a test does not lead to its rule by value.
const MOST_VALUES: u64 = 4;

/// Builds the index of a policy whose rules and layout are complete.
pub(in crate::program) fn build(program: &Program, policy: &Policy) -> Index {
    let types = slot_types(program, policy);
    let conditions = Conditions::new(program, &types);
    let entries = Vec::with_capacity(policy.rules.len());
    let mut collector = Collector { conditions, entries };
    for (at, rule) in policy.rules.iter().enumerate() {
        collector.rule(RuleId::at(at), rule);
    }
    let Collector { conditions, entries } = collector;
    let Conditions { keys: sources, texts, .. } = conditions;
    let has_times = sources.iter().any(|source| !matches!(source, KeySource::Slot(_)));
    // Most rules have one entry that sets one decision.
    let (own, sets) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
    let index = Index { sources, has_times, texts, entries: own, sets, ..Index::default() };
    let mut builder = Builder { program, policy, tested: &entries, index };
    let all = (0..).zip(&entries).map(|(at, _)| at).collect();
    builder.index.roots = builder.parts_of(all, &mut Vec::new());
    builder.index
}

/// The types of the slots that hold a single value or a list.
fn slot_types(program: &Program, policy: &Policy) -> Vec<Option<Type>> {
    let mut types = vec![None; policy.layout.size as usize];
    policy.layout.walk("", &mut |_, field| {
        let ty = match &field.kind {
            FieldKind::Scalar(ty) => ty.clone(),
            // Only whether they are there can be tested.
            FieldKind::Record(_) | FieldKind::List(_) => Type::Unknown,
        };
        if let Some(place) = types.get_mut(field.slot as usize) {
            *place = Some(ty);
        }
    });
    for counted in &policy.counters {
        let counter = program.counters.get(counted.counter as usize);
        if let Some(place) = types.get_mut(counted.slot as usize) {
            *place = counter.map(|counter| counter.ty.clone());
        }
    }
    types
}

/// An entry with its tests.
type Tested = (Entry, Tests);

struct Collector<'p> {
    conditions: Conditions<'p>,
    entries: Vec<Tested>,
}

impl Collector<'_> {
    fn rule(&mut self, id: RuleId, rule: &Rule) {
        let starts: Option<Vec<Key>> =
            rule.phases.iter().map(|phase| key::instant_key(phase.from)).collect();
        let until = rule.until.map(key::instant_key);
        let (Some(starts), None | Some(Some(_))) = (starts, until) else {
            // A date so far away that it has no key is left to the evaluation.
            self.entries.push((entry(id, None, Effect::Enforce, false), Tests::new()));
            return;
        };
        let until = until.flatten();
        let date = KeySource::Date(rule.dated);
        if rule.phases.is_empty() {
            let window = until.map(|until| (self.conditions.key_id(date), before(until)));
            self.phase(id, rule, None, window.into_iter().collect());
        }
        for (at, (phase, start)) in rule.phases.iter().zip(&starts).enumerate() {
            let mut ranges = Ranges::between(*start, Key::MAX);
            for end in starts.get(at + 1).copied().into_iter().chain(until) {
                ranges = ranges.intersection(&before(end));
            }
            if !ranges.is_empty() {
                let window = smallvec![(self.conditions.key_id(date), ranges)];
                self.phase(id, rule, Some((at, phase)), window);
            }
        }
    }

    /// Adds the entries of a rule in a phase that begins and ends as `window` says.
    fn phase(&mut self, id: RuleId, rule: &Rule, phase: Option<(usize, &Phase)>, window: Tests) {
        let mut alternatives = smallvec![window];
        let certain = self.narrow(rule, phase.map(|(_, phase)| phase), &mut alternatives);
        let effect = phase.map_or(Effect::Enforce, |(_, phase)| phase.effect);
        let phase = phase.map(|(at, _)| at.try_into().unwrap_or(u16::MAX));
        let entry = entry(id, phase, effect, certain);
        self.entries.extend(alternatives.into_iter().map(|tests| (entry, tests)));
    }

    /// Adds what can be tested of a rule's conditions, in the order in which they are looked at,
    /// up to the first that could fault: behind that, whether the rule faults depends on it.
    /// Returns whether the tests say all.
    fn narrow(
        &mut self,
        rule: &Rule,
        phase: Option<&Phase>,
        alternatives: &mut Alternatives,
    ) -> bool {
        let mut certain = true;
        if let Some((share, key)) = phase.and_then(|phase| phase.cohort) {
            certain = false;
            if !self.is_sound_cohort(share, key) {
                return false;
            }
        }
        let filter = phase.and_then(|phase| phase.filter);
        for clause in filter.into_iter().chain(rule.clauses.iter().map(|clause| clause.node)) {
            let tests = self.conditions.alternatives(clause);
            if tests.and_then(|tests| narrow(alternatives, &tests)).is_none() {
                return false;
            }
        }
        let Some(exception) = rule.unless else { return certain };
        let tests = self.conditions.alternatives(exception);
        let outside = tests.and_then(|tests| negation(&tests));
        certain && outside.and_then(|outside| narrow(alternatives, &outside)).is_some()
    }

    /// Whether a share and a key cannot fault.
    fn is_sound_cohort(&self, share: NodeId, key: NodeId) -> bool {
        let program = self.conditions.program;
        let is_share = match program.node(share) {
            Node::Constant(Cell::Number(value)) => (Number::ZERO..=Number::ONE).contains(&value),
            _ => false,
        };
        let key = match program.node(key) {
            Node::NumberText(inner) | Node::MemberText(inner, _) => program.node(inner),
            node => node,
        };
        is_share && matches!(key, Node::Slot(_) | Node::Constant(_))
    }
}

fn before(end: Key) -> Ranges {
    Ranges::between(Key::MIN, end - 1)
}

struct Builder<'p> {
    program: &'p Program,
    policy: &'p Policy,
    /// All entries in text order, which are known by where they stand here.
    tested: &'p [Tested],
    index: Index,
}

impl<'p> Builder<'p> {
    /// Parts for entries that stand in text order. The keys in `led` have led to them and need no
    /// test.
    fn parts_of(&mut self, mut entries: Vec<u32>, led: &mut Vec<KeyId>) -> Parts {
        let mut parts = Vec::new();
        while entries.len() > WORD
            && let Some(key) = self.most_selective(&entries, led)
        {
            let (by_value, rest) =
                entries.into_iter().partition(|at| self.values(*at, key).is_some());
            parts.push(self.dispatch(key, by_value, led));
            entries = rest;
        }
        if !entries.is_empty() {
            parts.push(self.leaf(&entries, led));
        }
        let start = index(self.index.parts.len());
        self.index.parts.append(&mut parts);
        Parts { start, end: index(self.index.parts.len()) }
    }

    fn dispatch(&mut self, key: KeyId, entries: Vec<u32>, led: &mut Vec<KeyId>) -> Part {
        let values = entries
            .iter()
            .flat_map(|at| self.values(*at, key).into_iter().flatten().map(|value| (value, *at)));
        let mut values: Vec<(Key, u32)> = values.collect();
        values.sort_unstable();
        let mut table = FxHashMap::default();
        led.push(key);
        for group in values.chunk_by(|a, b| a.0 == b.0) {
            let entries = group.iter().map(|(_, at)| *at).collect();
            let parts = self.parts_of(entries, led);
            table.extend(group.first().map(|(value, _)| (*value, parts)));
        }
        led.pop();
        Part::Dispatch(key, Box::new(table))
    }

    /// What an entry tests.
    fn tests(&self, at: u32) -> impl Iterator<Item = (KeyId, &'p Ranges)> + use<'p> {
        let tests = self.tested.get(at as usize).map(|(_, tests)| tests);
        tests.into_iter().flatten().map(|(key, ranges)| (*key, ranges))
    }

    /// The few values of a key that an entry accepts.
    fn values(&self, at: u32, key: KeyId) -> Option<impl Iterator<Item = Key> + use<'p>> {
        let (_, ranges) = self.tests(at).find(|(known, _)| *known == key)?;
        ranges.as_points(MOST_VALUES)
    }

    /// The key whose values lead to the most entries, if that is worth it: the entries of one
    /// value must be far fewer than all.
    fn most_selective(&self, entries: &[u32], led: &[KeyId]) -> Option<KeyId> {
        let mut counts: FxHashMap<KeyId, (usize, FxHashMap<Key, usize>)> = FxHashMap::default();
        for (key, ranges) in entries.iter().flat_map(|at| self.tests(*at)) {
            let Some(points) = ranges.as_points(MOST_VALUES) else { continue };
            let (count, values) = counts.entry(key).or_default();
            *count += 1;
            for point in points {
                *values.entry(point).or_default() += 1;
            }
        }
        let gain = |(count, values): &(usize, FxHashMap<Key, usize>)| {
            let largest = values.values().copied().max().unwrap_or(0);
            count.saturating_sub(largest)
        };
        let free = counts.iter().filter(|(key, _)| !led.contains(key));
        let best = free.max_by_key(|(key, led)| (gain(led), std::cmp::Reverse(**key)));
        best.filter(|(_, led)| gain(led) >= WORD).map(|(key, _)| *key)
    }

    /// What a rule sets, beside the other rules of its leaf.
    fn sets(&mut self, rule: RuleId) -> Sets {
        let start = self.index.sets.len();
        let rule = self.policy.rules.get(rule.index());
        let sets = rule.into_iter().flat_map(|rule| &rule.sets).map(|(decision, node)| Set {
            decision: *decision,
            node: *node,
            value: self.program.constant(*node).copied(),
        });
        self.index.sets.extend(sets);
        let count = self.index.sets.len() - start;
        Sets { start: index(start), count: count.try_into().unwrap_or(u16::MAX) }
    }

    fn leaf(&mut self, entries: &[u32], led: &[KeyId]) -> Part {
        let first = index(self.index.entries.len());
        let mut columns: Vec<Column<'_>> = Vec::new();
        for (own, at) in (0..).zip(entries) {
            let Some((entry, _)) = self.tested.get(*at as usize) else { continue };
            let sets = self.sets(entry.rule);
            self.index.entries.push(Entry { sets, ..*entry });
            for (key, ranges) in self.tests(*at).filter(|(key, _)| !led.contains(key)) {
                match columns.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, column)) => column.push((own, ranges)),
                    None => columns.push((key, vec![(own, ranges)])),
                }
            }
        }
        if entries.len() <= WORD {
            Part::Narrow(self.index.narrow.add(first, entries.len(), &columns))
        } else {
            Part::Wide(Box::new(Wide::new(first, entries.len(), &columns)))
        }
    }
}

/// What the index knows of an entry before it has its place.
fn entry(rule: RuleId, phase: Option<u16>, effect: Effect, certain: bool) -> Entry {
    let sets = Sets { start: 0, count: 0 };
    Entry { rule, phase, effect, certain, sets }
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
