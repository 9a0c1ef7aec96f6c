//! What a definition is made of: the types and expressions that stand in it, and the names by which
//! these mean other definitions.

use super::{
    Assignment, CalendarItemKind, Claim, ClauseKind, ColumnKind, Definition, DefinitionKind, Expr,
    ExprKind, FunctionBody, ItemKind, ListItems, Literal, ParameterValue, Piece, Policy,
    ReadingPart, Texts, TypeExpr, TypeKind, Window,
};

impl<'s> Definition<'s> {
    /// Calls `visit` with each name by which it may mean another definition, once for each place.
    pub fn names(&self, visit: &mut dyn FnMut(&'s str)) {
        match &self.kind {
            DefinitionKind::Counter(node) => visit(node.record.text),
            DefinitionKind::Policy(node) => {
                let subject = node.subject.record().or(node.amends());
                subject.into_iter().for_each(|name| visit(name.text));
                let paths = clauses(node).filter_map(|clause| match clause {
                    ClauseKind::Overrides(paths) | ClauseKind::OverridesAllBut(paths) => {
                        Some(paths)
                    }
                    _ => None,
                });
                paths.flatten().filter_map(|path| path.policy.as_ref()).for_each(|n| visit(n.text));
            }
            _ => {}
        }
        self.types(&mut |ty| ty.name().into_iter().for_each(&mut *visit));
        self.expressions(&mut |expr| expr.names(visit));
    }

    /// Calls `visit` with each type that is written in it.
    pub fn types(&self, visit: &mut dyn FnMut(&TypeExpr<'s>)) {
        match &self.kind {
            DefinitionKind::Enum(_) | DefinitionKind::Counter(_) | DefinitionKind::Calendar(_) => {}
            DefinitionKind::Record(node) => {
                node.fields.iter().for_each(|field| visit(&field.ty));
                node.lets.iter().flat_map(|node| &node.ty).for_each(visit);
            }
            DefinitionKind::Parameter(node) => visit(&node.ty),
            DefinitionKind::List(node) => visit(&node.ty),
            DefinitionKind::Function(node) => {
                node.arguments.iter().for_each(|argument| visit(&argument.ty));
                visit(&node.result);
            }
            DefinitionKind::Table(node) => {
                for column in node.grid.iter().flat_map(|grid| &grid.columns) {
                    if let ColumnKind::Value(_, ty) = &column.kind {
                        visit(ty);
                    }
                }
            }
            DefinitionKind::Policy(node) => {
                for item in &node.items {
                    match &item.kind {
                        ItemKind::Decide(decide) => visit(&decide.ty),
                        ItemKind::Let(node) => node.ty.iter().for_each(&mut *visit),
                        _ => {}
                    }
                }
            }
        }
    }

    /// Calls `visit` with each expression that stands in it, not with those within.
    pub fn expressions(&self, visit: &mut dyn FnMut(&Expr<'s>)) {
        match &self.kind {
            DefinitionKind::Enum(_) => {}
            DefinitionKind::Record(node) => {
                node.fields.iter().flat_map(|field| &field.default).for_each(&mut *visit);
                let readings = node.fields.iter().flat_map(|field| &field.reading);
                let parts = readings.chain(&node.reading).flat_map(|reading| &reading.parts);
                parts.filter_map(ReadingPart::value).for_each(&mut *visit);
                for node in &node.lets {
                    visit(&node.value);
                    node.title.iter().flat_map(told).for_each(&mut *visit);
                }
            }
            DefinitionKind::Parameter(node) => match &node.value {
                ParameterValue::Fixed(value) => visit(value),
                ParameterValue::Dated(rows) => {
                    rows.iter().flat_map(|row| [&row.from, &row.value]).for_each(visit);
                }
            },
            DefinitionKind::List(node) => match &node.items {
                ListItems::InPlace(items) => visit(items),
                ListItems::File(_) => {}
            },
            DefinitionKind::Calendar(node) => {
                for item in &node.items {
                    if let CalendarItemKind::Days(_, ListItems::InPlace(days)) = &item.kind {
                        visit(days);
                    }
                }
            }
            DefinitionKind::Function(node) => match &node.body {
                FunctionBody::Expression(body) => visit(body),
                FunctionBody::Script(_) => {}
            },
            DefinitionKind::Counter(node) => {
                node.keys.iter().chain(&node.value).for_each(&mut *visit);
                match &node.window {
                    Window::Within(length) => visit(length),
                    Window::Lagged(far, near) => [far, near].into_iter().for_each(&mut *visit),
                    Window::Calendar(..) => {}
                }
                node.filter.iter().for_each(visit);
            }
            DefinitionKind::Table(node) => {
                let rows = node.grid.iter().flat_map(|grid| &grid.rows);
                for cell in rows.flat_map(|row| &row.cells) {
                    cell.kind.expressions(visit);
                }
            }
            DefinitionKind::Policy(node) => {
                node.items.iter().for_each(|item| item_expressions(&item.kind, visit));
                clauses(node).for_each(|clause| clause_expressions(clause, visit));
            }
        }
    }
}

fn clauses<'n, 's>(policy: &'n Policy<'s>) -> impl Iterator<Item = &'n ClauseKind<'s>> {
    let rules = policy.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Rule(rule) => Some(rule),
        _ => None,
    });
    rules.flat_map(|rule| &rule.clauses).map(|clause| &clause.kind)
}

fn item_expressions<'s>(item: &ItemKind<'s>, visit: &mut dyn FnMut(&Expr<'s>)) {
    match item {
        ItemKind::Source(_) | ItemKind::Rule(_) => {}
        ItemKind::Title(texts) => told(texts).for_each(visit),
        ItemKind::Let(node) => {
            visit(&node.value);
            node.title.iter().flat_map(told).for_each(visit);
        }
        ItemKind::Announced(day) => visit(day),
        ItemKind::Decide(node) => {
            node.otherwise.iter().for_each(&mut *visit);
            node.because.iter().flat_map(told).for_each(visit);
        }
        ItemKind::OnFault(node) => {
            values(&node.assignments).for_each(&mut *visit);
            node.because.iter().flat_map(told).for_each(visit);
        }
        ItemKind::Invariant(node) => {
            if let Claim::Never(when, never) = &node.claim {
                when.iter().chain([never]).for_each(visit);
            }
        }
        ItemKind::Measurement(node) => {
            node.value.iter().chain(&node.filter).for_each(&mut *visit);
            node.title.iter().flat_map(told).for_each(visit);
        }
    }
}

fn clause_expressions<'s>(clause: &ClauseKind<'s>, visit: &mut dyn FnMut(&Expr<'s>)) {
    match clause {
        ClauseKind::Source(_)
        | ClauseKind::DatedBy(_)
        | ClauseKind::Overrides(_)
        | ClauseKind::OverridesAllBut(_) => {}
        ClauseKind::Title(texts) | ClauseKind::Because(texts) => told(texts).for_each(visit),
        ClauseKind::Phase(phase) => {
            visit(&phase.from);
            let cohort = phase.cohort.iter().flat_map(|cohort| [&cohort.share, &cohort.key]);
            cohort.chain(&phase.filter).for_each(visit);
        }
        ClauseKind::Until(expr) | ClauseKind::When(expr) | ClauseKind::Unless(expr) => visit(expr),
        ClauseKind::Then(assignments) => values(assignments).for_each(visit),
        ClauseKind::Require(node) => node.limits().for_each(visit),
    }
}

fn values<'n, 's>(assignments: &'n [Assignment<'s>]) -> impl Iterator<Item = &'n Expr<'s>> {
    assignments.iter().map(|assignment| &assignment.value)
}

