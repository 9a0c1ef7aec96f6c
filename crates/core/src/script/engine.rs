//! The engine that runs scripts: what they may use, and how much of it.

use std::ops::{Range, RangeInclusive};
use std::sync::Mutex;

use rhai::packages::{
    BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicStringPackage, LogicPackage,
    Package,
};
use rhai::{Engine, LexError, Token};
use rust_decimal::Decimal;

use super::comparison::NOTHING;
use super::exact::{Exact, number_of};
use super::{collection, comparison, condition, meter, operation, texts};
use crate::settings::ScriptLimits;
use rulebook_lang::model::{Number, Zone};

/// Words of Rhai that scripts cannot use, each with the reason.
const REFUSED: &[(&str, &str)] = &[
    ("eval", "a script cannot run text as a script"),
    ("import", "a script cannot read other files"),
    ("export", "a script stands alone and exports nothing"),
    ("curry", "functions with arguments bound to them are not offered"),
    ("Fn", "call the function by its name"),
    ("is_shared", "no value is shared"),
    ("this", "a function works on its arguments alone"),
];

/// An engine for the scripts of a rulebook.
pub(super) fn build(limits: &ScriptLimits, zone: &Zone) -> Engine {
    // A raw engine has no packages: nothing that reads files, clocks or randomness gets in.
    let mut engine = Engine::new_raw();
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    operation::register(&mut engine, zone);
    texts::register(&mut engine);
    comparison::register(&mut engine, zone);
    condition::register(&mut engine);
    collection::register(&mut engine, zone);
    limit(&mut engine, limits);
    meter::register(&mut engine);
    engine.on_print(|_| {}).on_debug(|_, _, _| {});
    // Our operators come before those that Rhai has for its own numbers.
    engine.set_fast_operators(false);
    // What is misspelt is reported at load, or at least as a fault; it is never taken as missing.
    engine.set_strict_variables(true).set_fail_on_invalid_map_property(true);
    // Texts kept for all calls would be one more thing that threads share.
    engine.set_max_strings_interned(0);
    name_types(&mut engine);
    let last = Mutex::new(Last::Other);
    #[allow(deprecated, reason = "it is marked so because it may change, not because it will go")]
    engine.on_parse_token(move |token, _, _| match last.lock() {
        Ok(mut last) => sound(token, &mut last),
        Err(_) => token,
    });
    engine
}

fn limit(engine: &mut Engine, limits: &ScriptLimits) {
    let size = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    engine.set_max_call_levels(size(limits.calls));
    engine.set_max_expr_depths(size(limits.depth), size(limits.depth));
    engine.set_max_variables(size(limits.variables));
    engine.set_max_string_size(size(limits.text));
    engine.set_max_array_size(size(limits.list));
    engine.set_max_map_size(size(limits.map));
}

/// Names the types of Rhai in messages as policies do.
fn name_types(engine: &mut Engine) {
    engine.register_type_with_name::<i64>("number");
    engine.register_type_with_name::<Decimal>("number");
    engine.register_type_with_name::<Exact>("exact value");
    engine.register_type_with_name::<Range<i64>>("range");
    engine.register_type_with_name::<RangeInclusive<i64>>("range");
}

/// What the token before the one at hand is.
enum Last {
    /// A number.
    Number,
    /// What `switch` can tell apart.
    Case,
    /// `==` or `!=`.
    Equality,
    /// Anything else.
    Other,
}

const CASES: &str =
    "a case of `switch` is a text, `true`, `false` or `_`; compare anything else with `if`";

/// A token, or why it is refused: words that do harm, numbers that would not be exact, and cases of
/// `switch` that would pass exact values over.
fn sound(token: Token, last: &mut Last) -> Token {
    let refusal = match (&token, &*last) {
        (Token::Unit, Last::Equality) => {
            *last = Last::Other;
            return Token::CharConstant(NOTHING);
        }
        (Token::DoubleArrow, Last::Number | Last::Equality | Last::Other)
        | (Token::Pipe, Last::Number) => Some(CASES.to_string()),
        _ => refusal(&token),
    };
    *last = match &token {
        Token::IntegerConstant(_) | Token::DecimalConstant(_) => Last::Number,
        Token::EqualsTo | Token::NotEqualsTo => Last::Equality,
        Token::StringConstant(_) | Token::True | Token::False | Token::Underscore => Last::Case,
        _ => Last::Other,
    };
    match refusal {
        Some(reason) => Token::LexError(Box::new(LexError::Runtime(reason))),
        None => token,
    }
}

fn refusal(token: &Token) -> Option<String> {
    match token {
        Token::DecimalConstant(literal) => {
            let (value, written) = literal.as_ref();
            let exact = written.replace('_', "").parse::<Number>();
            match exact {
                Err(problem) => Some(problem.to_string()),
                Ok(exact) if number_of(*value) != Some(exact) => {
                    Some("this number has too many digits for a script".into())
                }
                Ok(_) => None,
            }
        }
        Token::CharConstant(NOTHING) => Some("this is not a character of Unicode".into()),
        Token::Identifier(word) | Token::Reserved(word) => {
            let refused = REFUSED.iter().find(|(name, _)| *name == word.as_str());
            refused.map(|(word, reason)| format!("`{word}`: {reason}"))
        }
        _ => None,
    }
}
