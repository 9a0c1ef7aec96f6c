//! The rules of a policy to its index.

use smallvec::smallvec;

use super::Index;
use super::classifier::Classifier;
use super::condition::{Alternatives, Conditions, narrow, negation};
use super::entry::{Entry, Set, Sets};
use super::key::{self, Key, KeySource, Tests};
use crate::program::{Effect, FieldKind, Node, NodeId, Phase, Policy, Program, Rule, RuleId};
use rulebook_lang::model::{Cell, Number, Ranges, Type};

/// Builds the index of a policy whose rules and layout are complete.
pub(in crate::program) fn build(program: &Program, policy: &Policy) -> Index {
    let types = slot_types(program, policy);
    let conditions = Conditions::new(program, &types);
    let entries = Vec::with_capacity(policy.rules.len());
    let mut collector = Collector { conditions, entries };
    for (id, rule) in policy.rules.numbered() {
        collector.rule(id, rule);
    }
    let Collector { conditions, entries } = collector;
    let Conditions { keys: sources, texts, .. } = conditions;
    let has_times =
        sources.iter().any(|source| !matches!(source, KeySource::Slot(_) | KeySource::Version(_)));
    let (entries, tests): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
    #[cfg(feature = "batch")]
    let sieve = super::Sieve::new(&entries, &tests);
    let (classifier, order) = Classifier::new(&tests);
    // Most rules have one entry that sets one decision.
    let (own, sets) = (Vec::with_capacity(order.len()), Vec::with_capacity(order.len()));
    let mut index = Index {
        sources,
        has_times,
        texts,
        entries: own,
        sets,
        classifier,
        #[cfg(feature = "batch")]
        sieve,
    };
    for entry in order.into_iter().filter_map(|at| entries.get(at as usize)) {
        let sets = sets_of(program, policy, *entry, &mut index.sets);
        index.entries.push(Entry { sets, ..*entry });
    }
    index
}

/// Keeps what the rule of an entry sets, beside what the other rules of its leaf set.
fn sets_of(program: &Program, policy: &Policy, entry: Entry, all: &mut Vec<Set>) -> Sets {
    let start = all.len();
    all.extend(policy.rules[entry.rule].sets.iter().map(|(decision, node)| Set {
        decision: *decision,
        node: *node,
        value: program.constant(*node).copied(),
    }));
    let count = (all.len() - start).try_into().unwrap_or(u16::MAX);
    Sets { start: start.try_into().unwrap_or(u32::MAX), count }
}

/// The types of the slots that hold a single value or a list.
fn slot_types(program: &Program, policy: &Policy) -> Vec<Option<Type>> {
    let mut types = vec![None; policy.layout.size as usize];
    policy.layout.walk("", &mut |_, field| {
        let ty = match &field.kind {
            FieldKind::Scalar(ty) | FieldKind::Read(ty, _) => ty.clone(),
            // Only whether they are there can be tested.
            FieldKind::Record(_) | FieldKind::List(_) => Type::Unknown,
        };
        if let Some(place) = types.get_mut(field.slot as usize) {
            *place = Some(ty);
        }
    });
    for counted in &policy.counters {
        if let Some(place) = types.get_mut(counted.slot as usize) {
            *place = Some(program.counters[counted.counter].ty.clone());
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

/// What the index knows of an entry before it has its place.
fn entry(rule: RuleId, phase: Option<u16>, effect: Effect, certain: bool) -> Entry {
    let sets = Sets { start: 0, count: 0 };
    Entry { rule, phase, effect, certain, sets }
}
