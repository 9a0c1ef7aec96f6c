//! Slips outside of the text of policies: in what `--set` gives, in the names of files, and by the thousand.

use std::fmt::Write as _;

use crate::harness::Folder;

const POLICY: &str = "
record Return { id: text, asked: date, paid: CNY }
parameter window: duration = 30 days
parameter limit: CNY = 3000 CNY
parameter last: date = 2024-08-09
policy p for Return {
  decide open: bool by first otherwise false
  rule near { when asked <= last + window and paid < limit then true }
}
";

#[test]
fn values_that_are_set_are_told_how_to_be_written() {
    let folder = Folder::new()
        .with("p.policy", POLICY)
        .with("in.jsonl", r#"{"id":"r1","asked":"2024-05-30","paid":20}"#);
    let cases = [
        ("window=14d", "write `14 days`"),
        ("window=P14D", "write `14 days`"),
        ("window=PT36H", "write `36 hours`"),
        ("window=14", "add the unit: `14 days`"),
        ("window=2 business days", "say whose working days"),
        ("limit=3,000 CNY", "write `3_000 CNY`"),
        ("limit=3.000,50 CNY", "write `3_000.50 CNY`"),
        ("limit=¥3000", "write the currency behind the number: `3000 CNY`"),
        ("limit=3000元", "write `3000 CNY`"),
        ("last=August 16, 2024", "write the day as `2024-08-16`"),
        ("last=\"2024-08-16\"", "a day stands without quotes: `2024-08-16`"),
    ];
    for (set, help) in cases {
        let ran = folder.run("eval p.policy --input in.jsonl --set").arg(set).exits(2);
        let ran = ran.out_is("").err_has(help).err_has("--set ");
        ran.plain().err_has("1 error\n");
    }
}

#[test]
fn files_that_are_named_almost_right_are_named() {
    let list = "list ids: text from \"lists/ids.txt\"\n";
    let folder = Folder::new()
        .with("one/p.policy", POLICY)
        .with("one/rulebook.yml", "name: one\n")
        .with("two/P.POLICY", POLICY)
        .with("two/rulebook.yaml", "name: two\n")
        .with("three/p.policy", format!("{list}{POLICY}"))
        .with("three/lists/ids.TXT", "a\n")
        .with("three/rulebook.yaml", "name: three\n");
    let ran = folder.run("check one").exits(0);
    ran.out_has("`rulebook.yml` is not read; name it `rulebook.yaml`");
    let ran = folder.run("check two").exits(1);
    ran.out_has("`P.POLICY` is not read; let its name end in `.policy`");
    for rulebook in ["three", "three/p.policy"] {
        let ran = folder.run("check").arg(rulebook).exits(1);
        let ran = ran.out_has("there is no file `lists/ids.txt` in the rulebook");
        ran.out_has("`lists/ids.TXT` is not read");
    }
}

#[test]
fn very_many_slips_are_told_by_their_kinds() {
    let mut policy = String::from(
        "record R { id: text, n: number }\npolicy p for R {\n  decide d: bool by first otherwise false\n",
    );
    for number in 0..1500 {
        let _ = writeln!(policy, "  rule r{number} {{ when m{number} > 5 then true }}");
    }
    policy.push_str("  rule last { when n > \"a\" then true }\n}\n");
    let folder = Folder::new().with("p.policy", policy);
    let ran = folder.run("check p.policy").exits(1).plain();
    let ran = ran.out_has("1,497 more like these, 1,501 in all:\n").out_has("1,501 errors\n");
    let ran = ran.out_has("   1,500 × error[unknown-name]: there is no `…` here\n");
    let ran = ran.out_has("there is no `m2` here").out_lacks("there is no `m3` here");
    // One of another kind is told however many stand before it.
    let ran = ran.out_has("does not take a number and a text");
    assert!(ran.out.lines().count() < 100, "{ran}");
    let all = folder.run("check p.policy --format json").exits(1).json();
    assert_eq!(all.as_array().map(Vec::len), Some(1501));
}

#[test]
fn a_place_on_a_very_long_line_is_the_same_in_text_and_json() {
    let wide = "一二三四五".repeat(60);
    let policy = format!(
        "record R {{ id: text, n: number }}\npolicy p for R {{\n  decide d: text by first otherwise \
         \"{wide}\" rule a {{ when m > 5 then \"\u{1b}\" }} rule b {{ when k > 5 then \"x\" }}\n}}\n"
    );
    let folder = Folder::new().with("p.policy", policy);
    let ran = folder.run("check p.policy").exits(1).plain();
    let all = folder.run("check p.policy --format json").exits(1).json();
    let places = all.as_array().into_iter().flatten().map(|told| {
        let label = &told["labels"][0];
        format!("p.policy:{}:{}\n", label["line"], label["column"])
    });
    let places: Vec<_> = places.collect();
    assert!(places.len() > 1, "{places:?}");
    places.iter().fold(ran, |ran, place| ran.out_has(place));
}

#[test]
fn places_are_told_as_seen_from_where_the_command_runs() {
    let wrong = POLICY.replace("near", "near-by");
    let folder =
        Folder::new().with("shop/rules/p.policy", wrong).with("shop/rulebook.yaml", "name: shop\n");
    let place = "shop/rules/p.policy:8:12";
    for shop in ["shop", "./shop", "shop/", "shop/rules/p.policy", "shop/rules"] {
        folder.run("check").arg(shop).exits(1).plain().out_has(&format!("╭▸ {place}\n"));
        let told = folder.run("check --format json").arg(shop).exits(1);
        told.out_has("\"file\": \"shop/rules/p.policy\"");
    }
    let ran = folder.run("eval shop --input -").input("{}").exits(1);
    ran.plain().err_has(place);
}
