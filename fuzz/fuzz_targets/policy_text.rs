//! Any text parses and checks without a panic; what parses has one canonical layout.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rulebook_base::source::FileId;
use rulebook_syntax::{parse, print};
use rulebook::{Files, Options, Rulebook};

fuzz_target!(|text: &str| {
    let inspection = Rulebook::inspect(&Files::from_texts([("a.policy", text)]), &Options::new());
    rulebook_base::diagnostic::render_text(
        &inspection.sources,
        &inspection.diagnostics,
        rulebook_base::diagnostic::Style::Plain,
    );

    let text = inspection.sources.get(FileId(0)).map_or("", |file| &file.text);
    let parsed = parse(FileId(0), text);
    if !parsed.diagnostics.is_empty() {
        return;
    }
    let once = print::format(text, &parsed.file);
    let again = parse(FileId(0), &once);
    assert!(again.diagnostics.is_empty(), "{:?}\n{once}", again.diagnostics);
    assert_eq!(print::format(&once, &again.file), once);
});
