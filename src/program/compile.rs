//! The typed tree to a program: names become slots, functions are written out where they are
//! called, constants are folded, equal subexpressions become one node.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::index::{self, Index};
use super::layout::{Layout, Layouter, add_constant, slot};
use super::{
    Clause, Comprehension, Decision, Node, NodeId, Operands, Parameter, Phase, Piece, Policy,
    Program, Require, Rule, Text, Variant, zero_of,
};
use crate::check::typed::{self, Checked, Constant, Expr, Kind, LocalId, Place, Root, enum_of};
use crate::lang::kernel::{self, Context, Kernel};
use crate::model::{Cell, Store, Type, Value};
use crate::settings::Settings;
use crate::source::Span;

/// Lists of texts with at least this many items are looked up in a set.
const SET_SIZE: usize = 8;

/// Compiles a typed tree that the checker has found no error in.
pub fn compile(checked: &Checked, settings: &Settings) -> Program {
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
    let mut lists = HashMap::new();
    for policy in &checked.policies {
        let Some(record) = checked.records.get(policy.record.index()) else { continue };
        let layout = Layouter { checked, constants: &mut program.constants }.record(record, 0);
        let mut lowering = Lowering {
            checked,
            layout: &layout,
            program: &mut program,
            known: HashMap::new(),
            lists: &mut lists,
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
    Variable(u32, typed::RecordId, Vec<u32>),
}

type Env = HashMap<LocalId, Bound>;

/// A node by what it is, so that equal ones are built once.
#[derive(PartialEq, Eq, Hash)]
struct Shape(String);

struct Lowering<'c, 'p> {
    checked: &'c Checked,
    layout: &'p Layout,
    program: &'p mut Program,
    known: HashMap<Shape, NodeId>,
    lists: &'p mut HashMap<typed::ListId, Cell>,
    /// How many comprehensions surround the expression; each has the variable of its depth.
    depth: u32,
}

impl Lowering<'_, '_> {
    fn policy(&mut self, policy: &typed::Policy) -> Policy {
        let none = Env::new();
        let decisions = policy.decisions.iter().map(|decision| Decision {
            name: decision.name.clone(),
            ty: decision.ty.clone(),
            combiner: decision.combiner,
            otherwise: decision.otherwise.as_ref().map(|expr| self.lower(expr, &none)),
            because: decision.because.as_ref().map(|text| self.text(text)),
        });
        let decisions = decisions.collect();
        let rules: Vec<_> = policy.rules.iter().map(|rule| self.rule(policy, rule)).collect();
        let on_fault = policy.on_fault.iter().map(|(id, expr)| (*id, self.lower(expr, &none)));
        let on_fault = on_fault.collect();
        Policy {
            name: policy.name.clone(),
            title: policy.title.as_ref().map(|title| self.text(title)),
            sources: policy.sources.clone(),
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

    fn rule(&mut self, policy: &typed::Policy, rule: &typed::Rule) -> Rule {
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
        Rule {
            name: rule.name.clone(),
            salt: format!("{}.{}", policy.name, rule.name),
            title: rule.title.as_ref().map(|text| self.text(text)),
            sources: rule.sources.clone(),
            dated: rule.dated.as_ref().and_then(|place| slot(self.layout, place)),
            phases,
            until: rule.until,
            when: rule.when.as_ref().map(|expr| self.lower(expr, &none)),
            clauses: self.clauses(rule.when.as_ref()),
            unless: rule.unless.as_ref().map(|expr| self.lower(expr, &none)),
            exception: rule.unless.as_ref().map(|expr| self.clause(expr)),
            overrides: rule.overrides.clone(),
            sets: rule.sets.iter().map(|(id, expr)| (*id, self.lower(expr, &none))).collect(),
            requires,
            because: rule.because.as_ref().map(|text| self.text(text)),
            span: rule.span,
        }
    }

    /// The operands of the outermost `and`, or the whole condition.
    fn clauses(&mut self, condition: Option<&Expr>) -> Vec<Clause> {
        match condition {
            Some(Expr { kind: Kind::And(operands), .. }) => {
                operands.iter().map(|operand| self.clause(operand)).collect()
            }
            whole => whole.into_iter().map(|expr| self.clause(expr)).collect(),
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
        let operands = match node {
            Node::Call(_, operands)
            | Node::And(operands)
            | Node::Or(operands)
            | Node::Choice(operands)
            | Node::AnyOf(operands, _)
            | Node::InRange { operands, .. } => self.program.operands(operands),
            _ => &[],
        };
        // The range of operands differs between equal nodes, so it is left out of the shape.
        let shape = match node {
            Node::Call(kernel, _) => format!("call {kernel:p} {operands:?}"),
            Node::And(_) => format!("and {operands:?}"),
            Node::Or(_) => format!("or {operands:?}"),
            Node::Choice(_) => format!("choice {operands:?}"),
            Node::AnyOf(_, negated) => format!("any {negated} {operands:?}"),
            Node::InRange { closed, negated, .. } => format!("in {closed} {negated} {operands:?}"),
            Node::Constant(Cell::Text { .. }) => {
                let Node::Constant(cell) = node else { return NodeId(0) };
                format!("text {:?}", self.program.constants.value(cell))
            }
            other => format!("{other:?}"),
        };
        let fresh = NodeId(u32::try_from(self.program.nodes.len()).unwrap_or(u32::MAX));
        let id = *self.known.entry(Shape(shape)).or_insert(fresh);
        if id == fresh {
            self.program.nodes.push(node);
            self.program.spans.push(span);
        }
        id
    }

    fn row(&mut self, items: impl IntoIterator<Item = NodeId>) -> Operands {
        let start = u32::try_from(self.program.operands.len()).unwrap_or(u32::MAX);
        self.program.operands.extend(items);
        let end = u32::try_from(self.program.operands.len()).unwrap_or(u32::MAX);
        Operands { start, end }
    }

    fn lower_all<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        env: &Env,
    ) -> Vec<NodeId> {
        exprs.into_iter().map(|expr| self.lower(expr, env)).collect()
    }

    fn lower(&mut self, expr: &Expr, env: &Env) -> NodeId {
        let node = match &expr.kind {
            Kind::Constant(Constant::Pattern(pattern)) => {
                self.program.patterns.push(pattern.clone());
                let last = self.program.patterns.len() - 1;
                Node::Pattern(u32::try_from(last).unwrap_or(u32::MAX))
            }
            Kind::Constant(constant) => {
                Node::Constant(add_constant(&mut self.program.constants, constant))
            }
            Kind::Place(place) => return self.place(place, expr.span, env),
            Kind::Parameter(id) => Node::Parameter(*id),
            Kind::List(id) => Node::Constant(self.list(*id)),
            Kind::Now => Node::Now,
            Kind::Call(signature, operands) => {
                let operands: Vec<_> = operands.iter().collect();
                return self.call(signature.kernel, &operands, expr.span, env);
            }
            Kind::Not(operand) => return self.call(kernel::not, &[operand], expr.span, env),
            Kind::InList(value, list, negated) => {
                if let Some(set) = self.text_set(list) {
                    let value = self.lower(value, env);
                    return self.add(Node::InSet(value, set, *negated), expr.span);
                }
                let kernel: Kernel =
                    if *negated { kernel::not_contained } else { kernel::contained };
                return self.call(kernel, &[value, list], expr.span, env);
            }
            Kind::And(operands) => {
                let operands = self.lower_all(operands, env);
                Node::And(self.row(operands))
            }
            Kind::Or(operands) => {
                let operands = self.lower_all(operands, env);
                Node::Or(self.row(operands))
            }
            Kind::Coalesce(a, b) => Node::Coalesce(self.lower(a, env), self.lower(b, env)),
            Kind::Choice(branches, otherwise) => {
                let mut operands = Vec::new();
                for (condition, value) in branches {
                    operands.extend([self.lower(condition, env), self.lower(value, env)]);
                }
                operands.push(self.lower(otherwise, env));
                Node::Choice(self.row(operands))
            }
            Kind::Presence(inner, present) => Node::Presence(self.lower(inner, env), *present),
            Kind::AnyOf(value, items, negated) => {
                let mut operands = vec![self.lower(value, env)];
                operands.extend(self.lower_all(items, env));
                Node::AnyOf(self.row(operands), *negated)
            }
            Kind::InRange(range) => {
                let ends = [&range.value, &range.low, &range.high];
                let operands = ends.map(|expr| self.lower(expr, env));
                let operands = self.row(operands);
                Node::InRange { operands, closed: range.closed, negated: range.negated }
            }
            Kind::Apply(id, arguments) => return self.apply(*id, arguments, expr.span, env),
            Kind::Comprehension(inner) => return self.comprehension(inner, expr.span, env),
            Kind::Key(inner) => {
                let value = self.lower(inner, env);
                match enum_of(&inner.ty) {
                    Some(members) => {
                        self.program.members.push(members.clone());
                        let last = self.program.members.len() - 1;
                        Node::MemberText(value, u32::try_from(last).unwrap_or(u32::MAX))
                    }
                    None => Node::NumberText(value),
                }
            }
            Kind::Wrong => Node::Constant(Cell::Missing),
        };
        self.add(node, expr.span)
    }

    fn list(&mut self, id: typed::ListId) -> Cell {
        if let Some(cell) = self.lists.get(&id) {
            return *cell;
        }
        let items = self.checked.lists.get(id.index()).map(|list| list.items.clone());
        let cell =
            add_constant(&mut self.program.constants, &Constant::List(items.unwrap_or_default()));
        self.lists.insert(id, cell);
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

    fn call(&mut self, kernel: Kernel, operands: &[&Expr], span: Span, env: &Env) -> NodeId {
        let ids = self.lower_all(operands.iter().copied(), env);
        if let Some(folded) = self.fold(kernel, &ids) {
            return self.add(Node::Constant(folded), span);
        }
        let operands = self.row(ids);
        self.add(Node::Call(kernel, operands), span)
    }

    /// The set of a constant list of texts, if it is long enough to be worth one.
    fn text_set(&mut self, list: &Expr) -> Option<u32> {
        let items = match &list.kind {
            Kind::Constant(Constant::List(items)) => items,
            Kind::List(id) => &self.checked.lists.get(id.index())?.items,
            _ => return None,
        };
        if items.len() < SET_SIZE {
            return None;
        }
        let texts: Option<HashSet<Box<str>>> = items
            .iter()
            .map(|item| match item {
                Constant::Text(text) => Some(text.as_str().into()),
                _ => None,
            })
            .collect();
        self.program.sets.push(texts?);
        u32::try_from(self.program.sets.len() - 1).ok()
    }

    /// The value of a kernel on constants; a fault is left for the evaluation to tell.
    fn fold(&mut self, kernel: Kernel, operands: &[NodeId]) -> Option<Cell> {
        let constants = &self.program.constants;
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
        Some(add_constant(&mut self.program.constants, &constant))
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
        inside.insert(inner.variable, Bound::Variable(variable, record, Vec::new()));
        self.depth += 1;
        let filter = inner.filter.as_ref().map(|expr| self.lower(expr, &inside));
        let body = inner.body.as_ref().map(|expr| self.lower(expr, &inside));
        self.depth -= 1;
        let zero = zero_of(inner.body.as_ref().map_or(&Type::Number, |body| &body.ty));
        let compiled = Comprehension { kind: inner.kind, variable, list, filter, body, zero };
        let shape = Shape(format!("{compiled:?}"));
        if let Some(id) = self.known.get(&shape) {
            return *id;
        }
        self.program.comprehensions.push(compiled);
        let last = self.program.comprehensions.len() - 1;
        let id = self.add(Node::Comprehension(u32::try_from(last).unwrap_or(u32::MAX)), span);
        self.known.insert(shape, id);
        id
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
