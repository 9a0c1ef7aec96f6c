//! Texts in other encodings than UTF-8: told, marked, or guessed and said.

use crate::harness::each;
use crate::shop::shop;

const RUN: &str = "eval shop --policy refunds --format jsonl --input";

/// A sheet of requests with these ids.
fn sheet(ids: &[&str]) -> String {
    let lines = ids.iter().map(|id| format!("{id},exchange,2024-09-12,59\n"));
    format!("id,claim,requested_at,amount\n{}", lines.collect::<String>())
}

fn wide(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

#[test]
fn what_is_marked_or_wide_is_read_as_it_is() {
    let text = sheet(&["café", "订单一"]);
    let marked = format!("\u{feff}{text}");
    for bytes in [
        wide(&marked, u16::to_le_bytes),
        wide(&marked, u16::to_be_bytes),
        wide(&text, u16::to_le_bytes),
        wide(&text, u16::to_be_bytes),
        marked.clone().into_bytes(),
    ] {
        let ran = shop().with("in.csv", bytes).run(&format!("{RUN} in.csv")).exits(0).err_is("");
        assert_eq!(each(&ran.lines(), "/id"), ["café", "订单一"]);
    }
    let line = r#"{"id":"café","claim":"exchange","requested_at":"2024-09-12","amount":59}"#;
    for name in ["in.jsonl", "in.json", "in"] {
        let folder = shop().with(name, wide(line, u16::to_le_bytes));
        let ran = folder.run(&format!("{RUN} {name}")).exits(0);
        assert_eq!(each(&ran.lines(), "/id"), ["café"]);
    }
}

#[test]
fn what_is_guessed_is_said_and_can_be_said_otherwise() {
    // Orders one and two, as an export in Chinese writes them.
    let mut chinese = sheet(&["??????", "!!!!!!"]).into_bytes();
    let replace = |bytes: &mut Vec<u8>, mark: u8, letters: &[u8]| {
        let at = bytes.iter().position(|byte| *byte == mark).unwrap();
        bytes.splice(at..at + letters.len(), letters.iter().copied());
    };
    replace(&mut chinese, b'?', b"\xb6\xa9\xb5\xa5\xd2\xbb");
    replace(&mut chinese, b'!', b"\xb6\xa9\xb5\xa5\xb6\xfe");
    let folder = shop().with("in.csv", &chinese);
    let ran = folder.run(&format!("{RUN} in.csv")).exits(0);
    let ran = ran.err_is(
        "note: in.csv: no UTF-8, and read as GBK; if that is not so, say `--encoding NAME`\n",
    );
    assert_eq!(each(&ran.lines(), "/id"), ["订单一", "订单二"]);
    let ran = folder.run(&format!("{RUN} in.csv --encoding gb18030")).exits(0).err_is("");
    assert_eq!(each(&ran.lines(), "/id"), ["订单一", "订单二"]);
    let ran = folder.run(&format!("{RUN} in.csv --encoding latin1")).exits(0).err_is("");
    assert_eq!(each(&ran.lines(), "/id"), ["¶©µ¥Ò»", "¶©µ¥¶þ"]);
    // As UTF-8 each record is refused, as it was.
    let ran = folder.run(&format!("{RUN} in.csv --encoding utf-8")).exits(1);
    ran.err_has("byte 1 of the record is no UTF-8").err_has("(bad-encoding)");
    let wrong = folder.run(&format!("{RUN} in.csv --encoding gbkk")).exits(2);
    wrong.err_has("there is no encoding `gbkk`").err_has("latin1");
}

#[test]
fn an_encoding_that_breaks_costs_the_records_in_which_it_does() {
    let mut bytes = sheet(&["a", "b?", "c", "d?"]).into_bytes();
    for byte in bytes.iter_mut().filter(|byte| **byte == b'?') {
        *byte = 0xff;
    }
    let folder = shop().with("in.csv", bytes);
    let ran = folder.run(&format!("{RUN} in.csv --encoding gbk")).exits(1);
    assert_eq!(each(&ran.lines(), "/id"), ["a", "c"]);
    ran.err_has("rejected: record 1 (line 3)").err_has("(bad-encoding)").err_has("2 rejected");
}

#[test]
fn settings_say_the_encoding_of_a_record() {
    let settings = |encoding: &str| {
        format!("{}\ninputs:\n  Request: {{ encoding: {encoding} }}\n", crate::shop::SETTINGS)
    };
    let mut bytes = sheet(&["caf?"]).into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'?').unwrap();
    bytes[at] = 0xe9;
    let folder = shop().with("in.csv", bytes).with("shop/rulebook.yaml", settings("latin2"));
    let ran = folder.run(&format!("{RUN} in.csv")).exits(0).err_is("");
    assert_eq!(each(&ran.lines(), "/id"), ["café"]);
    let folder = folder.with("shop/rulebook.yaml", settings("lateen"));
    let ran = folder.run("check shop").exits(1);
    ran.out_has("`encoding` cannot be read").out_has("there is no encoding `lateen`");
}
