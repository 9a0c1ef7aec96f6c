//! The conditions of a program that scenarios can exercise: where each stands and what it is part
//! of.
//!
//! A *decision* here is a condition as a whole: that of a `when`, `unless` or `where`, of an `if`,
//! of the `where` of a list form, or of what `any` and `all` ask of each element. It is made of
//! *conditions* that `and`, `or` and `not` join.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use rulebook_base::source::Span;
use rulebook_core::ids;
use rulebook_core::ids::IdVec;
use rulebook_core::program::{
    ComprehensionKind, Node, NodeId, Policy, PolicyId, Program, Rule, RuleId, TableId,
};
use rulebook_lang::kernel;

ids! {
    WholeId "A condition as a whole."
    ConditionId "A single condition."
}

/// What there is to exercise in the rules of all policies.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) wholes: IdVec<WholeId, Whole>,
    pub(super) conditions: IdVec<ConditionId, Condition>,
    /// The tables that each policy looks up.
    pub(super) tables: IdVec<PolicyId, BTreeSet<TableId>>,
    /// The whole that a node is the root of.
    roots: FxHashMap<NodeId, WholeId>,
    /// The policy of which a node reads a decision.
    readings: FxHashMap<NodeId, PolicyId>,
}

/// A condition as a whole.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) policy: PolicyId,
    pub(super) rule: RuleId,
    pub(super) tree: Tree,
}

/// A single condition.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) span: Span,
    /// The word that starts the clause.
    pub(super) clause: &'static str,
    pub(super) whole: WholeId,
}

/// How conditions are joined.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) node: NodeId,
    pub(super) kind: TreeKind,
}

/// What joins conditions.
#[derive(Debug)]
pub(super) enum TreeKind {
    /// `and` or `or`: the value of the whole is that of the part which settled it.
    Row(Vec<Tree>),
    /// `not`
    Not(Box<Tree>),
    /// A single condition.
    Condition(ConditionId),
    /// A constant, which nothing can exercise.
    Constant,
}

impl Plan {
    /// The plan of a program that keeps its places apart. Other values of parameters do not change
    /// the numbers of its nodes, so that one plan serves all of them.
    pub(super) fn of(program: &Program) -> Self {
        let mut plan = Self::default();
        for (policy, compiled) in program.policies.numbered() {
            for (id, rule) in compiled.rules.numbered() {
                Planner { program, plan: &mut plan, policy, rule: id, clause: "" }.rule(rule);
            }
            plan.tables.push(tables(program, compiled));
            for node in compiled.nodes() {
                program.walk(node, &mut |id, node| {
                    if let Node::Decision(read, _) | Node::Elements(read) = node {
                        plan.readings.insert(id, read);
                    }
                });
            }
        }
        plan
    }

    /// The policy of which a node reads a decision.
    pub(super) fn read(&self, node: NodeId) -> Option<PolicyId> {
        self.readings.get(&node).copied()
    }

    /// The whole that a node is the root of.
    pub(super) fn whole(&self, node: NodeId) -> Option<WholeId> {
        self.roots.get(&node).copied()
    }
}

/// The tables that a policy looks up, in its rules or in what it says.
fn tables(program: &Program, policy: &Policy) -> BTreeSet<TableId> {
    let mut tables = BTreeSet::new();
    for node in policy.nodes() {
        program.walk(node, &mut |_, node| {
            if let Node::LookUp { table, .. } = node {
                tables.insert(table);
            }
        });
    }
    tables
}

struct Planner<'p> {
    program: &'p Program,
    plan: &'p mut Plan,
    policy: PolicyId,
    rule: RuleId,
    clause: &'static str,
}

impl Planner<'_> {
    fn rule(&mut self, rule: &Rule) {
        let filters = rule.phases.iter().filter_map(|phase| phase.filter);
        filters.for_each(|node| self.clause("where", node, true));
        rule.when.iter().for_each(|node| self.clause("when", *node, true));
        rule.unless.iter().for_each(|node| self.clause("unless", *node, true));
        rule.sets.iter().for_each(|(_, node)| self.clause("then", *node, false));
        for require in &rule.requires {
            require.limits().for_each(|node| self.clause("require", *node, false));
        }
    }

    fn clause(&mut self, clause: &'static str, node: NodeId, is_whole: bool) {
        self.clause = clause;
        self.look(node, is_whole);
    }

    /// Finds the wholes at a node and below it.
    fn look(&mut self, node: NodeId, is_whole: bool) {
        if !is_whole && !self.joins(node) {
            return self.below(node);
        }
        // An argument that a function uses twice is one node.
        if self.plan.roots.contains_key(&node) {
            return;
        }
        let tree = Tree { node, kind: TreeKind::Constant };
        let whole = Whole { policy: self.policy, rule: self.rule, tree };
        let whole = self.plan.wholes.push(whole);
        self.plan.roots.insert(node, whole);
        self.plan.wholes[whole].tree = self.tree(node, whole);
    }

    fn joins(&self, node: NodeId) -> bool {
        match self.program.node(node) {
            Node::And(_) | Node::Or(_) => true,
            Node::Call(kernel, _) => kernel == kernel::NOT,
            _ => false,
        }
    }

    fn tree(&mut self, node: NodeId, whole: WholeId) -> Tree {
        let kind = match self.program.node(node) {
            Node::And(operands) | Node::Or(operands) => {
                let operands = self.program.operands(operands);
                TreeKind::Row(operands.iter().map(|operand| self.tree(*operand, whole)).collect())
            }
            Node::Call(_, operands) if self.joins(node) => {
                match self.program.operands(operands).first() {
                    Some(operand) => TreeKind::Not(Box::new(self.tree(*operand, whole))),
                    None => TreeKind::Constant,
                }
            }
            Node::Constant(_) => TreeKind::Constant,
            _ => {
                let (span, clause) = (self.program.span(node), self.clause);
                let id = self.plan.conditions.push(Condition { span, clause, whole });
                self.below(node);
                TreeKind::Condition(id)
            }
        };
        Tree { node, kind }
    }

    /// Finds the wholes below a node that is none.
    fn below(&mut self, node: NodeId) {
        match self.program.node(node) {
            Node::Choice(operands) => {
                let mut operands = self.program.operands(operands);
                while let [condition, value, rest @ ..] = operands {
                    self.look(*condition, true);
                    self.look(*value, false);
                    operands = rest;
                }
                operands.iter().for_each(|otherwise| self.look(*otherwise, false));
            }
            Node::Comprehension(index) => {
                let inner = &self.program.comprehensions[index];
                let asks = matches!(inner.kind, ComprehensionKind::Any | ComprehensionKind::All);
                self.look(inner.list, false);
                inner.filter.iter().for_each(|filter| self.look(*filter, true));
                inner.body.iter().for_each(|body| self.look(*body, asks));
            }
            other => {
                let children = self.program.parts(other);
                children.into_iter().for_each(|child| self.look(child, false));
            }
        }
    }
}
