//! Versions: ordered part by part, in rules, tables, columns, scenarios and what would have changed a decision.

use crate::harness::Folder;

const POLICY: &str = r#"
record Visit { id: text  app: version  os: version? }

table support by first {
  | app: version                || until: version |
  | < "5.0.0"                   || "4.9"          |
  | "5.2.0-beta" ..< "5.2.10"   || "5.2.9"        |
  | _                           || "6"            |
}

policy visits for Visit {
  decide stale: bool by first otherwise false
  decide known: version by largest otherwise "0"
  decide listed: bool by first otherwise false
  rule early { when app < "5.2.10" then stale = true }
  rule by_table { then known = support(app) }
  rule by_os { when os is present and os >= "17.1" then known = max(os, "17.2") }
  rule among { when app in ["5.2", "11.0.0"] then listed = true }
}
"#;

const RECORDS: &str = r#"{"id":"a","app":"5.2.9"}
{"id":"b","app":"5.2.10"}
{"id":"c","app":"5.2.100","os":"17.1.0"}
{"id":"d","app":"11","os":"17.0.9"}
{"id":"e","app":"5.2.10-rc.1"}
{"id":"f","app":"5.2.0.0+build.5"}
{"id":"g","app":"latest"}
"#;

#[test]
fn versions_are_ordered_part_by_part() {
    let folder = Folder::new().with("p.policy", POLICY).with("in.jsonl", RECORDS);
    folder.run("check p.policy").exits(0);
    let ran = folder.run("eval p.policy --input in.jsonl --format csv").exits(1);
    ran.out_has("a,true,5.2.9,false")
        .out_has("b,false,6.0.0,false")
        .out_has("c,false,17.2.0,false")
        .out_has("d,false,6.0.0,true")
        .out_has("e,true,5.2.9,false")
        .out_has("f,true,5.2.9,true")
        .err_has("expected a version such as");
}

#[test]
fn columns_and_scenarios_have_versions() {
    let csv = "id,app,os\na,5.2.9,\nb,5.2.10,17.3\n";
    let scenarios = "
policy: visits
scenarios:
  - name: early
    with: { id: a, app: '5.2' }
    expect: { stale: true, known: 5.2.9.0, listed: true }
";
    let folder = Folder::new().with("p.policy", POLICY).with("in.csv", csv);
    let folder = folder.with("tests/p.yaml", scenarios).with("rulebook.yaml", "name: visits\n");
    let ran = folder.run("eval . --input in.csv --format csv").exits(0);
    ran.out_has("a,true,5.2.9,false").out_has("b,false,17.3.0,false");
    folder.run("eval . --input in.csv --output out.parquet").exits(0);
    folder.run("test .").exits(0);
}

#[test]
fn the_version_from_which_another_decision_holds_is_told() {
    let folder = Folder::new().with("p.policy", POLICY).with("in.jsonl", RECORDS);
    let ran = folder.run("explain p.policy --input in.jsonl --id a").exits(0);
    ran.out_has("5.2.10");
    let ran = folder.run("explain p.policy --input in.jsonl --id c").exits(0);
    ran.out_has("5.2.9");
}

#[test]
fn versions_in_the_place_of_others_are_told() {
    for (condition, help) in [
        ("t < \"8.0.14\"", "declare the field as a `version`"),
        ("app < \"newest\"", "is not a version such as"),
        ("app < 8.1", "does not take"),
    ] {
        let policy = format!(
            "record R {{ id: text  app: version  t: text }}
policy p for R {{
  decide d: bool by first otherwise false
  rule r {{ when {condition} then true }}
}}"
        );
        let folder = Folder::new().with("p.policy", policy);
        folder.run("check p.policy").exits(1).out_has(help);
    }
    let folder = Folder::new().with("p.policy", "record R { id: text  app: semver }");
    folder.run("check p.policy").exits(1).out_has("write `version`");
}
