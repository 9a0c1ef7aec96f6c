//! Checks look-ups in tables.

use crate::check::checker::Checker;
use crate::check::scope::Scope;
use crate::check::typed::{Input, TableId};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::combiner::Hits;
use rulebook_lang::figures::counted;
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

/// What a look-up takes and gives.
pub(in crate::check) struct Taken<'t> {
    /// The columns of its inputs; it takes an argument for each.
    pub(in crate::check) inputs: &'t [Input],
    /// The number of the output that it reads, and the type that it gives; nothing where that is
    /// wrong, which is told.
    pub(in crate::check) output: Option<(u32, Type)>,
}

/// What a look-up in a table takes and gives, if it has as many arguments as the table inputs.
pub(in crate::check) fn look_up<'c>(
    checker: &mut Checker<'c, '_>,
    id: TableId,
    name: &ast::Name,
    given: usize,
    output: Option<&ast::Name>,
    span: Span,
    scope: &Scope,
) -> Option<Taken<'c>> {
    checker.sink.mark_used(name.text);
    if scope.constant {
        let message = format!("what `{}` gives is known only once a record is judged", name.text);
        checker.sink.report(
            Diagnostic::new(Code::NotConstant, span, message)
                .help("write a literal, or a calculation of literals"),
        );
        return None;
    }
    let table = checker.names.checked.tables.get(id.index());
    let Some(table) = table.filter(|table| !checker.names.broken.contains(&table.name)) else {
        return None;
    };
    let output = picked_output(checker, id, name, output, span);
    if table.inputs.len() != given {
        let takes = table.inputs.iter().map(|input| format!("{}: {}", input.name, input.ty));
        let takes: Vec<_> = takes.collect();
        let wanted = counted(table.inputs.len(), "input");
        let message = format!("table `{}` has {wanted}, not {given}", name.text);
        checker.sink.report(
            Diagnostic::new(Code::WrongArguments, span, message)
                .help(format!("it takes ({})", takes.join(", "))),
        );
        return None;
    }
    Some(Taken { inputs: &table.inputs, output })
}

/// The number of the output that a look-up reads, and the type that it gives.
fn picked_output(
    checker: &mut Checker,
    id: TableId,
    name: &ast::Name,
    output: Option<&ast::Name>,
    span: Span,
) -> Option<(u32, Type)> {
    let table = checker.names.checked.tables.get(id.index())?;
    let combiner = match (table.hits, output) {
        (Hits::Counted, None) => return Some((0, Type::Number)),
        (Hits::Counted, Some(output)) => {
            let message = format!("table `{}` counts rows, and has no outputs", name.text);
            checker.sink.report(Diagnostic::new(Code::UnknownField, output.span, message));
            return None;
        }
        (Hits::Combined(combiner), _) => combiner,
    };
    let names: Vec<_> = table.outputs.iter().map(|output| output.name.clone()).collect();
    let position = match (output, names.as_slice()) {
        (_, []) => return None,
        (None, [_]) => 0,
        (None, [first, ..]) => {
            let message = format!("table `{}` has several outputs", name.text);
            let help = format!("name one of {}: `{}(…).{first}`", names.join(", "), name.text);
            checker.sink.report(Diagnostic::new(Code::WrongArguments, span, message).help(help));
            return None;
        }
        (Some(output), _) => {
            let found = names.iter().position(|known| known == output.text);
            let Some(found) = found else {
                let message = format!("table `{}` has no output `{}`", name.text, output.text);
                let help = did_you_mean(output.text, names.iter().map(String::as_str))
                    .unwrap_or_else(|| format!("its outputs are {}", names.join(", ")));
                checker
                    .sink
                    .report(Diagnostic::new(Code::UnknownField, output.span, message).help(help));
                return None;
            };
            found
        }
    };
    let ty = table.outputs.get(position)?.ty.clone();
    let ty = if combiner.collects() { Type::List(Box::new(ty)) } else { ty };
    Some((u32::try_from(position).ok()?, ty))
}
