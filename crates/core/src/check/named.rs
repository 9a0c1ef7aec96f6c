//! Checks named values: what `let` says in policies and in records.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::checker::Checker;
use super::circle::circles;
use super::infer::{expect, infer};
use super::names::{Named, Names};
use super::scope::{CounterReader, Lets, Scope};
use super::sink::{Sink, Wrong};
use super::typed::{Kind, Let, RecordId};
use super::{cites, resolve};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_syntax::ast::{self, ExprKind, ItemKind};

/// How deep named values may stand one within the other.
const MAX_DEPTH: usize = 64;
/// How many named values one may come to, each written out where it is read.
const MAX_SIZE: usize = 10_000;

/// The named values among the items of a policy.
pub(super) fn of_items<'n, 's>(items: &'n [ast::Item<'s>]) -> Vec<&'n ast::Let<'s>> {
    let lets = items.iter().filter_map(|item| match &item.kind {
        ItemKind::Let(node) => Some(&**node),
        _ => None,
    });
    lets.collect()
}

/// Defines those of every record, which all policies on it see.
pub(super) fn of_records(names: &mut Names, sink: &mut Sink, nodes: &[&ast::Record]) -> Vec<Lets> {
    let mut all = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let scope = Scope {
            record: Some(RecordId::at(at)),
            // What counters count by is looked at where a policy reads them.
            reader: CounterReader::Policy { dated: true },
            ..Scope::default()
        };
        all.push(define(names, sink, &node.lets.iter().collect::<Vec<_>>(), &scope));
    }
    all
}

/// Defines some named values, which see each other and those of the scope; what is seen with them.
pub(super) fn define(
    names: &mut Names,
    sink: &mut Sink,
    nodes: &[&ast::Let],
    scope: &Scope,
) -> Lets {
    if nodes.is_empty() {
        return scope.lets.clone();
    }
    let mut visible = BTreeMap::clone(&scope.lets);
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    for (at, node) in nodes.iter().enumerate() {
        let name = node.name.text;
        refuse(&mut Checker::new(names, sink), &node.name, scope);
        match by_name.get(name).and_then(|first| nodes.get(*first)) {
            Some(first) => {
                let message = format!("two named values are called `{name}`");
                sink.report_twice(message, node.name.span, first.name.span);
            }
            None => drop(by_name.insert(name, at)),
        }
        // What is wrong, or stands in a circle, stays so.
        visible.insert(name.to_string(), None);
    }
    let reads = nodes.iter().map(|node| {
        let mut reads: Vec<(usize, Span)> = Vec::new();
        node.free_names(&mut |read| {
            reads.extend(by_name.get(read.text).map(|at| (*at, read.span)));
        });
        reads
    });
    let reads: Vec<Vec<(usize, Span)>> = reads.collect();
    let in_circles = report_circles(sink, nodes, &reads);
    let mut scope = Scope { lets: Rc::new(visible), ..scope.clone() };
    for at in in_order(&reads) {
        let Some(node) = nodes.get(at).filter(|_| !in_circles.contains(&at)) else { continue };
        if by_name.get(node.name.text) != Some(&at) {
            continue;
        }
        let Ok(named) = value(&mut Checker::new(names, sink), node, &scope) else { continue };
        let id = names.checked.lets.push(named);
        Rc::make_mut(&mut scope.lets).insert(node.name.text.to_string(), Some(id));
    }
    scope.lets
}

/// Reports a name that means something else already.
fn refuse(checker: &mut Checker, node: &ast::Name, scope: &Scope) {
    let name = node.text;
    if let Some(meaning) = resolve::reserved(name) {
        let message = format!("`{name}` is {meaning}");
        checker.sink.report(
            Diagnostic::new(Code::ReservedName, node.span, message).help("choose another name"),
        );
        return;
    }
    let record = scope.record.map(|record| checker.names.record(record));
    let field = record.filter(|record| record.fields.iter().any(|field| field.name == name));
    let taken = if let Some(record) = field {
        format!("record `{}` has a field `{name}`", record.name)
    } else if checker.names.decides(name, scope) {
        format!("the policy decides `{name}`")
    } else if scope.lets.contains_key(name) {
        format!("`{name}` is a named value already")
    } else {
        let Some((named, first)) = checker.names.named.get(name) else { return };
        let what = match named {
            Named::Enum(_) => "an enum",
            Named::Record(..) => "a record",
            Named::Parameter(_) => "a parameter",
            Named::List(_) => "a list",
            Named::Function(_) => "a function",
            Named::Counter(_) => "a counter",
            Named::Table(_) => "a table",
            Named::Calendar(_) => "a calendar",
            Named::Policy(_) | Named::Overlay(_) => "a policy",
        };
        checker.sink.report_twice(format!("`{name}` is {what}"), node.span, *first);
        return;
    };
    checker.sink.report(
        Diagnostic::new(Code::DuplicateName, node.span, taken)
            .help("give the named value another name"),
    );
}

