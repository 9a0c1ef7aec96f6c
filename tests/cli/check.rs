//! `rulebook check`.

use crate::harness::Folder;
use crate::shop::shop;

/// Three errors.
const WRONG: &str = "\
enum Claim { refund_only, refund_only }
record R { claim: Claim  amount: CNY }
policy p for R {
  decide d: bool by first otherwise false
  rule a {
    when amount > 5 USD
    then true
  }
}
list other: text = [1]
";

#[test]
fn a_good_rulebook_has_no_problems() {
    for arguments in ["check shop", "check shop --deny-warnings", "check shop --format text"] {
        let ran = shop().run(arguments).exits(0).err_is("");
        ran.out_is("shop (2 policies, 6 rules): no problems\n");
    }
    shop().run("check shop --format json").exits(0).err_is("").out_is("[]\n");
}

#[test]
fn a_single_policy_file_is_a_rulebook() {
    let folder = Folder::new().with("one.policy", "enum E { a }");
    let ran = folder.run("check one.policy").exits(0);
    ran.out_has("enum `E` is never used").out_has("one (0 policies, 0 rules): 1 warning\n");
}

#[test]
fn every_problem_is_drawn_at_its_place_with_help() {
    let ran = Folder::new().with("wrong.policy", WRONG).run("check wrong.policy").exits(1).plain();
    let ran = ran.err_is("").out_has("wrong: 3 errors\n");
    let ran = ran.out_has("error[duplicate-name]").out_has("wrong.policy:1:27");
    let ran = ran.out_has("error[currency-mismatch]").out_has("wrong.policy:6:10");
    ran.out_has("error[wrong-type]: expected a text, found a number");
}

#[test]
fn json_tells_code_severity_place_and_help() {
    let folder = Folder::new().with("wrong.policy", WRONG);
    let found = folder.run("check wrong.policy --format json").exits(1).err_is("").json();
    let codes: Vec<_> = found.as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["duplicate-name", "currency-mismatch", "wrong-type"]);
    let wrong = &found[2];
    assert_eq!(wrong["severity"], "error");
    assert_eq!(wrong["message"], "expected a text, found a number");
    assert!(wrong["help"].is_array());
    let label = &wrong["labels"][0];
    assert_eq!(label["file"], "wrong.policy");
    assert_eq!((label["line"].as_u64(), label["column"].as_u64()), (Some(10), Some(21)));
    let span = label["start"].as_u64().unwrap() as usize..label["end"].as_u64().unwrap() as usize;
    assert_eq!(&WRONG[span], "1");
}

#[test]
fn warnings_fail_only_where_they_are_denied() {
    let folder = Folder::new().with("one.policy", "enum E { a }");
    folder.run("check one.policy").exits(0);
    folder.run("check one.policy --format json").exits(0);
    folder.run("check one.policy --deny-warnings").exits(1).out_has("1 warning");
    folder.run("check one.policy --deny-warnings --format json").exits(1);
}

#[test]
fn settings_change_levels_and_an_unknown_one_is_an_error() {
    let folder = shop().with("shop/extra.policy", "enum Extra { a }");
    folder.run("check shop").exits(0).out_has("1 warning");
    let settings = |lints: &str| format!("{}lints: {{ {lints} }}\n", crate::shop::SETTINGS);
    let folder = folder.with("shop/rulebook.yaml", settings("unused: off"));
    folder.run("check shop --deny-warnings").exits(0).out_has("no problems");
    let folder = folder.with("shop/rulebook.yaml", settings("unused: error"));
    folder.run("check shop").exits(1).out_has("error[unused]");
    let folder = folder.with("shop/rulebook.yaml", settings("unusd: error"));
    folder.run("check shop").exits(1).out_has("there is no lint `unusd`").out_has("`unused`");
    let folder = folder.with("shop/rulebook.yaml", "nam: shop\n");
    folder.run("check shop").exits(1).out_has("no setting `nam`").out_has("rulebook.yaml:1:1");
    let folder = folder.with("shop/rulebook.yaml", "zone: Mars/Olympus\n");
    folder.run("check shop").exits(1).out_has("there is no time zone `Mars/Olympus`");
}

#[test]
fn a_slip_in_one_file_does_not_hide_those_in_another() {
    let folder =
        shop().with("shop/a.policy", "enum {").with("shop/b/c.policy", "record R { x: y }");
    let ran = folder.run("check shop").exits(1);
    ran.out_has("a.policy:1:6").out_has("b/c.policy:1:15").out_has("there is no type `y`");
}

#[test]
fn standard_input_and_several_rulebooks_are_checked() {
    let folder = shop().with("wrong.policy", WRONG);
    let ran = folder.run("check shop wrong.policy").exits(1).err_is("");
    ran.out_has("shop (2 policies, 6 rules): no problems\n").out_has("wrong: 3 errors\n");
    let told = folder.run("check shop wrong.policy --format json").exits(1).json();
    assert_eq!(told.as_array().unwrap().len(), 3);

    let ran = folder.run("check -").input(WRONG).exits(1).plain();
    ran.out_has("standard input:1:27").out_has("standard input: 3 errors\n");
    folder.run("check -").input("enum E { a }").exits(0).out_has("1 warning\n");
    // What it names lies where the author stands.
    let listed = "list near: text from \"lists/near.txt\"";
    let folder = folder.with("lists/near.txt", "Lier\n");
    folder.run("check -").input(listed).exits(0).out_has("list `near` is never used");
    folder.run("check - -").exits(2).err_has("standard input can be read only once");
    folder.run("check -").input(b"enum E { \xff }").exits(1).out_has("is not UTF-8 text");
}

#[test]
fn problems_are_told_as_commands_of_github() {
    let folder = shop().with("wrong.policy", WRONG);
    let ran = folder.run("check shop wrong.policy --format github").exits(1).err_is("");
    ran.out_is(
        "::error file=wrong.policy,line=1,col=27,endLine=1,endColumn=38,title=duplicate-name\
         ::`refund_only` stands twice\n\
         ::error file=wrong.policy,line=6,col=10,endLine=6,endColumn=16,title=currency-mismatch\
         ::`>` mixes CNY and USD%0Ahelp: amounts of two currencies meet only through a rate that \
         you name\n\
         ::error file=wrong.policy,line=10,col=21,endLine=10,endColumn=22,title=wrong-type\
         ::expected a text, found a number\n",
    );
    folder.run("check shop --format github").exits(0).out_is("").err_is("");
}

#[test]
fn problems_are_told_as_sarif() {
    let folder = Folder::new().with("a b/wrong.policy", WRONG);
    let log = folder.run("check --format sarif").arg("a b/wrong.policy").exits(1).json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "rulebook");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let results = run["results"].as_array().unwrap();
    let codes: Vec<_> = results.iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
    assert_eq!(codes, ["duplicate-name", "currency-mismatch", "wrong-type"]);
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("Wrong:"));
        assert_eq!(result["level"], "error");
    }
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/wrong.policy");
    let region =
        serde_json::json!({"startLine": 1, "startColumn": 27, "endLine": 1, "endColumn": 38});
    assert_eq!(place["region"], region);
    let good = shop().run("check shop --format sarif").exits(0).json();
    assert_eq!(good["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn a_code_is_explained_at_length() {
    let ran = Folder::new().run("check --explain unused").exits(0).plain().err_is("");
    let ran = ran.out_has("warning unused: A definition is never used.\n").out_has("Wrong:\n");
    ran.out_has("  orders.policy\n    parameter limit: CNY = 100 CNY\n").out_has("Right:\n");
}
