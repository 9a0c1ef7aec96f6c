//! Values that must be known at load: defaults, parameters, list items and the dates of phases.

use super::Checker;
use super::infer::Scope;
use super::typed::{Checked, Constant, Expr, Kind};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::kernel::{Context, Problem};
use rulebook_lang::model::{Date, Time, Type, Value, Zone, start_of_day};
use rulebook_syntax::ast;

impl Checker<'_> {
    /// The constant that an expression of this type gives; reports where it is none.
    pub(super) fn constant_of(
        &mut self,
        expr: &ast::Expr,
        ty: &Type,
        what: &str,
    ) -> Option<Constant> {
        let scope = Scope { constant: true, ..Scope::default() };
        let typed = self.expect(expr, ty.required(), &scope);
        self.evaluated(&typed, what)
    }

    /// The instant that a date or time known at load gives; `announced` may stand in it.
    pub(super) fn constant_time(
        &mut self,
        expr: &ast::Expr,
        announced: Option<Date>,
    ) -> Option<Time> {
        let scope = Scope { constant: true, announced, ..Scope::default() };
        let typed = self.infer(expr, None, &scope);
        match self.evaluated(&typed, "a date")? {
            Constant::Time(time) => Some(time),
            Constant::Date(date) => start_of_day(date, &self.settings.zone),
            _ => {
                let message = format!("expected a date, found {}", typed.ty.described());
                self.report(
                    Diagnostic::new(Code::WrongType, typed.span, message)
                        .help("write a day such as `2024-08-09`"),
                );
                None
            }
        }
    }

    pub(super) fn evaluated(&mut self, typed: &Expr, what: &str) -> Option<Constant> {
        let mut wrong = typed.ty.is_unknown();
        typed.walk(&mut |inner| wrong |= matches!(inner.kind, Kind::Wrong));
        if wrong {
            return None;
        }
        match evaluate(typed, &self.checked, &self.settings.zone) {
            Ok(Some(constant)) => Some(constant),
            Ok(None) => {
                let message = format!("{what} must be known before any record is judged");
                self.report(
                    Diagnostic::new(Code::NotConstant, typed.span, message)
                        .help("write a literal, or a calculation of literals"),
                );
                None
            }
            Err(problem) => {
                let message = format!("this has no value: {problem}");
                self.error(Code::BadLiteral, typed.span, message);
                None
            }
        }
    }
}

/// The constant that an expression gives, or `None` if it depends on a record or a date.
///
/// # Errors
/// When the calculation of constants itself has no result.
pub(super) fn evaluate(
    expr: &Expr,
    checked: &Checked,
    zone: &Zone,
) -> Result<Option<Constant>, Problem> {
    match &expr.kind {
        Kind::Constant(constant) => Ok(Some(constant.clone())),
        Kind::Parameter(id) => {
            let values = checked.parameters.get(id.index()).map(|p| p.values.as_slice());
            Ok(match values {
                Some([(None, only)]) => Some(only.clone()),
                _ => None,
            })
        }
        Kind::Call(signature, operands) => {
            let mut constants = Vec::new();
            for operand in operands {
                match evaluate(operand, checked, zone)? {
                    Some(constant) => constants.push(constant),
                    None => return Ok(None),
                }
            }
            let values: Option<Vec<Value<'_>>> = constants.iter().map(Constant::to_value).collect();
            let Some(values) = values else { return Ok(None) };
            let result = signature.kernel.run(&values, &Context { zone })?;
            Ok(Constant::from_value(&result))
        }
        _ => Ok(None),
    }
}
