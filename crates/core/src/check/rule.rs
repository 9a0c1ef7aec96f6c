//! Checks rules: their clauses, their timeline and what they override.

use super::checker::Checker;
use super::infer::{expect, infer};
use super::misfit::report_unguarded;
use super::overlay::Home;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Expr, Phase, Require, Rule, RuleId};
use super::{assign, call, cites, constant, evaluate, head};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::{Number, Rational, Type};
use rulebook_syntax::ast::{self, Clause, ClauseKind};

pub(super) fn rule(checker: &mut Checker, node: &ast::Rule, home: Home<'_>, scope: &Scope) -> Rule {
    check_duplicates(checker, node);
    let overlay = home.overlay();
    let mut rule = Rule {
        name: match overlay {
            Some(overlay) => [&overlay.name, ".", node.name.text].concat(),
            None => node.name.text.to_string(),
        },
        overlay: home.overlay,
        title: None,
        sources: Vec::new(),
        dated: overlay.and_then(|overlay| overlay.dated.clone()),
        phases: Vec::new(),
        until: None,
        when: None,
        unless: None,
        overrides: Vec::new(),
        sets: Vec::new(),
        requires: Vec::new(),
        because: None,
        span: node.name.span,
    };
    let fired = conditions(checker, node, &mut rule, scope);
    let mut sets_something = false;
    let mut until = None;
    for clause in &node.clauses {
        match &clause.kind {
            ClauseKind::Title(texts) => rule.title = Some(cites::title(checker, texts, scope)),
            ClauseKind::Source(source) => {
                // The program keeps this vector, and most rules cite one source.
                rule.sources.reserve_exact(1);
                rule.sources.push(cites::citation(checker, source));
            }
            ClauseKind::DatedBy(path) => rule.dated = head::dated_by(checker, path, scope).ok(),
            ClauseKind::Phase(phase) => {
                let phase = self::phase(checker, phase, clause.span, scope);
                rule.phases.extend(phase);
            }
            ClauseKind::Until(expr) => {
                rule.until = constant::time(checker, expr, scope.announced).ok();
                until = Some(expr.span);
            }
            ClauseKind::When(_) | ClauseKind::Unless(_) => {}
            ClauseKind::Overrides(paths) => {
                rule.overrides = overrides(checker, node, paths, home);
            }
            ClauseKind::OverridesAllBut(paths) => {
                rule.overrides = all_but(checker, node, paths, home);
            }
            ClauseKind::Then(assignments) => {
                sets_something = true;
                rule.sets = assign::assignments(checker, assignments, home.policy, &fired, false);
            }
            ClauseKind::Require(require) => {
                sets_something = true;
                let require = self::require(checker, require, &fired);
                rule.requires.push(require);
            }
            ClauseKind::Because(texts) => {
                rule.because = Some(cites::texts(checker, texts, &fired, true));
            }
        }
    }
    check_order(checker, &rule);
    if let Some(span) = until {
        check_timeline(checker, &rule, span);
    }
    if !sets_something {
        let message = format!("rule `{}` neither decides nor requires anything", rule.name);
        checker.sink.report(
            Diagnostic::new(Code::EmptyRule, rule.span, message)
                .help("add `then …` or `require …`"),
        );
    }
    rule
}

/// Reads `when` and `unless` and returns the scope of what happens when the rule fires.
fn conditions(checker: &mut Checker, node: &ast::Rule, rule: &mut Rule, scope: &Scope) -> Scope {
    let mut fired = scope.clone();
    for clause in &node.clauses {
        if let ClauseKind::When(expr) = &clause.kind {
            let when = expect(checker, expr, &Type::Bool, scope);
            fired = fired.after(&when, true);
            rule.when = Some(when);
        }
    }
    for clause in &node.clauses {
        if let ClauseKind::Unless(expr) = &clause.kind {
            let unless = expect(checker, expr, &Type::Bool, &fired);
            fired = fired.after(&unless, false);
            rule.unless = Some(unless);
        }
    }
    fired
}

