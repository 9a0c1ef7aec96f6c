//! The typed tree to a program: names become slots, functions are written out where they are
//! called, constants are folded, equal subexpressions become one node.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::index::{self, Index};
use super::layout::{Layout, Layouter, add_constant, slot};
use super::{
    Clause, Comprehension, Decision, Node, NodeId, Operands, Parameter, Phase, Piece, Policy,
    Program, Require, Rule, Text, Variant, zero_of,
};
use regex::Regex;

use crate::check::typed::{
    self, Checked, Constant, Expr, Fields, Kind, LocalId, Place, Root, enum_of,
};
use crate::lang::kernel::{self, Context, Kernel};
use crate::model::{Cell, Store, Type, Value};
use crate::settings::Settings;
use crate::source::Span;

/// Lists of texts with at least this many items are looked up in a set.
const SET_SIZE: usize = 8;

/// Compiles a typed tree that the checker has found no error in. Takes it, since each rule of it
/// is freed as soon as it is compiled: the memory is used for the next.
pub fn compile(mut checked: Checked, settings: &Settings) -> Program {
    let policies = std::mem::take(&mut checked.policies);
    let checked = &checked;
    let mut program = Program {
        zone: settings.zone.clone(),
        languages: settings.languages.clone(),
        nodes: Vec::new(),
        spans: Vec::new(),
        operands: Vec::new(),
        constants: Store::default(),
        patterns: Vec::new(),
        sets: Vec::new(),
        comprehensions: Vec::new(),
        members: Vec::new(),
        parameters: Vec::new(),
        policies: Vec::new(),
    };
    for parameter in &checked.parameters {
        let values = parameter.values.iter();
        let values = values
            .map(|value| (value.from, add_constant(&mut program.constants, &value.value)))
            .collect();
        let (name, ty) = (parameter.name.clone(), parameter.ty.clone());
        program.parameters.push(Parameter { name, ty, values });
    }
    let mut kept = Kept::default();
    for policy in policies {
        let Some(record) = checked.records.get(policy.record.index()) else { continue };
        let layout = Layouter { checked, constants: &mut program.constants }.record(record, 0);
        let mut lowering = Lowering {
            checked,
            layout: &layout,
            program: &mut program,
            known: FxHashMap::default(),
            kept: &mut kept,
            pending: Vec::new(),
            depth: 0,
        };
        let compiled = lowering.policy(policy);
        let compiled = Policy { layout, ..compiled };
        let index = index::build(&program, &compiled);
        program.policies.push(Policy { index, ..compiled });
    }
    program
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
            Node::Comprehension(index) => {
                program.comprehensions.get(std::mem::take(index) as usize).copied()
            }
            _ => None,
        };
        let operands = match &mut node {
            Node::Call(_, operands)
            | Node::And(operands)
            | Node::Or(operands)
            | Node::Choice(operands)
            | Node::AnyOf(operands, _)
            | Node::InRange { operands, .. } => {
                program.operands(std::mem::replace(operands, Operands { start: 0, end: 0 }))
            }
            _ => &[],
        };
        Self { node, operands, comprehension }
    }
}

/// What is kept once for all policies, by what it says.
#[derive(Default)]
struct Kept {
    lists: HashMap<typed::ListId, Cell>,
    texts: FxHashMap<Box<str>, Cell>,
    patterns: HashMap<String, u32>,
    list_sets: HashMap<typed::ListId, u32>,
    sets: HashMap<Vec<String>, u32>,
}

