//! Fields that say how they are read: from every format alike, and refused with what was expected.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, StructArray,
};
use arrow_schema::{DataType, Field};

use crate::harness::Folder;
use crate::infer::columns_of;
use crate::tabular::parquet_of;

const POLICY: &str = "
record Shop { id: text  since: date read \"%d.%m.%Y\"  rate: number read decimal \",\", percent }
record Order read \"-\" or \"n/a\" as missing {
  id: text
  sold: date as \"Sold On\" read \"%m/%d/%Y\"
  made: time read epoch seconds or epoch milliseconds or \"%Y-%m-%d %H:%M:%S %Z\"
  paid: EUR read decimal \",\", thousands \".\", beside \"€\"
  score: number?
  gift: bool read \"Y\" or \"1\" as true, \"N\" or \"0\" as false
  shop: Shop by shop_id
  shop_id: text
}
policy orders for Order dated by sold {
  decide late: bool by first otherwise false
  rule late {
    when made > sold + 5 days and shop.rate > 4% and shop.since < sold
    then true
    because \"{sold}, {made}, {paid}, {score}, {gift}\"
  }
  rule other { then false because \"{sold}, {made}, {paid}, {score}, {gift}\" }
}
";

const LINES: &str = r#"{"id":"a","Sold On":"11/8/2016","made":"1479168000","paid":"1.299,50 €","score":"-","gift":"Y","shop_id":"s"}
{"id":"b","Sold On":"6/12/2016","made":"1465732800000","paid":"-12,5","score":"4.5","gift":"0","shop_id":"s"}
{"id":"c","Sold On":"6/12/2016","made":"2016-06-12 12:00:00 UTC","paid":"7","score":"n/a","gift":"1","shop_id":"t"}
{"id":"d","Sold On":"13/8/2016","made":"soon","paid":"1,299.50","score":"x","gift":"yes","shop_id":"t"}
"#;

const CELLS: &str = "id,Sold On,made,paid,score,gift,shop_id
a,11/8/2016,1479168000,\"1.299,50 €\",-,Y,s
b,6/12/2016,1465732800000,\"-12,5\",4.5,0,s
c, 6/12/2016 ,2016-06-12 12:00:00 UTC,7,n/a,1,t
d,13/8/2016,soon,\"1,299.50\",x,yes,t
";

const TOLD: &str = "record,id,late,faults,reasons
0,a,true,,\"8 November 2016, 15 November 2016, 00:00, EUR 1,299.50, nothing, yes\"
1,b,false,,\"12 June 2016, 12 June 2016, 12:00, -EUR 12.50, 4.5, no\"
2,c,false,,\"12 June 2016, 12 June 2016, 12:00, EUR 7.00, nothing, yes\"
";

fn folder() -> Folder {
    let yaml: String = LINES.lines().map(|line| format!("- {line}\n")).collect();
    Folder::new()
        .with("orders.policy", POLICY)
        .with("shops.csv", "id,since,rate\ns,01.02.2003,\"4,5%\"\nt,1.2.2003,\"3,5\"\n")
        .with("in.jsonl", LINES)
        .with("in.yaml", yaml)
        .with("in.csv", CELLS)
        .with("in.parquet", parquet_of(&columns_of(LINES), 2))
}

#[test]
fn every_format_is_read_alike() {
    let folder = folder();
    let eval = "eval orders.policy --profile Shop=shops.csv --with reasons --format csv --input";
    for input in ["in.jsonl", "in.yaml", "in.csv", "in.parquet"] {
        let ran = folder.run(&format!("{eval} {input}")).exits(1);
        assert_eq!(ran.out, TOLD, "{input}");
        ran.err_has("sold: expected a date as `%m/%d/%Y`, such as `12/31/2024`, found the text \"13/8/2016\"")
            .err_has("made: expected a time in seconds since 1970, or in milliseconds since 1970, or as `%Y-%m-%d")
            .err_has("paid: expected an amount in EUR with `,` before its decimals, `.` between thousands and `€` beside it, found the text \"1,299.50\"")
            .err_has("score: expected a number, found the text \"x\"")
            .err_has("gift: expected a true-or-false value, found the text \"yes\"");
    }
}

/// A value that has a type of its own needs no form, and numbers stand for days where the field says so.
#[test]
fn typed_columns_need_no_form() {
    let policy = "
record Order {
  id: text
  sold: date read \"%m/%d/%Y\"
  made: time read epoch milliseconds
  price: USD read amount \"value\" currency \"code\", minor units
  total: money read currency from code
  code: text
  share: number read percent
  note: text? read any kind
}
policy orders for Order {
  decide seen: bool by first
  rule told { then true because \"{sold}, {made}, {price}, {total}, {share}, {note}\" }
}";
    let texts = |texts: [&str; 2]| -> ArrayRef { Arc::new(StringArray::from_iter_values(texts)) };
    let wholes =
        |numbers: [i64; 2]| -> ArrayRef { Arc::new(Int64Array::from_iter_values(numbers)) };
    let price = StructArray::from(vec![
        (Arc::new(Field::new("value", DataType::Int64, false)), wholes([1099, 5])),
        (Arc::new(Field::new("code", DataType::Utf8, false)), texts(["USD", "USD"])),
        (Arc::new(Field::new("tax", DataType::Int64, false)), wholes([1, 2])),
    ]);
    let columns: [(&str, ArrayRef); 8] = [
        ("id", texts(["a", "b"])),
        ("sold", Arc::new(Date32Array::from_iter_values([17_000, 17_001]))),
        ("made", wholes([1_479_168_000_000, 0])),
        ("price", Arc::new(price)),
        ("total", Arc::new(Float64Array::from_iter_values([409.5, 7.0]))),
        ("code", texts(["JPY", "KWD"])),
        ("share", Arc::new(Float64Array::from_iter_values([4.5, 100.0]))),
        ("note", wholes([7, 8])),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let folder =
        Folder::new().with("o.policy", policy).with("in.parquet", parquet_of(&batch, usize::MAX));
    let ran = folder.run("eval o.policy --with reasons --format csv --input in.parquet").exits(0);
    ran.out_has("\"18 July 2016, 15 November 2016, 00:00, USD 10.99, JPY 409.5, 0.045, 7\"")
        .out_has("\"19 July 2016, 1 January 1970, 00:00, USD 0.05, KWD 7.000, 1, 8\"");
    folder.run("eval o.policy --format counts --input in.parquet").exits(0);
}

/// The currency and the zone stand in the record, in the one around it, or in no field that there is.
#[test]
fn other_fields_tell_more() {
    let policy = "
record Line { id: text  prices: list of USD = [] read currency from head.code  at: time? read \"%d.%m.%Y %H:%M\" in zone }
record Head { code: text? }
record Order { id: text  lines: list of Line = []  zone: text = \"UTC\"  head: Head? }
policy lines for each line in Order.lines {
  decide at: time by first
  decide sum: USD by first
  rule told { then at = line.at ?? 2000-01-01T00:00Z, sum = sum(p in line.prices: p) }
}";
    let lines = r#"{"lines":[{"id":"l","prices":["1.5",2],"at":"01.07.2024 12:00"}],"id":"a","zone":"Europe/Berlin","head":{"code":"USD"}}
{"lines":[{"id":"l","prices":[1]}],"id":"b","head":{"code":"EUR"}}
{"lines":[{"id":"l","prices":[1]}],"id":"c"}
{"lines":[{"id":"l","at":"01.07.2024 12:00"}],"id":"d","zone":"Berlin"}
{"lines":[{"id":"l"}],"id":"e"}
"#;
    let folder = Folder::new().with("o.policy", policy).with("in.jsonl", lines);
    let ran = folder.run("eval o.policy --format csv --input in.jsonl").exits(1);
    ran.out_has("0,a,l,1,2024-07-01T10:00:00Z,3.50")
        .out_has("4,e,l,1,2000-01-01T00:00:00Z,0.00")
        .err_has("lines[0].prices[0]: expected an amount in USD, found one in EUR (wrong-currency)")
        .err_has("lines[0].prices[0]: `head.code`, which tells more of it, is missing (missing-field)")
        .err_has("lines[0].at: there is no time zone \"Berlin\"; did you mean \"Europe/Berlin\"? (bad-time)");
}

#[test]
fn rejects_keep_what_came() {
    let folder = folder();
    let eval = "eval orders.policy --profile Shop=shops.csv --format counts --rejects bad.jsonl";
    folder.run(&format!("{eval} --input in.jsonl")).exits(1);
    let rejects = folder.read("bad.jsonl");
    assert!(rejects.contains(r#""Sold On":"13/8/2016""#), "{rejects}");
    assert!(rejects.contains(r#""path":"sold""#), "{rejects}");
}

/// What is wrong with many records is one cause with its count.
#[test]
fn one_cause_is_told_once() {
    let rows: String = (0..50).map(|at| format!("{at},31/12/2016\n")).collect();
    let policy = "record R { id: text  day: date read \"%m/%d/%Y\" }
policy p for R { decide x: bool by first otherwise false  rule r { when day > 2020-01-01 then true } }";
    let folder = Folder::new().with("p.policy", policy).with("in.csv", format!("id,day\n{rows}"));
    let ran = folder.run("eval p.policy --format counts --input in.csv").exits(1);
    ran.err_has("50 records  day: expected a date as `%m/%d/%Y`");
}

/// Changes that are told are of values, whatever the data looks like, and counters count by what was read.
#[test]
fn explanations_and_counters_take_such_fields() {
    let policy = "
record Claim { id: text  at: time read epoch seconds  buyer: text  paid: USD read minor units }
counter claims = count of Claim by buyer within 30 days
policy p for Claim dated by at {
  decide pay: yes | ask by first otherwise yes
  rule many { when claims >= 1 then ask because \"{claims} before\" }
  rule large { when paid > 10 USD then ask because \"{paid}\" }
}";
    let lines = r#"{"id":"a","at":1740000000,"buyer":"b","paid":1099}
{"id":"b","at":1740000100,"buyer":"b","paid":5}
{"id":"c","at":1750000000,"buyer":"b","paid":5}
"#;
    let folder = Folder::new().with("p.policy", policy).with("in.jsonl", lines);
    let ran = folder.run("eval p.policy --with reasons --format csv --input in.jsonl").exits(0);
    ran.out_has("0,a,ask,,USD 10.99").out_has("1,b,ask,,1 before").out_has("2,c,yes,,");
    let told = folder.run("explain p.policy --input in.jsonl --record 0").exits(0);
    told.out_has("paid is USD 10.99").out_has("would be yes if paid were USD 10.00");
}

/// A record within the record is not there where all of its columns say so.
#[test]
fn words_that_mean_nothing_leave_a_record_out() {
    let policy = "
record Ship read \"-\" as missing { day: date read \"%m/%d/%Y\"  by: text }
record Order { id: text  ship: Ship? }
policy p for Order {
  decide sent: bool by first otherwise false
  rule r { when ship is present then true }
}";
    let cells = "id,ship.day,ship.by\na,-,-\nb,1/2/2024,x\nc,,\n";
    let folder = Folder::new().with("p.policy", policy).with("in.csv", cells);
    let ran = folder.run("eval p.policy --format csv --input in.csv").exits(0);
    ran.out_is("record,id,sent,faults\n0,a,false,\n1,b,true,\n2,c,false,\n");
}

/// What is not declared is told with what could be.
#[test]
fn what_to_declare_is_told() {
    let policy = "
record Order { id: text  day: date  at: time  gift: bool  score: number?  kind: open | shut  paid: USD }
policy p for Order { decide x: bool by first otherwise false  rule r { when gift then true } }";
    let line = r#"{"id":"a","day":"13/8/2016","at":1740000000,"gift":"Y","score":"N/A","kind":"OPEN","paid":{"value":5,"currency_code":"usd"}}"#;
    let folder = Folder::new().with("p.policy", policy).with("in.jsonl", line);
    let ran = folder.run("eval p.policy --format csv --input in.jsonl").exits(1);
    ran.err_has("declare how it is written: `read \"%d/%m/%Y\"`")
        .err_has("declare `read epoch seconds`")
        .err_has("declare `read \"Y\" as true, \"N\" as false`")
        .err_has("declare `read \"N/A\" as missing`")
        .err_has("declare the field `read any case`")
        .err_has("declare the field `read amount \"value\" currency \"currency_code\"`");
}
