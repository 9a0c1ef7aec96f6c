//! Files of columns that are damaged, hostile or huge: a clear message, every record decided or
//! rejected, and all of an output or nothing of it.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use serde_json::{Value, json};

use crate::harness::{Folder, Ran, each, json_lines};
use crate::infer::columns_of;
use crate::shop::{requests, shop};
use crate::tabular::{csv, parquet, parquet_of, rows_of};

/// Expects a run on a file to be refused, and the files of an earlier run to stay as they were.
#[track_caller]
fn refused(name: &str, content: impl AsRef<[u8]>, message: &str) -> Ran {
    let folder = shop().with(name, content).with("out.csv", "earlier").with("bad.jsonl", "earlier");
    let run =
        format!("eval shop --policy refunds --input {name} --output out.csv --rejects bad.jsonl");
    let ran = folder.run(&run).exits(2).out_is("").err_has(message);
    assert_eq!(folder.names(), ["bad.jsonl", name, "out.csv", "shop"], "{ran}");
    assert_eq!(
        (folder.read("out.csv"), folder.read("bad.jsonl")),
        ("earlier".into(), "earlier".into())
    );
    ran
}

/// What came of the records of a file: the numbers of those that were decided, and the rejects.
#[track_caller]
fn judged(name: &str, content: impl AsRef<[u8]>, arguments: &str) -> (Vec<Value>, Vec<Value>) {
    let folder = shop().with(name, content);
    let run = format!("eval shop --policy refunds --rejects bad.jsonl --input {name} {arguments}");
    let counts = folder.run(&run).args("--format counts").output();
    let rejects = json_lines(&folder.read("bad.jsonl"));
    assert_eq!(counts.code, i32::from(!rejects.is_empty()), "{}", counts.ran);
    let decided = folder.run(&run).args("--format jsonl").output();
    assert_eq!(json_lines(&folder.read("bad.jsonl")), rejects);
    let numbers = each(&decided.ran.lines(), "/record");
    let mut all: Vec<_> = numbers.iter().chain(&each(&rejects, "/record")).cloned().collect();
    all.sort_by_key(Value::as_u64);
    assert!(all.iter().eq(&(0..all.len()).map(Value::from).collect::<Vec<_>>()), "lost: {all:?}");
    let told = format!(": {} decided, {} rejected", numbers.len(), rejects.len());
    assert!(counts.ran.out.contains(&told), "{}", counts.ran);
    (numbers, rejects)
}

/// The code and the message of the only error of each reject.
fn errors<'r>(rejects: &'r [Value]) -> Vec<(&'r str, &'r str)> {
    let only = |reject: &'r Value| match reject["errors"].as_array().unwrap().as_slice() {
        [error] => (error["code"].as_str().unwrap(), error["message"].as_str().unwrap()),
        _ => panic!("{reject}"),
    };
    rejects.iter().map(only).collect()
}

/// Three requests with a column put in the place of another.
fn replaced(name: &str, column: ArrayRef) -> Vec<u8> {
    let batch = columns_of(&requests(column.len()));
    let fields = batch.schema_ref().fields().iter().map(|field| field.name().as_str());
    let columns = fields
        .zip(batch.columns())
        .map(|(own, known)| (own, if own == name { column.clone() } else { known.clone() }));
    parquet_of(&RecordBatch::try_from_iter(columns).unwrap(), usize::MAX)
}

#[test]
fn a_parquet_file_that_was_cut_short_is_refused() {
    let whole = parquet(&requests(3000));
    for length in [1, 4, 8, 100, whole.len() / 2, whole.len() - 8, whole.len() - 1] {
        let ran = refused("in.parquet", &whole[..length], "in.parquet cannot be read as Parquet: ");
        assert!(ran.err.lines().count() == 1, "{ran}");
    }
    refused("in.parquet", "", "in.parquet cannot be read as Parquet: ");
    refused("in.parquet", requests(3), "in.parquet cannot be read as Parquet: ");
}

#[test]
fn a_parquet_file_that_is_damaged_within_gives_no_output() {
    let whole = parquet_of(&columns_of(&requests(3000)), 500);
    let mut told = 0;
    for place in (4..whole.len()).step_by(whole.len() / 60) {
        let mut damaged = whole.clone();
        let end = whole.len().min(place + 40);
        damaged[place..end].fill(0xff);
        let folder = shop().with("in.parquet", &damaged);
        let run = "eval shop --policy refunds --input in.parquet --output out.csv --threads 2";
        let ended = folder.run(run).output();
        // What was changed may be the text of an id.
        assert!(ended.code <= 2, "at {place}\n{}", ended.ran);
        assert_eq!(folder.path("out.csv").exists(), ended.code < 2, "at {place}\n{}", ended.ran);
        assert_eq!(folder.names().len(), 2 + usize::from(ended.code < 2));
        told += usize::from(ended.ran.err.contains("in.parquet: the file is damaged"));
    }
    assert!(told > 10, "{told}");
}

