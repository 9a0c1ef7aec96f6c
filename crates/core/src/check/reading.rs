//! Checks what policies read of each other's decisions.

use super::circle::circles;
use super::counter::Reader;
use super::infer::Scope;
use super::typed::{DecisionId, Expr, Kind, PolicyId};
use super::{Checker, Named};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_syntax::ast;

/// How many policies may read one behind the other.
const MAX_READINGS: usize = 16;

/// Where a policy reads a decision of another.
pub(super) struct Reading {
    by: PolicyId,
    of: PolicyId,
    span: Span,
}

impl Checker<'_> {
    /// The decision that `policy.decision` means, for the record of the policy in which it stands.
    pub(super) fn decision_of(&mut self, path: &ast::Path, scope: &Scope) -> Expr {
        let wrong = Expr::wrong(path.span);
        let Some((first, rest)) = path.names.split_first() else { return wrong };
        let of = match self.names.get(first.text) {
            Some((Named::Policy(of), _)) => *of,
            Some((Named::Overlay(amended), _)) => {
                let message = format!("`{}` only amends `{amended}`", first.text);
                let name = rest.first().map_or("…", |name| name.text);
                let help = format!("read the policy's decision: `{amended}.{name}`");
                let code = Code::UnknownDecision;
                self.report(Diagnostic::new(code, first.span, message).help(help));
                return wrong;
            }
            _ => return wrong,
        };
        let (Some(by), Some(record)) = (scope.policy, scope.record) else {
            self.report_no_record(path, scope);
            return wrong;
        };
        self.readings.push(Reading { by, of, span: path.span });
        // The policy at hand is not among them; the circle is told.
        let Some(Some(policy)) = self.policies.get(of.index()) else { return wrong };
        if policy.record != record {
            let judges = |id: super::typed::RecordId| {
                self.checked.records.get(id.index()).map(|record| record.name.clone())
            };
            let (theirs, own) = (judges(policy.record), judges(record));
            let message = format!(
                "policy `{}` judges `{}`, not `{}`",
                first.text,
                theirs.unwrap_or_default(),
                own.unwrap_or_default()
            );
            self.report(
                Diagnostic::new(Code::WrongType, path.span, message)
                    .help("only policies for the same record can be read"),
            );
            return wrong;
        }
        let [name] = rest else {
            let message = "a decision has no fields";
            self.error(Code::UnknownField, path.span, message);
            return wrong;
        };
        let found = policy.decisions.iter().position(|decision| decision.name == name.text);
        let Some((at, decision)) = found.and_then(|at| Some((at, policy.decisions.get(at)?)))
        else {
            self.report_no_decision(of, first, name);
            return wrong;
        };
        let kind = Kind::Decision(of, DecisionId::at(at));
        let read = Expr { span: path.span, ty: decision.read_type(), kind };
        let ty = if scope.knows_value(&read) { read.ty.required().clone() } else { read.ty };
        Expr { ty, ..read }
    }

    /// Reports a decision that is read where no record is judged.
    fn report_no_record(&mut self, path: &ast::Path, scope: &Scope) {
        let (message, help) = match scope.constant {
            true => (
                "a decision is not known before a record is judged",
                "write a literal, or a calculation of literals".to_string(),
            ),
            false if scope.reader == Reader::Counter => {
                ("a counter reads no decisions", "count by what the record says".to_string())
            }
            false => (
                "a function reads no decisions",
                format!("hand it over as an argument: `…({})`", self.shown(path.span)),
            ),
        };
        self.report(Diagnostic::new(Code::NotConstant, path.span, message).help(help));
    }

    fn report_no_decision(&mut self, of: PolicyId, policy: &ast::Name, name: &ast::Name) {
        if self.broken.contains(name.text) {
            return;
        }
        let decisions = self.policies.get(of.index()).into_iter().flatten();
        let decisions = decisions.flat_map(|policy| &policy.decisions);
        let names = decisions.map(|decision| decision.name.as_str());
        let help = did_you_mean(name.text, names.clone())
            .unwrap_or_else(|| format!("it decides {}", names.collect::<Vec<_>>().join(", ")));
        let message = format!("policy `{}` does not decide `{}`", policy.text, name.text);
        self.report(Diagnostic::new(Code::UnknownDecision, name.span, message).help(help));
    }

    /// Reports policies that read each other in a circle, or one behind the other too often.
    pub(super) fn check_readings(&mut self) {
        let mut edges: Vec<Vec<(usize, Span)>> = vec![Vec::new(); self.policies.len()];
        for Reading { by, of, span } in &self.readings {
            let own = edges.get_mut(by.index());
            own.into_iter().for_each(|own| own.push((of.index(), *span)));
        }
        let from = |at: usize| edges.get(at).map_or([].as_slice(), Vec::as_slice);
        let next = |at: usize, visit: &mut dyn FnMut(usize)| {
            from(at).iter().for_each(|(target, _)| visit(*target));
        };
        let circles = circles(edges.len(), &next);
        for circle in &circles {
            self.report_circle(circle, &from);
        }
        if circles.is_empty() {
            self.check_readings_depth(&edges);
        }
    }

    fn report_circle<'e>(&mut self, circle: &[usize], from: &dyn Fn(usize) -> &'e [(usize, Span)]) {
        let name = |at: usize| {
            let policy = self.policies.get(at).into_iter().flatten().next();
            policy.map(|policy| policy.name.clone()).unwrap_or_default()
        };
        let behind = circle.iter().skip(1).chain(circle.first());
        let steps = circle.iter().zip(behind).filter_map(|(by, of)| {
            let (_, span) = from(*by).iter().find(|(target, _)| target == of)?;
            Some((format!("`{}` reads `{}`", name(*by), name(*of)), *span))
        });
        let steps: Vec<_> = steps.collect();
        let Some(((first, span), others)) = steps.split_first() else { return };
        let (message, help) = match circle {
            [own] => (
                format!("policy `{}` reads its own decision", name(*own)),
                "rules do not see what others decide; use `overrides`, or say it with `when`",
            ),
            [start, ..] => {
                let names = circle.iter().chain([start]).map(|at| format!("`{}`", name(*at)));
                let names: Vec<_> = names.collect();
                let told = names.join(" reads ");
                (
                    format!("policies read each other in a circle: {told}"),
                    "drop one of them; what is read must be decided first",
                )
            }
            [] => return,
        };
        let diagnostic = Diagnostic::new(Code::PolicyCycle, *span, message).label(first).help(help);
        let diagnostic = others.iter().fold(diagnostic, |all, (told, span)| all.also(*span, told));
        self.report(diagnostic);
    }

    /// Reports the reading from which more policies than allowed stand one behind the other; there
    /// are no circles.
    fn check_readings_depth(&mut self, edges: &[Vec<(usize, Span)>]) {
        let mut depths = vec![0_usize; edges.len()];
        for _ in 0..=MAX_READINGS {
            let before = depths.clone();
            for (depth, own) in depths.iter_mut().zip(edges) {
                let below = own.iter().filter_map(|(target, _)| before.get(*target)).max();
                *depth = below.map_or(0, |below| below + 1);
            }
            if before == depths {
                return;
            }
        }
        let too_deep = depths.iter().position(|depth| *depth > MAX_READINGS);
        let reading = too_deep.and_then(|at| {
            let own = edges.get(at)?.iter();
            own.max_by_key(|(target, _)| depths.get(*target)).map(|(_, span)| *span)
        });
        if let Some(span) = reading {
            let message =
                format!("more than {MAX_READINGS} policies read one behind the other from here on");
            self.report(
                Diagnostic::new(Code::TooDeep, span, message)
                    .help("decide some of it in one policy"),
            );
        }
    }
}
