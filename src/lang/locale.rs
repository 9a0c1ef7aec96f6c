//! How values print for a reader of a language: THE table of locales.
//!
//! A full locale library would outweigh the engine; these few forms are all that reasons need.
//! A language without a row prints ISO forms.

use crate::model::{Currency, Date, Duration, Number, Period, Time, Zone};

/// How one language prints values.
#[derive(Debug)]
pub struct Locale {
    /// The language tag, without a region.
    pub language: &'static str,
    /// `jiff` format of a day.
    date: &'static str,
    /// `jiff` format of an instant, in the rulebook's zone.
    time: &'static str,
    /// Stands between whole number and decimals.
    point: &'static str,
    /// Stands between groups of three digits.
    group: &'static str,
    /// Money: `{code}` and `{amount}`.
    money: &'static str,
    /// `true` and `false`.
    truth: [&'static str; 2],
    /// day, hour, minute, second, year, month: one and several.
    units: [[&'static str; 2]; 6],
    /// Stands between a number and its unit, and between two units.
    gaps: [&'static str; 2],
    /// Stands between the items of a list.
    comma: &'static str,
    /// What stands for a missing value.
    missing: &'static str,
    /// How many elements a list has, behind the number.
    items: [&'static str; 2],
}

const ENGLISH_UNITS: [[&str; 2]; 6] = [
    ["day", "days"],
    ["hour", "hours"],
    ["minute", "minutes"],
    ["second", "seconds"],
    ["year", "years"],
    ["month", "months"],
];

static ISO: Locale = Locale {
    language: "",
    date: "%Y-%m-%d",
    time: "%Y-%m-%d %H:%M",
    point: ".",
    group: "",
    money: "{code} {amount}",
    truth: ["true", "false"],
    units: ENGLISH_UNITS,
    gaps: [" ", " "],
    comma: ", ",
    missing: "-",
    items: [" item", " items"],
};

static LOCALES: &[Locale] = &[
    Locale {
        language: "en",
        date: "%-d %B %Y",
        time: "%-d %B %Y, %H:%M",
        group: ",",
        truth: ["yes", "no"],
        missing: "nothing",
        ..ISO
    },
    Locale {
        language: "zh",
        date: "%Y年%-m月%-d日",
        time: "%Y年%-m月%-d日%H:%M",
        group: ",",
        truth: ["是", "否"],
        units: [
            ["天", "天"],
            ["小时", "小时"],
            ["分钟", "分钟"],
            ["秒", "秒"],
            ["年", "年"],
            ["个月", "个月"],
        ],
        gaps: ["", ""],
        comma: "、",
        missing: "无",
        items: ["项", "项"],
        ..ISO
    },
    Locale {
        language: "de",
        date: "%d.%m.%Y",
        time: "%d.%m.%Y, %H:%M",
        point: ",",
        group: ".",
        money: "{amount} {code}",
        truth: ["ja", "nein"],
        units: [
            ["Tag", "Tage"],
            ["Stunde", "Stunden"],
            ["Minute", "Minuten"],
            ["Sekunde", "Sekunden"],
            ["Jahr", "Jahre"],
            ["Monat", "Monate"],
        ],
        missing: "nichts",
        items: [" Eintrag", " Einträge"],
        ..ISO
    },
];

impl Locale {
    /// The locale of a language tag such as `zh` or `zh-Hans`; ISO forms where none is known.
    pub fn of(tag: &str) -> &'static Self {
        let language = tag.split('-').next().unwrap_or(tag);
        LOCALES.iter().find(|locale| locale.language == language).unwrap_or(&ISO)
    }

    /// A number in the reader's form. Digits stand ungrouped, since a number may be a version or
    /// a year.
    pub fn number(&self, number: Number) -> String {
        number.to_string().replace('.', self.point)
    }

    /// A number as percent.
    pub fn percent(&self, number: Number) -> String {
        match number.checked_mul(Number::from(100)) {
            Some(hundredfold) => format!("{}%", self.number(hundredfold)),
            None => self.number(number),
        }
    }

    /// An amount with its currency.
    pub fn money(&self, amount: Number, currency: Currency) -> String {
        let amount = self.grouped(&amount.to_fixed(currency.minor_digits()));
        self.money.replace("{code}", currency.code()).replace("{amount}", &amount)
    }

    fn grouped(&self, digits: &str) -> String {
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", digits),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let mut text = String::from(sign);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 && whole.len() > 4 {
                text.push_str(self.group);
            }
            text.push(digit);
        }
        if !part.is_empty() {
            text.push_str(self.point);
            text.push_str(part);
        }
        text
    }

    /// A day.
    pub fn date(&self, date: Date) -> String {
        date.strftime(self.date).to_string()
    }

    /// An instant, as the clocks of the zone show it.
    pub fn time(&self, time: Time, zone: &Zone) -> String {
        zone.to_datetime(time).strftime(self.time).to_string()
    }

    /// `true` or `false`.
    pub fn truth(&self, value: bool) -> &'static str {
        let [yes, no] = self.truth;
        if value { yes } else { no }
    }

    /// What stands for a missing value.
    pub fn missing(&self) -> &'static str {
        self.missing
    }

    /// How many elements a list has.
    pub fn items(&self, count: usize) -> String {
        let [one, several] = self.items;
        format!("{count}{}", if count == 1 { one } else { several })
    }

    /// Several texts as one; what stands for a missing value if there are none.
    pub fn list(&self, items: &[String]) -> String {
        match items {
            [] => self.missing.to_string(),
            items => items.join(self.comma),
        }
    }

    /// An exact duration in days, hours, minutes and seconds.
    pub fn duration(&self, duration: Duration) -> String {
        let sign = if duration.is_negative() { "-" } else { "" };
        let seconds = duration.as_secs().unsigned_abs();
        let [day, hour, minute, second, ..] = self.units;
        let parts = [
            (seconds / 86_400, day),
            (seconds / 3_600 % 24, hour),
            (seconds / 60 % 60, minute),
            (seconds % 60, second),
        ];
        let text = self.counted(&parts);
        if text.is_empty() { self.counted_one(0, second) } else { format!("{sign}{text}") }
    }

    /// A calendar duration in years and months.
    pub fn period(&self, period: Period) -> String {
        let months = u64::from(period.months.unsigned_abs());
        let sign = if period.months < 0 { "-" } else { "" };
        let [.., year, month] = self.units;
        let text = self.counted(&[(months / 12, year), (months % 12, month)]);
        if text.is_empty() { self.counted_one(0, month) } else { format!("{sign}{text}") }
    }

    fn counted(&self, parts: &[(u64, [&'static str; 2])]) -> String {
        let [_, between] = self.gaps;
        let texts: Vec<_> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, unit)| self.counted_one(*count, *unit))
            .collect();
        texts.join(between)
    }

    fn counted_one(&self, count: u64, [one, several]: [&'static str; 2]) -> String {
        let [gap, _] = self.gaps;
        format!("{count}{gap}{}", if count == 1 { one } else { several })
    }
}
