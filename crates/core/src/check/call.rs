//! Calls: functions of the language and of the rulebook.

use super::checker::Checker;
use super::field;
use super::foreign;
use super::infer::{expect, infer, quoted};
use super::misfit::{report_row, report_unguarded};
use super::money;
use super::names::Named;
use super::number::{self, Parted};
use super::pattern::Refused;
use super::scope::Scope;
use super::sink::Wrong;
use super::table::look_up::{Given, look_up};
use super::typed::{ComprehensionKind, Constant, Expr, FunctionId, Kind, TableId};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::figures::counted;
use rulebook_lang::function::{self, Function};
use rulebook_lang::model::{Currency, Number, Type, is_form};
use rulebook_lang::signature::{Shape, Signature, select, select_read};
use rulebook_syntax::ast::{self, ExprKind};

pub(super) fn call(
    checker: &mut Checker,
    name: &ast::Name,
    arguments: &[ast::Expr],
    output: Option<&ast::Name>,
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    number::grouped(checker, arguments, Parted::List);
    if let Some(Named::Table(id)) = checker.names.get(name.text) {
        return call_table(checker, *id, name, arguments, output, span, scope);
    }
    if let Some(output) = output {
        let inner = Span { end: output.span.start.saturating_sub(1), ..span };
        let given = call(checker, name, arguments, None, inner, scope)?;
        return field::fields_of(checker, given, std::slice::from_ref(output), span, scope);
    }
    let is_own = matches!(checker.names.get(name.text), Some(Named::Function(_)));
    let builtin = function::find(name.text).filter(|_| !is_own || function::is_reserved(name.text));
    if let Some(function) = builtin {
        return call_builtin(checker, function, name, arguments, span, scope);
    }
    if let Some(Named::Function(id)) = checker.names.get(name.text) {
        checker.sink.mark_used(name.text);
        return call_function(checker, *id, name, arguments, span, scope);
    }
    if checker.names.broken.contains(name.text) {
        return Err(Wrong::reported());
    }
    if let Some(Named::Record(id, _)) = checker.names.get(name.text) {
        let fields = checker.names.record(*id).fields.iter();
        let fields: Vec<_> = fields.map(|field| format!("{}: …", field.name)).collect();
        let message = format!("`{}` is a record, and is no function", name.text);
        let help = format!("write it with its fields: `{} {{ {} }}`", name.text, fields.join(", "));
        let problem = Diagnostic::new(Code::UnknownFunction, name.span, message);
        return Err(checker.sink.wrong(problem.help(help)));
    }
    let builtin = function::all().map(|function| function.name);
    let declared = checker.names.checked.functions.iter().map(|function| function.name.as_str());
    let tables = checker.names.checked.tables.iter().map(|table| table.name.as_str());
    let arguments = written(checker, arguments);
    let help = foreign::function_help(name.text, &arguments)
        .or_else(|| did_you_mean(name.text, builtin.chain(declared).chain(tables)));
    let message = match ComprehensionKind::from_name(name.text) {
        Some(_) => format!("`{}` needs a name for the elements of a list", name.text),
        None => format!("there is no function `{}`", name.text),
    };
    let problem = Diagnostic::new(Code::UnknownFunction, name.span, message);
    Err(checker.sink.wrong(problem.maybe_help(help)))
}

