//! Folders of files as inputs, with what the folders within say of the records.

use crate::harness::{Folder, each};
use crate::packed::gzip;
use crate::tabular::parquet;

const POLICY: &str = "
record Order { id: text  paid: CNY  year: number  shop: text?  month: number? }
policy look for Order {
  decide look: text by first otherwise \"no\"
  rule late { when year >= 2024 then \"yes\" because \"{year} {month} {shop}\" }
}
";

const RUN: &str = "eval p --format jsonl --input";

fn line(id: &str) -> String {
    format!("{{\"id\":\"{id}\",\"paid\":5}}\n")
}

#[test]
fn folders_give_their_fields_to_what_is_in_them() {
    let sheet = |id: &str| format!("paid,id\n5,{id}\n");
    let folder = Folder::new()
        .with("p/p.policy", POLICY)
        .with("sales/year=2023/month=12/a.parquet", parquet(&line("a")))
        .with("sales/year=2024/month=01/shop=x%2Fy/b.parquet", parquet(&line("b")))
        .with("sales/year=2024/month=01/c.csv", sheet("c"))
        .with("sales/year=2024/month=02/d.csv.gz", gzip(sheet("d")))
        .with("sales/year=2024/month=__HIVE_DEFAULT_PARTITION__/e.jsonl", line("e"))
        .with("sales/year=2024/month=__HIVE_DEFAULT_PARTITION__/f.csv", sheet("f"))
        .with("sales/year=2024/month=10/g.json", format!("[{}, {{}}]", line("g")))
        .with("sales/_SUCCESS", "")
        .with("sales/.hidden.csv", "x")
        .with("sales/README.md", "x");
    let ran = folder.run(&format!("{RUN} sales")).exits(1);
    let lines = ran.lines();
    assert_eq!(each(&lines, "/id"), ["a", "c", "b", "d", "g", "e", "f"]);
    let reasons = each(&lines, "/rules/0/reason");
    let told: Vec<_> = reasons.iter().map(|reason| reason.as_str().unwrap_or("none")).collect();
    let missing = told[5].strip_prefix("2024 ").unwrap().split(' ').next().unwrap().to_string();
    assert_eq!(
        told[..5],
        [
            "none",
            &format!("2024 1 {missing}"),
            "2024 1 x/y",
            &format!("2024 2 {missing}"),
            &format!("2024 10 {missing}")
        ]
    );
    assert_eq!(told[6], told[5]);
    // The same by columns.
    let counts = folder.run("eval p --format counts --input sales").exits(1);
    counts.out_has("6").out_has("7 decided, 1 rejected");
    folder
        .run("eval p --format csv --input sales/year=2023")
        .exits(2)
        .err_has("year: no column holds it");
}

#[test]
fn a_folder_without_records_is_refused() {
    let folder = Folder::new().with("p/p.policy", POLICY).with("sales/README.md", "x");
    let told = "sales is a folder without any file of records";
    folder.run(&format!("{RUN} sales")).exits(2).err_has(told);
}
