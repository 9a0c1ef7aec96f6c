//! `rulebook test --coverage` and `--mutate`.

use std::fs;
use std::path::PathBuf;

use crate::harness::Folder;
use crate::shop::{SCENARIOS, shop};

/// A small rulebook whose scenarios leave a little of everything to wish for.
fn lockers() -> Folder {
    Folder::new()
        .with("lockers/rulebook.yaml", include_str!("confidence/lockers/rulebook.yaml"))
        .with("lockers/lockers.policy", include_str!("confidence/lockers/lockers.policy"))
        .with("lockers/lists/far_towns.txt", include_str!("confidence/lockers/lists/far_towns.txt"))
        .with("lockers/tests/lockers.yaml", include_str!("confidence/lockers/tests/lockers.yaml"))
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Compares with a file that a policy author could read; `UPDATE_EXPECTED=1` writes it.
#[allow(clippy::disallowed_methods, reason = "only tests are told to rewrite by the environment")]
fn told_as_expected(name: &str, told: &str) {
    let file = root().join("tests/cli/confidence").join(name);
    if std::env::var("UPDATE_EXPECTED").is_ok_and(|value| value == "1") {
        fs::write(&file, told).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(expected == told, "{} should be\n{told}", file.display());
}

#[test]
fn coverage_is_told_word_for_word() {
    let ran = lockers().run("test lockers --coverage").exits(0).err_is("").plain();
    for sign in ["● ", "◐ ", "○ ", "~~~", "^^^"] {
        assert!(ran.out.contains(sign), "no {sign}");
    }
    told_as_expected("coverage.txt", &ran.out);
    let ran = lockers().run("test lockers --coverage --format json").exits(0).err_is("");
    told_as_expected("coverage.json", &ran.out);
}

#[test]
fn edits_are_told_word_for_word() {
    let ran = lockers().run("test lockers --mutate").exits(0).err_is("").plain();
    let (survivors, counts) = ran.out.split_once("\nedit  ").unwrap();
    let page = fs::read_to_string(root().join("docs/confidence.md")).unwrap();
    let (_, kinds) = page.split_once("| edit | what is changed |\n|---|---|\n").unwrap();
    let kinds: Vec<_> = kinds.lines().map_while(|row| row.split('`').nth(1)).collect();
    assert!(kinds.len() > 15, "{kinds:?}");
    for name in kinds {
        assert!(survivors.contains(&format!("  {name}\n")), "no edit of kind {name} survives");
        assert!(counts.contains(&format!("\n{name} ")), "edits of kind {name} are not counted");
    }
    told_as_expected("mutation.txt", &ran.out);
}

/// Requests are reviewed above 200 yuan; `amounts` with what is decided on each.
fn reviewed(amounts: &[(&str, &str)]) -> Folder {
    let scenarios = amounts.iter().map(|(amount, outcome)| {
        format!("  - name: {amount}\n    with: {{ amount: {amount} }}\n    expect: {{ refund: {outcome} }}\n")
    });
    Folder::new()
        .with("r/rulebook.yaml", "name: r\n")
        .with(
            "r/r.policy",
            "record Request { amount: CNY }\n\npolicy refunds for Request {\n  \
             decide refund: support < review by strictest otherwise support\n\n  \
             rule large {\n    when amount > 200 CNY\n    then review\n  }\n}\n",
        )
        .with(
            "r/tests/r.yaml",
            format!("policy: refunds\nscenarios:\n{}", scenarios.collect::<String>()),
        )
}

#[test]
fn a_boundary_that_nothing_exercises_survives_alone() {
    let ran = reviewed(&[("199.01", "support"), ("200.01", "review")]).run("test r --mutate");
    let ran = ran.exits(0).err_is("");
    let (shown, _) = ran.out.split_once("\nedit  ").unwrap();
    let expected = "rule large  r.policy\n     7 -     when amount > 200 CNY\n       \
                    +     when amount >= 200 CNY  comparison\n";
    assert_eq!(shown, expected);
    let exact = reviewed(&[("200", "support"), ("200.01", "review")]).run("test r --mutate");
    exact.exits(0).out_has(" 0 unnoticed\n");
}

#[test]
fn coverage_is_drawn_on_the_text() {
    let ran = shop().run("test shop --coverage").exits(0).err_is("").plain();
    let ran = ran.out_has("● 27 │   rule large {\n");
    let ran = ran.out_has(
        "◐ 43 │     when score is present and score >= trusted\n     \
         │                               ~~~~~~~~~~~~~~~~ only shown as true\n",
    );
    let ran = ran.out_has("○ 50 │   rule exchanges {\n     │        ^^^^^^^^^ never fired\n");
    let ran = ran.out_has("○ 76 │     when hour(at) < 6\n");
    ran.out_has("refunds      2/5  40.0%      2/4  50.0%      2/2 100.0%      2/6  33.3%\n");
}

#[test]
fn coverage_as_json_names_every_place() {
    let coverage = shop().run("test shop --coverage --format json").exits(0).err_is("").json();
    assert_eq!(coverage["scenarios"], 4);
    assert_eq!(coverage["policies"][0]["shares"]["clauses"]["covered"], 2);
    let large = &coverage["policies"][0]["rules"][0];
    assert_eq!((&large["rule"], &large["status"]), (&"large".into(), &"covered".into()));
    let condition = &large["conditions"][0];
    assert_eq!(condition["text"], "amount > limit");
    assert_eq!((&condition["file"], &condition["line"]), (&"shop.policy".into(), &32.into()));
    assert_eq!((&condition["as_true"], &condition["as_false"]), (&1.into(), &2.into()));
}

#[test]
fn too_little_coverage_fails() {
    let ran = shop().run("test shop --coverage --min-coverage 33").exits(1).plain();
    ran.err_is("failed: coverage of clauses is 28.5%, below 33%\n");
    let enough = "test shop --coverage --min-coverage rules=33,phases=50,clauses=28.5";
    shop().run(enough).exits(0).err_is("");
    let ran = shop().run("test shop --coverage --min-coverage rules=40,defaults=67").exits(1);
    let ran = ran.plain().err_has("coverage of rules is 33.3%, below 40%\n");
    ran.err_has("coverage of defaults is 66.6%, below 67%\n");
    shop().run("test shop --coverage --min-coverage lines=40").exits(2).err_has("none of rules");
    shop().run("test shop --coverage --min-coverage 101").exits(2).err_has("no percentage");
    shop().run("test shop --min-coverage 10").exits(2).err_has("--coverage");
    shop().run("test shop --coverage --format junit").exits(2).err_has("does not go with");
}

#[test]
fn coverage_goes_into_a_file() {
    let shop = shop();
    shop.run("test shop --coverage --output marks.txt").exits(0).out_is("");
    assert!(shop.read("marks.txt").contains("● 27 │   rule large {\n"));
}

#[test]
fn an_edit_that_no_scenario_notices_is_shown() {
    let ran = shop().run("test shop --mutate").exits(0).err_is("").plain();
    let ran = ran.out_has(
        "rule large  shop.policy\n    \
         31 -     from 2024-09-01\n       \
         +     from 2024-08-31  date\n       \
         +     from 2024-09-02  date\n",
    );
    let ran = ran.out_has(
        "    32 -     when amount > limit\n       \
         +     when amount >= limit  comparison\n",
    );
    let ran = ran.out_has("rule                1        2    33.3%           3           0\n");
    ran.out_has("51 edits: 12 noticed, 39 unnoticed\n");
}

#[test]
fn edits_are_the_same_on_any_number_of_threads() {
    let shop = shop();
    let one = shop.run("test shop --mutate --format json --threads 1").exits(0).err_is("");
    let many = shop.run("test shop --mutate --format json --threads 5").exits(0).err_is("");
    assert_eq!(one.out, many.out);
    let all = one.json();
    assert_eq!(all["total"]["killed"], 12);
    let mutants = all["mutants"].as_array().unwrap();
    assert_eq!(mutants.len(), 12 + 39 + 5);
    let killed: Vec<_> = mutants.iter().filter(|mutant| mutant["fate"] == "killed").collect();
    assert_eq!(killed.len(), 12);
    assert!(killed.iter().all(|mutant| mutant["killed_by"].is_string()));
}

#[test]
fn edits_of_one_policy_are_tried_alone() {
    let ran = shop().run("test shop --mutate --policy visits").exits(0).err_is("");
    ran.out_has("5 edits: 0 noticed, 5 unnoticed\n").out_lacks("refunds");
    shop().run("test shop --mutate --policy refund").exits(2).err_has("refunds");
}

#[test]
fn too_many_unnoticed_edits_fail() {
    let ran = shop().run("test shop --mutate --min-killed 23.6").exits(1).plain();
    ran.err_is("failed: scenarios notice 23.5% of the edits, below 23.6%\n");
    shop().run("test shop --mutate --min-killed 23.5").exits(0);
    shop().run("test shop --min-killed 90").exits(2).err_has("--mutate");
    shop().run("test shop --mutate --coverage").exits(2);
    shop().run("test shop --mutate --format junit").exits(2).err_has("does not go with");
}

#[test]
fn nothing_is_edited_while_scenarios_fail() {
    let wrong = SCENARIOS.replace("refund: support, payout: 0", "refund: reject, payout: 0");
    let ran = shop().with("shop/tests/refunds.yaml", wrong).run("test shop --mutate").exits(1);
    let ran = ran.out_is("").err_has("failed a small amount is supported");
    ran.err_has("edits tell nothing while scenarios fail\n");
}

#[test]
fn the_page_about_confidence_shows_what_is_told() {
    let page = fs::read_to_string(root().join("docs/confidence.md")).unwrap();
    let block = |start: &str| {
        let (_, rest) = page.split_once(&format!("```{start}\n")).unwrap();
        rest.split_once("\n```").unwrap().0.to_string() + "\n"
    };
    let folder = Folder::new()
        .with("returns/rulebook.yaml", block("yaml rulebook.yaml"))
        .with("returns/returns.policy", block("policy"))
        .with(
            "returns/tests/returns.yaml",
            "policy: returns\n".to_string() + &block("yaml\npolicy: returns"),
        );
    for command in ["rulebook test returns --coverage", "rulebook test returns --mutate"] {
        let told =
            folder.run(command.strip_prefix("rulebook ").unwrap()).exits(0).err_is("").plain();
        let shown = block(&format!("console\n$ {command}"));
        // The page leaves out what stands behind the dots.
        let shown: Vec<_> = shown.split("…\n").collect();
        assert!(told.out.starts_with(shown[0]), "{command} should be\n{told}");
        assert!(told.out.ends_with(shown[shown.len() - 1]), "{command} should end so\n{told}");
    }
}

/// A policy that reads one that reads another, all in phases, with a default and a table.
const READING: &str = "\
record Parcel { id: text  pieces: number  at: time }
table weight by first {
  | pieces: number || kilos: number |
  | <= 5           || 1             |
  | _              || 9             |
}
policy weighed for Parcel dated by at {
  decide kilos: number by first
  rule all { from 2024-01-01 then weight(pieces) }
}
policy size for Parcel dated by at {
  decide large: bool by first otherwise false
  rule heavy {
    from 2024-01-01 shadow
    from 2024-02-01
    when (weighed.kilos ?? 0) > 5
    then true
  }
}
policy route for Parcel dated by at {
  decide look: bool by first otherwise false
  rule careful { from 2024-01-01 when size.large then true }
}
policy alone for Parcel dated by at {
  decide idle: bool by first otherwise false
  rule never { from 2024-01-01 when pieces > 3 then true }
}
";

#[test]
fn what_a_policy_reads_is_exercised_with_it() {
    let scenarios = "policy: route
given: { id: o1, pieces: 9, at: 2024-03-01 }
scenarios:
  - name: many pieces
    expect: { look: true }
  - name: few pieces
    with: { pieces: 5 }
    expect: { look: false }
  - name: when size was only watched
    with: { at: 2024-01-02 }
    expect: { look: false }
";
    let folder = Folder::new().with("book/rulebook.yaml", "name: book\nlints: { unused: off }\n");
    let folder = folder.with("book/a.policy", READING).with("book/tests/a.yaml", scenarios);
    let told = folder.run("test book --coverage --format json").exits(0).json();
    for policy in told["policies"].as_array().unwrap() {
        let is_read = policy["policy"] != "alone";
        for what in ["rules", "clauses", "phases", "defaults", "rows"] {
            let share = &policy["shares"][what];
            let is_whole = share["covered"] == share["of"];
            let is_empty = share["of"] == 0;
            assert!(is_whole == is_read || is_empty, "{} {what}: {share}", policy["policy"]);
        }
    }
}

#[test]
fn no_two_edits_mean_the_same() {
    let policy = "\
record Parcel { id: text  pieces: number  town: text }
table points by first {
  | pieces: number || points: number |
  | 4, 5           || 11             |
  | _              || 9              |
}
policy p for Parcel {
  decide points_of_it: number by first
  decide near: bool by first otherwise false
  rule all { then points_of_it = points(pieces) }
  rule few { when pieces in [7, 8, 9] and town in [\"Lier\", \"Mol\"] then near = true }
}
";
    let scenarios = "policy: p
given: { id: o1, pieces: 5, town: Mol }
scenarios:
  - name: five
    expect: { points_of_it: 11 }
";
    let folder = Folder::new().with("book/rulebook.yaml", "name: book\n");
    let folder = folder.with("book/a.policy", policy).with("book/tests/a.yaml", scenarios);
    let told = folder.run("test book --mutate --format json").exits(0).json();
    let edits = told["mutants"].as_array().unwrap();
    let with = |with: &str| edits.iter().filter(|edit| edit["with"] == with).count();
    // Without 4 the cell is the same as with 5 in its place, and so is [8, 9] with 8 for 7.
    assert_eq!(edits.iter().filter(|edit| edit["fate"] == "equivalent").count(), 0, "{told:#}");
    assert!(with("8") <= 1, "{told:#}");
    let cells = edits.iter().filter(|edit| edit["kind"] == "cell" && edit["line"] == 4);
    // 3 or 6 in the place of a neighbour, one of the two dropped, and two other outputs.
    assert_eq!(cells.count(), 6, "{told:#}");
}