struct Lowering<'c, 'p> {
    checked: &'c Checked,
    layout: &'p Layout,
    program: &'p mut Program,
    /// The nodes by the hash of their shape, or the next free number behind it.
    known: FxHashMap<u64, NodeId>,
    kept: &'p mut Kept,
    /// The operands lowered so far of the rows that are not complete.
    pending: Vec<NodeId>,
    /// How many comprehensions surround the expression; each has the variable of its depth.
    depth: u32,
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
        let mut rules = Vec::with_capacity(policy.rules.len());
        for rule in policy.rules {
            rules.push(self.rule(&policy.name, rule));
        }
        let on_fault = policy.on_fault.iter().map(|(id, expr)| (*id, self.lower(expr, &none)));
        let on_fault = on_fault.collect();
        Policy {
            name: policy.name,
            title: policy.title.as_ref().map(|title| self.text(title)),
            sources: policy.sources,
            record: self.layout.record.clone(),
            layout: self.layout.clone(),
            dated: policy.dated.as_ref().and_then(|place| slot(self.layout, place)),
            id: self.layout.scalar_slot("id"),
            decisions,
            index: Index::default(),
            ranks: override_ranks(&rules),
            rules,
            on_fault,
            fault_reason: policy.fault_reason.as_ref().map(|text| self.text(text)),
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
        let salt = draws.then(|| [policy, ".", &rule.name].concat());
        Rule {
            name: rule.name,
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
        let id = NodeId(u32::try_from(self.program.nodes.len()).unwrap_or(u32::MAX));
        self.known.insert(key, id);
        self.program.nodes.push(node);
        self.program.spans.push(span);
        id
    }

    /// Drops what was kept last for a node that is not needed.
    fn take_back(&mut self, node: Node) {
        match node {
            Node::Call(_, operands)
            | Node::And(operands)
            | Node::Or(operands)
            | Node::Choice(operands)
            | Node::AnyOf(operands, _)
            | Node::InRange { operands, .. } => {
                self.program.operands.truncate(operands.start as usize);
            }
            Node::Comprehension(index) => self.program.comprehensions.truncate(index as usize),
            _ => {}
        }
    }

    /// The cell of a constant; an equal text has the same.
    fn constant(&mut self, constant: &Constant) -> Cell {
        let Constant::Text(text) = constant else {
            return add_constant(&mut self.program.constants, constant);
        };
        if let Some(cell) = self.kept.texts.get(text.as_str()) {
            return *cell;
        }
        let cell = self.program.constants.add_text(text);
        self.kept.texts.insert(text.as_str().into(), cell);
        cell
    }

    fn pattern(&mut self, pattern: &Regex) -> Node {
        let patterns = &mut self.program.patterns;
        let number = self.kept.patterns.entry(pattern.to_string()).or_insert_with(|| {
            patterns.push(pattern.clone());
            u32::try_from(patterns.len() - 1).unwrap_or(u32::MAX)
        });
        Node::Pattern(*number)
    }

    /// Lowers expressions one by one, then keeps them side by side as operands.
    fn row<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, env: &Env) -> Operands {
        let mark = self.pending.len();
        for expr in exprs {
            let id = self.lower(expr, env);
            self.pending.push(id);
        }
        let start = u32::try_from(self.program.operands.len()).unwrap_or(u32::MAX);
        self.program.operands.extend(self.pending.drain(mark..));
        let end = u32::try_from(self.program.operands.len()).unwrap_or(u32::MAX);
        Operands { start, end }
    }

    fn lower(&mut self, expr: &Expr, env: &Env) -> NodeId {
        let node = match &expr.kind {
            Kind::Constant(Constant::Pattern(pattern)) => self.pattern(pattern),
            Kind::Constant(constant) => Node::Constant(self.constant(constant)),
            Kind::Place(place) => return self.place(place, expr.span, env),
            Kind::Parameter(id) => Node::Parameter(*id),
            Kind::List(id) => Node::Constant(self.list(*id)),
            Kind::Now => Node::Now,
            Kind::Call(signature, operands) => {
                return self.call(signature.kernel, operands, expr.span, env);
            }
            Kind::Not(operand) => {
                return self.call(kernel::not, [&**operand], expr.span, env);
            }
            Kind::InList(value, list, negated) => {
                if let Some(set) = self.text_set(list) {
                    let value = self.lower(value, env);
                    return self.add(Node::InSet(value, set, *negated), expr.span);
                }
                let kernel: Kernel =
                    if *negated { kernel::not_contained } else { kernel::contained };
                return self.call(kernel, [&**value, &**list], expr.span, env);
            }
            Kind::And(operands) => Node::And(self.row(operands, env)),
            Kind::Or(operands) => Node::Or(self.row(operands, env)),
            Kind::Coalesce(a, b) => Node::Coalesce(self.lower(a, env), self.lower(b, env)),
            Kind::Choice(branches, otherwise) => {
                let branches = branches.iter().flat_map(|(condition, value)| [condition, value]);
                Node::Choice(self.row(branches.chain([&**otherwise]), env))
            }
            Kind::Presence(inner, present) => Node::Presence(self.lower(inner, env), *present),
            Kind::AnyOf(value, items, negated) => {
                Node::AnyOf(self.row([&**value].into_iter().chain(items), env), *negated)
            }
            Kind::InRange(range) => {
                let operands = self.row([&range.value, &range.low, &range.high], env);
                Node::InRange { operands, closed: range.closed, negated: range.negated }
            }
            Kind::Apply(id, arguments) => return self.apply(*id, arguments, expr.span, env),
            Kind::Comprehension(inner) => return self.comprehension(inner, expr.span, env),
            Kind::Key(inner) => {
                let value = self.lower(inner, env);
                match enum_of(&inner.ty) {
                    Some(members) => {
                        let all = &mut self.program.members;
                        let known = all.iter().position(|known| known == members);
                        let number = known.unwrap_or(all.len());
                        if known.is_none() {
                            all.push(members.clone());
                        }
                        Node::MemberText(value, u32::try_from(number).unwrap_or(u32::MAX))
                    }
                    None => Node::NumberText(value),
                }
            }
            Kind::Wrong => Node::Constant(Cell::Missing),
        };
        self.add(node, expr.span)
    }

