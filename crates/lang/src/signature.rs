//! The types that an operator or a function takes and gives, as patterns matched by the checker.

use std::borrow::Cow;
use std::mem::discriminant;

use crate::model::{Currency, Type};

use super::kernel::{Kernel, Run};

/// A pattern for the type of an argument or a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// An amount in one currency; the same one throughout a signature.
    Money,
    /// An amount in any currency, which nothing else in the signature has to be in.
    Amount,
    /// A currency by its code, in which what the signature gives is: taken as one of its units.
    Unit,
    /// `text`
    Text,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `time_of_day`
    TimeOfDay,
    /// `duration`
    Duration,
    /// Months and years.
    Period,
    /// `days`
    Days,
    /// `calendar`: one of those of the rulebook
    Calendar,
    /// `url`
    Url,
    /// `version`
    Version,
    /// An enum whose members stand in an order; the same one throughout a signature.
    Ordered,
    /// Any single value or record, but money of any currency; the same type throughout a signature.
    Any,
    /// A list of what `Any` stands for.
    ListOfAny,
    /// What a cohort is drawn by: a text, a number or a member of an enum.
    Key,
    /// A regular expression, written as a constant and compiled once at load.
    Pattern,
    /// The name of a time zone; one that is written as a constant is looked for at load.
    Zone,
    /// The form of a day or a time in texts, written as a constant and looked at once at load.
    Format,
    /// A list of what another shape takes.
    ListOf(&'static Shape),
    /// A value of another shape that may be missing; only results are.
    Maybe(&'static Shape),
}

/// Where a text is looked for in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It is all of it.
    Whole,
    /// The other begins with it.
    Start,
    /// The other ends with it.
    End,
    /// It stands anywhere in the other.
    Within,
}

/// What the texts look like that a function gives, so that one that it never gives is told beside it.
#[derive(Debug)]
pub struct Form {
    /// What they look like, in a few words.
    pub doc: &'static str,
    /// The text itself where it may be such a part of what the function gives; else the one that is
    /// meant, as far as that is plain.
    pub nearest: fn(&str, Part) -> Option<String>,
    /// Whether `*` is written for any characters by those who take one for a pattern.
    pub wild: bool,
}

/// One way to call an operator or a function.
#[derive(Debug)]
pub struct Signature {
    /// The arguments from left to right.
    pub parameters: &'static [Shape],
    /// The result.
    pub result: Shape,
    /// What it does.
    pub kernel: Kernel,
    /// Whether the kernel gets the digits of the currency's minor unit as one more argument.
    pub minor_digits: bool,
    /// What the texts look like that it gives; nothing where they may be any.
    pub form: Option<&'static Form>,
    /// Where it looks for the second argument in the first, if it does.
    pub part: Option<Part>,
}

/// A signature without hidden arguments.
pub const fn signature(parameters: &'static [Shape], result: Shape, run: Run) -> Signature {
    let (steps, by_length) = cost(parameters);
    signature_of(parameters, result, Kernel::of(run, steps, by_length))
}

/// The steps that an operation on values of some shapes takes, and whether their length adds to
/// them: the calendar takes longer than numbers, and addresses are taken apart each time.
const fn cost(parameters: &[Shape]) -> (u32, bool) {
    match parameters {
        [] => (1, false),
        [first, rest @ ..] => {
            let (others, by_length) = cost(rest);
            let (steps, long) = match first {
                Shape::Url => (64, true),
                Shape::Text
                | Shape::Version
                | Shape::Key
                | Shape::Pattern
                | Shape::Format
                | Shape::ListOf(_)
                | Shape::Any => (2, true),
                // Its rules are found by its name.
                Shape::Zone => (16, true),
                Shape::Date | Shape::Time | Shape::Period | Shape::Days => (8, false),
                _ => (1, false),
            };
            (others + steps, by_length || long)
        }
    }
}

/// The same for a kernel that is told from others.
pub const fn signature_of(
    parameters: &'static [Shape],
    result: Shape,
    kernel: Kernel,
) -> Signature {
    Signature { parameters, result, kernel, minor_digits: false, form: None, part: None }
}

/// What the patterns of one signature have been matched with.
#[derive(Default)]
struct Binding {
    currency: Option<Currency>,
    any: Option<Type>,
}

impl Binding {
    fn matches(&mut self, shape: Shape, ty: &Type) -> bool {
        match (shape, ty) {
            (_, Type::Unknown) => true,
            (Shape::Pattern | Shape::Zone | Shape::Format, Type::Text) => true,
            (Shape::Key, Type::Text | Type::Number | Type::Enum(_)) => true,
            (Shape::Amount, Type::Money(_)) => true,
            (Shape::Amount, ty) => ty.is_money(),
            (Shape::Money | Shape::Unit, Type::Money(currency)) => {
                *self.currency.get_or_insert(*currency) == *currency
            }
            (Shape::Calendar, Type::Enum(members)) => members.of_calendars,
            (Shape::Ordered, Type::Enum(members)) => members.ordered && self.same(ty),
            (Shape::Any, Type::List(_) | Type::Optional(_)) => false,
            // Which of two amounts are the same, only their currencies tell.
            (Shape::Any, ty) if ty.is_money() => false,
            (Shape::Any, ty) => self.same(ty),
            (Shape::ListOfAny, Type::List(inner)) => self.same(inner),
            (Shape::ListOf(shape), Type::List(inner)) => self.matches(*shape, inner),
            // Which of them has nothing within that could differ.
            (shape, ty) => shape
                .ty()
                .is_some_and(|type_of_shape| discriminant(type_of_shape) == discriminant(ty)),
        }
    }

