//! Comparisons in scripts mean what they mean in policies: the operator table says which values they take.
//! Where it has no row for two values, comparing them is an error. Rhai by itself takes values of unlike
//! types to differ, and neither to be the larger one.

use std::any::TypeId;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Map};

use super::exact::{exact_types, value_of};
use super::meter::charge;
use super::operation::{error, fault, selected};
use super::words::type_in_our_words;
use rulebook_lang::kernel::{self, Context, Problem};
use rulebook_lang::model::Zone;
use rulebook_lang::operator::{Binary, Meaning, OPERATORS, Operands, binary};
use rulebook_lang::signature::Signature;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// What `()` is read as right behind `==` or `!=`, where it asks whether a value is there: compared with
/// anything else, a missing value is an error. No text holds it, since Unicode has no such character.
pub(super) const NOTHING: char = '\u{10FFFF}';

/// How much more comparing two values takes than going through them.
pub(super) const COMPARING: u64 = 4;

/// A comparison, a row of the operator table.
#[derive(Clone, Copy)]
struct Comparison {
    symbol: &'static str,
    signatures: &'static [Signature],
    /// For equality, whether it is true of values that are the same.
    same: Option<bool>,
}

/// Gives an engine the comparisons of the policy language.
pub(super) fn register(engine: &mut Engine, zone: &Zone) {
    for comparison in OPERATORS.iter().filter_map(Comparison::of) {
        for types in pairs() {
            let zone = zone.clone();
            engine.register_raw_fn(comparison.symbol, types, move |_, args| match args {
                [a, b] => comparison.holds(a, b, &zone),
                _ => Err(fault(&Problem::Misfit)),
            });
        }
    }
}

/// Values of any types, and those pairs that are looked for first or that packages of Rhai take.
fn pairs() -> Vec<[TypeId; 2]> {
    let alike = [
        TypeId::of::<Dynamic>(),
        TypeId::of::<bool>(),
        TypeId::of::<char>(),
        TypeId::of::<ImmutableString>(),
        TypeId::of::<()>(),
        TypeId::of::<Array>(),
        TypeId::of::<Map>(),
    ];
    let exact = exact_types().into_iter().flat_map(|a| exact_types().map(|b| [a, b]));
    alike.into_iter().map(|ty| [ty, ty]).chain(exact).collect()
}

impl Comparison {
    fn of(operator: Binary) -> Option<Self> {
        let Meaning::Kernel(signatures) = operator.meaning else { return None };
        let same = match signatures.first()?.kernel {
            kernel if kernel == kernel::EQUAL => Some(true),
            kernel if kernel == kernel::NOT_EQUAL => Some(false),
            _ => None,
        };
        let comparison = Self { symbol: operator.symbol, signatures, same };
        (operator.operands == Operands::Alike).then_some(comparison)
    }

    fn holds(self, a: &Dynamic, b: &Dynamic, zone: &Zone) -> Outcome<bool> {
        match self.same {
            Some(same) if b.as_char() == Ok(NOTHING) => Ok(a.is_unit() == same),
            _ if a.is_unit() || b.is_unit() => Err(error(format!(
                "what is missing does not compare by `{}`; ask first whether it is there: `value != ()`",
                self.symbol
            ))),
            Some(same) => {
                let mut equality = Equality::new(zone);
                let equal = equality.of(a, b)?;
                equality.charged().map(|()| equal == same)
            }
            None => self.of_single(a, b, zone),
        }
    }

    /// What the table says of two single values.
    fn of_single(self, a: &Dynamic, b: &Dynamic, zone: &Zone) -> Outcome<bool> {
        let unlike = || {
            let (a, b) = (kind(a), kind(b));
            error(format!("{a} and {b} do not compare by `{}`", self.symbol))
        };
        let (Some((a, a_type)), Some((b, b_type))) = (value_of(a), value_of(b)) else {
            return Err(unlike());
        };
        let (signature, _) = selected(self.signatures, [&a_type, &b_type]).ok_or_else(unlike)?;
        let compared = signature.kernel.run(&[a, b], &Context { zone, calendars: &[] });
        compared.map(|value| value.is_true()).map_err(|problem| fault(&problem))
    }
}

/// What a value is, in a sentence.
pub(super) fn kind(value: &Dynamic) -> String {
    match value_of(value) {
        Some((_, ty)) => ty.described(),
        None if value.is_array() => "a list".into(),
        None if value.is_map() => "a map".into(),
        None if value.is_char() => "a text".into(),
        None if value.is_unit() => "nothing".into(),
        None => format!("a {}", type_in_our_words(value.type_name())),
    }
}

/// Compares values for being the same, and counts what that takes.
pub(super) struct Equality<'z> {
    zone: &'z Zone,
    weight: u64,
}

impl<'z> Equality<'z> {
    pub(super) fn new(zone: &'z Zone) -> Self {
        Self { zone, weight: 0 }
    }

    /// Whether two values are the same. Within lists and maps, a missing value is the same as another
    /// one, and no other is.
    ///
    /// # Errors
    /// They are of types that do not compare.
    pub(super) fn of(&mut self, a: &Dynamic, b: &Dynamic) -> Outcome<bool> {
        self.weight += COMPARING;
        if a.is_unit() || b.is_unit() {
            return Ok(a.is_unit() && b.is_unit());
        }
        if let (Ok(a), Ok(b)) = (a.as_array_ref(), b.as_array_ref()) {
            return Ok(a.len() == b.len() && self.all(a.iter().zip(b.iter()))?);
        }
        if let (Ok(a), Ok(b)) = (a.as_map_ref(), b.as_map_ref()) {
            let same_keys = a.len() == b.len() && a.keys().eq(b.keys());
            return Ok(same_keys && self.all(a.values().zip(b.values()))?);
        }
        if let (Some(a), Some(b)) = (letters(a), letters(b)) {
            self.weight += a.len().min(b.len()) as u64 / 16;
            return Ok(a == b);
        }
        match binary("==").and_then(Comparison::of) {
            Some(equality) => equality.of_single(a, b, self.zone),
            None => Err(fault(&Problem::Misfit)),
        }
    }

    fn all<'d>(
        &mut self,
        pairs: impl Iterator<Item = (&'d Dynamic, &'d Dynamic)>,
    ) -> Outcome<bool> {
        for (a, b) in pairs {
            if !self.of(a, b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Charges the call at hand with what comparing took.
    ///
    /// # Errors
    /// The call takes more than it may.
    pub(super) fn charged(self) -> Outcome<()> {
        charge(self.weight)
    }
}

/// The text that a value is: Rhai takes single letters out of texts as values of their own.
fn letters(value: &Dynamic) -> Option<ImmutableString> {
    match value.as_char() {
        Ok(letter) => Some(letter.to_string().into()),
        Err(_) => value.as_immutable_string_ref().ok().map(|text| text.clone()),
    }
}
