//! Calls of functions that are not there: found when a script is read, whether a record gets there or not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rhai::{AST, ASTNode, Engine, Expr, FnCallExpr, Position};

use rulebook_base::diagnostic::did_you_mean;
use rulebook_lang::figures::counted;

/// What the language of scripts itself offers, with the fewest and the most arguments.
const BUILT_IN: &[(&str, usize, usize)] =
    &[("type_of", 1, 1), ("call", 1, usize::MAX), ("is_def_var", 1, 1), ("is_def_fn", 2, 2)];

/// Functions of Rhai and of other languages that scripts do not have, with what to write instead.
const FOREIGN: &[(&str, &str)] = &[
    ("parse_int", "`number(text)` reads a number"),
    ("parse_float", "`number(text)` reads a number"),
    ("parse_decimal", "`number(text)` reads a number"),
    ("to_int", "numbers are exact: write `floor(value)` or `round(value)`"),
    ("to_float", "numbers are exact: leave it out"),
    ("to_decimal", "numbers are exact: leave it out"),
    ("timestamp", "a script asks for no time: hand it over as an argument"),
    ("now", "a script asks for no time: hand it over as an argument"),
    ("rand", "a script has no chance: `bucket(key, salt)` draws by a key, each time alike"),
];

/// The functions that an engine offers, by their names: how many arguments each takes.
pub(super) struct Functions {
    by_name: HashMap<String, BTreeSet<usize>>,
}

/// A call that finds no function.
pub(super) struct Unfound {
    pub(super) at: Position,
    pub(super) message: String,
    pub(super) help: String,
}

impl Functions {
    /// Those of an engine that is complete.
    pub(super) fn of(engine: &Engine) -> Self {
        let offered = engine.collect_fn_metadata(
            None,
            |function| Some((function.metadata.name.to_string(), function.metadata.num_params)),
            true,
        );
        let mut by_name: HashMap<_, BTreeSet<_>> = HashMap::new();
        // What is no word is an operator, or how Rhai calls what reads a property.
        let is_word = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
        for (name, arguments) in offered.into_iter().filter(|(name, _)| is_word(name)) {
            by_name.entry(name).or_default().insert(arguments);
        }
        Self { by_name }
    }

    fn takes(&self, name: &str, arguments: usize) -> bool {
        let by_name = self.by_name.get(name);
        by_name.is_some_and(|counts| counts.contains(&arguments))
            || BUILT_IN.iter().any(|(built_in, fewest, most)| {
                *built_in == name && (*fewest..=*most).contains(&arguments)
            })
    }

    /// The calls of a script that find no function, the first of each kind in its order.
    pub(super) fn unfound(&self, ast: &AST) -> Vec<Unfound> {
        let script = Script::of(ast);
        let mut unfound = BTreeMap::new();
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            let (call, is_method, at) = match path.last() {
                Some(ASTNode::Expr(Expr::FnCall(call, at))) => (call, false, *at),
                Some(ASTNode::Expr(Expr::MethodCall(call, at))) => (call, true, *at),
                _ => return true,
            };
            if !call.is_operator_call() && !self.finds(call, is_method, &script) {
                let key = (call.name.to_string(), call.args.len(), is_method);
                unfound.entry(key).or_insert(at);
            }
            true
        });
        let mut unfound: Vec<_> = unfound
            .into_iter()
            .map(|((name, arguments, is_method), at)| {
                let (message, help) = self.told(&name, arguments, is_method, &script);
                Unfound { at, message, help }
            })
            .collect();
        unfound.sort_by_key(|call| (call.at.line(), call.at.position()));
        unfound
    }

    fn finds(&self, call: &FnCallExpr, is_method: bool, script: &Script) -> bool {
        let (name, arguments) = (call.name.as_str(), call.args.len());
        match is_method {
            // A function of the script would not see the value before the dot.
            true => self.takes(name, arguments + 1) || script.keys.contains(name),
            false => script.defines(name, arguments) || self.takes(name, arguments),
        }
    }

    /// What to say of a call that finds nothing, and what to write instead.
    fn told(
        &self,
        name: &str,
        arguments: usize,
        is_method: bool,
        script: &Script,
    ) -> (String, String) {
        let given = arguments + usize::from(is_method);
        if is_method && script.defines(name, given) {
            let message = format!("`{name}` is a function of the script, and no value has it");
            return (message, format!("call it by its name: `{name}(value, …)`"));
        }
        let own = script.functions.get(name);
        let counts: BTreeSet<_> =
            self.by_name.get(name).into_iter().chain(own).flatten().copied().collect();
        let taken: Vec<_> = counts.iter().map(ToString::to_string).collect();
        match counts.last() {
            Some(most) => {
                let plural = if *most == 1 { "argument" } else { "arguments" };
                let message =
                    format!("`{name}` takes {} {plural}, and is given {given}", taken.join(" or "));
                let help = match is_method {
                    true => "the value before the dot is the first argument",
                    false => "give each call as many arguments as the function takes",
                };
                (message, help.into())
            }
            None => {
                let message = format!("there is no function `{name}`");
                let names = self.by_name.keys().chain(script.functions.keys()).map(String::as_str);
                let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name);
                let help = foreign.map(|(_, help)| (*help).to_string());
                let help = help.or_else(|| did_you_mean(name, names)).unwrap_or_else(|| {
                    format!("define it in the script, with {}", counted(given, "argument"))
                });
                (message, help)
            }
        }
    }
}

/// What a script defines that can be called.
struct Script {
    functions: HashMap<String, BTreeSet<usize>>,
    /// The keys of maps: what stands under one may be a function.
    keys: HashSet<String>,
}

impl Script {
    fn of(ast: &AST) -> Self {
        let mut functions: HashMap<_, BTreeSet<_>> = HashMap::new();
        for function in ast.iter_functions() {
            functions.entry(function.name.to_string()).or_default().insert(function.params.len());
        }
        let mut keys = HashSet::new();
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            if let Some(ASTNode::Expr(Expr::Map(map, _))) = path.last() {
                keys.extend(map.0.iter().map(|(key, _)| key.name.to_string()));
            }
            true
        });
        Self { functions, keys }
    }

    fn defines(&self, name: &str, arguments: usize) -> bool {
        self.functions.get(name).is_some_and(|counts| counts.contains(&arguments))
    }
}
