//! Builds the cells of decision tables: what an input must be, and what comes out.

use std::collections::HashSet;

use super::ast::{
    Cell, CellKind, Column, ColumnKind, Expr, ExprKind, Name, Path, TypeExpr, TypeKind,
};
use super::build::Builder;
use super::grammar::Rule;
use super::matched::{Part, Parts};
use super::plain;
use super::slip;
use super::table::CellText;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::operator;

/// The row that counts where no other does begins so.
const OTHERWISE: &str = "otherwise";

/// The texts of cells that are known to be one name: tables of many rows say the same ones over and over.
#[derive(Default)]
pub(super) struct Known<'s>(HashSet<&'s str>);

impl Builder {
    pub(super) fn table_cell<'s>(
        &mut self,
        column: &Column<'s>,
        cell: CellText<'s>,
        is_output: bool,
        known: &mut Known<'s>,
    ) -> Option<Cell<'s>> {
        let (text, span) = self.trimmed(cell);
        if column.is_note() {
            let note = match cell.csv {
                true => text.replace("\"\"", "\"").into(),
                false => text.trim_matches('"').into(),
            };
            return Some(Cell { kind: CellKind::Note(note), span });
        }
        if text.is_empty() && is_output && cell.csv && is_optional(column) {
            return Some(Cell { kind: CellKind::Missing, span });
        }
        if text.is_empty() || text == "-" {
            let (message, help) = match is_output {
                true if is_optional(column) => {
                    ("this output has no value", "write `missing` where it has none")
                }
                true => (
                    "this output has no value",
                    "write a value of the column's type; one that may be `missing` has a `?` behind \
                     its type",
                ),
                false => ("this cell says nothing", "write `_` where any value will do"),
            };
            self.diagnostics.push(Diagnostic::new(Code::TableCell, span, message).help(help));
            return None;
        }
        if !is_output && (text == "_" || text == OTHERWISE) {
            let kind = if text == "_" { CellKind::Any } else { CellKind::Otherwise };
            return Some(Cell { kind, span });
        }
        let kind = match cell.csv && holds_texts(column) {
            true => self.csv_text(text, span, is_output)?,
            false => self.written_cell(column, (text, span), is_output, known)?,
        };
        let is_value =
            matches!(&kind, CellKind::Among(items, false) if matches!(items.as_slice(), [_]));
        if is_output && !is_value {
            self.diagnostics.push(
                Diagnostic::new(Code::TableCell, span, "an output is one value").help(
                    grouped(text).unwrap_or_else(|| "write a value of the column's type".into()),
                ),
            );
            return None;
        }
        Some(Cell { kind, span })
    }

    /// A cell as it is written in a policy.
    fn written_cell<'s>(
        &mut self,
        column: &Column<'s>,
        (text, span): (&'s str, Span),
        is_output: bool,
        known: &mut Known<'s>,
    ) -> Option<CellKind<'s>> {
        if known.0.contains(text) {
            let path = Path { names: vec![Name { text, span }], span };
            return Some(CellKind::Among(vec![Expr { span, kind: ExprKind::Path(path) }], false));
        }
        if let Some(kind) = plain::cell(text, span) {
            return Some(kind);
        }
        let told = self.diagnostics.len();
        let rule = if is_output { Rule::output_cell } else { Rule::table_cell };
        let kind = self.apart(rule, text, span.range().start, Builder::cell_kind);
        if kind.is_none() && holds_texts(column) && !text.contains(['"', '(']) {
            for problem in self.diagnostics.iter_mut().skip(told) {
                problem.help = vec![format!("texts stand in double quotes: `\"{text}\"`")];
            }
        }
        let kind = kind??;
        if let CellKind::Among(items, false) = &kind
            && let [only] = items.as_slice()
            && matches!(&only.kind, ExprKind::Path(path) if path.names.len() == 1)
        {
            known.0.insert(text);
        }
        Some(kind)
    }

    fn cell_kind<'s>(&mut self, part: Part<'_, 's>) -> Option<CellKind<'s>> {
        let mut parts = part.parts();
        match part.rule() {
            Rule::output_cell => {
                if let Some(single) = self.single_condition(parts.peek()?) {
                    return single;
                }
                let items = parts.build(|item| Some(self.expression(item)));
                Some(CellKind::Among(items, false))
            }
            _ => {
                if parts.next_of(Rule::any_value).is_some() {
                    return Some(CellKind::Any);
                }
                let mut conditions = Vec::with_capacity(1);
                let mut or_missing = false;
                for part in parts {
                    match part.rule() {
                        Rule::or_else => {
                            let alternative = part.parts().next()?;
                            if alternative.rule() != Rule::missing {
                                self.refuse_or(parts);
                                return None;
                            }
                            or_missing = true;
                        }
                        _ => {
                            let span = self.span(part);
                            conditions.push(Cell { kind: self.accepted(part)?, span });
                        }
                    }
                }
                let (Some(first), Some(last)) = (conditions.first(), conditions.last()) else {
                    return None;
                };
                let span = first.span.to(last.span);
                let kind = match conditions.len() {
                    1 => conditions.pop()?.kind,
                    _ => CellKind::All(conditions),
                };
                Some(match or_missing {
                    true => CellKind::OrMissing(Box::new(Cell { kind, span })),
                    false => kind,
                })
            }
        }
    }

    /// A condition that needs no values beside it, if a part is one.
    fn single_condition<'s>(&mut self, part: Part<'_, 's>) -> Option<Option<CellKind<'s>>> {
        Some(match part.rule() {
            Rule::any_value => Some(CellKind::Any),
            Rule::presence => {
                Some(CellKind::Presence(part.parts().next_of(Rule::present).is_some()))
            }
            Rule::comparison => self.comparison(part),
            _ => return None,
        })
    }

    fn comparison<'s>(&mut self, part: Part<'_, 's>) -> Option<CellKind<'s>> {
        let mut parts = part.parts();
        let sign = parts.next_of(Rule::comparison_sign)?;
        if sign.text() == "=" {
            let message = "`=` gives a value; `==` compares";
            self.diagnostics.push(
                Diagnostic::new(Code::EqualsSign, self.span(sign), message)
                    .help("leave it out: a lone value is compared with"),
            );
            return None;
        }
        let operator = operator::binary(sign.text())?;
        Some(CellKind::Compare(operator, self.expression(parts.next()?)))
    }

    /// One of the conditions that `and` joins.
    fn accepted<'s>(&mut self, part: Part<'_, 's>) -> Option<CellKind<'s>> {
        let mut parts = part.parts();
        let negated = parts.next_of(Rule::unlike).is_some();
        let part = parts.next()?;
        if let Some(single) = self.single_condition(part) {
            return single;
        }
        let mut parts = part.parts();
        let test = match part.rule() {
            Rule::test => Some(self.name(parts.next()?)),
            _ => None,
        };
        let mut items = Vec::with_capacity(1);
        while let Some(item) = parts.peek() {
            items.push(match item.rule() {
                Rule::calculation => {
                    parts.next();
                    self.expression(item)
                }
                // The value of a test stands by itself.
                _ => self.prefixed(&mut parts),
            });
        }
        Some(match test {
            Some(name) => CellKind::Test(name, items, negated),
            None => CellKind::Among(items, negated),
        })
    }

    /// Reports what stands behind `or` and is not `missing`, by all that stands in the cell.
    fn refuse_or(&mut self, parts: Parts<'_, '_>) {
        let (mut values, mut texts) = (true, Vec::new());
        let mut span: Option<Span> = None;
        for part in parts {
            let own = self.span(part);
            span = Some(span.map_or(own, |span| span.to(own)));
            let part = match part.rule() {
                Rule::or_else => part.parts().next(),
                _ => Some(part),
            };
            let Some(part) = part else { continue };
            values &= part.parts().next().is_some_and(|inner| inner.rule() == Rule::values);
            texts.push(part.text());
        }
        let (message, help) = match values {
            true => (
                "values and ranges stand alone in a cell, parted by commas",
                format!("write `{}`", texts.join(", ")),
            ),
            false => (
                "only `or missing` stands in a cell",
                slip::sides(&texts).unwrap_or_else(|| "write two rows".into()),
            ),
        };
        let span = span.unwrap_or_else(|| Span::new(self.id, self.base, self.base));
        self.diagnostics.push(Diagnostic::new(Code::TableCell, span, message).help(help));
    }
}

/// What to write for a number whose digits are grouped by commas, such as `1,000 CNY`.
pub(super) fn grouped(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(text.len());
    let (digits, behind) = text.split_at_checked(end)?;
    let mut groups = digits.split(',');
    let head = groups.next()?;
    let is_grouped = (1..=3).contains(&head.len())
        && digits.contains(',')
        && groups.all(|group| group.len() == 3)
        && !behind.contains(',');
    is_grouped
        .then(|| format!("digits are grouped by `_`: write `{}{behind}`", digits.replace(',', "_")))
}

/// Whether a column is declared to hold texts.
fn holds_texts(column: &Column<'_>) -> bool {
    type_of(column).is_some_and(|ty| matches!(ty.kind, TypeKind::Named("text" | "url")))
}

/// Whether the values of a column may be missing.
fn is_optional(column: &Column<'_>) -> bool {
    type_of(column).is_some_and(|ty| ty.optional)
}

fn type_of<'c, 's>(column: &'c Column<'s>) -> Option<&'c TypeExpr<'s>> {
    match &column.kind {
        ColumnKind::Value(_, ty) => Some(ty),
        ColumnKind::From | ColumnKind::Until | ColumnKind::Note => None,
    }
}
