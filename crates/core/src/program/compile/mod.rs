//! The typed tree to a program: names become slots, functions are written out where they are
//! called, constants are folded, equal subexpressions become one node.

mod counter;
mod expression;
mod script;
mod steps;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::hash::BuildHasher as _;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::index::{self, Index};
use super::layout::{Layout, Layouter, add_constant, slot};
use super::{
    Claim, Clause, Comprehension, Decision, Invariant, Measurement, Node, NodeId, Operands,
    Overlay, Parameter, Phase, Piece, Policy, Program, Require, Rule, Table, Text, Variant,
};

use crate::check::typed::{self, Checked, Expr, Fields, Kind, LocalId, Place, PolicyId};
use crate::ids::{
    CompiledCounterId, ComprehensionId, FunctionId, IdVec, ListId, PatternId, RuleId, ScriptId,
    SetId,
};
use crate::settings::Settings;
use rulebook_base::source::Span;
use rulebook_lang::model::{Cell, Store, Type};

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
    let checked = &checked;
    let mut program = Program {
        zone: settings.zone.clone(),
        languages: settings.languages.clone(),
        nodes: IdVec::new(),
        spans: IdVec::new(),
        operands: Vec::new(),
        constants: Store::default(),
        patterns: IdVec::new(),
        sets: IdVec::new(),
        comprehensions: IdVec::new(),
        heavy: FxHashMap::default(),
        scripts: IdVec::new(),
        members: IdVec::new(),
        parameters: IdVec::new(),
        tables: IdVec::new(),
        counters: IdVec::new(),
        profiles: IdVec::new(),
        policies: IdVec::new(),
    };
    for parameter in &checked.parameters {
        let values = parameter.values.iter();
        let values = values
            .map(|value| (value.from, add_constant(&mut program.constants, &value.value)))
            .collect();
        let (name, ty) = (parameter.name.clone(), parameter.ty.clone());
        program.parameters.push(Parameter { name, ty, values });
    }
    for table in tables {
        program.tables.push(Table::new(table, &mut program.constants));
    }
    let mut kept = Kept::default();
    for policy in policies {
        let record = &checked.records[policy.record];
        let (constants, profiles) = (&mut program.constants, &mut program.profiles);
        let mut layout = Layouter { checked, constants, profiles }.record(record, 0);
        let mut lowering = Lowering {
            checked,
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
        };
        let compiled = lowering.policy(policy);
        let counters = lowering.read_counters();
        layout.size = lowering.size_with_counters();
        let compiled = Policy { layout, counters, ..compiled };
        let index = index::build(&program, &compiled);
        program.policies.push(Policy { index, ..compiled });
    }
    complete_reads(&mut program.policies);
    complete_counters(&mut program.policies);
    for profile in &mut program.profiles {
        profile.describe(&program.constants, &settings.zone_name);
    }
    steps::count(&mut program);
    program
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
    /// A node.
    Node(NodeId),
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
}

impl Lowering<'_, '_> {
    fn policy(&mut self, policy: typed::Policy) -> Policy {
        let none = Env::new();
        let decisions = policy.decisions.iter().map(|decision| Decision {
            name: decision.name.clone(),
            ty: decision.ty.clone(),
            combiner: decision.combiner,
            otherwise: decision.otherwise.as_ref().map(|expr| self.lower(expr, &none)),
            because: decision.because.as_ref().map(|text| self.text(text)),
        });
        let decisions = decisions.collect();
        let mut rules = IdVec::with_capacity(policy.rules.len());
        for rule in policy.rules {
            rules.push(self.rule(&policy.name, rule));
        }
        let overlays = policy.overlays.into_iter().map(|overlay| Overlay {
            title: overlay.title.as_ref().map(|title| self.text(title)),
            name: overlay.name,
            sources: overlay.sources,
        });
        let overlays = overlays.collect();
        let on_fault = policy.on_fault.iter().map(|(id, expr)| (*id, self.lower(expr, &none)));
        let on_fault = on_fault.collect();
        let reads = std::mem::take(&mut self.reads).into_iter().collect();
        let invariants = policy.invariants.into_iter().map(|node| self.invariant(node)).collect();
        // What claims and measures read is read by nobody who decides.
        let measurements = policy.measurements.into_iter();
        let measurements = measurements.map(|node| self.measurement(node)).collect();
        self.reads.clear();
        Policy {
            name: policy.name,
            title: policy.title.as_ref().map(|title| self.text(title)),
            sources: policy.sources,
            record: self.layout.record.clone(),
            layout: self.layout.clone(),
            counters: Vec::new(),
            dated: policy.dated.as_ref().and_then(|place| slot(self.layout, place)),
            id: self.layout.scalar_slot("id"),
            decisions,
            index: Index::default(),
            ranks: override_ranks(&rules),
            rules,
            overlays,
            on_fault,
            fault_reason: policy.fault_reason.as_ref().map(|text| self.text(text)),
            reads,
            invariants,
            measurements,
        }
    }

    fn invariant(&mut self, invariant: typed::Invariant) -> Invariant {
        let typed::Invariant { name, when, claim, span } = invariant;
        let none = Env::new();
        let when = when.as_ref().map(|expr| self.lower(expr, &none));
        let claim = match claim {
            typed::Claim::Never(expr) => Claim::Never(self.lower(&expr, &none)),
            typed::Claim::Independent(decision, place) => {
                let slots = slot(self.layout, &place).map(|slot| self.layout.within(slot));
                Claim::Independent(decision, slots.unwrap_or_default())
            }
        };
        Invariant { name, when, claim, span }
    }

