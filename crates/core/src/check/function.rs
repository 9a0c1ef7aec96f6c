//! Checks functions: what they take and give first, then their bodies.

use std::collections::HashSet;

use super::checker::Checker;
use super::infer::expect;
use super::resolve;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Body, Function};
use crate::ids::{FunctionId, IdVec};
use crate::script::{Host, Script, Wanted};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

/// The functions with what they take and give, before any body is looked at.
pub(super) fn declare(
    checker: &mut Checker,
    nodes: &[&ast::Function],
) -> IdVec<FunctionId, Function> {
    nodes.iter().map(|node| declaration(checker, node)).collect()
}

fn declaration(checker: &mut Checker, node: &ast::Function) -> Function {
    resolve::refuse_function(checker, &node.name);
    let mut arguments = Vec::new();
    let mut seen = HashSet::new();
    for argument in &node.arguments {
        if !seen.insert(argument.name.text) {
            let message = format!("two arguments are named `{}`", argument.name.text);
            checker.sink.error(Code::DuplicateName, argument.name.span, message);
        }
        arguments.push((checker.sink.local(), resolve::resolve_type(checker, &argument.ty)));
    }
    let result = resolve::resolve_type(checker, &node.result);
    let name = node.name.text.to_string();
    Function { name, arguments, result, body: Body::Script(None) }
}

/// The body of each function.
pub(super) fn bodies(checker: &mut Checker, nodes: &[&ast::Function]) -> Vec<Body> {
    // Compiles scripts, once there is one.
    let mut host = None;
    let functions = checker.names.checked.functions.iter().zip(nodes);
    let bodies = functions.map(|(function, node)| match &node.body {
        ast::FunctionBody::Script(path) => {
            Body::Script(script(checker, &mut host, node, path, function).ok())
        }
        ast::FunctionBody::Expression(body) => {
            let mut scope = Scope::default();
            for (argument, (local, ty)) in node.arguments.iter().zip(&function.arguments) {
                scope.add_local(argument.name.text, *local, ty.clone());
            }
            Body::Expression(expect(checker, body, &function.result, &scope))
        }
    });
    bodies.collect()
}

/// The function of a script that a definition names; reports what is wrong with either.
fn script(
    checker: &mut Checker,
    host: &mut Option<Host>,
    node: &ast::Function,
    path: &ast::Text,
    function: &Function,
) -> Result<Script, Wrong> {
    if let Type::Record(_) = function.result.required() {
        let message =
            format!("`{}` gives a whole record, which no policy can read", node.name.text);
        return Err(checker.sink.wrong(
            Diagnostic::new(Code::WrongType, node.result.span, message)
                .help("let the script give a single value, or a list"),
        ));
    }
    if !function.result.is_kept() || function.arguments.iter().any(|(_, ty)| !ty.is_kept()) {
        let message = format!("a script takes and gives no {}", Type::Days);
        return Err(checker.sink.wrong(
            Diagnostic::new(Code::WrongType, node.name.span, message)
                .help("hand over a number, and count with it in the policy"),
        ));
    }
    // Whoever read the files has said why one is not there.
    let (file, text) = checker.names.file(path.span).ok_or_else(Wrong::reported)?;
    let wanted = Wanted {
        name: node.name.text,
        arity: node.arguments.len(),
        declared: node.name.span,
        file,
        path: checker.names.sources.get(file).map_or(&path.value, |file| &file.path),
        text,
    };
    let settings = checker.names.settings;
    let host = host.get_or_insert_with(|| Host::new(&settings.scripts, &settings.zone));
    host.function(&wanted).map_err(|problems| {
        checker.sink.diagnostics.extend(problems);
        Wrong::reported()
    })
}
