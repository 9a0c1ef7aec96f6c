//! Files that gzip or Zstandard has packed, in and out of order, and files that are something else.

use std::io::Write;

use crate::harness::{Folder, each};
use crate::shop::{POLICY, requests, shop};
use crate::tabular::{csv, parquet};

pub(crate) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes.as_ref()).unwrap();
    writer.finish().unwrap()
}

fn zstd(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut writer = zstd::Encoder::new(Vec::new(), 1).unwrap();
    writer.write_all(bytes.as_ref()).unwrap();
    writer.finish().unwrap()
}

const RUN: &str = "eval shop --policy refunds --format jsonl --input";

#[test]
fn what_is_packed_is_decided_as_what_is_not() {
    let lines = requests(3000);
    let array = format!("[{}]", lines.trim_end().replace('\n', ",\n"));
    let sheet = csv(&lines, b',').unwrap();
    let plain = shop().with("in.jsonl", &lines).run(&format!("{RUN} in.jsonl")).exits(0).out;
    assert_eq!(plain.lines().count(), 3000);
    for (name, text) in [("in.jsonl", &lines), ("in.json", &array), ("in.csv", &sheet)] {
        for (ending, packed) in [(".gz", gzip(text)), (".zst", zstd(text)), ("", gzip(text))] {
            let name = format!("{name}{ending}");
            let folder = shop().with(&name, packed);
            folder.run(&format!("{RUN} {name}")).exits(0).out_is(&plain);
            folder.run(&format!("{RUN} {name} --threads 3")).exits(0).out_is(&plain);
        }
    }
    // Without a name, and as several archives one behind the other.
    let (first, second) = lines.split_at(lines.find("{\"id\":\"r1000\"").unwrap());
    for several in [[gzip(first), gzip(second)].concat(), [zstd(first), zstd(second)].concat()] {
        shop().run(&format!("{RUN} -")).input(several).exits(0).out_is(&plain);
    }
}

#[test]
fn of_an_archive_that_was_cut_short_what_is_there_is_decided() {
    let (lines, sheet) = (requests(3000), csv(&requests(3000), b',').unwrap());
    for (name, packed) in [
        ("in.jsonl.gz", gzip(&lines)),
        ("in.jsonl.zst", zstd(&lines)),
        ("in.csv.gz", gzip(&sheet)),
        ("in.json.gz", gzip(format!("[{}]", lines.trim_end().replace('\n', ",")))),
    ] {
        let folder = shop().with(name, &packed[..packed.len() / 2]);
        let ran = folder.run(&format!("{RUN} {name}")).exits(1);
        let what = if name.ends_with("gz") { "a gzip archive" } else { "a Zstandard archive" };
        let message =
            format!("the file is {what} that was cut short: what stood here and behind is lost");
        let ran = ran.err_has(&message).err_has("(cut-short)");
        let decided = ran.lines();
        let expected: Vec<_> = (0..decided.len()).map(|number| format!("r{number}")).collect();
        assert!(decided.len() > 500 && each(&decided, "/id") == expected, "{ran}");
        // Neither is what follows lost.
        let folder = folder.with("more.jsonl", requests(2));
        let ran = folder.run(&format!("{RUN} {name} --input more.jsonl")).exits(1);
        assert_eq!(ran.lines().len(), decided.len() + 2);
    }
    let folder = shop().with("in.csv.gz", &gzip(&sheet)[..15]);
    folder.run(&format!("{RUN} in.csv.gz")).exits(2).err_has("in.csv.gz");
}

#[test]
fn a_damaged_archive_ends_the_run_and_leaves_nothing() {
    let mut packed = gzip(requests(3000));
    let at = packed.len() - 6;
    packed[at] ^= 1;
    let folder = shop().with("in.jsonl.gz", packed);
    let run = "eval shop --policy refunds --input in.jsonl.gz --output out.jsonl";
    folder.run(run).exits(2).err_has("in.jsonl.gz: it is a gzip archive that is damaged");
    assert_eq!(folder.names(), ["in.jsonl.gz", "shop"]);
}

#[test]
fn what_is_no_text_is_named_with_what_to_do() {
    for (name, bytes, told) in [
        (
            "in.jsonl.zip",
            b"PK\x03\x04\x14\0".to_vec(),
            "it is a zip archive; unpack it and name what it holds",
        ),
        (
            "in.csv",
            b"BZh91AY&SY\x8f\x01".to_vec(),
            "it is a bzip2 archive; unpack it with `bunzip2`",
        ),
        ("in.csv.xz", b"\xfd7zXZ\0\0\x04".to_vec(), "it is an xz archive"),
        ("in.csv", b"SQLite format 3\0\x10".to_vec(), "it is a SQLite database"),
        ("in.csv.gz", gzip(b"PK\x03\x04\x14\0"), "it is a gzip archive of a zip archive"),
        ("in.csv.gz", gzip(gzip("id")), "it is a gzip archive of another archive; unpack it first"),
        (
            "in.csv.gz",
            gzip([b"a.csv".as_slice(), &[0; 252], b"ustar\0"].concat()),
            "of several files (tar)",
        ),
        (
            "in.parquet.gz",
            gzip(parquet(&requests(3))),
            "it is a gzip archive; unpack it: Parquet is packed within",
        ),
        ("in.gz", gzip(parquet(&requests(3))), "it is a gzip archive of a Parquet file; unpack it"),
    ] {
        let folder = shop().with(name, bytes);
        folder
            .run(&format!("{RUN} {name}"))
            .exits(2)
            .out_is("")
            .err_has(&format!("cannot read {name}: "))
            .err_has(told);
    }
}

#[test]
fn packed_files_serve_counters_and_explanations() {
    let folder = shop().with("in.jsonl.gz", gzip(requests(30)));
    folder.run("explain shop --policy refunds --input in.jsonl.gz --id r7").exits(0).out_has("r7");
    let folder = Folder::new().with("p/p.policy", POLICY).with("in.jsonl.gz", gzip(requests(30)));
    folder.run("simulate p --policy refunds --input in.jsonl.gz").exits(0).out_has("30");
}

#[test]
fn profiles_may_be_packed_and_marked() {
    let policy = "
record Shop { id: text  tier: text }
record Order { id: text  shop: Shop by shop_id  shop_id: text }
policy tiers for Order {
  decide gold: bool by first otherwise false
  rule gold { when shop.tier == \"gold\" then true }
}
";
    let sheet = "id,tier\ns1,gold\ns2,tin\n";
    let wide: Vec<u8> =
        format!("\u{feff}{sheet}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in
        [("shops.csv.gz", gzip(sheet)), ("shops.csv", zstd(sheet)), ("shops.csv", wide)]
    {
        let folder = Folder::new()
            .with("p/p.policy", policy)
            .with(name, bytes)
            .with("in.jsonl", "{\"id\": \"o\", \"shop_id\": \"s1\"}");
        let run = format!("eval p --format jsonl --input in.jsonl --profile Shop={name}");
        let ran = folder.run(&run).exits(0);
        assert_eq!(each(&ran.lines(), "/decisions/gold"), [true]);
    }
    let folder = Folder::new()
        .with("p/p.policy", policy)
        .with("shops.csv.gz", &gzip(sheet.repeat(1000))[..40])
        .with("in.jsonl", "");
    let ran = folder.run("eval p --input in.jsonl --profile Shop=shops.csv.gz").exits(2);
    ran.err_has("shops.csv.gz: it is a gzip archive that was cut short");
}
