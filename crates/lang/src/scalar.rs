//! THE table of scalar types: what each is called, what texts it is read from and written as, which cells
//! and columns hold it, and what may be done with its values. What a row says, all follow: the checker,
//! readers of records and columns, tables, reports, scenarios and analyses.
//!
//! Operators and functions say for themselves which types they take (`operator.rs`, `function/`).

mod written;

use std::borrow::Cow;
use std::fmt::{self, Write};

pub use self::written::Written;
use self::written::{MORE_DIGITS, clock, days, shown, written};
use super::figures::Locale;
use crate::model::{
    Cell, Date, Duration, EnumType, Number, Period, Time, Type, Value, Zone, parse_date,
    parse_duration, parse_period, parse_time, parse_time_of_day, parse_url, parse_version,
};

/// A scalar type: a row of the table.
#[derive(Debug)]
pub struct Scalar {
    /// How it is written in policies; empty for money, which is written as its currency.
    pub name: &'static str,
    /// What a value of it is, with an article.
    pub described: &'static str,
    /// Which cells its values lie in.
    pub kind: Kind,
    /// What its values measure, and so what may be done with them.
    pub level: Level,
    /// How a text is read as a value.
    pub reads: Reads,
    /// What such a text must be.
    pub wanted: &'static str,
    /// The stable name of the error that a text is none.
    pub error: &'static str,
    /// Whether a text literal stands for a value: there are no literals of its own.
    pub quoted: bool,
    /// How a value is written for machines: as a text, in a zone where one matters.
    pub writes: Writes,
    /// How a value is written for people.
    pub shows: Shows,
    /// Which columns hold its values.
    pub takes: &'static [Physical],
    /// What column its values are written to.
    pub gives: Physical,
    /// Which columns it takes, for an error.
    pub columns: &'static str,
    /// Whether counters count by it.
    pub counts: bool,
    /// A value where it does not matter which; of texts, one that no rule is likely to name.
    pub usual: fn() -> Value<'static>,
    /// Any value that a table does not name.
    pub other: &'static str,
    /// What authors may write for one that is missing; of amounts without the currency.
    pub instead: &'static str,
}

/// Which cells hold the values of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`Cell::Bool`]
    Bool,
    /// [`Cell::Number`]
    Number,
    /// [`Cell::Text`]
    Text,
    /// [`Cell::Date`]
    Date,
    /// [`Cell::Time`]
    Time,
    /// [`Cell::Duration`]
    Duration,
    /// [`Cell::Period`]
    Period,
}

/// What values measure: each level has what those before it have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// They are the same or not.
    Nominal,
    /// They stand in an order.
    Ordinal,
    /// Of several, one is the largest.
    Interval,
    /// They can be added up.
    Ratio,
}

/// How a text is read as a value.
#[derive(Debug, Clone, Copy)]
pub enum Reads {
    /// It is the value, if it has the form.
    Text(fn(&str) -> bool),
    /// It is the value in the one form that this has.
    Form(for<'t> fn(&'t str) -> Option<Cow<'t, str>>),
    /// It becomes a cell; times without an offset read in the zone.
    Cell(fn(&str, &Zone) -> Option<Cell>),
}

