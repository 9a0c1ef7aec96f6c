//! The calendars that are shipped: what can be calculated is calculated anew, by other formulas, and is the same.

use std::collections::BTreeMap;

use rulebook::Rulebook;
use rulebook_lang::model::{Date, add_days};

const YEARS: std::ops::RangeInclusive<i16> = 2024..=2027;

fn listed(name: &str) -> Vec<Date> {
    let text = std::fs::read_to_string(format!("policies/calendars/{name}.csv")).unwrap();
    assert!(text.lines().any(|line| line.starts_with("# ") && line.contains("Source: ")), "{name}");
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split(',').next().unwrap().parse().unwrap()).collect()
}

/// Easter Sunday, by the table of Gauss for 1900 to 2099.
fn easter(year: i16) -> Date {
    let (a, b, c) = (year % 19, year % 4, year % 7);
    let d = (19 * a + 24) % 30;
    let e = (2 * b + 4 * c + 6 * d + 5) % 7;
    let late = d + e - 9;
    let days = match (d, e) {
        (29, 6) => 19 + 31,
        (28, 6) if (11 * 25) % 30 < 19 => 18 + 31,
        _ => late + 31,
    };
    add_days(Date::constant(year, 3, 31), i64::from(days) - 31).unwrap()
}

/// The days of a month that fall on a weekday, 1 for Monday.
fn weekdays(year: i16, month: i8, weekday: i8) -> Vec<Date> {
    let first = Date::constant(year, month, 1);
    let days = (0..i64::from(first.days_in_month())).map(|at| add_days(first, at).unwrap());
    days.filter(|day| day.weekday().to_monday_one_offset() == weekday).collect()
}

fn sorted(days: impl IntoIterator<Item = Date>) -> Vec<Date> {
    let mut days: Vec<_> = days.into_iter().collect();
    days.sort();
    days
}

fn fixed(year: i16, days: &[(i8, i8)]) -> Vec<Date> {
    days.iter().map(|(month, day)| Date::constant(year, *month, *day)).collect()
}

fn after_easter(year: i16, days: &[i64]) -> Vec<Date> {
    days.iter().map(|by| add_days(easter(year), *by).unwrap()).collect()
}

