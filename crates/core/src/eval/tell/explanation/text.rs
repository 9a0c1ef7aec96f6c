//! An explanation as text for people: what was decided, then the rules that decided with their reasons, then
//! the others, then what was read of other policies.

use super::{
    ClauseExplanation, ConditionExplanation, DecisionExplanation, ElementExplanation, Explanation,
    Flip, Joined, NamedExplanation, PhaseExplanation, RuleExplanation, Status, ToldValue,
};
use rulebook_base::visible::visible;
use rulebook_lang::figures::{Filling, Phrase, phrases};
use rulebook_lang::hash::BUCKETS;
use rulebook_lang::model::Number;

impl Explanation {
    /// The explanation as text, for a terminal or a log: each line says one thing, however long it is.
    pub fn to_text(&self) -> String {
        let mut page = Page { language: &self.language, out: String::new() };
        let element = self.element.as_ref().map(ElementExplanation::named);
        let what = [Some(self.policy.as_str()), self.id.as_deref(), element.as_deref()];
        let what = what.into_iter().flatten().collect::<Vec<_>>().join(" ");
        match self.dated.as_str() {
            "" => page.line(0, &what),
            time => page.phrase(0, &phrases::DATED, &[("what", &what), ("time", &time)]),
        }
        if self.now != self.dated {
            page.phrase(0, &phrases::JUDGED_AT, &[("time", &self.now)]);
        }
        if let Some(time) = &self.in_force {
            page.phrase(0, &phrases::IN_FORCE_AT, &[("time", time)]);
        }
        page.body(&self.decisions, &self.rules);
        page.named(&self.lets);
        for read in &self.reads {
            let readers = page.joined(&read.read_by);
            let what = match &read.element {
                Some(element) => format!("{} {}", read.policy, element.named()),
                None => read.policy.clone(),
            };
            let values: &Filling<'_> =
                &[("what", &what), ("readers", &readers), ("time", &read.dated)];
            page.line(0, "");
            page.phrase(0, &phrases::READ_BY, values);
            page.body(&read.decisions, &read.rules);
            page.named(&read.lets);
        }
        page.out
    }
}

impl ElementExplanation {
    /// What it is called, and its place.
    fn named(&self) -> String {
        let Self { element, position, elements, name } = self;
        format!("{name} {element} ({position}/{elements})")
    }
}

/// Writes lines in a language.
struct Page<'e> {
    language: &'e str,
    out: String,
}