#[test]
fn columns_of_other_types_are_refused_before_anything_runs() {
    let truths = Arc::new(BooleanArray::from(vec![true, false, true]));
    let ran = refused(
        "in.parquet",
        replaced("amount", truths),
        "the columns do not fit the record `Request`",
    );
    ran.err_has(
        "amount: the column `amount` is of type Boolean, which is not an amount in CNY; give ",
    )
    .err_has("(wrong-column-type)");
    // A text may be a number: each value tells.
    let texts = Arc::new(StringArray::from(vec!["1", "two", "3.50"]));
    let (decided, rejects) = judged("in.parquet", replaced("amount", texts), "");
    assert_eq!(decided, [0, 2]);
    let message = "expected an amount in CNY, found the text \"two\"";
    assert_eq!(errors(&rejects), [("wrong-type", message)]);
}

#[test]
fn a_column_that_is_missing_is_named() {
    let batch = columns_of(&requests(3));
    let some = batch.project(&[0, 1]).unwrap();
    let ran = refused("in.parquet", parquet_of(&some, 10), "every record needs ");
    ran.err_has("requested_at: no column holds it")
        .err_has("amount: no column holds it")
        .err_has("(missing-column)");
    let ran = refused("in.csv", "id,claim\nr1,exchange\n", "requested_at: no column holds it");
    ran.err_has("amount: no column holds it");
    refused("in.csv", "id,id,claim,requested_at,amount\n", "id: ").err_has("(");
}

#[test]
fn files_without_records_are_no_error_but_without_columns() {
    let nothing = columns_of(&requests(3)).slice(0, 0);
    assert_eq!(judged("in.parquet", parquet_of(&nothing, 10), ""), (vec![], vec![]));
    for text in ["id,claim,requested_at,amount", "id,claim,requested_at,amount\r\n\r\n"] {
        assert_eq!(judged("in.csv", text, ""), (vec![], vec![]));
    }
    for text in ["", "\n\n", "\u{feff}"] {
        refused("in.csv", text, "in.csv: the file is empty; its first line must name the columns");
    }
}

#[test]
fn ten_thousand_columns_are_passed_over() {
    let others: Vec<_> = (0..10_000).map(|number| format!("other_{number}")).collect();
    let batch = columns_of(&requests(3));
    let known = batch.schema_ref().fields().iter().zip(batch.columns());
    let known = known.map(|(field, column)| (field.name().clone(), column.clone()));
    let other: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let all = others.iter().map(|name| (name.clone(), other.clone())).chain(known);
    let batch = RecordBatch::try_from_iter(all).unwrap();
    assert_eq!(
        judged("in.parquet", parquet_of(&batch, 10), ""),
        (vec![json!(0), json!(1), json!(2)], vec![])
    );

    let head = others.join(",");
    let cells = vec!["x"; others.len()].join(",");
    let text = csv(&requests(3), b',').unwrap();
    let text: String = text.lines().enumerate().fold(String::new(), |mut text, (number, line)| {
        writeln!(text, "{},{line}", if number == 0 { &head } else { &cells }).unwrap();
        text
    });
    assert_eq!(judged("in.csv", text, ""), (vec![json!(0), json!(1), json!(2)], vec![]));
}

const HEAD: &str = "id,claim,requested_at,amount";

fn sheet(lines: &[&str]) -> String {
    lines.iter().fold(format!("{HEAD}\n"), |text, line| text + line + "\n")
}

#[test]
fn ragged_rows_cost_only_themselves() {
    let text = sheet(&[
        "r0,exchange,2024-09-12,59",
        "r1,exchange,2024-09-12",
        "r2,exchange,2024-09-12,59,more",
        "",
        "r3,exchange,2024-09-12,59",
        "r4",
    ]);
    for threads in ["--threads 1", "--threads 3"] {
        let (decided, rejects) = judged("in.csv", &text, threads);
        assert_eq!(decided, [0, 3]);
        assert_eq!(each(&rejects, "/line"), [3, 4, 7]);
        let has = |cells: &str| format!("this record has {cells}, and the first line names 4");
        let told: Vec<_> =
            errors(&rejects).iter().map(|(code, told)| format!("{code}: {told}")).collect();
        let expected =
            ["3 cells", "5 cells", "1 cell"].map(|cells| format!("bad-csv: {}", has(cells)));
        assert_eq!(told, expected);
        assert_eq!(rejects[1]["input"], "r2,exchange,2024-09-12,59,more");
    }
}

