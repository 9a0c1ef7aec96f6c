//! How values print for a reader of a language: THE table of locales.
//!
//! A full locale library would outweigh the engine; these few forms are all that reasons need.
//! A language without a row prints ISO forms.

use std::fmt::{self, Write};

use crate::model::{Currency, Date, Duration, Number, Period, Time, Zone};

/// A phrase in each language that pages for readers speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// In English, which stands in for every other language.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

impl Words {
    /// The phrase in the language of a tag such as `zh` or `zh-Hans`.
    pub fn in_language(&self, tag: &str) -> &'static str {
        if is_of(tag, "zh") { self.zh } else { self.en }
    }
}

/// Whether a tag such as `zh-Hans` is of a language, in small letters or capitals.
pub(super) fn is_of(tag: &str, language: &str) -> bool {
    tag.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(language))
}

/// The sign of a number, and its digits.
fn signed(number: &str) -> (&str, &str) {
    number.strip_prefix('-').map_or(("", number), |digits| ("-", digits))
}

/// How one language prints values.
#[derive(Debug)]
pub struct Locale {
    /// The language tag, without a region.
    pub language: &'static str,
    /// What the language calls itself.
    pub name: &'static str,
    /// `jiff` format of a day.
    date: &'static str,
    /// `jiff` format of an instant, in the rulebook's zone.
    time: &'static str,
    /// Stands between whole number and decimals.
    point: &'static str,
    /// Stands between groups of three digits.
    group: &'static str,
    /// Whether the code of a currency stands before the amount.
    code_first: bool,
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
    name: "",
    date: "%Y-%m-%d",
    time: "%Y-%m-%d %H:%M",
    point: ".",
    group: "",
    code_first: true,
    truth: ["true", "false"],
    units: ENGLISH_UNITS,
    gaps: [" ", " "],
    comma: ", ",
    missing: "-",
    items: [" item", " items"],
};

