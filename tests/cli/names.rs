//! Names in any script, and members of enums that the data calls something else.

use crate::harness::Folder;

const PARCELS: &str = r#"
enum Speed { same_day as "Same Day", "two-day", ground < slow }
"#;

const POLICY: &str = r#"
enum Speed { same_day as "Same Day", "two-day", "2nd/class", "true", ground, .. }

record Parcel {
  id: text
  speed: Speed
  size: small | "extra large" = small
}

table carrier by first {
  | speed: Speed         || by: Carrier |
  | same_day, "two-day"  || "North & Sons" |
  | _                    || post        |
}

enum Carrier { "North & Sons", post as "Post" }

policy parcels for Parcel {
  decide carrier_is: Carrier by first
  decide quick: bool by first otherwise false
  rule all { then carrier_is = carrier(speed) }
  rule fast {
    when speed in [same_day, "two-day"] and "extra large" != size
    then quick = true
    because "{speed} by {size}"
  }
}
"#;

const RECORDS: &str = r#"{"id":"a","speed":"Same Day"}
{"id":"b","speed":"two-day","size":"extra large"}
{"id":"c","speed":"2nd/class"}
{"id":"d","speed":"by bike"}
{"id":"e","speed":"true"}
"#;

#[test]
fn members_are_read_and_written_as_the_data_has_them() {
    let folder = Folder::new().with("p.policy", POLICY).with("in.jsonl", RECORDS);
    folder.run("check p.policy").exits(0);
    let eval = folder.run("eval p.policy --input in.jsonl --format csv").exits(0);
    eval.out_has(",a,North & Sons,true").out_has(",b,North & Sons,false").out_has(",c,Post,false");
    let explain = folder.run("explain p.policy --input in.jsonl --id a").exits(0);
    explain.out_has("Same Day by small").out_has("North & Sons");
    folder.run("eval p.policy --input in.jsonl --output out.parquet").exits(0);
    folder.run("doc p.policy --output pages").exits(0);
}

#[test]
fn columns_and_scenarios_have_the_texts_of_the_data() {
    let scenarios = "
policy: parcels
scenarios:
  - name: fast
    with: { id: a, speed: Same Day }
    expect: { carrier_is: North & Sons, quick: true }
  - name: plain
    with: { id: b, speed: ground, size: extra large }
    expect: { carrier_is: Post, quick: false }
";
    let csv = "id,speed,size\na,Same Day,extra large\nb,two-day,small\n";
    let folder = Folder::new().with("p.policy", POLICY).with("in.csv", csv);
    let folder = folder.with("tests/p.yaml", scenarios).with("rulebook.yaml", "name: parcels\n");
    folder.run("eval . --input in.csv --format csv").exits(0).out_has("a,North & Sons,false");
    folder.run("test .").exits(0);
}

#[test]
fn what_is_no_member_is_told_with_what_to_write() {
    let rule = |condition: &str| {
        format!(
            "{POLICY}\npolicy q for Parcel {{ decide x: bool by first otherwise false\n rule r {{ when {condition} then true }} }}"
        )
    };
    for (condition, help) in [
        ("speed == \"Same Day\"", "`same_day`"),
        ("size == large", "members are small, \"extra large\""),
        ("size == \"small\"", "without quotes: `small`"),
    ] {
        let folder = Folder::new().with("p.policy", rule(condition));
        folder.run("check p.policy").exits(1).out_has(help);
    }
    let folder = Folder::new().with("p.policy", PARCELS);
    folder.run("check p.policy").exits(1).out_has("`a < b < c`");
    let twice = "enum Speed { a, b as \"a\" }";
    Folder::new()
        .with("p.policy", twice)
        .run("check p.policy")
        .exits(1)
        .out_has("`a` stands twice");
    let word = "enum Answer { true, other }";
    Folder::new()
        .with("p.policy", word)
        .run("check p.policy")
        .exits(1)
        .out_has("write it in quotes");
}

#[test]
fn names_may_be_in_any_script() {
    let policy = "
enum Gr\u{f6}\u{df}e { klein, gro\u{df} }
record \u{30c1}\u{30b1}\u{30c3}\u{30c8} { id: text  gr\u{f6}\u{df}e: Gr\u{f6}\u{df}e }
policy \u{43f}\u{440}\u{43e}\u{432}\u{435}\u{440}\u{43a}\u{430} for \u{30c1}\u{30b1}\u{30c3}\u{30c8} {
  decide \u{0905}\u{0928}\u{0941}\u{092e}\u{0924}\u{093f}: bool by first otherwise false
  rule \u{5927}\u{7968} { when gr\u{f6}\u{df}e == gro\u{df} then true }
}
";
    let folder = Folder::new().with("p.policy", policy);
    let folder = folder.with("in.jsonl", "{\"id\":\"a\",\"gr\u{f6}\u{df}e\":\"gro\u{df}\"}\n");
    folder.run("check p.policy").exits(0);
    folder.run("eval p.policy --input in.jsonl").exits(0).out_has("true");
    folder.run("fmt p.policy").exits(0);
    folder.run("fmt --check p.policy").exits(0);
}

#[test]
fn names_that_look_like_others_are_told() {
    let parted = "record R { id: text  gro\u{308}sse: number }";
    let folder = Folder::new().with("p.policy", parted);
    folder
        .run("check p.policy")
        .exits(1)
        .out_has("put together from parts")
        .out_has("`gr\u{f6}sse`");
    let alike = "record R { id: text  cop: number  \u{441}\u{43e}\u{440}: number }";
    let folder = Folder::new().with("p.policy", alike);
    folder.run("check p.policy").exits(0).out_has("look alike, and are different names");
}
