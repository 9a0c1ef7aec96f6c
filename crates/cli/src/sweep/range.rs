//! Ranges of values, `4.5..4.9/0.1`, into the values as they would be set one by one.

use super::super::Stop;
use rulebook_base::visible::visible;
use rulebook_lang::model::Number;

/// No more points are judged side by side: each has a rulebook of its own.
pub(super) const MOST: usize = 200;

/// What is set of one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) parameter: String,
    /// Each value as text.
    pub(super) values: Vec<String>,
    /// Whether it is written as a range.
    pub(super) is_range: bool,
}

/// A number and what stands behind it: `10 CNY`, `5%`.
struct Bound<'t> {
    number: Number,
    /// The unit, with the space before it.
    unit: &'t str,
}

/// Reads every `--set`; all that is wrong is told at once.
pub(super) fn settings(texts: &[String]) -> Result<Vec<Setting>, Stop> {
    let (mut settings, mut problems) = (Vec::new(), Vec::new());
    for text in texts {
        match setting(text) {
            Ok(setting) => settings.push(setting),
            Err(problem) => problems.push(problem),
        }
    }
    match problems.is_empty() {
        true => Ok(settings),
        false => Err(Stop::Several(problems.join("\n"))),
    }
}

fn setting(text: &str) -> Result<Setting, String> {
    let wrong = |why: String| visible(&format!("`--set {text}` {why}")).into_owned();
    let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.trim().is_empty())
    else {
        return Err(wrong("must be PARAMETER=FROM..TO/STEP, or PARAMETER=VALUE".into()));
    };
    let (parameter, value) = (name.trim().to_string(), value.trim());
    // Two dots within quotation marks are part of a text.
    let Some((from, rest)) = value.split_once("..").filter(|_| !value.starts_with('"')) else {
        return Ok(Setting { parameter, values: vec![value.into()], is_range: false });
    };
    let Some((to, step)) = rest.split_once('/') else {
        return Err(wrong(format!("has no step: write {value}/STEP, such as 4.5..4.9/0.1")));
    };
    let values = values(from.trim(), to.trim(), step.trim()).map_err(wrong)?;
    Ok(Setting { parameter, values, is_range: true })
}

/// Each value of a range, exactly.
fn values(from: &str, to: &str, step: &str) -> Result<Vec<String>, String> {
    let [first, last, by] = [from, to, step].map(bound);
    let (first, last, by) = (first?, last?, by?);
    let unit = |bound: &Bound<'_>| singular(bound.unit.trim()).to_string();
    if unit(&first) != unit(&last) || unit(&last) != unit(&by) {
        let unit = [&last, &first, &by].map(|bound| bound.unit);
        let unit = unit.into_iter().find(|unit| !unit.is_empty()).unwrap_or_default();
        let [from, to, step] = [first, last, by].map(|bound| format!("{}{unit}", bound.number));
        return Err(format!(
            "has not one unit: write it behind all three numbers, as in {from}..{to}/{step}"
        ));
    }
    if by.number <= Number::ZERO {
        return Err(format!(
            "has the step {step}, which never gets from {from} to {to}: a step is more than 0"
        ));
    }
    let too_large = || "has numbers that are too large".to_string();
    let stretch = last.number.checked_sub(first.number).ok_or_else(too_large)?;
    if stretch < Number::ZERO {
        return Err(format!("is empty: write the smaller value first, {to}..{from}/{step}"));
    }
    let steps = stretch.checked_div(by.number).and_then(Number::checked_floor);
    let steps = steps.and_then(Number::to_i64).and_then(|steps| usize::try_from(steps).ok());
    let Some(steps) = steps.filter(|steps| *steps < MOST) else {
        return Err(format!("has more than {MOST} values: take a larger step"));
    };
    let at = |step: usize| {
        let steps = Number::from(i64::try_from(step).ok()?);
        first.number.checked_add(by.number.checked_mul(steps)?)
    };
    let numbers: Option<Vec<_>> = (0..=steps).map(at).collect();
    let numbers = numbers.ok_or_else(too_large)?;
    let end = numbers.last().copied().unwrap_or(first.number);
    let unit = last.unit;
    if end != last.number {
        return Err(format!(
            "does not reach {to}: its last value is {end}{unit}; write {from}..{end}{unit}/{step}, \
             or another step"
        ));
    }
    let unit_of = |number| if number == Number::ONE { singular(unit) } else { unit };
    Ok(numbers.into_iter().map(|number| format!("{number}{}", unit_of(number))).collect())
}

/// `day` for `days`; the codes of currencies are in capitals.
fn singular(unit: &str) -> &str {
    unit.strip_suffix('s').unwrap_or(unit)
}

fn bound(text: &str) -> Result<Bound<'_>, String> {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '_');
    let (digits, unit) = text.split_at(text.find(|c| !is_digit(c)).unwrap_or(text.len()));
    let number = digits.replace('_', "").parse();
    let number = number.map_err(|_| match text {
        "" => "must be FROM..TO/STEP, such as 4.5..4.9/0.1".to_string(),
        _ => format!("is a range of `{text}`, which is no number; ranges are FROM..TO/STEP"),
    })?;
    Ok(Bound { number, unit })
}

