//! Input that is damaged, hostile or huge: every record is decided or kept with what is wrong.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::harness::{Folder, each, json_lines};
use crate::shop::{request, shop};

const MANY: usize = 10_000;

/// What came of an input.
struct Judged {
    decided: Vec<Value>,
    rejects: Vec<Value>,
}

impl Judged {
    /// The numbers of the records that were decided, and of those that were rejected.
    fn numbers(&self) -> (Vec<u64>, Vec<u64>) {
        let of =
            |lines: &[Value]| lines.iter().map(|line| line["record"].as_u64().unwrap()).collect();
        (of(&self.decided), of(&self.rejects))
    }

    /// Code and message of the only error of the only reject.
    #[track_caller]
    fn only_error(&self) -> (&str, &str) {
        assert_eq!((self.decided.len(), self.rejects.len()), (0, 1));
        let errors = self.rejects[0]["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{errors:?}");
        (errors[0]["code"].as_str().unwrap(), errors[0]["message"].as_str().unwrap())
    }
}

/// Judges a file by `refunds`; every record is decided or rejected, and told so by the exit code.
#[track_caller]
fn judged(name: &str, content: impl AsRef<[u8]>) -> Judged {
    let folder = shop().with(name, content);
    let run = format!("eval shop --policy refunds --input {name} --rejects bad.jsonl");
    let decided = folder.run(&run).output();
    let rejects: Vec<_> = folder.read("bad.jsonl").lines().map(readable).collect();
    assert_eq!(decided.code, i32::from(!rejects.is_empty()), "{}", decided.ran);
    let judged = Judged { decided: decided.ran.lines(), rejects };
    let (mut all, rejected) = judged.numbers();
    all.extend(rejected);
    all.sort_unstable();
    assert!(all.iter().copied().eq(0..all.len() as u64), "records are lost: {all:?}");
    judged
}

/// A reject; its input as text where JSON readers have too little patience for it.
fn readable(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|_| {
        let (start, input) = line.split_once(",\"input\":").unwrap();
        serde_json::from_str(&format!("{start},\"input\":{}}}", json!(input))).unwrap()
    })
}

