//! Figures as texts for people: counts, shares, sums and how they differ. How a figure is written is a
//! matter of the locale (`locale.rs`), what stands around it one of the phrases (`phrases.rs`). Machines
//! get digits instead: those of a number, or as many as a currency has.

mod cldr;
mod locale;
mod phrase;
pub mod phrases;
mod plural;
mod speech;

pub use locale::Locale;
pub use phrase::{Filling, Phrase, is_spoken};
pub use plural::{OTHER, is_plural_form, plural_form, plural_forms};
pub use speech::Speech;

use crate::model::{Currency, Number, parse_duration, parse_period};

/// What stands where there is no figure.
pub const NONE: &str = "–";

/// Whose readers have no language of their own.
fn english() -> Speech<'static> {
    Speech::of("en")
}

/// A number of things: `99,441`.
pub fn count(count: impl TryInto<u64>) -> String {
    english().count(count.try_into().unwrap_or(u64::MAX))
}

/// A number of things with what they are: `1 policy`, `2,000 policies`.
pub fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let plural = match (count, noun.strip_suffix('y')) {
        (1, _) => noun.to_string(),
        (_, Some(stem)) => format!("{stem}ies"),
        (_, None) => format!("{noun}s"),
    };
    format!("{} {plural}", self::count(count))
}

/// The verb that tells of a number of things.
pub fn are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// What part of a whole some are: `12.5%`.
pub fn share(part: u64, whole: u64) -> String {
    english().share(part, whole)
}

/// What part of a whole was reached; of nothing, all was.
pub fn share_reached(part: usize, whole: usize) -> String {
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let (part, whole) = if whole == 0 { (1, 1) } else { (number(part), number(whole)) };
    english().text(|locale, out| locale.share_reached(out, part, whole))
}

/// What was added up; `unit` is a currency where it is money: `CNY 12,345.60`, `0.3333`.
pub fn sum(number: Number, unit: Option<&str>) -> String {
    english().sum(number, unit)
}

/// A sum that may not be there.
pub fn known(number: Option<Number>, unit: Option<&str>) -> String {
    english().known(number, unit)
}

/// A difference, with its sign: `+CNY 5.00`.
pub fn signed(number: Option<Number>, unit: Option<&str>) -> String {
    english().signed(number, unit)
}

/// A value of those that machines get, or several of them: `unit` is a currency, [`DURATION`] or
/// [`PERIOD`]. What is no such value, such as `undecided`, stays as it is.
pub fn values(codes: &str, unit: Option<&str>) -> String {
    english().values(codes, unit)
}

fn values_in(locale: &Locale, codes: &str, unit: Option<&str>) -> String {
    let Some(unit) = unit else { return codes.to_string() };
    let shown = |code| value(locale, code, unit).unwrap_or_else(|| code.to_string());
    codes.split(", ").map(shown).collect::<Vec<_>>().join(", ")
}

/// The units of lengths of time, beside the codes of currencies.
pub const DURATION: &str = "duration";
/// The unit of lengths of time in months and days.
pub const PERIOD: &str = "period";