/// How a value is written for machines.
pub type Writes = fn(&Value<'_>, Option<&Zone>, &mut dyn Write) -> fmt::Result;
/// How a value is written for people.
pub type Shows = fn(&Value<'_>, &Locale, &Zone, &mut dyn Write) -> fmt::Result;

/// What columns hold, by whatever library; the rooms that read and write them know what each is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Physical {
    /// True and false.
    Truths,
    /// Whole numbers of one byte, with which some databases tell yes and no.
    Bits,
    /// Numbers of any width.
    Numbers,
    /// Structs of an amount and a currency.
    Amounts,
    /// Days.
    Dates,
    /// Instants.
    Times,
    /// What clocks showed, without an offset.
    LocalTimes,
    /// What clocks showed, without a day.
    Clocks,
    /// Exact lengths of time.
    Durations,
    /// Months.
    Months,
    /// Texts, each by itself.
    Texts,
    /// Texts of which many are the same.
    Names,
}

static BOOL: Scalar = Scalar {
    name: "bool",
    described: "a true-or-false value",
    kind: Kind::Bool,
    level: Level::Nominal,
    reads: Reads::Cell(|text, _| text.parse().ok().map(Cell::Bool)),
    wanted: "`true` or `false`",
    error: "wrong-type",
    quoted: false,
    writes: written,
    shows: shown,
    takes: &[Physical::Truths, Physical::Bits],
    gives: Physical::Truths,
    columns: "give booleans, or integers of one byte that are 0 or 1",
    counts: false,
    usual: || Value::Bool(false),
    other: "any other value",
    instead: "false",
};

static NUMBER: Scalar = Scalar {
    name: "number",
    described: "a number",
    kind: Kind::Number,
    level: Level::Ratio,
    reads: Reads::Cell(|text, _| text.parse().ok().map(Cell::Number)),
    wanted: "a number",
    error: "wrong-type",
    quoted: false,
    writes: written,
    shows: shown,
    takes: &[Physical::Texts, Physical::Numbers, Physical::Bits],
    gives: Physical::Numbers,
    columns: "give integers, floats, decimals or strings",
    counts: true,
    usual: || Value::Number(Number::ONE),
    other: "any other number",
    instead: "0",
};

static MONEY: Scalar = Scalar {
    name: "",
    described: "an amount",
    kind: Kind::Number,
    level: Level::Ratio,
    reads: Reads::Cell(|text, _| text.parse().ok().map(Cell::Number)),
    wanted: "an amount",
    error: "wrong-type",
    quoted: false,
    writes: written,
    shows: shown,
    takes: &[Physical::Texts, Physical::Numbers, Physical::Bits, Physical::Amounts],
    gives: Physical::Numbers,
    columns: "give integers, floats, decimals, strings, or structs of `amount` and `currency`",
    counts: false,
    usual: || Value::Number(Number::ONE),
    other: "any other amount",
    instead: "0",
};

static TEXT: Scalar = Scalar {
    name: "text",
    described: "a text",
    kind: Kind::Text,
    level: Level::Nominal,
    reads: Reads::Text(|_| true),
    wanted: "a text",
    error: "wrong-type",
    quoted: true,
    writes: written,
    shows: shown,
    takes: &[Physical::Texts],
    gives: Physical::Names,
    columns: "give strings, or a dictionary of them",
    counts: true,
    usual: || Value::Text("other".into()),
    other: "any other text",
    instead: "\"none\"",
};

static DATE: Scalar = Scalar {
    name: "date",
    described: "a date",
    kind: Kind::Date,
    level: Level::Interval,
    reads: Reads::Cell(|text, _| parse_date(text).map(Cell::Date)),
    wanted: "a day of the calendar, `YYYY-MM-DD`",
    error: "bad-date",
    quoted: false,
    writes: written,
    shows: shown,
    // A day may be kept as the midnight with which it begins.
    takes: &[Physical::Texts, Physical::Dates, Physical::LocalTimes],
    gives: Physical::Dates,
    columns: "give dates, or strings such as `2024-09-12`",
    counts: true,
    usual: || Value::Date(Date::constant(2024, 9, 4)),
    other: "any other day",
    instead: "date(now)",
};

static TIME: Scalar = Scalar {
    name: "time",
    described: "a time",
    kind: Kind::Time,
    level: Level::Interval,
    reads: Reads::Cell(|text, zone| parse_time(text, zone).map(Cell::Time)),
    wanted: "a time such as `2024-09-12T08:00:00+08:00`",
    error: "bad-time",
    quoted: false,
    writes: written,
    shows: shown,
    takes: &[Physical::Texts, Physical::Dates, Physical::Times, Physical::LocalTimes],
    gives: Physical::Times,
    columns: "give timestamps, dates, or strings such as `2024-09-12T08:00:00+08:00`",
    counts: false,
    usual: || Value::Time(Time::from_second(1_725_408_000).unwrap_or(Time::UNIX_EPOCH)),
    other: "any other time",
    instead: "now",
};

static TIME_OF_DAY: Scalar = Scalar {
    name: "time_of_day",
    described: "a time of day",
    // How long the clock takes from midnight to it.
    kind: Kind::Duration,
    level: Level::Interval,
    reads: Reads::Cell(|text, _| parse_time_of_day(text).map(Cell::Duration)),
    wanted: "a time of day such as `22:00`, from `00:00` up to `24:00`",
    error: "bad-time-of-day",
    quoted: false,
    writes: |value, _, out| clock(value, out),
    shows: |value, locale, zone, out| match value {
        Value::Duration(_) => clock(value, out),
        other => shown(other, locale, zone, out),
    },
    takes: &[Physical::Texts, Physical::Clocks],
    gives: Physical::Texts,
    columns: "give times of day, or strings such as `22:00`",
    counts: false,
    usual: || Value::Duration(Duration::from_hours(12)),
    other: "any other time of day",
    instead: "00:00",
};

static DURATION: Scalar = Scalar {
    name: "duration",
    described: "a duration",
    kind: Kind::Duration,
    level: Level::Ratio,
    reads: Reads::Cell(|text, _| parse_duration(text).map(Cell::Duration)),
    wanted: "a duration such as `PT48H` or `P7D`",
    error: "bad-duration",
    quoted: false,
    writes: written,
    shows: shown,
    takes: &[Physical::Texts, Physical::Durations],
    gives: Physical::Durations,
    columns: "give durations, or strings such as `PT48H`",
    counts: false,
    usual: || Value::Duration(Duration::from_hours(24)),
    other: "any other duration",
    instead: "0 days",
};

static PERIOD: Scalar = Scalar {
    name: "period",
    described: "a period (months or years)",
    kind: Kind::Period,
    level: Level::Ordinal,
    reads: Reads::Cell(|text, _| parse_period(text).map(Cell::Period)),
    wanted: "months or years such as `P3M` or `P1Y`",
    error: "bad-period",
    quoted: false,
    writes: written,
    shows: shown,
    takes: &[Physical::Texts, Physical::Months],
    gives: Physical::Texts,
    columns: "give intervals of months, or strings such as `P3M`",
    counts: false,
    usual: || Value::Period(Period::of_months(1)),
    other: "any other period",
    instead: "0 months",
};

static DAYS: Scalar = Scalar {
    name: "days",
    described: "a number of calendar days or working days",
    kind: Kind::Period,
    level: Level::Nominal,
    // No record holds them: see `Type::is_kept`.
    reads: Reads::Cell(|_, _| None),
    wanted: "days such as `20 calendar days` or `7 us working days`",
    error: "bad-period",
    quoted: false,
    writes: written,
    shows: days,
    takes: &[],
    gives: Physical::Names,
    columns: "no column holds it",
    counts: false,
    usual: || Value::Period(Period::of_days(1, None)),
    other: "any other number of days",
    instead: "0 calendar days",
};

static URL: Scalar = Scalar {
    name: "url",
    described: "a url",
    kind: Kind::Text,
    level: Level::Nominal,
    reads: Reads::Text(|text| parse_url(text).is_some()),
    wanted: "an absolute web address",
    error: "bad-url",
    quoted: true,
    writes: written,
    shows: shown,
    takes: &[Physical::Texts],
    gives: Physical::Names,
    columns: "give strings, or a dictionary of them",
    counts: false,
    usual: || Value::Text("https://example.com/".into()),
    other: "any other address",
    instead: "\"https://…\"",
};

static VERSION: Scalar = Scalar {
    name: "version",
    described: "a version",
    kind: Kind::Text,
    level: Level::Interval,
    reads: Reads::Form(parse_version),
    wanted: "a version such as `8.0.14` or `8.1.0-beta.2`",
    error: "bad-version",
    quoted: true,
    writes: written,
    shows: shown,
    takes: &[Physical::Texts],
    gives: Physical::Names,
    columns: "give strings, or a dictionary of them",
    counts: false,
    usual: || Value::Text("1.0.0".into()),
    other: "any other version",
    instead: "\"0.0.0\"",
};

impl Type {
    /// The types that have a name of their own: bare words, unlike currencies, enums, records and lists.
    pub const NAMED: &[Self] = &[
        Self::Bool,
        Self::Number,
        Self::Text,
        Self::Date,
        Self::Time,
        Self::TimeOfDay,
        Self::Duration,
        Self::Period,
        Self::Days,
        Self::Url,
        Self::Version,
    ];

    /// The row of a scalar type; `None` for enums, whose values are names of their own, and for what is
    /// made of others.
    #[inline]
    pub fn scalar(&self) -> Option<&'static Scalar> {
        Some(match self {
            Self::Bool => &BOOL,
            Self::Number => &NUMBER,
            Self::Money(_) => &MONEY,
            Self::Text => &TEXT,
            Self::Date => &DATE,
            Self::Time => &TIME,
            Self::TimeOfDay => &TIME_OF_DAY,
            Self::Duration => &DURATION,
            Self::Period => &PERIOD,
            Self::Days => &DAYS,
            Self::Url => &URL,
            Self::Version => &VERSION,
            Self::Enum(_) | Self::List(_) | Self::Record(_) | Self::Optional(_) | Self::Unknown => {
                return None;
            }
        })
    }

    /// The type with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|ty| ty.name() == name).cloned()
    }

    /// The name of a type that has one.
    pub fn name(&self) -> &'static str {
        self.scalar().map_or("", |row| row.name)
    }

    /// Which cells hold its values, if it is a scalar.
    pub fn kind(&self) -> Option<Kind> {
        self.scalar().map(|row| row.kind)
    }

    /// What its values measure.
    pub fn level(&self) -> Level {
        match self {
            Self::Enum(members) if members.ordered => Level::Interval,
            ty => ty.scalar().map_or(Level::Nominal, |row| row.level),
        }
    }

    /// Whether records, lists and decisions hold values of it, or of what it is made of.
    pub fn is_kept(&self) -> bool {
        match self {
            Self::List(inner) | Self::Optional(inner) => inner.is_kept(),
            // A calendar is known by a number, which says nothing outside of the rulebook.
            ty => *ty != Self::Days,
        }
    }

    /// Whether a text literal stands for a value of it.
    pub fn is_quoted(&self) -> bool {
        self.scalar().is_some_and(|row| row.quoted)
    }

    /// Whether counters count by it.
    pub fn counts(&self) -> bool {
        matches!(self, Self::Enum(_)) || self.scalar().is_some_and(|row| row.counts)
    }

    /// Whether columns of a kind hold its values.
    pub fn takes(&self, column: Physical) -> bool {
        match self {
            Self::Enum(_) => column == Physical::Texts,
            ty => ty.scalar().is_some_and(|row| row.takes.contains(&column)),
        }
    }

    /// What column its values are written to.
    pub fn gives(&self) -> Physical {
        self.scalar().map_or(Physical::Names, |row| row.gives)
    }

    /// Whether a cell holds a value of the type.
    pub fn holds(&self, cell: Cell) -> bool {
        match (self, cell) {
            (Self::Enum(_), Cell::Member(_) | Cell::Text { .. }) => true,
            (ty, cell) => ty.kind().is_some_and(|kind| Kind::of(cell) == Some(kind)),
        }
    }

    /// What a text is read as, if it is a value of the type: times without an offset in a zone.
    pub fn read<'t>(&self, text: &'t str, zone: &Zone) -> Option<Value<'t>> {
        match self {
            Self::Enum(members) => match members.position(text) {
                Some(position) => Some(Value::Member(position)),
                None => members.open.then(|| Value::Text(text.into())),
            },
            ty => match ty.scalar()?.reads {
                Reads::Text(is_one) => is_one(text).then(|| Value::Text(text.into())),
                Reads::Form(read) => read(text).map(Value::Text),
                Reads::Cell(read) => Value::of_plain(read(text, zone)?),
            },
        }
    }

    /// A value of the type as text for machines: instants by the clocks of a zone, or in UTC.
    pub fn write(
        &self,
        value: &Value<'_>,
        zone: Option<&Zone>,
        out: &mut dyn Write,
    ) -> fmt::Result {
        match (self, value) {
            (Self::Enum(members), Value::Member(position)) => {
                out.write_str(members.member(*position).unwrap_or_default())
            }
            (Self::Optional(inner), value) => inner.write(value, zone, out),
            (Self::List(inner), Value::List(list)) => written::list(inner, list, zone, out),
            (Self::Record(record), Value::Record(fields)) => {
                written::record(record, fields, zone, out)
            }
            (ty, value) => {
                (ty.scalar().map_or(written as Writes, |row| row.writes))(value, zone, out)
            }
        }
    }

    /// The same, where it is printed.
    pub fn written<'v>(&'v self, value: &'v Value<'v>, zone: Option<&'v Zone>) -> Written<'v> {
        Written { ty: self, value, zone }
    }

    /// A value of the type for people, in their language.
    pub fn show(
        &self,
        value: &Value<'_>,
        (locale, zone): (&Locale, &Zone),
        out: &mut dyn Write,
    ) -> fmt::Result {
        match (self, value) {
            (_, Value::Missing) => out.write_str(locale.missing()),
            (Self::Enum(members), Value::Member(position)) => {
                out.write_str(members.member(*position).unwrap_or_default())
            }
            (Self::Money(currency), Value::Number(amount)) => locale.money(out, *amount, *currency),
            (ty, Value::Record(record)) if ty.is_money() => match record.money() {
                Some((amount, currency)) => locale.money(out, amount, currency),
                None => Ok(()),
            },
            (Self::Money(currency), Value::Fraction(fraction)) => {
                locale.money(out, fraction.cut(), *currency)?;
                out.write_str(MORE_DIGITS)
            }
            (ty, value) => {
                (ty.scalar().map_or(shown as Shows, |row| row.shows))(value, locale, zone, out)
            }
        }
    }

    /// The type in a sentence, with its article.
    pub fn described(&self) -> String {
        match self {
            Self::Money(currency) => format!("an amount in {currency}"),
            Self::Enum(members) => match &members.name {
                Some(name) => format!("a `{name}`"),
                None => format!("one of {}", listed(members)),
            },
            Self::List(inner) => format!("a list of {inner}"),
            ty if ty.is_money() => "an amount in any currency".to_string(),
            Self::Record(record) => format!("a record `{}`", record.name()),
            Self::Optional(inner) => format!("{} that may be missing", inner.described()),
            ty => ty.scalar().map_or("unknown", |row| row.described).into(),
        }
    }
}

fn listed(members: &EnumType) -> String {
    let names: Vec<_> = members.all_written().iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl Kind {
    /// The kind that a cell is of; `None` for members of enums, lists, records, and what is missing.
    pub fn of(cell: Cell) -> Option<Self> {
        Some(match cell {
            Cell::Bool(_) => Self::Bool,
            Cell::Number(_) | Cell::Fraction(_) => Self::Number,
            Cell::Text { .. } => Self::Text,
            Cell::Date(_) => Self::Date,
            Cell::Time(_) => Self::Time,
            Cell::Duration(_) => Self::Duration,
            Cell::Period(_) => Self::Period,
            Cell::Missing | Cell::Member(_) | Cell::List { .. } | Cell::Record { .. } => {
                return None;
            }
        })
    }

    /// The sum of no values of the kind.
    pub fn zero(self) -> Cell {
        match self {
            Self::Duration => Cell::Duration(Duration::ZERO),
            _ => Cell::Number(Number::ZERO),
        }
    }
}
