//! A decision once more: as if a rule were not there, or were enforced; and what a policy measures of
//! it.

use crate::eval::judge::{
    Judgement, Machine, NodeFault, Origin, Readings, Twist, Workspace, judge_again,
};
use crate::eval::tell::Decision;
use crate::program::{DecisionId, Measurement, RuleId, Text};
use rulebook_lang::model::{Number, Time, Value};

/// The memory in which records are judged again.
#[derive(Debug, Clone, Default)]
pub struct Retrial {
    judgement: Judgement,
    workspace: Workspace,
}

impl Decision {
    /// How the same record is judged, as if a rule were another.
    #[doc(hidden)]
    pub fn again<'r>(&self, twist: Twist, room: &'r mut Retrial) -> &'r Judgement {
        let Retrial { judgement, workspace } = &mut *room;
        judge_again(&self.case(), self.judgement(), twist, judgement, workspace);
        &room.judgement
    }

    /// The decisions that a rule gave, and whether it alone had something to give to any of them.
    #[doc(hidden)]
    pub fn role(&self, rule: RuleId) -> (bool, bool) {
        let judgement = &self.judgement();
        let mut gave = (false, false);
        for (at, outcome) in judgement.outcomes.iter().enumerate() {
            let gives = judgement.givers(outcome).binary_search(&rule).is_ok();
            if outcome.resolution.origin == Origin::Rules && gives {
                gave = (true, gave.1 || judgement.is_alone(rule, DecisionId::at(at)));
            }
        }
        gave
    }

    /// What a policy measures of the record: how much, where it counts and there is something.
    /// `room` is for all policies of the rulebook, and nothing of another record is in it.
    ///
    /// # Errors
    /// When its condition or its value has none.
    #[doc(hidden)]
    pub fn measured(
        &self,
        measure: &Measurement,
        room: &Readings,
    ) -> Result<Option<Number>, NodeFault> {
        let machine = Machine::new(&self.program, self.row(), room, self.judgement().times);
        if let Some(filter) = measure.filter
            && !machine.test(filter)?
        {
            return Ok(None);
        }
        let Some(value) = measure.value else { return Ok(Some(Number::ONE)) };
        match machine.value(value)?.rounded() {
            Value::Number(number) => Ok(Some(number)),
            _ => Ok(None),
        }
    }

    /// A title of the rulebook that decided, as of a date unless another one picks which rules are
    /// in force: it reads no record.
    #[doc(hidden)]
    pub fn titled(&self, title: &Text, date: Time) -> String {
        self.render(title, self.judgement().times.in_force.unwrap_or(date)).to_string()
    }
}
