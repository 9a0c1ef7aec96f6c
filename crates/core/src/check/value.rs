//! Checks parameters and lists: their types first, then their values.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::checker::Checker;
use super::names::{Named, Names};
use super::number::{self, Parted};
use super::typed::{Constant, Items, List, Parameter, ParameterId};
use super::{cites, constant, resolve, share};
use crate::ids::{IdVec, ListId};
use crate::texts::TextSet;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{FileId, Span};
use rulebook_lang::model::{Time, Type};
use rulebook_syntax::ast::{self, ExprKind, ListItems, Origin};

/// The parameters with their types, before any value is looked at.
pub(super) fn declare_parameters(
    checker: &mut Checker,
    nodes: &[&ast::Parameter],
) -> IdVec<ParameterId, Parameter> {
    let parameters = nodes.iter().map(|node| {
        let ty = resolve::resolve_type(checker, &node.ty);
        let languages = &checker.names.settings.languages;
        // Only pages show it.
        node.title.iter().for_each(|title| drop(cites::label(checker.sink, languages, title)));
        Parameter {
            name: node.name.text.to_string(),
            ty: refuse_optional(checker, ty, node.ty.span, "a parameter"),
            values: Vec::new(),
            percent: is_percent(node),
            assumed: is_assumed(node),
            span: node.name.span,
        }
    });
    parameters.collect()
}

/// The lists with their types, before any item is looked at.
pub(super) fn declare_lists(
    checker: &mut Checker,
    nodes: &[&ast::ListDefinition],
) -> IdVec<ListId, List> {
    let lists = nodes.iter().map(|node| {
        let ty = resolve::kept_type(checker, &node.ty, "a list");
        let ty = refuse_optional(checker, ty, node.ty.span, "an item of a list");
        List { name: node.name.text.to_string(), ty, items: Items::Values(Vec::new()) }
    });
    lists.collect()
}

fn refuse_optional(checker: &mut Checker, ty: Type, span: Span, what: &str) -> Type {
    if ty.required().is_money() {
        let message = format!("{what} is in one currency, and `money` may be in any");
        let problem = Diagnostic::new(Code::UnprovedCurrency, span, message);
        checker.sink.report(problem.help("write the currency, such as `CNY`"));
        return Type::Unknown;
    }
    if ty.is_optional() {
        let message = format!("{what} is never missing");
        checker
            .sink
            .report(Diagnostic::new(Code::WrongType, span, message).help("leave out the `?`"));
    }
    ty.required().clone()
}

/// The parameters in an order in which each stands behind those that it is calculated from.
pub(super) fn in_order<'n, 's>(
    names: &Names,
    nodes: &[&'n ast::Parameter<'s>],
) -> Vec<(ParameterId, &'n ast::Parameter<'s>)> {
    let mut ordered = Vec::with_capacity(nodes.len());
    let mut begun = vec![false; nodes.len()];
    for at in 0..nodes.len() {
        put(at, names, nodes, &mut begun, &mut ordered);
    }
    ordered
}

fn put<'n, 's>(
    at: usize,
    names: &Names,
    nodes: &[&'n ast::Parameter<'s>],
    begun: &mut [bool],
    into: &mut Vec<(ParameterId, &'n ast::Parameter<'s>)>,
) {
    let Some(node) = nodes.get(at) else { return };
    match begun.get_mut(at) {
        Some(begun) if !*begun => *begun = true,
        _ => return,
    }
    let mut before = Vec::new();
    values_of(node).for_each(|value| value.names(&mut |name| before.push(name)));
    for name in before {
        if let Some(Named::Parameter(id)) = names.get(name) {
            put(id.index(), names, nodes, begun, into);
        }
    }
    into.push((ParameterId::at(at), node));
}

/// The values of a parameter; those that it is calculated from are known.
pub(super) fn parameter(
    checker: &mut Checker,
    id: ParameterId,
    node: &ast::Parameter,
) -> Vec<(Option<Time>, Constant)> {
    let ty = &checker.names.checked.parameters[id].ty;
    cites::origins(checker, &node.origins);
    if values_of(node).any(|value| number::range(checker, value, ty).is_err()) {
        return Vec::new();
    }
    let in_percent =
        values_of(node).find(|value| share::is_in_percent(value)).map(|value| value.span);
    if let Some(in_percent) = in_percent {
        for value in values_of(node).filter(|value| share::is_above_one(value)) {
            share::report(checker, value.span, in_percent);
        }
    }
    match &node.value {
        ast::ParameterValue::Fixed(value) => {
            let value = constant::of(checker, value, ty, "the value of a parameter");
            value.map(|value| (None, value)).into_iter().collect()
        }
        ast::ParameterValue::Dated(dated) => {
            let mut values: Vec<(Option<Time>, Constant)> = Vec::new();
            for row in dated {
                cites::origins(checker, &row.origins);
                let from = constant::time(checker, &row.from, None);
                let value = constant::of(checker, &row.value, ty, "the value of a parameter");
                let (Ok(from), Ok(value)) = (from, value) else { continue };
                if values.last().is_some_and(|(last, _)| *last >= Some(from)) {
                    checker.sink.report(
                        Diagnostic::new(
                            Code::PhaseOrder,
                            row.from.span,
                            "the values of a parameter stand in the order of their dates",
                        )
                        .help("put the earlier date first; each date may stand once"),
                    );
                }
                values.push((Some(from), value));
            }
            values
        }
    }
}

