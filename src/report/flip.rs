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
         <span>{}</span></summary>\n<div class=\"two\">\n\
         <div><h3>{}</h3><pre>{}</pre></div>\n<div><h3>{}</h3><pre>{}</pre></div>\n</div>\n\
         <details><summary>the record</summary><pre>{}</pre></details>\n</details>",
        escaped(&id),
        escaped(&flip.dated),
        ways.join("; "),
        escaped(baseline),
        escaped(flip.baseline.text.trim_end()),
        escaped(candidate),
        escaped(flip.candidate.text.trim_end()),
        escaped(&input),
    );
}
