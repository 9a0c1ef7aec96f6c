//! A record with very many problems: the first of each kind are told, the others counted.

use serde_json::json;

use crate::harness::{Folder, json_lines};

const POLICY: &str = "
record Item { price: CNY  name: text }
record Order { id: text  items: list of Item  codes: list of number }
policy orders for Order {
  decide step: pay < ask by strictest otherwise pay
  rule many { when any(i in items: i.price > 100 CNY) or 3 in codes then ask }
}
";

const MANY: usize = 50_000;

fn folder() -> Folder {
    let items = vec!["{\"price\":\"x\",\"name\":\"n\"}"; MANY].join(",");
    let codes = vec!["true"; MANY].join(",");
    let record = format!("{{\"id\":\"o1\",\"items\":[{items}],\"codes\":[{codes}]}}\n");
    Folder::new().with("orders.policy", POLICY).with("in.jsonl", record)
}

#[test]
fn many_problems_of_a_record_are_told_by_their_kinds() {
    let folder = folder();
    let ran = folder.run("eval orders.policy --input in.jsonl --format counts").exits(1);
    assert_eq!(ran.err.lines().count(), 14, "{ran}");
    ran.err_has("rejected: record 0 (line 1): 100000 problems\n")
        .err_has("  items[4].price: expected an amount in CNY, found the text \"x\" (wrong-type)\n")
        .err_has(
            "  items[].price: 49995 more like items[5].price: expected an amount in CNY, found the \
             text \"x\" (wrong-type)\n",
        )
        .err_has(
            "  codes[]: 49995 more like codes[5]: expected a number, found true (wrong-type)\n",
        );
    let ran = folder.run("explain orders.policy --input in.jsonl --record 0").exits(1);
    assert_eq!(ran.err.lines().count(), 13, "{ran}");
}

#[test]
fn rejects_count_what_they_do_not_tell_one_by_one() {
    let folder = folder();
    folder.run("eval orders.policy --input in.jsonl --rejects bad.jsonl --format counts").exits(1);
    let reject = &json_lines(&folder.read("bad.jsonl"))[0];
    assert_eq!(reject["problems"], json!(2 * MANY));
    assert_eq!(reject["errors"].as_array().unwrap().len(), 12);
    let folded = json!({
        "path": "codes[]", "code": "wrong-type", "count": MANY - 5,
        "message": "49995 more like codes[5]: expected a number, found true",
    });
    assert_eq!(reject["errors"][11], folded);
    assert_eq!(reject["errors"][0].get("count"), None);
}
