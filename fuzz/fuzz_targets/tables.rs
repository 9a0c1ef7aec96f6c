//! Any rows, in place and as a CSV file, are checked without a panic; what parses has one layout.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rulebook_base::diagnostic::{Style, render_text};
use rulebook_base::source::FileId;
use rulebook_syntax::{parse, print};
use rulebook::{Files, Options, Rulebook};

const POLICY: &str = "
enum Level { low < mid < high }
enum Shop { corner, mall, .. }
parameter limit: number = 3
record R { n: number }
policy p for R { decide d: number by first rule r { then n } }
";

fuzz_target!(|text: &str| {
    // The first line says how rows are combined.
    let (how, rows) = text.split_once('\n').unwrap_or(("first", text));
    let here = format!("{POLICY}table t by {how} {{\n{rows}\n}}\n");
    let file = format!("{POLICY}table t by {how} from \"t.csv\"\n");
    for files in [vec![("a.policy", here.as_str())], vec![("a.policy", &file), ("t.csv", rows)]] {
        let inspection = Rulebook::inspect(&Files::from_texts(files), &Options::new());
        render_text(&inspection.sources, &inspection.diagnostics, Style::Plain);
    }
    let parsed = parse(FileId(0), &here);
    if !parsed.diagnostics.is_empty() {
        return;
    }
    let once = print::format(&here, &parsed.file);
    let again = parse(FileId(0), &once);
    assert!(again.diagnostics.is_empty(), "{:?}\n{once}", again.diagnostics);
    assert_eq!(print::format(&once, &again.file), once);
});
