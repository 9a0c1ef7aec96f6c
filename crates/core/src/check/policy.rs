//! Checks policies: their decisions, and what holds between their rules.

use super::circle::circles;
use super::counter::Reader;
use super::infer::Scope;
use super::overlay::{Amending, Home, RuleNames};
use super::typed::{Decision, DecisionId, Place, Policy, PolicyId, Rule, RuleId};
use super::{Checker, Named};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::combiner::{COMBINERS, Combiner};
use rulebook_lang::fold::Nothing;
use rulebook_lang::model::{Date, Type};
use rulebook_syntax::ast::{self, ItemKind, Subject};

/// Words that scenarios use beside decisions.
const EXPECTATIONS: &[&str] =
    &["by", "overridden", "shadow", "warn", "obligations", "faults", "reason", "rejected"];

/// Slips by which a rule may fail to set a decision; they are told already.
const UNSETS: &[Code] = &[Code::UnknownDecision, Code::EqualsSign, Code::DuplicateName];

impl Checker<'_> {
    /// Declares every policy with its decisions, before any expression that may read them is looked
    /// at.
    pub(super) fn declare_policies(&mut self, definitions: &[&ast::Definition]) {
        for definition in definitions {
            let ast::DefinitionKind::Policy(node) = &definition.kind else { continue };
            if let Subject::Record(record) = &node.subject {
                let policy = self.declare_policy(node, record, &definition.docs);
                self.policies.push(policy);
            }
        }
    }

    fn declare_policy(
        &mut self,
        node: &ast::Policy,
        record: &ast::Name,
        docs: &[&str],
    ) -> Option<Policy> {
        let record = self.policy_record(record)?;
        let mut policy = Policy {
            name: node.name.text.to_string(),
            title: None,
            docs: docs.iter().map(ToString::to_string).collect(),
            sources: Vec::new(),
            announced: self.announced(&node.items),
            record,
            dated: None,
            decisions: Vec::new(),
            rules: Vec::new(),
            overlays: Vec::new(),
            invariants: Vec::new(),
            measurements: Vec::new(),
            on_fault: Vec::new(),
            fault_reason: None,
            span: node.name.span,
        };
        for decide in decides(node) {
            let decision = self.decision(decide, &policy);
            policy.decisions.push(decision);
        }
        Some(policy)
    }

    /// Checks a policy together with its overlays, and leaves nothing of its rules but their names.
    pub(super) fn define_policy(
        &mut self,
        id: PolicyId,
        node: &mut ast::Policy,
        overlays: Vec<Amending<'_>>,
    ) {
        let declared = self.policies.get_mut(id.index()).and_then(Option::take);
        let Some(mut policy) = declared else { return };
        let scope = Scope {
            record: Some(policy.record),
            policy: Some(id),
            announced: policy.announced,
            reader: Reader::Policy { dated: node.dated_by.is_some() },
            ..Scope::default()
        };
        policy.dated = node.dated_by.as_ref().and_then(|path| self.dated_by(path, &scope));
        for item in &node.items {
            match &item.kind {
                ItemKind::Title(texts) => self.one_title(&mut policy.title, texts, &scope),
                ItemKind::Source(source) => policy.sources.push(self.citation(source)),
                _ => {}
            }
        }
        for (decide, decision) in decides(node).zip(&mut policy.decisions) {
            self.define_decision(decide, decision, &scope);
        }
        self.policy_rules(node, overlays, &mut policy, &scope);
        self.policy_faults(node, &mut policy, &scope);
        self.check_unset(node, &policy);
        if let Some(place) = self.policies.get_mut(id.index()) {
            *place = Some(policy);
        }
    }

    /// The title of a policy or an overlay, which stands once.
    pub(super) fn one_title(
        &mut self,
        title: &mut Option<super::typed::Texts>,
        texts: &ast::Texts,
        scope: &Scope,
    ) {
        if title.is_some() {
            self.error(Code::DuplicateClause, texts.span, "a policy has one title");
            return;
        }
        *title = Some(self.title(texts, scope));
    }

    pub(super) fn policy_record(&mut self, name: &ast::Name) -> Option<super::typed::RecordId> {
        if let Some((Named::Record(id), _)) = self.names.get(name.text) {
            let id = *id;
            self.mark_used(name.text);
            return Some(id);
        }
        if !self.broken.contains(name.text) {
            let records = self.names.iter().filter_map(|(known, (named, _))| {
                matches!(named, Named::Record(_)).then_some(known.as_str())
            });
            let help = did_you_mean(name.text, records);
            let message = format!("there is no record `{}`", name.text);
            self.report(Diagnostic::new(Code::UnknownType, name.span, message).maybe_help(help));
        }
        None
    }

    pub(super) fn announced(&mut self, items: &[ast::Item]) -> Option<Date> {
        let mut found: Option<(Date, Span)> = None;
        for item in items {
            let ItemKind::Announced(expr) = &item.kind else { continue };
            if found.is_some() {
                self.error(Code::DuplicateClause, item.span, "a policy is announced once");
                continue;
            }
            let constant = self.constant_of(expr, &Type::Date, "the day of the announcement");
            if let Some(super::typed::Constant::Date(date)) = constant {
                found = Some((date, item.span));
            }
        }
        found.map(|(date, _)| date)
    }

    /// The required time or date that a path names.
    pub(super) fn dated_by(&mut self, path: &ast::Path, scope: &Scope) -> Option<Place> {
        let expr = ast::Expr { span: path.span, kind: ast::ExprKind::Path(path.clone()) };
        let typed = self.infer(&expr, None, scope);
        match (typed.kind, &typed.ty) {
            (super::typed::Kind::Place(place), Type::Time | Type::Date) => Some(place),
            (_, Type::Unknown) => None,
            (super::typed::Kind::Decision(..), _) => {
                let message = "`dated by` names a field of the record, not a decision";
                self.report(
                    Diagnostic::new(Code::BadDated, path.span, message)
                        .help("name a field of type `time` or `date`"),
                );
                None
            }
            (_, ty) => {
                let message =
                    format!("`dated by` needs a time or a date, found {}", ty.described());
                let help = if ty.is_optional() {
                    "name a field that is always there, or declare this one without `?`"
                } else {
                    "name a field of type `time` or `date`"
                };
                self.report(Diagnostic::new(Code::BadDated, path.span, message).help(help));
                None
            }
        }
    }

    /// A decision without what it comes to where no rule fires.
    fn decision(&mut self, node: &ast::Decide, policy: &Policy) -> Decision {
        let name = node.name.text;
        if policy.decisions.iter().any(|decision| decision.name == name) {
            let message = format!("policy `{}` decides `{name}` twice", policy.name);
            self.error(Code::DuplicateName, node.name.span, message);
        }
        if EXPECTATIONS.contains(&name) {
            let message = format!("scenarios use `{name}` for something else");
            self.report(
                Diagnostic::new(Code::ReservedName, node.name.span, message)
                    .help("give the decision another name"),
            );
        }
        let ty = self.resolve_type(&node.ty);
        if ty.is_optional() {
            let message = "a decision is undecided where no rule fires; its type needs no `?`";
            self.error(Code::WrongType, node.ty.span, message);
        }
        let combiner = self.combiner(&node.combiner);
        self.check_combiner(node.ty.span, combiner, ty.required());
        let settles = combiner.fold().of_none() != Nothing::Undecided;
        let optional = node.otherwise.is_none() && !settles;
        let (name, otherwise, because) = (name.to_string(), None, None);
        Decision { name, ty, combiner, optional, otherwise, because }
    }

    /// Adds what a decision comes to where no rule fires.
    fn define_decision(&mut self, node: &ast::Decide, decision: &mut Decision, scope: &Scope) {
        let wanted = decision.whole_type();
        decision.otherwise = node.otherwise.as_ref().map(|expr| self.expect(expr, &wanted, scope));
        decision.because = node.because.as_ref().map(|texts| self.texts(texts, scope, true));
    }

    fn combiner(&mut self, name: &ast::Name) -> Combiner {
        Combiner::from_name(name.text).unwrap_or_else(|| {
            let known: Vec<_> = COMBINERS.iter().map(|row| row.name).collect();
            let help = did_you_mean(name.text, known.iter().copied())
                .unwrap_or_else(|| format!("write one of {}", known.join(", ")));
            let message = format!("outcomes cannot be combined by `{}`", name.text);
            self.report(Diagnostic::new(Code::BadCombiner, name.span, message).help(help));
            Combiner::First
        })
    }

    pub(super) fn check_combiner(&mut self, span: Span, combiner: Combiner, ty: &Type) {
        let combines = combiner.row().combines;
        if !combines.fits(ty) && !ty.is_unknown() {
            let message =
                format!("`{}` cannot be combined by `{}`", self.shown(span), combiner.name());
            let problem = Diagnostic::new(Code::BadCombiner, span, message);
            self.report(problem.help(combines.help()));
        }
    }

    /// Checks the rules of a policy, then those of its overlays.
    fn policy_rules(
        &mut self,
        node: &mut ast::Policy,
        mut overlays: Vec<Amending<'_>>,
        policy: &mut Policy,
        scope: &Scope,
    ) {
        let mut names = RuleNames::default();
        self.rule_names(&node.name, &node.items, &mut names);
        for overlay in &overlays {
            self.rule_names(&overlay.node.name, &overlay.node.items, &mut names);
        }
        policy.rules.reserve_exact(names.count);
        self.rules_of(&mut node.items, None, &names, policy, scope);
        self.invariants(&node.items, policy, scope);
        self.measurements(&node.items, policy, scope);
        for (at, overlay) in overlays.iter_mut().enumerate() {
            let (head, scope) = self.overlay(overlay, scope);
            policy.overlays.push(head);
            let at = Some(u16::try_from(at).unwrap_or(u16::MAX));
            self.rules_of(&mut overlay.node.items, at, &names, policy, &scope);
            self.invariants(&overlay.node.items, policy, &scope);
            self.measurements(&overlay.node.items, policy, &scope);
        }
        self.check_cycles(&policy.rules);
    }

    /// Adds the names of the rules of a policy or an overlay.
    fn rule_names<'s>(
        &mut self,
        owner: &ast::Name<'s>,
        items: &[ast::Item<'s>],
        names: &mut RuleNames<'s>,
    ) {
        let own = names.by_owner.entry(owner.text).or_default();
        for item in items {
            let ItemKind::Rule(rule) = &item.kind else { continue };
            let name = &rule.name;
            let id = RuleId::at(names.count);
            names.count += 1;
            let (_, first) = own.entry(name.text).or_insert((id, name.span));
            if *first != name.span {
                let message = format!("policy `{}` has two rules `{}`", owner.text, name.text);
                self.report(
                    Diagnostic::new(Code::DuplicateName, name.span, message)
                        .also(*first, "first defined here")
                        .help("rename one of the two"),
                );
            }
        }
    }

    /// Checks the rules among the items of a policy, or of the overlay with this position.
    fn rules_of(
        &mut self,
        items: &mut [ast::Item],
        overlay: Option<u16>,
        names: &RuleNames<'_>,
        policy: &mut Policy,
        scope: &Scope,
    ) {
        for item in items {
            let ItemKind::Rule(rule) = &mut item.kind else { continue };
            let home = Home { policy, overlay, names };
            let checked = self.rule(rule, &item.docs, home, scope);
            policy.rules.push(checked);
            rule.clauses = Vec::new();
        }
    }

    fn policy_faults(&mut self, node: &ast::Policy, policy: &mut Policy, scope: &Scope) {
        let mut first: Option<Span> = None;
        for item in &node.items {
            let ItemKind::OnFault(on_fault) = &item.kind else { continue };
            if let Some(first) = first {
                self.report(
                    Diagnostic::new(Code::DuplicateClause, item.span, "`on fault` stands twice")
                        .also(first, "first here")
                        .help("set several decisions in one: `on fault a = x, b = y`"),
                );
            }
            first = Some(item.span);
            policy.on_fault = self.assignments(&on_fault.assignments, policy, scope, true);
            policy.fault_reason =
                on_fault.because.as_ref().map(|texts| self.texts(texts, scope, true));
        }
    }

    /// The decisions and values of `D = V, …`; `whole` asks for the collected type of a decision.
    pub(super) fn assignments(
        &mut self,
        nodes: &[ast::Assignment],
        policy: &Policy,
        scope: &Scope,
        whole: bool,
    ) -> Vec<(DecisionId, super::typed::Expr)> {
        let mut set: Vec<(DecisionId, super::typed::Expr)> = Vec::with_capacity(nodes.len());
        for node in nodes {
            if self.compares_decision(node, policy, scope) {
                continue;
            }
            let Some((id, decision)) = self.assigned(node, policy) else { continue };
            if set.iter().any(|(known, _)| *known == id) {
                let message = format!("`{}` is set twice", decision.name);
                self.error(Code::DuplicateClause, node.span, message);
                continue;
            }
            let ty = match decision.combiner.collects() && whole {
                true => Type::List(Box::new(decision.ty.clone())),
                false => decision.ty.clone(),
            };
            set.push((id, self.expect(&node.value, &ty, scope)));
        }
        set
    }

    /// Reports `then D == V`.
    fn compares_decision(
        &mut self,
        node: &ast::Assignment,
        policy: &Policy,
        scope: &Scope,
    ) -> bool {
        let ast::ExprKind::Binary(operator, operands) = &node.value.kind else { return false };
        let Some(ast::ExprKind::Path(path)) = operands.first().map(|left| &left.kind) else {
            return false;
        };
        let [name] = path.names.as_slice() else { return false };
        let decides = policy.decisions.iter().any(|decision| decision.name == name.text);
        if node.decision.is_some() || operator.symbol != "==" || !decides {
            return false;
        }
        if self.sees(name.text, scope) || self.names.contains_key(name.text) {
            return false;
        }
        self.report(
            Diagnostic::new(Code::EqualsSign, node.span, "`==` compares; `=` gives a value")
                .help(format!("write `{} = …`", name.text)),
        );
        true
    }

    fn assigned<'p>(
        &mut self,
        node: &ast::Assignment,
        policy: &'p Policy,
    ) -> Option<(DecisionId, &'p Decision)> {
        let Some(name) = &node.decision else {
            if let [only] = policy.decisions.as_slice() {
                return Some((DecisionId(0), only));
            }
            let names: Vec<_> = policy.decisions.iter().map(|d| d.name.as_str()).collect();
            let (message, help) = match names.as_slice() {
                [] => {
                    ("this policy decides nothing".to_string(), "add `decide … by …`".to_string())
                }
                names => (
                    "this policy decides several things; say which".to_string(),
                    format!("write `{} = …`", names.join(" = …` or `")),
                ),
            };
            self.report(Diagnostic::new(Code::UnknownDecision, node.span, message).help(help));
            return None;
        };
        let found = policy.decisions.iter().position(|decision| decision.name == name.text);
        match found.and_then(|at| policy.decisions.get(at).map(|d| (DecisionId::at(at), d))) {
            Some(found) => Some(found),
            None => {
                if !self.broken.contains(name.text) {
                    let known = policy.decisions.iter().map(|decision| decision.name.as_str());
                    let help = did_you_mean(name.text, known.clone()).unwrap_or_else(|| {
                        format!("it decides {}", known.collect::<Vec<_>>().join(", "))
                    });
                    let message =
                        format!("policy `{}` does not decide `{}`", policy.name, name.text);
                    self.report(
                        Diagnostic::new(Code::UnknownDecision, name.span, message).help(help),
                    );
                }
                None
            }
        }
    }

    fn check_unset(&mut self, node: &ast::Policy, policy: &Policy) {
        // A rule that did not parse may be the one that sets the decision.
        if !self.broken.is_empty() {
            return;
        }
        let wrong = self.diagnostics.iter().any(|d| UNSETS.contains(&d.code)) || self.slips;
        let names = decides(node).map(|decide| &decide.name);
        for (position, name) in names.enumerate().filter(|_| !wrong) {
            let id = DecisionId::at(position);
            let set =
                policy.rules.iter().any(|rule| rule.sets.iter().any(|(known, _)| *known == id));
            if !set {
                let message = format!("no rule sets `{}`", name.text);
                self.report(Diagnostic::new(Code::UnsetDecision, name.span, message).help(
                    format!("add `then {} = …` to a rule, or remove the decision", name.text),
                ));
            }
        }
    }

    fn check_cycles(&mut self, rules: &[Rule]) {
        let overridden = |at: usize, visit: &mut dyn FnMut(usize)| {
            let overrides = rules.get(at).into_iter().flat_map(|rule| &rule.overrides);
            overrides.for_each(|target| visit(target.index()));
        };
        for circle in circles(rules.len(), &overridden) {
            let all = || circle.iter().filter_map(|at| rules.get(*at));
            let Some(first) = all().next() else { continue };
            let names: Vec<_> =
                all().chain([first]).map(|rule| format!("`{}`", rule.name)).collect();
            let message =
                format!("rules override each other in a circle: {}", names.join(" over "));
            let diagnostic = Diagnostic::new(Code::OverrideCycle, first.span, message)
                .help("drop one of the `overrides`; what overrides must be settled first");
            let others = all().skip(1);
            let diagnostic = others.fold(diagnostic, |all, rule| all.also(rule.span, "and this"));
            self.report(diagnostic);
        }
    }
}

/// The decisions of a policy as written.
fn decides<'n>(node: &'n ast::Policy<'_>) -> impl Iterator<Item = &'n ast::Decide<'n>> {
    node.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Decide(decide) => Some(&**decide),
        _ => None,
    })
}
