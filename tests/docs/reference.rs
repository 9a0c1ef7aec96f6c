//! `docs/reference.md` is generated from the tables of the language.

use std::fmt::Write as _;
use std::fs;

use rulebook_base::diagnostic::{Code, Severity};
use rulebook_core::settings::ScriptLimits;
use rulebook_lang::combiner::{COMBINERS, COUNT, COUNT_DMN};
use rulebook_lang::function::{COMPREHENSIONS, EACH, TABLES};
use rulebook_lang::operator::{Meaning, OPERATORS, PREFIXES, PRESENCE_PRECEDENCE};
use rulebook_lang::reading::{ROWS, Row};
use rulebook_lang::signature::Signature;
use rulebook_lang::tally::{TALLIES, Takes};

use super::{code, head, root, row, wants_update};

#[test]
fn the_reference_is_what_the_tables_say() {
    let path = root().join("docs/reference.md");
    let reference = reference();
    if wants_update() {
        fs::write(&path, &reference).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let first = written.lines().zip(reference.lines()).position(|(a, b)| a != b);
    assert!(
        written == reference,
        "docs/reference.md differs from the tables, from line {} on; \
         `UPDATE_EXPECTED=1 cargo test --test pages docs` writes it anew",
        1 + first.unwrap_or_else(|| written.lines().count().min(reference.lines().count()))
    );
}

fn reference() -> String {
    let mut out = String::from(REFERENCE_HEAD);
    operators(&mut out);
    functions(&mut out);
    readings(&mut out);
    combiners(&mut out);
    tallies(&mut out);
    script_limits(&mut out);
    diagnostics(&mut out);
    out
}

const REFERENCE_HEAD: &str = "\
<!-- Generated from the tables of the language. `UPDATE_EXPECTED=1 cargo test --test pages docs` writes
     it anew; changes by hand are lost. -->

# Reference

What the language has, straight from the tables that the checker and the evaluator use. How it all
fits together is told in [the book](SUMMARY.md). Every example is true.
";

fn operators(out: &mut String) {
    out.push_str("\n## Operators\n\nA larger number binds tighter.\n");
    head(out, ["operator", "binds", "does", "example"]);
    let mut rows: Vec<(u8, String, &str, &str)> = Vec::new();
    for operator in OPERATORS {
        rows.push((operator.precedence, code(operator.symbol), operator.doc, operator.example));
    }
    for prefix in PREFIXES {
        rows.push((prefix.precedence, prefix_name(prefix.symbol), prefix.doc, prefix.example));
    }
    let presence = [
        ("`is present`", "True when an optional is there.", PRESENT_EXAMPLE),
        ("`is missing`", "True when an optional is not there.", MISSING_EXAMPLE),
    ];
    for (name, doc, example) in presence {
        rows.push((PRESENCE_PRECEDENCE, name.to_string(), doc, example));
    }
    rows.sort_by_key(|(precedence, ..)| *precedence);
    for (precedence, name, doc, example) in rows {
        row(out, [&name, &precedence.to_string(), doc, &code(example)]);
    }
    operand_types(out);
}

pub(crate) const PRESENT_EXAMPLE: &str = "min(x in [1]: x) is present";
pub(crate) const MISSING_EXAMPLE: &str = "min(x in [1] where x > 1: x) is missing";

fn prefix_name(symbol: &str) -> String {
    if symbol.chars().all(char::is_alphabetic) {
        code(&format!("{symbol} x"))
    } else {
        code(&format!("{symbol}x"))
    }
}

/// The types of operands; operators that take the same share a row.
fn operand_types(out: &mut String) {
    out.push_str(TYPES_HEAD);
    head(out, ["operators", "operands", "result"]);
    let mut groups: Vec<(Vec<String>, Types)> = Vec::new();
    for operator in OPERATORS {
        let types = match &operator.meaning {
            Meaning::And | Meaning::Or => vec![("bool, bool".into(), "bool".into())],
            Meaning::Coalesce => vec![("any that may be missing, any".into(), "any".into())],
            Meaning::Range(_) => vec![(RANGE_ENDS.into(), "range".into())],
            Meaning::Kernel(signatures) => signatures.iter().map(types_of).collect(),
        };
        group(&mut groups, code(operator.symbol), types);
    }
    for prefix in PREFIXES {
        let types = prefix.signatures.iter().map(types_of).collect();
        group(&mut groups, prefix_name(prefix.symbol), types);
    }
    for (symbols, types) in groups {
        for (at, (operands, result)) in types.iter().enumerate() {
            let symbols = if at == 0 { symbols.join(" ") } else { String::new() };
            row(out, [&symbols, operands, result]);
        }
    }
}

const TYPES_HEAD: &str = "
### Types of operands

Nothing is converted. `money` is one currency on both sides; `any` is one single value on both
sides, and the elements of a `list` are of that type.
";

const RANGE_ENDS: &str = "two values that `<` compares with the tested one";

/// Operands and result, for each way to write an operator.
type Types = Vec<(String, String)>;

fn types_of(signature: &Signature) -> (String, String) {
    let operands: Vec<_> = signature.parameters.iter().map(|shape| shape.name()).collect();
    (operands.join(", "), signature.result.name().into_owned())
}

fn group(groups: &mut Vec<(Vec<String>, Types)>, symbol: String, types: Types) {
    match groups.iter_mut().find(|(_, known)| *known == types) {
        Some((symbols, _)) => symbols.push(symbol),
        None => groups.push((vec![symbol], types)),
    }
}

fn functions(out: &mut String) {
    out.push_str("\n## Functions\n");
    for (heading, functions) in TABLES {
        write!(out, "\n### {heading}\n").unwrap();
        head(out, ["function", "gives", "example"]);
        for function in *functions {
            let signatures: Vec<_> =
                function.signatures.iter().map(|s| code(&s.described(function.name))).collect();
            row(out, [&signatures.join("<br>"), function.doc, &code(function.example)]);
        }
    }
    out.push_str("\n### Forms that look at the elements of a list\n");
    head(out, ["form", "gives", "example"]);
    for (name, doc, example) in COMPREHENSIONS {
        row(out, [&code(&form(name)), doc, &code(example)]);
    }
    let (written, doc, example) = EACH;
    row(out, [&code(written), doc, &code(example)]);
}

fn form(name: &str) -> String {
    match name {
        "any" | "all" => format!("{name}(x in list: condition)"),
        "count" => format!("{name}(x in list where condition)"),
        "sorted" => format!("{name}(x in list where condition by value descending)"),
        _ => format!("{name}(x in list where condition: value)"),
    }
}

fn readings(out: &mut String) {
    out.push_str(READINGS_HEAD);
    head(out, ["behind `read`", "of", "means", "example"]);
    for reading in ROWS {
        let Row { subject, doc, example, .. } = reading;
        row(out, [&code(&reading.written()), subject.described(), doc, &code(example)]);
    }
    let words = "A text stands for a value, or for none.";
    row(out, [&code("\"…\" or \"…\" as value"), "all", words, &code(WORDS_EXAMPLE)]);
    let otherwise = "A value of the wrong kind is missing.";
    row(out, [&code("otherwise missing"), "all", otherwise, &code(OTHERWISE_EXAMPLE)]);
}

const READINGS_HEAD: &str = "
## How fields are read

What may stand behind `read`, parted by commas; forms of days and times by `or`, tried in their order. [Data as it
is](language/reading_data.md) tells more.
";

pub(crate) const WORDS_EXAMPLE: &str =
    "gift: bool? read \"Y\" as true, \"N\" as false, \"-\" as missing";
pub(crate) const OTHERWISE_EXAMPLE: &str = "meta: number? read otherwise missing";

fn combiners(out: &mut String) {
    out.push_str(
        "\n## Combiners\n\nDMN is the hit policy of a decision table that does the same.\n",
    );
    head(out, ["combiner", "DMN", "does"]);
    for combiner in COMBINERS {
        row(out, [&code(combiner.name), combiner.dmn, combiner.doc]);
    }
    let counted = "Of a table: the number of rows that match.";
    row(out, [&code(COUNT), COUNT_DMN, counted]);
}

fn tallies(out: &mut String) {
    out.push_str("\n## Counters\n\nWhat a [counter](language/counters.md) makes of the records that it counts.\n");
    head(out, ["counter", "comes to"]);
    for tally in TALLIES {
        let value = if tally.takes == Takes::Records { "" } else { "VALUE of " };
        let written = format!("{}{}{value}RECORD", tally.words, tally.tally.joint());
        row(out, [&code(&written), tally.doc]);
    }
}

fn script_limits(out: &mut String) {
    out.push_str(SCRIPT_LIMITS_HEAD);
    head(out, ["limit", "default", "at most", "counts"]);
    for (name, default, most, counts) in ScriptLimits::ALL {
        row(out, [&code(name), &default.to_string(), &most.to_string(), counts.trim()]);
    }
}

const SCRIPT_LIMITS_HEAD: &str = "
## Limits of scripts

What one call of a [script](scripts.md) may take. `rulebook.yaml` sets others under `scripts`.
";

fn diagnostics(out: &mut String) {
    out.push_str(DIAGNOSTICS_HEAD);
    for (severity, heading) in [(Severity::Error, "Errors"), (Severity::Warning, "Warnings")] {
        write!(out, "\n### {heading}\n").unwrap();
        head(out, ["code", "level", "means"]);
        for diagnostic in Code::ALL.iter().filter(|code| code.default_severity() == severity) {
            row(out, [&code(diagnostic.name()), severity.name(), diagnostic.meaning()]);
        }
    }
}

const DIAGNOSTICS_HEAD: &str = "
## Diagnostics

What `rulebook check` tells. Errors are errors always; the level of a warning can be set in
`rulebook.yaml`. [Each at length](diagnostics.md), with examples; so tells `rulebook check --explain CODE`.
";
