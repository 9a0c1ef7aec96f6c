//! In what the sides of a simulation differ, and what is assumed in them.

use std::collections::BTreeMap;

use super::fields::plain;
use super::impact::{Assumption, Difference, Differing};
use super::plan::{Inner, Trial};
use crate::document::{Passage, PolicyText};

impl Inner {
    /// In what the sides differ, as far as it shows in the rulebooks.
    pub(super) fn differs(&self) -> Vec<Difference> {
        let Some(baseline) = &self.baseline else { return Vec::new() };
        let (before, after) = (baseline, &self.candidate);
        let mut all = Vec::new();
        let mut add = |what, name: &str, [baseline, candidate]: [Option<SideValue>; 2]| {
            if baseline != candidate {
                let told = [&baseline, &candidate].map(|side| {
                    let SideValue { value, readable } = side.as_ref()?;
                    readable.clone().filter(|readable| readable != value)
                });
                let [baseline, candidate] = [baseline, candidate].map(|side| Some(side?.value));
                all.push(Difference { what, name: name.into(), baseline, candidate, told });
            }
        };
        let at = |trial: &Trial| {
            let at = trial.side.at.clone();
            let value = at.unwrap_or_else(|| "each record's own date".into());
            Some(SideValue { value, readable: None })
        };
        add(Differing::Time, "rules of", [at(before), at(after)]);
        let [mut baseline, candidate] = [before, after].map(parameters);
        for (name, value) in candidate {
            add(Differing::Parameter, &name, [baseline.remove(&name), Some(value)]);
        }
        for (name, value) in baseline {
            add(Differing::Parameter, &name, [Some(value), None]);
        }
        if !texts(before).eq(texts(after)) {
            all.extend(differing_passages(before, after));
        }
        all
    }

    /// What is assumed in the policy of the candidate.
    pub(super) fn assumptions(&self) -> Vec<Assumption> {
        let Trial { rulebook, policy, side } = &self.candidate;
        let assumed = PolicyText::of(rulebook, policy.name()).assumed("en").into_iter();
        let assumed = assumed.map(|assumption| Assumption {
            set: side.set.iter().any(|(name, _)| *name == assumption.parameter),
            parameter: assumption.parameter,
            value: assumption.value,
            why: assumption.why,
        });
        assumed.collect()
    }
}

/// A value on one side, as text and as readers see it.
#[derive(PartialEq)]
struct SideValue {
    value: String,
    readable: Option<String>,
}

/// The parameters of a side with their values.
fn parameters(trial: &Trial) -> BTreeMap<String, SideValue> {
    let program = trial.rulebook.program();
    let texts = PolicyText::of(&trial.rulebook, trial.policy.name());
    let parameters = program.parameters.iter().map(|parameter| {
        let values = parameter.values.iter().map(|(from, cell)| {
            let value = plain(&program.constants.value(*cell), &parameter.ty);
            from.map_or(value.clone(), |from| format!("{value} from {from}"))
        });
        let value = values.collect::<Vec<_>>().join(", ");
        (
            parameter.name.clone(),
            SideValue { value, readable: texts.parameter(&parameter.name, "en") },
        )
    });
    parameters.collect()
}

/// The texts of a rulebook, without those of what is set.
fn texts(trial: &Trial) -> impl Iterator<Item = &str> {
    let files = trial.rulebook.sources().iter().map(|(_, file)| file);
    files.filter(|file| !file.path.starts_with("--set ")).map(|file| file.text.as_str())
}

/// The rules and definitions that are not the same in both texts; white space makes no difference.
fn differing_passages(before: &Trial, after: &Trial) -> Vec<Difference> {
    let passages = |trial: &Trial| PolicyText::of(&trial.rulebook, trial.policy.name()).passages();
    let named = passages(before).into_iter().map(|passage| (passage.name.clone(), passage));
    let mut gone: BTreeMap<_, _> = named.collect();
    let difference = |before: Option<Passage>, after: Option<Passage>| {
        let passage = after.as_ref().or(before.as_ref())?;
        let what = if passage.is_rule { Differing::Rule } else { Differing::Definition };
        let name = passage.name.clone();
        let [baseline, candidate] =
            [before, after].map(|passage| passage.map(|passage| passage.text));
        Some(Difference { what, name, baseline, candidate, told: [None, None] })
    };
    let mut all = Vec::new();
    for after in passages(after) {
        let before = gone.remove(&after.name);
        let words = |passage: &Passage| {
            passage.text.split_whitespace().map(String::from).collect::<Vec<_>>()
        };
        if before.as_ref().is_none_or(|before| words(before) != words(&after)) {
            all.extend(difference(before, Some(after)));
        }
    }
    all.extend(gone.into_values().filter_map(|before| difference(Some(before), None)));
    all
}
