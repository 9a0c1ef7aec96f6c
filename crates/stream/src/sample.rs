//! Decisions as tables for people, one for each policy, and the count of every outcome.

use super::grid::Grid;
use super::screen::Text;
use rulebook::Decision;
use rulebook_lang::figures::count;

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
    pub(super) fn draw(&self, coloured: bool) -> Text {
        self.policies.iter().map(|table| table.draw(coloured)).collect()
    }
}

impl PolicyTable {
    fn draw(&self, coloured: bool) -> Text {
        let ends = ["rules".to_string(), "why".to_string()];
        let headings = ["record".to_string()].into_iter().chain(self.decisions.clone()).chain(ends);
        let mut table = Grid::fitted(headings, coloured);
        for row in &self.rows {
            table.row_with(row, |at| (1..=self.decisions.len()).contains(&at));
        }
        let mut text = Text::line(format_args!("{}", self.name));
        text += table.draw();
        let hidden = self.count - self.rows.len() as u64;
        if hidden > 0 {
            writeln!(text, "… and {} more; `--rows 0` shows all", count(hidden));
        }
        text.blank();
        text
    }
}
