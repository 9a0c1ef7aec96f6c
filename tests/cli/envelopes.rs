//! Records within a document: the list is named, or the message says which it may be; items of nested lists come
//! with what they belong to.

use serde_json::{Value, json};

use crate::harness::{Folder, each};

const POLICY: &str = "
record Order { id: text  paid: CNY }
policy look for Order {
  decide look: bool by first otherwise false
  rule dear { when paid > 50 CNY then true }
}
";

fn orders() -> Folder {
    Folder::new().with("p/orders.policy", POLICY)
}

const RUN: &str = "eval p --format jsonl --input";

#[test]
fn a_list_that_is_named_holds_the_records() {
    let page = r#"{"next": null, "data": {"orders": [{"id": "a", "paid": 70}, {"id": "b", "paid": 3}]}, "of": 2}"#;
    let yaml = "data:\n  orders:\n    - {id: a, paid: 70}\n    - {id: b, paid: 3}\nof: 2\n";
    for (name, text) in
        [("page.json", page), ("page", page), ("page.jsonl", page), ("page.yaml", yaml)]
    {
        let folder = orders().with(name, text);
        for path in ["data.orders", "/data/orders", "$.data.orders[*]", "$['data'][\"orders\"]"] {
            let ran = folder.run(&format!("{RUN} {name} --records")).arg(path).exits(0);
            assert_eq!(each(&ran.lines(), "/decisions/look"), [true, false], "{name} {path}");
        }
    }
    // A page a line, of which one has no orders.
    let pages = [
        r#"{"orders": [{"id": "a", "paid": 70}]}"#,
        r#"{"error": "try again"}"#,
        r#"{"orders": []}"#,
    ];
    let folder = orders().with("pages.jsonl", pages.join("\n"));
    let ran = folder.run(&format!("{RUN} pages.jsonl --records orders")).exits(1);
    assert_eq!(each(&ran.lines(), "/id"), ["a"]);
    ran.err_has("record 1 (line 2)")
        .err_has("there is no `orders` at its top, where stand `error` (a text) (no-records)");
}

