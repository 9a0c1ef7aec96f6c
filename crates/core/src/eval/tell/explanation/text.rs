//! An explanation as text for people.

use super::{ClauseExplanation, Explanation, Flip, PhaseExplanation, RuleExplanation, Status};
use rulebook_base::visible::visible;
use rulebook_lang::hash::BUCKETS;
use rulebook_lang::model::Number;

impl Explanation {
    /// The explanation as text, for a terminal or a log.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        let id = self.id.as_deref().map(|id| format!(" {id}")).unwrap_or_default();
        line(&mut out, 0, &format!("{}{id}, dated {}", self.policy, self.dated));
        if self.now != self.dated {
            line(&mut out, 0, &format!("judged at {}", self.now));
        }
        if let Some(time) = &self.in_force {
            line(&mut out, 0, &format!("by the rules in force at {time}"));
        }
        for decision in &self.decisions {
            let rules = decision.by.join(", ");
            let by = match (decision.given, decision.fault) {
                ("fault", Some(fault)) => format!("{rules}: {fault}"),
                ("on-fault", Some(fault)) => format!("`on fault`, for {rules}: {fault}"),
                _ if rules.is_empty() => "no rule fired".to_string(),
                _ => format!("by {rules}"),
            };
            line(&mut out, 0, "");
            line(&mut out, 0, &format!("{} = {}  ({by})", decision.decision, decision.value));
            if let Some(reason) = &decision.reason {
                line(&mut out, 1, reason);
            }
            if let Some(flip) = &decision.flips {
                let Flip { path, from, to, decides } = flip;
                line(
                    &mut out,
                    1,
                    &format!("would be {decides} if {path} were {to} (it is {from})"),
                );
            }
        }
        for rule in &self.rules {
            line(&mut out, 0, "");
            rule.write(&mut out);
        }
        out
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    out.push_str("  ".repeat(if text.is_empty() { 0 } else { depth }).as_str());
    out.push_str(&visible(text));
    out.push('\n');
}

impl RuleExplanation {
    fn write(&self, out: &mut String) {
        let mark = match self.status {
            Status::Fired => "●",
            Status::Outweighed | Status::Overridden | Status::Shadow | Status::Warned => "◐",
            Status::Faulted => "!",
            _ => "○",
        };
        let by = self.overridden_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        line(out, 0, &format!("{mark} {}: {}{by}", self.rule, self.told));
        if let Some(title) = &self.title {
            line(out, 1, title);
        }
        if let Some(phase) = &self.phase {
            line(out, 1, &phase.described());
        }
        for clause in &self.clauses {
            clause.write(out);
        }
        if !self.sets.is_empty() {
            let sets: Vec<_> =
                self.sets.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            line(out, 1, &format!("then {}", sets.join(", ")));
        }
        for (look_up, value) in &self.looked_up {
            line(out, 3, &format!("{look_up} is {value}"));
        }
        for require in &self.requires {
            line(out, 1, &format!("require {require}"));
        }
        if let Some(reason) = &self.reason {
            line(out, 1, &format!("because {reason}"));
        }
    }
}

impl PhaseExplanation {
    fn described(&self) -> String {
        let mut text = format!("phase from {}", self.from);
        if self.effect != "enforce" {
            text.push_str(&format!(", {} only", self.effect));
        }
        if let (Some(bucket), Some(below)) = (self.bucket, self.below) {
            let inside = if bucket < below { "inside" } else { "outside" };
            let share =
                Number::from(i64::from(below)).checked_div(Number::from(i64::from(BUCKETS / 100)));
            let share = share.map(|share| share.to_string()).unwrap_or_default();
            text.push_str(&format!(", for {share}%: bucket {bucket} of {BUCKETS} is {inside}"));
        }
        text
    }
}

impl ClauseExplanation {
    fn write(&self, out: &mut String) {
        // A mark tells whether the rule gets past the clause, which for `unless` means that it
        // does not hold.
        let mark = match self.holds {
            Some(holds) if holds != (self.clause == "unless") => "✓",
            Some(_) => "✗",
            None if self.fault.is_none() => "?",
            None => "!",
        };
        line(out, 1, &format!("{mark} {} {}", self.clause, self.text));
        let values: Vec<_> =
            self.values.iter().map(|(name, value)| format!("{name} is {value}")).collect();
        if !values.is_empty() {
            line(out, 3, &values.join(", "));
        }
        if let Some(fault) = &self.fault {
            line(out, 3, &format!("fault: {fault}"));
        }
    }
}