    fn measurement(&mut self, measurement: typed::Measurement) -> Measurement {
        let typed::Measurement { name, title, sources, assumed, reckoning, value, filter, .. } =
            measurement;
        let none = Env::new();
        let currency = value.as_ref().and_then(|expr| match expr.ty {
            Type::Money(currency) => Some(currency),
            _ => None,
        });
        Measurement {
            name,
            title: title.as_ref().map(|title| self.text(title)),
            sources,
            assumed,
            reckoning,
            value: value.as_ref().map(|expr| self.lower(expr, &none)),
            currency,
            filter: filter.as_ref().map(|expr| self.lower(expr, &none)),
        }
    }

    fn rule(&mut self, policy: &str, rule: typed::Rule) -> Rule {
        let none = Env::new();
        let phases = rule.phases.iter().map(|phase| Phase {
            from: phase.from,
            effect: phase.effect,
            cohort: phase
                .cohort
                .as_ref()
                .map(|(share, key)| (self.lower(share, &none), self.lower(key, &none))),
            filter: phase.filter.as_ref().map(|expr| self.lower(expr, &none)),
            span: phase.span,
        });
        let phases = phases.collect();
        let requires = rule.requires.iter().map(|require| Require {
            name: require.name.clone(),
            within: require.within.as_ref().map(|expr| self.lower(expr, &none)),
            of: require.of.as_ref().map(|expr| self.lower(expr, &none)),
        });
        let requires = requires.collect();
        let when = rule.when.as_ref().map(|expr| self.clause(expr));
        let exception = rule.unless.as_ref().map(|expr| self.clause(expr));
        let draws = rule.phases.iter().any(|phase| phase.cohort.is_some());
        let salt = draws.then(|| match rule.overlay {
            Some(_) => rule.name.clone(),
            None => [policy, ".", &rule.name].concat(),
        });
        Rule {
            name: rule.name,
            overlay: rule.overlay,
            salt: salt.unwrap_or_default(),
            title: rule.title.as_ref().map(|text| self.text(text)),
            sources: rule.sources,
            dated: rule.dated.as_ref().and_then(|place| slot(self.layout, place)),
            phases,
            until: rule.until,
            when: when.map(|clause| clause.node),
            clauses: when.map_or_else(Vec::new, |when| self.clauses(rule.when.as_ref(), when)),
            unless: exception.map(|clause| clause.node),
            exception,
            overrides: rule.overrides,
            sets: rule.sets.iter().map(|(id, expr)| (*id, self.lower(expr, &none))).collect(),
            requires,
            because: rule.because.as_ref().map(|text| self.text(text)),
            span: rule.span,
        }
    }

    /// The operands of the outermost `and`, or the whole condition.
    fn clauses(&self, condition: Option<&Expr>, whole: Clause) -> Vec<Clause> {
        match (condition.map(|expr| &expr.kind), self.program.node(whole.node)) {
            (Some(Kind::And(exprs)), Node::And(operands)) => {
                let nodes = exprs.iter().zip(self.program.operands(operands));
                nodes.map(|(expr, node)| Clause { node: *node, span: expr.span }).collect()
            }
            _ => vec![whole],
        }
    }

    fn clause(&mut self, expr: &Expr) -> Clause {
        Clause { node: self.lower(expr, &Env::new()), span: expr.span }
    }

    fn text(&mut self, texts: &typed::Texts) -> Text {
        let none = Env::new();
        let variants = texts.variants.iter().map(|(language, pieces)| Variant {
            language: language.clone(),
            pieces: pieces
                .iter()
                .map(|piece| match piece {
                    typed::Piece::Text(text) => Piece::Text(text.clone()),
                    typed::Piece::Value(expr, percent) => {
                        Piece::Value(self.lower(expr, &none), expr.ty.clone(), *percent)
                    }
                })
                .collect(),
        });
        Text { variants: variants.collect() }
    }

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

/// For each rule its place in an order in which what overrides stands before what is overridden,
/// in text order otherwise; none where no rule overrides another.
fn override_ranks(rules: &IdVec<RuleId, Rule>) -> IdVec<RuleId, u32> {
    if rules.iter().all(|rule| rule.overrides.is_empty()) {
        return IdVec::new();
    }
    let mut waiting: IdVec<RuleId, usize> = rules.iter().map(|_| 0).collect();
    for target in rules.iter().flat_map(|rule| &rule.overrides) {
        waiting[*target] += 1;
    }
    let free = waiting.numbered().filter(|(_, count)| **count == 0);
    let mut ready: BinaryHeap<_> = free.map(|(id, _)| Reverse(id)).collect();
    let mut ranks: IdVec<RuleId, u32> = rules.iter().map(|_| 0).collect();
    let mut next = 0;
    // The checker has ruled out circles, so every rule becomes ready in the end.
    while let Some(Reverse(id)) = ready.pop() {
        ranks[id] = next;
        next += 1;
        for target in &rules[id].overrides {
            waiting[*target] -= 1;
            if waiting[*target] == 0 {
                ready.push(Reverse(*target));
            }
        }
    }
    debug_assert_eq!(next as usize, rules.len(), "rules override each other in a circle");
    ranks
}
