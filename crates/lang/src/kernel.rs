//! What the operators do with values, written once for every phase that runs them.

mod moving;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use thiserror::Error;

use super::fault::FaultCode;
use crate::model::{self, Duration, List, Number, Period, Rational, Time, Value, Zone};
use moving::{by_working_days, from_seconds, move_date, move_time, seconds};

/// What a kernel may read besides its arguments.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// The rulebook's zone.
    pub zone: &'c Zone,
    /// The rulebook's calendars of working days.
    pub calendars: &'c [model::Calendar],
}

impl<'c> Context<'c> {
    /// The calendar of a number.
    ///
    /// # Errors
    /// Where the rulebook has no such calendar, which the checker rules out.
    pub fn calendar(&self, number: u32) -> Result<&'c model::Calendar, Problem> {
        self.calendars.get(number as usize).ok_or(Problem::Misfit)
    }
}

/// What an operation does with values whose types the checker has matched with a signature.
pub type Run = for<'v> fn(&[Value<'v>], &Context<'_>) -> Result<Value<'v>, Problem>;

/// An operation on values.
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    run: Run,
    known: Option<Known>,
    /// What it takes besides the length of its values.
    steps: u32,
    /// Whether it takes the longer, the longer its texts and lists are.
    by_length: bool,
}

/// The kernels that phases tell apart. Their functions could not be told by their addresses: a
/// compiler may make several copies of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Known {
    /// Compares; true for these orders. `==` and `!=` also compare values without an order.
    Compares(Accepts),
    /// Tells whether a list holds a value, or (where `true`) does not.
    Contained(bool),
    /// `not`
    Not,
    /// Has no value, and says why.
    Raises,
    /// Has none where its operand faults: the evaluator answers that itself.
    Attempts,
}

/// Which orders of the left operand to the right one make a comparison true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Accepts {
    less: bool,
    equal: bool,
    greater: bool,
}

impl Accepts {
    const fn of(less: bool, equal: bool, greater: bool) -> Self {
        Self { less, equal, greater }
    }

    /// The same with its operands in the other order.
    pub fn turned(self) -> Self {
        Self { less: self.greater, equal: self.equal, greater: self.less }
    }

    /// Whether it accepts an order.
    #[inline]
    pub fn accepts(self, order: Ordering) -> bool {
        match order {
            Ordering::Less => self.less,
            Ordering::Equal => self.equal,
            Ordering::Greater => self.greater,
        }
    }
}

/// `<`
pub const LT: Accepts = Accepts::of(true, false, false);
/// `<=`
pub const LE: Accepts = Accepts::of(true, true, false);
/// `>`
pub const GT: Accepts = Accepts::of(false, false, true);
/// `>=`
pub const GE: Accepts = Accepts::of(false, true, true);
/// `==`
pub const EQ: Accepts = Accepts::of(false, true, false);
/// `!=`
pub const NE: Accepts = Accepts::of(true, false, true);

impl Kernel {
    /// One that nobody has to tell from others, and the steps that it takes.
    pub const fn of(run: Run, steps: u32, by_length: bool) -> Self {
        Self { run, known: None, steps, by_length }
    }

    const fn apart(run: Run, known: Known) -> Self {
        let by_length = match known {
            // Only these take values without an order, such as texts.
            Known::Compares(accepts) => accepts.less == accepts.greater,
            Known::Contained(_) => true,
            Known::Not | Known::Raises | Known::Attempts => false,
        };
        Self { run, known: Some(known), steps: 1, by_length }
    }

    /// The steps that it takes besides [`Self::steps_for`], by which the work on a record is bounded:
    /// one is about what comparing two numbers takes.
    pub fn steps(self) -> u32 {
        self.steps
    }

