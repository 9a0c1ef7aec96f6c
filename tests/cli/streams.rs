//! YAML and arrays of JSON as streams: each record stands for itself, and none is held longer than it
//! takes to judge it.

use serde_json::{Value, json};

use crate::harness::{Folder, each, json_lines};

const POLICY: &str = "
record Order { id: text  pieces: number  more: text? }
policy orders for Order {
  decide step: pay < ask by strictest otherwise pay
  rule many { when pieces > 100 then ask }
}
";

/// The numbers of the records that were decided, and of those rejected their number, line, code and
/// message.
#[track_caller]
fn judged(name: &str, text: impl AsRef<[u8]>) -> (Vec<Value>, Vec<Value>) {
    let folder = Folder::new().with("p.policy", POLICY).with(name, text);
    let run = format!("eval p.policy --policy orders --input {name} --rejects bad.jsonl");
    let ran = folder.run(&run).output();
    let rejects = json_lines(&folder.read("bad.jsonl"));
    assert_eq!(ran.code, i32::from(!rejects.is_empty()), "{}", ran.ran);
    let told = |reject: &Value| {
        let error = &reject["errors"][0];
        json!([reject["record"], reject["line"], error["code"], error["message"]])
    };
    (each(&ran.ran.lines(), "/record"), rejects.iter().map(told).collect())
}

#[test]
fn a_bad_record_of_a_yaml_list_is_one_reject() {
    let item = |id: &str| format!("- id: {id}\n  pieces: 5\n");
    for (bad, code, message) in [
        ("- { id: b, pieces: 5, pieces: 7 }\n", "duplicate-key", "`pieces` stands twice"),
        ("- id: b\n   pieces: 5\n", "bad-yaml", ""),
        ("- id: b\n\tpieces: 5\n", "bad-yaml", ""),
        ("- id: \"b\n  pieces: 5\n", "bad-yaml", ""),
        ("- { id: b, pieces: [5\n", "bad-yaml", ""),
        ("- id: b\npieces: 5\n", "bad-yaml", ""),
        ("- id: *nothing\n  pieces: 5\n", "bad-yaml", "this refers to an anchor that is not there"),
    ] {
        let (decided, rejected) = judged("in.yaml", item("a") + bad + &item("c"));
        assert_eq!(decided, [0, 2], "{bad} {rejected:?}");
        let [only] = rejected.as_slice() else { panic!("{bad} {rejected:?}") };
        let at = only[1].as_u64().unwrap();
        assert!((3..=5).contains(&at), "{bad} {only}");
        assert_eq!((&only[0], &only[2]), (&json!(1), &json!(code)), "{bad}");
        let told = only[3].as_str().unwrap();
        assert!(told.contains(message), "{told}");
        for inner in ["Options", "Policy:", "granit", "saphyr"] {
            assert!(!told.contains(inner), "{told}");
        }
    }
}

#[test]
fn records_of_yaml_are_found_however_they_stand() {
    let fine = [
        (
            "- { id: a, pieces: 1 }\n# b\n\n- id: b\n  pieces: 2\n  more: |\n    - no\n    --- item\n",
            2,
        ),
        ("  - id: a\n    pieces: 1\n  - id: b\n    pieces: 2\n", 2),
        ("-\n  id: a\n  pieces: 1\n-\tid: b\n", 1),
        ("[{ id: a, pieces: 1 }, { id: b, pieces: 2 }]\n", 2),
        ("id: a\npieces: 1\n---\nid: b\npieces: 2\n...\n# none\n", 2),
        ("%YAML 1.2\n---\n- { id: a, pieces: 1 }\n--- # two\n- { id: b, pieces: 2 }\n", 2),
        ("--- { id: a, pieces: 1 }\n--- { id: b, pieces: 2 }", 2),
        ("- &one { id: a, pieces: 1 }\n- { <<: *one, id: b }\n- { <<: *one, id: c }\n", 3),
        ("\u{feff}- { id: a, pieces: 1 }\r\n- { id: b, pieces: 2 }\r\n", 2),
        ("id: a\npieces: 1\nmore: \"- x\n\n  --- y\"\n", 1),
    ];
    for (text, count) in fine {
        let (decided, rejected) = judged("in.yaml", text);
        let rejected = rejected.len();
        assert_eq!(
            (decided.len(), rejected),
            (count, usize::from(text.contains("-\tid"))),
            "{text}"
        );
    }
    // A document that is none costs itself alone.
    let (decided, rejected) =
        judged("in.yaml", "id: a\npieces: 1\n---\nid: [\n---\nid: c\npieces: 3\n");
    assert_eq!((decided, rejected.len()), (vec![json!(0), json!(2)], 1));
}

