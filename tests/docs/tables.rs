//! Tables of pages that repeat what the code knows.

use std::fs;

use rulebook::statement::field::{FIELDS, Kind, Need};
use rulebook_base::diagnostic::{Code, Severity};
use rulebook_core::eval::Conflict;
use rulebook_core::facts::InputCode;
use rulebook_lang::combiner::COMBINERS;
use rulebook_lang::fault::FaultCode;
use rulebook_lang::hash::{bucket, murmur3};
use rulebook_lang::model::Type;
use rulebook_tools::scenario;

use super::{chapters, code, root, row, wants_update};

fn language_page() -> String {
    let chapters = chapters().into_iter();
    chapters.map(|path| fs::read_to_string(path).unwrap()).collect::<Vec<_>>().join("\n")
}

/// The rows below a table's head, each as its cells without backticks.
fn rows_below<'t>(page: &'t str, head: &str) -> Vec<Vec<&'t str>> {
    let below = page.lines().skip_while(|line| *line != head).skip(2);
    let rows: Vec<_> = below
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|').split(" | ").map(|c| c.trim_matches([' ', '`'])).collect()
        })
        .collect();
    assert!(!rows.is_empty(), "docs/language has no table `{head}`");
    rows
}

#[test]
fn the_language_page_tells_every_combiner_with_its_hit_policy() {
    let page = language_page();
    let told = rows_below(&page, "| combiner | DMN | what holds | outcomes |");
    let told: Vec<_> = told.iter().map(|cells| (cells[0], cells[1])).collect();
    let known: Vec<_> = COMBINERS.iter().map(|row| (row.name, row.dmn)).collect();
    assert_eq!(told, known);
}

#[test]
fn the_language_page_tells_every_lint() {
    let page = language_page();
    let mut told: Vec<_> =
        rows_below(&page, "| lint | warns when |").iter().map(|cells| cells[0]).collect();
    let lints = Code::ALL.iter().filter(|code| code.default_severity() == Severity::Warning);
    let mut known: Vec<_> = lints.map(|code| code.name()).collect();
    told.sort_unstable();
    known.sort_unstable();
    assert_eq!(told, known);
}

/// The codes in the first cells of the rows below a table's head, sorted.
fn codes_below(page: &str, head: &str) -> Vec<String> {
    let rows = rows_below(page, head);
    let codes = rows.iter().flat_map(|cells| cells[0].split(", "));
    let mut codes: Vec<_> = codes.map(|code| code.trim_matches('`').to_string()).collect();
    codes.sort_unstable();
    codes
}

fn sorted(codes: impl Iterator<Item = &'static str>) -> Vec<String> {
    let mut codes: Vec<_> = codes.map(String::from).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn the_language_page_tells_every_error_of_the_input() {
    let told = codes_below(&language_page(), "| code | what is wrong |");
    assert_eq!(told, sorted(InputCode::ALL.iter().map(|code| code.code())));
}

#[test]
fn the_language_page_tells_every_fault() {
    let page = language_page();
    let told = codes_below(&page, "| fault of a rule | what happened |");
    assert_eq!(told, sorted(FaultCode::ALL.iter().map(|code| code.code())));
    let told = codes_below(&page, "| fault of a decision | what happened |");
    assert_eq!(told, sorted(Conflict::ALL.iter().map(|code| code.code())));
}

#[test]
fn the_language_page_tells_every_type() {
    let page = language_page();
    let told = rows_below(&page, "| type | in a policy | in the input |");
    let told: Vec<_> = told.iter().map(|cells| cells[0]).collect();
    for name in Type::NAMED.iter().map(Type::name) {
        assert!(told.contains(&name), "no row for `{name}` among {told:?}");
    }
}

#[test]
fn the_cohorts_of_the_language_page_are_drawn_so() {
    let page = language_page();
    for cells in rows_below(&page, "| salt | key | hash | bucket |") {
        let [salt, key, hash, place] = cells[..] else { panic!("{cells:?}") };
        let got = (murmur3(salt, key).to_string(), bucket(salt, key).to_string());
        assert_eq!(got, (hash.to_string(), place.to_string()), "{salt}{key}");
    }
}

// ---- the fields of a statement of reasons -----------------------------------------------------

const FIELDS_HEAD: &str = "| field | takes | needed | says |\n| --- | --- | --- | --- |\n";

#[test]
fn the_page_on_statements_tells_every_field() {
    let path = root().join("docs/statements.md");
    let page = fs::read_to_string(&path).unwrap();
    let (above, _) = page.split_once(FIELDS_HEAD).expect("the page has the table");
    let mut wanted = format!("{above}{FIELDS_HEAD}");
    for field in FIELDS {
        let takes = match field.kind {
            Kind::Text(limit) => format!("a text of at most {limit} characters"),
            Kind::Choice(names) => {
                names.iter().map(|name| code(name)).collect::<Vec<_>>().join(" or ")
            }
            Kind::Choices(names) => {
                let names: Vec<_> = names.iter().map(|name| code(name)).collect();
                format!("some of {}", names.join(", "))
            }
            Kind::Date => "a day".into(),
            Kind::Unique => "a name that no other statement has".into(),
        };
        let needed = match field.need {
            Need::Always => "always".into(),
            Need::Restriction => "at least one of the four".into(),
            Need::Ground(ground) => format!("where `decision_ground` is {}", code(ground)),
        };
        row(&mut wanted, [&code(field.name), &takes, &needed, field.doc]);
    }
    if wants_update() {
        fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), wanted);
}

// ---- the page about confidence --------------------------------------------------------------

#[test]
fn the_page_about_confidence_tells_every_kind_of_edit() {
    let page = fs::read_to_string(root().join("docs/confidence.md")).unwrap();
    let rows = scenario::mutation::MutantKind::ALL;
    let rows = rows.iter().map(|kind| format!("| `{}` | {} |\n", kind.name(), kind.doc()));
    let table = format!("| edit | what is changed |\n|---|---|\n{}\n", rows.collect::<String>());
    assert!(page.contains(&table), "docs/confidence.md should have\n{table}");
}
