//! How conditions and outcomes are written, kept for those who explain them: what `and`, `or` and `not`
//! join, and what has a value that neither a field nor a literal says. Nodes alone do not tell: equal ones
//! are one, and functions are written out.

use super::Lowering;
use crate::check::typed::{ComprehensionKind, Expr, Kind, Root};
use crate::program::{Clause, Each, Form, Node, NodeId, Operand};
use rulebook_base::source::Span;
use rulebook_lang::kernel::Kernel;
use rulebook_lang::model::Type;

/// The nodes of what is written in one expression, by their places.
#[derive(Default)]
pub(super) struct Written {
    /// The expression; what a function writes elsewhere is no part of it.
    whole: Option<Span>,
    nodes: Vec<(Span, NodeId)>,
}

impl Written {
    fn begin(&mut self, whole: Span) {
        self.whole = Some(whole);
        self.nodes.clear();
    }

    /// Notes the node of an expression.
    pub(super) fn note(&mut self, span: Span, node: NodeId) {
        let is_within = self.whole.is_some_and(|whole| {
            whole.file == span.file && whole.start <= span.start && span.end <= whole.end
        });
        if is_within {
            self.nodes.push((span, node));
        }
    }

    /// What is lowered from here on is written elsewhere.
    fn end(&mut self) {
        self.whole = None;
        // What encloses another at the same place is lowered later, and stays behind it.
        self.nodes.sort_by_key(|(span, _)| *span);
    }

    fn node_at(&self, span: Span) -> Option<NodeId> {
        let behind = self.nodes.partition_point(|(at, _)| *at <= span);
        let (at, node) = self.nodes.get(behind.checked_sub(1)?)?;
        (*at == span).then_some(*node)
    }
}

impl Lowering<'_, '_> {
    /// A condition, with what it is made of.
    pub(super) fn clause(&mut self, expr: &Expr) -> Clause {
        self.written.begin(expr.span);
        let node = self.node(expr);
        self.written.end();
        Clause { node, span: expr.span, form: self.form(expr), lets: expr.lets() }
    }

    /// An outcome; what it is calculated from is added to `operands`.
    pub(super) fn outcome(&mut self, expr: &Expr, operands: &mut Vec<Operand>) -> NodeId {
        if expr.constant().is_some() {
            return self.node(expr);
        }
        self.written.begin(expr.span);
        let node = self.node(expr);
        self.written.end();
        self.within(expr, operands);
        node
    }

    fn form(&self, expr: &Expr) -> Form {
        let whole = match &expr.kind {
            Kind::And(parts) => self.parts(parts).map(Form::AllOf),
            Kind::Or(parts) => self.parts(parts).map(Form::OneOf),
            Kind::Not(inner) => match self.part(inner) {
                Some(Clause { form: Form::Test(operands), .. }) => Some(Form::Test(operands)),
                part => part.map(|part| Form::Not(Box::new(part))),
            },
            Kind::Comprehension(inner) => match (inner.kind, &inner.body) {
                (ComprehensionKind::Any, Some(body)) => self.each(expr, (&inner.list, body), true),
                (ComprehensionKind::All, Some(body)) => self.each(expr, (&inner.list, body), false),
                _ => None,
            },
            _ => None,
        };
        whole.unwrap_or_else(|| {
            let mut operands = Vec::new();
            self.within(expr, &mut operands);
            Form::Test(operands)
        })
    }

    fn parts(&self, exprs: &[Expr]) -> Option<Vec<Clause>> {
        exprs.iter().map(|expr| self.part(expr)).collect()
    }

    fn part(&self, expr: &Expr) -> Option<Clause> {
        let node = self.written.node_at(expr.span)?;
        Some(Clause { node, span: expr.span, form: self.form(expr), lets: expr.lets() })
    }

    fn each(&self, whole: &Expr, (list, body): (&Expr, &Expr), settled_by: bool) -> Option<Form> {
        let (list, body) = (self.written.node_at(list.span)?, self.part(body)?);
        let mut operands = Vec::new();
        self.within(whole, &mut operands);
        Some(Form::Each(Box::new(Each { list, operands, settled_by, body })))
    }

    /// What an expression is calculated from, the innermost first. What differs from element to element of
    /// a list is no part of that.
    fn within(&self, expr: &Expr, into: &mut Vec<Operand>) {
        match &expr.kind {
            Kind::Comprehension(inner) => self.operand(&inner.list, expr, into),
            Kind::Choice(..) => {}
            _ => expr.children(&mut |child| self.operand(child, expr, into)),
        }
    }

    fn operand(&self, expr: &Expr, around: &Expr, into: &mut Vec<Operand>) {
        self.within(expr, into);
        let has_own_value = match &expr.kind {
            Kind::Place(place) => place.root != Root::Record,
            Kind::Call(signature, _) => !continues(&signature.kernel, around),
            Kind::Coalesce(..)
            | Kind::Try(_)
            | Kind::Choice(..)
            | Kind::Apply(..)
            | Kind::Let(..)
            | Kind::LookUp(..)
            | Kind::Field(..)
            | Kind::Items(_)
            | Kind::Rows(..)
            | Kind::Comprehension(_) => true,
            _ => false,
        };
        if !has_own_value || expr.span == around.span || is_composite(&expr.ty) {
            return;
        }
        let Some(node) = self.written.node_at(expr.span) else { return };
        if !matches!(self.program.node(node), Node::Constant(_) | Node::Pattern(_)) {
            into.push(Operand { node, span: expr.span, ty: expr.ty.clone() });
        }
    }
}

/// Whether an operation is a part of a longer one of the same kind: `a + b` of `a + b + c`.
fn continues(kernel: &Kernel, around: &Expr) -> bool {
    matches!(&around.kind, Kind::Call(signature, _) if signature.kernel == *kernel)
}

fn is_composite(ty: &Type) -> bool {
    matches!(ty.required(), Type::Record(_) | Type::Unknown)
}
