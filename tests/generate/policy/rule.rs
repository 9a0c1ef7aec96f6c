//! Random rules: when they are in force and for whom, what they ask, set, require and override.

use super::{DAYS, Part, Spot, Writer};
use crate::generate::code::literal;
use crate::generate::scope::Scope;
use crate::generate::{Code, Ty};

impl Writer<'_, '_> {
    pub(super) fn rule(&mut self, spot: Spot) {
        self.write(&format!("  rule {}{} {{\n", spot.part.rules, spot.at));
        let may_fault = self.timeline();
        let floor = self.floor(spot.part, spot.at);
        let scope = self.with_decisions(self.scope.clone(), 0..floor);
        // What `when` says of optionals holds in `then`, unless the timeline may be a fault before.
        let (mut parts, mut fired) = (Vec::from_iter(self.repeated()), scope.clone());
        parts.extend(self.over_leaves(&scope));
        for _ in 0..self.pick(3) {
            let (part, yes, _) = self.expressions.guard(&fired, 3);
            parts.push(part);
            fired = yes;
        }
        if !parts.is_empty() {
            self.write_code("    when ", &Code::and(&parts));
            self.write("\n");
        }
        if self.once_in(4) {
            let unless = self.expr(Ty::Bool, &fired, 2);
            self.write_code("    unless ", &unless);
            self.write("\n");
        }
        let fired = if may_fault { scope } else { fired };
        self.overrides(spot);
        self.effects(spot, &fired);
        self.write("  }\n");
    }

    /// A condition on something that other rules ask for, too: it is worked out once for a record.
    fn repeated(&mut self) -> Option<Code> {
        if self.once_in(2) {
            return None;
        }
        if self.repeated.len() < 2 {
            let number = self.expr(Ty::Number, &self.scope.clone(), 3);
            self.repeated.push(number);
        }
        let left = self.expressions.choices.one_of(&self.repeated).clone();
        let right = literal(Ty::Number, self.expressions.choices);
        Some(Code::binary(&left, self.one_of(&[">", "<=", "!="]), &right, 4, (5, 5)))
    }

    /// Phases and an end; whether one of them may be a fault.
    fn timeline(&mut self) -> bool {
        if self.once_in(5) {
            let path = self.dated_by();
            self.write(&format!("    dated by {path}\n"));
        }
        if self.once_in(2) {
            return false;
        }
        let mut day = self.pick(DAYS.len() - 1);
        let mut may_fault = false;
        for _ in 0..1 + self.pick(3) {
            if day >= DAYS.len() - 1 {
                break;
            }
            match self.announced && DAYS[day] == "2024-03-05" {
                true => self.write("    from announced + 7 days"),
                false => self.write(&format!("    from {}", DAYS[day])),
            }
            day += 1 + self.pick(2);
            let effect = self.one_of(&["", "", "", " shadow", " warn"]);
            self.write(effect);
            may_fault |= self.cohort();
        }
        if self.once_in(3) {
            let end = DAYS[day.min(DAYS.len() - 1)];
            self.write(&format!("\n    until {end}"));
        }
        self.write("\n");
        may_fault
    }

    fn cohort(&mut self) -> bool {
        let mut may_fault = false;
        if self.once_in(3) {
            let share = self.one_of(&["50%", "0%", "100%", "20%", "33.33%", "rate"]);
            let ty = self.one_of(&[Ty::Text, Ty::Number, Ty::Shop, Ty::Level]);
            let key = self.expressions.expr(ty, &self.scope.clone(), 1, false);
            self.write_code(&format!(" for {share} by "), &key);
            may_fault = true;
        }
        if self.once_in(4) {
            let filter = self.expr(Ty::Bool, &self.scope.clone(), 2);
            self.write_code(" where ", &filter);
            may_fault = true;
        }
        self.write("\n");
        may_fault
    }