/// The errors of a request with one value replaced.
#[track_caller]
fn refused(field: &str, value: &str, code: &str, message: &str) {
    let good = request("a", "59");
    let (start, rest) = good.split_once(&format!("\"{field}\":")).unwrap();
    let end = rest.find([',', '}']).unwrap();
    let bad = format!("{start}\"{field}\":{value}{}", &rest[end..]);
    let judged = judged("in.jsonl", format!("{good}\n{bad}\n{good}\n"));
    assert_eq!(judged.numbers(), (vec![0, 2], vec![1]), "{bad}");
    let error = &judged.rejects[0]["errors"][0];
    assert_eq!((&error["path"], &error["code"]), (&json!(field), &json!(code)), "{error}");
    assert!(error["message"].as_str().unwrap().contains(message), "{error}");
    assert_eq!(judged.rejects[0]["line"], 2);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_input() {
    let one = request("a", "59");
    let yaml = "id: a\nclaim: exchange\nrequested_at: 2024-09-12\namount: 59\n";
    let inputs = [
        ("in.json", one.clone()),
        ("in.jsonl", format!("{one}\n")),
        ("in.json", format!("[{one}]")),
        ("in", one.clone()),
        ("in.yaml", yaml.to_string()),
    ];
    for (name, text) in inputs {
        let judged = judged(name, format!("\u{feff}{text}"));
        assert_eq!(each(&judged.decided, "/id"), ["a"], "{name}");
    }
    let piped = shop().run("eval shop --input -").input(format!("\u{feff}{one}"));
    assert_eq!(piped.exits(0).lines().len(), 1);
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let twice = request("a", "59").replace("{", r#"{"amount":1,"#);
    let judged = judged("in.json", &twice);
    assert_eq!(judged.only_error(), ("duplicate-key", "`amount` stands twice"));
    // Both values are kept, as they came.
    let folder = shop().with("in.json", &twice);
    folder.run("eval shop --policy refunds --input in.json --rejects bad.jsonl").exits(1);
    assert!(folder.read("bad.jsonl").contains(&twice));
    let yaml = "- { id: a, id: b, claim: exchange, requested_at: 2024-09-12, amount: 59 }\n";
    let judged = self::judged("in.yaml", yaml);
    assert_eq!(judged.only_error(), ("duplicate-key", "`id` stands twice"));
}

#[test]
fn numbers_that_are_too_long_are_refused_and_not_rounded() {
    let long = "9".repeat(400);
    refused("amount", &long, "bad-number", "at most 29 digits before the point");
    refused("amount", &format!("\"{long}\""), "bad-number", "at most 29 digits before the point");
    refused("amount", &format!("0.{long}"), "bad-number", "at most 9 digits after the point");
    refused("amount", "1e400", "bad-number", "at most 29 digits before the point");
    refused("amount", "1e-400", "bad-number", "at most 9 digits after the point");
    refused("amount", "1e999999999999", "bad-number", "at most 29 digits before the point");
    refused("amount", "0.0000000001", "bad-number", "at most 9 digits after the point");
    let zeros = format!("59.{}", "0".repeat(400));
    assert_eq!(judged("in.json", request("a", &zeros)).decided.len(), 1);
    let sum = "12345678901234567890123456789.123456789";
    let line = &judged("in.json", request("a", &format!("{sum},\"score\":5"))).decided[0];
    assert_eq!(
        line["rules"][0]["reason"],
        "CNY 12,345,678,901,234,567,890,123,456,789.123456789 is more than CNY 200.00"
    );
}

#[test]
fn values_that_are_no_numbers_are_refused() {
    let good = request("a", "59");
    for value in ["NaN", "-Infinity", "Infinity", "0x1F", "1_000", "+1", ".5", "1.", "'1'"] {
        let text = format!("{good}\n{}\n{good}\n", request("b", value));
        let judged = judged("in.jsonl", text);
        assert_eq!(judged.numbers(), (vec![0, 2], vec![1]), "{value}");
        assert_eq!(judged.rejects[0]["errors"][0]["code"], "bad-json", "{value}");
    }
    for value in ["\"NaN\"", "\"Infinity\"", "\"\"", "\"1 USD\"", "true", "[]"] {
        refused("amount", value, "wrong-type", "expected an amount in CNY, found");
    }
    refused("amount", r#"{"amount":1,"currency":"USD"}"#, "wrong-currency", "USD");
    for value in [".nan", ".inf", "-.INF"] {
        let item = |amount: &str| {
            format!("- {{ id: a, claim: exchange, requested_at: 2024-09-12, amount: {amount} }}\n")
        };
        let judged = judged("in.yaml", format!("{}{}{}", item("1"), item(value), item("2")));
        assert_eq!(judged.numbers(), (vec![0, 2], vec![1]), "{value}");
    }
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for value in ["\"2024-02-30\"", "\"2023-02-29\"", "\"2024-13-01\"", "\"2024-09-12T25:00:00Z\""]
    {
        refused(
            "requested_at",
            value,
            "bad-time",
            "expected a time such as `2024-09-12T08:00:00+08:00`",
        );
    }
    for value in ["\"12.09.2024\"", "\"2024-9-12\"", "\"now\"", "\"\""] {
        refused("requested_at", value, "bad-time", "found the text");
    }
    refused("requested_at", "1726106400", "wrong-type", "found the number 1726106400");
    let leap = request("a", "59").replace("2024-09-12T10:00:00+08:00", "2024-02-29");
    assert_eq!(judged("in.json", leap).decided.len(), 1);
}

#[test]
fn times_without_a_zone_read_in_the_rulebooks_zone() {
    let forms = [
        "2024-09-12T10:00:00",
        "2024-09-12 10:00:00",
        "2024-09-12T10:00",
        "2024-09-12T02:00:00Z",
        "2024-09-12T11:00:00+09:00",
    ];
    for form in forms {
        let input = request("a", "59").replace("2024-09-12T10:00:00+08:00", form);
        let judged = judged("in.json", input);
        assert_eq!(each(&judged.decided, "/dated"), ["2024-09-12T10:00:00+08:00"], "{form}");
    }
    let day = request("a", "59").replace("2024-09-12T10:00:00+08:00", "2024-09-12");
    assert_eq!(each(&judged("in.json", day).decided, "/dated"), ["2024-09-12T00:00:00+08:00"]);
}

#[test]
fn an_object_that_breaks_off_is_one_reject() {
    let one = request("a", "59");
    for end in [1, 10, 40, one.len() - 1] {
        let judged = judged("in.json", &one[..end]);
        assert_eq!(judged.only_error().0, "bad-json");
        assert_eq!(judged.rejects[0]["input"], one[..end]);
    }
    let spread = "{\n  \"id\": \"a\",\n  \"claim\": \"exchange\",\n  \"requested_at\": \"2024-0";
    let judged = judged("in.json", spread);
    assert_eq!(judged.only_error().0, "bad-json");
    assert_eq!(judged.rejects[0]["input"], spread);
}

#[test]
fn what_stands_before_the_break_of_an_array_is_decided() {
    let (a, b) = (request("a", "59"), request("b", "250"));
    for broken in ["", "{\"id\":\"c\",\"cl", "{\"id\":\"c\"", "nonsense"] {
        let judged = judged("in.json", format!("[\n{a},\n{b},\n{broken}"));
        assert_eq!(judged.numbers(), (vec![0, 1], vec![2]), "{broken}");
        assert_eq!(judged.rejects[0]["errors"][0]["code"], "bad-json");
        assert_eq!(judged.rejects[0]["input"], broken);
    }
    let judged = judged("in.json", format!("[{a}]\n[{b}"));
    assert_eq!(judged.numbers(), (vec![0, 1], vec![2]));
}

#[test]
fn what_stands_behind_a_break_is_kept_with_it() {
    let (a, b) = (request("a", "59"), request("b", "250"));
    let judged = judged("in.json", format!("[{a} {a}, {b}]"));
    assert_eq!(judged.decided.len(), 1);
    let kept = judged.rejects[0]["input"].as_str().unwrap();
    assert!(kept.contains(&a) && kept.contains(&b), "{kept}");
}

#[test]
fn a_broken_line_costs_only_itself() {
    let good = |id: &str| request(id, "59");
    let text = format!("{}\n{}\n{{\"id\":\n{}\n", good("a"), good("b"), good("d"));
    for name in ["in.jsonl", "in.ndjson", "in.json", "in"] {
        let judged = judged(name, &text);
        assert_eq!(judged.numbers(), (vec![0, 1, 3], vec![2]), "{name}");
        let reject = &judged.rejects[0];
        assert_eq!((&reject["line"], &reject["input"]), (&json!(3), &json!("{\"id\":")));
        let message = reject["errors"][0]["message"].as_str().unwrap();
        // The line is that of the file, and not of the record within its line.
        assert!(message.contains("column 6") && !message.contains("line 1"), "{message}");
    }
    let first = format!("{{\"id\":\n{}\n{}\n", good("b"), good("c"));
    for name in ["in.jsonl", "in"] {
        assert_eq!(judged(name, &first).numbers(), (vec![1, 2], vec![0]), "{name}");
    }
    let piped = shop().run("eval shop --policy refunds --input -").input(&text).exits(1);
    assert_eq!(each(&piped.lines(), "/id"), ["a", "b", "d"]);
}

#[test]
fn brackets_without_end_are_refused() {
    let open = "[".repeat(MANY);
    assert_eq!(judged("in.json", &open).only_error().0, "bad-json");
    assert_eq!(judged("in.json", "{\"a\":".repeat(MANY)).only_error().0, "bad-json");
    let closed = format!("{open}{}", "]".repeat(MANY));
    assert_eq!(judged("in.json", format!("[{closed}]")).rejects.len(), 1);
    assert_eq!(judged("in.jsonl", format!("{closed}\n")).rejects.len(), 1);
    refused("id", &closed, "wrong-type", "expected a text, found a list");
    for text in [closed, "- ".repeat(MANY), "{a: ".repeat(MANY), "? ".repeat(MANY)] {
        let (code, message) = {
            let judged = judged("in.yaml", text);
            let (code, message) = judged.only_error();
            (code.to_string(), message.to_string())
        };
        assert_eq!(code, "bad-yaml");
        assert!(!message.contains("budget") && !message.contains("{ "), "{message}");
    }
}

#[test]
fn what_no_field_takes_may_nest() {
    let nest = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert_eq!(judged("in.json", request("a", &format!("59,\"more\":{nest}"))).decided.len(), 1);
}

#[test]
fn long_texts_are_taken() {
    let long = "x".repeat(10_000_000);
    let judged = judged("in.json", request(&long, "59"));
    assert!(judged.decided[0]["id"].as_str().unwrap() == long);
    let claim = request("a", "59").replace("refund_only", &"y".repeat(1_000_000));
    let judged = self::judged("in.json", claim);
    let (code, message) = judged.only_error();
    assert_eq!(code, "unknown-member");
    assert!(message.len() < 300, "{message}");
}

#[test]
fn null_bytes_are_data_only_where_they_are_escaped() {
    let judged = judged("in.json", request("a\\u0000b", "59"));
    assert_eq!(judged.decided[0]["id"], "a\0b");
    assert_eq!(self::judged("in.json", request("a\0b", "59")).only_error().0, "bad-json");
    assert_eq!(self::judged("in.json", "\0\0\0\0").only_error().0, "bad-json");
    assert_eq!(self::judged("in.jsonl", "\0\0\0\0\n").only_error().0, "bad-json");
    self::judged("in.yaml", "\0\0\0\0").only_error();
    shop()
        .run("eval shop --policy refunds --input - --format table")
        .input(request("a\\u001b[31m", "59"))
        .exits(0)
        .plain();
}

#[test]
fn bytes_that_are_no_utf_8_cost_only_their_record() {
    let line = |id: &[u8]| [b"{\"id\":\"", id, &request("", "59").as_bytes()[7..], b"\n"].concat();
    let text = [line(b"a"), line(b"caf\xe9"), line(b"c")].concat();
    for name in ["in.jsonl", "in"] {
        let judged = judged(name, &text);
        assert_eq!(judged.numbers(), (vec![0, 2], vec![1]), "{name}");
        assert!(judged.rejects[0]["input"].as_str().unwrap().contains("caf\u{fffd}"));
    }
    let array = [b"[".as_slice(), &line(b"caf\xe9"), b"]"].concat();
    assert_eq!(judged("in.json", array).only_error().0, "bad-encoding");
    assert_eq!(judged("in.yaml", b"id: caf\xe9\n").only_error().0, "bad-encoding");
    let utf_16: Vec<_> = request("a", "59").encode_utf16().flat_map(u16::to_le_bytes).collect();
    // What a mark tells is read.
    let marked = judged("in.json", [b"\xff\xfe".as_slice(), &utf_16].concat());
    assert_eq!(marked.numbers(), (vec![0], vec![]));
}

#[test]
fn a_record_is_an_object() {
    let cases =
        [("42", "the number 42"), ("\"x\"", "the text \"x\""), ("null", "null"), ("true", "true")];
    for (text, found) in cases {
        for name in ["in.json", "in.jsonl"] {
            let judged = judged(name, text);
            let message = format!("expected a `Request` record, found {found}");
            assert_eq!(judged.only_error(), ("wrong-type", message.as_str()), "{name}");
        }
        let every = shop().run("eval shop --input -").input(text).exits(1).out_is("");
        every.err_has("rejected: record 0 (line 1)");
    }
    let judged = judged("in.json", "[null, 42, [], {}]");
    assert_eq!(judged.numbers(), (vec![], vec![0, 1, 2, 3]));
    assert_eq!(each(&judged.rejects, "/input"), [json!(null), json!(42), json!([]), json!({})]);
    for text in ["42\n", "x\n", "- 42\n- x\n"] {
        assert!(!self::judged("in.yaml", text).rejects.is_empty(), "{text}");
    }
}

#[test]
fn an_input_without_records_is_no_error() {
    for name in ["in.json", "in.jsonl", "in.yaml", "in"] {
        for text in ["", "\n \r\n\n", "\u{feff}"] {
            let judged = judged(name, text);
            assert_eq!(judged.numbers(), (vec![], vec![]), "{name} {text:?}");
        }
    }
    for (name, text) in [("in.json", "[]"), ("in.yaml", "[]"), ("in.yaml", "# none\n")] {
        assert_eq!(judged(name, text).numbers(), (vec![], vec![]), "{name} {text:?}");
    }
    let table = shop().run("eval shop --input - --format table").exits(0);
    table.out_has("0 records in ").out_has("0 decided, 0 rejected");
}

#[test]
fn line_ends_do_not_matter() {
    let (a, b) = (request("a", "59"), request("b", "250"));
    for text in [format!("{a}\r\n{b}\r\n"), format!("{a}\n{b}"), format!("\r\n{a}\r\n\r\n{b}\n\n")]
    {
        for name in ["in.jsonl", "in.json"] {
            assert_eq!(each(&judged(name, &text).decided, "/id"), ["a", "b"], "{text:?}");
        }
    }
    let yaml = "id: a\r\nclaim: exchange\r\nrequested_at: 2024-09-12\r\namount: 59\r\n";
    assert_eq!(judged("in.yaml", yaml).decided.len(), 1);
}

#[test]
fn anchors_and_merges_of_yaml_work() {
    let text = "\
- &a { id: a, claim: exchange, requested_at: 2024-09-12, amount: 59.10 }
- *a
- { <<: *a, id: c, amount: 0.000000001 }
";
    let judged = judged("in.yaml", text);
    assert_eq!(each(&judged.decided, "/id"), ["a", "a", "c"]);
}

#[test]
fn comments_of_yaml_are_no_records_however_long_they_are() {
    let long = "x".repeat(70_000);
    let spaces = " ".repeat(1 << 16);
    let record = "id: a, claim: exchange, requested_at: 2024-09-12, amount: 5";
    for (text, line) in [
        (format!("# {long}\n- {{ {record} }}\n"), 2),
        // What stands in the second piece of the line looks like an item.
        (format!("#{}- x\n- {{ {record} }}\n", "x".repeat((1 << 16) - 1)), 2),
        (format!("%TAG ! {long}\n---\n- {{ {record} }}\n"), 3),
        (format!("--- # {long}\n- {{ {record} }}\n"), 2),
        (format!("{spaces}{spaces}\n- {{ {record} }}\n"), 2),
        (format!("{spaces}# {long}\n- {{ {record} }}\n"), 2),
        (format!("---{spaces}{spaces}# {long}\n- {{ {record} }}\n"), 2),
        (format!("---{spaces}{spaces}{{ {record} }}\n"), 1),
        (format!("{spaces}{{ {record} }}\n{spaces}\n"), 1),
        (format!("- {{ {record} }}\n# {long}\n...\n# {long}\n"), 1),
    ] {
        let start = text.get(..12).unwrap();
        let whole = judged("in.yaml", &text);
        assert_eq!((whole.decided.len(), whole.rejects.len()), (1, 0), "{start:?}");
        let broken = judged("in.yaml", text.replace("exchange", "nothing"));
        assert_eq!(each(&broken.rejects, "/line"), [line], "{start:?}");
    }
}

#[test]
fn anchors_are_read_again_so_often_and_no_more() {
    let text = |numbers: usize, records: usize| {
        let more = vec!["1"; numbers].join(",");
        let record = "id: a, claim: exchange, requested_at: 2024-09-12, amount: 5";
        format!("- &a {{ {record}, more: [{more}] }}\n{}", "- *a\n".repeat(records))
    };
    let few = judged("in.yaml", text(1, 200));
    assert_eq!((few.decided.len(), few.rejects.len()), (201, 0));
    let many = judged("in.yaml", text(4000, 100));
    assert!((10..60).contains(&many.decided.len()), "{}", many.decided.len());
    assert_eq!(many.decided.len() + many.rejects.len(), 101);
    let error = &many.rejects[0]["errors"][0];
    assert_eq!(error["code"], "bad-yaml");
    let message = "this refers to an anchor of an earlier record, and so many have done so that \
                   what they refer to is not read again";
    assert_eq!(error["message"], message);
    // With every document it begins anew.
    let two = judged("in.yaml", format!("{0}---\n{0}", text(4000, 20)));
    assert_eq!((two.decided.len(), two.rejects.len()), (42, 0));
}

#[test]
fn a_broken_line_costs_only_itself_behind_a_line_of_any_length() {
    let good = |id: &str| request(id, "59");
    let more = format!(",\"more\":\"{}\"}}", "x".repeat(2 << 20));
    let long = good("a").trim_end_matches('}').to_string() + &more;
    let text = format!("{long}\n{{\"id\":\n{}\n{}\n", good("c"), good("d"));
    for name in ["in.jsonl", "in.json", "in"] {
        assert_eq!(judged(name, &text).numbers(), (vec![0, 2, 3], vec![1]), "{name}");
    }
    // The broken line is the long one, or the one in front of it.
    let text = format!("{}\n{}\n{}\n", long.trim_end_matches('}'), good("b"), good("c"));
    assert_eq!(judged("in", text).numbers(), (vec![1, 2], vec![0]));
    let text = format!("{{\"id\":\n{long}\n{}\n", good("c"));
    assert_eq!(judged("in", text).numbers(), (vec![1, 2], vec![0]));
}

#[test]
fn the_bound_of_a_line_holds_wherever_it_stands_among_others() {
    // The end of the long line comes with the next one.
    let long = request("a", "59").replace("refund_only", &"x".repeat((64 << 20) + 1000));
    let judged = judged("in.jsonl", format!("{long}\n{}\n", request("b", "59")));
    assert_eq!(judged.numbers(), (vec![1], vec![0]));
    assert_eq!(judged.rejects[0]["errors"][0]["code"], "record-too-large");
    assert_eq!(judged.rejects[0]["input"].as_str().unwrap().len(), 1024);
}

#[test]
fn a_yaml_that_explodes_is_refused() {
    let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, before) in ('b'..='i').zip('a'..) {
        writeln!(text, "{name}: &{name} [{}]", vec![format!("*{before}"); 9].join(", ")).unwrap();
    }
    let judged = judged("in.yaml", text);
    let (code, message) = judged.only_error();
    assert_eq!(code, "bad-yaml");
    assert!(!message.contains("budget") && !message.contains("{ "), "{message}");
}

#[test]
fn a_long_yaml_is_taken() {
    let many = vec!["1"; 300_000].join(",");
    let mut text = String::new();
    for number in 0..2000 {
        writeln!(
            text,
            "- id: r{number}\n  claim: exchange\n  requested_at: 2024-09-12\n  amount: 5"
        )
        .unwrap();
    }
    writeln!(text, "  more: [{many}]").unwrap();
    let judged = judged("in.yaml", text);
    assert_eq!((judged.decided.len(), judged.rejects.len()), (2000, 0));
}

#[test]
fn a_hundred_thousand_records_are_all_decided_or_rejected() {
    // A debug build takes its time.
    let count: u64 = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
    let filler = "x".repeat(560);
    let mut text = String::new();
    for number in 0..count {
        let amount = if number % 10 == 7 { "\"many\"" } else { "59.90" };
        let record = request(&format!("r{number}"), &format!("{amount},\"note\":\"{filler}\""));
        writeln!(text, "{record}").unwrap();
    }
    let folder = shop().with("in.jsonl", text);
    let run = "eval shop --input in.jsonl --output out.jsonl --rejects bad.jsonl";
    folder.run(run).exits(1).out_is("").err_is("");
    let numbers = |name: &str| {
        let lines = json_lines(&folder.read(name));
        lines.iter().map(|line| line["record"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let (decided, rejected) = (numbers("out.jsonl"), numbers("bad.jsonl"));
    assert!(rejected.iter().copied().eq((0..count).filter(|number| number % 10 == 7)));
    assert!(decided.iter().copied().eq((0..count).filter(|number| number % 10 != 7)));
}

#[test]
fn a_record_that_needs_what_it_lacks_names_every_field() {
    let folder = Folder::new().with(
        "one.policy",
        "record Line { sku: text, price: CNY }\nrecord Order { id: text, lines: list of Line, buyer: Line? }\n\
         policy p for Order {\n  decide d: bool by first otherwise false\n  rule a { when len(lines) > 3 then true }\n}\n",
    );
    let input = r#"{"id":"a","lines":[{"sku":"x","price":1},{"sku":2},{"price":"y","sku":"z"},null,5],"buyer":{"sku":[]}}"#;
    let run = folder.run("eval one.policy --rejects bad.jsonl --input -").input(input);
    run.exits(1).out_is("").err_is("");
    let rejects = json_lines(&folder.read("bad.jsonl"));
    let paths = [
        "lines[1].sku",
        "lines[1].price",
        "lines[2].price",
        "lines[3]",
        "lines[4]",
        "buyer.sku",
        "buyer.price",
    ];
    assert_eq!(each(rejects[0]["errors"].as_array().unwrap(), "/path"), paths);
}