/// Reports named values that need each other, and tells which do.
fn report_circles(
    sink: &mut Sink,
    nodes: &[&ast::Let],
    reads: &[Vec<(usize, Span)>],
) -> Vec<usize> {
    let from = |at: usize| reads.get(at).map_or([].as_slice(), Vec::as_slice);
    let next = |at: usize, visit: &mut dyn FnMut(usize)| {
        from(at).iter().for_each(|(target, _)| visit(*target));
    };
    let circles = circles(nodes.len(), &next);
    for circle in &circles {
        let name = |at: usize| nodes.get(at).map_or("", |node| node.name.text);
        let chain = circle.iter().chain(circle.first()).map(|at| format!("`{}`", name(*at)));
        let chain: Vec<_> = chain.collect();
        let behind = circle.iter().skip(1).chain(circle.first());
        let mut steps = circle.iter().zip(behind).filter_map(|(by, of)| {
            let (_, span) = from(*by).iter().find(|(target, _)| target == of)?;
            Some((format!("`{}` reads `{}`", name(*by), name(*of)), *span))
        });
        let Some((first, span)) = steps.next() else { continue };
        let message = match circle.as_slice() {
            [single] => format!("`{}` needs itself", name(*single)),
            _ => format!("named values need each other in a circle: {}", chain.join(" reads ")),
        };
        let diagnostic = Diagnostic::new(Code::RecursiveDefinition, span, message)
            .label(first)
            .help("drop one of them: what is read must be known first");
        sink.report(steps.fold(diagnostic, |all, (label, span)| all.also(span, label)));
    }
    circles.concat()
}

/// The positions of named values, what is read before what reads it.
fn in_order(reads: &[Vec<(usize, Span)>]) -> Vec<usize> {
    fn put(at: usize, reads: &[Vec<(usize, Span)>], begun: &mut [bool], into: &mut Vec<usize>) {
        match begun.get_mut(at) {
            Some(begun) if !*begun => *begun = true,
            _ => return,
        }
        for (read, _) in reads.get(at).into_iter().flatten() {
            put(*read, reads, begun, into);
        }
        into.push(at);
    }
    let (mut begun, mut ordered) = (vec![false; reads.len()], Vec::with_capacity(reads.len()));
    (0..reads.len()).for_each(|at| put(at, reads, &mut begun, &mut ordered));
    ordered
}

/// A named value; those that it reads are known.
fn value(checker: &mut Checker, node: &ast::Let, scope: &Scope) -> Result<Let, Wrong> {
    let record = scope.record.ok_or_else(Wrong::reported)?;
    let title = node.title.as_ref().map(|title| cites::title(checker, title, scope));
    cites::origins(checker, &node.origins);
    let declared = node.ty.as_ref().map(|ty| resolve::resolve_type(checker, ty));
    let value = match &declared {
        Some(ty) => expect(checker, &node.value, ty, scope),
        None => {
            refuse_member(checker, node, &node.value, scope)?;
            infer(checker, &node.value, None, scope)
        }
    };
    let ty = declared.unwrap_or_else(|| value.ty.clone());
    if ty.is_unknown() || value.ty.is_unknown() {
        return Err(Wrong::reported());
    }
    let (mut depth, mut size) = (0, 1_usize);
    value.walk(&mut |inner| {
        if let Kind::Let(id, _) = &inner.kind {
            let read = &checker.names.checked.lets[*id];
            depth = depth.max(read.depth + 1);
            size = size.saturating_add(read.size);
        }
    });
    if depth > MAX_DEPTH || size > MAX_SIZE {
        let message = format!("`{}` is made of too many named values", node.name.text);
        let problem = Diagnostic::new(Code::TooDeep, node.value.span, message);
        return Err(checker.sink.wrong(problem.help(
            "let it read fewer others, one within the other; a decision of its own keeps a value",
        )));
    }
    let (name, value, policy) = (node.name.text.to_string(), Arc::new(value), scope.policy);
    Ok(Let { name, ty, value, title, record, policy, depth, size, span: node.name.span })
}

/// Reports a member of an enum of which nobody knows which enum is meant.
fn refuse_member(
    checker: &mut Checker,
    node: &ast::Let,
    value: &ast::Expr,
    scope: &Scope,
) -> Result<(), Wrong> {
    match &value.kind {
        ExprKind::Group(inner) => refuse_member(checker, node, inner, scope),
        ExprKind::Choice(branches, otherwise) => {
            let values = branches.iter().map(|(_, value)| value).chain([&**otherwise]);
            values.into_iter().try_for_each(|value| refuse_member(checker, node, value, scope))
        }
        ExprKind::Path(_) if checker.names.is_bare_member(value, scope) => {
            let member = checker.names.shown(value.span);
            let enums = checker.names.named.iter().filter_map(|(name, (named, _))| match named {
                Named::Enum(members) if members.position(&member).is_some() => Some(name),
                _ => None,
            });
            let Some(name) = enums.min() else { return Ok(()) };
            let message = format!("`{member}` is known only where a `{name}` is expected");
            let help = format!("say what it is: `let {}: {name} = …`", node.name.text);
            let problem = Diagnostic::new(Code::UnknownName, value.span, message);
            Err(checker.sink.wrong(problem.help(help)))
        }
        _ => Ok(()),
    }
}

/// Warns of named values that nothing reads.
pub(super) fn lint_unused(checker: &mut Checker) {
    for (id, named) in checker.names.checked.lets.numbered() {
        if !checker.sink.read_lets.contains(&id) {
            let message = format!("named value `{}` is never used", named.name);
            let warning = Diagnostic::new(Code::Unused, named.span, message);
            checker.sink.report(warning.help("remove it"));
        }
    }
}
