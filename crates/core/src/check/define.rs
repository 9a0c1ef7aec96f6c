//! Checks what is defined outside of policies: records, parameters, lists and functions.

use std::collections::{HashMap, HashSet};

use super::infer::Scope;
use super::typed::{
    Body, Constant, Expr, Field, Function, FunctionId, Kind, List, Parameter, ParameterValue,
    Record,
};
use super::{Checker, Named};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{FileId, Span};
use rulebook_lang::model::Type;
use rulebook_syntax::ast::{self, DefinitionKind, ListItems, Literal, Origin};

impl Checker<'_> {
    pub(super) fn define_records(&mut self, definitions: &[&ast::Definition]) {
        for definition in definitions {
            let DefinitionKind::Record(record) = &definition.kind else { continue };
            let mut fields: Vec<Field> = Vec::new();
            for node in &record.fields {
                let ty = self.resolve_type(&node.ty);
                self.check_field_name(record, node, &fields);
                let alias = node.alias.as_ref().map(|alias| alias.value.to_string());
                let name = node.name.text.to_string();
                // Where the key leads is found out once every record is known.
                let join = node.join.as_ref().map(|_| super::typed::Fields::new());
                fields.push(Field { name, ty, default: None, alias, join });
            }
            let name = record.name.text.into();
            let span = record.name.span;
            self.checked.records.push(Record { name, fields, profile_key: None, span });
        }
    }

    fn check_field_name(&mut self, record: &ast::Record, node: &ast::Field, before: &[Field]) {
        let name = node.name.text;
        let alias = node.alias.iter().map(|alias| (alias.value.as_ref(), alias.span));
        for (own, span) in alias.chain([(name, node.name.span)]) {
            let taken = before.iter().any(|f| f.name == own || f.alias.as_deref() == Some(own));
            if taken {
                let message = format!("record `{}` has `{own}` twice", record.name.text);
                self.error(Code::DuplicateName, span, message);
            }
        }
        let meaning = match name {
            "now" => "the time of the evaluation",
            name if super::resolve::is_word(name) => "a word of the language",
            _ => return,
        };
        let message = format!("`{name}` is {meaning} and cannot be a field");
        let help = format!("choose another name and read the input's with `as \"{name}\"`");
        self.report(Diagnostic::new(Code::ReservedName, node.name.span, message).help(help));
    }

    pub(super) fn define_defaults(&mut self, definitions: &[&ast::Definition]) {
        let records = definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::Record(record) => Some(record),
            _ => None,
        });
        for (index, record) in records.enumerate() {
            for (position, node) in record.fields.iter().enumerate() {
                let Some(default) = &node.default else { continue };
                let Some(ty) = self
                    .checked
                    .records
                    .get(index)
                    .and_then(|record| record.fields.get(position))
                    .map(|field| field.ty.clone())
                else {
                    continue;
                };
                if ty.is_optional() {
                    self.report(
                        Diagnostic::new(
                            Code::WrongType,
                            node.ty.span,
                            "a field with a default is never missing",
                        )
                        .help("leave out the `?` or the default"),
                    );
                }
                let value = self.constant_of(default, &ty, "a default");
                if let Some(field) = self
                    .checked
                    .records
                    .get_mut(index)
                    .and_then(|record| record.fields.get_mut(position))
                {
                    field.default = value;
                }
            }
        }
    }

    /// Declares parameters, lists and functions with their types, before any value is looked at.
    pub(super) fn declare(&mut self, definitions: &[&ast::Definition]) {
        for definition in definitions {
            match &definition.kind {
                DefinitionKind::Parameter(node) => {
                    let ty = self.resolve_type(&node.ty);
                    let ty = self.refuse_optional(ty, node.ty.span, "a parameter");
                    self.checked.parameters.push(Parameter {
                        name: node.name.text.to_string(),
                        ty,
                        values: Vec::new(),
                        percent: is_percent(&node.value),
                        assumed: is_assumed(node),
                        span: node.name.span,
                    });
                }
                DefinitionKind::List(node) => {
                    let ty = self.resolve_type(&node.ty);
                    let ty = self.refuse_optional(ty, node.ty.span, "an item of a list");
                    self.checked.lists.push(List {
                        name: node.name.text.to_string(),
                        ty,
                        items: Vec::new(),
                    });
                }
                DefinitionKind::Function(node) => self.declare_function(node),
                _ => {}
            }
        }
    }

    fn refuse_optional(&mut self, ty: Type, span: Span, what: &str) -> Type {
        if ty.is_optional() {
            let message = format!("{what} is never missing");
            self.report(Diagnostic::new(Code::WrongType, span, message).help("leave out the `?`"));
        }
        ty.required().clone()
    }

    fn declare_function(&mut self, node: &ast::Function) {
        if rulebook_lang::function::find(node.name.text).is_some()
            || super::typed::ComprehensionKind::from_name(node.name.text).is_some()
        {
            let message = format!("`{}` is a function of the language", node.name.text);
            self.error(Code::DuplicateName, node.name.span, message);
        }
        let mut arguments = Vec::new();
        let mut seen = HashSet::new();
        for argument in &node.arguments {
            if !seen.insert(argument.name.text) {
                let message = format!("two arguments are named `{}`", argument.name.text);
                self.error(Code::DuplicateName, argument.name.span, message);
            }
            arguments.push((self.local(), self.resolve_type(&argument.ty)));
        }
        let result = self.resolve_type(&node.result);
        self.checked.functions.push(Function {
            name: node.name.text.to_string(),
            arguments,
            result,
            body: Body::Script(None),
        });
    }

    pub(super) fn define_values(&mut self, definitions: &[&ast::Definition]) {
        let parameters: Vec<_> = definitions
            .iter()
            .filter_map(|definition| match &definition.kind {
                DefinitionKind::Parameter(parameter) => Some(parameter),
                _ => None,
            })
            .collect();
        let mut begun = vec![false; parameters.len()];
        for at in 0..parameters.len() {
            self.define_parameter(at, &parameters, &mut begun);
        }
        let lists = definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::List(list) => Some(list),
            _ => None,
        });
        for (at, node) in lists.enumerate() {
            let ty = self.checked.lists.get(at).map(|list| list.ty.clone());
            let items = ty.map(|ty| self.list_items(node, &ty)).unwrap_or_default();
            if let Some(list) = self.checked.lists.get_mut(at) {
                list.items = items;
            }
        }
    }

    /// Gives a parameter its values, those that it is calculated from first.
    fn define_parameter(&mut self, at: usize, nodes: &[&ast::Parameter], begun: &mut [bool]) {
        let Some(node) = nodes.get(at) else { return };
        match begun.get_mut(at) {
            Some(begun) if !*begun => *begun = true,
            _ => return,
        }
        for name in names_in(&node.value) {
            if let Some((Named::Parameter(id), _)) = self.names.get(&name) {
                self.define_parameter(id.index(), nodes, begun);
            }
        }
        let ty = self.checked.parameters.get(at).map(|parameter| parameter.ty.clone());
        let values = ty.map(|ty| self.parameter_values(node, &ty)).unwrap_or_default();
        if let Some(parameter) = self.checked.parameters.get_mut(at) {
            parameter.values = values;
        }
    }

    fn parameter_values(&mut self, node: &ast::Parameter, ty: &Type) -> Vec<ParameterValue> {
        self.origins(&node.origins);
        match &node.value {
            ast::ParameterValue::Fixed(value) => {
                let value = self.constant_of(value, ty, "the value of a parameter");
                value.map(|value| ParameterValue { from: None, value }).into_iter().collect()
            }
            ast::ParameterValue::Dated(dated) => {
                let mut values: Vec<ParameterValue> = Vec::new();
                for row in dated {
                    self.origins(&row.origins);
                    let from = self.constant_time(&row.from, None);
                    let value = self.constant_of(&row.value, ty, "the value of a parameter");
                    let (Some(from), Some(value)) = (from, value) else { continue };
                    if values.last().is_some_and(|last| last.from >= Some(from)) {
                        self.report(
                            Diagnostic::new(
                                Code::PhaseOrder,
                                row.from.span,
                                "the values of a parameter stand in the order of their dates",
                            )
                            .help("put the earlier date first; each date may stand once"),
                        );
                    }
                    values.push(ParameterValue { from: Some(from), value });
                }
                values
            }
        }
    }

    fn list_items(&mut self, node: &ast::ListDefinition, ty: &Type) -> Vec<Constant> {
        let mut items: Vec<(Constant, Span)> = Vec::new();
        match &node.items {
            ListItems::InPlace(expr) => {
                let ast::ExprKind::List(elements) = &expr.kind else { return Vec::new() };
                for element in elements {
                    let value = self.constant_of(element, ty, "an item of a list");
                    items.extend(value.map(|value| (value, element.span)));
                }
            }
            ListItems::File(path) => {
                let Some((file, text)) = self.named.get(&path.span).cloned() else {
                    // Whoever read the files has said why this one is not there.
                    return Vec::new();
                };
                for (line, span) in list_lines(file, &text) {
                    match self.item_of_line(line, ty) {
                        Some(value) => items.push((value, span)),
                        None => {
                            let message = format!("`{line}` is not {}", ty.described());
                            self.report(
                                Diagnostic::new(Code::WrongType, span, message)
                                    .also(node.ty.span, "the list is declared here"),
                            );
                        }
                    }
                }
            }
        }
        self.report_duplicates(&items);
        items.into_iter().map(|(value, _)| value).collect()
    }

    fn item_of_line(&self, line: &str, ty: &Type) -> Option<Constant> {
        Constant::from_value(&ty.read(line, &self.settings.zone)?)
    }

    fn report_duplicates(&mut self, items: &[(Constant, Span)]) {
        let mut seen: HashMap<String, Span> = HashMap::new();
        for (item, span) in items {
            let key = format!("{item:?}");
            if let Some(first) = seen.get(&key) {
                let message = "the list holds this item twice";
                let diagnostic = Diagnostic::new(Code::DuplicateItem, *span, message)
                    .also(*first, "first here")
                    .help("remove one of the two");
                self.report(diagnostic);
            } else {
                seen.insert(key, *span);
            }
        }
    }

    pub(super) fn define_functions(&mut self, definitions: &[&ast::Definition]) {
        let functions = definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::Function(function) => Some(function),
            _ => None,
        });
        for (index, node) in functions.enumerate() {
            let Some(function) = self.checked.functions.get(index).cloned() else { continue };
            let body = match &node.body {
                ast::FunctionBody::Script(path) => Body::Script(self.script(node, path, &function)),
                ast::FunctionBody::Expression(body) => {
                    let mut scope = Scope::default();
                    for (argument, (local, ty)) in node.arguments.iter().zip(&function.arguments) {
                        scope.add_local(argument.name.text, *local, ty.clone());
                    }
                    let body = self.expect(body, &function.result, &scope);
                    self.note_calls(FunctionId::at(index), &body);
                    Body::Expression(body)
                }
            };
            if let Some(function) = self.checked.functions.get_mut(index) {
                function.body = body;
            }
        }
    }

    fn note_calls(&mut self, caller: FunctionId, body: &Expr) {
        let mut calls = Vec::new();
        body.walk(&mut |expr| {
            if let Kind::Apply(callee, _) = &expr.kind {
                calls.push((*callee, expr.span));
            }
        });
        self.calls.insert(caller, calls);
    }

    /// Reports functions that need themselves, and records that hold themselves.
    pub(super) fn check_recursion(&mut self) {
        let mut done = HashMap::new();
        for index in 0..self.checked.functions.len() {
            let mut path = Vec::new();
            self.follow_calls(FunctionId::at(index), &mut path, &mut done);
        }
        for index in 0..self.checked.records.len() {
            self.follow_fields(index);
        }
    }

    /// Follows the calls of a function and tells what it costs to put their bodies in place.
    fn follow_calls(
        &mut self,
        function: FunctionId,
        path: &mut Vec<(FunctionId, Span)>,
        done: &mut HashMap<FunctionId, Cost>,
    ) -> Cost {
        if let Some(cost) = done.get(&function) {
            return *cost;
        }
        let mut cost = Cost { depth: 1, calls: 1 };
        for (callee, span) in self.calls.get(&function).cloned().unwrap_or_default() {
            let on_path = callee == function || path.iter().any(|(caller, _)| *caller == callee);
            if on_path {
                let name = self.function_name(callee);
                let mut diagnostic = Diagnostic::new(
                    Code::RecursiveDefinition,
                    span,
                    format!("function `{name}` needs itself"),
                )
                .help("functions cannot recurse; use a comprehension over a list");
                for (_, call) in path.iter() {
                    diagnostic = diagnostic.also(*call, "by way of this call");
                }
                self.report(diagnostic);
                done.insert(callee, Cost::default());
                continue;
            }
            let inner = if path.len() < MAX_DEPTH {
                path.push((function, span));
                let inner = self.follow_calls(callee, path, done);
                path.pop();
                inner
            } else {
                Cost { depth: MAX_DEPTH, calls: 1 }
            };
            cost.depth = cost.depth.max(inner.depth + 1);
            cost.calls = cost.calls.saturating_add(inner.calls);
            if cost.depth > MAX_DEPTH || cost.calls > MAX_CALLS {
                let message = "calls nest too deeply here";
                self.report(
                    Diagnostic::new(Code::TooDeep, span, message)
                        .help("let functions call fewer others, one within the other"),
                );
                cost = Cost::default();
                break;
            }
        }
        done.insert(function, cost);
        cost
    }

    fn function_name(&self, id: FunctionId) -> String {
        self.checked.functions.get(id.index()).map(|f| f.name.clone()).unwrap_or_default()
    }

    fn follow_fields(&mut self, start: usize) {
        let mut stack = vec![start];
        let mut seen = HashSet::new();
        let Some(record) = self.checked.records.get(start).cloned() else { return };
        while let Some(index) = stack.pop() {
            let Some(current) = self.checked.records.get(index) else { continue };
            for field in &current.fields {
                let mut ty = field.ty.required();
                while let Type::List(inner) = ty {
                    ty = inner;
                }
                let Type::Record(name) = ty else { continue };
                if *name == record.name {
                    let message = format!("record `{}` holds itself", record.name);
                    self.report(
                        Diagnostic::new(Code::RecursiveDefinition, record.span, message)
                            .help("write a record of another name for what it holds"),
                    );
                    return;
                }
                if let Some((Named::Record(id), _)) = self.names.get(name.as_ref())
                    && seen.insert(*id)
                {
                    stack.push(id.index());
                }
            }
        }
    }
}

