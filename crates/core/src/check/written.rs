//! What a counter counts, as one text: its expressions and all that they name, spelt in one way. Two
//! counters whose texts are the same count the same.

use std::collections::{BTreeMap, BTreeSet};

use rulebook_base::source::Span;
use rulebook_syntax::ast::{
    self, CellKind, ColumnKind, DefinitionKind, Expr, FunctionBody, ListItems,
};
use rulebook_syntax::print::expression;

/// Functions, parameters and lists by name.
pub(super) struct Written<'d, 's> {
    definitions: BTreeMap<&'d str, &'d ast::Definition<'s>>,
}

/// The text so far, and the names whose definitions must follow.
#[derive(Default)]
struct Text {
    lines: Vec<String>,
    pending: BTreeSet<String>,
}

impl Text {
    fn expr(&mut self, word: &str, expr: &Expr) {
        self.lines.push(format!("{word} {}", expression(expr)));
        expr.names(&mut |name| {
            self.pending.insert(name.to_string());
        });
    }
}

impl<'d, 's> Written<'d, 's> {
    pub(super) fn new(definitions: &[&'d ast::Definition<'s>]) -> Self {
        let named = definitions.iter().map(|definition| (definition.kind.name().text, *definition));
        Self { definitions: named.collect() }
    }

    /// The text of a counter. `file` gives the text of a file by where it is named.
    pub(super) fn counter(&self, node: &ast::Counter, file: impl Fn(Span) -> String) -> String {
        let mut text = Text::default();
        match &node.value {
            None => text.lines.push(node.tally.words().into()),
            Some(value) => text.expr(node.tally.words(), value),
        }
        text.lines.push(format!("of {}", node.record.text));
        node.keys.iter().for_each(|key| text.expr("by", key));
        if let Some(filter) = &node.filter {
            text.expr("where", filter);
        }
        let mut done = BTreeSet::new();
        while let Some(name) = text.pending.pop_first() {
            if done.insert(name.clone())
                && let Some(definition) = self.definitions.get(name.as_str())
            {
                define(&definition.kind, &file, &mut text);
            }
        }
        text.lines.join("\n")
    }
}

/// Adds what a name stands for.
fn define(kind: &DefinitionKind<'_>, file: impl Fn(Span) -> String, text: &mut Text) {
    let name = kind.name().text;
    match kind {
        DefinitionKind::Function(node) => {
            let arguments: Vec<_> =
                node.arguments.iter().map(|argument| argument.name.text).collect();
            let head = format!("fn {name}({})", arguments.join(", "));
            match &node.body {
                FunctionBody::Expression(body) => text.expr(&head, body),
                FunctionBody::Script(path) => {
                    text.lines.push(head + "\n" + file(path.span).as_str())
                }
            }
        }
        DefinitionKind::Parameter(node) => match &node.value {
            ast::ParameterValue::Fixed(value) => text.expr(&format!("parameter {name}"), value),
            ast::ParameterValue::Dated(rows) => {
                for row in rows {
                    text.expr(&format!("parameter {name} from"), &row.from);
                    text.expr("is", &row.value);
                }
            }
        },
        DefinitionKind::List(node) => match &node.items {
            ListItems::InPlace(value) => text.expr(&format!("list {name}"), value),
            ListItems::File(path) => {
                text.lines.push(format!("list {name}\n{}", file(path.span)));
            }
        },
        DefinitionKind::Table(node) => {
            text.lines.push(format!("table {name} by {}", node.combiner.text));
            for column in node.grid.iter().flat_map(|grid| &grid.columns) {
                text.lines.push(match &column.kind {
                    ColumnKind::Value(name, _) => format!("column {}", name.text),
                    ColumnKind::From => "from".into(),
                    ColumnKind::Until => "until".into(),
                    ColumnKind::Note => "note".into(),
                });
            }
            for cell in node.grid.iter().flat_map(|grid| &grid.rows).flat_map(|row| &row.cells) {
                write_cell(&cell.kind, text);
            }
        }
        // Members of enums and fields of records are told by their names.
        _ => {}
    }
}

/// Adds a cell of a table; each row has as many.
fn write_cell(cell: &CellKind<'_>, text: &mut Text) {
    match cell {
        CellKind::Any => text.lines.push("_".into()),
        // What a note says makes no difference.
        CellKind::Note(_) => {}
        CellKind::Presence(present) => text.lines.push(format!("present {present}")),
        CellKind::Compare(operator, value) => text.expr(operator.symbol, value),
        CellKind::Among(items, negated) => {
            text.lines.push(format!("{} of, negated {negated}", items.len()));
            items.iter().for_each(|item| text.expr("item", item));
        }
        CellKind::Test(name, items, negated) => {
            let words = format!("{} of {}, negated {negated}", name.text, items.len());
            text.lines.push(words);
            text.pending.insert(name.text.to_string());
            items.iter().for_each(|item| text.expr("item", item));
        }
        CellKind::All(conditions) => {
            text.lines.push(format!("all of {}", conditions.len()));
            conditions.iter().for_each(|condition| write_cell(&condition.kind, text));
        }
        CellKind::OrMissing(condition) => {
            text.lines.push("or missing".into());
            write_cell(&condition.kind, text);
        }
        CellKind::Otherwise => text.lines.push("otherwise".into()),
        CellKind::Missing => text.lines.push("missing".into()),
    }
}
