//! Rulebooks that are broken, huge, or nest without end: a message with its place, never a panic.

use std::fmt::Write;

use crate::harness::Folder;
use crate::shop::{POLICY, SETTINGS, request, requests, shop};

const MANY: usize = 10_000;

/// A rulebook of one rule with this condition.
fn with_condition(condition: &str) -> Folder {
    let policy = format!(
        "record R {{ n: number  b: bool  o: number? }}\n\
         policy p for R {{\n  decide d: bool by first otherwise false\n\
         \x20 rule a {{\n    when {condition}\n    then true\n  }}\n}}\n"
    );
    Folder::new().with("one.policy", policy)
}

/// Expects one error of nesting with its line, and the formatter to leave the file alone.
#[track_caller]
fn nests_too_deeply(folder: &Folder, line: usize) {
    let ran = folder.run("check one.policy").exits(1).err_is("");
    let ran = ran.out_has("error[too-deep]: this nests too deeply");
    let ran = ran.out_has(&format!("one.policy:{line}:")).out_has("one: 1 error\n");
    assert!(ran.out.len() < 2000, "the message shows too much of the file\n{ran}");
    let before = folder.read("one.policy");
    folder.run("fmt one.policy").exits(1).out_is("").err_has("error[too-deep]");
    assert!(folder.read("one.policy") == before);
}

/// Expects that the rulebook checks, judges and has one layout, whatever it holds.
#[track_caller]
fn works(folder: &Folder, record: &str, decided: &str) {
    folder.run("check one.policy --deny-warnings").exits(0).out_has("no problems");
    let ran = folder.run("eval one.policy --input -").input(record).exits(0);
    ran.out_has(&format!(r#""decisions":{{"d":{decided}}}"#));
    folder.run("fmt one.policy").exits(0);
    folder.run("fmt one.policy --check").exits(0);
    folder.run("check one.policy").exits(0);
}

#[test]
fn nested_brackets_are_refused() {
    let nest = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(MANY), close.repeat(MANY))
    };
    nests_too_deeply(&with_condition(&nest("(", "b", ")")), 5);
    nests_too_deeply(&with_condition(&format!("n in {}", nest("[", "1", "]"))), 5);
    nests_too_deeply(&with_condition(&format!("{} > 0", nest("abs(", "n", ")"))), 5);
    nests_too_deeply(&with_condition(&nest("(", "b", "")), 5);
    let text = format!("enum E {{ a }}\nfn f(e: E) -> bool = {}", nest("[(", "e", ")]"));
    nests_too_deeply(&Folder::new().with("one.policy", text), 2);
}

#[test]
fn rows_of_prefixes_are_refused() {
    nests_too_deeply(&with_condition(&format!("{}b", "not ".repeat(MANY))), 5);
    nests_too_deeply(&with_condition(&format!("{}n > 0", "- ".repeat(MANY))), 5);
    nests_too_deeply(&with_condition(&format!("{}b", "not (".repeat(MANY))), 5);
}

#[test]
fn nested_choices_are_refused() {
    let (ifs, thens) = ("if ".repeat(MANY), " then b else b".repeat(MANY));
    nests_too_deeply(&with_condition(&format!("{ifs}b{thens}")), 5);
    nests_too_deeply(&with_condition(&format!("{}b", "if b then ".repeat(MANY))), 5);
}

#[test]
fn long_rows_that_nest_to_one_side_are_refused() {
    nests_too_deeply(&with_condition(&format!("n{} > 0", " + n".repeat(MANY))), 5);
    nests_too_deeply(&with_condition(&format!("n{} > 0", " * n - n".repeat(MANY))), 5);
    nests_too_deeply(&with_condition(&format!("o{} ?? 0 > 1", " ?? o".repeat(MANY))), 5);
    nests_too_deeply(&with_condition(&format!("o{}", " is present".repeat(MANY))), 5);
}

#[test]
fn a_long_row_of_comparisons_is_told_once() {
    let folder = with_condition(&format!("n{}", " < n".repeat(MANY)));
    let ran = folder.run("check one.policy").exits(1);
    let ran = ran.out_has("comparisons do not chain").out_has("one.policy:5:");
    assert!(ran.out.matches("error[").count() <= 2, "{ran}");
}

