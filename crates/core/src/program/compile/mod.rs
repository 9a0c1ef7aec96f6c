//! The typed tree to a program: names become slots, functions are written out where they are
//! called, constants are folded, equal subexpressions become one node.

mod counter;
mod expression;
mod made;
mod named;
mod once;
mod policy;
mod script;
mod stages;
mod steps;
mod table_look_up;
mod written;

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher as _;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::constant::add_constant;
use super::index;
use super::layout::{Layout, Layouter, slot};
use super::table;
use super::{Comprehension, Named, Node, NodeId, Operands, Parameter, Policy, Program, Table};

use crate::check::typed::{self, Checked, Fields, LocalId, Place, PolicyId};
use crate::ids::{
    CompiledCounterId, ComprehensionId, FunctionId, IdVec, LetId, ListId, PatternId, ScriptId,
    SetId, TableId,
};
use crate::settings::Settings;
use rulebook_base::source::Span;
use rulebook_lang::model::{Cell, Store};
use written::Written;

/// Whether what stands in several places of the text is one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Places {
    /// Equal expressions are one node, which is what deciding wants.
    #[default]
    Shared,
    /// Each place, and each call of a function, has nodes of its own, so that whoever watches an
    /// evaluation can tell them apart.
    Each,
}

/// Compiles a typed tree that the checker has found no error in. Takes it, since each rule of it
/// is freed as soon as it is compiled: the memory is used for the next.
pub fn compile(mut checked: Checked, settings: &Settings, places: Places) -> Program {
    let policies = std::mem::take(&mut checked.policies);
    let tables = std::mem::take(&mut checked.tables);
    let parameters = std::mem::take(&mut checked.parameters);
    let calendars = std::mem::take(&mut checked.calendars);
    let checked = &checked;
    let mut program = Program {
        zone: settings.zone.clone(),
        languages: settings.languages.clone(),
        nodes: IdVec::new(),
        once: IdVec::new(),
        spans: IdVec::new(),
        operands: Vec::new(),
        constants: Store::default(),
        patterns: IdVec::new(),
        sets: IdVec::new(),
        comprehensions: IdVec::new(),
        made: IdVec::new(),
        heavy: FxHashMap::default(),
        scripts: IdVec::new(),
        members: IdVec::new(),
        parameters: IdVec::new(),
        calendars,
        tables: IdVec::new(),
        counters: IdVec::new(),
        profiles: IdVec::new(),
        policies: IdVec::new(),
    };
    for parameter in parameters {
        let typed::Parameter { name, ty, values, percent, assumed, span } = parameter;
        let values = values.iter();
        let values =
            values.map(|(from, value)| (*from, add_constant(&mut program.constants, value)));
        let values = values.collect();
        program.parameters.push(Parameter { name, ty, values, percent, assumed, span });
    }
    let mut in_tables = IdVec::new();
    for table in tables {
        let (table, written) = Table::new(table, &mut program.constants);
        program.tables.push(table);
        in_tables.push(written);
    }
    let mut kept = Kept::default();
    let rooms = element_rooms(checked, &policies, &mut program);
    for policy in policies {
        let record = &checked.records[policy.record];
        let room = rooms.get(&record.name).copied().unwrap_or(0);
        let (constants, profiles) = (&mut program.constants, &mut program.profiles);
        let mut layout = Layouter { checked, constants, profiles }.judged(record, room);
        let mut lowering = Lowering {
            checked,
            in_tables: &in_tables,
            layout: &layout,
            program: &mut program,
            known: FxHashMap::default(),
            kept: &mut kept,
            places,
            pending: Vec::new(),
            depth: 0,
            reads: BTreeSet::new(),
            dated: policy.dated.as_ref().and_then(|place| slot(&layout, place)),
            counters: Vec::new(),
            written: Written::default(),
            named: Vec::new(),
            names: HashMap::new(),
        };
        let compiled = lowering.policy(policy);
        let counters = lowering.read_counters();
        let (named, size) = (std::mem::take(&mut lowering.named), lowering.size_with_counters());
        layout.size = size;
        let compiled = Policy { layout, counters, named, ..compiled };
        let stages = stages::stages(&program, PolicyId::at(program.policies.len()), &compiled);
        let compiled = Policy { stages, ..compiled };
        let index = index::build(&program, &compiled);
        program.policies.push(Policy { index, ..compiled });
    }
    complete_reads(&mut program.policies);
    complete_counters(&mut program.policies);
    for profile in &mut program.profiles {
        profile.describe(&program.constants, &settings.zone_name);
    }
    let steps = steps::count(&mut program);
    if places == Places::Shared {
        once::share(&mut program, &steps);
    }
    program
}

/// How much room rows of each record have for the element of a list that a policy judges with it.
fn element_rooms(
    checked: &Checked,
    policies: &IdVec<PolicyId, typed::Policy>,
    program: &mut Program,
) -> HashMap<Arc<str>, u32> {
    let mut rooms: HashMap<Arc<str>, u32> = HashMap::new();
    for policy in policies.iter().filter(|policy| policy.elements.is_some()) {
        let record = &checked.records[policy.record];
        let (constants, profiles) = (&mut program.constants, &mut program.profiles);
        let size = Layouter { checked, constants, profiles }.room_beside(record);
        let room = rooms.entry(record.name.clone()).or_default();
        *room = size.max(*room);
    }
    rooms
}