    /// The steps that it takes for the length of the texts and lists that it is given.
    #[inline]
    pub fn steps_for(self, values: &[Value<'_>]) -> u64 {
        if self.by_length { steps_by_length(values) } else { 0 }
    }

    /// Whether it takes the longer, the longer its texts and lists are.
    pub fn is_by_length(self) -> bool {
        self.by_length
    }

    /// The result for some values.
    ///
    /// # Errors
    /// Why there is none.
    #[inline]
    pub fn run<'v>(self, v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
        (self.run)(v, context)
    }

    /// Which it is of those that are told apart.
    #[inline]
    pub fn known(self) -> Option<Known> {
        self.known
    }

    /// Which orders it accepts, if it is a comparison.
    pub fn comparison(self) -> Option<Accepts> {
        match self.known {
            Some(Known::Compares(accepts)) => Some(accepts),
            _ => None,
        }
    }
}

/// How many bytes of text are gone through in a step.
const BYTES_OF_A_STEP: u64 = 16;

/// At how many places within a pattern a search is on one byte in a step.
const PLACES_OF_A_STEP: u64 = 4;

fn steps_by_length(values: &[Value<'_>]) -> u64 {
    match values {
        [Value::Text(text), Value::Pattern(pattern)] => {
            (text.len() as u64).saturating_mul(pattern.width()) / PLACES_OF_A_STEP
        }
        // A value is looked for among the elements; of two lists, each is gone through.
        [item, Value::List(list)] if !matches!(item, Value::List(_)) => {
            (1 + length(item)).saturating_mul(list.len() as u64)
        }
        others => others.iter().map(length).sum(),
    }
}

/// The steps of going through a value.
fn length(value: &Value<'_>) -> u64 {
    match value {
        Value::Text(text) => text.len() as u64 / BYTES_OF_A_STEP,
        Value::List(list) => list.iter().map(|item| 1 + length(&item)).sum(),
        Value::Record(record) => record.slots().map(|slot| 1 + length(&slot)).sum(),
        _ => 0,
    }
}

/// Kernels that are not known may be taken for different ones though they are the same.
#[allow(clippy::disallowed_methods, reason = "then the same node is there twice, and works")]
impl PartialEq for Kernel {
    fn eq(&self, other: &Self) -> bool {
        match (self.known, other.known) {
            (None, None) => std::ptr::fn_addr_eq(self.run, other.run),
            (one, other) => one == other,
        }
    }
}

impl Eq for Kernel {}

impl Hash for Kernel {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.known {
            Some(known) => known.hash(state),
            None => (self.run as usize).hash(state),
        }
    }
}

/// `<`
pub const LESS: Kernel = Kernel::apart(less, Known::Compares(LT));
/// `<=`
pub const AT_MOST: Kernel = Kernel::apart(at_most, Known::Compares(LE));
/// `>`
pub const GREATER: Kernel = Kernel::apart(greater, Known::Compares(GT));
/// `>=`
pub const AT_LEAST: Kernel = Kernel::apart(at_least, Known::Compares(GE));
/// `==`
pub const EQUAL: Kernel = Kernel::apart(equal, Known::Compares(EQ));
/// `!=`
pub const NOT_EQUAL: Kernel = Kernel::apart(not_equal, Known::Compares(NE));
/// `in`
pub const CONTAINED: Kernel = Kernel::apart(contained, Known::Contained(false));
/// `not in`
pub const NOT_CONTAINED: Kernel = Kernel::apart(not_contained, Known::Contained(true));
/// `+` of two lists: one behind the other.
pub const LISTS_JOINED: Kernel = Kernel::of(lists_joined, 1, true);
/// `raise(…)`
pub const RAISE: Kernel = Kernel::apart(raise, Known::Raises);
/// `try(…)`
pub const ATTEMPT: Kernel = Kernel::apart(attempt, Known::Attempts);
/// `not`
pub const NOT: Kernel = Kernel::apart(not, Known::Not);