impl Page<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        self.out.push_str("  ".repeat(if text.is_empty() { 0 } else { depth }).as_str());
        self.out.push_str(&visible(text));
        self.out.push('\n');
    }

    fn says(&self, phrase: &Phrase, values: &Filling<'_>) -> String {
        phrase.fill(self.language, values)
    }

    fn phrase(&mut self, depth: usize, phrase: &Phrase, values: &Filling<'_>) {
        self.line(depth, &self.says(phrase, values));
    }

    /// Several texts as one.
    fn joined(&self, texts: &[String]) -> String {
        texts.join(phrases::AND_NEXT.in_language(self.language))
    }

    /// What was decided, and the rules: those that decided first, then those that fired, then faults.
    fn body(&mut self, decisions: &[DecisionExplanation], rules: &[RuleExplanation]) {
        for decision in decisions {
            self.line(0, "");
            self.decision(decision);
        }
        let decided = |rule: &RuleExplanation| {
            decisions.iter().any(|decision| decision.by.contains(&rule.rule))
        };
        let mut rules: Vec<_> = rules.iter().collect();
        rules.sort_by_key(|rule| match rule.status {
            _ if decided(rule) => 0,
            Status::Fired => 0,
            Status::Outweighed | Status::Overridden | Status::Shadow | Status::Warned => 1,
            Status::Faulted => 2,
            Status::NotInForce | Status::NotCovered | Status::Unmet | Status::Excepted => 3,
        });
        for rule in rules {
            self.line(0, "");
            self.rule(rule);
        }
    }

    fn decision(&mut self, decision: &DecisionExplanation) {
        let rules = self.joined(&decision.by);
        let by = match (decision.given, decision.fault) {
            ("fault", Some(fault)) => {
                self.says(&phrases::BECAUSE_OF, &[("rules", &rules), ("fault", &fault)])
            }
            ("on-fault", Some(fault)) => {
                self.says(&phrases::ON_FAULT, &[("rules", &rules), ("fault", &fault)])
            }
            _ if rules.is_empty() => self.says(&phrases::NO_RULE_FIRED, &[]),
            _ => self.says(&phrases::BY, &[("rules", &rules)]),
        };
        self.line(0, &format!("{} = {}  ({by})", decision.decision, decision.value));
        if let Some(reason) = &decision.reason {
            self.phrase(1, &phrases::BECAUSE, &[("text", reason)]);
        }
        if let Some(Flip { path, from, to, decides, .. }) = &decision.flips {
            let values: &Filling<'_> =
                &[("decides", decides), ("path", path), ("to", to), ("from", from)];
            self.phrase(1, &phrases::WOULD_BE, values);
        }
    }

    fn rule(&mut self, rule: &RuleExplanation) {
        let mark = match rule.status {
            Status::Fired => "●",
            Status::Outweighed | Status::Overridden | Status::Shadow | Status::Warned => "◐",
            Status::Faulted => "!",
            _ => "○",
        };
        self.line(0, &format!("{mark} {}: {}", rule.rule, rule.told));
        if let Some(title) = &rule.title {
            self.line(1, title);
        }
        if let Some(reason) = &rule.reason {
            self.phrase(1, &phrases::BECAUSE, &[("text", reason)]);
        }
        if !rule.sets.is_empty() {
            let sets = rule.sets.iter().map(|(name, value)| format!("{name} = {value}"));
            let sets = self.joined(&sets.collect::<Vec<_>>());
            self.phrase(1, &phrases::THEN, &[("text", &sets)]);
        }
        self.values(3, &rule.looked_up);
        for require in &rule.requires {
            self.phrase(1, &phrases::REQUIRE, &[("text", require)]);
        }
        if let Some(phase) = &rule.phase {
            self.phase(phase);
        }
        for clause in &rule.clauses {
            self.clause(clause);
        }
        for source in &rule.sources {
            self.phrase(1, &phrases::SOURCE, &[("text", source)]);
        }
    }

    /// The steps that have a name, each with what it was made of.
    fn named(&mut self, lets: &[NamedExplanation]) {
        for named in lets {
            let readers = self.joined(&named.read_by);
            let values: &Filling<'_> =
                &[("name", &named.name), ("value", &named.value), ("readers", &readers)];
            self.line(0, "");
            self.phrase(0, &phrases::NAMED, values);
            if let Some(title) = &named.title {
                self.line(1, title);
            }
            self.line(1, &named.text);
            match named.parts.as_slice() {
                [] => self.values(3, &named.values),
                parts => parts.iter().for_each(|part| self.part(3, part)),
            }
            if let Some(problem) = &named.fault {
                self.phrase(3, &phrases::FAULT_OF, &[("problem", problem)]);
            }
        }
    }

    fn phase(&mut self, phase: &PhaseExplanation) {
        let mut text = self.says(&phrases::PHASE_FROM, &[("day", &phase.from)]);
        match phase.effect {
            "warn" => text.push_str(phrases::WARN_ONLY.in_language(self.language)),
            "shadow" => text.push_str(phrases::SHADOW_ONLY.in_language(self.language)),
            _ => {}
        }
        if let (Some(bucket), Some(below)) = (phase.bucket, phase.below) {
            let phrase = if bucket < below { &phrases::INSIDE } else { &phrases::OUTSIDE };
            let share =
                Number::from(i64::from(below)).checked_div(Number::from(i64::from(BUCKETS / 100)));
            let share = share.map(|share| share.to_string()).unwrap_or_default();
            let values: &Filling<'_> =
                &[("share", &share), ("bucket", &bucket), ("buckets", &BUCKETS)];
            text.push_str(&self.says(phrase, values));
        }
        self.line(1, &text);
    }

    fn clause(&mut self, clause: &ClauseExplanation) {
        let word = match clause.clause {
            "unless" => &phrases::UNLESS,
            "where" => &phrases::WHERE,
            _ => &phrases::WHEN,
        };
        let condition = &clause.condition;
        let text = self.says(word, &[("text", &self.head(condition))]);
        // The mark tells whether the rule gets past the clause, which for `unless` means that it does not
        // hold.
        let passes = condition.holds.map(|holds| holds != (clause.clause == "unless"));
        self.condition(1, passes, &text, condition);
    }

    /// What stands above the parts of a condition, or the condition itself where it has none.
    fn head<'t>(&self, condition: &'t ConditionExplanation) -> &'t str {
        let phrase = match condition.joined {
            Some(Joined::Or) => &phrases::ONE_OF,
            Some(Joined::And) => &phrases::ALL_OF,
            Some(Joined::Not) => &phrases::NOT_THIS,
            Some(Joined::Any | Joined::All) | None => return &condition.text,
        };
        phrase.in_language(self.language)
    }

    /// A part of a condition; its mark tells whether it holds.
    fn part(&mut self, depth: usize, part: &ConditionExplanation) {
        let mut text = self.head(part).to_string();
        if let Some((number, count)) = part.item {
            let values: &Filling<'_> = &[("number", &number), ("count", &count), ("text", &text)];
            text = self.says(&phrases::ITEM, values);
        }
        self.condition(depth, part.holds, &text, part);
    }

    /// A condition under its text, marked by whether it is as wanted.
    fn condition(
        &mut self,
        depth: usize,
        passes: Option<bool>,
        text: &str,
        condition: &ConditionExplanation,
    ) {
        self.line(depth, &format!("{} {text}", mark(passes, condition.fault.is_some())));
        match condition.parts.as_slice() {
            [] => self.values(depth + 2, &condition.values),
            parts => parts.iter().for_each(|part| self.part(depth + 2, part)),
        }
        // The fault of a part is told there.
        if let Some(problem) = &condition.fault
            && condition.parts.iter().all(|part| part.fault.is_none())
        {
            self.phrase(depth + 2, &phrases::FAULT_OF, &[("problem", problem)]);
        }
    }

    fn values(&mut self, depth: usize, values: &[(String, ToldValue)]) {
        let told = values
            .iter()
            .map(|(name, value)| self.says(&phrases::IS, &[("name", name), ("value", value)]));
        let told = self.joined(&told.collect::<Vec<_>>());
        if !told.is_empty() {
            self.line(depth, &told);
        }
    }
}

fn mark(holds: Option<bool>, is_fault: bool) -> &'static str {
    match holds {
        Some(true) => "✓",
        Some(false) => "✗",
        None if is_fault => "!",
        None => "?",
    }
}
