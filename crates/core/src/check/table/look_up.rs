//! Checks look-ups in tables.

use crate::check::checker::Checker;
use crate::check::scope::Scope;
use crate::check::sink::Wrong;
use crate::check::typed::{Input, RecordId, Table, TableId};
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
    /// What it gives.
    pub(in crate::check) given: Result<Given, Wrong>,
}

/// What a look-up gives.
pub(in crate::check) enum Given {
    /// The output of a number, or how many rows match, and its type.
    Output(u32, Type),
    /// The whole row, as a record of all outputs, or a list of such.
    Rows(RecordId, Type),
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
    let given_row = given_of(checker, table, name, output, span);
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
    Ok(Taken { inputs: &table.inputs, given: given_row })
}

/// What a look-up gives: the output that it names, or the whole row.
fn given_of(
    checker: &mut Checker,
    table: &Table,
    name: &ast::Name,
    output: Option<&ast::Name>,
    span: Span,
) -> Result<Given, Wrong> {
    let combiner = match (table.hits, output) {
        (Hits::Counted, None) => return Ok(Given::Output(0, Type::Number)),
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
            let Some((record, ty)) = table.row.clone() else { return Err(Wrong::reported()) };
            let row = Type::Record(ty);
            if !combiner.collects() {
                return Ok(Given::Rows(record, row));
            }
            if !combiner.fold().is_set() {
                return Ok(Given::Rows(record, Type::List(Box::new(row))));
            }
            let message = format!("table `{}` has several outputs", name.text);
            let help = format!(
                "name one of {}: `{}(…).{first}`, or collect whole rows: `by all`",
                names.join(", "),
                name.text
            );
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
    Ok(Given::Output(u32::try_from(position).unwrap_or(u32::MAX), ty))
}