/// Why an operation has no result. Whoever knows the place adds it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// The result has more digits than a number holds.
    #[error("the result has too many digits")]
    Overflow,
    /// The divisor is zero.
    #[error("division by zero")]
    DivisionByZero,
    /// The result leaves the calendar (years -9999 to 9999).
    #[error("the result leaves the calendar")]
    OutOfCalendar,
    /// A date is moved by a duration that is no whole number of days.
    #[error("a date moves by whole days only")]
    PartialDay,
    /// A calendar does not list the holidays of the year that a day lies in.
    #[error("{0}")]
    Unlisted(String),
    /// A dated parameter is read before its first date.
    #[error("`{0}` has no value yet at that time")]
    NoValueYet(String),
    /// Several rows of a table match where only one may.
    #[error("more than one row of `{0}` matches where only one may")]
    SeveralRows(String),
    /// Rows of a table that match must agree and do not.
    #[error("the rows of `{0}` that match do not agree")]
    RowsDisagree(String),
    /// An argument is outside of what the function takes.
    #[error("{0}")]
    BadArgument(String),
    /// The policy says that there is no value, and why.
    #[error("{0}")]
    Raised(String),
    /// A decision of another policy is read, and is a fault.
    #[error("`{0}` is a fault itself")]
    FaultyDecision(String),
    /// A script went wrong: which kind of fault, and what its author should know, with the place.
    #[error("{1}")]
    Script(ScriptFault, String),
    /// Judging the record takes more work than it may.
    #[error("this takes more steps than one record may take")]
    WorkLimit,
    /// Values reached an operation that the checker had not let through.
    #[error("the operation does not fit its values")]
    Misfit,
}

/// How a script goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptFault {
    /// It throws, or something in it has no value.
    Error,
    /// It takes more of something than `rulebook.yaml` lets it.
    Limit,
    /// It gives something else than its declaration says.
    Result,
}

impl Problem {
    /// Whether `try` answers it. What is wrong with the evaluation itself, it does not.
    pub fn is_answered(&self) -> bool {
        !matches!(self, Self::WorkLimit | Self::Misfit)
    }

    /// The stable name of this kind of fault.
    pub fn code(&self) -> &'static str {
        let code = match self {
            Self::Overflow => FaultCode::Overflow,
            Self::DivisionByZero => FaultCode::DivisionByZero,
            Self::OutOfCalendar => FaultCode::OutOfCalendar,
            Self::PartialDay => FaultCode::PartialDay,
            Self::Unlisted(_) => FaultCode::Unlisted,
            Self::NoValueYet(_) => FaultCode::NoValueYet,
            Self::SeveralRows(_) => FaultCode::SeveralRows,
            Self::RowsDisagree(_) => FaultCode::RowsDisagree,
            Self::BadArgument(_) => FaultCode::BadArgument,
            Self::Raised(_) => FaultCode::Raised,
            Self::FaultyDecision(_) => FaultCode::FaultyDecision,
            Self::Script(ScriptFault::Error, _) => FaultCode::Script,
            Self::Script(ScriptFault::Limit, _) => FaultCode::ScriptLimit,
            Self::Script(ScriptFault::Result, _) => FaultCode::ScriptResult,
            Self::WorkLimit => FaultCode::WorkLimit,
            Self::Misfit => FaultCode::Misfit,
        };
        code.code()
    }
}

/// The last instant of the day of a date or a time.
///
/// # Errors
/// Where it lies beyond the calendar.
pub fn end_of_day<'v>(value: &Value<'_>, context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let date = match value {
        Value::Date(date) => *date,
        Value::Time(time) => time.local(context.zone).ok_or(Problem::OutOfCalendar)?.date(),
        _ => return Err(Problem::Misfit),
    };
    model::end_of_day(date, context.zone).map(Value::Time).ok_or(Problem::OutOfCalendar)
}