/// The values of each point: all values of the first parameter with all of the second, and so on.
pub(super) fn points(settings: &[Setting]) -> Result<Vec<Vec<String>>, Stop> {
    let ranges: Vec<_> = settings.iter().filter(|setting| setting.is_range).collect();
    if ranges.is_empty() {
        let why =
            "`sweep` needs a range: --set PARAMETER=FROM..TO/STEP; `simulate` takes one value";
        return Err(Stop::Unusable(why.into()));
    }
    for (at, setting) in settings.iter().enumerate() {
        let name = &setting.parameter;
        if settings.iter().take(at).any(|other| other.parameter == *name) {
            return Err(Stop::Unusable(format!("`{name}` is set twice")));
        }
    }
    let count = ranges.iter().try_fold(1_usize, |all, range| all.checked_mul(range.values.len()));
    if count.is_none_or(|count| count > MOST) {
        let counts: Vec<_> = ranges.iter().map(|range| range.values.len().to_string()).collect();
        return Err(Stop::Unusable(format!(
            "these ranges make {} points, and no more than {MOST} are judged side by side: \
             take larger steps",
            counts.join(" × ")
        )));
    }
    let mut points = vec![Vec::new()];
    for setting in settings {
        let with = |point: &Vec<String>, value: &String| {
            let mut point = point.clone();
            point.push(format!("{}={value}", setting.parameter));
            point
        };
        points = points
            .iter()
            .flat_map(|point| setting.values.iter().map(move |value| with(point, value)))
            .collect();
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn all(text: &str) -> Vec<String> {
        setting(text).unwrap().values
    }

    fn error(text: &str) -> String {
        setting(text).unwrap_err()
    }

    #[test]
    fn values_are_exact_and_written_as_the_range_is() {
        assert_eq!(all("score=4.5..4.9/0.1"), ["4.5", "4.6", "4.7", "4.8", "4.9"]);
        assert_eq!(all("share = -10% .. 10% / 10%"), ["-10%", "0%", "10%"]);
        assert_eq!(all("limit=1_000 CNY..3000 CNY/1000 CNY"), ["1000 CNY", "2000 CNY", "3000 CNY"]);
        assert_eq!(all("wait=1 day..3 days/1 day"), ["1 day", "2 days", "3 days"]);
        assert_eq!(all("score=4.5..4.5/1"), ["4.5"]);
        assert_eq!(all("tiny=0.1..0.3/0.1"), ["0.1", "0.2", "0.3"]);
    }

    #[test]
    fn what_is_no_range_is_one_value() {
        assert_eq!(all("name=\"a..b/c\""), ["\"a..b/c\""]);
        assert_eq!(all("start=2024-09-12"), ["2024-09-12"]);
    }

    #[test]
    fn what_is_wrong_with_a_range_is_said() {
        for (text, said) in [
            ("score", "must be PARAMETER=FROM..TO/STEP"),
            ("score=4.5..4.9", "has no step: write 4.5..4.9/STEP"),
            ("score=4.5..4.9/0", "has the step 0"),
            ("score=4.5..4.9/-0.1", "a step is more than 0"),
            ("score=4.9..4.5/0.1", "is empty: write the smaller value first, 4.5..4.9/0.1"),
            ("score=4.5..4.9/0.3", "does not reach 4.9: its last value is 4.8; write 4.5..4.8/0.3"),
            (
                "limit=50..90 CNY/10",
                "write it behind all three numbers, as in 50 CNY..90 CNY/10 CNY",
            ),
            ("score=a..b/c", "`a`, which is no number"),
            ("score=4.5../0.1", "must be FROM..TO/STEP"),
            ("score=0..1/0.000001", "has more than 200 values"),
            ("start=2024-01-01..2024-02-01/1", "`2024-01-01`, which is no number"),
        ] {
            let message = error(text);
            assert!(message.contains(said), "{text}: {message}");
        }
    }

    #[test]
    fn ranges_are_crossed_up_to_a_bound() {
        let settings = |texts: &[&str]| texts.iter().map(|text| setting(text).unwrap()).collect();
        let crossed: Vec<Setting> = settings(&["a=1..2/1", "fixed=7", "b=5..6/1"]);
        let points = points(&crossed).unwrap();
        assert_eq!(points.len(), 4);
        assert_eq!(points[1], ["a=1", "fixed=7", "b=6"]);
        let many: Vec<Setting> = settings(&["a=1..20/1", "b=1..20/1"]);
        assert!(super::points(&many).unwrap_err().to_string().contains("make 20 × 20 points"));
        let twice: Vec<Setting> = settings(&["a=1..2/1", "a=7"]);
        assert!(super::points(&twice).unwrap_err().to_string().contains("set twice"));
        let none: Vec<Setting> = settings(&["a=1"]);
        assert!(super::points(&none).unwrap_err().to_string().contains("needs a range"));
    }
}
