//! Scenarios as examples: what a case says, and what is decided about it.

use super::block::{Block, Inlines, spaced, text};
use super::label;
use super::speaker::Speaker;
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
    expect_rule(&case.expect, rule)
}

fn expect_rule(expectations: &[Expectation], rule: &str) -> bool {
    expectations.iter().any(|expectation| match expectation {
        Expectation::By(rules)
        | Expectation::Overridden(rules)
        | Expectation::Shadow(rules)
        | Expectation::Warn(rules) => rules.iter().any(|named| named == rule),
        Expectation::Element(_, expectations) => expect_rule(expectations, rule),
        _ => false,
    })
}

fn row(case: &Scenario, speaker: &Speaker<'_, '_>) -> Vec<Inlines> {
    let mut outcomes = Vec::new();
    add_outcomes(&case.expect, "", &mut outcomes);
    let outcome = match outcomes.is_empty() {
        true => speaker.label(&label::CASE_UNCHANGED).to_string(),
        false => outcomes.join("; "),
    };
    vec![vec![text(case.name.clone())], vec![text(outcome)]]
}

/// Adds the decisions that are expected; `of` stands before those about an element.
fn add_outcomes(expectations: &[Expectation], of: &str, into: &mut Vec<String>) {
    for expectation in expectations {
        match expectation {
            Expectation::Decision(name, value) => {
                into.push(format!("{of}{} → {}", spaced(name), value_text(value)));
            }
            Expectation::Element(name, expectations) => {
                add_outcomes(expectations, &format!("{name}: "), into);
            }
            _ => {}
        }
    }
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