fn value(locale: &Locale, code: &str, unit: &str) -> Option<String> {
    let mut out = String::new();
    // A text takes whatever is written.
    let _ = match unit {
        DURATION => locale.duration(&mut out, parse_duration(code)?),
        PERIOD => locale.period(&mut out, parse_period(code)?),
        currency => locale.money(&mut out, code.parse().ok()?, Currency::from_code(currency)?),
    };
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of what is filled in.
    fn blanks(text: &str) -> Vec<&str> {
        let parts = text.split('{').skip(1);
        let mut blanks: Vec<_> = parts.map(|part| part.split('}').next().unwrap_or("")).collect();
        blanks.sort_unstable();
        blanks
    }

    #[test]
    fn phrases_say_the_same_in_each_language() {
        for phrase in phrases::ALL {
            let Phrase { en, zh, de, fr, es } = phrase;
            for other in [zh, de, fr, es] {
                assert_eq!(blanks(en), blanks(other), "{en}");
                assert!(!other.is_empty());
            }
        }
    }

    #[test]
    fn who_has_a_locale_has_words() {
        let mut languages = locale::LOCALES.iter().map(|locale| locale.language);
        assert!(languages.all(is_spoken));
        assert_eq!(phrases::FIRED.in_language("zh-Hans"), "已触发");
        assert_eq!(phrases::FIRED.in_language("DE"), "greift");
        assert!(!is_spoken("pt") && phrases::FIRED.in_language("pt") == "fired");
    }

    #[test]
    fn what_is_filled_in_is_no_phrase() {
        let (what, time) = ("{time}", "now");
        let filled = phrases::DATED.fill("en", &[("what", &what), ("time", &time)]);
        assert_eq!(filled, "{time}, dated now");
    }

    #[test]
    fn shares_are_none_and_all_only_where_they_are() {
        let shares = [(0, 8), (1, 80), (1, 3000), (2999, 3000), (8, 8), (0, 0)];
        let shares = shares.map(|(part, whole)| share(part, whole));
        assert_eq!(shares, ["0.0%", "1.3%", "<0.1%", ">99.9%", "100.0%", "0.0%"]);
        let reached = [(0, 8), (1, 80), (619_699, 1_000_000), (8, 8), (0, 0)];
        let reached = reached.map(|(part, whole)| share_reached(part, whole));
        assert_eq!(reached, ["0.0%", "1.2%", "61.9%", "100.0%", "100.0%"]);
    }

    #[test]
    fn sums_have_groups_signs_and_the_digits_of_their_currency() {
        let shown = |text: &str, unit| text.parse().ok().map(|number| signed(Some(number), unit));
        let all = [
            shown("1702", Some("BRL")),
            shown("-1702.5", Some("BRL")),
            shown("12345678", Some("JPY")),
            shown("0.33333", None),
            shown("-999", None),
        ];
        let wanted = ["+BRL 1,702.00", "-BRL 1,702.50", "+JPY 12,345,678", "+0.3333", "-999"];
        assert_eq!(all.map(Option::unwrap_or_default), wanted);
        assert_eq!(signed(None, Some("BRL")), NONE);
    }

    #[test]
    fn values_are_told_by_their_unit() {
        assert_eq!(values("PT168H", Some("duration")), "7 days");
        assert_eq!(values("P14M, P1M", Some("period")), "1 year 2 months, 1 month");
        assert_eq!(values("1702.5", Some("BRL")), "BRL 1,702.50");
        assert_eq!(values("undecided", Some("duration")), "undecided");
        assert_eq!(values("PT168H", None), "PT168H");
    }

    #[test]
    fn times_and_lengths_are_told_to_the_part_of_a_second() {
        let zone = crate::model::zone("America/New_York").unwrap_or(crate::model::Zone::UTC);
        let told = |tag: &str, time: &str| {
            let (mut out, time) = (String::new(), time.parse().unwrap_or_default());
            let _ = Locale::of(tag).time(&mut out, time, &zone);
            out
        };
        // The clocks show half past one twice.
        assert_eq!(told("en", "2024-11-03T05:30:00Z"), "3 November 2024, 01:30");
        assert_eq!(told("en", "2024-11-03T06:30:00.5Z"), "3 November 2024, 01:30:00.5 (UTC-05)");
        assert_eq!(told("de", "2024-12-03T06:30:09.000001Z"), "03.12.2024, 01:30:09,000001");
        assert_eq!(told("zh", "2024-12-03T06:30:59Z"), "2024年12月3日01:30:59");
        let lengths = ["PT0.25S", "PT1S", "-PT36H0.5S", "PT0S", "P1DT0.000000001S"];
        assert_eq!(
            lengths.map(|code| values(code, Some(DURATION))),
            [
                "0.25 seconds",
                "1 second",
                "-1 day 12 hours 0.5 seconds",
                "0 seconds",
                "1 day 0.000000001 seconds"
            ]
        );
    }

    #[test]
    fn things_are_counted() {
        let counts =
            [counted(1_u64, "policy"), counted(2000_usize, "policy"), counted(0_u64, "rule")];
        assert_eq!(counts, ["1 policy", "2,000 policies", "0 rules"]);
    }
}
