//! Reports values that do not fit where they stand: those of another type, and those that may be missing.

use super::checker::Checker;
use super::foreign;
use super::money;
use super::names::Named;
use super::sink::Wrong;
use super::typed::{Expr, Kind, TableId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::Type;

/// Reports a value that is no value of the type that is wanted.
pub(super) fn report_mismatch(checker: &mut Checker, typed: &Expr, wanted: &Type) -> Wrong {
    if wanted.accepts(typed.ty.required()) {
        return report_unguarded(checker, typed);
    }
    if let Some(wrong) = report_row(checker, std::slice::from_ref(typed), Some(wanted)) {
        return wrong;
    }
    if let (Type::Money(currency), true) = (wanted.required(), typed.ty.required().is_money()) {
        let wants = format!("an amount in {currency} is expected");
        let problem = money::unproved(checker, typed, &wants);
        let help = money::saying_it(checker, &[typed], Some(*currency), "…");
        let problem = problem.help(help);
        return checker.sink.wrong(problem);
    }
    let code = match (wanted.required(), &typed.ty) {
        (Type::Money(_), Type::Money(_)) => Code::CurrencyMismatch,
        (Type::Money(_) | Type::Duration | Type::Period, Type::Number)
        | (Type::Number, Type::Money(_) | Type::Duration) => Code::WrongUnit,
        _ => Code::WrongType,
    };
    let message = format!("expected {}, found {}", wanted.described(), typed.ty.described());
    let shown = checker.names.shown(typed.span);
    let help = match (wanted.required(), &typed.ty) {
        (Type::Enum(members), _) if members.position_of_name(&shown).is_some() => Some(format!(
            "`{shown}` means a field, a named value or a parameter here; rename it or the member"
        )),
        (Type::Money(currency), Type::Number) if typed.constant().is_some() => {
            Some(format!("add the currency: `{shown} {currency}`"))
        }
        (Type::Money(currency), Type::Number) => {
            Some(format!("give it a currency: `… * 1 {currency}`"))
        }
        (Type::Duration, Type::Number) if typed.constant().is_some() => {
            Some(format!("add the unit: `{shown} days`"))
        }
        (Type::Duration, Type::Number) => Some("give it a unit: `… * 1 day`".to_string()),
        (wanted, Type::Text) if foreign::quoted_help(typed, wanted).is_some() => {
            foreign::quoted_help(typed, wanted)
        }
        (Type::Duration, Type::Period) => {
            Some("months and years differ in length; write days".to_string())
        }
        (Type::Bool, _) => Some("write a comparison".to_string()),
        (Type::Enum(_), Type::Text) => {
            Some("write the member's bare name, without quotes".to_string())
        }
        (Type::Money(_), Type::Money(_)) => Some(money::NO_RATE.to_string()),
        (wanted, Type::Money(currency)) if wanted.is_money() => Some(format!(
            "an amount in {currency} is no money of any currency: hand on a field of type `money`, or take \
             `{currency}` there"
        )),
        (Type::List(inner), ty) if inner.accepts(ty) => {
            Some(format!("write a list of one: `[{}]`", listed(&shown)))
        }
        (Type::Date, Type::Time) => Some("take its day: `date(…)`".to_string()),
        (Type::Time, Type::Date) => Some("take its first instant: `start_of_day(…)`".to_string()),
        _ => None,
    };
    checker.sink.wrong(Diagnostic::new(code, typed.span, message).maybe_help(help))
}

/// Reports a whole row of a table where one of its outputs is meant, or a record that can be made of it.
pub(super) fn report_row(
    checker: &mut Checker,
    exprs: &[Expr],
    wanted: Option<&Type>,
) -> Option<Wrong> {
    let (expr, table) = exprs.iter().find_map(|expr| Some((expr, row_of(checker, &expr.ty)?)))?;
    let outputs = &checker.names.checked.tables.get(table.index())?.outputs;
    let names: Vec<_> = outputs.iter().map(|output| output.name.as_str()).collect();
    let (first, name) = (names.first()?, &checker.names.checked.tables[table].name);
    let shown = checker.names.shown(expr.span);
    let help = match wanted.map(Type::required) {
        Some(Type::Record(record)) => format!(
            "make one of the row: `let row = {shown}`, and `{record} {{ {first}: row.{first}, … }}`"
        ),
        Some(Type::List(element)) if matches!(**element, Type::Record(_)) => format!(
            "make them of the rows: `[{element} {{ {first}: row.{first}, … }} for row in {shown}]`"
        ),
        _ => format!("name one of {}: `{name}(…).{first}`", names.join(", ")),
    };
    let message = format!("table `{name}` has several outputs");
    let problem = Diagnostic::new(Code::WrongArguments, expr.span, message).help(help);
    Some(checker.sink.wrong(problem))
}

/// The table of which values of a type are whole rows, or lists of such.
fn row_of(checker: &Checker, ty: &Type) -> Option<TableId> {
    match ty.required() {
        Type::List(element) => row_of(checker, element),
        Type::Record(record) => match checker.names.get(record.name()) {
            Some(Named::Table(table)) => Some(*table),
            _ => None,
        },
        _ => None,
    }
}

/// What is written, where it is short.
fn listed(shown: &str) -> &str {
    const LONGEST: usize = 40;
    if shown.len() > LONGEST { "…" } else { shown }
}

/// Reports an optional that nothing has tested, with the guard to write.
pub(super) fn report_unguarded(checker: &mut Checker, typed: &Expr) -> Wrong {
    let (name, help) = match &typed.kind {
        Kind::Place(_) | Kind::Counter(_) | Kind::Decision(..) | Kind::Let(..) => {
            let name = checker.names.shown(typed.span);
            let name = if name.is_empty() { "x".to_string() } else { name };
            let help = format!(
                "test it first: `{name} is present and …`, or give a value for it: `{name} ?? …`"
            );
            (format!("`{name}`"), help)
        }
        _ => {
            let help =
                format!("give a value for that case: `… ?? {}`", foreign::instead(&typed.ty));
            ("this".to_string(), help)
        }
    };
    let message = format!("{name} may be missing here");
    checker.sink.wrong(
        Diagnostic::new(Code::Unguarded, typed.span, message)
            .label(format!("this is {}", typed.ty.described()))
            .help(help),
    )
}