    fn overrides(&mut self, spot: Spot) {
        let Spot { part, at, downward, wildcard } = spot;
        let first = self.family[0];
        if wildcard {
            if part == first && at == 0 {
                let others = self.family[1..].iter().map(|other| format!("{}.*", other.name));
                let whole = (part.count > 1).then(|| format!("{}.*", part.name));
                let all: Vec<_> = others.chain(whole).collect();
                self.clause("overrides", &all);
            }
            return;
        }
        let family = self.family.clone();
        let rules = family.iter().flat_map(|part| (0..part.count).map(move |at| (*part, at)));
        let rules: Vec<(Part, usize)> = rules.collect();
        let place = rules.iter().position(|rule| *rule == (part, at)).unwrap();
        let targets = if downward { &rules[place + 1..] } else { &rules[..place] };
        // What a rule reads, none that it overrides sets.
        let floor = self.floor(part, at);
        let may_override =
            |writer: &Self, (other, target): (Part, usize)| writer.floor(other, target) >= floor;
        let mut own = targets.iter().filter(|(other, _)| *other == part);
        let all_of_own = own.all(|target| may_override(self, *target));
        if all_of_own && self.once_in(6) {
            let spared = if downward { &rules[..place] } else { &rules[place + 1..] };
            let own = spared.iter().filter(|(other, _)| *other == part);
            let own: Vec<_> = own.map(|(other, at)| format!("{}{at}", other.rules)).collect();
            return self.clause("overrides all but", &own);
        }
        let mut chosen = Vec::new();
        for (other, target) in targets {
            if may_override(self, (*other, *target)) && self.once_in(3) {
                let bare = *other == part && self.once_in(2);
                let owner = if bare { String::new() } else { format!("{}.", other.name) };
                chosen.push(format!("{owner}{}{target}", other.rules));
            }
        }
        self.clause("overrides", &chosen);
    }

    /// A clause of a row of names, if there are any.
    fn clause(&mut self, word: &str, names: &[String]) {
        if !names.is_empty() {
            self.write(&format!("    {word} {}\n", names.join(", ")));
        }
    }

    fn effects(&mut self, spot: Spot, fired: &Scope) {
        let is_first = spot.part == self.family[0] && spot.at == 0;
        let floor = self.floor(spot.part, spot.at);
        let all: Vec<usize> = (floor..self.decisions.len()).collect();
        let mut set: Vec<usize> = Vec::new();
        for decision in all {
            // The first rule sets every decision, since a decision that no rule sets is refused.
            if is_first || !self.once_in(3) {
                set.push(decision);
            }
        }
        for (position, decision) in set.iter().enumerate() {
            let (name, ty) = (self.decisions[*decision].name.clone(), self.decisions[*decision].ty);
            let depth = self.pick(3);
            let scope = self.with_decisions(fired.clone(), floor..*decision);
            let value = self.expr(ty, &scope, depth);
            self.write(if position == 0 { "    then " } else { ", " });
            let target = match self.decisions.len() == 1 && self.once_in(2) {
                true => String::new(),
                false => format!("{name} = "),
            };
            self.write_code(&target, &value);
        }
        self.write("\n");
        if set.is_empty() || self.once_in(4) {
            self.require(spot.at, fired);
        }
    }

    fn require(&mut self, at: usize, fired: &Scope) {
        self.write(&format!("    require duty{at}"));
        if self.once_in(4) {
            let ty = self.one_of(&[Ty::Time, Ty::Date]);
            let by = self.expr(ty, fired, 1);
            self.write_code(" by ", &by);
        } else if !self.once_in(3) {
            let within = match self.once_in(3) {
                true => Code::plain(self.one_of(&[
                    "1 month",
                    "3 office working days",
                    "2 calendar days",
                ])),
                false => self.expressions.expr(Ty::Duration, fired, 1, false),
            };
            self.write_code(" within ", &within);
            if self.once_in(2) {
                let ty = self.one_of(&[Ty::Time, Ty::Date]);
                let of = self.expr(ty, fired, 1);
                self.write_code(" of ", &of);
            }
        }
        self.write("\n");
    }
}