#[test]
fn a_quote_that_is_left_open_is_told_where_it_opens() {
    let text = sheet(&[
        "r0,exchange,2024-09-12,59",
        "\"r1,exchange,2024-09-12,59",
        "r2,exchange,2024-09-12,59",
    ]);
    let (decided, rejects) = judged("in.csv", text, "");
    assert_eq!(decided, [0]);
    assert_eq!(each(&rejects, "/line"), [3]);
    let message = "a quote that opens in this record is not closed, and the file ends in it";
    assert_eq!(errors(&rejects), [("bad-csv", message)]);
    // The same where more stands in it than in any record.
    let mut text = sheet(&["r0,exchange,2024-09-12,59", "\"r1,exchange,2024-09-12,59"]);
    while text.len() < 17 << 20 {
        text.push_str("r2,exchange,2024-09-12,59\n");
    }
    let (decided, rejects) = judged("in.csv", text, "");
    assert_eq!(decided, [0]);
    assert_eq!(each(&rejects, "/line"), [3]);
    assert_eq!(errors(&rejects), [("bad-csv", message)]);
}

#[test]
fn a_record_that_is_too_long_costs_only_itself() {
    let lines = "x\n".repeat(8 << 20);
    for (long, line) in [
        (format!("\"{lines}x\",exchange,2024-09-12,59"), 4 + (8 << 20)),
        (format!("\"{}\",exchange,2024-09-12,59", "\"\"".repeat(9 << 20)), 4),
        (format!("r1,exchange,2024-09-12,{}", "5".repeat(17 << 20)), 4),
        // Its end comes with the bytes with which it becomes too long.
        (format!("r1,exchange,2024-09-12,{}", "5".repeat((16 << 20) + 10)), 4),
    ] {
        let text = sheet(&[
            "r0,exchange,2024-09-12,59",
            &long,
            "r2,exchange,2024-09-12,many",
            "r3,exchange,2024-09-12,59",
        ]);
        let (decided, rejects) = judged("in.csv", text, "");
        assert_eq!(decided, [0, 3]);
        assert_eq!(each(&rejects, "/line"), [3, line]);
        assert_eq!(errors(&rejects)[0].0, "record-too-large");
        assert_eq!(rejects[0]["input"].as_str().unwrap().len(), 1024);
    }
}

