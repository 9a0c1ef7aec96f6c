//! Calls of functions that scripts define, and the types of what they take and give.

use std::sync::Arc;

use super::{Env, Lowering};
use crate::check::typed::{Expr, Function, FunctionId};
use crate::ids::ScriptId;
use crate::program::layout::{Element, Field, FieldKind, How, Layout, Layouter};
use crate::program::{Node, NodeId, ScriptFunction};
use crate::script::{Border, FieldBorder, RecordBorder, Script};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;

impl Lowering<'_, '_> {
    /// A call of a script. It is never folded: what it gives is not known before it runs.
    pub(super) fn script(
        &mut self,
        id: FunctionId,
        (function, script): (&Function, &Script),
        arguments: &[Expr],
        span: Span,
        env: &Env,
    ) -> NodeId {
        let number = self.script_number(id, function, script);
        let operands = self.row(arguments, env);
        self.add(Node::Script(number, operands), span)
    }

    fn script_number(&mut self, id: FunctionId, function: &Function, script: &Script) -> ScriptId {
        if let Some(known) = self.kept.scripts.get(&id) {
            return *known;
        }
        let arguments = function.arguments.iter().map(|(_, ty)| self.border(ty)).collect();
        let compiled = ScriptFunction {
            name: function.name.clone(),
            script: script.clone(),
            arguments,
            result: self.border(&function.result),
            ty: function.result.clone(),
        };
        let number = self.program.scripts.push(compiled);
        self.kept.scripts.insert(id, number);
        number
    }

    fn border(&mut self, ty: &Type) -> Border {
        let (constants, profiles) = (&mut self.program.constants, &mut self.program.profiles);
        let mut layouter = Layouter { checked: self.checked, constants, profiles };
        match ty {
            Type::Optional(inner) => Border::Optional(Box::new(self.border(inner))),
            required => border_of(&layouter.kind(required, &How::default(), 0)),
        }
    }
}

fn border_of(kind: &FieldKind) -> Border {
    match kind {
        FieldKind::Scalar(ty) | FieldKind::Read(ty, _) => Border::Single(ty.clone()),
        FieldKind::Record(layout) => record_border(layout),
        FieldKind::List(element) => list_border(element),
    }
}

fn list_border(element: &Element) -> Border {
    Border::List(Box::new(match element {
        Element::Scalar(ty, _) | Element::Read(ty, _) => Border::Single(ty.clone()),
        Element::Record(layout) => record_border(layout),
        Element::List(inner) => list_border(inner),
    }))
}

fn record_border(layout: &Layout) -> Border {
    let field = |field: &Field| {
        let border = border_of(&field.kind);
        FieldBorder {
            name: field.name.clone(),
            offset: field.slot,
            border: if field.optional { Border::Optional(Box::new(border)) } else { border },
        }
    };
    let fields = layout.fields.iter().map(field).collect();
    Border::Record(Arc::new(RecordBorder {
        name: layout.record.clone(),
        money: layout.money,
        size: layout.size,
        fields,
    }))
}
