//! The same figure is the same text, whoever tells it; machines get digits.

use crate::harness::Folder;

const POLICY: &str = "
record Return { id: text  asked: date  bought: date  paid: BRL }

parameter window: duration = 30 days assumed \"the window is not published\"

policy p for Return dated by asked {
  decide back: BRL by largest otherwise 0 BRL
  decide wait: duration by smallest otherwise window

  rule in_time { when asked <= bought + window then back = paid }
  rule nothing { when paid == 0 BRL then wait = 1 day }
}
";

/// Eighty returns, of which one is asked for on the twentieth day.
fn returns() -> Folder {
    let line = |at: usize| {
        let (day, paid) = if at == 0 { (21, "1702") } else { (2, "192.10") };
        format!(
            "{{\"id\":\"r{at}\",\"asked\":\"2024-05-{day:02}\",\"bought\":\"2024-05-01\",\"paid\":{paid}}}\n"
        )
    };
    Folder::new().with("p.policy", POLICY).with("in.jsonl", (0..80).map(line).collect::<String>())
}

/// What a page shows, with spaces at which lines may end.
fn page(folder: &Folder) -> String {
    folder.read("page.html").replace('\u{a0}', " ")
}

#[test]
fn text_and_page_tell_the_same_figures() {
    let is_of_wait = |line: &&str| line.contains("wait");
    let alone: Vec<_> = POLICY.lines().filter(|line| !is_of_wait(line)).collect();
    let folder = returns().with("p.policy", alone.join("\n"));
    let run = "simulate p.policy --input in.jsonl --sum paid --report page.html --set";
    let text = folder.run(run).arg("window=14 days").exits(0).out;
    let page = page(&folder);
    for figure in ["1.3%", "BRL 1,702.00", "BRL 16,877.90", "BRL 15,175.90"] {
        assert!(text.contains(figure), "no {figure} in the text\n{text}");
        assert!(page.contains(figure), "no {figure} on the page");
    }
    assert!(!text.contains("1,702.00 BRL"), "{text}");
    assert!(text.contains("1 of 80 records (1.3%) is decided differently"), "{text}");
}

#[test]
fn lengths_of_time_are_told_in_words_and_kept_as_codes() {
    let folder = returns();
    let run = "simulate p.policy --input in.jsonl --report page.html --set";
    let text = folder.run(run).arg("window=14 days").exits(0).out;
    assert!(text.contains("window: 30 days → 14 days"), "{text}");
    let page = page(&folder);
    assert!(page.contains("30 days") && page.contains("14 days"), "{page}");
    assert!(!text.contains("PT720H") && !page.contains("PT720H"), "{text}\n{page}");
    let json = folder.run(run).arg("window=14 days").args("--format json").exits(0).json();
    let own = &json["differs"][0];
    assert_eq!((&own["baseline"], &own["candidate"]), (&"PT720H".into(), &"PT336H".into()));
    assert_eq!(json["decisions"][1]["outcomes"], serde_json::json!(["PT336H", "PT720H"]));
    let sweep = "sweep p.policy --input in.jsonl --set";
    let text = folder.run(sweep).arg("window=1 day..15 days/7 days").exits(0).out;
    assert!(text.contains("│ 1 day ") && text.contains("│ 8 days"), "{text}");
}

#[test]
fn amounts_in_cells_have_the_digits_of_their_currency_and_its_code_above() {
    let folder = returns();
    let eval = "eval p.policy --input in.jsonl --format";
    let csv = folder.run(eval).arg("csv").exits(0).out;
    assert!(csv.starts_with("record,id,back (BRL),wait,faults\n0,r0,1702.00,PT720H,\n"), "{csv}");
    assert!(csv.contains("\n1,r1,192.10,"), "{csv}");
    let tsv = folder.run(eval).arg("tsv").exits(0).out;
    assert_eq!(tsv, csv.replace(',', "\t"));
    let flips = "simulate p.policy --input in.jsonl --sum paid --flips flips.csv --set";
    folder.run(flips).arg("window=14 days").exits(0);
    let flips = folder.read("flips.csv");
    let head =
        "record,id,dated,back.from (BRL),back.to (BRL),wait.from,wait.to,sum.paid (BRL),input\n";
    assert!(flips.starts_with(head), "{flips}");
    assert!(flips.contains(",1702.00,0.00,PT720H,PT336H,1702.00,"), "{flips}");
    let sweep = "sweep p.policy --input in.jsonl --format csv --set";
    let swept = folder.run(sweep).arg("window=10 days..20 days/10 days").exits(0).out;
    assert!(swept.contains(",back total (BRL),"), "{swept}");
    assert!(swept.contains(",15175.90,") && swept.contains(",16877.90,"), "{swept}");
}

#[test]
fn amounts_are_told_in_groups_of_three_digits() {
    let folder = returns();
    folder.run("explain p.policy --input in.jsonl --record 0").exits(0).out_has("BRL 1,702.00");
}
