//! Reads values as explanations tell them to people, in each language.

use rulebook_lang::model::{Date, Duration, Json, Time, Type, Zone};
use serde_json::{Value, json};

/// How a language writes what the others write otherwise.
pub(crate) struct Language {
    pub(crate) tag: &'static str,
    date: &'static str,
    time: &'static str,
    point: char,
    group: &'static str,
    truth: [&'static str; 2],
    missing: &'static str,
    /// Days, hours, minutes, seconds: beginnings of words.
    units: [&'static str; 4],
}

/// Each locale, and one that has none.
pub(crate) const LANGUAGES: &[Language] = &[
    Language {
        tag: "en",
        date: "%d %B %Y",
        time: "%d %B %Y, ",
        point: '.',
        group: ",",
        truth: ["yes", "no"],
        missing: "nothing",
        units: ["day", "hour", "minute", "second"],
    },
    Language {
        tag: "zh",
        date: "%Y年%m月%d日",
        time: "%Y年%m月%d日",
        point: '.',
        group: ",",
        truth: ["是", "否"],
        missing: "无",
        units: ["天", "小时", "分钟", "秒"],
    },
    Language {
        tag: "de",
        date: "%d.%m.%Y",
        time: "%d.%m.%Y, ",
        point: ',',
        group: ".",
        truth: ["ja", "nein"],
        missing: "nichts",
        units: ["Tag", "Stunde", "Minute", "Sekunde"],
    },
    Language {
        // Klingon, of which nobody says how it is printed.
        tag: "tlh",
        date: "%Y-%m-%d",
        time: "%Y-%m-%d ",
        point: '.',
        group: "",
        truth: ["true", "false"],
        missing: "-",
        units: ["day", "hour", "minute", "second"],
    },
];

impl Language {
    /// The value of a type as a record has it.
    pub(crate) fn read(&self, told: &str, ty: &Type, zone: &Zone) -> Option<Value> {
        if told == self.missing {
            return Some(Value::Null);
        }
        Some(match ty.required() {
            Type::Bool => json!(self.truth.iter().position(|word| *word == told)? == 0),
            Type::Number => number(&self.plain(told))?,
            Type::Money(currency) => {
                let amount = told.replacen(currency.code(), "", 1).replace(self.group, "");
                let amount: String = self.plain(&amount).split_whitespace().collect();
                number(&amount)?;
                json!({"amount": amount, "currency": currency.code()})
            }
            Type::Date => json!(Date::strptime(self.date, told).ok()?.to_string()),
            Type::Time => json!(self.time(told, zone)?.to_string()),
            Type::Duration => json!(self.duration(told)?.to_string()),
            Type::Text | Type::Url | Type::Version => {
                json!(told.strip_prefix('"')?.strip_suffix('"')?)
            }
            Type::TimeOfDay => json!(told),
            Type::Enum(_) => json!(told.trim_matches('"')),
            _ => return None,
        })
    }

    fn plain(&self, digits: &str) -> String {
        digits.replace(self.point, ".")
    }

    fn time(&self, told: &str, zone: &Zone) -> Option<Time> {
        let (clock, offset) = match told.split_once(" (UTC") {
            Some((clock, offset)) => (clock, Some(offset.strip_suffix(')')?)),
            None => (told, None),
        };
        let seconds = clock.matches(':').count() > 1;
        let format = format!("{}%H:%M{}", self.time, if seconds { ":%S%.f" } else { "" });
        // Of a German time only the part of a second has a comma behind a digit and before one.
        let clock = match clock.rsplit_once(self.point) {
            Some((whole, part)) if part.bytes().all(|byte| byte.is_ascii_digit()) && seconds => {
                format!("{whole}.{part}")
            }
            _ => clock.to_string(),
        };
        let local = jiff::civil::DateTime::strptime(format, clock).ok()?;
        match offset {
            None => Time::of_local(local, zone),
            Some(offset) => {
                let offset = if offset.len() == 3 { format!("{offset}:00") } else { offset.into() };
                format!("{local}{offset}").parse().ok()
            }
        }
    }

    fn duration(&self, told: &str) -> Option<Duration> {
        let (sign, mut rest) = told.strip_prefix('-').map_or((1, told), |rest| (-1, rest));
        let mut nanoseconds: i64 = 0;
        while !rest.is_empty() {
            let is_digit = |c: char| c.is_ascii_digit() || c == self.point;
            let end = rest.find(|c| !is_digit(c))?;
            let (digits, behind) = rest.split_at(end);
            let behind = behind.trim_start();
            let end = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
            let (unit, behind) = behind.split_at(end);
            let unit = self.units.iter().position(|word| unit.starts_with(word))?;
            let seconds = [86_400, 3_600, 60, 1][unit];
            let digits = self.plain(digits);
            let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
            nanoseconds += whole.parse::<i64>().ok()?.checked_mul(seconds * 1_000_000_000)?;
            nanoseconds += format!("{part:0<9}").parse::<i64>().ok()?;
            rest = behind;
        }
        Some(Duration::from_nanos(sign * nanoseconds))
    }
}

/// A number as a text, which has all its digits.
fn number(digits: &str) -> Option<Value> {
    matches!(Json::read(digits).ok()?, Json::Number(_)).then(|| json!(digits))
}
