//! In what the sides differ, and what is assumed.

use std::fmt::Write as _;

use super::html::{Cell, table};
use super::section::{begin, end, heads};
use crate::document::escaped;
use crate::simulate::{Difference, Differing, Impact, Line, Side};

/// In what the sides differ: times and parameters in a table, rules and definitions line by line; and
/// what was set for the run.
pub(super) fn differs(impact: &Impact, out: &mut String) {
    let set = |side: &Side, which: &str| {
        let set = side.set.iter();
        let line = |(name, value): &(String, String)| {
            vec![Cell::text(which), Cell::text(name), Cell::text(value)]
        };
        set.map(line).collect::<Vec<_>>()
    };
    let mut rows = impact.baseline.as_ref().map_or(Vec::new(), |side| set(side, "baseline"));
    rows.extend(set(&impact.candidate, "candidate"));
    if rows.is_empty() && impact.differs.is_empty() {
        return;
    }
    begin("differs", "What was changed and set", out);
    let written = |own: &&Difference| matches!(own.what, Differing::Rule | Differing::Definition);
    let values = impact.differs.iter().filter(|own| !written(own)).map(|own| {
        let what = if own.what == Differing::Time { "time" } else { "parameter" };
        let side = |value: &Option<String>| Cell::text(value.as_deref().unwrap_or("–"));
        vec![Cell::text(what), Cell::text(&own.name), side(&own.baseline), side(&own.candidate)]
    });
    let head = heads(["What", "Name", "Baseline", "Candidate"]);
    table("In what the sides differ", &head, &values.collect::<Vec<_>>(), out);
    impact.differs.iter().filter(written).for_each(|own| text(own, out));
    table("Set for this run", &heads(["Side", "Parameter", "Value"]), &rows, out);
    end(out);
}

/// A rule or a definition that is written otherwise, line by line.
fn text(own: &Difference, out: &mut String) {
    // A text takes whatever is written.
    let _ = write!(
        out,
        "<details class=\"written\"><summary>{} {}</summary>\n<pre class=\"lines\">",
        escaped(&own.told_name()),
        own.told_change()
    );
    for line in own.lines() {
        let _ = match line {
            Line::Both(text) => writeln!(out, "  {}", escaped(text)),
            Line::Gone(text) => writeln!(out, "<del>- {}</del>", escaped(text)),
            Line::New(text) => writeln!(out, "<ins>+ {}</ins>", escaped(text)),
            Line::Rest => writeln!(out, "  …"),
        };
    }
    out.push_str("</pre>\n</details>\n");
}

/// The assumed parameters, with their values and reasons.
pub(super) fn assumed(impact: &Impact, out: &mut String) {
    if impact.assumptions.is_empty() {
        return;
    }
    begin("assumed", "What is assumed", out);
    out.push_str(
        "<p class=\"soft\">Nobody published these values. With <code>--set PARAMETER=VALUE</code> \
         the same is worked out for others.</p>\n",
    );
    let rows = impact.assumptions.iter().map(|own| {
        let value = match own.set {
            true => format!("{}, set for this run", own.value),
            false => own.value.clone(),
        };
        vec![Cell::text(&own.parameter), Cell::text(&value), Cell::text(&own.why)]
    });
    let head = heads(["Parameter", "Value", "Why"]);
    table("Assumed parameters that the policy reads", &head, &rows.collect::<Vec<_>>(), out);
    end(out);
}
