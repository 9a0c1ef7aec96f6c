//! THE table of what fields may say of how they are read.

use super::form::Form;
use crate::model::Type;

/// Something that may stand behind `read`.
#[derive(Debug)]
pub struct Row {
    /// How it is written: words as they are, `TEXT` for a text in quotes, `FIELD` for another field.
    pub pattern: &'static str,
    /// What fields say it.
    pub subject: Subject,
    /// What it says.
    pub sets: Sets,
    /// What it means, in a sentence.
    pub doc: &'static str,
    /// A field, or a record, that says it.
    pub example: &'static str,
}

/// What fields are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Days, times or times of day.
    Moments,
    /// Days or times.
    Days,
    /// Times.
    Times,
    /// Numbers or amounts.
    Numbers,
    /// Numbers.
    PlainNumbers,
    /// Amounts in one currency or in any.
    Amounts,
    /// Amounts in any currency, and those of one.
    Names,
    /// Texts.
    Texts,
    /// Whole records.
    Records,
}

/// What is said.
#[derive(Debug, Clone, PartialEq)]
pub enum Sets {
    /// How days or times are written, as the text says.
    Stated,
    /// How they are written.
    Form(Form),
    /// By whose clocks times are read.
    Zone,
    /// In which field it stands by whose clocks times are read.
    ZoneField,
    /// What stands before decimals.
    Decimal,
    /// What stands between thousands.
    Thousands,
    /// What stands beside a number.
    Mark,
    /// Numbers are in percent.
    Percent,
    /// Amounts are in the smallest unit.
    Minor,
    /// In which field the currency stands.
    CurrencyField,
    /// By which keys the amount and the currency stand.
    Keys,
    /// Letters may be small or capitals.
    AnyCase,
    /// Other single values are taken.
    AnyKind,
    /// Keys are in camel case.
    CamelCase,
}

/// All that may be said, beside texts that stand for values and `otherwise missing`.
pub const ROWS: &[Row] = &[
    Row {
        pattern: "TEXT",
        subject: Subject::Moments,
        sets: Sets::Stated,
        doc: "As a form of `strptime` says. Months and days have one digit or two, years by `%Y` have four, `%y` is 1969 to 2068.",
        example: "placed: date read \"%m/%d/%Y\" or \"%d %b %Y\"",
    },
    Row {
        pattern: "iso",
        subject: Subject::Moments,
        sets: Sets::Form(Form::Iso),
        doc: "As ISO 8601 and RFC 3339 say, which is how it is read where nothing is said.",
        example: "placed: date read iso or \"%m/%d/%Y\"",
    },
    Row {
        pattern: "iso week",
        subject: Subject::Days,
        sets: Sets::Form(Form::IsoWeek),
        doc: "A day of a week, such as `2024-W05-3` or `2024W053`.",
        example: "picked: date read iso week",
    },
    Row {
        pattern: "mail",
        subject: Subject::Times,
        sets: Sets::Form(Form::Mail),
        doc: "As mails have it (RFC 2822), such as `Tue, 31 Dec 2024 13:45:00 +0100`.",
        example: "sent: time read mail",
    },
    Row {
        pattern: "epoch seconds",
        subject: Subject::Times,
        sets: Sets::Form(Form::Epoch(1, "seconds")),
        doc: "Seconds since 1970 in UTC, as a number or a text.",
        example: "created: time read epoch seconds",
    },
    Row {
        pattern: "epoch milliseconds",
        subject: Subject::Times,
        sets: Sets::Form(Form::Epoch(1_000, "milliseconds")),
        doc: "Milliseconds since 1970 in UTC.",
        example: "created: time read epoch milliseconds",
    },
    Row {
        pattern: "epoch microseconds",
        subject: Subject::Times,
        sets: Sets::Form(Form::Epoch(1_000_000, "microseconds")),
        doc: "Microseconds since 1970 in UTC.",
        example: "created: time read epoch microseconds",
    },
    Row {
        pattern: "epoch nanoseconds",
        subject: Subject::Times,
        sets: Sets::Form(Form::Epoch(1_000_000_000, "nanoseconds")),
        doc: "Nanoseconds since 1970 in UTC.",
        example: "created: time read epoch nanoseconds",
    },
    Row {
        pattern: "excel days",
        subject: Subject::Moments,
        sets: Sets::Form(Form::ExcelDays),
        doc: "Days as spreadsheets count them: 45657 is 2024-12-31, and .5 of it noon.",
        example: "placed: date read excel days",
    },
    Row {
        pattern: "in TEXT",
        subject: Subject::Times,
        sets: Sets::Zone,
        doc: "By whose clocks times without an offset are read, behind all forms.",
        example: "at: time read \"%d.%m.%Y %H:%M\" in \"Europe/Berlin\"",
    },
    Row {
        pattern: "in FIELD",
        subject: Subject::Times,
        sets: Sets::ZoneField,
        doc: "The same, told by another field of the record or of one around it.",
        example: "at: time read \"%d.%m.%Y %H:%M\" in time_zone",
    },
    Row {
        pattern: "decimal TEXT",
        subject: Subject::Numbers,
        sets: Sets::Decimal,
        doc: "The sign before decimals.",
        example: "weight: number read decimal \",\"",
    },
    Row {
        pattern: "thousands TEXT",
        subject: Subject::Numbers,
        sets: Sets::Thousands,
        doc: "The sign that may stand between thousands: three digits, or two as in India. A blank is one of any width.",
        example: "weight: number read decimal \",\", thousands \".\"",
    },
    Row {
        pattern: "beside TEXT",
        subject: Subject::Numbers,
        sets: Sets::Mark,
        doc: "A sign or a unit that may stand before a number or behind it.",
        example: "paid: USD read beside \"$\", thousands \",\"",
    },
    Row {
        pattern: "percent",
        subject: Subject::PlainNumbers,
        sets: Sets::Percent,
        doc: "In percent, with the sign or without: `4.5%` and 4.5 are 0.045.",
        example: "share: number read percent",
    },
    Row {
        pattern: "minor units",
        subject: Subject::Amounts,
        sets: Sets::Minor,
        doc: "In the smallest unit of the currency: 1099 is 10.99 USD, 1099 JPY, 1.099 KWD.",
        example: "paid: USD read minor units",
    },
    Row {
        pattern: "currency from FIELD",
        subject: Subject::Amounts,
        sets: Sets::CurrencyField,
        doc: "The currency stands in another field of the record or of one around it. One that is not the declared one is refused.",
        example: "total: money read currency from currency_code",
    },
    Row {
        pattern: "amount TEXT currency TEXT",
        subject: Subject::Amounts,
        sets: Sets::Keys,
        doc: "The keys of an object that stands for money; other keys of it are not read.",
        example: "price: money read amount \"value\" currency \"currency_code\"",
    },
    Row {
        pattern: "any case",
        subject: Subject::Names,
        sets: Sets::AnyCase,
        doc: "Names of members and codes of currencies in small letters or capitals.",
        example: "status: Status read any case",
    },
    Row {
        pattern: "any kind",
        subject: Subject::Texts,
        sets: Sets::AnyKind,
        doc: "Numbers and truth values are taken as texts, as they are written.",
        example: "reference: text read any kind",
    },
    Row {
        pattern: "camel case",
        subject: Subject::Records,
        sets: Sets::CamelCase,
        doc: "The data calls its fields so: `orderId` is `order_id`. What a field says behind `as` comes first.",
        example: "record Order read camel case { order_id: text }",
    },
];