pub(super) static LOCALES: &[Locale] = &[
    Locale {
        language: "en",
        name: "English",
        date: "%-d %B %Y",
        time: "%-d %B %Y, %H:%M",
        group: ",",
        truth: ["yes", "no"],
        missing: "nothing",
        ..ISO
    },
    Locale {
        language: "zh",
        name: "中文",
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
        name: "Deutsch",
        date: "%d.%m.%Y",
        time: "%d.%m.%Y, %H:%M",
        point: ",",
        group: ".",
        code_first: false,
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
        LOCALES.iter().find(|locale| is_of(tag, locale.language)).unwrap_or(&ISO)
    }

    /// A number in the reader's form. Digits stand ungrouped, since a number may be a version or
    /// a year.
    pub fn number(&self, out: &mut dyn Write, number: Number) -> fmt::Result {
        match self.point {
            "." => write!(out, "{number}"),
            point => out.write_str(&number.to_string().replace('.', point)),
        }
    }

    /// A number as percent.
    pub fn percent(&self, out: &mut dyn Write, number: Number) -> fmt::Result {
        match number.checked_mul(Number::from(100)) {
            Some(hundredfold) => {
                self.number(out, hundredfold)?;
                out.write_char('%')
            }
            None => self.number(out, number),
        }
    }

    /// A number of things.
    pub fn count(&self, out: &mut dyn Write, count: u64) -> fmt::Result {
        self.grouped(out, &count.to_string())
    }

    /// What part of a whole some are, in percent with one digit: only none are 0, and only all 100.
    pub fn share(&self, out: &mut dyn Write, part: u64, whole: u64) -> fmt::Result {
        let (part, whole) = (u128::from(part), u128::from(whole));
        self.tenths(out, (part * 2000 + whole).checked_div(whole * 2), part, whole)
    }

    /// The same, cut where [`share`](Self::share) rounds, so that it never looks better than it is.
    pub fn share_reached(&self, out: &mut dyn Write, part: u64, whole: u64) -> fmt::Result {
        let (part, whole) = (u128::from(part), u128::from(whole));
        self.tenths(out, (part * 1000).checked_div(whole), part, whole)
    }

    fn tenths(
        &self,
        out: &mut dyn Write,
        tenths: Option<u128>,
        part: u128,
        whole: u128,
    ) -> fmt::Result {
        let tenths = match tenths.unwrap_or(0) {
            0 if part > 0 => return write!(out, "<0{}1%", self.point),
            1000 if part < whole => return write!(out, ">99{}9%", self.point),
            tenths => tenths,
        };
        write!(out, "{}{}{}%", tenths / 10, self.point, tenths % 10)
    }

    /// What was added up: an amount of a currency, or a number, of which four digits behind the point
    /// are enough.
    pub fn sum(
        &self,
        out: &mut dyn Write,
        number: Number,
        currency: Option<Currency>,
    ) -> fmt::Result {
        match currency {
            Some(currency) => self.money(out, number, currency),
            None => self.grouped(out, &number.checked_round(4).unwrap_or(number).to_string()),
        }
    }

    /// An amount with its currency.
    pub fn money(&self, out: &mut dyn Write, amount: Number, currency: Currency) -> fmt::Result {
        let digits = amount.to_fixed(currency.minor_digits());
        if self.code_first {
            // The sign stands before all, where that of a difference does.
            let (sign, digits) = signed(&digits);
            write!(out, "{sign}{} ", currency.code())?;
            return self.grouped(out, digits);
        }
        self.grouped(out, &digits)?;
        write!(out, " {}", currency.code())
    }

    fn grouped(&self, out: &mut dyn Write, digits: &str) -> fmt::Result {
        let (sign, digits) = signed(digits);
        out.write_str(sign)?;
        let (mut whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let mut first = whole.len() % 3;
        while let Some((group, rest)) = whole.split_at_checked(first)
            && !rest.is_empty()
        {
            out.write_str(group)?;
            if first > 0 {
                out.write_str(self.group)?;
            }
            (first, whole) = (3, rest);
        }
        out.write_str(whole)?;
        if !part.is_empty() {
            out.write_str(self.point)?;
            out.write_str(part)?;
        }
        Ok(())
    }

    /// A day.
    pub fn date(&self, out: &mut dyn Write, date: Date) -> fmt::Result {
        write!(out, "{}", date.strftime(self.date))
    }

    /// An instant, as the clocks of the zone show it: with seconds and parts of them where there are some,
    /// so that it can be read back.
    pub fn time(&self, out: &mut dyn Write, time: Time, zone: &Zone) -> fmt::Result {
        let (shown, offset) = time.shown(zone);
        write!(out, "{}", shown.strftime(self.time))?;
        let (second, nanoseconds) = (shown.second(), shown.subsec_nanosecond().unsigned_abs());
        if second > 0 || nanoseconds > 0 {
            write!(out, ":{second:02}")?;
            self.part_of_second(out, nanoseconds)?;
        }
        // Where the clocks of the zone have passed the end of the calendar, it is told by others; and where
        // they show the same twice, by which.
        let is_clear = offset == time.offset(zone) && Time::of_local(shown, zone) == Some(time);
        if is_clear { Ok(()) } else { write!(out, " (UTC{offset})") }
    }

    /// What there is behind the point of a number of seconds.
    fn part_of_second(&self, out: &mut dyn Write, nanoseconds: u32) -> fmt::Result {
        let (mut digits, mut width) = (nanoseconds, 9);
        while digits > 0 && digits.is_multiple_of(10) {
            (digits, width) = (digits / 10, width - 1);
        }
        if digits == 0 { Ok(()) } else { write!(out, "{}{digits:0width$}", self.point) }
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
    pub fn items(&self, out: &mut dyn Write, count: usize) -> fmt::Result {
        let [one, several] = self.items;
        write!(out, "{count}{}", if count == 1 { one } else { several })
    }

    /// Several texts as one; what stands for a missing value if there are none.
    pub fn list(
        &self,
        out: &mut dyn Write,
        items: impl IntoIterator<Item: fmt::Display>,
    ) -> fmt::Result {
        let mut any = false;
        for item in items {
            let comma = if any { self.comma } else { "" };
            write!(out, "{comma}{item}")?;
            any = true;
        }
        if any { Ok(()) } else { out.write_str(self.missing) }
    }

    /// An exact duration in days, hours, minutes and seconds, with parts of these.
    pub fn duration(&self, out: &mut dyn Write, duration: Duration) -> fmt::Result {
        let seconds = duration.as_secs().unsigned_abs();
        let nanoseconds = duration.subsec_nanos().unsigned_abs();
        let [day, hour, minute, second, ..] = self.units;
        let parts = [
            (seconds / 86_400, day),
            (seconds / 3_600 % 24, hour),
            (seconds / 60 % 60, minute),
            (seconds % 60, second),
        ];
        self.counted(out, duration.is_negative(), &parts, nanoseconds)
    }

    /// A calendar duration in years and months.
    pub fn period(&self, out: &mut dyn Write, period: Period) -> fmt::Result {
        let months = u64::from(period.months.unsigned_abs());
        let [.., year, month] = self.units;
        self.counted(out, period.months < 0, &[(months / 12, year), (months % 12, month)], 0)
    }

    /// The parts that are not zero; the last where all are. It alone may have a fraction, in billionths.
    fn counted(
        &self,
        out: &mut dyn Write,
        negative: bool,
        parts: &[(u64, [&'static str; 2])],
        billionths: u32,
    ) -> fmt::Result {
        let [gap, between] = self.gaps;
        let is_zero = billionths == 0 && parts.iter().all(|(count, _)| *count == 0);
        let mut before = if negative && !is_zero { "-" } else { "" };
        for (at, (count, [one, several])) in (1..).zip(parts) {
            let fraction = if at == parts.len() { billionths } else { 0 };
            if *count > 0 || fraction > 0 || is_zero && at == parts.len() {
                write!(out, "{before}{count}")?;
                self.part_of_second(out, fraction)?;
                let unit = if *count == 1 && fraction == 0 { one } else { several };
                write!(out, "{gap}{unit}")?;
                before = between;
            }
        }
        Ok(())
    }
}