#[test]
fn easter_is_where_it_was() {
    let known =
        [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28")];
    for (year, day) in known {
        assert_eq!(easter(year).to_string(), day);
    }
}

#[test]
fn european_holidays_follow_their_rules() {
    let target = YEARS.flat_map(|year| {
        [fixed(year, &[(1, 1), (5, 1), (12, 25), (12, 26)]), after_easter(year, &[-2, 1])].concat()
    });
    assert_eq!(listed("target"), sorted(target));
    let germany = YEARS.flat_map(|year| {
        let days = fixed(year, &[(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)]);
        [days, after_easter(year, &[-2, 1, 39, 50])].concat()
    });
    assert_eq!(listed("germany"), sorted(germany));
    let france = YEARS.flat_map(|year| {
        let days = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
        [fixed(year, &days), after_easter(year, &[1, 39, 50])].concat()
    });
    assert_eq!(listed("france"), sorted(france));
    let ireland = YEARS.flat_map(|year| {
        let mondays = |month| weekdays(year, month, 1);
        let friday = Date::constant(year, 2, 1).weekday().to_monday_one_offset() == 5;
        let brigid = if friday { Date::constant(year, 2, 1) } else { mondays(2)[0] };
        let moved =
            vec![brigid, mondays(5)[0], mondays(6)[0], mondays(8)[0], *mondays(10).last().unwrap()];
        [fixed(year, &[(1, 1), (3, 17), (12, 25), (12, 26)]), after_easter(year, &[1]), moved]
            .concat()
    });
    assert_eq!(listed("ireland"), sorted(ireland));
}

#[test]
fn american_holidays_follow_their_rules() {
    // The new year of 2028 is observed in 2027.
    let all = (2024..=2028).flat_map(|year| {
        let moving = vec![
            weekdays(year, 1, 1)[2],
            weekdays(year, 2, 1)[2],
            *weekdays(year, 5, 1).last().unwrap(),
            weekdays(year, 9, 1)[0],
            weekdays(year, 10, 1)[1],
            weekdays(year, 11, 4)[3],
        ];
        [fixed(year, &[(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)]), moving].concat()
    });
    let all: Vec<_> = all.collect();
    let observed = |on_saturday: i64| {
        let days = all.iter().map(|day| match day.weekday().to_monday_one_offset() {
            6 => add_days(*day, on_saturday).unwrap(),
            7 => add_days(*day, 1).unwrap(),
            _ => *day,
        });
        sorted(days.filter(|day| YEARS.contains(&day.year())))
    };
    assert_eq!(listed("us_federal"), observed(-1));
    let is_saturday = |day: &Date| day.weekday().to_monday_one_offset() == 6;
    let banking: Vec<_> = observed(0).into_iter().filter(|day| !is_saturday(day)).collect();
    assert_eq!(listed("us_banking"), banking);
}

#[test]
fn china_works_on_weekends_only_in_exchange() {
    let (off, worked) = (listed("china"), listed("china_working"));
    let mut years: BTreeMap<i16, (usize, usize)> = BTreeMap::new();
    for day in &off {
        let is_weekend = day.weekday().to_monday_one_offset() > 5;
        years.entry(day.year()).or_default().0 += usize::from(!is_weekend);
        assert!(!worked.contains(day), "{day}");
    }
    for day in &worked {
        assert!(day.weekday().to_monday_one_offset() > 5, "{day}");
        years.entry(day.year()).or_default().1 += 1;
    }
    // Eleven days are holidays by law, thirteen since 2025; those that fall on weekends are given on other days, so
    // that no year has less.
    for (year, (off, worked)) in &years {
        let by_law = if *year < 2025 { 11 } else { 13 };
        let spared = off - worked;
        assert!((by_law - 2..=by_law).contains(&spared), "{year}: {spared}");
    }
    assert_eq!(years.keys().copied().collect::<Vec<_>>(), [2024, 2025, 2026]);
}

#[test]
fn another_rulebook_includes_them() {
    let folder = tempfile::tempdir().unwrap();
    let calendars = std::env::current_dir().unwrap().join("policies/calendars");
    let beside = folder.path().join("calendars");
    std::fs::create_dir(&beside).unwrap();
    for entry in std::fs::read_dir(calendars).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), beside.join(entry.file_name())).unwrap();
    }
    let own = folder.path().join("own");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join("rulebook.yaml"), "name: own\ninclude: [../calendars]\n").unwrap();
    let policy = "record Claim { id: text, at: date, of: calendar }
policy claims for Claim dated by at {
  decide due: date by first otherwise at
  rule card { then at + working_days(of, 7) }
}
";
    std::fs::write(own.join("claims.policy"), policy).unwrap();
    let rulebook = match Rulebook::load(&own) {
        Ok(rulebook) => rulebook,
        Err(error) => panic!("{error}"),
    };
    let policy = rulebook.policy("claims").unwrap();
    let due = |at: &str, of: &str| {
        let record = format!(r#"{{"id": "x", "at": "{at}", "of": "{of}"}}"#);
        let decision = policy.decide_json(record.as_bytes()).unwrap();
        match decision.faults().first() {
            Some(fault) => fault.message.to_string(),
            None => serde_json::to_value(&decision).unwrap()["decisions"]["due"]
                .as_str()
                .unwrap()
                .to_string(),
        }
    };
    assert_eq!(due("2024-09-27", "china"), "2024-10-12");
    assert_eq!(due("2024-12-20", "us_banking"), "2025-01-02");
    assert_eq!(due("2026-12-28", "target"), "2027-01-07");
    assert!(
        due("2026-12-28", "china").contains("extend `china.csv`"),
        "{}",
        due("2026-12-28", "china")
    );
}