#[test]
fn an_element_of_an_array_that_is_none_is_one_reject() {
    let text = "[{\"id\":\"a\",\"pieces\":1},\n{\"id\" \"b\"},\n{\"id\":\"c\",\"pieces\":2]\n, {\"id\":\n\"d\",\n\"pieces\":3},\nno,\n{\"id\":\"f\",\"pieces\":4}]";
    let (decided, rejected) = judged("in.json", text);
    assert_eq!(decided, [0, 3, 5], "{rejected:?}");
    assert_eq!(each(&rejected, "/1"), [2, 3, 7]);
    assert_eq!(each(&rejected, "/2"), ["bad-json", "bad-json", "bad-json"]);
    // Where nothing can be told apart any more, the rest is one reject, and the next file is read.
    let folder = Folder::new()
        .with("p.policy", POLICY)
        .with("a.json", "[{\"id\":\"a\",\"pieces\":1} {\"id\":\"b\",\"pieces\":1}]")
        .with("b.json", "[{\"id\":\"c\",\"pieces\":1}]");
    let ran = folder.run("eval p.policy --input a.json --input b.json").exits(1);
    assert_eq!(each(&ran.lines(), "/record"), [0, 2]);
    ran.err_has("expected `,` or `]`; the rest is not read");
}

#[test]
fn a_line_within_a_record_is_told_as_one() {
    let two = "\npolicy others for Order { decide other: bool by first otherwise true  rule few { when pieces < 9 then false } }\n";
    let folder = Folder::new().with("p.policy", format!("{POLICY}{two}"));
    let folder = folder.with("in.jsonl", "{\"id\":\"a\",\"pieces\":1}\n{\"id\":\n");
    let ran = folder.run("eval p.policy --input in.jsonl").exits(1).err_has("(line 2)");
    assert!(ran.err.contains("at column 6") && !ran.err.contains("line 1"), "{ran}");
    let (_, rejected) = judged("in.json", "[\n{\"id\": \"a\",\n  \"pieces\" 1}]");
    assert_eq!(rejected[0][3], "this is not JSON: expected `:` at line 2 of the record, column 12");
}

#[test]
fn a_record_that_is_too_large_is_passed_by() {
    let good = |id: &str| format!("{{\"id\":\"{id}\",\"pieces\":1}}");
    let long = format!("{{\"id\":\"b\",\"pieces\":1,\"more\":\"{}\"}}", "x".repeat(65 << 20));
    let (a, c) = (good("a"), good("c"));
    for (name, text) in
        [("in.jsonl", format!("{a}\n{long}\n{c}\n")), ("in.json", format!("[{a},\n{long},\n{c}]"))]
    {
        let (decided, rejected) = judged(name, text);
        assert_eq!(decided, [0, 2], "{name}");
        let message = "the record takes more than 64 MB; its start is kept";
        assert_eq!(rejected, [json!([1, 2, "record-too-large", message])], "{name}");
    }
    let long = format!("- id: b\n  more: \"{}\"\n", "x".repeat(17 << 20));
    let text = format!("- {{ id: a, pieces: 1 }}\n{long}- {{ id: c, pieces: 1 }}\n");
    let (decided, rejected) = judged("in.yaml", text);
    assert_eq!((decided, &rejected[0][2]), (vec![json!(0), json!(2)], &json!("record-too-large")));
}
