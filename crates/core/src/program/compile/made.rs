//! Records and lists as values: those of the row, those that expressions make, and fields of them.

use super::expression::bound;
use super::{Bound, Env, Lowering};
use crate::check::typed::{Expr, Fields, Kind, Place, RecordId, RecordKind, Root};
use crate::ids::MadeId;
use crate::program::layout::{FieldKind, Layout, slot};
use crate::program::{MadeRecord, Node, NodeId, Operands};
use rulebook_base::source::Span;
use rulebook_lang::model::{Cell, Type};

impl Lowering<'_, '_> {
    /// The record that a type is, or is an optional of.
    pub(super) fn record_named(&self, ty: &Type) -> Option<RecordId> {
        let Type::Record(name) = ty.required() else { return None };
        self.checked.records.iter().position(|record| record.name == *name.name()).map(RecordId::at)
    }

    /// How many slots the fields of a record take.
    fn size_of(&mut self, record: RecordId) -> u32 {
        self.element_layout(record).size
    }

    /// A record that lies at a place, as a value.
    pub(super) fn record_at(
        &mut self,
        place: &Place,
        record: RecordId,
        span: Span,
        env: &Env,
    ) -> NodeId {
        let size = self.size_of(record);
        let node = match bound(place, env) {
            Some(Bound::Node(id, of, fields)) => return self.field(id, of, &fields, span),
            Some(Bound::Place(place)) => slot(self.layout, &place).map(|slot| {
                match kind_of(self.layout, &place.fields) {
                    Some(FieldKind::Record(_)) => Node::Record(slot, size),
                    // The amount of money, which has its type.
                    _ => Node::Slot(slot),
                }
            }),
            Some(Bound::Variable(variable, _, fields)) if fields.is_empty() => {
                Some(Node::Local(variable))
            }
            Some(Bound::Variable(variable, of, fields)) => {
                let place = Place { root: Root::Record, fields };
                let layout = self.element_layout(of);
                slot(&layout, &place).map(|offset| match kind_of(&layout, &place.fields) {
                    Some(FieldKind::Record(_)) => Node::LocalRecord(variable, offset, size),
                    _ => Node::LocalField(variable, offset),
                })
            }
            None => None,
        };
        self.add(node.unwrap_or(Node::Constant(Cell::Missing)), span)
    }

    /// What fields lead to from the value of a node.
    pub(super) fn field(
        &mut self,
        of: NodeId,
        record: Option<RecordId>,
        fields: &[u32],
        span: Span,
    ) -> NodeId {
        let (Some(record), false) = (record, fields.is_empty()) else { return of };
        let layout = self.element_layout(record);
        let place = Place { root: Root::Record, fields: Fields::from_slice(fields) };
        let node = match (slot(&layout, &place), kind_of(&layout, fields)) {
            (Some(offset), Some(FieldKind::Record(inner))) => {
                Node::Field(of, offset, Some(inner.size))
            }
            (Some(offset), _) => Node::Field(of, offset, None),
            (None, _) => Node::Constant(Cell::Missing),
        };
        self.add(node, span)
    }

    /// A list of values of which not all are known at load.
    pub(super) fn items(&mut self, items: &[Expr], span: Span, env: &Env) -> NodeId {
        let operands = self.row(items, env);
        let node = match self.constants(operands) {
            Some(cells) => {
                self.program.operands.truncate(operands.start as usize);
                let (start, end) = self.program.constants.append(cells);
                Node::Constant(Cell::List { start, end })
            }
            None => Node::Items(operands),
        };
        self.add(node, span)
    }

    /// A record that an expression makes.
    pub(super) fn made(
        &mut self,
        id: RecordId,
        fields: &[Option<Expr>],
        span: Span,
        env: &Env,
    ) -> NodeId {
        let mark = self.pending.len();
        for field in fields {
            let node = match field {
                Some(value) => self.lower(value, env),
                None => self.add(Node::Constant(Cell::Missing), span),
            };
            self.pending.push(node);
        }
        let operands = self.side_by_side(mark);
        let made = self.made_record(id);
        let is_flat = self.program.made[made].fields.iter().all(Option::is_none);
        let node = match self.constants(operands).filter(|_| is_flat) {
            Some(cells) => {
                self.program.operands.truncate(operands.start as usize);
                let (start, end) = self.program.constants.append(cells);
                Node::Constant(Cell::Record { start, end })
            }
            None => Node::Made(made, operands),
        };
        self.add(node, span)
    }

    /// An output of a row of a table that is taken whole: no more than it is looked up.
    pub(super) fn output_of(&mut self, of: &Expr, position: u32, env: &Env) -> Option<NodeId> {
        let Kind::Record(id, fields) = &of.through().kind else { return None };
        let RecordKind::Row(_) = self.checked.records[*id].kind else { return None };
        let output = fields.get(position as usize)?.as_ref()?;
        match &of.kind {
            // A named row is a step that is told, and reads nothing of what is around it.
            Kind::Let(id, value) => {
                self.named(*id, value);
                Some(self.lower(output, &Env::new()))
            }
            _ => Some(self.lower(output, env)),
        }
    }

    pub(super) fn made_record(&mut self, id: RecordId) -> MadeId {
        let record = self.checked.records[id].name.clone();
        let known = self.program.made.iter().position(|made| made.record == record);
        known.map(MadeId::at).unwrap_or_else(|| {
            let layout = self.element_layout(id);
            let fields = layout.fields.iter().map(|field| match &field.kind {
                FieldKind::Record(inner) => Some(inner.size),
                FieldKind::Scalar(_) | FieldKind::Read(..) | FieldKind::List(_) => None,
            });
            let (fields, size) = (fields.collect(), layout.size);
            self.program.made.push(MadeRecord { record, fields, size })
        })
    }

    /// The cells of operands that are all known at load.
    fn constants(&self, operands: Operands) -> Option<Vec<Cell>> {
        let operands = self.program.operands(operands).iter();
        let cells = operands.map(|id| match self.program.node(*id) {
            Node::Constant(cell) => Some(cell),
            _ => None,
        });
        cells.collect()
    }
}

/// What the field at the end of a path holds.
fn kind_of<'l>(layout: &'l Layout, fields: &[u32]) -> Option<&'l FieldKind> {
    let (last, parents) = fields.split_last()?;
    let mut layout = layout;
    for parent in parents {
        match &layout.seen().nth(*parent as usize)?.kind {
            FieldKind::Record(inner) => layout = inner,
            FieldKind::Scalar(_) | FieldKind::Read(..) | FieldKind::List(_) => return None,
        }
    }
    layout.seen().nth(*last as usize).map(|field| &field.kind)
}
