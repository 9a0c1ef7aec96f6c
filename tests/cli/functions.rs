//! Functions that make values of others: texts that look alike, roundings, queries of addresses, scripts.

use crate::harness::Folder;

#[test]
fn texts_that_look_alike_are_folded_into_one() {
    let policy = "
list towns: text = [\"K\u{f8}benhavn\", \"Gro\u{df}enhain\"]
record Parcel { id: text  town: text }
policy parcels for Parcel {
  decide served: bool by first otherwise false
  rule listed { when any(t in towns: fold(t) == fold(town)) then true }
}
";
    let records = "{\"id\":\"a\",\"town\":\"K\u{f8}benhavn\"}
{\"id\":\"b\",\"town\":\"GROSSENHAIN\"}
{\"id\":\"c\",\"town\":\"\u{ff27}\u{ff52}\u{ff4f}\u{df}enhain\"}
{\"id\":\"d\",\"town\":\"Gro\u{df}enhai\u{301}n\"}
";
    let folder = Folder::new().with("p.policy", policy).with("in.jsonl", records);
    let ran = folder.run("eval p.policy --input in.jsonl --format csv").exits(0);
    ran.out_has("a,true").out_has("b,true").out_has("c,true").out_has("d,false");
    let slip = policy.replace("fold(t) == fold(town)", "fold(town) == \"K\u{f8}BENHAVN\"");
    let folder = Folder::new().with("p.policy", slip);
    folder.run("check p.policy").exits(0).out_has("write `\"k\u{f8}benhavn\"`");
}

#[test]
fn halves_go_where_the_rule_says() {
    let policy = "
record Bill { id: text  total: EUR }
policy bills for Bill {
  decide even: EUR by largest otherwise 0 EUR
  decide half_up: EUR by largest otherwise 0 EUR
  decide down: EUR by largest otherwise 0 EUR
  decide up: EUR by largest otherwise 0 EUR
  decide coins: EUR by largest otherwise 0 EUR
  rule half {
    then even = round(total * 50%), half_up = round_half_up(total * 50%), down = floor(total * 50%),
      up = ceil(total * 50%), coins = round_half_up_to(total * 50%, 0.05 EUR)
  }
}
";
    let records = "{\"id\":\"a\",\"total\":\"7.25\"}\n{\"id\":\"b\",\"total\":\"0.05\"}\n";
    let folder = Folder::new().with("p.policy", policy).with("in.jsonl", records);
    let ran = folder.run("eval p.policy --input in.jsonl --format csv").exits(0);
    ran.out_has("a,3.62,3.63,3.62,3.63,3.65").out_has("b,0.02,0.03,0.02,0.03,0.05");
}

#[test]
fn the_query_of_an_address_is_asked_for_by_name() {
    let rule = |condition: &str| {
        format!(
            "record Item {{ id: text  link: url }}
policy items for Item {{
  decide plain: bool by first otherwise true
  rule has_more {{ when {condition} then false }}
}}"
        )
    };
    let records = "{\"id\":\"a\",\"link\":\"https://shop.example/x\"}
{\"id\":\"b\",\"link\":\"https://shop.example/x?by=mail\"}
{\"id\":\"c\",\"link\":\"https://shop.example/x#top\"}
";
    let folder = Folder::new().with("in.jsonl", records);
    let folder = folder.with("p.policy", rule("query(link) is present"));
    let ran = folder.run("eval p.policy --input in.jsonl --format csv").exits(0);
    ran.out_has("a,true").out_has("b,false").out_has("c,true");
    let folder = Folder::new().with("p.policy", rule("contains(path(link), \"?\")"));
    folder
        .run("check p.policy")
        .exits(0)
        .out_has("never stands in `path(link)`")
        .out_has("`query`");
}

#[test]
fn scripts_part_texts_and_read_numbers() {
    let policy = "
record Call { id: text  release: text }
fn before(a: text, b: text) -> bool from \"scripts/releases.rhai\"
policy calls for Call {
  decide stale: bool by first otherwise false
  rule early { when before(release, \"5.2.10\") then true }
}
";
    let script = "fn before(a, b) {
  let left = a.split(\".\");
  let right = b.split(\".\");
  for at in 0..3 {
    let x = parse_int(left[at]);
    let y = parse_int(right[at]);
    if x != y { return x < y; }
  }
  false
}
";
    let records = "{\"id\":\"a\",\"release\":\"5.2.9\"}\n{\"id\":\"b\",\"release\":\"5.2.10\"}
{\"id\":\"c\",\"release\":\"11.0.0\"}\n";
    let folder = Folder::new().with("p.policy", policy).with("scripts/releases.rhai", script);
    let folder = folder.with("rulebook.yaml", "name: calls\n").with("in.jsonl", records);
    let ran = folder.run("eval . --input in.jsonl --format csv").exits(0);
    ran.out_has("a,true").out_has("b,false").out_has("c,false");
}

#[test]
fn what_other_languages_write_ends_in_the_right_form() {
    for (condition, help) in [
        ("n % 2 == 1", "write `mod(n, 2)`"),
        ("n ** 2 > 4", "write `power(n, 2)`"),
        ("pow(n, 2) > 4", "write `power(n, 2)`"),
        ("substring(t, 1, 2) == \"a\"", "write `slice(t, 1, …)`"),
        ("right(t, 2) == \"a\"", "write `slice(t, -2)`"),
        ("casefold(t) == \"a\"", "fold(t)"),
        ("toUpper(t) == \"A\"", "write `upper(t)`"),
        ("date(t, \"DD/MM\") is present", "is no form of a day"),
        ("semver(t) < semver(t)", "as a `version`"),
    ] {
        let policy = format!(
            "record R {{ id: text  n: number  t: text }}
policy p for R {{
  decide d: bool by first otherwise false
  rule r {{ when {condition} then true }}
}}"
        );
        let folder = Folder::new().with("p.policy", policy);
        folder.run("check p.policy").exits(1).out_has(help);
    }
}

#[test]
fn a_function_of_the_rulebook_wins_over_a_later_one() {
    let policy = "
record R { id: text  n: number }
fn power(n: number, by: number) -> number = n + by
policy p for R {
  decide d: number by first otherwise 0
  rule r { then power(n, 3) }
}
";
    let folder =
        Folder::new().with("p.policy", policy).with("in.jsonl", "{\"id\":\"a\",\"n\":2}\n");
    folder.run("eval p.policy --input in.jsonl --format csv").exits(0).out_has("a,5");
}

#[test]
fn a_marked_text_is_filled_where_it_is_a_value() {
    let policy = "
enum Speed { same_day as \"Same Day\", slow }
record Parcel { id: text  speed: Speed  paid: EUR  on: date  fragile: bool  note: text? }
policy parcels for Parcel {
  decide label: text by first otherwise \"none\"
  rule fragile_ones { when fragile then $\"{id}: {speed}, {paid}, {on}, {fragile} {{x}} {paid / 3}\" }
  rule others { then \"{{id}}\" }
}
";
    let records = "{\"id\":\"a\",\"speed\":\"Same Day\",\"paid\":\"4.50\",\"on\":\"2024-05-01\",\"fragile\":true}\n";
    let folder = Folder::new().with("p.policy", policy).with("in.jsonl", records);
    let ran = folder.run("eval p.policy --input in.jsonl").exits(0);
    ran.out_has("a: Same Day, 4.5, 2024-05-01, true {x} 1.5");
    folder.run("fmt p.policy").exits(0);
    folder.run("fmt --check p.policy").exits(0);
    folder.run("explain p.policy --input in.jsonl --id a").exits(0).out_has("4.5, 2024-05-01");
    let slip = |text: &str, code: i32, help: &str| {
        let folder = Folder::new().with("p.policy", policy.replace("$\"{id}: {speed}", text));
        folder.run("check p.policy").exits(code).out_has(help);
    };
    slip("$\"{note}: {speed}", 1, "`note` may be missing here");
    slip("f\"{id}: {speed}", 1, "write `$\"…\"`");
    slip("\"{id}: {speed}", 0, "mark the text");
}

#[test]
fn what_would_fault_may_be_answered_and_raised() {
    let policy = "
record Order { id: text  parts: number  whole: number }
policy orders for Order {
  decide share: number by first otherwise 0
  decide checked: number by first otherwise 0
  rule part { then share = try(parts / whole) ?? -1 }
  rule strict { then checked = if whole > 0 then parts / whole else raise($\"no whole for {id}\") }
}
";
    let records =
        "{\"id\":\"a\",\"parts\":1,\"whole\":4}\n{\"id\":\"b\",\"parts\":1,\"whole\":0}\n";
    let folder = Folder::new().with("p.policy", policy).with("in.jsonl", records);
    folder.run("check p.policy").exits(0);
    let ran = folder.run("eval p.policy --input in.jsonl").exits(1);
    ran.out_has("0.25").out_has("-1").out_has("no whole for b").out_has("raised");
    let folder = Folder::new()
        .with("p.policy", policy.replace("try(parts / whole) ?? -1", "raise(\"no\") + 1"));
    folder
        .run("check p.policy")
        .exits(1)
        .out_has("nothing tells what kind of value this stands for");
}

#[test]
fn a_rule_may_set_all_others_aside_but_some() {
    let policy = "
record Order { id: text  n: number }
policy orders for Order {
  decide hits: number by all
  rule one { then 1 }
  rule two { then 2 }
  rule three { then 3 }
  rule all { when n > 5 overrides all but one, orders.three then 4 }
}
";
    let records = "{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"n\":9}\n";
    let folder = Folder::new().with("p.policy", policy).with("in.jsonl", records);
    let ran = folder.run("eval p.policy --input in.jsonl --format csv").exits(0);
    ran.out_has("1; 2; 3").out_has("1; 3; 4");
    folder.run("fmt p.policy").exits(0);
    folder.run("fmt --check p.policy").exits(0);
    folder.run("doc p.policy --output pages").exits(0);
    let slip = |clause: &str, help: &str| {
        let folder =
            Folder::new().with("p.policy", policy.replace("overrides all but one", clause));
        folder.run("check p.policy").exits(1).out_has(help);
    };
    slip("overrides all but orders.*", "names some of them");
    slip("overrides all but ones", "did you mean `one`?");
}
