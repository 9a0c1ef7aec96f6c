//! A decision for those who asked: outcomes by type, the rules and reasons, faults.

use std::sync::Arc;

use super::render::{Rendered, display};
use crate::eval::judge::{
    Case, Involved, Judgement, Machine, Origin, Readings, State, Together, When, Workspace,
    date_of, judge, judge_together, state_of,
};
use crate::program::{
    self, Citation, DecisionId, Effect, Keyed, Policy, PolicyId, Program, Row, Rule, RuleId, Text,
};
use rulebook_lang::figures::Locale;
use rulebook_lang::model::{Cell, Store, Time, Type, Value, Zone};

/// Which rulebook decided, and in which state.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RulebookName {
    /// By its settings, or else that of its folder.
    pub name: String,
    /// As its author counts.
    pub version: String,
    /// The SHA-256 of its texts and of the parameters that were set from outside, in hexadecimal.
    pub digest: String,
}

/// What a policy decided about one record, with everything needed to say why.
///
/// Reasons and titles are rendered when they are read.
#[derive(Debug, Clone)]
pub struct Decision {
    pub(crate) program: Arc<Program>,
    pub(super) rulebook: Arc<RulebookName>,
    pub(super) policy: PolicyId,
    pub(crate) row: Arc<Row>,
    /// What was judged, if the policy judged the record alone.
    pub(super) alone: Judgement,
    /// What the policy found out about the record, if it needs more than one look; and what it found out
    /// together with others, this judgement among it.
    pub(super) readings: Option<Arc<Readings>>,
    pub(super) together: bool,
    /// Which element of a list it is about, where the policy judges each, counted from 0.
    pub(super) element: Option<usize>,
    pub(crate) language: String,
}

/// The verdict on one decision.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Verdict<'d> {
    /// Nothing set it, and there is no `otherwise`.
    Undecided,
    /// A fault; [`Decision::faults`] says which.
    Fault,
    /// A value of the decision's type.
    Value(Value<'d>, &'d Type),
    /// The values of a decision by `all` or `union`.
    Values(Vec<Value<'d>>, &'d Type),
}

/// A [`Verdict`] that borrows its values from the judgement.
#[derive(Debug, Clone)]
pub enum VerdictRef<'d> {
    /// No rule fired, and nothing stands for that.
    Undecided,
    /// A fault: a rule that could have changed it has no value.
    Fault,
    /// One outcome.
    Value(Value<'d>),
    /// A set of outcomes, in the order in which they are declared.
    Values(&'d [Cell], &'d Store),
}

/// A rule that took part in a decision.
#[derive(Debug, Clone, Copy)]
pub struct Applied<'d> {
    decision: &'d Decision,
    policy: &'d Policy,
    pub(super) involved: &'d Involved,
    pub(super) rule: &'d Rule,
}

/// A rule that fired and was overridden.
#[derive(Debug, Clone, Copy)]
pub struct Overridden<'d> {
    /// The rule that does not count.
    pub rule: Applied<'d>,
    /// The rule that overrides it.
    pub by: Applied<'d>,
}

impl Decision {
    /// A decision that is still to be made.
    #[doc(hidden)]
    pub fn unmade(
        program: Arc<Program>,
        rulebook: Arc<RulebookName>,
        policy: PolicyId,
        language: String,
    ) -> Self {
        let (row, alone, readings, together) = Default::default();
        let element = None;
        Self { program, rulebook, policy, row, alone, readings, together, element, language }
    }

    /// The row for another record: its memory is used again unless somebody else still reads it.
    #[doc(hidden)]
    pub fn fresh_row(&mut self) -> &mut Row {
        if Arc::strong_count(&self.row) > 1 {
            self.row = Arc::default();
        }
        Arc::make_mut(&mut self.row)
    }

    /// What was decided, without the record that it was decided about.
    #[cfg(feature = "batch")]
    #[doc(hidden)]
    pub fn without_record(mut self) -> Self {
        self.row = Arc::default();
        self
    }

