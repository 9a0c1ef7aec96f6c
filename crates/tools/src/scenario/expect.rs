//! What a scenario expects beside what came out.

use std::collections::BTreeSet;

use super::outcome::is_outcome;
use super::read::{Due, Expectation};
use rulebook_base::visible::visible;
use rulebook_core::eval::{Applied, Decision, Obligation};
use rulebook_lang::model::{Json, Zone};
use rulebook_lang::yaml::Node;

/// An expectation that is not met, in texts for people: what they quote has its controls written out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mismatch {
    /// What was looked at: a decision, `by`, `reason` …
    pub what: String,
    /// What the scenario says should come out.
    pub expected: String,
    /// What did; what is wrong with a record or a parameter takes several lines.
    pub got: String,
}

/// The mismatch between an expectation and a decision, if there is one.
pub(super) fn compare(
    expectation: &Expectation,
    decision: &Decision,
    zone: &Zone,
) -> Option<Mismatch> {
    match expectation {
        Expectation::Decision(name, wanted) => {
            let verdict = decision.verdict(name);
            if verdict.is_some_and(|verdict| is_outcome(&verdict, wanted, zone)) {
                return None;
            }
            let data = Json::of(decision).unwrap_or_default();
            let got =
                data.get("decisions").and_then(|all| all.get(name)).cloned().unwrap_or_default();
            let faulted =
                decision.conflict(name).map(|conflict| format!("a fault: {}", conflict.meaning()));
            mismatch(name, node_text(wanted), faulted.unwrap_or_else(|| json_text(&got)))
        }
        Expectation::By(rules) => {
            let given = decision.rules().filter(|rule| rule.sets().next().is_some());
            same_names("by", rules, given.map(|rule| rule.name()))
        }
        Expectation::Overridden(rules) => {
            same_names("overridden", rules, decision.overridden().map(|pair| pair.rule.name()))
        }
        Expectation::Shadow(rules) => same_names("shadow", rules, names(decision.shadow())),
        Expectation::Warn(rules) => same_names("warn", rules, names(decision.warnings())),
        Expectation::Faults(rules) => {
            let faults = decision.faults();
            same_names("faults", rules, faults.iter().filter_map(|fault| fault.rule))
        }
        Expectation::Obligations(wanted) => obligations(wanted, decision, zone),
        Expectation::Reason(language, text) => {
            let decision = decision.clone().in_language(language);
            let mut reasons = decision.reasons();
            reasons.extend(decision.warnings().filter_map(|rule| rule.reason()));
            if reasons.iter().any(|reason| reason.contains(text.as_str())) {
                return None;
            }
            mismatch(&format!("reason ({language})"), format!("… {text} …"), reasons.join("; "))
        }
        // These are about all decisions about a record.
        Expectation::Element(..) | Expectation::Elements(_) => None,
        Expectation::Rejected(paths) => {
            mismatch("rejected", paths.join(", "), "the record is accepted".into())
        }
    }
}

pub(super) fn mismatch(what: &str, expected: String, got: String) -> Option<Mismatch> {
    let nothing = |text: String| if text.is_empty() { "nothing".to_string() } else { text };
    let [expected, got] = [expected, got].map(|text| nothing(visible(&text).into_owned()));
    Some(Mismatch { what: what.to_string(), expected, got })
}

fn names<'d>(rules: impl Iterator<Item = Applied<'d>>) -> impl Iterator<Item = &'d str> {
    rules.map(|rule| rule.name())
}

/// Compares names without regard to their order.
pub(super) fn same_names<'n>(
    what: &str,
    wanted: &[String],
    got: impl Iterator<Item = &'n str>,
) -> Option<Mismatch> {
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let got: BTreeSet<&str> = got.collect();
    if wanted == got {
        return None;
    }
    let list = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join(", ");
    mismatch(what, list(wanted), list(got))
}

/// Compares obligations: each that is there must be wanted, and each that is wanted must be there.
fn obligations(wanted: &[(String, Due)], decision: &Decision, zone: &Zone) -> Option<Mismatch> {
    let time_text = |time| rulebook_core::eval::time_text(time, zone);
    let all = decision.obligations();
    let is_wanted = |obligation: &Obligation<'_>| {
        wanted.iter().any(|(name, due)| {
            obligation.name == name
                && match due {
                    Due::Any => true,
                    Due::Unlimited => obligation.due.is_none(),
                    Due::At(times) => obligation.due.is_some_and(|time| times.contains(&time)),
                }
        })
    };
    let is_met = |(name, due): &(String, Due)| {
        let mut named = all.iter().filter(|obligation| obligation.name == name);
        match due {
            Due::Any => named.next().is_some(),
            Due::Unlimited => named.any(|obligation| obligation.due.is_none()),
            Due::At(times) => times
                .iter()
                .all(|time| named.clone().any(|obligation| obligation.due == Some(*time))),
        }
    };
    if all.iter().all(is_wanted) && wanted.iter().all(is_met) {
        return None;
    }
    let wanted_text = |(name, due): &(String, Due)| match due {
        Due::Any => name.clone(),
        Due::Unlimited => format!("{name} without a limit"),
        Due::At(times) => {
            let times: Vec<_> = times.iter().map(|time| time_text(*time)).collect();
            format!("{name} by {}", times.join(" and "))
        }
    };
    let expected: Vec<_> = wanted.iter().map(wanted_text).collect();
    let got = all.iter().map(|obligation| match obligation.due {
        Some(due) => format!("{} by {}", obligation.name, time_text(due)),
        None => format!("{} without a limit", obligation.name),
    });
    mismatch("obligations", expected.join(", "), got.collect::<Vec<_>>().join(", "))
}

fn json_text(value: &Json) -> String {
    match value {
        Json::Null => "nothing".into(),
        Json::String(text) => text.clone(),
        Json::Object(_) => {
            let part = |key| value.get(key).and_then(Json::as_str).unwrap_or_default();
            format!("{} {}", part("amount"), part("currency"))
        }
        other => other.to_string(),
    }
}

fn node_text(node: &Node) -> String {
    json_text(&Json::of(node).unwrap_or_default())
}
