//! Cells of CSV and TSV: what a spreadsheet would run is a text in them, unless it is to be exact.

use crate::harness::Folder;

const POLICY: &str = "
record Order { id: text  note: text  pieces: number  tags: list of text = [] }
parameter limit: number = 2
policy orders for Order {
  decide step: pay < ask by strictest otherwise pay because \"{note}\"
  decide label: text by first otherwise note
  decide change: number by first otherwise 0 - pieces
  decide tags: text by all
  rule each { when pieces >= 0 then label = note, change = 0 - pieces }
  rule many { when pieces > limit then step = ask, tags = note because \"{note} is much\" }
}
";

fn folder() -> Folder {
    let line = |id: &str, note: &str, pieces: u32| {
        format!("{{\"id\":\"{id}\",\"note\":\"{note}\",\"pieces\":{pieces}}}\n")
    };
    let lines = [
        line("=HYPERLINK(1)", "@SUM(1)", 5),
        line("-7", "\\t=1", 1),
        line("o3", "a=b", 3),
        line("+1 555", "-1+2", 2),
    ];
    Folder::new().with("orders.policy", POLICY).with("in.jsonl", lines.concat())
}

const SAFE: &str = "\
record,id,step,label,change,tags,faults,reasons
0,'=HYPERLINK(1),ask,'@SUM(1),-5,'@SUM(1),,'@SUM(1) is much
1,-7,pay,'\t=1,-1,,,'\t=1
2,o3,ask,a=b,-3,a=b,,a=b is much
3,'+1 555,pay,'-1+2,-2,,,'-1+2
";

#[test]
fn texts_that_a_spreadsheet_would_run_are_texts_unless_they_are_to_be_exact() {
    let folder = folder();
    let eval = "eval orders.policy --input in.jsonl --with reasons";
    let csv = |form: &str| {
        let ran = folder.run(&format!("{eval} --format csv{form}")).exits(0);
        ran.out.clone()
    };
    assert_eq!(csv(""), SAFE);
    assert_eq!(csv(" --cells safe"), SAFE);
    assert_eq!(csv(" --cells exact"), SAFE.replace(",'", ","));
    let tsv = folder.run("eval orders.policy --input in.jsonl --format tsv").exits(0);
    tsv.out_has("0\t'=HYPERLINK(1)\task\t'@SUM(1)\t-5").out_has("\t\"'\t=1\"\t-1");
    // What is no cell is never changed.
    folder.run("eval orders.policy --input in.jsonl").exits(0).out_has("\"id\":\"=HYPERLINK(1)\"");
    folder.run("eval orders.policy --input in.jsonl --output out.parquet").exits(0);
    let stored = std::fs::read(folder.path("out.parquet")).unwrap();
    assert!(!stored.windows(2).any(|two| two == b"'="), "a text of a column was changed");
}

#[test]
fn flips_and_sweeps_are_written_by_the_same_writer() {
    let folder = folder();
    let simulate =
        "simulate orders.policy --input in.jsonl --set limit=9 --by note --flips flips.csv";
    folder.run(simulate).exits(0);
    let flips = folder.read("flips.csv");
    assert!(flips.contains("0,'=HYPERLINK(1),") && flips.contains(",'@SUM(1),"), "{flips}");
    folder.run(&format!("{simulate} --cells exact")).exits(0);
    let flips = folder.read("flips.csv");
    assert!(flips.contains("0,=HYPERLINK(1),") && !flips.contains('\''), "{flips}");
    let sweep = "sweep orders.policy --input in.jsonl --set limit=-1..1/1 --by note --format csv";
    let ran = folder.run(sweep).exits(0);
    ran.out_has("-1,note,'@SUM(1),").out_has("\n-1,,,4,");
    folder.run(&format!("{sweep} --cells exact")).exits(0).out_has("-1,note,@SUM(1),");
}
