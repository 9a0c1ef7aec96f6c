//! Decisions as tables for people, one for each policy, and the count of every outcome.

use std::collections::BTreeMap;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use super::paint;
use crate::Decision;
use crate::Verdict;

/// A table for each policy that decided something.
pub(super) struct Tables {
    rows: usize,
    policies: Vec<PolicyTable>,
}

struct PolicyTable {
    name: String,
    decisions: Vec<String>,
    rows: Vec<Vec<String>>,
    count: u64,
}

impl Tables {
    pub(super) fn new(rows: usize) -> Self {
        Self { rows, policies: Vec::new() }
    }

    pub(super) fn add(&mut self, record: u64, decision: &Decision) {
        let name = decision.policy_name();
        let at = self.policies.iter().position(|table| table.name == name).unwrap_or_else(|| {
            let decisions = decision.verdicts().map(|(name, _)| name.to_string()).collect();
            let name = name.to_string();
            self.policies.push(PolicyTable { name, decisions, rows: Vec::new(), count: 0 });
            self.policies.len() - 1
        });
        let Some(table) = self.policies.get_mut(at) else { return };
        table.count += 1;
        if self.rows > 0 && table.rows.len() >= self.rows {
            return;
        }
        let mut row = vec![decision.id().unwrap_or_else(|| record.to_string())];
        row.extend(decision.verdicts().map(|(_, verdict)| decision.told(&verdict)));
        let rules: Vec<_> = decision.rules().map(|rule| rule.name()).collect();
        row.push(rules.join(", "));
        row.push(decision.reasons().join("; "));
        table.rows.push(row);
    }

    /// All tables as text.
    pub(super) fn draw(&self, coloured: bool) -> String {
        self.policies.iter().map(|table| table.draw(coloured)).collect()
    }
}

impl PolicyTable {
    fn draw(&self, coloured: bool) -> String {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        if coloured && paint::on_terminal() {
            table.enforce_styling();
        } else {
            table.force_no_tty().set_width(140);
        }
        let ends = ["rules".to_string(), "why".to_string()];
        let headings = ["record".to_string()].into_iter().chain(self.decisions.clone()).chain(ends);
        table.set_header(headings.map(|name| Cell::new(name).add_attribute(Attribute::Bold)));
        let decisions = 1..=self.decisions.len();
        for row in &self.rows {
            let cells = row.iter().enumerate().map(|(at, text)| match decisions.contains(&at) {
                true => Cell::new(text).fg(Color::Cyan).add_attribute(Attribute::Bold),
                false => Cell::new(text),
            });
            table.add_row(cells);
        }
        let hidden = self.count - self.rows.len() as u64;
        let more = match hidden {
            0 => String::new(),
            hidden => format!("… and {hidden} more; `--rows 0` shows all\n"),
        };
        format!("{}\n{table}\n{more}\n", self.name)
    }
}

/// How often each outcome was decided, by policy and decision.
#[derive(Default)]
pub(super) struct Tally {
    counts: BTreeMap<(String, usize, String), BTreeMap<String, u64>>,
}

impl Tally {
    pub(super) fn add(&mut self, decision: &Decision) {
        for (at, (name, verdict)) in decision.verdicts().enumerate() {
            let outcome = match &verdict {
                // Amounts and numbers are too many to count one by one.
                Verdict::Value(crate::model::Value::Number(_), _) | Verdict::Values(..) => continue,
                verdict => decision.told(verdict),
            };
            let key = (decision.policy_name().to_string(), at, name.to_string());
            *self.counts.entry(key).or_default().entry(outcome).or_default() += 1;
        }
    }

    /// A line for each decision, the most frequent outcome first.
    pub(super) fn lines(&self) -> String {
        let mut text = String::new();
        for ((policy, _, decision), outcomes) in &self.counts {
            let mut outcomes: Vec<_> = outcomes.iter().collect();
            outcomes.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            let told: Vec<_> =
                outcomes.iter().map(|(outcome, count)| format!("{outcome} {count}")).collect();
            text.push_str(&format!("{policy}.{decision}: {}\n", told.join(", ")));
        }
        text
    }
}
