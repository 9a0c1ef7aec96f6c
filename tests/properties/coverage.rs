//! What coverage says of conditions, against a naive reading of its definition.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use rulebook::{Files, Rulebook};
use rulebook_base::source::FileId;
use rulebook_tools::scenario::{coverage, read};

const FIELDS: usize = 5;

/// A condition in which each field stands at most once.
#[derive(Debug, Clone)]
enum Formula {
    Field(usize),
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
}

impl Formula {
    fn text(&self) -> String {
        let row = |parts: &[Formula], word: &str| {
            let parts: Vec<_> = parts.iter().map(Formula::text).collect();
            format!("({})", parts.join(word))
        };
        match self {
            Self::Field(at) => format!("f{at}"),
            Self::Not(inner) => format!("(not {})", inner.text()),
            Self::And(parts) => row(parts, " and "),
            Self::Or(parts) => row(parts, " or "),
        }
    }

    /// The value, noting which fields were looked at.
    fn look(&self, fields: u32, seen: &mut BTreeMap<usize, bool>) -> bool {
        match self {
            Self::Field(at) => *seen.entry(*at).or_insert(fields >> at & 1 == 1),
            Self::Not(inner) => !inner.look(fields, seen),
            Self::And(parts) => parts.iter().all(|part| part.look(fields, seen)),
            Self::Or(parts) => parts.iter().any(|part| part.look(fields, seen)),
        }
    }

    /// The value as far as the known fields tell it.
    fn known(&self, fields: &BTreeMap<usize, bool>) -> Option<bool> {
        let row = |parts: &[Formula], settles: bool| {
            let values: Vec<_> = parts.iter().map(|part| part.known(fields)).collect();
            match values.contains(&Some(settles)) {
                true => Some(settles),
                false if values.contains(&None) => None,
                false => Some(!settles),
            }
        };
        match self {
            Self::Field(at) => fields.get(at).copied(),
            Self::Not(inner) => inner.known(fields).map(|value| !value),
            Self::And(parts) => row(parts, false),
            Self::Or(parts) => row(parts, true),
        }
    }
}

/// A formula over these fields, split at random.
fn formula(fields: Vec<usize>) -> BoxedStrategy<Formula> {
    if let [only] = fields.as_slice() {
        let field = Formula::Field(*only);
        return prop_oneof![Just(field.clone()), Just(Formula::Not(Box::new(field)))].boxed();
    }
    (1..fields.len(), any::<bool>(), any::<bool>())
        .prop_flat_map(move |(at, is_and, negated)| {
            let (left, right) = fields.split_at(at);
            (formula(left.to_vec()), formula(right.to_vec())).prop_map(move |(left, right)| {
                let parts = vec![left, right];
                let row = if is_and { Formula::And(parts) } else { Formula::Or(parts) };
                if negated { Formula::Not(Box::new(row)) } else { row }
            })
        })
        .boxed()
}

/// For each field, how often it was shown as true and as false: it was looked at, and were it the
/// other way round, what was looked at would not lead to the same outcome.
fn naive(formula: &Formula, records: &[u32]) -> BTreeMap<String, [usize; 2]> {
    let mut shown: BTreeMap<_, _> = (0..FIELDS).map(|at| (format!("f{at}"), [0, 0])).collect();
    for record in records {
        let mut seen = BTreeMap::new();
        let outcome = formula.look(*record, &mut seen);
        for (at, value) in &seen {
            let mut turned = seen.clone();
            turned.insert(*at, !value);
            if formula.known(&turned) != Some(outcome) {
                shown.get_mut(&format!("f{at}")).unwrap()[usize::from(!value)] += 1;
            }
        }
    }
    shown
}

proptest! {
    #![proptest_config(super::cases(200))]

    #[test]
    fn a_condition_is_shown_when_turning_it_could_turn_the_outcome(
        formula in formula((0..FIELDS).collect()),
        records in prop::collection::vec(0..1_u32 << FIELDS, 1..8),
    ) {
        let fields: String = (0..FIELDS).map(|at| format!("f{at}: bool ")).collect();
        let policy = format!(
            "record R {{ {fields} }}\npolicy p for R {{\n  decide d: bool by first otherwise false\n  \
             rule r {{ when {} then true }}\n}}\n",
            formula.text()
        );
        let mut scenarios = "policy: p\nscenarios:\n".to_string();
        for (number, record) in records.iter().enumerate() {
            let values = (0..FIELDS).map(|at| format!("f{at}: {}", record >> at & 1 == 1));
            let values: Vec<_> = values.collect();
            let with = values.join(", ");
            writeln!(scenarios, "  - {{ name: s{number}, with: {{ {with} }}, expect: {{ faults: [] }} }}")
                .unwrap();
        }
        let files = Files::from_texts([("p.policy", policy)]);
        let rulebook = Rulebook::inspect(&files, &Default::default()).rulebook.unwrap();
        let zone = &rulebook.settings().zone;
        let scenarios = read(FileId(0), &scenarios, rulebook.program(), zone).unwrap();
        let coverage = coverage::cover(&files, &rulebook, &[scenarios]).unwrap();
        let conditions = &coverage.policies[0].rules[0].conditions;
        let told: BTreeMap<_, _> = conditions
            .iter()
            .map(|own| (own.place.text.clone(), [own.as_true, own.as_false]))
            .collect();
        prop_assert_eq!(told, naive(&formula, &records));
    }
}