    fn list(&mut self, id: typed::ListId) -> Cell {
        if let Some(cell) = self.kept.lists.get(&id) {
            return *cell;
        }
        let items = self.checked.lists.get(id.index()).map_or(&[][..], |list| &list.items);
        let cells: Vec<_> = items.iter().map(|item| self.constant(item)).collect();
        let (start, end) = self.program.constants.append(cells);
        let cell = Cell::List { start, end };
        self.kept.lists.insert(id, cell);
        cell
    }

    fn place(&mut self, place: &Place, span: Span, env: &Env) -> NodeId {
        let bound = match place.root {
            Root::Record => Bound::Place(place.clone()),
            Root::Local(local) => match env.get(&local) {
                Some(bound) => extend(bound, &place.fields),
                None => return self.add(Node::Constant(Cell::Missing), span),
            },
        };
        let node = match bound {
            Bound::Node(id) => return id,
            Bound::Place(place) => slot(self.layout, &place).map(Node::Slot),
            Bound::Variable(variable, _, fields) if fields.is_empty() => {
                Some(Node::Local(variable))
            }
            Bound::Variable(variable, record, fields) => {
                let place = Place { root: Root::Record, fields };
                self.element_layout(record)
                    .and_then(|layout| slot(&layout, &place))
                    .map(|offset| Node::LocalField(variable, offset))
            }
        };
        self.add(node.unwrap_or(Node::Constant(Cell::Missing)), span)
    }

    fn element_layout(&mut self, record: typed::RecordId) -> Option<Layout> {
        let record = self.checked.records.get(record.index())?;
        let mut layouter =
            Layouter { checked: self.checked, constants: &mut self.program.constants };
        Some(layouter.record(record, 0))
    }

