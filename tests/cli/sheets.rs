//! Workbooks of Excel as inputs: the sheet that was named or fits, with cells as they are.

use serde_json::json;

use crate::harness::{Folder, each};
use crate::workbooks::Cell::{Day, Number, Text, Xml};
use crate::workbooks::{Cell, workbook};

const POLICY: &str = "
record Order { id: text  paid: CNY  day: date?  note: text?  gift: bool? }
policy look for Order {
  decide look: bool by first otherwise false
  rule dear {
    when paid > 50 CNY and day is present and note is present and gift is present
    then true because \"{id} {paid} {day} {note} {gift}\"
  }
}
";

const RUN: &str = "eval p --format jsonl --input";

fn orders() -> Vec<(&'static str, Cell)> {
    vec![
        ("A1", Text("Export of the shop")),
        ("A3", Text("id")),
        ("B3", Text("paid")),
        ("C3", Text("day")),
        ("D3", Text("note")),
        ("E3", Text("gift")),
        ("A4", Text("o1")),
        ("B4", Number("70.1")),
        ("C4", Day(45_520)),
        ("D4", Text("two,\nlines")),
        ("E4", Xml(r#"<c r="NAME" t="b"><v>1</v></c>"#)),
        ("A5", Text("o2")),
        ("B5", Number("3")),
        ("A7", Text("o3")),
        ("B7", Xml(r#"<c r="NAME" t="e"><v>#N/A</v></c>"#)),
        ("A8", Text("o4")),
        ("B8", Number("80")),
    ]
}

fn folder(cells: &[(&str, Cell)]) -> Folder {
    Folder::new().with("p/orders.policy", POLICY).with("orders.xlsx", workbook(cells))
}

#[test]
fn a_sheet_is_judged_row_by_row() {
    let folder = folder(&orders());
    for input in ["orders.xlsx", "orders.xlsx#Freight", "orders.xlsx --sheet Freight"] {
        let ran = folder.run(&format!("{RUN} {input}")).exits(1);
        assert_eq!(each(&ran.lines(), "/id"), ["o1", "o2", "o4"]);
        assert_eq!(each(&ran.lines(), "/decisions/look"), [true, false, false]);
        let reason = ran.lines()[0].pointer("/rules/0/reason").cloned();
        assert_eq!(reason, Some(json!("o1 CNY 70.10 16 August 2024 two,\nlines yes")));
        // The row of the sheet, whatever stands in its cells.
        let ran = ran.err_has("record 2 (line 7)").err_has("found the text \"#N/A\"");
        let is_found = input == "orders.xlsx";
        assert_eq!(ran.err.contains("of its sheets only `Freight` fits"), is_found, "{ran}");
        assert!(ran.err.contains("line 3 names the columns"), "{ran}");
    }
    let settings = "inputs:\n  Order: { sheet: Freight, header_line: 3 }\n";
    let folder = folder.with("p/rulebook.yaml", settings);
    let ran = folder.run(&format!("{RUN} orders.xlsx")).exits(1);
    assert!(!ran.err.contains("note:"), "{ran}");
    folder.run("explain p --input orders.xlsx#Freight --id o1").exits(0).out_has("dear");
}

#[test]
fn sheets_that_are_not_there_are_told_with_those_that_are() {
    let folder = folder(&orders());
    let told = "orders.xlsx has no sheet `Orders`; it has `Freight`, `Notes`";
    folder.run(&format!("{RUN} orders.xlsx#Orders")).exits(2).out_is("").err_has(told);
    folder.run(&format!("{RUN} orders.xlsx --sheet Orders")).exits(2).err_has(told);
    folder
        .run(&format!("{RUN} orders.xlsx#Notes"))
        .exits(2)
        .err_has("orders.xlsx#Notes: the file is empty");
    let other = folder.with("other.xlsx", workbook(&[("A1", Text("number")), ("A2", Number("1"))]));
    let ran = other.run(&format!("{RUN} other.xlsx")).exits(2);
    ran.err_has("other.xlsx#Freight: the columns do not fit the record `Order`")
        .err_has("its columns were read as `number` on line 1");
    let empty = other.with("empty.xlsx", workbook(&[]));
    empty.run(&format!("{RUN} empty.xlsx")).exits(2).err_has("empty.xlsx: its sheets are empty");
}

#[test]
fn what_is_no_workbook_is_told() {
    let folder = folder(&orders());
    let whole = std::fs::read(folder.path("orders.xlsx")).unwrap();
    let folder = folder.with("cut.xlsx", &whole[..whole.len() / 2]).with("text.xlsx", "id,paid\n");
    for name in ["cut.xlsx", "text.xlsx"] {
        let ran = folder.run(&format!("{RUN} {name}")).exits(2);
        ran.out_is("").err_has(&format!("cannot read {name}: it is no workbook of Excel"));
    }
    let piped = folder.run(&format!("{RUN} - --input-format xlsx")).input(&whole).exits(1);
    assert_eq!(piped.lines().len(), 3);
}