/// The values that a text tells.
fn told<'n, 's>(texts: &'n Texts<'s>) -> impl Iterator<Item = &'n Expr<'s>> {
    let pieces = texts.variants.iter().flat_map(|(_, template)| &template.pieces);
    pieces.filter_map(Piece::value)
}

impl<'s> TypeExpr<'s> {
    /// The name of the type, or of what it is a list of.
    pub fn name(&self) -> Option<&'s str> {
        match &self.kind {
            TypeKind::Named(name) => Some(name),
            TypeKind::List(inner) => inner.name(),
            TypeKind::InPlace(_) => None,
        }
    }
}

impl<'s> Expr<'s> {
    /// Calls `visit` with each name by which it may mean a definition: the first of a path, and what
    /// is called or made.
    pub fn names(&self, visit: &mut dyn FnMut(&'s str)) {
        self.walk(&mut |expr| match &expr.kind {
            ExprKind::Path(path) => path.names.first().into_iter().for_each(|n| visit(n.text)),
            ExprKind::Call(name, _)
            | ExprKind::Record(name, _)
            | ExprKind::Literal(Literal::Days(_, Some(name))) => visit(name.text),
            _ => {}
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

    use rulebook_base::source::FileId;

    use crate::parse;

    #[test]
    fn names_mean_other_definitions_wherever_they_stand() {
        let text = r#"policy a amends b {
            rule r {
                from 2024-01-01 for share by key where listed(x.y)
                when any(z in w: z > c.d)
                overrides e.*
                then s = u
                because "so {f(g) ?? h}, not i"
            }
        }"#;
        let parsed = parse(FileId(0), text);
        let mut names = Vec::new();
        parsed.file.definitions[0].names(&mut |name| names.push(name));
        names.sort_unstable();
        assert_eq!(
            names,
            ["b", "c", "e", "f", "g", "h", "key", "listed", "share", "u", "w", "x", "z"]
        );
    }
}
