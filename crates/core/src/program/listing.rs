//! A program as text that a developer can read: slots, parameters, nodes and rules.

use std::fmt::Write;

use super::constant::shown;
use super::{Counter, Node, NodeId, Policy, Program};
use rulebook_lang::function;
use rulebook_lang::kernel::Kernel;
use rulebook_lang::operator::{Meaning, OPERATORS, PREFIXES};
use rulebook_lang::signature::Signature;

/// The whole program, policy by policy.
pub fn listing(program: &Program) -> String {
    let mut out = String::new();
    for parameter in &program.parameters {
        let _ = writeln!(out, "parameter {}: {}", parameter.name, parameter.ty);
        for (from, cell) in &parameter.values {
            let from = from.map_or("always".to_string(), |time| time.to_string());
            let _ = writeln!(out, "  {from}: {}", shown(&program.constants.value(*cell)));
        }
    }
    for table in &program.tables {
        table.list(&program.constants, &mut out);
    }
    for policy in &program.policies {
        list_policy(program, policy, &mut out);
    }
    out
}

fn list_policy(program: &Program, policy: &Policy, out: &mut String) {
    let _ = match &policy.elements {
        Some(of) => writeln!(out, "policy {} for each {} in {}", policy.name, of.name, of.path),
        None => writeln!(out, "policy {} for {}", policy.name, policy.record),
    };
    policy.layout.walk("", &mut |path, field| {
        let joined = field.join.map(|join| {
            let record = &program.profiles[join.profile].layout.record;
            format!(", joined from {record} by slot {}", join.key)
        });
        let _ = writeln!(out, "  slot {} {path}{}", field.slot, joined.unwrap_or_default());
    });
    for id in &policy.reads {
        let _ = writeln!(out, "  reads {}", program.policies[*id].name);
    }
    for counted in &policy.counters {
        list_counter(program, &program.counters[counted.counter], counted.slot, out);
    }
    for overlay in &policy.overlays {
        let _ = writeln!(out, "  amended by {}", overlay.name);
    }
    for rule in &policy.rules {
        let _ = writeln!(out, "  rule {}", rule.name);
        for phase in &rule.phases {
            let _ = writeln!(out, "    from {} {:?}", phase.from, phase.effect);
        }
        for (word, node) in [("when", rule.when), ("unless", rule.unless)] {
            if let Some(node) = node {
                let _ = writeln!(out, "    {word}\n{}", tree(program, node, 3));
            }
        }
        for (decision, node) in &rule.sets {
            let name = &policy.decisions[*decision].name;
            let _ = writeln!(out, "    set {name}\n{}", tree(program, *node, 3));
        }
    }
    for measurement in &policy.measurements {
        let (name, word) = (&measurement.name, measurement.reckoning.name());
        let _ = writeln!(out, "  measure {name}: {word}");
        for (word, node) in [("of", measurement.value), ("where", measurement.filter)] {
            if let Some(node) = node {
                let _ = writeln!(out, "    {word}\n{}", tree(program, node, 3));
            }
        }
    }
}

fn list_counter(program: &Program, counter: &Counter, slot: u32, out: &mut String) {
    let Counter { name, ty, window, dated, .. } = counter;
    let _ = writeln!(out, "  slot {slot} counter {name}: {ty}, {window}, dated by slot {dated}");
    let keys = counter.keys.iter().map(|(key, _)| ("key", *key));
    let filter = counter.filter.iter().map(|filter| ("where", *filter));
    let value = counter.value.iter().map(|(value, _)| (counter.tally.words(), *value));
    for (word, node) in keys.chain(filter).chain(value) {
        let _ = writeln!(out, "    {word}\n{}", tree(program, node, 3));
    }
}

/// How an operation is written: the first of the tables that has its kernel.
fn operation(kernel: Kernel) -> &'static str {
    let has =
        |signatures: &[Signature]| signatures.iter().any(|signature| signature.kernel == kernel);
    let operators = OPERATORS.iter().filter_map(|row| match &row.meaning {
        Meaning::Kernel(signatures) => Some((row.symbol, *signatures)),
        _ => None,
    });
    let prefixes = PREFIXES.iter().map(|row| (row.symbol, row.signatures));
    let functions = function::all().map(|row| (row.name, row.signatures));
    let mut all = operators.chain(prefixes).chain(functions);
    all.find(|(_, signatures)| has(signatures)).map_or("call", |(name, _)| name)
}

fn tree(program: &Program, id: NodeId, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let line = match program.node(id) {
        Node::Constant(cell) => shown(&program.constants.value(cell)),
        Node::Slot(slot) => format!("slot {slot}"),
        Node::Parameter(parameter) => format!("parameter {}", program.parameters[parameter].name),
        Node::Decision(policy, decision) => program.decision_path(policy, decision),
        Node::Elements(policy) => format!("all of {}", program.policies[policy].name),
        Node::ElementDecision(variable, policy, decision) => {
            format!("local {variable} {}", program.decision_path(policy, decision))
        }
        Node::Call(kernel, _) => operation(kernel).into(),
        Node::Script(id, _) => format!("script {:?}", program.scripts[id].script),
        Node::Record(slot, _) => format!("record behind slot {slot}"),
        Node::LocalRecord(variable, offset, _) => {
            format!("variable {variable} record behind field {offset}")
        }
        Node::Field(_, offset, _) => format!("field {offset}"),
        Node::Items(_) => "list".into(),
        Node::Rows(id, _) => format!("make each {}", program.made[id].record),
        Node::Made(id, _) => format!("make {}", program.made[id].record),
        Node::And(_) => "and".into(),
        Node::Or(_) => "or".into(),
        Node::Choice(_) => "choice".into(),
        Node::AnyOf(..) => "any of".into(),
        Node::InRange { closed, .. } => {
            format!("in range, {}", if closed { "closed" } else { "half open" })
        }
        Node::Presence(_, present) => (if present { "is present" } else { "is missing" }).into(),
        Node::Coalesce(..) => "coalesce".into(),
        Node::Try(_) => "try".into(),
        Node::Comprehension(id) => {
            let inner = &program.comprehensions[id];
            format!("{:?} over variable {}", inner.kind, inner.variable).to_lowercase()
        }
        Node::LookUp { table, output, .. } => {
            format!("look up {}, output {output}", program.tables[table].name)
        }
        Node::InSet(_, set, _) => format!("in a set of {}", program.sets[set].len()),
        Node::Local(variable) => format!("variable {variable}"),
        Node::LocalField(variable, offset) => format!("variable {variable} field {offset}"),
        Node::Now => "now".into(),
        Node::Pattern(id) => format!("pattern {}", program.patterns[id].as_str()),
        Node::NumberText(_) | Node::MemberText(..) => "as text".into(),
        // The node itself is looked at, not how it is evaluated.
        Node::Once(_) => String::new(),
    };
    let once = if let Node::Once(_) = program.step(id) { "once: " } else { "" };
    let mut out = format!("{indent}{once}{line}");
    for child in program.parts(program.node(id)) {
        out.push('\n');
        out.push_str(&tree(program, child, depth + 1));
    }
    out
}
