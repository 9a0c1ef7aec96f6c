//! Warns of texts that a function never gives beside what it gives: `host(link) == "Example.com"`.

use crate::check::checker::Checker;
use crate::check::typed::{Constant, Expr, Kind};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::signature::{Form, Part};

/// Warns where one side of a comparison, a list, or a column of a table holds such a text.
pub(super) fn look(checker: &mut Checker, expr: &Expr) {
    match &expr.kind {
        Kind::Call(signature, operands) => {
            let [left, right] = operands.as_slice() else { return };
            if let Some(part) = signature.part {
                beside(checker, left, [right], part);
            } else if signature.kernel.comparison().is_some() {
                beside(checker, left, [right], Part::Whole);
                beside(checker, right, [left], Part::Whole);
            }
        }
        Kind::InList(value, list, _) => beside(checker, value, [&**list], Part::Whole),
        Kind::AnyOf(value, items, _) => beside(checker, value, items, Part::Whole),
        Kind::LookUp(id, _, arguments) => {
            let table = &checker.names.checked.tables[*id];
            for ((column, input), argument) in table.inputs.iter().enumerate().zip(arguments) {
                let Some(form) = form_of(argument) else { continue };
                for (key, constant) in input.domain.texts() {
                    let row = table.rows.iter().find(|row| {
                        row.accepts.get(column).is_some_and(|cell| input.domain.names(cell, key))
                    });
                    let span = row.map_or(table.span, |row| row.span);
                    report(checker, (argument, form), constant, Part::Whole, span);
                }
            }
        }
        _ => {}
    }
}

fn form_of(expr: &Expr) -> Option<&'static Form> {
    match &expr.through().kind {
        Kind::Call(signature, _) => signature.form,
        Kind::Coalesce(value, _) => form_of(value),
        _ => None,
    }
}

/// Looks at the texts that a call is compared with.
fn beside<'e>(
    checker: &mut Checker,
    call: &Expr,
    others: impl IntoIterator<Item = &'e Expr>,
    part: Part,
) {
    let Some(form) = form_of(call) else { return };
    let checked = &checker.names.checked;
    for other in others {
        let texts: Vec<&str> = match &other.through().kind {
            Kind::Constant(Constant::List(items)) => {
                items.iter().filter_map(Constant::text).collect()
            }
            Kind::Constant(constant) => constant.text().into_iter().collect(),
            Kind::List(id) => checked.lists[*id].items.texts().collect(),
            Kind::Parameter(id) => {
                let values = checked.parameters[*id].values.iter();
                values.filter_map(|(_, value)| value.text()).collect()
            }
            _ => continue,
        };
        for text in texts {
            // One of a list is enough to see what is wrong with it.
            if report(checker, (call, form), text, part, other.span) {
                break;
            }
        }
    }
}

/// Reports a text that is no such part of what a call gives; says whether it did.
fn report(
    checker: &mut Checker,
    (call, form): (&Expr, &Form),
    text: &str,
    part: Part,
    span: Span,
) -> bool {
    let shown = checker.names.shown(call.span);
    if form.wild && text.contains('*') {
        let message = format!("`*` stands for itself in \"{text}\", not for other letters");
        let end = text.rsplit('*').next().unwrap_or_default().to_ascii_lowercase();
        let help = format!("compare the end: `ends_with({shown}, \"{end}\")`");
        checker.sink.report(Diagnostic::new(Code::NeverGiven, span, message).help(help));
        return true;
    }
    let nearest = (form.nearest)(text, part);
    if nearest.as_deref() == Some(text) {
        return false;
    }
    let what = match part {
        Part::Whole => format!("`{shown}` is never \"{text}\""),
        Part::Start => format!("`{shown}` never begins with \"{text}\""),
        Part::End => format!("`{shown}` never ends with \"{text}\""),
        Part::Within => format!("\"{text}\" never stands in `{shown}`"),
    };
    let help = match nearest.filter(|nearest| !nearest.is_empty()) {
        Some(nearest) => format!("{}: write `\"{nearest}\"`", form.doc),
        None => form.doc.to_string(),
    };
    checker.sink.report(Diagnostic::new(Code::NeverGiven, span, what).help(help));
    true
}