/// The items of each list.
pub(super) fn lists(checker: &mut Checker, nodes: &[&ast::ListDefinition]) -> Vec<Items> {
    let lists = checker.names.checked.lists.iter().zip(nodes);
    lists.map(|(list, node)| list_items(checker, node, &list.ty)).collect()
}

fn list_items(checker: &mut Checker, node: &ast::ListDefinition, ty: &Type) -> Items {
    let mut gathering = Gathering::default();
    match &node.items {
        ListItems::InPlace(expr) => {
            let elements: &[_] = match &expr.kind {
                ExprKind::List(elements) => elements,
                _ => {
                    let message = "the items of a list are written one by one";
                    let help = "what is made of another list stands where it is read, in a rule or \
                                a function";
                    let problem = Diagnostic::new(Code::NotConstant, expr.span, message);
                    checker.sink.report(problem.help(help));
                    &[]
                }
            };
            number::grouped(checker, elements, Parted::List);
            for element in elements {
                if let Ok(value) = constant::of(checker, element, ty, "an item of a list") {
                    gathering.add(value, element.span);
                }
            }
        }
        // Whoever read the files has said why one is not there.
        ListItems::File(path) => {
            let file = checker.names.file(path.span);
            for (line, span) in file.into_iter().flat_map(|(file, text)| list_lines(file, text)) {
                match item_of_line(checker, line, ty) {
                    Some(value) => gathering.add(value, span),
                    None => {
                        let message = format!("`{line}` is not {}", ty.described());
                        checker.sink.report(
                            Diagnostic::new(Code::WrongType, span, message)
                                .also(node.ty.span, "the list is declared here"),
                        );
                    }
                }
            }
        }
    }
    for (first, span) in &gathering.twice {
        let message = "the list holds this item twice";
        let diagnostic = Diagnostic::new(Code::DuplicateItem, *span, message)
            .also(*first, "first here")
            .help("remove one of the two");
        checker.sink.report(diagnostic);
    }
    gathering.items()
}

/// Gathers the items of a list.
#[derive(Default)]
struct Gathering {
    /// The items as long as they are texts, each of which stands once, and where they stand.
    texts: TextSet,
    places: Vec<Span>,
    /// The items of other lists, and where each stands first.
    values: Vec<Constant>,
    firsts: HashMap<String, Span>,
    /// Where an item stands first, and where once more.
    twice: Vec<(Span, Span)>,
}

impl Gathering {
    fn add(&mut self, value: Constant, span: Span) {
        match &value {
            Constant::Text(text) if self.values.is_empty() && self.texts.add(text).1 => {
                self.places.push(span);
            }
            _ => {
                for (text, place) in self.texts.iter().zip(self.places.drain(..)) {
                    let value = Constant::Text(text.to_string());
                    self.firsts.insert(format!("{value:?}"), place);
                    self.values.push(value);
                }
                self.texts = TextSet::default();
                match self.firsts.entry(format!("{value:?}")) {
                    Entry::Occupied(first) => self.twice.push((*first.get(), span)),
                    Entry::Vacant(first) => {
                        first.insert(span);
                    }
                }
                self.values.push(value);
            }
        }
    }

    fn items(self) -> Items {
        match self.values.is_empty() {
            true => Items::Texts(Arc::new(self.texts)),
            false => Items::Values(self.values),
        }
    }
}

fn item_of_line(checker: &Checker, line: &str, ty: &Type) -> Option<Constant> {
    Constant::from_value(&ty.read(line, &checker.names.settings.zone)?)
}

/// The lines of a list file that hold items, each with its place.
pub fn list_lines(file: FileId, text: &str) -> impl Iterator<Item = (&str, Span)> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let before = at;
        at += line.len();
        let item = without_comment(line).trim();
        let start = before + line.len() - line.trim_start().len();
        (!item.is_empty()).then(|| (item, Span::new(file, start, start + item.len())))
    })
}

/// A line up to its comment: a `#` that starts the line or follows white space.
fn without_comment(line: &str) -> &str {
    if !line.contains('#') {
        return line;
    }
    let starts = line.match_indices('#').map(|(at, _)| at);
    let mut comments = starts.filter(|at| {
        line.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
    });
    comments.next().and_then(|at| line.get(..at)).unwrap_or(line)
}

/// The values of a parameter as written.
fn values_of<'n, 's>(node: &'n ast::Parameter<'s>) -> impl Iterator<Item = &'n ast::Expr<'s>> {
    let (fixed, dated) = match &node.value {
        ast::ParameterValue::Fixed(value) => (Some(value), [].as_slice()),
        ast::ParameterValue::Dated(rows) => (None, rows.as_slice()),
    };
    fixed.into_iter().chain(dated.iter().map(|row| &row.value))
}

fn is_percent(node: &ast::Parameter) -> bool {
    values_of(node).any(share::is_in_percent)
}

fn is_assumed(node: &ast::Parameter) -> bool {
    let rows = match &node.value {
        ast::ParameterValue::Fixed(_) => [].as_slice(),
        ast::ParameterValue::Dated(values) => values.as_slice(),
    };
    let mut origins = node.origins.iter().chain(rows.iter().flat_map(|row| &row.origins));
    origins.any(|origin| matches!(origin, Origin::Assumed(_)))
}
