//! Messages are in our words: what a library would say of its inside is nowhere.

use crate::harness::Folder;

const POLICY: &str = "
record Order { id: text  pieces: number }
record Claim { id: text  amount: CNY }
policy orders for Order {
  decide step: pay < ask by strictest otherwise pay
  decide label: text by first otherwise \"none\"
  rule many { when pieces > 3 then step = ask }
  rule named { when id != \"x\" then label = id }
}
policy claims for Claim {
  decide step: pay < ask by strictest otherwise pay
  rule large { when amount > 3 CNY then ask }
}
";

fn folder() -> Folder {
    Folder::new().with("orders.policy", POLICY).with("in.jsonl", "{\"id\":\"x\",\"pieces\":1}\n")
}

#[test]
fn arguments_that_are_no_numbers_are_told_what_to_write() {
    let folder = folder();
    let eval = "eval orders.policy --input in.jsonl";
    folder.run(&format!("{eval} --threads 0")).exits(2).err_has("give a whole number from 1 on");
    folder.run(&format!("{eval} --rows many")).exits(2).err_has("give a whole number, such as 20");
    let explain = folder.run("explain orders.policy --input in.jsonl --record first");
    explain.exits(2).err_has("it counts records, from 0 on; `--id first`");
    folder.run("timeline orders.policy --width 99999999").exits(2).err_has("give a whole number");
}

#[test]
fn a_pattern_of_files_that_is_none_is_told_what_patterns_know() {
    let folder = folder();
    for pattern in ["a**b", "[z"] {
        let ran = folder.run("eval orders.policy --input").arg(pattern).exits(2);
        ran.err_has(": this is no pattern; `*` and `?` stand for characters");
    }
}

#[test]
fn what_is_no_record_is_told_as_such_where_several_policies_might_take_it() {
    let folder = folder().with("odd.jsonl", "3\n[1]\n{\"id\":1\n");
    let ran = folder.run("eval orders.policy --input odd.jsonl --format counts").exits(1);
    ran.err_has(
        "record 0 (line 1)\n  record: expected a record, found no JSON object (wrong-type)",
    )
    .err_has("record 1 (line 2)\n  record: expected a record, found no JSON object (wrong-type)")
    .err_has("record: this is not JSON: EOF while parsing an object at column 7 (bad-json)");
}

#[test]
fn a_text_that_stands_for_all_others_is_not_shown() {
    let ran = folder().run("explain orders.policy --policy orders --input in.jsonl").exits(0);
    ran.out_has("would be that text if id were any other text (it is \"x\")").out_lacks("\\u{1}");
}