/// How deep functions may call each other.
const MAX_DEPTH: usize = 64;
/// How many calls one call may come to, all in all.
const MAX_CALLS: usize = 10_000;

/// How deep the calls of a function nest, and how many they are in all.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    depth: usize,
    calls: usize,
}

/// The lines of a list file that hold items, each with its place.
pub fn list_lines(file: FileId, text: &str) -> Vec<(&str, Span)> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let item = without_comment(line).trim();
        if !item.is_empty() {
            let start = at + line.find(item).unwrap_or(0);
            lines.push((item, Span::new(file, start, start + item.len())));
        }
        at += line.len();
    }
    lines
}

/// The bare names in the values of a parameter.
fn names_in(value: &ast::ParameterValue) -> Vec<String> {
    let roots: Vec<&ast::Expr> = match value {
        ast::ParameterValue::Fixed(expr) => vec![expr],
        ast::ParameterValue::Dated(rows) => rows.iter().map(|row| &row.value).collect(),
    };
    let mut names = Vec::new();
    for root in roots {
        root.walk(&mut |expr| {
            if let ast::ExprKind::Path(path) = &expr.kind {
                names.extend(path.names.first().map(|name| name.text.to_string()));
            }
        });
    }
    names
}

/// A line up to its comment: a `#` that starts the line or follows white space.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices('#').map(|(at, _)| at);
    let mut comments = starts.filter(|at| {
        line.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
    });
    comments.next().and_then(|at| line.get(..at)).unwrap_or(line)
}

fn is_percent(value: &ast::ParameterValue) -> bool {
    let percent =
        |expr: &ast::Expr| matches!(expr.kind, ast::ExprKind::Literal(Literal::Percent(_)));
    match value {
        ast::ParameterValue::Fixed(expr) => percent(expr),
        ast::ParameterValue::Dated(values) => values.iter().any(|row| percent(&row.value)),
    }
}

fn is_assumed(node: &ast::Parameter) -> bool {
    let rows = match &node.value {
        ast::ParameterValue::Fixed(_) => [].as_slice(),
        ast::ParameterValue::Dated(values) => values.as_slice(),
    };
    let mut origins = node.origins.iter().chain(rows.iter().flat_map(|row| &row.origins));
    origins.any(|origin| matches!(origin, Origin::Assumed(_)))
}
