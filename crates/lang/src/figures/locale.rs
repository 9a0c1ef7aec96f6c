//! How values print for a reader of a language: THE table of locales.
//!
//! The languages that screens speak have their rows here; those of all others come from Unicode's CLDR
//! (`cldr.rs`), as far as it covers them. A language without a row prints ISO forms.

use std::fmt::{self, Write};

use super::cldr;
use super::plural::Forms;
use crate::model::{Currency, Date, Duration, Number, Period, Time, Zone};

/// Whether a tag such as `zh-Hans` is of a language, in small letters or capitals.
pub(super) fn is_of(tag: &str, language: &str) -> bool {
    tag.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(language))
}

/// The sign of a number, and its digits.
fn signed(number: &str) -> (&str, &str) {
    number.strip_prefix('-').map_or(("", number), |digits| ("-", digits))
}

/// How one language prints values.
#[derive(Debug, Clone)]
pub struct Locale {
    /// The tag of the language, without a region where none changes anything.
    pub language: &'static str,
    /// What the language calls itself, where screens speak it.
    pub name: &'static str,
    /// `jiff` format of a day; `{month}` stands for the name of the month.
    pub(super) date: &'static str,
    /// `jiff` format of an instant, in the rulebook's zone.
    pub(super) time: &'static str,
    /// The names of the months, where days are told by them.
    pub(super) months: &'static [&'static str],
    /// Stands between whole number and decimals.
    pub(super) point: &'static str,
    /// Stands between groups of digits.
    pub(super) group: &'static str,
    /// How many digits the last group has, and those before it.
    pub(super) groups: [usize; 2],
    /// A number of so many digits is grouped, and longer ones.
    pub(super) least_grouped: usize,
    /// Whether the code of a currency stands before the amount.
    pub(super) code_first: bool,
    /// Stands before and behind a share of a hundred.
    pub(super) percent: [&'static str; 2],
    /// `true` and `false`.
    pub(super) truth: [&'static str; 2],
    /// day, hour, minute, second, year, month.
    pub(super) units: [Forms; 6],
    /// Stands between two units.
    pub(super) between: &'static str,
    /// Stands between the items of a list.
    pub(super) comma: &'static str,
    /// What stands for a missing value.
    pub(super) missing: &'static str,
    /// How many elements a list has.
    pub(super) items: Forms,
}

pub(super) static ISO: Locale = Locale {
    language: "",
    name: "",
    date: "%Y-%m-%d",
    time: "%Y-%m-%d %H:%M",
    months: &[],
    point: ".",
    group: "",
    groups: [3, 3],
    least_grouped: 4,
    code_first: true,
    percent: ["", "%"],
    truth: ["true", "false"],
    units: [
        Forms::of("{0} day", "{0} days"),
        Forms::of("{0} hour", "{0} hours"),
        Forms::of("{0} minute", "{0} minutes"),
        Forms::of("{0} second", "{0} seconds"),
        Forms::of("{0} year", "{0} years"),
        Forms::of("{0} month", "{0} months"),
    ],
    between: " ",
    comma: ", ",
    missing: "-",
    items: Forms::of("{0} item", "{0} items"),
};

const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) static LOCALES: &[Locale] = &[
    Locale {
        language: "en",
        name: "English",
        date: "%-d {month} %Y",
        time: "%-d {month} %Y, %H:%M",
        months: MONTHS,
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
            Forms::always("{0}天"),
            Forms::always("{0}小时"),
            Forms::always("{0}分钟"),
            Forms::always("{0}秒"),
            Forms::always("{0}年"),
            Forms::always("{0}个月"),
        ],
        between: "",
        comma: "、",
        missing: "无",
        items: Forms::always("{0}项"),
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
            Forms::of("{0} Tag", "{0} Tage"),
            Forms::of("{0} Stunde", "{0} Stunden"),
            Forms::of("{0} Minute", "{0} Minuten"),
            Forms::of("{0} Sekunde", "{0} Sekunden"),
            Forms::of("{0} Jahr", "{0} Jahre"),
            Forms::of("{0} Monat", "{0} Monate"),
        ],
        percent: ["", "\u{a0}%"],
        missing: "nichts",
        items: Forms::of("{0} Eintrag", "{0} Einträge"),
        ..ISO
    },
];

