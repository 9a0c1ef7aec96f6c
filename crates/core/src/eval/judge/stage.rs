//! Judges by a policy whose rules read what it decides itself: stage by stage, so that what is read has
//! fallen before.

use super::combine::{Outcome, Resolution};
use super::judgement::{Counts, Given, ValuePlace};
use super::state::{State, state};
use super::workspace::Staged;
use super::{Judge, Origin, Twist};
use crate::ids::InvolvedId;
use crate::program::Stages;

impl Judge<'_, '_> {
    pub(super) fn run_in_stages(&mut self, stages: &Stages, twist: Option<Twist>) {
        if let Some(twist @ Twist::Without(_)) = twist {
            twist.apply(self.judgement.involved.items_mut());
        }
        let mut staged = std::mem::take(&mut self.workspace.staged);
        self.plan(stages, &mut staged);
        let undecided = Resolution::from(Origin::Undecided);
        let nothing = (self.judgement.parts.mark(), self.judgement.parts.mark());
        let outcome = Outcome { resolution: undecided, range: nothing };
        self.judgement.outcomes.resize(self.policy.decisions.len(), outcome);
        let Staged { rules, sets, unmet, given } = &mut staged;
        let (mut rules, mut sets) = (rules.as_slice(), sets.as_slice());
        for (stage, falling) in (0..).zip(&stages.falling) {
            while let [(begins, id), rest @ ..] = rules
                && *begins <= stage
            {
                rules = rest;
                let fires = self.ascertain_one(*id, twist);
                if let Some(unmet) = unmet.get_mut(id.index()) {
                    *unmet = !fires;
                }
            }
            self.settle_overrides();
            while let [(falls, id, number), rest @ ..] = sets
                && *falls == stage
            {
                sets = rest;
                self.give_one(*id, *number);
            }
            let worlds = self.worlds();
            for id in falling {
                let outcome = self.decide(*id, &self.policy.decisions[*id], &worlds);
                if let Some(place) = self.judgement.outcomes.get_mut(id.index()) {
                    *place = outcome;
                }
                if stages.read[*id] {
                    let cell = self.judgement.whole_value(self.policy, *id);
                    let count = self.policy.decisions.len();
                    let results = &self.judgement.results;
                    self.readings.fall((stages.policy, count), *id, (cell, results));
                }
            }
            given.append(&mut self.judgement.given);
        }
        self.judgement.given.append(given);
        // Those that set nothing, and whose conditions read what fell last.
        for (_, id) in rules {
            let fires = self.ascertain_one(*id, twist);
            if let Some(unmet) = unmet.get_mut(id.index()) {
                *unmet = !fires;
            }
        }
        self.settle_overrides();
        self.drop_unmet(unmet);
        self.workspace.staged = staged;
    }

    /// Sorts what was found by the stages in which it is looked at; none of it has fired so far.
    fn plan(&mut self, stages: &Stages, staged: &mut Staged) {
        let Staged { rules, sets, unmet, .. } = staged;
        rules.clear();
        sets.clear();
        unmet.clear();
        for id in self.judgement.involved.ids() {
            let involved = &mut self.judgement.involved[id];
            (involved.fired, involved.counts) = (false, Counts::No);
            rules.push((stages.rules[involved.rule], id));
            let places = self.policy.index.sets(involved.sets);
            let places = (involved.sets.start..).zip(places);
            sets.extend(places.map(|(number, set)| (stages.decisions[set.decision], id, number)));
            unmet.push(true);
        }
        rules.sort_unstable();
        sets.sort_unstable();
    }

    /// Looks at the conditions of a rule that was found; whether it fired, or may have.
    fn ascertain_one(&mut self, id: InvolvedId, twist: Option<Twist>) -> bool {
        let involved = self.judgement.involved[id];
        let rule = &self.policy.rules[involved.rule];
        let (state, phase) = match involved.certain {
            true => (State::Fired, involved.phase),
            false => state(&self.machine.dated(self.date(rule)), rule),
        };
        let found = &mut self.judgement.involved[id];
        if !involved.certain {
            (found.phase, found.effect) = (phase, rule.effect(phase));
        }
        if let Some(twist @ Twist::Enforced(_)) = twist {
            twist.enforce(found);
        }
        match state {
            State::Fired => (found.fired, found.counts) = (true, Counts::Yes),
            State::Faulted(fault) => {
                found.counts = Counts::Maybe;
                self.judgement.broken.push((involved.rule, fault));
            }
            _ => return false,
        }
        true
    }

    /// Works out what a rule that may count gives a decision.
    fn give_one(&mut self, id: InvolvedId, number: u32) {
        let involved = &self.judgement.involved[id];
        let Some(set) = self.policy.index.set(number).filter(|_| involved.counts != Counts::No)
        else {
            return;
        };
        let value = match set.value {
            Some(_) => ValuePlace::Index(number),
            None => self.compute(id, set),
        };
        self.judgement.given.push(Given { decision: set.decision, involved: id, value });
    }

    /// Leaves what fired or may have, in text order, as judging at once does.
    fn drop_unmet(&mut self, unmet: &[bool]) {
        let judgement = &mut *self.judgement;
        judgement.broken.sort_by_key(|(rule, _)| *rule);
        judgement.faults.sort_by_key(|(rule, _)| *rule);
        judgement.given.sort_by_key(|given| given.involved);
        let (mut at, mut left) = (0, 0);
        for (old, unmet) in unmet.iter().enumerate() {
            while let Some(given) = judgement.given.get_mut(at)
                && given.involved.index() == old
            {
                given.involved = InvolvedId::at(left);
                at += 1;
            }
            left += usize::from(!unmet);
        }
        let mut unmet = unmet.iter();
        judgement.involved.items_mut().retain(|_| unmet.next() != Some(&true));
    }
}
