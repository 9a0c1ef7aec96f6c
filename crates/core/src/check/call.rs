//! Calls: functions of the language and of the rulebook.

use std::collections::HashMap;

use super::infer::Scope;
use super::typed::{Constant, Expr, FunctionId, Kind};
use super::{Checker, Named};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::figures::counted;
use rulebook_lang::function::{self, Function};
use rulebook_lang::model::{Number, Pattern, PatternError, Type};
use rulebook_lang::signature::{Shape, Signature, select, select_read};
use rulebook_syntax::ast;

/// The most memory that the patterns of a rulebook may take, and each of them, in bytes.
const MOST_BYTES: usize = 32 << 20;
const LARGEST: usize = 16 << 20;

/// So much may be built of patterns, of those that are refused too: building takes time.
const MOST_BUILT: usize = 2 * MOST_BYTES;

/// What is counted at least for one that is refused.
const TRYING: usize = 64 << 10;

/// The patterns compiled so far.
#[derive(Default)]
pub(super) struct Patterns {
    known: HashMap<String, Pattern>,
    bytes: usize,
    /// The memory that was filled, for those that were refused too.
    built: usize,
    /// Whether it has been told that they take too much together.
    full: bool,
}

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        name: &ast::Name,
        arguments: &[ast::Expr],
        output: Option<&ast::Name>,
        span: Span,
        scope: &Scope,
    ) -> Expr {
        if let Some((Named::Table(id), _)) = self.names.get(name.text) {
            return self.look_up(*id, name, arguments, output, span, scope);
        }
        if let Some(output) = output {
            let message = format!("`{}` is no table, and has no outputs to choose from", name.text);
            self.report(Diagnostic::new(Code::UnknownField, output.span, message));
            return Expr::wrong(span);
        }
        if let Some(function) = function::find(name.text) {
            return self.call_builtin(function, name, arguments, span, scope);
        }
        if let Some((Named::Function(id), _)) = self.names.get(name.text) {
            let id = *id;
            self.mark_used(name.text);
            return self.call_function(id, name, arguments, span, scope);
        }
        if !self.broken.contains(name.text) {
            let builtin = function::all().map(|function| function.name);
            let own = self.checked.functions.iter().map(|function| function.name.as_str());
            let tables = self.checked.tables.iter().map(|table| table.name.as_str());
            let help = did_you_mean(name.text, builtin.chain(own).chain(tables));
            let message = format!("there is no function `{}`", name.text);
            self.report(
                Diagnostic::new(Code::UnknownFunction, name.span, message).maybe_help(help),
            );
        }
        Expr::wrong(span)
    }

    fn call_builtin(
        &mut self,
        function: &'static Function,
        name: &ast::Name,
        arguments: &[ast::Expr],
        span: Span,
        scope: &Scope,
    ) -> Expr {
        let mut typed: Vec<_> = arguments.iter().map(|a| self.infer(a, None, scope)).collect();
        let found = self.select_builtin(function, &mut typed);
        let Some((signature, ty)) = found else {
            let optional = typed.iter().find(|argument| argument.ty.is_optional()).cloned();
            if let Some(argument) = optional {
                self.report_unguarded(&argument);
            } else {
                let takes: Vec<_> = function
                    .signatures
                    .iter()
                    .map(|s| format!("`{}`", s.described(function.name)))
                    .collect();
                let given: Vec<_> = typed.iter().map(|argument| argument.ty.to_string()).collect();
                let message = format!("`{}` does not take ({})", name.text, given.join(", "));
                self.report(
                    Diagnostic::new(Code::WrongArguments, span, message)
                        .help(format!("it takes {}", takes.join(" or "))),
                );
            }
            return Expr::wrong(span);
        };
        if typed.iter().any(|argument| argument.ty.is_unknown()) {
            return Expr::wrong(span);
        }
        for (shape, argument) in signature.parameters.iter().zip(&mut typed) {
            match shape {
                Shape::Pattern => self.compile_pattern(argument),
                Shape::Key if argument.ty != Type::Text => {
                    let inner = std::mem::replace(argument, Expr::wrong(span));
                    *argument = self.as_key(inner);
                }
                _ => {}
            }
        }
        if signature.minor_digits {
            let digits = match typed.first().map(|argument| &argument.ty) {
                Some(Type::Money(currency)) => currency.minor_digits(),
                _ => 0,
            };
            let kind = Kind::Constant(Constant::Number(Number::from(u64::from(digits))));
            typed.push(Expr { span, ty: Type::Number, kind });
        }
        Expr { span, ty, kind: Kind::Call(signature, typed) }
    }

    /// The signature that fits; a text literal may stand for a value of a type without its own.
    fn select_builtin(
        &mut self,
        function: &'static Function,
        typed: &mut [Expr],
    ) -> Option<(&'static Signature, Type)> {
        if let Some(found) = select(function.signatures, typed.iter().map(|a| &a.ty)) {
            return Some(found);
        }
        let is_text = |own: &Expr| matches!(own.constant(), Some(Constant::Text(_)));
        let arguments = typed.iter().map(|own| (&own.ty, is_text(own)));
        let (signature, ty, read) = select_read(function.signatures, arguments)?;
        for argument in typed {
            if let Some(Constant::Text(text)) = argument.constant() {
                *argument = self.quoted(&text.clone(), read, argument.span);
            }
        }
        Some((signature, ty))
    }

    fn compile_pattern(&mut self, argument: &mut Expr) {
        let Some(Constant::Text(text)) = argument.constant() else {
            let message = "the pattern must be a text written here";
            self.error(Code::NotConstant, argument.span, message);
            return;
        };
        if let Some(known) = self.patterns.known.get(text) {
            argument.kind = Kind::Constant(Constant::Pattern(known.clone()));
            return;
        }
        if self.patterns.built >= MOST_BUILT {
            // Some were refused; the others are looked at when those have gone.
            return;
        }
        let left = MOST_BYTES.saturating_sub(self.patterns.bytes);
        let most = left.min(LARGEST);
        match Pattern::new(text, most) {
            Ok(pattern) => {
                self.patterns.bytes += pattern.bytes();
                self.patterns.built += pattern.bytes();
                self.patterns.known.insert(text.clone(), pattern.clone());
                argument.kind = Kind::Constant(Constant::Pattern(pattern));
            }
            Err(PatternError::Malformed(reason)) => {
                let message = format!("this pattern is malformed: {reason}");
                self.error(Code::BadPattern, argument.span, message);
            }
            Err(PatternError::TooLarge) => {
                // A full total is used up by trying, too.
                self.patterns.built += most.max(TRYING);
                let is_alone = left >= LARGEST;
                // Where there is no room for one, there is none for others like it.
                if !is_alone && std::mem::replace(&mut self.patterns.full, true) {
                    return;
                }
                let [most, largest] = [MOST_BYTES, LARGEST].map(|bytes| bytes >> 20);
                let message = match is_alone {
                    true => format!("this pattern takes more than {largest} MB of memory"),
                    false => format!(
                        "with this pattern, those of the rulebook take more than {most} MB of memory"
                    ),
                };
                self.report(Diagnostic::new(Code::LargePatterns, argument.span, message).help(
                    "repeat less: `{100}` takes a hundred times what is repeated, most of all classes \
                     of many letters, such as `\\w` and `\\p{L}`; `len` tells how long a text is",
                ));
            }
        }
    }

    /// A value as the text that cohorts are drawn by; reports what cannot be one.
    pub(super) fn as_key(&mut self, value: Expr) -> Expr {
        match &value.ty {
            Type::Text | Type::Unknown => value,
            Type::Number | Type::Enum(_) => {
                Expr { span: value.span, ty: Type::Text, kind: Kind::Key(Box::new(value)) }
            }
            Type::Optional(_) => {
                self.report_unguarded(&value);
                Expr::wrong(value.span)
            }
            other => {
                let message = format!("{} cannot draw a cohort", other.described());
                self.report(
                    Diagnostic::new(Code::WrongType, value.span, message)
                        .help("draw it by a text, a number or an enum, such as `merchant.id`"),
                );
                Expr::wrong(value.span)
            }
        }
    }

    fn call_function(
        &mut self,
        id: FunctionId,
        name: &ast::Name,
        arguments: &[ast::Expr],
        span: Span,
        scope: &Scope,
    ) -> Expr {
        let Some(function) = self.checked.functions.get(id.index()) else {
            return Expr::wrong(span);
        };
        let result = function.result.clone();
        let types: Vec<_> = function.arguments.iter().map(|(_, ty)| ty.clone()).collect();
        if types.len() != arguments.len() {
            let takes: Vec<_> = types.iter().map(ToString::to_string).collect();
            let message = format!(
                "`{}` takes {}, not {}",
                name.text,
                counted(types.len(), "argument"),
                arguments.len()
            );
            self.report(
                Diagnostic::new(Code::WrongArguments, span, message)
                    .help(format!("it takes ({})", takes.join(", "))),
            );
            return Expr::wrong(span);
        }
        let typed: Vec<_> =
            arguments.iter().zip(&types).map(|(a, ty)| self.expect(a, ty, scope)).collect();
        if typed.iter().any(|argument| argument.ty.is_unknown()) {
            return Expr::wrong(span);
        }
        Expr { span, ty: result, kind: Kind::Apply(id, typed) }
    }
}