fn call_builtin(
    checker: &mut Checker,
    function: &'static Function,
    name: &ast::Name,
    arguments: &[ast::Expr],
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let arguments_of = arguments.iter().enumerate();
    let mut typed: Vec<_> = arguments_of
        .map(|(at, argument)| match function.takes_at(at, Shape::Unit) {
            true => unit(checker, argument, scope),
            false => infer(checker, argument, None, scope),
        })
        .collect();
    if function::REPEATED.contains(&function.name) {
        typed = repeated(function, typed);
    }
    let found = select_builtin(checker, function, &mut typed);
    let Some((signature, ty)) = found else {
        if typed.iter().any(|argument| argument.ty.is_unknown()) {
            return Err(Wrong::reported());
        }
        if let Some(argument) = typed.iter().find(|argument| argument.ty.is_optional()) {
            return Err(report_unguarded(checker, argument));
        }
        if let Some(wrong) = report_row(checker, &typed, None) {
            return Err(wrong);
        }
        let wants = format!("`{}` wants to know which", name.text);
        let takes_any = function.takes(Shape::Amount);
        if !takes_any && let Some(wrong) = money::report_unproved(checker, &typed, &wants, None) {
            return Err(wrong);
        }
        let signatures = function.signatures.iter();
        let takes: Vec<_> = signatures
            .map(|signature| format!("`{}`", signature.described(function.name)))
            .collect();
        let given: Vec<_> = typed.iter().map(|argument| argument.ty.to_string()).collect();
        let message = format!("`{}` does not take ({})", name.text, given.join(", "));
        let arguments = written(checker, arguments);
        let help = foreign::arguments_help(name.text, &typed, &arguments)
            .unwrap_or_else(|| format!("it takes {}", takes.join(" or ")));
        let problem = Diagnostic::new(Code::WrongArguments, span, message).help(help);
        return Err(checker.sink.wrong(problem));
    };
    if typed.iter().any(|argument| argument.ty.is_unknown()) {
        return Err(Wrong::reported());
    }
    for (shape, argument) in signature.parameters.iter().zip(&mut typed) {
        match shape {
            Shape::Pattern => compile_pattern(checker, argument),
            Shape::Zone => zone(checker, argument),
            Shape::Format => {
                let timed = signature.result == Shape::Maybe(&Shape::Time);
                check_form(checker, argument, timed);
            }
            Shape::Amount => {
                let money = std::mem::replace(argument, Wrong::reported().at(span));
                *argument = money::amount(money);
            }
            Shape::Key if argument.ty != Type::Text => {
                let inner = std::mem::replace(argument, Wrong::reported().at(span));
                let span = inner.span;
                *argument = as_key(checker, inner).unwrap_or_else(|wrong| wrong.at(span));
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
    let read = Expr { span, ty, kind: Kind::Call(signature, typed) };
    match read.ty.is_optional() && scope.knows_value(&read) {
        true => Ok(Expr { ty: read.ty.required().clone(), ..read }),
        false => Ok(read),
    }
}

/// The currency whose code an expression is, as an amount of one of its units.
fn unit(checker: &mut Checker, expr: &ast::Expr, scope: &Scope) -> Expr {
    let shown = checker.names.shown(expr.span);
    if let (ExprKind::Path(_), true) = (&expr.kind, checker.names.is_bare_member(expr, scope)) {
        if let Some(currency) = Currency::from_code(&shown) {
            let kind = Kind::Constant(Constant::Number(Number::ONE));
            return Expr { span: expr.span, ty: Type::Money(currency), kind };
        }
        let message = format!("`{shown}` is no currency");
        let problem = Diagnostic::new(Code::UnknownMember, expr.span, message);
        return checker.sink.wrong(problem.help(money::code_help(&shown))).at(expr.span);
    }
    let typed = infer(checker, expr, None, scope);
    if typed.ty.is_unknown() {
        return typed;
    }
    let message = format!("`{shown}` is no currency that is known here");
    let help =
        "write a code, such as `CNY`; for several currencies choose: `if … == CNY then … else …`";
    checker
        .sink
        .wrong(Diagnostic::new(Code::UnprovedCurrency, expr.span, message).help(help))
        .at(expr.span)
}

/// Arguments as they are written.
fn written(checker: &Checker, arguments: &[ast::Expr]) -> Vec<String> {
    arguments.iter().map(|argument| checker.names.shown(argument.span)).collect()
}

/// The signature that fits; a text literal may stand for a value of a type without its own.
fn select_builtin(
    checker: &mut Checker,
    function: &'static Function,
    typed: &mut [Expr],
) -> Option<(&'static Signature, Type)> {
    if let Some(found) = select(function.signatures, typed.iter().map(|argument| &argument.ty)) {
        return Some(found);
    }
    let is_text = |argument: &Expr| matches!(argument.constant(), Some(Constant::Text(_)));
    let arguments = typed.iter().map(|argument| (&argument.ty, is_text(argument)));
    let (signature, ty, read) = select_read(function.signatures, arguments)?;
    for (shape, argument) in signature.parameters.iter().zip(typed) {
        if let Some(Constant::Text(text)) = argument.constant()
            && shape.ty() == Some(read)
        {
            *argument = quoted(checker, &text.clone(), read, argument.span);
        }
    }
    Some((signature, ty))
}

/// The arguments of a function of two values as two: those that stand before the last are taken together,
/// as far as they fit.
fn repeated(function: &'static Function, arguments: Vec<Expr>) -> Vec<Expr> {
    let mut taken: Vec<Expr> = Vec::new();
    for argument in arguments {
        let pair = match taken.as_slice() {
            [before, last] => {
                let span = before.span.to(last.span);
                let found = select(function.signatures, [&before.ty, &last.ty]);
                found.map(|(signature, ty)| (signature, ty, span))
            }
            _ => None,
        };
        if let Some((signature, ty, span)) = pair {
            let kind = Kind::Call(signature, std::mem::take(&mut taken));
            taken.push(Expr { span, ty, kind });
        }
        taken.push(argument);
    }
    taken
}

/// Reports a zone that is written here and is none.
fn zone(checker: &mut Checker, argument: &Expr) {
    let Some(Constant::Text(name)) = argument.constant() else { return };
    if rulebook_lang::model::zone(name).is_some() {
        return;
    }
    let message = format!("there is no time zone \"{name}\"");
    let help = zone_help(name);
    checker.sink.report(Diagnostic::new(Code::BadLiteral, argument.span, message).help(help));
}

/// What to write instead of a zone that there is not.
pub(super) fn zone_help(name: &str) -> String {
    match rulebook_lang::model::nearest_zone(name) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "zones are named by continent and city: \"Europe/Paris\", \"America/New_York\", \
                 \"UTC\""
            .to_string(),
    }
}

/// Reports a form of days or times by which no text would be read.
fn check_form(checker: &mut Checker, argument: &Expr, timed: bool) {
    let problem = match argument.constant() {
        Some(Constant::Text(form)) if is_form(form, timed) => return,
        Some(Constant::Text(form)) => {
            let what = if timed { "a time" } else { "a day" };
            let message = format!("\"{form}\" is no form of {what}");
            Diagnostic::new(Code::BadLiteral, argument.span, message)
        }
        _ => {
            let message = "the form must be a text written here";
            Diagnostic::new(Code::NotConstant, argument.span, message)
        }
    };
    let help = match timed {
        true => "write day, month, year, hour and minute where they stand: `\"%d/%m/%Y %H:%M\"`",
        false => "write day, month and year where they stand: `\"%d/%m/%Y\"`",
    };
    checker.sink.report(problem.help(help));
}

fn compile_pattern(checker: &mut Checker, argument: &mut Expr) {
    let Some(Constant::Text(text)) = argument.constant() else {
        let message = "the pattern must be a text written here";
        checker.sink.error(Code::NotConstant, argument.span, message);
        return;
    };
    match checker.sink.patterns.compile(text) {
        Ok(pattern) => argument.kind = Kind::Constant(Constant::Pattern(pattern)),
        Err(Refused::Malformed(reason)) => {
            let message = format!("this pattern is malformed: {reason}");
            checker.sink.error(Code::BadPattern, argument.span, message);
        }
        Err(Refused::Large(message)) => {
            let problem = Diagnostic::new(Code::LargePatterns, argument.span, message);
            checker.sink.report(problem.help(
                "repeat less: `{100}` takes a hundred times what is repeated, most of all classes \
                 of many letters, such as `\\w` and `\\p{L}`; `len` tells how long a text is",
            ));
        }
        Err(Refused::Later) => {}
    }
}

/// A value as the text that cohorts are drawn by; reports what cannot be one.
pub(super) fn as_key(checker: &mut Checker, value: Expr) -> Result<Expr, Wrong> {
    match &value.ty {
        Type::Text | Type::Unknown => Ok(value),
        Type::Number | Type::Enum(_) => {
            Ok(Expr { span: value.span, ty: Type::Text, kind: Kind::Key(Box::new(value)) })
        }
        Type::Optional(_) => Err(report_unguarded(checker, &value)),
        other => {
            let message = format!("{} cannot draw a cohort", other.described());
            Err(checker.sink.wrong(
                Diagnostic::new(Code::WrongType, value.span, message)
                    .help("draw it by a text, a number or an enum, such as `merchant.id`"),
            ))
        }
    }
}

fn call_function(
    checker: &mut Checker,
    id: FunctionId,
    name: &ast::Name,
    arguments: &[ast::Expr],
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let function = &checker.names.checked.functions[id];
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
        return Err(checker.sink.wrong(
            Diagnostic::new(Code::WrongArguments, span, message)
                .help(format!("it takes ({})", takes.join(", "))),
        ));
    }
    let typed: Vec<_> = arguments
        .iter()
        .zip(&types)
        .map(|(argument, ty)| expect(checker, argument, ty, scope))
        .collect();
    if typed.iter().any(|argument| argument.ty.is_unknown()) {
        return Err(Wrong::reported());
    }
    Ok(Expr { span, ty: result, kind: Kind::Apply(id, typed) })
}

/// A look-up in a table: a call with one argument for each input.
fn call_table(
    checker: &mut Checker,
    id: TableId,
    name: &ast::Name,
    arguments: &[ast::Expr],
    output: Option<&ast::Name>,
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let given = arguments.len();
    let taken = look_up(checker, id, name, given, output, span, scope)?;
    let written = written(checker, arguments);
    checker.sink.alike.note(id, &written);
    let arguments = arguments.iter().zip(taken.inputs);
    let typed: Vec<_> =
        arguments.map(|(argument, input)| expect(checker, argument, &input.ty, scope)).collect();
    let given = taken.given?;
    if typed.iter().any(|argument| argument.ty.is_unknown()) {
        return Err(Wrong::reported());
    }
    let output = |number: u32, ty: Type| {
        let read = Expr { span, ty, kind: Kind::LookUp(id, number, typed.clone()) };
        let ty = if scope.knows_value(&read) { read.ty.required().clone() } else { read.ty };
        Expr { ty, ..read }
    };
    let (record, ty) = match given {
        Given::Output(number, ty) => return Ok(output(number, ty)),
        Given::Rows(record, ty) => (record, ty),
    };
    let is_list = matches!(ty, Type::List(_));
    let columns = (0..).zip(&checker.names.checked.tables[id].outputs).map(|(number, column)| {
        let ty = column.ty.clone();
        output(number, if is_list { Type::List(Box::new(ty)) } else { ty })
    });
    let kind = match is_list {
        true => Kind::Rows(record, columns.collect()),
        false => Kind::Record(record, columns.map(Some).collect()),
    };
    Ok(Expr { span, ty, kind })
}