impl Subject {
    /// Whether fields of a type say it; for lists, what they hold counts.
    pub fn fits(self, ty: &Type) -> bool {
        let is_amount = matches!(ty, Type::Money(_)) || ty.is_money();
        match self {
            Self::Moments => matches!(ty, Type::Date | Type::Time | Type::TimeOfDay),
            Self::Days => matches!(ty, Type::Date | Type::Time),
            Self::Times => matches!(ty, Type::Time),
            Self::Numbers => matches!(ty, Type::Number) || is_amount,
            Self::PlainNumbers => matches!(ty, Type::Number),
            Self::Amounts => is_amount,
            Self::Names => matches!(ty, Type::Enum(_)) || is_amount,
            Self::Texts => matches!(ty, Type::Text),
            Self::Records => false,
        }
    }

    /// What such fields are of.
    pub fn described(self) -> &'static str {
        match self {
            Self::Moments => "days, times and times of day",
            Self::Days => "days and times",
            Self::Times => "times",
            Self::Numbers => "numbers and amounts",
            Self::PlainNumbers => "numbers",
            Self::Amounts => "amounts",
            Self::Names => "enums, currencies and amounts",
            Self::Texts => "texts",
            Self::Records => "whole records",
        }
    }
}

impl Row {
    /// The row that some pieces are an instance of: words as they are, and nothing for texts.
    pub fn find(pieces: &[Option<&str>]) -> Option<&'static Self> {
        ROWS.iter().find(|row| {
            let pattern: Vec<_> = row.pattern.split(' ').collect();
            pattern.len() == pieces.len()
                && pattern.iter().zip(pieces).all(|(wanted, piece)| match (*wanted, piece) {
                    ("TEXT", None) => true,
                    ("FIELD", Some(_)) => true,
                    (wanted, Some(word)) => wanted == *word,
                    _ => false,
                })
        })
    }

    /// How it is written, for people.
    pub fn written(&self) -> String {
        self.pattern.replace("TEXT", "\"…\"").replace("FIELD", "field")
    }
}
