//! Finds functions and tables that need themselves, and records that hold themselves.

use std::collections::{HashMap, HashSet};

use super::checker::Checker;
use super::names::{Named, Names};
use super::typed::{Body, Expr, FunctionId, Kind, TableId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;

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

/// What is put in place where it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Callee {
    Function(FunctionId),
    Table(TableId),
}

/// Reports functions and tables that need themselves, and records that hold themselves.
pub(super) fn check(checker: &mut Checker) {
    let mut done = HashMap::new();
    let functions = checker.names.checked.functions.ids().map(Callee::Function);
    let tables = checker.names.checked.tables.ids().map(Callee::Table);
    for callee in functions.chain(tables).collect::<Vec<_>>() {
        let mut path = Vec::new();
        follow_calls(checker, callee, &mut path, &mut done);
    }
    for index in 0..checker.names.checked.records.len() {
        follow_fields(checker, index);
    }
}

/// What a function's body, or the cells of a table, call, and where.
fn calls_of(caller: Callee, names: &Names) -> Vec<(Callee, Span)> {
    let mut calls = Vec::new();
    let mut look = |expr: &Expr| {
        expr.walk(&mut |expr| match &expr.kind {
            Kind::Apply(callee, _) => calls.push((Callee::Function(*callee), expr.span)),
            Kind::LookUp(table, ..) => calls.push((Callee::Table(*table), expr.span)),
            _ => {}
        });
    };
    match caller {
        Callee::Function(id) => {
            if let Body::Expression(body) = &names.checked.functions[id].body {
                look(body);
            }
        }
        Callee::Table(id) => names.checked.tables[id].expressions().for_each(look),
    }
    calls
}

/// Follows the calls of a function and counts what it costs to put their bodies in place.
fn follow_calls(
    checker: &mut Checker,
    function: Callee,
    path: &mut Vec<(Callee, Span)>,
    done: &mut HashMap<Callee, Cost>,
) -> Cost {
    if let Some(cost) = done.get(&function) {
        return *cost;
    }
    let mut cost = Cost { depth: 1, calls: 1 };
    for (callee, span) in calls_of(function, checker.names) {
        let on_path = callee == function || path.iter().any(|(caller, _)| *caller == callee);
        if on_path {
            let (what, name) = match callee {
                Callee::Function(id) => ("function", &checker.names.checked.functions[id].name),
                Callee::Table(id) => ("table", &checker.names.checked.tables[id].name),
            };
            let mut diagnostic = Diagnostic::new(
                Code::RecursiveDefinition,
                span,
                format!("{what} `{name}` needs itself"),
            )
            .help("functions and tables cannot recurse; use a comprehension over a list");
            for (_, call) in path.iter() {
                diagnostic = diagnostic.also(*call, "by way of this call");
            }
            checker.sink.report(diagnostic);
            done.insert(callee, Cost::default());
            continue;
        }
        let inner = if path.len() < MAX_DEPTH {
            path.push((function, span));
            let inner = follow_calls(checker, callee, path, done);
            path.pop();
            inner
        } else {
            Cost { depth: MAX_DEPTH, calls: 1 }
        };
        cost.depth = cost.depth.max(inner.depth + 1);
        cost.calls = cost.calls.saturating_add(inner.calls);
        if cost.depth > MAX_DEPTH || cost.calls > MAX_CALLS {
            let message = "calls nest too deeply here";
            checker.sink.report(
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

fn follow_fields(checker: &mut Checker, start: usize) {
    let mut stack = vec![start];
    let mut seen = HashSet::new();
    let Some(record) = checker.names.checked.records.get(start) else { return };
    while let Some(index) = stack.pop() {
        let Some(current) = checker.names.checked.records.get(index) else { continue };
        for field in &current.fields {
            let mut ty = field.ty.required();
            while let Type::List(inner) = ty {
                ty = inner;
            }
            let Type::Record(inner) = ty else { continue };
            if *inner.name() == record.name {
                let message = format!("record `{}` holds itself", record.name);
                checker.sink.report(
                    Diagnostic::new(Code::RecursiveDefinition, record.span, message)
                        .help("write a record of another name for what it holds"),
                );
                return;
            }
            if let Some(Named::Record(id, _)) = checker.names.get(inner.name())
                && seen.insert(*id)
            {
                stack.push(id.index());
            }
        }
    }
}
