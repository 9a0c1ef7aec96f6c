//! Random decision tables.

use super::code::literal;
use super::expression::{Callable, Expressions};
use super::scope::Scope;
use super::{Choices, Ty};

/// The types of inputs; a literal of a url is none.
const INPUTS: &[Ty] = &[
    Ty::Number,
    Ty::Bool,
    Ty::Cny,
    Ty::Text,
    Ty::Level,
    Ty::Color,
    Ty::Shop,
    Ty::Date,
    Ty::Time,
    Ty::Duration,
    Ty::TimeOfDay,
    Ty::Version,
    Ty::Currency,
];

/// How rows are combined, and whether a look-up is always there where the last row takes all.
const COMBINERS: &[&str] =
    &["first", "first", "only", "agreement", "largest", "smallest", "total", "count", "all"];

/// Writes a table and returns how it is looked up in.
pub(super) fn table(
    name: &str,
    days: &[&str],
    expressions: &mut Expressions<'_, '_>,
) -> (String, Callable) {
    let choices = &mut *expressions.choices;
    let how = *choices.one_of(COMBINERS);
    let arguments: Vec<_> =
        (0..1 + choices.below(2)).map(|_| (*choices.one_of(INPUTS), choices.once_in(3))).collect();
    let outputs: Vec<Ty> = match how {
        "count" => Vec::new(),
        _ => {
            let types = [
                Ty::Number,
                Ty::Cny,
                Ty::Duration,
                Ty::Level,
                Ty::Bool,
                Ty::Text,
                Ty::Leaf,
                Ty::Texts,
            ];
            // A row is taken whole by its first output.
            let fitting = |at: usize| match how {
                "total" => &types[..3],
                "all" => &[Ty::Number, Ty::Text, Ty::Leaf],
                "largest" | "smallest" if at == 0 => &types[..4],
                _ => &types[..],
            };
            (0..1 + choices.below(2)).map(|at| *choices.one_of(fitting(at))).collect()
        }
    };
    let takes_all = choices.once_in(2);
    let may_lack = !matches!(how, "total" | "count" | "all") && !takes_all;
    let dated = choices.once_in(3);
    let mark = |optional: bool| if optional { "?" } else { "" };
    let mut columns: Vec<_> = (0..)
        .zip(&arguments)
        .map(|(at, (ty, optional))| format!("i{at}: {}{}", ty.name(), mark(*optional)))
        .collect();
    // The dates of rows may stand before the inputs or behind them.
    let dates_first = choices.once_in(2);
    if dated {
        let at = if dates_first { 0 } else { columns.len() };
        columns.splice(at..at, ["from".to_string(), "until".to_string()]);
    }
    let written =
        (0..).zip(&outputs).map(|(at, ty)| format!("o{at}: {}{}", ty.name(), mark(may_lack)));
    let mut text = format!("table {name} by {how} {{\n");
    line(&mut text, &columns, &written.collect::<Vec<_>>());
    let mut scope = Scope::default();
    for (at, (ty, optional)) in arguments.iter().enumerate() {
        scope.add(expressions.schema, &format!("i{at}"), *ty, *optional);
    }
    let calculates = expressions.choices.once_in(2);
    let rows = expressions.choices.below(6);
    for row in 0..=rows {
        let any = row == rows && takes_all;
        let mut cells = Vec::new();
        for (ty, optional) in &arguments {
            cells.push(match any {
                true => "_".to_string(),
                false if calculates && expressions.choices.once_in(3) => {
                    calculated_cell(*ty, *optional, &scope, expressions)
                }
                false => cell(*ty, *optional, expressions.choices),
            });
        }
        let choices = &mut *expressions.choices;
        let dates: Vec<String> = columns
            .iter()
            .skip(arguments.len())
            .map(|_| {
                let open = any || choices.once_in(3);
                if open { "_" } else { choices.one_of(days) }.to_string()
            })
            .collect();
        let at = if dates_first { 0 } else { cells.len() };
        cells.splice(at..at, dates);
        if any && how != "count" && choices.once_in(2) {
            cells[0] = "otherwise".to_string();
        }
        let mut values = Vec::new();
        for ty in &outputs {
            values.push(match expressions.choices.below(6) {
                0 if may_lack => "missing".to_string(),
                1 | 2 if calculates => expressions.expr(*ty, &scope, 2, true).short,
                _ if ty.is_made() => expressions.expr(*ty, &scope, 1, true).short,
                _ => literal(*ty, expressions.choices).short,
            });
        }
        line(&mut text, &cells, &values);
    }
    text.push_str("}\n");
    let picked = expressions.choices.below(outputs.len());
    let callable = Callable {
        name: name.to_string(),
        arguments,
        result: match (outputs.get(picked), how) {
            (Some(Ty::Number), "all") => Ty::Numbers,
            (Some(Ty::Text), "all") => Ty::Texts,
            (Some(Ty::Leaf), "all") => Ty::Leaves,
            (output, _) => output.copied().unwrap_or(Ty::Number),
        },
        collects: how == "all",
        output: (outputs.len() > 1).then(|| format!("o{picked}")),
        may_lack,
    };
    (text, callable)
}

