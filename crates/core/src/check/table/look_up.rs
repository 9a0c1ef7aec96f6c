//! Checks look-ups in tables.

use crate::check::checker::Checker;
use crate::check::scope::Scope;
use crate::check::sink::Wrong;
use crate::check::typed::{Input, Table, TableId};
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
    /// The number of the output that it reads, and the type that it gives.
    pub(in crate::check) output: Result<(u32, Type), Wrong>,
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
) -> Result<Taken<'c>, Wrong> {
    checker.sink.mark_used(name.text);
    if scope.constant {
        let message = format!("what `{}` gives is known only once a record is judged", name.text);
        return Err(checker.sink.wrong(
            Diagnostic::new(Code::NotConstant, span, message)
                .help("write a literal, or a calculation of literals"),
        ));
    }
    let table = checker.names.checked.tables.get(id.index());
    let Some(table) = table.filter(|table| !checker.names.broken.contains(&table.name)) else {
        return Err(Wrong::reported());
    };
    let output = picked_output(checker, table, name, output, span);
    if table.inputs.len() != given {
        let takes = table.inputs.iter().map(|input| format!("{}: {}", input.name, input.ty));
        let takes: Vec<_> = takes.collect();
        let wanted = counted(table.inputs.len(), "input");
        let message = format!("table `{}` has {wanted}, not {given}", name.text);
        return Err(checker.sink.wrong(
            Diagnostic::new(Code::WrongArguments, span, message)
                .help(format!("it takes ({})", takes.join(", "))),
        ));
    }
    Ok(Taken { inputs: &table.inputs, output })
}

/// The number of the output that a look-up reads, and the type that it gives.
fn picked_output(
    checker: &mut Checker,
    table: &Table,
    name: &ast::Name,
    output: Option<&ast::Name>,
    span: Span,
) -> Result<(u32, Type), Wrong> {
    let combiner = match (table.hits, output) {
        (Hits::Counted, None) => return Ok((0, Type::Number)),
        (Hits::Counted, Some(output)) => {
            let message = format!("table `{}` counts rows, and has no outputs", name.text);
            return Err(checker.sink.wrong(Diagnostic::new(
                Code::UnknownField,
                output.span,
                message,
            )));
        }
        (Hits::Combined(combiner), _) => combiner,
    };
    let names: Vec<_> = table.outputs.iter().map(|output| output.name.as_str()).collect();
    let position = match (output, names.as_slice()) {
        (_, []) => return Err(Wrong::reported()),
        (None, [_]) => 0,
        (None, [first, ..]) => {
            let message = format!("table `{}` has several outputs", name.text);
            let help = format!("name one of {}: `{}(…).{first}`", names.join(", "), name.text);
            return Err(checker
                .sink
                .wrong(Diagnostic::new(Code::WrongArguments, span, message).help(help)));
        }
        (Some(output), _) => {
            let found = names.iter().position(|declared| *declared == output.text);
            let Some(found) = found else {
                let message = format!("table `{}` has no output `{}`", name.text, output.text);
                let help = did_you_mean(output.text, names.iter().copied())
                    .unwrap_or_else(|| format!("its outputs are {}", names.join(", ")));
                return Err(checker
                    .sink
                    .wrong(Diagnostic::new(Code::UnknownField, output.span, message).help(help)));
            };
            found
        }
    };
    let output = table.outputs.get(position).ok_or_else(Wrong::reported)?;
    let ty = output.ty.clone();
    let ty = if combiner.collects() { Type::List(Box::new(ty)) } else { ty };
    Ok((u32::try_from(position).unwrap_or(u32::MAX), ty))
}
