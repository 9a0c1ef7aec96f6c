//! Decisions as tables for people, one for each policy, and the count of every outcome.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use super::paint;
use crate::Decision;

/// A table for each policy that decided something.
#[derive(Default)]
pub(super) struct Tables {
    policies: Vec<PolicyTable>,
}

#[derive(Default)]
struct PolicyTable {
    name: String,
    decisions: Vec<String>,
    rows: Vec<Vec<String>>,
    count: u64,
}

impl Tables {
    pub(super) fn clear(&mut self) {
        self.policies.clear();
    }

    fn policy(&mut self, name: &str) -> Option<&mut PolicyTable> {
        let at = self.policies.iter().position(|table| table.name == name).unwrap_or_else(|| {
            self.policies.push(PolicyTable { name: name.to_string(), ..PolicyTable::default() });
            self.policies.len() - 1
        });
        self.policies.get_mut(at)
    }

    /// Adds a decision; beyond so many rows (0 for any number) it is only counted.
    pub(super) fn add(&mut self, record: u64, decision: &Decision, rows: usize) {
        let Some(table) = self.policy(decision.policy_name()) else { return };
        if table.count == 0 {
            table.decisions = decision.verdicts().map(|(name, _)| name.to_string()).collect();
        }
        table.count += 1;
        if rows > 0 && table.rows.len() >= rows {
            return;
        }
        let mut row = vec![decision.id().unwrap_or_else(|| record.to_string())];
        row.extend(decision.verdicts().map(|(_, verdict)| decision.told(&verdict)));
        let rules: Vec<_> = decision.rules().map(|rule| rule.name()).collect();
        row.push(rules.join(", "));
        row.push(decision.reasons().join("; "));
        table.rows.push(row);
    }

    /// Takes over what later records came to.
    pub(super) fn append(&mut self, later: &mut Self, rows: usize) {
        for later in later.policies.drain(..) {
            let Some(table) = self.policy(&later.name) else { continue };
            let room = if rows > 0 { rows.saturating_sub(table.rows.len()) } else { usize::MAX };
            table.decisions = later.decisions;
            table.count += later.count;
            table.rows.extend(later.rows.into_iter().take(room));
        }
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