fn check_duplicates(checker: &mut Checker, node: &ast::Rule) {
    for (position, Clause { span, kind }) in node.clauses.iter().enumerate() {
        if matches!(kind, ClauseKind::Source(_) | ClauseKind::Phase(_) | ClauseKind::Require(_)) {
            continue;
        }
        let keyword = kind.keyword();
        let mut before = node.clauses.iter().take(position).rev();
        if let Some(first) = before.find(|clause| clause.kind.keyword() == keyword) {
            let message = format!("rule `{}` has `{keyword}` twice", node.name.text);
            let help = match keyword {
                "when" | "unless" => "join the conditions with `and` or `or`",
                "then" => "set several decisions in one: `then a = x, b = y`",
                _ => "keep one of the two",
            };
            checker.sink.report(
                Diagnostic::new(Code::DuplicateClause, *span, message)
                    .also(first.span, "first here")
                    .help(help),
            );
        }
    }
}

fn phase(
    checker: &mut Checker,
    node: &ast::Phase,
    span: Span,
    scope: &Scope,
) -> Result<Phase, Wrong> {
    let cohort = node.cohort.as_ref().map(|cohort| {
        let share = expect(checker, &cohort.share, &Type::Number, scope);
        check_share(checker, &share);
        let key = infer(checker, &cohort.key, None, scope);
        let span = key.span;
        (share, call::as_key(checker, key).unwrap_or_else(|wrong| wrong.at(span)))
    });
    let filter = node.filter.as_ref().map(|expr| expect(checker, expr, &Type::Bool, scope));
    let from = constant::time(checker, &node.from, scope.announced)?;
    Ok(Phase { from, effect: node.effect, cohort, filter, span })
}

fn check_share(checker: &mut Checker, share: &Expr) {
    let constant = evaluate::evaluate(share, &checker.names.checked, &checker.names.settings.zone);
    let Ok(Some(constant)) = constant else { return };
    let Some(value) = constant.to_value().and_then(|value| value.rational()) else { return };
    let buckets = Rational::Number(Number::from(i64::from(rulebook_lang::hash::BUCKETS)));
    let is_whole = match value.checked_mul(buckets) {
        Some(Rational::Number(steps)) => steps.to_i64().is_some(),
        _ => false,
    };
    if !(Rational::ZERO..=Rational::Number(Number::ONE)).contains(&value) || !is_whole {
        let message = "a share lies between 0% and 100%, in steps of 0.01%";
        checker
            .sink
            .report(Diagnostic::new(Code::BadShare, share.span, message).help("write it as `20%`"));
    }
}

/// Phases stand in the order of their dates, each date once.
fn check_order(checker: &mut Checker, rule: &Rule) {
    for (earlier, later) in rule.phases.iter().zip(rule.phases.iter().skip(1)) {
        if later.from <= earlier.from {
            let message = "the phases of a rule stand in the order of their dates";
            checker.sink.report(
                Diagnostic::new(Code::PhaseOrder, later.span, message)
                    .label("this begins before (or with) the phase above it")
                    .also(earlier.span, "this phase")
                    .help("put the earlier date first; each date may stand once"),
            );
        }
    }
    if let Some(until) = rule.until {
        for phase in rule.phases.iter().skip(1).filter(|phase| phase.from >= until) {
            let message = "this phase begins when the rule has ended";
            checker.sink.report(
                Diagnostic::new(Code::NeverInForce, phase.span, message)
                    .help("end the rule later, or leave this phase out"),
            );
        }
    }
}

fn check_timeline(checker: &mut Checker, rule: &Rule, span: Span) {
    let (Some(first), Some(until)) = (rule.phases.first(), rule.until) else { return };
    if first.from >= until {
        let message = format!("rule `{}` ends before it begins and is never in force", rule.name);
        checker.sink.report(
            Diagnostic::new(Code::NeverInForce, span, message)
                .also(first.span, "it begins here")
                .help("`until` names the first day on which the rule no longer holds"),
        );
    }
}

fn overrides(
    checker: &mut Checker,
    node: &ast::Rule,
    paths: &[ast::RulePath],
    home: Home<'_>,
) -> Vec<RuleId> {
    let mut overridden = Vec::new();
    for path in paths {
        let owner = path.policy.as_ref().map_or(home.name(), |name| name.text);
        let Some(rules) = home.names.by_owner.get(owner) else {
            report_stranger(checker, path, home);
            continue;
        };
        let Some(name) = &path.rule else {
            let is_itself = |name: &str| owner == home.name() && name == node.name.text;
            let all = rules.iter().filter(|(name, _)| !is_itself(name));
            overridden.extend(all.map(|(_, (id, _))| *id));
            continue;
        };
        match rules.get(name.text) {
            Some((id, _)) => overridden.push(*id),
            None if checker.names.broken.contains(name.text) => {}
            None => report_unknown_rule(checker, owner, name, home),
        }
    }
    overridden.sort();
    overridden.dedup();
    overridden
}