/// The order of two values of comparable types; a date counts as its first instant beside a time.
pub fn order(a: &Value<'_>, b: &Value<'_>, context: &Context<'_>) -> Result<Ordering, Problem> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Ok(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Ok(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Ok(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Ok(a.cmp(b)),
        (Value::Period(a), Value::Period(b)) => Ok(a.cmp(b)),
        (Value::Member(a), Value::Member(b)) => Ok(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Ok(a.cmp(b)),
        // Of the texts that cells hold, only versions have an order.
        (Value::Text(a), Value::Text(b)) => Ok(model::version_order(a, b)),
        (Value::Date(a), Value::Time(b)) => Ok(instant(*a, context)?.cmp(b)),
        (Value::Time(a), Value::Date(b)) => Ok(a.cmp(&instant(*b, context)?)),
        _ => match (a.rational(), b.rational()) {
            (Some(a), Some(b)) => Ok(a.cmp(&b)),
            _ => Err(Problem::Misfit),
        },
    }
}

/// The first instant of a day.
pub fn instant(date: model::Date, context: &Context<'_>) -> Result<Time, Problem> {
    model::start_of_day(date, context.zone).ok_or(Problem::OutOfCalendar)
}

macro_rules! comparison_kernels {
    ($($name:ident $test:ident $doc:literal)*) => {
        $(#[doc = $doc]
        fn $name<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
            let [a, b] = v else { return Err(Problem::Misfit) };
            Ok(Value::Bool(order(a, b, context)?.$test()))
        })*
    };
}

comparison_kernels! {
    less is_lt "`<`"
    at_most is_le "`<=`"
    greater is_gt "`>`"
    at_least is_ge "`>=`"
}

fn are_equal(a: &Value<'_>, b: &Value<'_>, context: &Context<'_>) -> Result<bool, Problem> {
    match (a, b) {
        (Value::Date(_), Value::Time(_)) | (Value::Time(_), Value::Date(_)) => {
            Ok(order(a, b, context)?.is_eq())
        }
        _ => Ok(a.same(b)),
    }
}

/// `==`
fn equal<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [a, b] = v else { return Err(Problem::Misfit) };
    Ok(Value::Bool(are_equal(a, b, context)?))
}

/// `!=`
fn not_equal<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [a, b] = v else { return Err(Problem::Misfit) };
    Ok(Value::Bool(!are_equal(a, b, context)?))
}

/// `in`
fn contained<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [item, Value::List(list)] = v else { return Err(Problem::Misfit) };
    Ok(Value::Bool(list.iter().any(|element| element.same(item))))
}

/// `not in`
fn not_contained<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    contained(v, context).map(|found| Value::Bool(!found.is_true()))
}

/// `raise(…)`
fn raise<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Text(message)] = v else { return Err(Problem::Misfit) };
    Err(Problem::Raised(message.to_string()))
}

/// `try(…)` of what has a value.
fn attempt<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    Ok(value.clone())
}

fn lists_joined<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::List(a), Value::List(b)] = v else { return Err(Problem::Misfit) };
    Ok(Value::List(List::made(a.iter().chain(b.iter()).collect())))
}

/// `not`
fn not<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Bool(value)] = v else { return Err(Problem::Misfit) };
    Ok(Value::Bool(!value))
}

/// `-x`
pub fn negate<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    match v {
        [Value::Number(value)] => Ok(Value::Number(value.negate())),
        [Value::Duration(value)] => {
            value.checked_neg().map(Value::Duration).ok_or(Problem::Overflow)
        }
        [Value::Fraction(value)] => Ok(Rational::Fraction(*value).negate().into()),
        _ => Err(Problem::Misfit),
    }
}

/// `+`
pub fn add<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    match v {
        [Value::Number(a), Value::Number(b)] => number(a.checked_add(*b)),
        [Value::Duration(a), Value::Duration(b)] => duration(a.checked_add(*b)),
        [Value::Period(a), Value::Period(b)] => period(a.months.checked_add(b.months)),
        [Value::Time(time), Value::Duration(by)] => move_time(*time, *by),
        [start, Value::Period(by @ Period { calendar: Some(number), .. })] => {
            by_working_days(start, by.days, context.calendar(*number)?, context)
        }
        [Value::Date(date), Value::Duration(by)] => move_date(*date, *by),
        [Value::Date(date), Value::Period(by)] => {
            model::add_period(*date, *by).map(Value::Date).ok_or(Problem::OutOfCalendar)
        }
        [Value::Time(time), Value::Period(by)] => {
            model::add_period_to_time(*time, *by, context.zone)
                .map(Value::Time)
                .ok_or(Problem::OutOfCalendar)
        }
        _ => calculated(v, Rational::checked_add),
    }
}

