//! What a scenario expects of the elements of a list, each of which its policy judges.

use super::expect::{self, Mismatch};
use super::read::Expectation;
use rulebook_core::eval::{Decision, Element};
use rulebook_lang::model::Zone;

/// The mismatches between an expectation and the decisions about a record: one, or one about each element.
pub(super) fn compare(
    expectation: &Expectation,
    decisions: &[Decision],
    zone: &Zone,
) -> Vec<Mismatch> {
    match expectation {
        Expectation::Element(name, expectations) => {
            let found = named(name, decisions);
            if found.is_empty() {
                let ids: Vec<_> = decisions.iter().filter_map(Decision::element).collect();
                let ids: Vec<_> = ids.into_iter().map(|element| element.id).collect();
                let got = if ids.is_empty() { "none".to_string() } else { ids.join(", ") };
                return expect::mismatch(name, "to be judged".into(), got).into_iter().collect();
            }
            let unmet = found.into_iter().flat_map(|decision| {
                expectations.iter().filter_map(|wanted| expect::compare(wanted, decision, zone))
            });
            unmet
                .map(|found| Mismatch { what: format!("{name}: {}", found.what), ..found })
                .collect()
        }
        Expectation::Elements(count) => {
            let (wanted, got) = (count.to_string(), decisions.len().to_string());
            let differs = wanted != got;
            let mismatch = differs.then(|| expect::mismatch("elements", wanted, got));
            mismatch.flatten().into_iter().collect()
        }
        whole => decisions
            .iter()
            .take(1)
            .filter_map(|decision| expect::compare(whole, decision, zone))
            .collect(),
    }
}

/// The decisions about the elements with an id; where none has it, about the one at this position.
fn named<'d>(name: &str, decisions: &'d [Decision]) -> Vec<&'d Decision> {
    let of = |is_meant: &dyn Fn(Element) -> bool| {
        let meant = |decision: &&Decision| decision.element().is_some_and(is_meant);
        decisions.iter().filter(meant).collect::<Vec<_>>()
    };
    match of(&|element| element.id == name) {
        called if called.is_empty() => of(&|element| element.position.to_string() == name),
        called => called,
    }
}

/// Whether mismatches are about what was decided about an element, or about the record as a whole.
pub(super) fn concerns(mismatches: &[Mismatch], decision: &Decision) -> bool {
    let Some(element) = decision.element() else { return true };
    let names = [element.id, element.position.to_string()];
    let of = |mismatch: &Mismatch| {
        names.iter().any(|name| {
            mismatch.what.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(": "))
        })
    };
    mismatches.iter().any(of)
}