impl Locale {
    /// The locale of a language tag such as `zh` or `zh-Hans`; ISO forms where none is known.
    pub fn of(tag: &str) -> &'static Self {
        if let Some(locale) = LOCALES.iter().find(|locale| locale.language == tag) {
            return locale;
        }
        let mut wanted = tag;
        loop {
            if let Some(locale) = cldr::locale(wanted) {
                return locale;
            }
            // A region or a script that changes nothing stands in no row.
            match wanted.rsplit_once('-') {
                Some((shorter, _)) => wanted = shorter,
                None => break,
            }
        }
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
                let [before, behind] = self.percent;
                out.write_str(before)?;
                self.number(out, hundredfold)?;
                out.write_str(behind)
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
        let (bound, tenths) = match tenths.unwrap_or(0) {
            0 if part > 0 => ("<", 1),
            1000 if part < whole => (">", 999),
            tenths => ("", tenths),
        };
        let [before, behind] = self.percent;
        write!(out, "{bound}{before}{}{}{}{behind}", tenths / 10, self.point, tenths % 10)
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
        let [last, others] = self.groups;
        let is_grouped = !self.group.is_empty() && whole.len() >= self.least_grouped;
        // What stands before the last group, and then how much of that is no whole group.
        let before = if is_grouped { whole.len().saturating_sub(last) } else { 0 };
        let mut first = before.checked_rem(others).unwrap_or(0);
        let mut left = before;
        while left > 0 {
            let size = if first > 0 { first } else { others };
            let (group, rest) = whole.split_at_checked(size).unwrap_or((whole, ""));
            write!(out, "{group}{}", self.group)?;
            (first, left, whole) = (0, left.saturating_sub(size), rest);
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
        self.told_day(out, self.date, |format| date.strftime(format).to_string(), date)
    }

    /// An instant, as the clocks of the zone show it: with seconds and parts of them where there are some,
    /// so that it can be read back.
    pub fn time(&self, out: &mut dyn Write, time: Time, zone: &Zone) -> fmt::Result {
        let (shown, offset) = time.shown(zone);
        self.told_day(out, self.time, |format| shown.strftime(format).to_string(), shown.date())?;
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

    /// A format with what stands at its places, and the name of the month.
    fn told_day(
        &self,
        out: &mut dyn Write,
        format: &str,
        fill: impl Fn(&str) -> String,
        date: Date,
    ) -> fmt::Result {
        let Some((before, behind)) = format.split_once("{month}") else {
            return out.write_str(&fill(format));
        };
        let at = usize::try_from(date.month() - 1).unwrap_or_default();
        let month = self.months.get(at).copied().unwrap_or_default();
        write!(out, "{}{month}{}", fill(before), fill(behind))
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
        self.items.fill(out, self.language, count as u64, &count)
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
        let [day, hour, minute, second, ..] = &self.units;
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
        let [.., year, month] = &self.units;
        self.counted(out, period.months < 0, &[(months / 12, year), (months % 12, month)], 0)
    }

    /// The parts that are not zero; the last where all are. It alone may have a fraction, in billionths.
    fn counted(
        &self,
        out: &mut dyn Write,
        negative: bool,
        parts: &[(u64, &Forms)],
        billionths: u32,
    ) -> fmt::Result {
        let is_zero = billionths == 0 && parts.iter().all(|(count, _)| *count == 0);
        let mut before = if negative && !is_zero { "-" } else { "" };
        for (at, (count, unit)) in (1..).zip(parts) {
            let fraction = if at == parts.len() { billionths } else { 0 };
            if *count > 0 || fraction > 0 || is_zero && at == parts.len() {
                out.write_str(before)?;
                let mut digits = count.to_string();
                self.part_of_second(&mut digits, fraction)?;
                match fraction {
                    0 => unit.fill(out, self.language, *count, &digits)?,
                    _ => unit.fill_part(out, &digits)?,
                }
                before = self.between;
            }
        }
        Ok(())
    }
}
