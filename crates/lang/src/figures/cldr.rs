//! The locales of Unicode's CLDR, as `locales/generate.py` takes them out of it: read when the first reader
//! of such a language comes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::locale::{ISO, LOCALES, Locale};
use super::plural::Forms;

/// By tag, each as far as it differs from the one of its language alone.
const TEXT: &str = include_str!("../../locales/locales.json");

static ROWS: LazyLock<BTreeMap<String, Locale>> = LazyLock::new(|| read(TEXT));

/// What CLDR says of a language, as far as it says anything.
#[derive(Debug, Default, Deserialize)]
struct Row {
    date: Option<&'static str>,
    time: Option<&'static str>,
    months: Option<Vec<&'static str>>,
    point: Option<&'static str>,
    group: Option<&'static str>,
    groups: Option<[usize; 2]>,
    least_grouped: Option<usize>,
    code_first: Option<bool>,
    percent: Option<[&'static str; 2]>,
    comma: Option<&'static str>,
    units: Option<[Forms; 6]>,
    truth: Option<[&'static str; 2]>,
}

impl Row {
    fn over(self, tag: &'static str, base: &Locale) -> Locale {
        Locale {
            language: tag,
            name: base.name,
            date: self.date.unwrap_or(base.date),
            time: self.time.unwrap_or(base.time),
            months: self.months.map_or(base.months, |months| months.leak()),
            point: self.point.unwrap_or(base.point),
            group: self.group.unwrap_or(base.group),
            groups: self.groups.unwrap_or(base.groups),
            least_grouped: self.least_grouped.unwrap_or(base.least_grouped),
            code_first: self.code_first.unwrap_or(base.code_first),
            percent: self.percent.unwrap_or(base.percent),
            truth: self.truth.unwrap_or(base.truth),
            units: self.units.unwrap_or(base.units),
            between: base.between,
            comma: self.comma.unwrap_or(base.comma),
            missing: base.missing,
            items: base.items,
        }
    }
}

/// The locale of exactly this tag, in small letters or capitals.
pub(super) fn locale(tag: &str) -> Option<&'static Locale> {
    ROWS.get(&tag.to_ascii_lowercase())
}

/// Reads the table, which stays as long as the program. A language stands before its regions.
fn read(text: &'static str) -> BTreeMap<String, Locale> {
    let rows: BTreeMap<&'static str, Row> = serde_json::from_str(text).unwrap_or_default();
    let mut locales: BTreeMap<String, Locale> = BTreeMap::new();
    for (tag, row) in rows {
        let primary = tag.split('-').next().unwrap_or_default();
        let own = LOCALES.iter().find(|locale| locale.language == primary);
        let base = own.or_else(|| locales.get(primary)).unwrap_or(&NUMBERS_ALONE);
        let locale = row.over(tag, base);
        locales.insert(tag.to_ascii_lowercase(), locale);
    }
    locales
}

/// What CLDR has no words for: how many elements a list has is told by the number alone.
static NUMBERS_ALONE: LazyLock<Locale> =
    LazyLock::new(|| Locale { items: Forms::always("({0})"), ..ISO.clone() });

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;
    use crate::model::{Currency, Duration, Number, Period, parse_date};

    fn shown(tag: &str, write: impl FnOnce(&Locale, &mut String) -> std::fmt::Result) -> String {
        let mut out = String::new();
        write(Locale::of(tag), &mut out).unwrap();
        out.replace(['\u{a0}', '\u{202f}'], " ")
    }

    #[test]
    fn many_languages_are_there() {
        assert!(ROWS.len() > 150, "{}", ROWS.len());
        assert_eq!(Locale::of("xx").language, "");
        assert_eq!(Locale::of("pt-BR").language, "pt");
        assert_eq!(Locale::of("ES-mx").language, "es-MX");
        assert_eq!(Locale::of("zh-Hans-SG").language, "zh");
        assert_eq!(Locale::of("de-AT-x-a").language, "de-AT");
    }

    #[test]
    fn numbers_are_grouped_as_their_readers_do() {
        let amount: Number = "1234567.5".parse().unwrap();
        let [inr, eur] = ["INR", "EUR"].map(|code| Currency::from_code(code).unwrap());
        let money = |tag, currency| shown(tag, |locale, out| locale.money(out, amount, currency));
        assert_eq!(money("hi", inr), "INR 12,34,567.50");
        assert_eq!(money("fr", eur), "1 234 567,50 EUR");
        assert_eq!(money("de-CH", eur), "EUR 1'234'567.50");
        assert_eq!(money("en-IN", inr), "INR 12,34,567.50");
        let few: Number = "1234".parse().unwrap();
        let few = |tag| shown(tag, |locale, out| locale.money(out, few, eur));
        assert_eq!(few("es"), "1234,00 EUR");
        assert_eq!(few("es-MX"), "EUR 1,234.00");
        let share: Number = "0.125".parse().unwrap();
        let percent = |tag| shown(tag, |locale, out| locale.percent(out, share));
        assert_eq!([percent("fr"), percent("tr"), percent("en")], ["12,5 %", "%12,5", "12.5%"]);
    }

    #[test]
    fn days_and_lengths_of_time_stand_in_the_forms_of_the_language() {
        let day = parse_date("2024-08-01").unwrap();
        let date = |tag| shown(tag, |locale, out| locale.date(out, day));
        assert_eq!(date("fr"), "1 août 2024");
        assert_eq!(date("es"), "1 de agosto de 2024");
        assert_eq!(date("ja"), "2024年8月1日");
        assert_eq!(date("en"), "1 August 2024");
        let days = |tag, days: i64| {
            shown(tag, |locale, out| locale.duration(out, Duration::from_hours(days * 24)))
        };
        assert_eq!([1, 2, 5].map(|count| days("ru", count)), ["1 день", "2 дня", "5 дней"]);
        assert_eq!([1, 2, 3].map(|count| days("ar", count)), ["يوم", "يومان", "3 أيام"]);
        assert_eq!(days("fr", 0), "0 seconde");
        let months = |tag| shown(tag, |locale, out| locale.period(out, Period::of_months(14)));
        assert_eq!(months("fr"), "1 an 2 mois");
        assert_eq!(months("pl"), "1 rok 2 miesiące");
    }
}