/// `-`
pub fn subtract<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    match v {
        [Value::Number(a), Value::Number(b)] => number(a.checked_sub(*b)),
        [Value::Time(a), Value::Time(b)] => Ok(Value::Duration(a.duration_since(*b))),
        [Value::Date(a), Value::Date(b)] => Ok(Value::Duration(a.duration_since(*b))),
        [earlier, Value::Duration(by)] => {
            let back = by.checked_neg().ok_or(Problem::Overflow)?;
            add(&[earlier.clone(), Value::Duration(back)], context)
        }
        [earlier, Value::Period(by)] => {
            let back = by.checked_neg().ok_or(Problem::Overflow)?;
            add(&[earlier.clone(), Value::Period(back)], context)
        }
        _ => calculated(v, Rational::checked_sub),
    }
}

/// `*`
pub fn multiply<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    match v {
        [Value::Number(a), Value::Number(b)] => {
            Rational::product(*a, *b).map(Value::from).ok_or(Problem::Overflow)
        }
        [Value::Duration(a), by] | [by, Value::Duration(a)] => {
            let by = by.rational().ok_or(Problem::Misfit)?;
            let seconds = Rational::Number(seconds(*a)?).checked_mul(by);
            duration(seconds.and_then(from_seconds))
        }
        _ => calculated(v, Rational::checked_mul),
    }
}

/// `/`
pub fn divide<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    match v {
        [Value::Duration(a), Value::Duration(b)] => {
            let [a, b] = [seconds(*a)?, seconds(*b)?].map(Rational::Number);
            quotient(a, b).map(Value::from)
        }
        [Value::Duration(a), by] => {
            let by = by.rational().ok_or(Problem::Misfit)?;
            let seconds = quotient(Rational::Number(seconds(*a)?), by)?;
            duration(from_seconds(seconds))
        }
        [a, b] => match (a.rational(), b.rational()) {
            (Some(a), Some(b)) => quotient(a, b).map(Value::from),
            _ => Err(Problem::Misfit),
        },
        _ => Err(Problem::Misfit),
    }
}

fn quotient(a: Rational, b: Rational) -> Result<Rational, Problem> {
    if b == Rational::ZERO {
        return Err(Problem::DivisionByZero);
    }
    a.checked_div(b).ok_or(Problem::Overflow)
}

/// What a calculation makes of two numbers of which one, at least, is a fraction.
#[cold]
fn calculated<'v>(
    v: &[Value<'v>],
    calculate: fn(Rational, Rational) -> Option<Rational>,
) -> Result<Value<'v>, Problem> {
    let [a, b] = v else { return Err(Problem::Misfit) };
    match (a.rational(), b.rational()) {
        (Some(a), Some(b)) => calculate(a, b).map(Value::from).ok_or(Problem::Overflow),
        _ => Err(Problem::Misfit),
    }
}

/// A number, or the problem that it has too many digits.
pub fn number<'v>(result: Option<Number>) -> Result<Value<'v>, Problem> {
    result.map(Value::Number).ok_or(Problem::Overflow)
}

fn duration<'v>(result: Option<Duration>) -> Result<Value<'v>, Problem> {
    result.map(Value::Duration).ok_or(Problem::Overflow)
}

fn period<'v>(months: Option<i32>) -> Result<Value<'v>, Problem> {
    months.map(|months| Value::Period(Period::of_months(months))).ok_or(Problem::Overflow)
}
