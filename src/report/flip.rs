//! Records that are decided otherwise: each opens to both explanations, side by side.

use std::fmt::Write as _;

use crate::document::escaped;
use crate::simulate::{Flip, Impact};

use super::words::name;

/// The examples.
pub(super) fn flips(impact: &Impact, out: &mut String) {
    if impact.flips.is_empty() {
        return;
    }
    out.push_str("<section id=\"flips\">\n<h2>Examples of what changes</h2>\n");
    let baseline = impact.baseline.as_ref().map_or("baseline", name);
    let sides = [baseline, name(&impact.candidate)];
    impact.flips.iter().for_each(|example| flip(example, sides, out));
    out.push_str("</section>\n");
}

fn flip(flip: &Flip, [baseline, candidate]: [&str; 2], out: &mut String) {
    let id = flip.id.clone().unwrap_or_else(|| format!("record {}", flip.record));
    let ways = flip.decisions.iter().map(|way| {
        let (decision, from, to) = (escaped(&way.decision), escaped(&way.from), escaped(&way.to));
        format!("{decision}: {from} → <b>{to}</b>")
    });
    let ways: Vec<_> = ways.collect();
    let input = serde_json::to_string_pretty(&flip.input).unwrap_or_default();
    // A text takes whatever is written.
    let _ = writeln!(
        out,
        "<details class=\"flip\"><summary><span>{}</span> <span class=\"soft\">{}</span> \
         <span>{}</span></summary>",
        escaped(&id),
        escaped(&flip.dated),
        ways.join("; "),
    );
    let [before, after] = flip.told();
    two([(baseline, &before), (candidate, &after)], out);
    if [&before, &after] != [flip.baseline.text.trim_end(), flip.candidate.text.trim_end()] {
        out.push_str("<details class=\"every\"><summary>every rule</summary>\n");
        two([(baseline, &flip.baseline.text), (candidate, &flip.candidate.text)], out);
        out.push_str("</details>\n");
    }
    let input = escaped(&input);
    let _ = writeln!(
        out,
        "<details><summary>the record</summary><pre>{input}</pre></details>\n</details>"
    );
}

/// Two explanations, each below its name.
fn two(sides: [(&str, &str); 2], out: &mut String) {
    out.push_str("<div class=\"two\">\n");
    for (name, text) in sides {
        let (name, text) = (escaped(name), escaped(text.trim_end()));
        let _ = writeln!(out, "<div><h3>{name}</h3><pre>{text}</pre></div>");
    }
    out.push_str("</div>\n");
}
