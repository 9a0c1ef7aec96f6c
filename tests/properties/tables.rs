//! What the checker tells of tables, against trying every input: the examples are true, and nothing
//! is missed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;
use rulebook::{Files, Inspection, Options, Rulebook};
use rulebook_base::diagnostic::{Code, Diagnostic};

/// The values that a column is tried with, as examples tell them: each stands for all that no cell
/// tells apart from it.
const NUMBERS: &[&str] = &["-1", "0", "0.5", "1", "1.5", "2", "3"];
const TRUTHS: &[&str] = &["false", "true"];
const LEVELS: &[&str] = &["low", "mid", "high"];
const TEXTS: &[&str] = &["\"a\"", "\"b\"", "any other text", "missing"];

/// The types of the columns `c0` to `c3`, and their values.
const COLUMNS: &[(&str, &[&str])] =
    &[("number", NUMBERS), ("bool", TRUTHS), ("Level", LEVELS), ("text?", TEXTS)];

/// Cells of each column, and for each value whether they accept it.
const CELLS: &[&[(&str, &[u8])]] = &[
    &[
        ("_", &[1, 1, 1, 1, 1, 1, 1]),
        ("< 1", &[1, 1, 1, 0, 0, 0, 0]),
        ("<= 1", &[1, 1, 1, 1, 0, 0, 0]),
        ("> 1", &[0, 0, 0, 0, 1, 1, 1]),
        (">= 0", &[0, 1, 1, 1, 1, 1, 1]),
        ("0 ..< 2", &[0, 1, 1, 1, 1, 0, 0]),
        ("1 ..= 2", &[0, 0, 0, 1, 1, 1, 0]),
        ("0, 2", &[0, 1, 0, 0, 0, 1, 0]),
        ("not 1", &[1, 1, 1, 0, 1, 1, 1]),
        ("2 ..< 1", &[0, 0, 0, 0, 0, 0, 0]),
        ("> 0 and <= 2", &[0, 0, 1, 1, 1, 1, 0]),
        (">= 0 and not 1 and < 2", &[0, 1, 1, 0, 1, 0, 0]),
    ],
    &[("_", &[1, 1]), ("true", &[0, 1]), ("not true", &[1, 0]), ("false, true", &[1, 1])],
    &[
        ("_", &[1, 1, 1]),
        ("low", &[1, 0, 0]),
        (">= mid", &[0, 1, 1]),
        ("not mid", &[1, 0, 1]),
        ("low ..< high", &[1, 1, 0]),
    ],
    &[
        ("_", &[1, 1, 1, 1]),
        ("\"a\"", &[1, 0, 0, 0]),
        ("not \"a\"", &[0, 1, 1, 0]),
        ("\"b\", \"a\"", &[1, 1, 0, 0]),
        ("is missing", &[0, 0, 0, 1]),
        ("\"a\" or missing", &[1, 0, 0, 1]),
        ("not \"a\" and not \"b\" or missing", &[0, 0, 1, 1]),
        ("is present", &[1, 1, 1, 0]),
    ],
];

/// The number of a cell in each column, and the output.
type Row = (Vec<usize>, u8);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let cells = (0..CELLS[0].len(), 0..CELLS[1].len(), 0..CELLS[2].len(), 0..CELLS[3].len());
    let row = (cells, 0_u8..2).prop_map(|((a, b, c, d), out)| (vec![a, b, c, d], out));
    prop::collection::vec(row, 0..9)
}

fn text(how: &str, used: &[usize], rows: &[Row]) -> String {
    let mut text = String::from("enum Level { low < mid < high }\n");
    let fields: Vec<_> =
        used.iter().map(|column| format!("c{column}: {}", COLUMNS[*column].0)).collect();
    let names: Vec<_> = used.iter().map(|column| format!("c{column}")).collect();
    let _ = writeln!(text, "record R {{ {} }}", fields.join(" "));
    let _ = writeln!(text, "table t by {how} {{");
    let _ = writeln!(text, "| {} || out: number |", fields.join(" | "));
    for (cells, out) in rows {
        let cells: Vec<_> = used.iter().map(|column| CELLS[*column][cells[*column]].0).collect();
        let _ = writeln!(text, "| {} || {out} |", cells.join(" | "));
    }
    let _ = writeln!(text, "}}\npolicy p for R {{ decide d: number by first");
    let _ = writeln!(text, "rule r {{ then t({}) }} }}", names.join(", "));
    text
}

/// The values of an input by their numbers.
type Input = Vec<usize>;

fn accepts(row: &Row, used: &[usize], input: &Input) -> bool {
    let mut cells = used.iter().zip(input);
    cells.all(|(column, value)| CELLS[*column][row.0[*column]].1[*value] == 1)
}

fn inputs(used: &[usize]) -> Vec<Input> {
    used.iter().fold(vec![vec![]], |inputs: Vec<Input>, column| {
        let values = 0..COLUMNS[*column].1.len();
        inputs
            .iter()
            .flat_map(|input| {
                values.clone().map(move |value| [input.as_slice(), &[value]].concat())
            })
            .collect()
    })
}

