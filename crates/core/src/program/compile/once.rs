//! Finds the costly expressions that are asked for more than once for a record: they stand in several places,
//! or a list form asks for them for each of its elements though they do not depend on it. Equal
//! expressions are one node by now.

use crate::ids::IdVec;
use crate::program::{Comprehension, Node, NodeId, Once, Policy, PolicyId, Program, Text};

/// Keeping a value takes about as long as so many steps: an expression of fewer is worked out anew.
const WORTH: u64 = 12;

/// Has the costly expressions that are asked for more than once worked out once for a record.
pub(super) fn share(program: &mut Program, steps: &IdVec<NodeId, u64>) {
    let is_costly =
        |program: &Program, id: NodeId| steps[id] >= WORTH || takes_long(program.node(id));
    if !program.nodes.ids().any(|id| is_costly(program, id)) {
        return;
    }
    let traits = traits(program);
    let mut uses: IdVec<NodeId, u32> = program.nodes.iter().map(|_| 0).collect();
    let found: Vec<_> =
        program.policies.iter().map(|policy| used(program, policy, &traits, &mut uses)).collect();
    let mut room: IdVec<PolicyId, u32> = IdVec::new();
    let judges_elements = program.policies.iter().map(|policy| policy.elements.is_some());
    let judges_elements: Vec<_> = judges_elements.collect();
    for (mut found, judges_elements) in found.into_iter().zip(judges_elements) {
        found.retain(|id| {
            // What does not depend on an element is asked for by all of them.
            let is_asked_again = uses[*id] > 1 || judges_elements && !traits[*id].of_element;
            is_asked_again && traits[*id].variables == 0 && is_costly(program, *id)
        });
        found.sort_unstable();
        let mut own = 0;
        for id in found {
            let Traits { dated, of_element, .. } = traits[id];
            let once = program.once.push(Once { node: program.node(id), dated, of_element });
            program.nodes[id] = Node::Once(once);
            own = once.0 + 1;
        }
        room.push(own);
    }
    for (policy, own) in program.policies.iter_mut().zip(&room) {
        let read = policy.reads.iter().map(|read| room[*read]);
        policy.once = read.fold(*own, u32::max);
    }
}

/// Whether an expression takes longer than its steps say: that depends on the texts and lists at hand.
fn takes_long(node: Node) -> bool {
    match node {
        Node::Script(..) | Node::Comprehension(_) => true,
        Node::Call(kernel, _) => kernel.is_by_length() && kernel.comparison().is_none(),
        _ => false,
    }
}

/// What the value of an expression depends on, besides the record.
#[derive(Clone, Copy)]
struct Traits {
    /// The variables of list forms around it, a bit for each; the last one for all further ones.
    variables: u64,
    /// Whether it depends on the date used.
    dated: bool,
    /// Whether it may depend on the element of a list that is judged.
    of_element: bool,
}

fn traits(program: &Program) -> IdVec<NodeId, Traits> {
    // Where elements lie differs between records: from the first such slot on, any may be one of theirs.
    let elements = program.policies.iter().filter_map(|policy| policy.elements.as_ref());
    let first = elements.map(|elements| elements.slot).min().unwrap_or(u32::MAX);
    let of_element = |node: Node| match node {
        Node::Slot(slot) | Node::Record(slot, _) => slot >= first,
        Node::Decision(policy, _) => program.policies[policy].elements.is_some(),
        _ => false,
    };
    let mut all: IdVec<NodeId, Traits> = IdVec::with_capacity(program.nodes.len());
    let mut parts = Vec::new();
    // What a node needs stands before it.
    for node in &program.nodes {
        parts.clear();
        program.children(*node, &mut parts);
        let (dated, of_element) = (is_dated(program, *node), of_element(*node));
        let mut traits = Traits { variables: 0, dated, of_element };
        for part in &parts {
            traits.variables |= all[*part].variables;
            traits.dated |= all[*part].dated;
            traits.of_element |= all[*part].of_element;
        }
        match *node {
            Node::Local(variable)
            | Node::LocalField(variable, _)
            | Node::ElementDecision(variable, ..)
            | Node::LocalRecord(variable, ..) => traits.variables |= bit(variable),
            Node::Comprehension(id) => {
                let Comprehension { list, variable, .. } = program.comprehensions[id];
                let is_told_apart = variable < u64::BITS - 1;
                let own = if is_told_apart { bit(variable) } else { 0 };
                traits.variables = traits.variables & !own | all[list].variables;
            }
            _ => {}
        }
        all.push(traits);
    }
    all
}

fn bit(variable: u32) -> u64 {
    1 << variable.min(u64::BITS - 1)
}

fn is_dated(program: &Program, node: Node) -> bool {
    match node {
        Node::Parameter(_) => true,
        Node::LookUp { table, .. } => program.tables[table].is_dated(),
        _ => false,
    }
}

/// What judging asks of a policy, and of what reasons tell, which is seldom read, calls of scripts.
fn asked(program: &Program, policy: &Policy) -> impl Iterator<Item = NodeId> {
    let others = policy.decisions.iter().filter_map(|decision| decision.otherwise);
    let judged = policy.rules.iter().flat_map(|rule| rule.expressions().copied());
    let on_fault = policy.on_fault.iter().map(|(_, node)| *node);
    let told = policy.rules.iter().flat_map(|rule| rule.because.iter().flat_map(Text::nodes));
    let told = told.filter(|id| {
        let mut calls = false;
        program.walk(*id, &mut |_, node| calls |= matches!(node, Node::Script(..)));
        calls
    });
    others.chain(judged).chain(on_fault).chain(told)
}

/// Counts how often each expression of a policy is asked for, as far as that is written; those that are.
fn used(
    program: &Program,
    policy: &Policy,
    traits: &IdVec<NodeId, Traits>,
    uses: &mut IdVec<NodeId, u32>,
) -> Vec<NodeId> {
    let mut pending: Vec<(NodeId, u32)> = asked(program, policy).map(|id| (id, 1)).collect();
    let mut found = Vec::new();
    let mut parts = Vec::new();
    while let Some((id, times)) = pending.pop() {
        let is_new = uses[id] == 0;
        uses[id] = uses[id].saturating_add(times);
        if !is_new {
            continue;
        }
        found.push(id);
        parts.clear();
        let node = program.node(id);
        program.children(node, &mut parts);
        // What depends on a variable is asked for each element, and so is all that it needs.
        let times = if traits[id].variables == 0 { 1 } else { 2 };
        pending.extend(parts.iter().map(|part| (*part, times)));
        if let Node::Comprehension(id) = node {
            let inner = &program.comprehensions[id];
            pending.extend(inner.filter.into_iter().chain(inner.body).map(|part| (part, 1)));
        }
    }
    found
}
