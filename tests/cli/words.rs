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
    for more in ["", " --any-field"] {
        let explain = format!("explain orders.policy --policy orders --input in.jsonl{more}");
        folder().run(&explain).exits(0).out_has("label = none").out_lacks("\\u{1}");
    }
}

/// Words of English that stand around what these commands tell.
const ENGLISH: &[&str] = &[
    "record", "decided", "changed", "share", "rules", "would", "fired", "from", "before", "point",
];

#[test]
fn screens_speak_the_language_that_is_asked_for() {
    let policy = "record Order { id: text  weight: number }\nparameter most: number = 20\n\
         policy p for Order { decide step: go < ask by strictest\n\
         rule heavy { when weight > most then ask because en \"too heavy\" zh \"太重\" } }\n";
    let settings = "name: r\nlanguages: [en, zh]\n";
    let records = r#"{"id":"a","weight":30}
{"id":"b","weight":1}
"#;
    let folder = Folder::new().with("r/p.policy", policy).with("r/rulebook.yaml", settings);
    let folder = folder.with("in.jsonl", records).with("bad.jsonl", r#"{"id":"a","weight":"x"}"#);
    let runs = [
        ("eval r --input in.jsonl --format table", "条记录，用时"),
        ("eval r --input in.jsonl --format counts", "已裁决 2"),
        ("explain r --input in.jsonl", "已触发"),
        ("simulate r --input in.jsonl --set most=40", "2 条记录中有 1 条"),
        ("sweep r --input in.jsonl --set most=10..40/10", "个取值处各裁决"),
    ];
    for (arguments, wanted) in runs {
        let ran = folder.run(&format!("{arguments} --lang zh")).exits(0).out_has(wanted);
        // Files and what is set are called as they are.
        let told = ran.out.replace("r with most", "");
        for word in ENGLISH {
            assert!(!told.contains(word), "{word} in {arguments}\n{told}");
        }
        folder.run(arguments).exits(0).out_lacks(wanted);
    }
    let rejected = folder.run("eval r --input bad.jsonl --lang zh").exits(1);
    rejected.err_has("已拒绝").err_has("记录 0");
}

#[test]
fn where_there_is_no_value_one_word_stands() {
    let policy = "record Order { id: text  weight: number  note: text? }\n\
         parameter most: number = 20\n\
         policy p for Order { decide step: go < ask by strictest\n\
         rule heavy { when weight > most then ask }\n\
         rule told { when note is present and note == \"x\" then go } }\n";
    let folder = Folder::new().with("p.policy", policy);
    let folder = folder.with("in.jsonl", r#"{"id":"b","weight":1}"#);
    let run = |arguments: &str| folder.run(&arguments.replace('@', "p.policy --input in.jsonl"));
    run("eval @ --format counts").exits(0).out_has("p.step: nothing 1");
    run("eval @ --format table").exits(0).out_has("nothing").out_lacks("undecided");
    run("explain @").exits(0).out_has("step = nothing").out_has("note is nothing");
    let simulated = run("simulate @ --set most=0").exits(0);
    simulated.out_has("1 from nothing to ask").out_lacks("undecided").out_lacks("·");
    let told = run("eval @").exits(0).json();
    assert!(told["decisions"]["step"].is_null());
}
