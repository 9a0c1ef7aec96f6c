//! How the parts of an expression are typed, handed to those who check what is made of them.

use super::checker::Checker;
use super::scope::Scope;
use super::typed::Expr;
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

/// What types an expression; the type gives bare names of enums their meaning.
type Infer = fn(&mut Checker, &ast::Expr, Option<&Type>, &Scope) -> Expr;

/// What types an expression that must have a type.
type Expect = fn(&mut Checker, &ast::Expr, &Type, &Scope) -> Expr;

/// Types parts of expressions.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) infer: Infer,
    pub(super) expect: Expect,
}

impl Parts {
    /// The typed form of a part of any type.
    pub(super) fn infer(self, checker: &mut Checker, part: &ast::Expr, scope: &Scope) -> Expr {
        (self.infer)(checker, part, None, scope)
    }

    /// The typed form of a part that must have a type; reports where it has another.
    pub(super) fn expect(
        self,
        checker: &mut Checker,
        part: &ast::Expr,
        ty: &Type,
        scope: &Scope,
    ) -> Expr {
        (self.expect)(checker, part, ty, scope)
    }
}
