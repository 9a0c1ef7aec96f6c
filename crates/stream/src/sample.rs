//! The first decisions as rows of texts, a table for each policy, for whoever shows them to people.

use rulebook::Decision;

/// A table for each policy that decided something.
#[derive(Debug, Default)]
pub struct Tables {
    /// In the order in which they decided first.
    pub policies: Vec<PolicyTable>,
}

/// The first decisions of a policy.
#[derive(Debug, Default)]
pub struct PolicyTable {
    /// Its name.
    pub name: String,
    /// The names of its decisions.
    pub decisions: Vec<String>,
    /// The id of a record or its number, an outcome for each decision, the rules, and the reasons.
    pub rows: Vec<Vec<String>>,
    /// How many records it has decided about; some may have no row.
    pub count: u64,
}

impl Tables {
    pub(crate) fn clear(&mut self) {
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
    pub(crate) fn add(&mut self, record: u64, decision: &Decision, rows: usize) {
        let Some(table) = self.policy(decision.policy_name()) else { return };
        if table.count == 0 {
            table.decisions = decision.verdicts().map(|(name, _)| name.to_string()).collect();
        }
        table.count += 1;
        if rows > 0 && table.rows.len() >= rows {
            return;
        }
        let record = decision.id().unwrap_or_else(|| record.to_string());
        let mut row = vec![match decision.element() {
            Some(element) => format!("{record} {}", element.id),
            None => record,
        }];
        row.extend(decision.verdicts().map(|(_, verdict)| decision.told(&verdict)));
        let rules: Vec<_> = decision.rules().map(|rule| rule.name()).collect();
        row.push(rules.join(", "));
        row.push(decision.reasons().join("; "));
        table.rows.push(row);
    }

    /// Takes over what later records came to.
    pub(crate) fn append(&mut self, later: &mut Self, rows: usize) {
        for later in later.policies.drain(..) {
            let Some(table) = self.policy(&later.name) else { continue };
            let room = if rows > 0 { rows.saturating_sub(table.rows.len()) } else { usize::MAX };
            table.decisions = later.decisions;
            table.count += later.count;
            table.rows.extend(later.rows.into_iter().take(room));
        }
    }
}