#[test]
fn quotes_may_hold_everything() {
    let text = "\"id\",claim,requested_at,\"amount\"\r\n\"a,\"\"b\"\"\r\nc\",exchange,2024-09-12,\"59\"\r\n";
    let folder = shop().with("in.csv", text);
    let ran = folder.run("eval shop --policy refunds --input in.csv --format jsonl").exits(0);
    assert_eq!(ran.lines()[0]["id"], "a,\"b\"\r\nc");
    let ran = folder.run("eval shop --policy refunds --input in.csv --format csv").exits(0);
    assert!(ran.out.ends_with("0,\"a,\"\"b\"\"\r\nc\",support,0.00,,\n"), "{ran}");
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_name() {
    let text = format!("\u{feff}{}", sheet(&["r0,exchange,2024-09-12,59"]));
    assert_eq!(judged("in.csv", text, "").0, [0]);
    let text = format!("\u{feff}\"id\"{}", &sheet(&["r0,exchange,2024-09-12,59"])[2..]);
    assert_eq!(judged("in.csv", text, "").0, [0]);
}

#[test]
fn the_separator_and_the_line_of_names_are_those_by_which_the_columns_fit() {
    let text = sheet(&["r0,exchange,2024-09-12,59"]);
    for (separator, told) in [(";", "`;`"), ("\t", "tabs"), ("|", "`|`")] {
        let text = text.replace(',', separator);
        let folder = shop().with("in.csv", &text);
        let run = "eval shop --policy refunds --input in.csv --format counts";
        let note = format!(
            "note: in.csv: its cells are parted by {told}; if that is not so, say `--delimiter CHARACTER`\n"
        );
        folder.run(run).exits(0).out_has("1 decided, 0 rejected").err_is(&note);
        let run = folder.run(&format!("{run} --delimiter"));
        let run = run.arg(if separator == "\t" { "tab" } else { separator });
        run.exits(0).out_has("1 decided, 0 rejected").err_is("");
    }
    for wrong in ["", ";;", "\"", "\u{ff1b}"] {
        let run = shop().run("eval shop --input in.csv --delimiter").arg(wrong);
        run.exits(2).err_has("give one character such as `;`, or `tab`");
    }
    // Lines before the names, as exports have them.
    let export = format!("Requests, exported on 3 May\n\n{}", text.replace(',', ";"));
    let folder = shop().with("in.csv", export);
    let run = "eval shop --policy refunds --input in.csv --format jsonl";
    let ran = folder.run(run).exits(0);
    assert_eq!(ran.lines()[0]["id"], "r0");
    ran.err_has(
        "in.csv: line 3 names the columns, and 2 lines before it are passed over (`--header-line`)",
    )
    .err_has("in.csv: its cells are parted by `;`");
    folder.run(run).args("--header-line 3 --delimiter ;").exits(0).err_is("");
    folder.run(run).args("--header-line 0").exits(2).err_has("from 1 on");
    let ran = folder.run(run).args("--header-line 9").exits(2);
    ran.err_has("in.csv: line 9 is to name the columns, and there are none from there on");
}

#[test]
fn columns_that_do_not_fit_are_told_as_they_were_found() {
    refused(
        "in.csv",
        "id;claims\nr0;exchange\n",
        "its columns were read as `id, claims` on line 1, parted by `;`",
    )
    .err_has("claim: no column holds it")
    .err_has("did you mean `claims`")
    .err_has("`--header-line 3`");
    refused(
        "in.csv",
        "Export of the shop, 3 May\n",
        "its columns were read as `Export of the shop, 3 May` on line 1",
    );
    refused("in.csv", "a\nb\n", "its columns were read as `a` on line 1; if that");
}

#[test]
fn bytes_that_are_no_text_cost_only_their_record() {
    // Most of it is UTF-8, so that the rest is damage.
    let text = sheet(&[
        "r0,exchange,2024-09-12,59",
        "r?,exchange,2024-09-12,59",
        "ré,exchange,2024-09-12,59",
    ]);
    let bytes: Vec<_> = text.bytes().map(|byte| if byte == b'?' { 0xe9 } else { byte }).collect();
    let (decided, rejects) = judged("in.csv", bytes, "");
    assert_eq!(decided, [0, 2]);
    assert_eq!(errors(&rejects), [("bad-encoding", "byte 2 of the record is no UTF-8")]);
}

#[test]
fn a_huge_field_is_taken() {
    let long = "x".repeat(10 << 20);
    let text = sheet(&[&format!("{long},exchange,2024-09-12,59"), "r1,exchange,2024-09-12,59"]);
    assert_eq!(judged("in.csv", &text, "").0, [0, 1]);
    let lines = requests(2).replacen("r0", &long, 1);
    assert_eq!(judged("in.parquet", parquet(&lines), "").0, [0, 1]);
    let folder = shop().with("in.csv", text);
    folder.run("eval shop --policy refunds --input in.csv --output out.parquet").exits(0);
    let (rows, _) = rows_of(&folder.path("out.parquet"));
    assert!(rows[0]["id"] == long && rows[1]["id"] == "r1");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_of_columns_without_room_is_told_and_leaves_nothing() {
    let lines = requests(3000);
    let folder = shop().with("in.parquet", parquet(&lines));
    let run = "eval shop --policy refunds --input in.parquet --rejects bad.jsonl --output /dev/full --format";
    for format in ["parquet", "csv", "tsv"] {
        let ran = folder.run(run).arg(format).exits(2);
        ran.out_is("")
            .err_is("error: cannot write /dev/full: No space left on device (os error 28)\n");
        assert_eq!(folder.names(), ["in.parquet", "shop"]);
    }
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let run = folder.run("eval shop --policy refunds --input in.parquet --format parquet");
    run.prints_to(full).exits(2).err_has("No space left on device");
}

#[cfg(unix)]
#[test]
fn columns_that_change_while_they_are_read_give_no_output() {
    use crate::files::waiting_for;
    for (name, content) in [
        ("in.parquet", parquet(&requests(3))),
        ("in.csv", csv(&requests(3), b',').unwrap().into_bytes()),
    ] {
        let folder = shop().with(name, &content);
        let child = waiting_for(&folder, name, "out.parquet");
        let longer = [content.as_slice(), b"r9,exchange,2024-09-12,59\n"].concat();
        let folder = folder.with(name, longer);
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(
            told.contains(&format!("{name} changed while it was read, so nothing is written")),
            "{told}"
        );
        assert_eq!(folder.names(), [name, "late.jsonl", "shop"]);
    }
}

#[test]
fn one_file_of_several_that_is_bad_is_named_before_anything_runs() {
    let folder = Folder::new()
        .with("shop/shop.policy", crate::shop::POLICY)
        .with("1.parquet", parquet(&requests(3)))
        .with("2.parquet", &parquet(&requests(3))[..200]);
    let run = "eval shop --policy refunds --input *.parquet --output out.parquet";
    folder.run(run).exits(2).err_has("2.parquet cannot be read as Parquet: ");
    assert_eq!(folder.names(), ["1.parquet", "2.parquet", "shop"]);
}