    /// The record that was judged.
    #[doc(hidden)]
    pub fn row(&self) -> &Row {
        &self.row
    }

    /// The same, to be shared.
    #[doc(hidden)]
    pub fn shared_row(&self) -> &Arc<Row> {
        &self.row
    }

    /// Takes the record that was judged, which reasons are rendered from.
    #[doc(hidden)]
    pub fn set_row(&mut self, row: &Arc<Row>) {
        self.row.clone_from(row);
    }

    /// Decides about the row; the clock is asked where nothing else tells the time.
    #[doc(hidden)]
    pub fn make(&mut self, when: When, clock: impl FnOnce() -> Time, workspace: &mut Workspace) {
        self.leave();
        let Self { program, row, readings, .. } = self;
        let policy = &program.policies[self.policy];
        if Readings::serve(policy) {
            Readings::renew(readings, policy);
        }
        let readings = readings.as_deref().unwrap_or(Readings::none());
        let case = Case { program, policy, row: row.keyed(), readings };
        judge(case, (when, clock), &mut self.alone, workspace);
        self.element = None;
    }

    /// The same as one of several policies that judge the record.
    #[doc(hidden)]
    pub fn make_together(
        &mut self,
        when: When,
        clock: impl FnOnce() -> Time,
        together: &mut Together,
    ) {
        let by = (&*self.program, self.policy);
        self.readings = Some(judge_together(by, &self.row, (when, clock), together));
        self.together = true;
    }

    /// Gives back what was found out together with others.
    #[doc(hidden)]
    pub fn leave(&mut self) {
        if self.together {
            (self.readings, self.together) = (None, false);
        }
    }

    /// The decision that was made about another record instead.
    pub(crate) fn changed(&self, row: Row, judgement: Judgement) -> Self {
        let readings = Some(Arc::new(Readings::of(self.policy())));
        let (row, alone, together) = (Arc::new(row), judgement, false);
        Self { row, alone, readings, together, ..self.clone() }
    }

    fn readings(&self) -> &Readings {
        self.readings.as_deref().unwrap_or(Readings::none())
    }

    /// What another policy decided about the same record, as this one read it.
    pub(crate) fn reading(&self, policy: PolicyId, decision: DecisionId) -> Option<Self> {
        // Whoever asks first has it judged.
        self.machine(self.judgement().times.date()).decided(policy, decision);
        self.readings().judgement(policy)?;
        Some(Self { policy, together: true, ..self.clone() })
    }

    /// Whether it is one of a policy.
    pub(crate) fn is_by(&self, policy: PolicyId) -> bool {
        self.policy == policy
    }

