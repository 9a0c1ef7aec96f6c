//! Tables that stand in the sheets of workbooks.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::harness::Folder;

const POLICY: &str = "
record Parcel { id: text  weight: number  day: date  kind: text }
table freight by first from \"tables/fees.xlsx#Freight\"
policy p for Parcel {
  decide fee: CNY by first otherwise 0 CNY
  rule all { then freight(kind, day, weight).fee }
}
";

/// A cell of a sheet: a text, a number, a day by its number, or as it stands in XML.
pub(crate) enum Cell {
    Text(&'static str),
    Number(&'static str),
    Day(u32),
    Share(&'static str),
    Xml(&'static str),
}
use Cell::{Day, Number, Share, Text, Xml};

/// A workbook with one sheet `Freight`, whose cells are named as in `B4`; a second sheet is empty.
pub(crate) fn workbook(cells: &[(&str, Cell)]) -> Vec<u8> {
    let mut rows: Vec<(u32, String)> = Vec::new();
    for (name, cell) in cells {
        let row: u32 = name.trim_start_matches(char::is_alphabetic).parse().unwrap();
        let xml = match cell {
            Text(text) => {
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                format!(r#"<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>"#)
            }
            Number(number) => format!(r#"<c r="{name}"><v>{number}</v></c>"#),
            Day(day) => format!(r#"<c r="{name}" s="1"><v>{day}</v></c>"#),
            Share(share) => format!(r#"<c r="{name}" s="2"><v>{share}</v></c>"#),
            Xml(xml) => xml.replace("NAME", name),
        };
        match rows.last_mut() {
            Some((last, text)) if *last == row => text.push_str(&xml),
            _ => rows.push((row, xml)),
        }
    }
    let rows: String =
        rows.iter().map(|(row, cells)| format!(r#"<row r="{row}">{cells}</row>"#)).collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let files = [
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Freight" sheetId="1" r:id="rId1"/><sheet name="Notes" sheetId="2" r:id="rId2"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{office}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="{office}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{main}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="9" applyNumberFormat="1"/></cellXfs></styleSheet>"#
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
        ),
        (
            "xl/worksheets/sheet2.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData/></worksheet>"#),
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn fees() -> Vec<(&'static str, Cell)> {
    vec![
        ("A1", Text("kind: text")),
        ("B1", Text("day: date")),
        ("C1", Text("weight: number")),
        ("D1", Text("|| fee: CNY")),
        ("E1", Text("note")),
        ("A2", Text("bulky & large")),
        ("B2", Text("_")),
        ("C2", Text("_")),
        ("D2", Number("80")),
        ("E2", Text("asked for, by two & more")),
        ("A4", Text("_")),
        ("B4", Day(45_520)),
        ("C4", Text("_")),
        ("D4", Number("0.1")),
        ("A5", Text("_")),
        ("B5", Text("_")),
        ("C5", Text("> 7 and <= 21")),
        ("D5", Number("12.5")),
        ("A6", Text("_")),
        ("B6", Text("_")),
        ("C6", Text("_")),
        ("D6", Text("2 CNY * weight")),
    ]
}

fn folder(cells: &[(&str, Cell)]) -> Folder {
    let folder = Folder::new()
        .with("book/rulebook.yaml", "name: book\n")
        .with("book/p.policy", POLICY)
        .with(
            "in.jsonl",
            "{\"id\":\"a\",\"weight\":9,\"day\":\"2024-08-16\",\"kind\":\"bulky & large\"}\n\
             {\"id\":\"b\",\"weight\":9,\"day\":\"2024-08-16\",\"kind\":\"x\"}\n\
             {\"id\":\"c\",\"weight\":9,\"day\":\"2024-08-17\",\"kind\":\"x\"}\n\
             {\"id\":\"d\",\"weight\":7,\"day\":\"2024-08-17\",\"kind\":\"x\"}\n",
        );
    std::fs::create_dir_all(folder.path("book/tables")).unwrap();
    std::fs::write(folder.path("book/tables/fees.xlsx"), workbook(cells)).unwrap();
    folder
}

#[test]
fn a_sheet_is_a_table() {
    let folder = folder(&fees());
    folder.run("check book").exits(0);
    let decided = folder.run("eval book --input in.jsonl --format json").exits(0).json();
    let fees: Vec<_> = decided
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["decisions"]["fee"]["amount"].clone())
        .collect();
    assert_eq!(fees, ["80.00", "0.10", "12.50", "14.00"]);
}

#[test]
fn what_is_wrong_in_a_sheet_is_told_by_its_cell() {
    let mut cells = fees();
    cells[16] = ("C5", Text("more than 7"));
    let ran = folder(&cells).run("check book").exits(1);
    ran.out_has("book/tables/fees.xlsx#Freight:C5");
    let mut cells = fees();
    cells[17] = ("D5", Xml(r#"<c r="NAME" t="e"><v>#DIV/0!</v></c>"#));
    let ran = folder(&cells).run("check book").exits(1);
    ran.out_has("cannot read `tables/fees.xlsx`: sheet `Freight`: a cell holds the error #DIV/0!");
    let mut cells = fees();
    cells[13] = ("D4", Share("0.25"));
    folder(&cells).run("check book").exits(0);
}

#[test]
fn sheets_and_workbooks_that_are_not_there_are_told() {
    let folder = folder(&fees());
    let other = |name: &str| {
        let policy = POLICY.replace("fees.xlsx#Freight", name);
        std::fs::write(folder.path("book/p.policy"), policy).unwrap();
        folder.run("check book").exits(1)
    };
    other("fees.xlsx").out_has("name the sheet, too: `tables/fees.xlsx#Freight`");
    other("fees.xlsx#Fright").out_has("did you mean `tables/fees.xlsx#Freight`?");
    other("fee.xlsx#Freight").out_has("did you mean `tables/fees.xlsx#Freight`?");
    other("fees.xlsx#Notes").out_has("fees.xlsx#Notes");
    std::fs::write(folder.path("book/tables/fees.xlsx"), "no workbook").unwrap();
    other("fees.xlsx#Freight")
        .out_has("cannot read `tables/fees.xlsx`: it is no workbook of Excel");
}

#[test]
fn a_workbook_does_not_unpack_without_end() {
    let folder = folder(&fees());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(&vec![b' '; 12 << 20]).unwrap();
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    std::fs::write(folder.path("book/tables/fees.xlsx"), bomb).unwrap();
    let ran = folder.run("check book --untrusted").exits(1);
    ran.out_has("cannot read `tables/fees.xlsx`: it holds more than 8 MB");
}
