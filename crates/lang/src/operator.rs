//! THE operator table: spelling, precedence, types, meaning, doc and a runnable example of each.

use super::figures::Phrase;
use super::kernel;
use super::signature::Shape::{
    Any, Bool, Date, Days, Duration, ListOfAny, Money, Number, Ordered, Period, Time, TimeOfDay,
    Version,
};
use super::signature::{Signature, signature, signature_of};
use Operands::{Alike, Element, Own};

/// An operator between two operands: a row of the table.
pub type Binary = &'static Operator;
/// An operator before its operand: a row of the table.
pub type Prefix = &'static PrefixOperator;

/// An operator between two operands.
#[derive(Debug)]
pub struct Operator {
    /// How it is written.
    pub symbol: &'static str,
    /// How tightly it binds: larger is tighter.
    pub precedence: u8,
    /// How a row of it reads.
    pub association: Association,
    /// How its operands come to their types.
    pub operands: Operands,
    /// What it means.
    pub meaning: Meaning,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// An expression that is true.
    pub example: &'static str,
    /// What it is in a sentence, between its operands.
    pub words: Phrase,
    /// The same between dates and times, where that differs.
    pub temporal: Option<&'static Phrase>,
}

/// How a row of one operator reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Association {
    /// `a - b - c` is `(a - b) - c`.
    Left,
    /// `a ?? b ?? c` is `a ?? (b ?? c)`.
    Right,
    /// `a and b and c` is one row of three.
    Row,
    /// `a < b < c` is an error.
    None,
}

/// How operands come to their types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operands {
    /// Each has its own.
    Own,
    /// They are compared: a bare name is a member of the enum that stands beside it.
    Alike,
    /// The right one holds such as the left one is, or (where `true`) does not.
    Element(bool),
}