#[test]
fn deep_types_are_refused() {
    let text = format!("record R {{ n: {}text }}\n", "list of ".repeat(MANY));
    nests_too_deeply(&Folder::new().with("one.policy", text), 1);
    let text = format!("record R {{ n: text{} }}\n", "?".repeat(MANY));
    let folder = Folder::new().with("one.policy", text);
    folder.run("check one.policy").exits(1).out_has("error[syntax]").out_has("one.policy:1:");
}

#[test]
fn deep_placeholders_are_refused() {
    let nest = format!("{}n{}", "(".repeat(MANY), ")".repeat(MANY));
    let text = with_condition("b").read("one.policy");
    let text = text.replace("then true", &format!("then true\n    because \"{{{nest}}}\""));
    nests_too_deeply(&Folder::new().with("one.policy", text), 7);
}

#[test]
fn long_rows_that_do_not_nest_work() {
    let record = r#"{"n":1,"b":true,"o":null}"#;
    works(&with_condition(&format!("b{}", " and b".repeat(MANY))), record, "true");
    works(&with_condition(&format!("not b{}", " or b".repeat(MANY))), record, "true");
    let items: Vec<_> = (0..MANY).map(|item| item.to_string()).collect();
    works(&with_condition(&format!("n in [{}]", items.join(", "))), record, "true");
}