    /// What was judged.
    pub(crate) fn case(&self) -> Case<'_> {
        let Self { program, row, .. } = self;
        let row = match self.judged_together() {
            Some((_, keys)) => Keyed::with(row, keys),
            None => row.keyed(),
        };
        Case { program, policy: self.policy(), row, readings: self.readings() }
    }

    /// The policy that decided.
    pub fn policy_name(&self) -> &str {
        &self.policy().name
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.program.policies[self.policy]
    }

    /// The time of the evaluation.
    pub fn now(&self) -> Time {
        self.judgement().times.now
    }

    /// The record's own date, or the time of the evaluation where it has none. It picks which rules
    /// are in force, unless [`Decision::in_force`] does.
    pub fn dated(&self) -> Time {
        self.judgement().times.dated
    }

    /// The time that picked which rules are in force, where it was not the record's date:
    /// `Policy::replaying_as_of`.
    pub fn in_force(&self) -> Option<Time> {
        self.judgement().times.in_force
    }

    /// The date by which a rule is in force.
    pub(crate) fn date_of(&self, rule: &Rule) -> Time {
        date_of(&self.program, &self.row, self.judgement().times, rule)
    }

    /// The record's `id`, if it has one.
    pub fn id(&self) -> Option<String> {
        name_of(self.id_value()?)
    }

    pub(super) fn id_value(&self) -> Option<Value<'_>> {
        Some(self.row.get(self.policy().id?))
    }

    /// Name, version and digest of the rulebook that decided.
    pub fn rulebook(&self) -> &RulebookName {
        &self.rulebook
    }

    /// The value of a field of the record, by its slot.
    #[doc(hidden)]
    pub fn field(&self, slot: u32) -> Value<'_> {
        self.row.get(slot)
    }

    /// The record of so many slots that is nested in a slot, of the record that was judged.
    #[doc(hidden)]
    pub fn record(&self, slot: u32, size: u32) -> Value<'_> {
        self.row.record(slot, size)
    }

    /// A value in the reader's form.
    #[doc(hidden)]
    pub fn shown(&self, value: &Value<'_>, ty: &Type) -> String {
        display(value, ty, Locale::of(&self.language), self.zone())
    }

    /// The zone of the rulebook, in which dates begin.
    pub fn zone(&self) -> &Zone {
        &self.program.zone
    }

    /// The language of its texts.
    #[doc(hidden)]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The same decision with its texts in another language.
    #[must_use]
    pub fn in_language(mut self, language: &str) -> Self {
        self.language = language.to_string();
        self
    }

    /// Which rules fired and what they came to.
    #[doc(hidden)]
    pub fn judgement(&self) -> &Judgement {
        self.judged_together().map_or(&self.alone, |(judgement, _)| judgement)
    }

    fn judged_together(&self) -> Option<(&Judgement, &[i64])> {
        self.readings.as_deref().filter(|_| self.together)?.judgement(self.policy)
    }

    /// The numbers of the rules that fired, in text order, whatever came of them.
    #[doc(hidden)]
    pub fn fired_rules(&self) -> impl Iterator<Item = RuleId> {
        let fired = self.judgement().involved.iter().filter(|involved| involved.fired);
        fired.map(|involved| involved.rule)
    }

    /// What became of a rule; worked out when it is asked for.
    #[doc(hidden)]
    pub fn state(&self, rule: RuleId) -> State {
        self.state_and_phase(rule).0
    }

    pub(super) fn state_and_phase(&self, rule: RuleId) -> (State, Option<u16>) {
        state_of(self.case(), self.judgement(), rule)
    }

    /// The names of the decisions with their verdicts, in the policy's order.
    pub fn verdicts(&self) -> impl Iterator<Item = (&str, Verdict<'_>)> {
        self.verdict_refs(self.judgement()).map(|(decision, borrowed)| {
            let verdict = match borrowed {
                VerdictRef::Undecided => Verdict::Undecided,
                VerdictRef::Fault => Verdict::Fault,
                VerdictRef::Value(value) => Verdict::Value(value, &decision.ty),
                VerdictRef::Values(cells, store) => {
                    let exact = cells.iter().map(|cell| store.value(*cell));
                    Verdict::Values(exact.map(Value::rounded).collect(), &decision.ty)
                }
            };
            (decision.name.as_str(), verdict)
        })
    }

    /// The verdicts of a judgement of the same record, in the policy's order.
    #[doc(hidden)]
    pub fn verdict_refs<'d>(
        &'d self,
        judgement: &'d Judgement,
    ) -> impl Iterator<Item = (&'d program::Decision, VerdictRef<'d>)> {
        self.policy().decisions.iter().zip(&judgement.outcomes).map(|(decision, outcome)| {
            let cells = judgement.values(outcome);
            let verdict = match (outcome.resolution.origin, cells.first()) {
                (Origin::Fault, _) => VerdictRef::Fault,
                _ if decision.combiner.collects() => VerdictRef::Values(cells, &judgement.results),
                (Origin::Undecided, _) | (_, None) => VerdictRef::Undecided,
                (_, Some(cell)) => VerdictRef::Value(judgement.results.value(*cell).rounded()),
            };
            (decision, verdict)
        })
    }

    /// The verdict on the decision with this name; `None` if the policy has no such decision.
    pub fn verdict(&self, decision: &str) -> Option<Verdict<'_>> {
        self.verdicts().find(|(name, _)| *name == decision).map(|(_, verdict)| verdict)
    }

    /// A verdict in the reader's form.
    pub fn told(&self, verdict: &Verdict<'_>) -> String {
        let locale = Locale::of(&self.language);
        let text_of = |value: &Value<'_>, ty: &Type| display(value, ty, locale, &self.program.zone);
        match verdict {
            Verdict::Undecided => locale.missing().to_string(),
            Verdict::Fault => "fault".to_string(),
            Verdict::Value(value, ty) => text_of(value, ty),
            Verdict::Values(values, ty) => {
                let mut text = String::new();
                // A text takes whatever is written.
                let _ = locale.list(&mut text, values.iter().map(|value| text_of(value, ty)));
                text
            }
        }
    }

    fn applied<'d>(&'d self, involved: &'d Involved) -> Applied<'d> {
        let policy = self.policy();
        Applied { decision: self, policy, involved, rule: &policy.rules[involved.rule] }
    }

    pub(super) fn fired(&self, effect: Effect) -> impl Iterator<Item = Applied<'_>> {
        let rules = self.judgement().involved.iter();
        rules
            .filter(move |involved| {
                involved.fired && involved.overridden.is_none() && involved.effect == effect
            })
            .map(|involved| self.applied(involved))
    }

    /// Every rule that fired and was not overridden, whatever came of it.
    pub(crate) fn all_fired(&self) -> impl Iterator<Item = Applied<'_>> {
        let effects = [Effect::Enforce, Effect::Warn, Effect::Shadow];
        effects.into_iter().flat_map(|effect| self.fired(effect))
    }

    /// The rules that gave the outcomes, and those that only require something, in text order.
    pub fn rules(&self) -> impl Iterator<Item = Applied<'_>> {
        self.fired(Effect::Enforce).filter(|applied| {
            applied.rule.sets.is_empty() || self.gave(applied.involved.rule).next().is_some()
        })
    }

    /// The rules that fired and were outweighed: others gave every decision that they set.
    pub fn outweighed(&self) -> impl Iterator<Item = Applied<'_>> {
        self.fired(Effect::Enforce).filter(|applied| {
            self.gave(applied.involved.rule).next().is_none()
                && applied.rule.sets.iter().any(|(id, _)| !self.is_fault(*id))
        })
    }

    /// Whether a decision is a fault, so that no outcome prevails over another.
    fn is_fault(&self, id: DecisionId) -> bool {
        let origin =
            self.judgement().outcomes.get(id.index()).map(|outcome| outcome.resolution.origin);
        matches!(origin, Some(Origin::Fault | Origin::OnFault))
    }

    /// The decisions whose value a rule gave.
    fn gave(&self, rule: RuleId) -> impl Iterator<Item = DecisionId> {
        let outcomes = self.judgement().outcomes.iter().enumerate();
        outcomes
            .filter(move |(_, outcome)| {
                outcome.resolution.origin == Origin::Rules
                    && self.judgement().givers(outcome).binary_search(&rule).is_ok()
            })
            .map(|(at, _)| DecisionId::at(at))
    }

    /// The rules in a `shadow` phase that would have fired.
    pub fn shadow(&self) -> impl Iterator<Item = Applied<'_>> {
        self.fired(Effect::Shadow)
    }

    /// The rules in a `warn` phase that fired; their reasons are for the subject.
    pub fn warnings(&self) -> impl Iterator<Item = Applied<'_>> {
        self.fired(Effect::Warn)
    }

    /// The rules that fired and were overridden.
    pub fn overridden(&self) -> impl Iterator<Item = Overridden<'_>> {
        self.judgement().involved.iter().filter_map(|involved| {
            let by = self.applied(self.judgement().involved(involved.overridden?)?);
            Some(Overridden { rule: self.applied(involved), by })
        })
    }

    /// The reasons, one for each rule that gave an outcome and for each `otherwise` that did.
    pub fn reasons(&self) -> Vec<String> {
        let rules = self.rules().filter_map(|rule| rule.reason());
        rules.chain(self.default_reasons().map(|(_, reason)| reason)).collect()
    }

    /// The decisions that no rule gave, with the reason for the value that they have.
    pub fn default_reasons(&self) -> impl Iterator<Item = (&str, String)> {
        self.default_texts().map(|(decision, text)| (decision, text.to_string()))
    }

    pub(super) fn default_texts(&self) -> impl Iterator<Item = (&str, Rendered<'_>)> {
        let policy = self.policy();
        policy.decisions.iter().zip(&self.judgement().outcomes).filter_map(
            move |(decision, outcome)| {
                let text = match outcome.resolution.origin {
                    Origin::Otherwise => decision.because.as_ref(),
                    Origin::OnFault => policy.fault_reason.as_ref(),
                    _ => None,
                }?;
                Some((decision.name.as_str(), self.render(text, self.judgement().times.date())))
            },
        )
    }

    pub(crate) fn machine(&self, date: Time) -> Machine<'_> {
        Machine::new(&self.program, &self.row, self.readings(), self.judgement().times).dated(date)
    }

    pub(crate) fn render<'d>(&'d self, text: &'d Text, date: Time) -> Rendered<'d> {
        let zone = &self.program.zone;
        Rendered { text, language: &self.language, machine: self.machine(date), zone }
    }
}