/// The other rules of the policy but for some.
fn all_but(
    checker: &mut Checker,
    node: &ast::Rule,
    paths: &[ast::RulePath],
    home: Home<'_>,
) -> Vec<RuleId> {
    for path in paths {
        let is_own = path.policy.as_ref().is_none_or(|policy| policy.text == home.name());
        if !is_own || path.rule.is_none() {
            let message = "`all but` means the rules of this policy, and names some of them";
            let problem = Diagnostic::new(Code::UnknownRule, path.span, message);
            checker.sink.report(problem.help("write `overrides all but RULE, RULE`"));
        }
    }
    let spared = overrides(checker, node, paths, home);
    let rules = home.names.by_owner.get(home.name()).into_iter().flatten();
    let others = rules.filter(|(name, (id, _))| **name != node.name.text && !spared.contains(id));
    let mut overridden: Vec<_> = others.map(|(_, (id, _))| *id).collect();
    overridden.sort();
    overridden
}

/// Reports a policy in `overrides` that has nothing to do with the rule's own.
fn report_stranger(checker: &mut Checker, path: &ast::RulePath, home: Home<'_>) {
    let Some(other) = path.policy.as_ref().filter(|name| !checker.names.broken.contains(name.text))
    else {
        return;
    };
    let message = match home.overlay() {
        Some(overlay) => {
            let amended = &home.policy.name;
            format!("`{}` is neither `{}` nor `{amended}`", other.text, overlay.name)
        }
        None => format!("`{}` is not this policy", other.text),
    };
    checker.sink.report(Diagnostic::new(Code::UnknownRule, other.span, message).help(
        "a rule overrides rules of its own policy, of what that amends, and of its overlays",
    ));
}

fn report_unknown_rule(checker: &mut Checker, owner: &str, name: &ast::Name, home: Home<'_>) {
    let names = home.names.by_owner.get(owner).into_iter().flatten().map(|(name, _)| *name);
    let elsewhere = home.names.by_owner.iter().find(|(_, rules)| rules.contains_key(name.text));
    let message = format!("policy `{owner}` has no rule `{}`", name.text);
    let help = match elsewhere {
        Some((other, _)) => format!("write `{other}.{}`", name.text),
        None => did_you_mean(name.text, names.clone()).unwrap_or_else(|| {
            let mut names: Vec<_> = names.collect();
            names.sort_unstable();
            format!("it has {}", names.join(", "))
        }),
    };
    checker.sink.report(Diagnostic::new(Code::UnknownRule, name.span, message).help(help));
}

fn require(checker: &mut Checker, node: &ast::Require, scope: &Scope) -> Require {
    let within = node.within.as_ref().map(|expr| {
        let typed = infer(checker, expr, None, scope);
        match &typed.ty {
            Type::Duration | Type::Period | Type::Days | Type::Unknown => typed,
            Type::Optional(_) => report_unguarded(checker, &typed).at(typed.span),
            other => {
                let message = format!("expected a duration, found {}", other.described());
                checker
                    .sink
                    .wrong(
                        Diagnostic::new(Code::WrongUnit, typed.span, message)
                            .help("write it with its unit: `48 hours`"),
                    )
                    .at(typed.span)
            }
        }
    });
    let of = node.of.as_ref().map(|expr| day_or_time(checker, expr, scope));
    let by = node.by.as_ref().map(|expr| {
        let typed = infer(checker, expr, None, scope);
        match typed.ty {
            Type::Duration | Type::Period | Type::Days => {
                let message = format!("`by` names the end, and this is {}", typed.ty.described());
                let help = format!("write `within {}`", checker.names.shown(typed.span));
                let problem = Diagnostic::new(Code::WrongType, typed.span, message).help(help);
                checker.sink.wrong(problem).at(typed.span)
            }
            _ => day_or_time(checker, expr, scope),
        }
    });
    Require { name: node.name.text.to_string(), within, of, by }
}

fn day_or_time(checker: &mut Checker, expr: &ast::Expr, scope: &Scope) -> Expr {
    let typed = infer(checker, expr, None, scope);
    let wanted = match typed.ty.required() {
        Type::Date => Type::Date,
        _ => Type::Time,
    };
    expect(checker, expr, &wanted, scope)
}
