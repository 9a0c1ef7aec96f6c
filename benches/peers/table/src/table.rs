//! Measurements to one Markdown table, with Rulebook's targets beside what was measured.

use std::collections::BTreeMap;

use workload::Measure;

use crate::engines::{ENGINES, version};

/// The tasks in the order of the table, each with its title and what it is measured in.
const TASKS: &[(&str, &str, Unit)] = &[
    ("memory", "A, in memory", Unit::Time),
    ("json", "A, from JSON", Unit::Time),
    ("struct", "A, from a struct", Unit::Time),
    ("dispatch", "B, one equality and two ranges", Unit::Time),
    ("ranges", "B', two ranges", Unit::Time),
    ("load", "load", Unit::Time),
    ("retained", "load, memory kept", Unit::Bytes),
    ("lines", "a JSON line", Unit::Time),
    ("peak", "JSON lines, peak memory", Unit::Bytes),
    ("start", "start-up", Unit::Time),
];

#[derive(Clone, Copy)]
enum Unit {
    Time,
    Bytes,
}

/// What tells one row from another: task, rules, engine and form.
type Key = (usize, usize, String, String);

/// All measurements.
#[derive(Default)]
pub struct Table {
    rows: BTreeMap<Key, Vec<Measure>>,
}

/// The medians of a row.
struct Row {
    value: f64,
    hand: f64,
    ratio: f64,
}

impl Table {
    /// Takes the measurements of an engine.
    pub fn extend(&mut self, engine: &str, measures: impl IntoIterator<Item = Measure>) {
        for measure in measures {
            let task = TASKS.iter().position(|(name, ..)| *name == measure.task);
            let task = task.expect("engines tell known tasks");
            let key = (task, measure.rules, engine.to_string(), measure.form.clone());
            self.rows.entry(key).or_default().push(measure);
        }
    }

    /// Prints it; within a task and a number of rules, the fastest comes first.
    pub fn print(&self) {
        println!("| what | rules | engine | form | measured | by hand | ratio | target | met |");
        println!("|---|---|---|---|---|---|---|---|---|");
        let mut rows: Vec<_> =
            self.rows.iter().map(|(key, measures)| (key, medians(measures))).collect();
        rows.sort_by(|((task, rules, ..), row), ((other, more, ..), slower)| {
            (task, rules).cmp(&(other, more)).then(row.ratio.total_cmp(&slower.ratio))
        });
        for ((task, rules, engine, form), row) in rows {
            let (name, title, unit) = TASKS[*task];
            let target = (engine == "rulebook").then(|| self.target(name, *rules, form, &row));
            let (target, met) = target.flatten().map_or((String::new(), ""), |(target, met)| {
                (target, if met { "yes" } else { "**no**" })
            });
            let rules = if *rules == 0 { String::new() } else { grouped(*rules as f64) };
            let hand = if row.hand == 0.0 { String::new() } else { shown(unit, row.hand) };
            let ratio = if row.hand == 0.0 { String::new() } else { proportion(row.ratio) };
            let (engine, value) = (title(engine), shown(unit, row.value));
            println!(
                "| {title} | {rules} | {engine} | {form} | {value} | {hand} | {ratio} | {target} | {met} |"
            );
        }
    }

    /// Rulebook's target for a row, and whether it is met.
    fn target(&self, task: &str, rules: usize, form: &str, row: &Row) -> Option<(String, bool)> {
        let at_most = |most: f64| (format!("ratio at most {most}"), row.ratio <= most);
        // What it cost with so many rules.
        let engine_value = |rules: usize| {
            let at = TASKS.iter().position(|(name, ..)| *name == task)?;
            let key = (at, rules, "rulebook".to_string(), form.to_string());
            Some(medians(self.rows.get(&key)?).value)
        };
        let limit = |text: &str, most: f64| (format!("at most {text}"), row.value <= most);
        let both = |one: (String, bool), other: (String, bool)| {
            (format!("{}; {}", one.0, other.0), one.1 && other.1)
        };
        Some(match (task, rules) {
            ("memory", _) => at_most(2.0),
            ("json", _) => at_most(1.2),
            ("struct", _) => at_most(6.0),
            ("dispatch", 10_000) => {
                both(at_most(3.0), limit("twice that of 10 rules", engine_value(10)? * 2.0))
            }
            ("ranges", _) if form.contains("without the index") => return None,
            ("ranges", 1_000 | 10_000 | 100_000) => {
                // The root of N, and the matches, which are 1% of N.
                let work = |rules: usize| (rules as f64).sqrt() + rules as f64 / 100.0;
                let growth = work(rules) / work(100);
                let text = format!("{growth:.1} times that of 100 rules");
                let grows = limit(&text, engine_value(100)? * growth);
                if rules == 10_000 { both(at_most(0.05), grows) } else { grows }
            }
            ("load", 10_000) => limit("60 ms", 60e6),
            ("load", 100_000) => both(
                limit("1 s", 1e9),
                limit("12 times that of 10,000", engine_value(10_000)? * 12.0),
            ),
            ("retained", 10_000) => limit("12 MB", 12e6),
            ("lines", _) if form.contains("clock") => at_most(1.67),
            ("start", _) => limit("20 ms", 20e6),
            _ => return None,
        })
    }
}

fn medians(measures: &[Measure]) -> Row {
    let median = |value: &dyn Fn(&Measure) -> f64| {
        let mut values: Vec<_> = measures.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Row {
        value: median(&|measure| measure.value),
        hand: median(&|measure| measure.hand),
        ratio: median(&|measure| measure.value / measure.hand),
    }
}

/// The engine with the version of its crate.
fn title(name: &str) -> String {
    let engine = ENGINES.iter().find(|engine| engine.name == name);
    match engine.map(|engine| engine.crate_name) {
        Some("serde_json") | None => name.to_string(),
        Some(crate_name) => format!("{crate_name} {}", version(crate_name)),
    }
}

fn shown(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Bytes => format!("{:.1} MB", value / 1e6),
        Unit::Time if value >= 1e6 => format!("{:.1} ms", value / 1e6),
        Unit::Time => format!("{} ns", grouped(value.round())),
    }
}

/// Two digits that tell something, at least.
fn proportion(ratio: f64) -> String {
    match ratio {
        ..1.0 => format!("{ratio:.3}"),
        ..100.0 => format!("{ratio:.2}"),
        _ => grouped(ratio.round()),
    }
}

/// A whole number with its thousands apart.
fn grouped(number: f64) -> String {
    let digits = format!("{number}");
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}