    fn same(&mut self, ty: &Type) -> bool {
        self.any.get_or_insert_with(|| ty.clone()).accepts(ty)
    }

    fn result(&self, shape: Shape) -> Type {
        match shape {
            Shape::Money => self.currency.map_or(Type::Unknown, Type::Money),
            Shape::Pattern | Shape::Zone | Shape::Format | Shape::Key => Type::Text,
            Shape::Ordered | Shape::Any => self.any.clone().unwrap_or(Type::Unknown),
            Shape::ListOfAny => Type::List(Box::new(self.any.clone().unwrap_or(Type::Unknown))),
            Shape::ListOf(shape) => Type::List(Box::new(self.result(*shape))),
            Shape::Maybe(shape) => self.result(*shape).optional(),
            shape => shape.ty().cloned().unwrap_or(Type::Unknown),
        }
    }
}

/// The first signature that takes these arguments, and the type that it gives.
pub fn select<'t>(
    signatures: &'static [Signature],
    arguments: impl IntoIterator<Item = &'t Type, IntoIter: ExactSizeIterator + Clone>,
) -> Option<(&'static Signature, Type)> {
    let arguments = arguments.into_iter();
    signatures.iter().find_map(|signature| {
        let mut binding = Binding::default();
        let mut pairs = signature.parameters.iter().zip(arguments.clone());
        let fits = signature.parameters.len() == arguments.len()
            && pairs.all(|(shape, ty)| binding.matches(*shape, ty));
        fits.then(|| (signature, binding.result(signature.result)))
    })
}

/// The first signature that takes these arguments where texts of them, those marked, stand for values of a
/// type without literals of its own; what it gives, and which type.
pub fn select_read<'t>(
    signatures: &'static [Signature],
    arguments: impl IntoIterator<Item = (&'t Type, bool), IntoIter: ExactSizeIterator + Clone>,
) -> Option<(&'static Signature, Type, &'static Type)> {
    let arguments = arguments.into_iter();
    let mut quoted = Type::NAMED.iter().filter(|ty| ty.is_quoted() && **ty != Type::Text);
    quoted.find_map(|read| {
        signatures.iter().find_map(|signature| {
            let mut binding = Binding::default();
            let mut pairs = signature.parameters.iter().zip(arguments.clone());
            let fits = signature.parameters.len() == arguments.len()
                && pairs.all(|(shape, (ty, is_text))| {
                    let is_read = is_text && shape.ty() == Some(read);
                    binding.matches(*shape, if is_read { read } else { ty })
                });
            fits.then(|| (signature, binding.result(signature.result), read))
        })
    })
}

impl Shape {
    /// The type that alone has this shape.
    #[inline]
    pub fn ty(self) -> Option<&'static Type> {
        Some(match self {
            Self::Bool => &Type::Bool,
            Self::Number => &Type::Number,
            Self::Text => &Type::Text,
            Self::Date => &Type::Date,
            Self::Time => &Type::Time,
            Self::TimeOfDay => &Type::TimeOfDay,
            Self::Duration => &Type::Duration,
            Self::Period => &Type::Period,
            Self::Days => &Type::Days,
            Self::Url => &Type::Url,
            Self::Version => &Type::Version,
            Self::Money
            | Self::Amount
            | Self::Unit
            | Self::Ordered
            | Self::Any
            | Self::ListOfAny
            | Self::Key
            | Self::ListOf(_)
            | Self::Maybe(_)
            | Self::Format
            | Self::Zone
            | Self::Calendar
            | Self::Pattern => {
                return None;
            }
        })
    }

    /// The pattern as it is written in the reference.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Money | Self::Amount => "money",
            Self::Unit => "currency",
            Self::Ordered => "ordered enum",
            Self::Any => "any",
            Self::ListOfAny => "list",
            Self::Key => "key",
            Self::Pattern => "pattern",
            Self::Zone => "zone",
            Self::Format => "form",
            Self::ListOf(shape) => return format!("list of {}", shape.name()).into(),
            Self::Maybe(shape) => return format!("{}?", shape.name()).into(),
            Self::Calendar => "calendar",
            shape => shape.ty().map_or("", Type::name),
        })
    }
}

impl Signature {
    /// The same, for one that gives texts of a form.
    pub const fn giving(self, form: &'static Form) -> Self {
        Self { form: Some(form), ..self }
    }

    /// The same, for one that looks for its second argument in its first.
    pub const fn seeking(self, part: Part) -> Self {
        Self { part: Some(part), ..self }
    }

    /// The signature of a function as the reference prints it: `round(number, number) -> number`.
    pub fn described(&self, name: &str) -> String {
        let parameters: Vec<_> = self.parameters.iter().map(|shape| shape.name()).collect();
        format!("{name}({}) -> {}", parameters.join(", "), self.result.name())
    }
}
