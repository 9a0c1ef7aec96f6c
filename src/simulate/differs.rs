//! In what the sides of a simulation differ, and what is assumed in them.

use std::collections::BTreeMap;

use super::fields::plain;
use super::impact::{Assumption, Difference, Differing};
use super::plan::{Inner, Trial};
use crate::document::{Passage, Written};

impl Inner {
    /// In what the sides differ, as far as it shows in the rulebooks.
    pub(super) fn differs(&self) -> Vec<Difference> {
        let Some(baseline) = &self.baseline else { return Vec::new() };
        let (before, after) = (baseline, &self.candidate);
        let mut all = Vec::new();
        let mut add = |what, name: &str, [baseline, candidate]: [Option<Side>; 2]| {
            if baseline != candidate {
                let told = [&baseline, &candidate].map(|own| {
                    let Side { value, told } = own.as_ref()?;
                    told.clone().filter(|told| told != value)
                });
                let [baseline, candidate] = [baseline, candidate].map(|own| Some(own?.value));
                all.push(Difference { what, name: name.into(), baseline, candidate, told });
            }
        };
        let at = |trial: &Trial| {
            let at = trial.told.at.clone();
            let value = at.unwrap_or_else(|| "each record's own date".into());
            Some(Side { value, told: None })
        };
        add(Differing::Time, "rules of", [at(before), at(after)]);
        let [mut own, candidate] = [before, after].map(parameters);
        for (name, value) in candidate {
            add(Differing::Parameter, &name, [own.remove(&name), Some(value)]);
        }
        for (name, value) in own {
            add(Differing::Parameter, &name, [Some(value), None]);
        }
        if !texts(before).eq(texts(after)) {
            all.extend(written(before, after));
        }
        all
    }

    /// What is assumed in the policy of the candidate.
    pub(super) fn assumptions(&self) -> Vec<Assumption> {
        let Trial { rulebook, policy, told } = &self.candidate;
        let assumed = Written::of(rulebook, policy.name()).assumed("en").into_iter();
        let assumed = assumed.map(|own| Assumption {
            set: told.set.iter().any(|(name, _)| *name == own.parameter),
            parameter: own.parameter,
            value: own.value,
            why: own.why,
        });
        assumed.collect()
    }
}

/// A value on one side, and as readers see it.
#[derive(PartialEq)]
struct Side {
    value: String,
    told: Option<String>,
}

/// The parameters of a side with their values.
fn parameters(trial: &Trial) -> BTreeMap<String, Side> {
    let program = trial.rulebook.program();
    let written = Written::of(&trial.rulebook, trial.policy.name());
    let told = program.parameters.iter().map(|parameter| {
        let values = parameter.values.iter().map(|(from, cell)| {
            let value = plain(&program.constants.value(*cell), &parameter.ty);
            from.map_or(value.clone(), |from| format!("{value} from {from}"))
        });
        let value = values.collect::<Vec<_>>().join(", ");
        (parameter.name.clone(), Side { value, told: written.told(&parameter.name, "en") })
    });
    told.collect()
}

/// The texts of a rulebook, without those of what is set.
fn texts(trial: &Trial) -> impl Iterator<Item = &str> {
    let files = trial.rulebook.sources().iter().map(|(_, file)| file);
    files.filter(|file| !file.path.starts_with("--set ")).map(|file| file.text.as_str())
}

/// The rules and definitions that are not the same in both texts; white space makes no difference.
fn written(before: &Trial, after: &Trial) -> Vec<Difference> {
    let passages = |trial: &Trial| Written::of(&trial.rulebook, trial.policy.name()).passages();
    let named = passages(before).into_iter().map(|own| (own.name.clone(), own));
    let mut gone: BTreeMap<_, _> = named.collect();
    let difference = |before: Option<Passage>, after: Option<Passage>| {
        let own = after.as_ref().or(before.as_ref())?;
        let what = if own.is_rule { Differing::Rule } else { Differing::Definition };
        let name = own.name.clone();
        let [baseline, candidate] = [before, after].map(|own| own.map(|own| own.text));
        Some(Difference { what, name, baseline, candidate, told: [None, None] })
    };
    let mut all = Vec::new();
    for after in passages(after) {
        let before = gone.remove(&after.name);
        let words =
            |own: &Passage| own.text.split_whitespace().map(String::from).collect::<Vec<_>>();
        if before.as_ref().is_none_or(|before| words(before) != words(&after)) {
            all.extend(difference(before, Some(after)));
        }
    }
    all.extend(gone.into_values().filter_map(|before| difference(Some(before), None)));
    all
}