/// The input that an example tells: `c0 = 1, c3 is missing`.
fn told(example: &str, used: &[usize]) -> Input {
    let values = used.iter().map(|column| {
        let (_, values) = COLUMNS[*column];
        let name = format!("c{column}");
        let own = example.split(", ").find_map(|part| part.strip_prefix(&name)).unwrap();
        let own = own.strip_prefix(" = ").or(own.strip_prefix(" is ")).unwrap();
        match values.iter().position(|value| *value == own) {
            Some(value) => value,
            // A number that is told stands between others, or behind them.
            None => {
                let number: f64 = own.parse().unwrap();
                let near = |value: &&str| value.parse::<f64>().unwrap();
                let below = values.iter().filter(|value| near(value) < number).count();
                if below % 2 == 0 { below } else { below - 1 }
            }
        }
    });
    values.collect()
}

/// The numbers of the rows that a diagnostic points at.
fn pointed(inspection: &Inspection, diagnostic: &Diagnostic) -> Vec<usize> {
    // The first row stands on the fifth line.
    let lines = diagnostic.labels.iter().map(|label| inspection.sources.line_column(label.span).0);
    lines.map(|line| line - 5).collect()
}

/// What stands in a text between two others.
fn between<'t>(text: &'t str, before: &str, behind: &str) -> &'t str {
    let rest = text.split_once(before).unwrap().1;
    if behind.is_empty() { rest } else { rest.split_once(behind).unwrap().0 }
}

proptest! {
    #![proptest_config(super::cases(400))]

    #[test]
    fn analysis_of_tables_is_exact(
        rows in rows(),
        used in prop::sample::subsequence(vec![0_usize, 1, 2, 3], 1..=4),
        how in prop::sample::select(vec!["first", "only", "agreement", "largest"]),
    ) {
        let text = text(how, &used, &rows);
        let inspection =
            Rulebook::inspect(&Files::from_texts([("a.policy", text.as_str())]), &Options::new());
        let all = inputs(&used);
        let matching = |input: &Input| -> Vec<usize> {
            (0..rows.len()).filter(|row| accepts(&rows[*row], &used, input)).collect()
        };

        let mut dead = BTreeSet::new();
        let mut overlapping = BTreeSet::new();
        let mut gap = None;
        for diagnostic in &inspection.diagnostics {
            let message = &diagnostic.message;
            match diagnostic.code {
                Code::TableGap => gap = Some(told(between(message, "no row for ", ""), &used)),
                Code::TableDeadRow => {
                    let pointed = pointed(&inspection, diagnostic);
                    dead.insert(pointed[0]);
                    if let [row, taker] = pointed[..] {
                        let label = &diagnostic.labels[1].text;
                        let input = told(between(label, "takes ", ""), &used);
                        let matching = matching(&input);
                        prop_assert!(matching.contains(&row), "{label}\n{text}");
                        prop_assert_eq!(matching[0], taker, "{}\n{}", label, text);
                    }
                }
                Code::TableOverlap => {
                    let behind = if how == "only" { ", where" } else { " and do" };
                    let input = told(between(message, "match ", behind), &used);
                    let matching = matching(&input);
                    let pointed = pointed(&inspection, diagnostic);
                    prop_assert!(pointed.iter().all(|row| matching.contains(row)), "{message}\n{text}");
                    overlapping.insert(pointed[0]);
                }
                Code::MissingSettings | Code::Unused => {}
                code => prop_assert!(false, "{}: {message}\n{text}", code.name()),
            }
        }

        let true_gap = all.iter().find(|input| matching(input).is_empty());
        prop_assert_eq!(gap.is_some(), true_gap.is_some(), "gap: {:?} {:?}\n{}", gap, true_gap, text);
        if let Some(gap) = gap {
            prop_assert!(matching(&gap).is_empty(), "{gap:?}\n{text}");
        }
        let is_dead = |row: &usize| {
            !all.iter().any(|input| match how {
                "first" => matching(input).first() == Some(row),
                _ => matching(input).contains(row),
            })
        };
        let truly_dead: BTreeSet<_> = (0..rows.len()).filter(is_dead).collect();
        prop_assert_eq!(dead, truly_dead, "dead rows\n{}", text);
        let overlaps = |row: &usize| {
            all.iter().map(matching).any(|matching| {
                matching.contains(row)
                    && matching.iter().any(|other| {
                        other < row && (how == "only" || rows[*other].1 != rows[*row].1)
                    })
            })
        };
        let truly: BTreeSet<_> = match how {
            "only" | "agreement" => (0..rows.len()).filter(overlaps).collect(),
            _ => BTreeSet::new(),
        };
        prop_assert_eq!(overlapping, truly, "overlaps\n{}", text);
    }
}