/// A cell that depends on more than constants.
fn calculated_cell(
    ty: Ty,
    optional: bool,
    scope: &Scope,
    expressions: &mut Expressions<'_, '_>,
) -> String {
    let ordered = !matches!(ty, Ty::Bool | Ty::Text | Ty::Color | Ty::Shop | Ty::Currency);
    let value = |expressions: &mut Expressions<'_, '_>| {
        expressions.expr(ty, scope, 2, true).at(6).0.to_string()
    };
    let written = match expressions.choices.below(6) {
        0 if ty == Ty::Text => {
            let test = *expressions.choices.one_of(&["starts_with", "ends_with", "contains"]);
            let not = *expressions.choices.one_of(&["", "not "]);
            format!("{not}{test} {}", literal(ty, expressions.choices).short)
        }
        0 | 1 if ordered => {
            let sign = *expressions.choices.one_of(&["<", "<=", ">", ">="]);
            format!("{sign} {}", value(expressions))
        }
        2 if ordered => {
            let sign = *expressions.choices.one_of(&["..<", "..="]);
            format!("{} {sign} {}", value(expressions), value(expressions))
        }
        3 if ordered => {
            let (low, high) = (literal(ty, expressions.choices).short, value(expressions));
            format!(">= {low} and != {high}")
        }
        4 => format!("not {}", value(expressions)),
        _ => value(expressions),
    };
    let or_missing = optional && expressions.choices.once_in(3);
    written + if or_missing { " or missing" } else { "" }
}

fn line(text: &mut String, inputs: &[String], outputs: &[String]) {
    text.push_str(&format!("  | {} |", inputs.join(" | ")));
    if !outputs.is_empty() {
        text.push_str(&format!("| {} |", outputs.join(" | ")));
    }
    text.push('\n');
}

fn cell(ty: Ty, optional: bool, choices: &mut Choices<'_>) -> String {
    let ordered = !matches!(ty, Ty::Bool | Ty::Text | Ty::Color | Ty::Shop | Ty::Currency);
    let value = |choices: &mut Choices<'_>| match ty {
        Ty::Number if choices.once_in(5) => "limit".to_string(),
        Ty::Level if choices.once_in(5) => "bar".to_string(),
        Ty::Shop if choices.once_in(5) => "place".to_string(),
        Ty::Time if choices.once_in(5) => "2024-03-05".to_string(),
        _ => literal(ty, choices).short,
    };
    match choices.below(9) {
        0 => "_".to_string(),
        1 if optional => ["is missing", "is present"][choices.below(2)].to_string(),
        1 | 2 => format!("not {}", value(choices)),
        3 => format!("{}, {}", value(choices), value(choices)),
        4 | 5 if ordered => {
            format!("{} {}", choices.one_of(&["<", "<=", ">", ">=", "==", "!="]), value(choices))
        }
        6 | 7 if ordered => {
            let sign = if choices.once_in(2) { "..<" } else { "..=" };
            format!("{} {sign} {}", value(choices), value(choices))
        }
        _ => value(choices),
    }
}
