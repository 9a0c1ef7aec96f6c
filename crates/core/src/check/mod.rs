//! Trees to a typed tree, with every problem of every file at once.
//!
//! Whatever checks a piece reads the names that are declared, reports to a sink what is wrong, and
//! returns what the piece comes to; only this file puts pieces together, in the order in which they
//! need each other.

mod alike;
mod alternative;
mod assign;
mod calendar;
mod call;
mod checker;
mod circle;
mod cites;
mod collect;
mod combiner;
mod comprehension;
mod constant;
mod counter;
mod currency;
mod days;
mod decided;
mod elements;
mod empty;
mod evaluate;
mod field;
mod foreign;
mod function;
mod head;
mod hidden;
mod infer;
mod instant;
mod invariant;
mod join;
mod known_by;
mod lint;
mod made;
mod measure;
mod misfit;
mod money;
mod name;
mod named;
mod names;
mod nodes;
mod number;
mod operation;
mod overlay;
mod own;
mod parts;
mod pattern;
mod policy;
mod presence;
mod read_as;
mod read_elements;
mod reading;
mod record;
mod recursion;
mod resolve;
mod rule;
mod scope;
mod share;
mod sink;
mod special;
mod table;
pub mod typed;
mod validity;
mod value;
mod weekday;
mod written;

use std::collections::BTreeMap;

use crate::settings::Settings;
use checker::Checker;
use names::{Declared, Names};
use nodes::Nodes;
use rulebook_base::diagnostic::{self, Diagnostic, Severity};
use rulebook_base::source::{FileId, Sources, Span};
use rulebook_syntax::Parsed;
use rulebook_syntax::ast::DefinitionKind;
use sink::Sink;
use table::Soundness;
use typed::{Checked, PolicyId, TableId};
pub use value::list_lines;
use written::Written;

/// Checks the files of a rulebook together and returns the typed tree beside all that is wrong.
///
/// `named` holds the files that lists and functions name, by where they name them.
/// The tree may be compiled only if no diagnostic is an error. The files are taken, since what is
/// written of a rule is freed as soon as it has been checked: the memory is used for the next.
pub fn check(
    sources: &Sources,
    mut files: Vec<Parsed>,
    named: &BTreeMap<Span, FileId>,
    settings: &Settings,
) -> (Checked, Vec<Diagnostic>) {
    let mut names = Names::new(sources, settings, named, &files);
    let mut sink = Sink::default();
    empty::report(sources, &files, &mut sink);
    let sound_tables = define(&Nodes::of(&files), &mut names, &mut sink);
    table::forget_rows(&mut files);
    define_policies(&mut files, &mut names, &mut sink);
    table::analyse(&mut Checker::new(&names, &mut sink), &sound_tables);
    validity::check_policies(&mut Checker::new(&names, &mut sink));
    reading::check(&mut Checker::new(&names, &mut sink));
    own::check_circles(&mut Checker::new(&names, &mut sink));
    hidden::warn(&mut Checker::new(&names, &mut sink));
    lint::lint(&mut Checker::new(&names, &mut sink), &Nodes::of(&files).all);
    let mut diagnostics: Vec<_> = files.into_iter().flat_map(|parsed| parsed.diagnostics).collect();
    diagnostics.append(&mut sink.diagnostics);
    // What an included rulebook is warned of is its own business.
    diagnostics.retain(|diagnostic| {
        let file = diagnostic.span().map(|span| span.file);
        diagnostic.code.default_severity() == Severity::Error
            || file.and_then(|file| sources.included(file)).is_none()
    });
    settings.apply_levels(&mut diagnostics);
    diagnostic::sort(&mut diagnostics);
    (names.checked, diagnostics)
}