/// Adds to the policies that each policy reads those that these read in turn.
fn complete_reads(policies: &mut IdVec<PolicyId, Policy>) {
    for id in policies.ids() {
        let mut all = BTreeSet::new();
        let mut pending = policies[id].reads.clone();
        while let Some(read) = pending.pop() {
            if all.insert(read) {
                pending.extend(&policies[read].reads);
            }
        }
        policies[id].reads = all.into_iter().collect();
    }
}

/// Gives the policies of one record rows of one size, and each the counters of those that it reads,
/// so that these find all they need in its rows.
fn complete_counters(policies: &mut IdVec<PolicyId, Policy>) {
    let mut sizes: HashMap<Arc<str>, u32> = HashMap::new();
    for policy in &*policies {
        let size = sizes.entry(policy.record.clone()).or_default();
        *size = policy.layout.size.max(*size);
    }
    for id in policies.ids() {
        let policy = &policies[id];
        let read = policy.reads.iter().map(|id| &policies[*id]);
        let mut counters = policy.counters.clone();
        for counted in read.flat_map(|policy| &policy.counters) {
            if !counters.contains(counted) {
                counters.push(*counted);
            }
        }
        let size = sizes.get(&policy.record).copied();
        let policy = &mut policies[id];
        policy.layout.size = size.unwrap_or(policy.layout.size);
        policy.counters = counters;
    }
}

/// What a local stands for where it is used.
#[derive(Debug, Clone)]
enum Bound {
    /// A place of the judged record.
    Place(Place),
    /// The value of a node, and the fields that lead from it where it is a record.
    Node(NodeId, Option<typed::RecordId>, Fields),
    /// The variable of a comprehension, and the fields that lead from it.
    Variable(u32, typed::RecordId, Fields),
}

type Env = HashMap<LocalId, Bound>;

/// A node by what it is, so that equal ones are built once.
#[derive(PartialEq, Eq, Hash)]
struct Shape<'p> {
    /// The node without the places of its operands, in which equal nodes differ.
    node: Node,
    operands: &'p [NodeId],
    comprehension: Option<Comprehension>,
}

impl<'p> Shape<'p> {
    fn of(program: &'p Program, mut node: Node) -> Self {
        let comprehension = match &mut node {
            Node::Comprehension(id) => {
                let inner = program.comprehensions[*id];
                *id = ComprehensionId::at(0);
                Some(inner)
            }
            _ => None,
        };
        let operands = node.operands_mut().map_or(&[][..], |operands| {
            program.operands(std::mem::replace(operands, Operands { start: 0, end: 0 }))
        });
        Self { node, operands, comprehension }
    }
}

/// What is kept once for all policies, by what it says.
#[derive(Default)]
struct Kept {
    lists: HashMap<ListId, Cell>,
    texts: FxHashMap<Box<str>, Cell>,
    patterns: HashMap<String, PatternId>,
    scripts: HashMap<FunctionId, ScriptId>,
    list_sets: HashMap<ListId, SetId>,
    sets: HashMap<Vec<String>, SetId>,
    counters: HashMap<(typed::CounterId, u32), CompiledCounterId>,
    /// The counters of each record, with their dates, in the order of their slots.
    counter_slots: HashMap<Arc<str>, Vec<(typed::CounterId, Option<u32>)>>,
}

struct Lowering<'c, 'p> {
    checked: &'c Checked,
    /// The expressions of tables, which stand with them no more.
    in_tables: &'c IdVec<TableId, table::Written>,
    layout: &'p Layout,
    program: &'p mut Program,
    /// The nodes by the hash of their shape, or the next free number behind it.
    known: FxHashMap<u64, NodeId>,
    kept: &'p mut Kept,
    places: Places,
    /// The operands lowered so far of the rows that are not complete.
    pending: Vec<NodeId>,
    /// How many comprehensions surround the expression; each has the variable of its depth.
    depth: u32,
    /// The policies whose decisions are read.
    reads: BTreeSet<PolicyId>,
    /// The slot of the policy's date.
    dated: Option<u32>,
    /// The counters that were met, and their slots.
    counters: Vec<(typed::CounterId, u32)>,
    /// The nodes of what is written in the expression at hand.
    written: Written,
    /// The named values that were met, and their nodes.
    named: Vec<Named>,
    names: HashMap<LetId, NodeId>,
}

impl Lowering<'_, '_> {
    /// Adds a node unless an equal one is there. Spans do not part nodes that mean the same.
    fn add(&mut self, node: Node, span: Span) -> NodeId {
        if self.places == Places::Each {
            return self.push(node, span);
        }
        let shape = Shape::of(self.program, node);
        let mut key = FxBuildHasher.hash_one(&shape);
        while let Some(known) = self.known.get(&key) {
            if Shape::of(self.program, self.program.node(*known)) == shape {
                let known = *known;
                self.take_back(node);
                return known;
            }
            key = key.wrapping_add(1);
        }
        let id = self.push(node, span);
        self.known.insert(key, id);
        id
    }

    fn push(&mut self, node: Node, span: Span) -> NodeId {
        self.program.spans.push(span);
        self.program.nodes.push(node)
    }

    /// Drops what was kept last for a node that is not needed.
    fn take_back(&mut self, mut node: Node) {
        if let Node::Comprehension(id) = node {
            self.program.comprehensions.back_to(id);
        } else if let Some(operands) = node.operands_mut() {
            self.program.operands.truncate(operands.start as usize);
        }
    }
}