impl<'d> Applied<'d> {
    /// The rule's name.
    pub fn name(&self) -> &'d str {
        &self.rule.name
    }

    /// The rule's title.
    pub fn title(&self) -> Option<String> {
        self.title_text().map(|text| text.to_string())
    }

    pub(super) fn title_text(&self) -> Option<Rendered<'d>> {
        self.rule.title.as_ref().map(|title| self.decision.render(title, self.date()))
    }

    /// The reason, with the record's values filled in.
    pub fn reason(&self) -> Option<String> {
        self.reason_text().map(|text| text.to_string())
    }

    pub(super) fn reason_text(&self) -> Option<Rendered<'d>> {
        self.rule.because.as_ref().map(|text| self.decision.render(text, self.date()))
    }

    pub(super) fn language(&self) -> &'d str {
        &self.decision.language
    }

    /// On whose authority the rule stands: its own sources, else those of its overlay or policy.
    pub fn sources(&self) -> &'d [Citation] {
        let Self { rule, policy, .. } = self;
        if !rule.sources.is_empty() {
            return &rule.sources;
        }
        policy.overlay_of(rule).map_or(&policy.sources, |overlay| &overlay.sources)
    }

    /// When the phase that is in force began.
    pub fn phase(&self) -> Option<Time> {
        let at = self.involved.phase?;
        self.rule.phases.get(usize::from(at)).map(|phase| phase.from)
    }

    /// What the rule does in its phase.
    #[doc(hidden)]
    pub fn effect(&self) -> Effect {
        self.involved.effect
    }

    /// The decisions that the rule sets, with the values that it gives them.
    #[doc(hidden)]
    pub fn sets(self) -> impl Iterator<Item = (&'d crate::program::Decision, Option<Value<'d>>)> {
        let Self { decision, policy, involved, .. } = self;
        let given = decision.judgement().given_by(&policy.index, involved.rule);
        given.map(move |(target, value)| {
            let value = value.map(|cell| decision.judgement().results.value(*cell).rounded());
            (&policy.decisions[target], value)
        })
    }

    /// The record's date for this rule, where it has its own `dated by`.
    pub fn own_date(&self) -> Option<Time> {
        self.decision.program.time_in(&self.decision.row, self.rule.dated?)
    }

    /// The date by which the rule is in force.
    pub(super) fn date(&self) -> Time {
        self.decision.date_of(self.rule)
    }
}

/// A value that names something to people.
pub(super) fn name_of(value: Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.into_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