    fn call<'e>(
        &mut self,
        kernel: Kernel,
        operands: impl IntoIterator<Item = &'e Expr>,
        span: Span,
        env: &Env,
    ) -> NodeId {
        let operands = self.row(operands, env);
        let node = Node::Call(kernel, operands);
        match self.fold(kernel, operands) {
            Some(folded) => {
                self.take_back(node);
                self.add(Node::Constant(folded), span)
            }
            None => self.add(node, span),
        }
    }

    /// The set of a constant list of texts, if it is long enough to be worth one.
    fn text_set(&mut self, list: &Expr) -> Option<u32> {
        match &list.kind {
            Kind::Constant(Constant::List(items)) => self.set_of(items),
            Kind::List(id) => {
                if let Some(set) = self.kept.list_sets.get(id) {
                    return Some(*set);
                }
                let set = self.set_of(&self.checked.lists.get(id.index())?.items)?;
                self.kept.list_sets.insert(*id, set);
                Some(set)
            }
            _ => None,
        }
    }

    fn set_of(&mut self, items: &[Constant]) -> Option<u32> {
        if items.len() < SET_SIZE {
            return None;
        }
        let texts = items.iter().map(|item| match item {
            Constant::Text(text) => Some(text.clone()),
            _ => None,
        });
        let texts: Vec<String> = texts.collect::<Option<_>>()?;
        let sets = &mut self.program.sets;
        Some(*self.kept.sets.entry(texts).or_insert_with_key(|texts| {
            sets.push(texts.iter().map(|text| Box::from(text.as_str())).collect());
            u32::try_from(sets.len() - 1).unwrap_or(u32::MAX)
        }))
    }

    /// The value of a kernel on constants; a fault is left for the evaluation to tell.
    fn fold(&mut self, kernel: Kernel, operands: Operands) -> Option<Cell> {
        let constants = &self.program.constants;
        let operands = self.program.operands(operands);
        let is_constant = |id: &NodeId| matches!(self.program.node(*id), Node::Constant(_));
        if !operands.iter().all(is_constant) {
            return None;
        }
        let values: Option<Vec<Value<'_>>> = operands
            .iter()
            .map(|id| match self.program.node(*id) {
                Node::Constant(Cell::List { .. }) => None,
                Node::Constant(cell) => Some(constants.value(cell)),
                _ => None,
            })
            .collect();
        let result = kernel(&values?, &Context { zone: &self.program.zone }).ok()?;
        let constant = Constant::from_value(&result)?;
        Some(self.constant(&constant))
    }

    fn apply(
        &mut self,
        id: typed::FunctionId,
        arguments: &[Expr],
        span: Span,
        env: &Env,
    ) -> NodeId {
        let Some(function) = self.checked.functions.get(id.index()) else {
            return self.add(Node::Constant(Cell::Missing), span);
        };
        let mut inside = Env::new();
        for ((local, _), argument) in function.arguments.iter().zip(arguments) {
            // A record is handed on as the place where it lies.
            let bound = match (&argument.kind, argument.ty.required()) {
                (Kind::Place(place), Type::Record(_)) => match place.root {
                    Root::Record => Bound::Place(place.clone()),
                    Root::Local(local) => match env.get(&local) {
                        Some(bound) => extend(bound, &place.fields),
                        None => Bound::Place(place.clone()),
                    },
                },
                _ => Bound::Node(self.lower(argument, env)),
            };
            inside.insert(*local, bound);
        }
        self.lower(&function.body, &inside)
    }

    fn comprehension(&mut self, inner: &typed::Comprehension, span: Span, env: &Env) -> NodeId {
        let list = self.lower(&inner.list, env);
        let variable = self.depth;
        let record = match &inner.list.ty {
            Type::List(element) => match element.as_ref() {
                Type::Record(name) => self.checked.records.iter().position(|r| r.name == *name),
                _ => None,
            },
            _ => None,
        };
        let record = typed::RecordId::at(record.unwrap_or(0));
        let mut inside = env.clone();
        inside.insert(inner.variable, Bound::Variable(variable, record, Fields::new()));
        self.depth += 1;
        let filter = inner.filter.as_ref().map(|expr| self.lower(expr, &inside));
        let body = inner.body.as_ref().map(|expr| self.lower(expr, &inside));
        self.depth -= 1;
        let zero = zero_of(inner.body.as_ref().map_or(&Type::Number, |body| &body.ty));
        let compiled = Comprehension { kind: inner.kind, variable, list, filter, body, zero };
        self.program.comprehensions.push(compiled);
        let last = self.program.comprehensions.len() - 1;
        self.add(Node::Comprehension(u32::try_from(last).unwrap_or(u32::MAX)), span)
    }
}

fn extend(bound: &Bound, fields: &[u32]) -> Bound {
    match bound {
        Bound::Place(place) => {
            let mut place = place.clone();
            place.fields.extend_from_slice(fields);
            Bound::Place(place)
        }
        Bound::Variable(variable, record, own) => {
            let fields = own.iter().chain(fields).copied().collect();
            Bound::Variable(*variable, *record, fields)
        }
        Bound::Node(id) => Bound::Node(*id),
    }
}

/// For each rule its place in an order in which what overrides stands before what is overridden,
/// in text order otherwise; none where no rule overrides another.
fn override_ranks(rules: &[Rule]) -> Vec<u32> {
    if rules.iter().all(|rule| rule.overrides.is_empty()) {
        return Vec::new();
    }
    let mut waiting = vec![0_usize; rules.len()];
    for target in rules.iter().flat_map(|rule| &rule.overrides) {
        if let Some(count) = waiting.get_mut(target.index()) {
            *count += 1;
        }
    }
    let free = waiting.iter().enumerate().filter(|(_, count)| **count == 0);
    let mut ready: BinaryHeap<_> = free.map(|(at, _)| Reverse(at)).collect();
    let mut ranks = vec![0; rules.len()];
    let mut next = 0;
    // The checker has ruled out circles, so every rule becomes ready in the end.
    while let Some(Reverse(at)) = ready.pop() {
        if let Some(rank) = ranks.get_mut(at) {
            *rank = next;
            next += 1;
        }
        for target in rules.get(at).into_iter().flat_map(|rule| &rule.overrides) {
            let Some(count) = waiting.get_mut(target.index()) else { continue };
            *count -= 1;
            if *count == 0 {
                ready.push(Reverse(target.index()));
            }
        }
    }
    ranks
}