/// Checks what is defined outside of policies: types first, then what has them. Returns the tables that
/// are sound.
fn define(nodes: &Nodes, names: &mut Names, sink: &mut Sink) -> Vec<TableId> {
    let mut sound_tables = Vec::new();
    collect::collect(&nodes.all, names, sink);
    for node in &nodes.calendars {
        let calendar = calendar::define(&mut Checker::new(names, sink), node);
        names.checked.calendars.push(calendar);
    }
    names.checked.records = record::declare(&mut Checker::new(names, sink), &nodes.records);
    names.money = Some(names.checked.records.push(money::record()));
    record::describe(names);
    names.checked.parameters =
        value::declare_parameters(&mut Checker::new(names, sink), &nodes.parameters);
    names.checked.lists = value::declare_lists(&mut Checker::new(names, sink), &nodes.lists);
    names.checked.functions = function::declare(&mut Checker::new(names, sink), &nodes.functions);
    for (id, node) in value::in_order(names, &nodes.parameters) {
        let values = value::parameter(&mut Checker::new(names, sink), id, node);
        names.checked.parameters[id].values = values;
    }
    let lists = value::lists(&mut Checker::new(names, sink), &nodes.lists);
    for (list, items) in names.checked.lists.iter_mut().zip(lists) {
        list.items = items;
    }
    for default in record::defaults(&mut Checker::new(names, sink), &nodes.records) {
        if let Some(field) = names.field_mut(default.record, default.position) {
            field.default = Some(default.value);
        }
    }
    for read in read_as::readings(&mut Checker::new(names, sink), &nodes.records) {
        if let Some(field) = names.field_mut(read.record, read.position) {
            field.reading = Some(read.reading);
        }
    }
    let mut columns = Vec::new();
    for node in &nodes.tables {
        let (table, soundness) = table::declare(&mut Checker::new(names, sink), node);
        if soundness == Soundness::Broken {
            // Nobody reports look-ups in it.
            names.broken.insert(table.name.clone());
        }
        let id = names.checked.tables.push(table);
        columns.push(soundness);
        record::describe_row(names, id);
    }
    // Cells may look up in other tables.
    for ((id, node), soundness) in (0..).map(TableId::at).zip(&nodes.tables).zip(columns) {
        if soundness == Soundness::Broken {
            continue;
        }
        let mut checker = Checker::new(names, sink);
        let (rows, is_sound) = table::rows(&mut checker, node, &names.checked.tables[id]);
        if let Some(rows) = rows {
            table::fill(&mut names.checked.tables[id], rows);
        }
        if is_sound && soundness == Soundness::Whole {
            sound_tables.push(id);
        }
    }
    let bodies = function::bodies(&mut Checker::new(names, sink), &nodes.functions);
    for (function, body) in names.checked.functions.iter_mut().zip(bodies) {
        function.body = body;
    }
    recursion::check(&mut Checker::new(names, sink));
    for (record, key) in known_by::keys(&mut Checker::new(names, sink), &nodes.records) {
        names.checked.records[record].key = key;
    }
    for join in join::joins(&mut Checker::new(names, sink), &nodes.records) {
        names.checked.records[join.profile].profile_key = Some(join.profile_key);
        if let Some(field) = names.field_mut(join.record, join.position) {
            field.join = Some(join.key);
        }
    }
    join::check(&mut Checker::new(names, sink), &nodes.records);
    for (record, validity) in validity::validities(&mut Checker::new(names, sink), &nodes.records) {
        names.checked.records[record].validity = Some(validity);
    }
    validity::check(&mut Checker::new(names, sink), &nodes.records);
    let written = Written::new(&nodes.all);
    for node in &nodes.counters {
        let counter = counter::define(&mut Checker::new(names, sink), node, nodes, &written);
        names.checked.counters.push(counter);
    }
    sound_tables
}

/// Checks policies, once all of them are declared, since they read each other.
fn define_policies(files: &mut [Parsed], names: &mut Names, sink: &mut Sink) {
    let nodes = Nodes::of(files);
    let judged = elements::declare(&mut Checker::new(names, sink), &nodes);
    let judged = judged.into_iter().map(|judged| {
        judged.map(|judged| {
            judged.map(|judged| (names.checked.records.push(judged.record), judged.elements))
        })
    });
    let judged = judged.collect();
    let declared = policy::declare(&mut Checker::new(names, sink), &nodes.policies, judged);
    for (at, policy) in declared.iter().enumerate() {
        let policy = policy.as_ref().ok();
        let decided = policy.and_then(|policy| {
            elements::decided(&Checker::new(names, sink), PolicyId::at(at), policy)
        });
        let decided = decided.map(|record| names.checked.records.push(record));
        names.policies.push(policy.map(|policy| Declared::of(policy, decided)));
    }
    names.record_lets = named::of_records(names, sink, &nodes.records);
    let mut overlays = overlay::take(&mut Checker::new(names, sink), files);
    let definitions = files.iter_mut().flat_map(|parsed| &mut parsed.file.definitions);
    let nodes = definitions.filter_map(|definition| match &mut definition.kind {
        DefinitionKind::Policy(policy) if policy.amends().is_none() => Some(policy),
        _ => None,
    });
    for ((at, node), declared) in nodes.enumerate().zip(declared) {
        let overlays = overlays.remove(node.name.text).unwrap_or_default();
        let Ok(policy) = declared else { continue };
        let scopes = policy::scopes(names, sink, (PolicyId::at(at), &policy), node, &overlays);
        let mut checker = Checker::new(names, sink);
        let policy = policy::define(&mut checker, policy, scopes, node, overlays);
        names.checked.policies.push(policy);
    }
}