/// What an operator means.
#[derive(Debug)]
pub enum Meaning {
    /// Stops at the first operand that is false.
    And,
    /// Stops at the first operand that is true.
    Or,
    /// The right operand where the left is missing.
    Coalesce,
    /// A range, which only `in` takes; whether its end belongs to it.
    Range(bool),
    /// A kernel on both operands, by their types.
    Kernel(&'static [Signature]),
}

/// An operator before its operand.
#[derive(Debug)]
pub struct PrefixOperator {
    /// How it is written.
    pub symbol: &'static str,
    /// How tightly it binds: larger is tighter.
    pub precedence: u8,
    /// What it does, by the operand's type.
    pub signatures: &'static [Signature],
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// An expression that is true.
    pub example: &'static str,
    /// What it is in a sentence, before its operand.
    pub words: Phrase,
}

/// How tightly `is present` and `is missing` bind.
pub const PRESENCE_PRECEDENCE: u8 = 4;

macro_rules! comparisons {
    ($kernel:path) => {
        &[
            signature_of(&[Number, Number], Bool, $kernel),
            signature_of(&[Money, Money], Bool, $kernel),
            signature_of(&[Time, Time], Bool, $kernel),
            signature_of(&[Date, Date], Bool, $kernel),
            signature_of(&[Date, Time], Bool, $kernel),
            signature_of(&[Time, Date], Bool, $kernel),
            signature_of(&[TimeOfDay, TimeOfDay], Bool, $kernel),
            signature_of(&[Duration, Duration], Bool, $kernel),
            signature_of(&[Period, Period], Bool, $kernel),
            signature_of(&[Ordered, Ordered], Bool, $kernel),
            signature_of(&[Version, Version], Bool, $kernel),
        ]
    };
}

macro_rules! equalities {
    ($kernel:path) => {
        &[
            signature_of(&[Any, Any], Bool, $kernel),
            signature_of(&[ListOfAny, ListOfAny], Bool, $kernel),
            signature_of(&[Date, Time], Bool, $kernel),
            signature_of(&[Time, Date], Bool, $kernel),
        ]
    };
}

macro_rules! row {
    ($symbol:literal $precedence:literal $association:ident $operands:expr, $meaning:expr, $doc:literal, $example:literal, $en:literal $zh:literal $de:literal $fr:literal $es:literal) => {
        row!($symbol $precedence $association $operands, $meaning, $doc, $example, $en $zh $de $fr $es, None)
    };
    ($symbol:literal $precedence:literal $association:ident $operands:expr, $meaning:expr, $doc:literal, $example:literal, $en:literal $zh:literal $de:literal $fr:literal $es:literal, $temporal_en:literal $temporal_zh:literal $temporal_de:literal $temporal_fr:literal $temporal_es:literal) => {
        row!($symbol $precedence $association $operands, $meaning, $doc, $example, $en $zh $de $fr $es,
            Some(&Phrase { en: $temporal_en, zh: $temporal_zh, de: $temporal_de, fr: $temporal_fr, es: $temporal_es }))
    };
    ($symbol:literal $precedence:literal $association:ident $operands:expr, $meaning:expr, $doc:literal, $example:literal, $en:literal $zh:literal $de:literal $fr:literal $es:literal, $temporal:expr) => {
        Operator {
            symbol: $symbol,
            precedence: $precedence,
            association: Association::$association,
            operands: $operands,
            meaning: $meaning,
            doc: $doc,
            example: $example,
            words: Phrase { en: $en, zh: $zh, de: $de, fr: $fr, es: $es },
            temporal: $temporal,
        }
    };
}

/// Every operator between two operands, the loosest first.
#[rustfmt::skip]
pub static OPERATORS: &[Operator] = &[
    row!("or" 1 Row Own, Meaning::Or, "True when at least one side is; the right side is not looked at once the left is true.", "1 > 2 or 2 > 1", "or" "或者" "oder" "ou" "o"),
    row!("and" 2 Row Own, Meaning::And, "True when both sides are; the right side is not looked at once the left is false.", "2 > 1 and 3 > 2", "and" "并且" "und" "et" "y"),
    row!("==" 4 None Alike, Meaning::Kernel(equalities!(kernel::EQUAL)), "True when both sides are the same.", "\"a\" == \"a\"", "is" "为" "ist" "est" "es"),
    row!("!=" 4 None Alike, Meaning::Kernel(equalities!(kernel::NOT_EQUAL)), "True when the sides differ.", "1 CNY != 2 CNY", "is not" "不为" "ist nicht" "est différent de" "es distinto de"),
    row!("<" 4 None Alike, Meaning::Kernel(comparisons!(kernel::LESS)), "True when the left side is smaller, earlier, or written before in an ordered enum.", "1 day < 2 days", "is less than" "小于" "ist kleiner als" "est inférieur à" "es menor que", "is before" "早于" "liegt vor" "est avant" "es anterior a"),
    row!("<=" 4 None Alike, Meaning::Kernel(comparisons!(kernel::AT_MOST)), "True when the left side is smaller or the same.", "20 CNY <= 20 CNY", "is at most" "不超过" "ist höchstens" "est au plus" "es como máximo", "is no later than" "不晚于" "liegt nicht nach" "est au plus tard" "es a más tardar"),
    row!(">" 4 None Alike, Meaning::Kernel(comparisons!(kernel::GREATER)), "True when the left side is larger, later, or written behind in an ordered enum.", "4.8 > 4.75", "is more than" "超过" "ist größer als" "est supérieur à" "es mayor que", "is after" "晚于" "liegt nach" "est après" "es posterior a"),
    row!(">=" 4 None Alike, Meaning::Kernel(comparisons!(kernel::AT_LEAST)), "True when the left side is larger or the same.", "2024-09-12 >= 2024-09-12", "is at least" "不低于" "ist mindestens" "est au moins" "es como mínimo", "is no earlier than" "不早于" "liegt nicht vor" "est au plus tôt" "es como pronto"),
    row!("in" 4 None Element(false), Meaning::Kernel(&[signature_of(&[Any, ListOfAny], Bool, kernel::CONTAINED)]), "True when the list holds the value, or the range does.", "4.6 in 4.5 ..< 4.8", "is one of" "属于" "ist eines von" "est l'un de" "es uno de"),
    row!("not in" 4 None Element(true), Meaning::Kernel(&[signature_of(&[Any, ListOfAny], Bool, kernel::NOT_CONTAINED)]), "True when the list does not hold the value, or the range does not.", "\"a\" not in [\"b\", \"c\"]", "is none of" "不属于" "ist keines von" "est hors de" "está fuera de"),
    row!("..<" 5 None Own, Meaning::Range(false), "A range without its end; only `in` takes one.", "65 not in 18 ..< 65", "to" "至" "bis" "à" "a"),
    row!("..=" 5 None Own, Meaning::Range(true), "A range with its end; only `in` takes one.", "65 in 18 ..= 65", "to" "至" "bis" "à" "a"),
    row!("??" 6 Right Own, Meaning::Coalesce, "The left side, or the right side where the left is missing.", "(min(x in [2, 1]: x) ?? 0) == 1", "or, where that is not known," "；如未知则取" "oder, falls nicht bekannt," "ou, si ce n'est pas connu," "o, si no se conoce,"),
    row!("+" 7 Left Own, Meaning::Kernel(&[
        signature(&[Number, Number], Number, kernel::add),
        signature(&[Money, Money], Money, kernel::add),
        signature(&[Duration, Duration], Duration, kernel::add),
        signature(&[Period, Period], Period, kernel::add),
        signature(&[Time, Duration], Time, kernel::add),
        signature(&[Date, Duration], Date, kernel::add),
        signature(&[Time, Period], Time, kernel::add),
        signature(&[Date, Period], Date, kernel::add),
        signature(&[Time, Days], Time, kernel::add),
        signature(&[Date, Days], Date, kernel::add),
        signature_of(&[ListOfAny, ListOfAny], ListOfAny, kernel::LISTS_JOINED),
    ]), "The sum; a date or time moved forward; two lists, one behind the other.", "2024-01-31 + 1 month == 2024-02-29", "plus" "加" "plus" "plus" "más"),
    row!("-" 7 Left Own, Meaning::Kernel(&[
        signature(&[Number, Number], Number, kernel::subtract),
        signature(&[Money, Money], Money, kernel::subtract),
        signature(&[Duration, Duration], Duration, kernel::subtract),
        signature(&[Time, Time], Duration, kernel::subtract),
        signature(&[Date, Date], Duration, kernel::subtract),
        signature(&[Time, Duration], Time, kernel::subtract),
        signature(&[Date, Duration], Date, kernel::subtract),
        signature(&[Time, Period], Time, kernel::subtract),
        signature(&[Date, Period], Date, kernel::subtract),
        signature(&[Time, Days], Time, kernel::subtract),
        signature(&[Date, Days], Date, kernel::subtract),
    ]), "The difference; a date or time moved back; the time between two.", "2024-09-12 - 2024-09-05 == 7 days", "minus" "减" "minus" "moins" "menos"),
    row!("*" 8 Left Own, Meaning::Kernel(&[
        signature(&[Number, Number], Number, kernel::multiply),
        signature(&[Money, Number], Money, kernel::multiply),
        signature(&[Number, Money], Money, kernel::multiply),
        signature(&[Duration, Number], Duration, kernel::multiply),
        signature(&[Number, Duration], Duration, kernel::multiply),
    ]), "The product, exact; a duration is rounded half to even to a nanosecond.", "200 CNY * 5% == 10 CNY", "times" "乘以" "mal" "fois" "por"),
    row!("/" 8 Left Own, Meaning::Kernel(&[
        signature(&[Number, Number], Number, kernel::divide),
        signature(&[Money, Money], Number, kernel::divide),
        signature(&[Money, Number], Money, kernel::divide),
        signature(&[Duration, Duration], Number, kernel::divide),
        signature(&[Duration, Number], Duration, kernel::divide),
    ]), "The quotient, exact; a duration is rounded half to even to a nanosecond. Dividing by zero is a fault.", "1 CNY / 4 CNY == 0.25", "divided by" "除以" "geteilt durch" "divisé par" "dividido entre"),
];

/// Every operator before its operand.
pub static PREFIXES: &[PrefixOperator] = &[
    PrefixOperator {
        symbol: "not",
        precedence: 3,
        signatures: &[signature_of(&[Bool], Bool, kernel::NOT)],
        doc: "True when the operand is false.",
        example: "not false",
        words: Phrase { en: "not ", zh: "并非", de: "nicht ", fr: "non ", es: "no " },
    },
    PrefixOperator {
        symbol: "-",
        precedence: 9,
        signatures: &[
            signature(&[Number], Number, kernel::negate),
            signature(&[Money], Money, kernel::negate),
            signature(&[Duration], Duration, kernel::negate),
        ],
        doc: "The operand with its sign turned.",
        example: "-3 < 0",
        words: Phrase { en: "minus ", zh: "负", de: "minus ", fr: "moins ", es: "menos " },
    },
];

/// The operator between two operands that is written so.
pub fn binary(symbol: &str) -> Option<Binary> {
    OPERATORS.iter().find(|operator| operator.symbol == symbol)
}

/// The operator before its operand that is written so.
pub fn prefix(symbol: &str) -> Option<Prefix> {
    PREFIXES.iter().find(|operator| operator.symbol == symbol)
}