#[test]
fn a_long_chain_of_choices_works_or_is_refused_alike_everywhere() {
    let choice = format!("{}b", "if n > 1 then false else ".repeat(MANY));
    works(&with_condition(&choice), r#"{"n":1,"b":true,"o":null}"#, "true");
}

#[test]
fn a_record_may_have_many_lists() {
    let mut text = String::from("record R {\n  b: bool\n");
    for field in 0..300 {
        writeln!(text, "  l{field}: list of text = []").unwrap();
    }
    text.push_str("}\npolicy p for R {\n  decide d: bool by first otherwise false\n\n");
    text.push_str("  rule a {\n    when b\n    then true\n  }\n}\n");
    let folder = Folder::new().with("one.policy", text);
    folder.run("check one.policy").exits(0);
    folder.run("eval one.policy --input -").input(r#"{"b":true}"#).exits(0).out_has(r#""d":true"#);
}

#[test]
fn an_empty_folder_has_no_policies() {
    let folder = Folder::new().with("empty/notes.md", "");
    let ran = folder.run("check empty").exits(1).err_is("");
    let ran = ran.out_has("error[no-policies]: the folder holds no `.policy` file");
    ran.out_has("`rulebook init DIR` writes a first rulebook").out_has("empty: 1 error");
    let ran = folder.run("eval empty --input -").exits(1).out_is("");
    ran.err_has("the folder holds no `.policy` file");
    folder.run("test empty").exits(1).out_is("").err_has("the folder holds no `.policy` file");
}

#[test]
fn without_settings_defaults_apply_and_one_hint_says_so() {
    let record =
        "record R { at: time }\npolicy p for R dated by at {\n  decide d: number by first\n";
    let policy = format!("{record}  rule a {{ then hour(at) }}\n}}\n");
    let folder = Folder::new().with("bare/one.policy", policy);
    let ran = folder.run("check bare").exits(0).err_is("");
    let ran = ran.out_has("warning[missing-settings]: the folder has no rulebook.yaml");
    let ran = ran.out_has("times read in UTC").out_has("write one: `name: bare`");
    ran.out_has("bare (1 policy, 1 rule): 1 warning\n");
    let ran = folder.run("eval bare --input -").input(r#"{"at":"2024-09-12 05:00:00"}"#).exits(0);
    let line = &ran.lines()[0];
    assert_eq!(line["decisions"]["d"], 5);
    assert_eq!(line["now"], "2024-09-12T05:00:00+00:00");
    assert_eq!(line["rulebook"]["name"], "bare");
}

#[test]
fn empty_settings_are_settings() {
    let folder =
        Folder::new().with("bare/one.policy", "enum E { a }").with("bare/rulebook.yaml", "");
    folder.run("check bare").exits(0).out_lacks("missing-settings");
    let folder = folder.with("bare/rulebook.yaml", "# nothing yet\n");
    folder.run("check bare").exits(0).out_lacks("missing-settings");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = shop();
    std::os::unix::fs::symlink("nowhere", folder.path("shop/gone.policy")).unwrap();
    for arguments in ["check shop", "fmt shop", "test shop", "eval shop --input -"] {
        folder
            .run(arguments)
            .exits(2)
            .out_is("")
            .err_has("error: cannot read shop/gone.policy: No such");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_leads_back_to_itself_is_read_once() {
    let folder = shop();
    std::os::unix::fs::symlink(".", folder.path("shop/again")).unwrap();
    folder.run("check shop").exits(0).out_is("shop (2 policies, 6 rules): no problems\n");
}

#[test]
fn a_folder_with_the_name_of_a_policy_is_a_folder() {
    let folder =
        Folder::new().with("odd/a.policy/b.policy", POLICY).with("odd/rulebook.yaml", SETTINGS);
    folder.run("check odd").exits(0).out_has("(2 policies, 6 rules): no problems");
}

#[test]
fn bytes_that_are_no_utf_8_are_shown_at_their_place() {
    let text = b"enum E { a }\n// caf\xe9\n";
    let folder = shop().with("shop/bad.policy", text).with("bad.policy", text);
    for arguments in ["check shop", "check bad.policy"] {
        let ran = folder.run(arguments).exits(1).err_is("");
        let ran = ran.out_has("error[bad-encoding]").out_has("bad.policy is not UTF-8 text");
        ran.out_has("bad.policy:2:7").out_has("save the file as UTF-8");
    }
    let json = folder.run("check shop --format json").exits(1).json();
    assert_eq!(json[0]["labels"][0]["line"], 2);
    folder.run("eval shop --input -").exits(1).out_is("").err_has("bad.policy:2:7");

    let folder = shop().with("shop/rulebook.yaml", b"name: shop\ntitle: caf\xe9\n");
    folder.run("check shop").exits(1).out_has("rulebook.yaml is not UTF-8 text").out_has(":2:11");
    let folder = shop().with("shop/all.policy", [0xff_u8; 1000]);
    folder.run("check shop").exits(1).out_has("all.policy is not UTF-8 text").out_has(":1:1");
    let folder = shop().with("shop/tests/bad.yaml", b"policy: refunds # caf\xe9\n");
    folder.run("test shop").exits(2).err_has("cannot read shop/tests/bad.yaml: ");
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_nothing() {
    let windows = format!("\u{feff}{}", POLICY.replace('\n', "\r\n"));
    let settings = format!("\u{feff}{}", SETTINGS.replace('\n', "\r\n"));
    let folder = shop().with("shop/shop.policy", windows).with("shop/rulebook.yaml", settings);
    folder.run("check shop --deny-warnings").exits(0).out_has("no problems");
    folder.run("test shop").exits(0).out_has("4 passed");
    let folder = shop().with("shop/shop.policy", POLICY.trim_end());
    folder.run("check shop --deny-warnings").exits(0).out_has("no problems");
}

#[test]
fn null_bytes_and_control_characters_are_told() {
    let folder = Folder::new().with("one.policy", "enum E { a }\n\0\u{1b}[31m\n");
    folder
        .run("check one.policy")
        .exits(1)
        .plain()
        .out_has("error[syntax]")
        .out_has("one.policy:2:1");
}

#[test]
fn duplicates_of_a_list_file_are_told_with_both_places() {
    let policy = "list sites: text from \"lists/sites.txt\"\nrecord R { site: text }\n\
                  policy p for R {\n  decide d: bool by first otherwise false\n  rule a {\n    when site in sites\n    then true\n  }\n}\n";
    let folder = shop()
        .with("shop/a.policy", policy)
        .with("shop/lists/sites.txt", "a.com\r\n# those below\n\n b.com \na.com\n");
    let ran = folder.run("check shop").exits(0);
    let ran = ran.out_has("warning[duplicate-item]").out_has("lists/sites.txt:5:1");
    ran.out_has("first here").out_has(": 1 warning\n");
    let input = "{\"site\":\"b.com\"}\n{\"site\":\"c.com\"}\n";
    let ran = folder.run("eval shop --policy p --input -").input(input).exits(0);
    assert_eq!(crate::harness::each(&ran.lines(), "/decisions/d"), [true, false]);

    std::fs::remove_file(folder.path("shop/lists/sites.txt")).unwrap();
    let ran = folder.run("check shop").exits(1).out_has("error[unreadable-file]");
    ran.out_has("there is no file `lists/sites.txt` in the rulebook").out_has("a.policy:1:23");
}

#[test]
fn functions_that_need_themselves_are_told() {
    let one = "fn f(n: number) -> number = f(n) + 1\n";
    let two = "fn f(n: number) -> number = g(n) + 1\nfn g(n: number) -> number = f(n) * 2\n";
    for text in [one, two] {
        let folder = Folder::new().with("one.policy", text);
        let ran = folder.run("check one.policy").exits(1);
        ran.out_has("error[recursive-definition]: function `f` needs itself")
            .out_has("one: 1 error\n");
    }
    let mut long = String::new();
    for number in 0..200 {
        writeln!(long, "fn f{number}(n: number) -> number = f{}(n)", (number + 1) % 200).unwrap();
    }
    let folder = Folder::new().with("one.policy", &long);
    folder.run("check one.policy").exits(1).out_has("error[").out_has("one.policy:");
}

#[test]
fn calls_that_nest_without_end_are_refused() {
    let rule = "record R { n: number }\npolicy p for R {\n  decide d: bool by first otherwise false\n  rule a {\n    when f0(n) > 3\n    then true\n  }\n}\n";
    let chain = |body: &str| {
        let mut text = format!("{rule}fn f2000(n: number) -> number = n\n");
        for number in 0..2000 {
            let next = format!("f{}(n)", number + 1);
            writeln!(text, "fn f{number}(n: number) -> number = {}", body.replace('_', &next))
                .unwrap();
        }
        Folder::new().with("one.policy", text)
    };
    for body in ["_", "_ + _"] {
        let ran = chain(body).run("check one.policy").exits(1).err_is("");
        ran.out_has("error[too-deep]").out_has("one.policy:");
    }
    // Few calls, but each doubles what it calls.
    let mut text = format!("{rule}fn f30(n: number) -> number = n\n");
    for number in (0..30).rev() {
        writeln!(text, "fn f{number}(n: number) -> number = f{0}(n) * f{0}(n)", number + 1)
            .unwrap();
    }
    let folder = Folder::new().with("one.policy", text);
    folder.run("check one.policy").exits(1).out_has("error[too-deep]").out_has("one.policy:");
}

#[test]
fn a_parameter_and_a_list_that_need_themselves_are_told() {
    let text =
        "parameter a: number = b + 1 assumed \"x\"\nparameter b: number = a + 1 assumed \"x\"\n";
    let folder = Folder::new().with("one.policy", text);
    folder.run("check one.policy").exits(1).out_has("error[").out_has("one.policy:1:");
    let text = "record R { r: R }\nrecord S { r: list of S }\n";
    let folder = Folder::new().with("one.policy", text);
    folder.run("check one.policy").exits(1).out_has("error[recursive-definition]");
}

#[test]
fn a_policy_file_of_10_mb_loads() {
    let reason = "This reason is as long as a clause of a contract tends to be. ".repeat(30);
    let mut text = String::from(
        "record R { n: number }\npolicy p for R {\n  decide d: bool by first otherwise false\n",
    );
    let mut rules = 0;
    while text.len() < 10_000_000 {
        write!(text, "\n  /// {reason}\n  rule r{rules} {{\n    when n == {rules}\n    then true\n    because \"{reason}\"\n  }}\n").unwrap();
        rules += 1;
    }
    text.push_str("}\n");
    let folder = Folder::new().with("one.policy", text);
    let ran = folder.run("check one.policy").exits(0);
    let told = format!("{},{:03}", rules / 1000, rules % 1000);
    ran.out_is(&format!("one (1 policy, {told} rules): no problems\n"));
    let record = format!("{{\"n\":{}}}", rules - 1);
    let line = &folder.run("eval one.policy --input -").input(record).exits(0).lines()[0];
    assert_eq!(line["rules"][0]["rule"], format!("r{}", rules - 1));
}

#[test]
fn ten_mb_of_garbage_on_one_line_are_one_short_message() {
    let garbage = ["x".repeat(10_000_000), "\"".repeat(10_000_000), "@#$%({ ".repeat(1_500_000)];
    for garbage in garbage {
        let folder = Folder::new().with("one.policy", garbage);
        let ran =
            folder.run("check one.policy").exits(1).out_has("error[").out_has("one.policy:1:");
        assert!(ran.out.len() < 8000, "the message has {} bytes\n{ran}", ran.out.len());
    }
}

#[test]
fn a_text_that_is_never_closed_is_a_short_message() {
    let text = format!("enum E {{ a }}\nrecord R {{ a: text = \"{} }}\n", "x".repeat(1_000_000));
    let ran = Folder::new().with("one.policy", text).run("check one.policy").exits(1);
    let ran = ran.out_has("one.policy:2:").out_has("close the text with `\"`");
    assert!(ran.out.len() < 8000, "the message has {} bytes\n{ran}", ran.out.len());
}

#[test]
fn thousands_of_errors_are_counted_and_all_told_in_json() {
    let text: String = (0..5000).map(|number| format!("enum E{number} {{ a, a }}\n")).collect();
    let folder = Folder::new().with("one.policy", text);
    let ran = folder.run("check one.policy").exits(1);
    let ran = ran.out_has("one.policy:1:").out_lacks("one.policy:5000:");
    ran.out_has("   5,000 × error[duplicate-name]: `…` stands twice\n")
        .out_has("one: 5,000 errors\n");
    let json = folder.run("check one.policy --format json").exits(1).json();
    assert_eq!(json.as_array().unwrap().len(), 5000);
}

#[test]
fn an_enum_may_have_many_members() {
    let members: Vec<_> = (0..20_000).map(|number| format!("member_{number}")).collect();
    let text = format!(
        "enum E {{ {} }}\nrecord R {{ e: E }}\npolicy p for R {{\n  decide d: bool by first otherwise false\n  rule a {{\n    when e == member_19999\n    then true\n  }}\n}}\n",
        members.join(", ")
    );
    let folder = Folder::new().with("one.policy", text);
    let ran = folder.run("eval one.policy --input -").input(r#"{"e":"member_19999"}"#).exits(0);
    ran.out_has(r#""decisions":{"d":true}"#);
}

#[test]
fn what_is_never_closed_is_told_with_its_start() {
    let cases = [
        ("policy p for R {\n  decide d: bool by first\n", "policy `p` is not closed"),
        ("record R {\n  a: text\n", "error[syntax]"),
        ("policy p for R {\n  rule a {\n    when x\n\nenum E { a }\n", "error[syntax]"),
    ];
    for (text, message) in cases {
        let folder = Folder::new().with("one.policy", text);
        folder.run("check one.policy").exits(1).out_has(message).out_has("one.policy:");
    }
    let many = "enum E {\n".repeat(3000);
    let folder = Folder::new().with("one.policy", many);
    folder.run("check one.policy").exits(1).out_has("one.policy:2:");
    folder.run("check one.policy --format json").exits(1).out_has("\"line\": 2998,");
}

#[test]
fn settings_that_explode_or_nest_are_told() {
    let mut laughs = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, before) in ('b'..='i').zip('a'..) {
        writeln!(laughs, "{name}: &{name} [{}]", vec![format!("*{before}"); 9].join(", ")).unwrap();
    }
    let nested = format!("name: {}\n", "[".repeat(MANY));
    for settings in [laughs, nested] {
        let folder = shop().with("shop/rulebook.yaml", settings);
        let ran = folder.run("check shop").exits(1).out_has("error[bad-settings]");
        ran.out_has("rulebook.yaml:").out_lacks("budget").out_lacks("{ ");
    }
}

#[test]
fn a_broken_rulebook_is_not_used_for_any_record() {
    let folder = shop().with("shop/shop.policy", POLICY.replace("amount > limit", "amount > limt"));
    let ran = folder.run("eval shop --input -").input(requests(2)).exits(1).out_is("");
    ran.err_has("error[unknown-name]").err_has("did you mean `limit`?").err_has("1 error\n");
    folder.run("explain shop --input -").input(request("a", "1")).exits(1).out_is("");
}