#[test]
fn without_a_name_the_message_has_it() {
    let page = r#"{"data": {"orders": [{"id": "a", "paid": 70}]}, "next": null}"#;
    let yaml = "data:\n  orders:\n    - {id: a, paid: 70}\n";
    for (name, text) in [("page.json", page), ("page", page), ("page.yaml", yaml)] {
        let folder = orders().with(name, text);
        folder.run(&format!("{RUN} {name}")).exits(2).out_is("").err_is(&format!(
            "error: {name} is one object with a list `data.orders`; say `--records data.orders`\n"
        ));
    }
    // Where the items do not fit either, it is a hint.
    let folder = orders().with("page.json", r#"{"orders": [{"number": 1}]}"#);
    folder.run(&format!("{RUN} page.json")).exits(1).err_has(
        "note: page.json: it is one object with a list `orders`; if the records stand there, say `--records orders`",
    );
    // A record that has a list is a record.
    let folder =
        orders().with("one.json", r#"{"id": "a", "paid": 70, "lines": [{"id": "x", "paid": 1}]}"#);
    folder.run(&format!("{RUN} one.json")).exits(0).err_is("");
}

#[test]
fn a_list_that_is_not_there_is_told_with_what_there_is() {
    let page = r#"{"data": {"items": [{"id": "a", "paid": 70}]}, "next": null}"#;
    let yaml = "data:\n  items:\n    - {id: a, paid: 70}\nnext: null\n";
    for (name, text) in [("page.json", page), ("page.jsonl", page), ("page.yaml", yaml)] {
        let folder = orders().with(name, text);
        folder.run(&format!("{RUN} {name} --records orders")).exits(2).err_has(&format!(
            "cannot read {name}: there is no `orders` at its top, where stand `data` (an object), `next` (null)"
        ));
        folder.run(&format!("{RUN} {name} --records data.orders")).exits(2).err_has(&format!(
            "cannot read {name}: there is no `orders` in `data`, where stand `items` (a list)"
        ));
    }
    for wrong in ["a..b", "", "$..a"] {
        let run = orders().run(&format!("{RUN} x.json --records")).arg(wrong);
        run.exits(2).err_has("write a name such as `orders`");
    }
}

const LINES: &str = "
record Head { id: text  buyer: text }
record Line { id: text as \"sku\"  paid: CNY  parent: Head }
policy lines for Line {
  decide look: bool by first otherwise false
  rule dear { when paid > 50 CNY and parent.buyer == \"x\" then true because \"line of {parent.id}\" }
}
";

#[test]
fn lines_come_out_of_their_orders_with_what_they_belong_to() {
    let order = |id: &str, buyer: &str| json!({"id": id, "lines": [{"sku": "s", "paid": 70}, {"sku": "t", "paid": 3}], "buyer": buyer});
    let orders = [order("o1", "x"), order("o2", "y")];
    let page = json!({"orders": orders}).to_string();
    let array = Value::from(orders.to_vec()).to_string();
    let jsonl = orders.iter().map(|order| format!("{order}\n")).collect::<String>();
    for (name, text, path) in [
        ("page.json", &page, "orders[*].lines"),
        ("page.json", &page, "/orders/*/lines"),
        ("page.jsonl", &page, "orders[*].lines"),
        ("array.json", &array, "[*].lines"),
        ("array.yaml", &array, "*.lines"),
        ("lines.jsonl", &jsonl, "[*].lines"),
    ] {
        let folder = Folder::new().with("p/lines.policy", LINES).with(name, text);
        let ran = folder.run(&format!("{RUN} {name} --records")).arg(path).exits(0);
        let lines = ran.lines();
        assert_eq!(each(&lines, "/id"), ["s", "t", "s", "t"], "{name} {path}");
        assert_eq!(each(&lines, "/decisions/look"), [true, false, false, false]);
        assert!(ran.out.contains("line of o1"), "{ran}");
    }
}

#[test]
fn settings_say_where_the_records_of_a_record_stand() {
    let folder = orders()
        .with("page.json", r#"{"orders": [{"id": "a", "paid": 70}]}"#)
        .with("p/rulebook.yaml", "inputs:\n  Order: { records: orders }\n");
    folder.run(&format!("{RUN} page.json")).exits(0).err_is("");
    folder.run("explain p --input page.json --record 0").exits(0).out_has("dear");
    folder.run("simulate p --input page.json").exits(0);
    // The command line wins.
    folder.run(&format!("{RUN} page.json --records nowhere")).exits(2).err_has("no `nowhere`");
    for (settings, told) in [
        ("inputs:\n  Ordr: { records: orders }\n", "there is no record `Ordr`"),
        ("inputs:\n  Order: { recods: orders }\n", "inputs have no `recods`"),
        ("inputs:\n  Order: orders\n", "`Order` holds"),
        ("inputs: orders\n", "`inputs` holds"),
        ("inputs:\n  Order: { header_line: 0 }\n", "from 1 on"),
        ("inputs:\n  Order: { records: \"a..b\" }\n", "`records` cannot be read"),
        ("inputs:\n  Order: { delimiter: [x] }\n", "the character between cells"),
    ] {
        let folder = orders().with("p/rulebook.yaml", settings);
        folder.run("check p").exits(1).out_has(told);
    }
}

#[test]
fn records_may_stand_under_names() {
    let page = r#"{"by_id": {"x": {"id": "a", "paid": 70}, "y": {"id": "b", "paid": 3}}, "of": 2}"#;
    for (name, path) in [("page.json", "by_id[*]"), ("page.jsonl", "/by_id/*")] {
        let ran = orders().with(name, page).run(&format!("{RUN} {name} --records {path}")).exits(0);
        assert_eq!(each(&ran.lines(), "/id"), ["a", "b"]);
    }
}

#[test]
fn a_page_that_breaks_off_is_decided_up_to_there() {
    let page = r#"{"orders": [{"id": "a", "paid": 70}, {"id": "b", "pa"#;
    let folder = orders().with("page.json", page);
    let ran = folder.run(&format!("{RUN} page.json --records orders")).exits(1);
    assert_eq!(each(&ran.lines(), "/id"), ["a"]);
    ran.err_has("(bad-json)");
}
