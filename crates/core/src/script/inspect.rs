//! Looks at a script as Rhai has read it, for what Rhai itself takes and we do not.

use rhai::{AST, ASTNode, Expr, Position, Stmt};

/// What checking needs of a script that compiled.
pub(super) struct Inspected {
    /// The most calls within one expression that work one on the result of the other.
    pub(super) chain: u64,
    /// A number that is another than it says, and where it stands.
    pub(super) wrapped: Option<Position>,
    /// How large the script is, if what stands in it runs at most once in a call: it has no loop, and
    /// calls neither its own functions nor those that are values.
    pub(super) straight: Option<Extent>,
}

/// How large a script is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    /// The statements and expressions.
    pub(super) nodes: usize,
    /// How deep they nest.
    pub(super) depth: usize,
}

/// Looks through a script. `written` gives the word at a position.
pub(super) fn inspect<'t>(ast: &AST, written: impl Fn(Position) -> &'t str) -> Inspected {
    let mut inspected = Inspected { chain: 1, wrapped: None, straight: Some(Extent::default()) };
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        let within = path.iter().rev().map_while(|node| match node {
            ASTNode::Expr(expr) => Some(*expr),
            _ => None,
        });
        let calls = within.filter(|expr| match expr {
            Expr::Dot(..) => true,
            Expr::FnCall(call, _) => !call.is_operator_call(),
            _ => false,
        });
        // The first works on what has been read, each other one on what the one before it gave.
        inspected.chain = inspected.chain.max((calls.count() as u64).saturating_sub(1));
        if let Some(ASTNode::Expr(Expr::IntegerConstant(_, at))) = path.last()
            && wraps(written(*at))
        {
            inspected.wrapped.get_or_insert(*at);
        }
        inspected.straight = match path.last() {
            Some(node) if repeats(node, ast) => None,
            _ => inspected.straight.map(|Extent { nodes, depth }| Extent {
                nodes: nodes + 1,
                depth: depth.max(path.len()),
            }),
        };
        true
    });
    inspected
}

/// Whether something may run more than once in a call.
fn repeats(node: &ASTNode<'_>, ast: &AST) -> bool {
    match node {
        ASTNode::Stmt(Stmt::While(..) | Stmt::Do(..) | Stmt::For(..)) => true,
        ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _)) => {
            is_function(ast, &call.name)
        }
        ASTNode::Expr(Expr::DynamicConstant(value, _)) => value.is_fnptr(),
        // A function by its bare name, which something else may call.
        ASTNode::Expr(Expr::Variable(variable, ..)) => is_function(ast, &variable.1),
        _ => false,
    }
}

fn is_function(ast: &AST, name: &str) -> bool {
    ast.iter_functions().any(|function| function.name == name)
}

/// Whether Rhai makes a negative number of a hexadecimal, octal or binary one: it reads 64 bits.
fn wraps(written: &str) -> bool {
    let Some(rest) = written.strip_prefix('0') else { return false };
    let radix = match rest.chars().next() {
        Some('x' | 'X') => 16,
        Some('o' | 'O') => 8,
        Some('b' | 'B') => 2,
        _ => return false,
    };
    let digits: String = rest.chars().skip(1).filter(|c| *c != '_').collect();
    i64::from_str_radix(&digits, radix).is_err()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::inspect;
    use crate::script::engine;
    use crate::settings::ScriptLimits;
    use rulebook_lang::model::Zone;

    #[test]
    fn what_may_run_more_than_once_is_seen() {
        let engine = engine::build(&ScriptLimits::default(), &Zone::UTC);
        for (body, runs_once) in [
            ("if x == [] { 1 } else { 2 }", true),
            ("let wrapped = 1; wrapped", true),
            ("for y in x { 1; } 2", false),
            ("wrap(x, 1)", false),
            ("x.map(|y| y)", false),
            // By its name alone.
            ("x.reduce(wrap, [])", false),
        ] {
            let ast =
                engine.compile(format!("fn wrap(l, n) {{ [l] }} fn f(x) {{ {body} }}")).unwrap();
            assert_eq!(inspect(&ast, |_| "").straight.is_some(), runs_once, "{body}");
        }
    }
}
