//! Scenarios as examples: what a case says, and what is decided about it.

use super::block::{Block, Inlines, text};
use super::label;
use super::speaker::{Speaker, spaced};
use crate::scenario::{Expectation, Scenario, ScenarioFile};
use rulebook_lang::yaml::{Node, NodeKind};

/// No rule is shown with more examples than these.
const MOST: usize = 4;

/// The scenarios of a rulebook.
pub(super) struct Examples<'f> {
    pub(super) files: &'f [ScenarioFile],
}

impl Examples<'_> {
    /// The cases that a rule decides.
    pub(super) fn of_rule(
        &self,
        policy: &str,
        rule: &str,
        speaker: &Speaker<'_, '_>,
        blocks: &mut Vec<Block>,
    ) {
        let files = self.files.iter().filter(|file| file.policy == policy);
        let cases = files.flat_map(|file| &file.scenarios).filter(|case| names(case, rule));
        let rows: Vec<_> = cases.take(MOST).map(|case| row(case, speaker)).collect();
        if rows.is_empty() {
            return;
        }
        let head = [&label::CASE, &label::OUTCOME].map(|words| speaker.label(words).to_string());
        let title = speaker.label(&label::EXAMPLES).to_string();
        let count = rows.len();
        let table = Block::Table(head.to_vec(), rows);
        blocks.push(Block::Fold(format!("{title} ({count})"), vec![table]));
    }
}

/// Whether a case is about a rule: it gives, is overridden, watches or warns there.
fn names(case: &Scenario, rule: &str) -> bool {
    case.expect.iter().any(|expectation| match expectation {
        Expectation::By(rules)
        | Expectation::Overridden(rules)
        | Expectation::Shadow(rules)
        | Expectation::Warn(rules) => rules.iter().any(|named| named == rule),
        _ => false,
    })
}

fn row(case: &Scenario, speaker: &Speaker<'_, '_>) -> Vec<Inlines> {
    let outcomes = case.expect.iter().filter_map(|expectation| match expectation {
        Expectation::Decision(name, value) => {
            Some(format!("{} → {}", spaced(name), value_text(value)))
        }
        _ => None,
    });
    let outcomes: Vec<_> = outcomes.collect();
    let outcome = match outcomes.is_empty() {
        true => speaker.label(&label::CASE_UNCHANGED).to_string(),
        false => outcomes.join("; "),
    };
    vec![vec![text(case.name.clone())], vec![text(outcome)]]
}

/// A value of a scenario on one line.
fn value_text(node: &Node) -> String {
    match &node.kind {
        NodeKind::List(items) => items.iter().map(value_text).collect::<Vec<_>>().join(", "),
        NodeKind::Map(entries) => {
            let entries = entries.iter().map(|(_, value)| value_text(value));
            entries.collect::<Vec<_>>().join(" ")
        }
        NodeKind::Null => "–".into(),
        _ => spaced(&node.scalar().unwrap_or_default()),
    }
}
