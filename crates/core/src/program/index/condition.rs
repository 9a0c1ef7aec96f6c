//! Conditions to alternatives of ranges, as far as they test single values against constants.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::key::{Key, KeyId, KeySource, Tests, Texts, constant_key, constant_version};
use crate::program::{Node, NodeId, Operands, Program};
use rulebook_lang::kernel::{Kernel, Known};
use rulebook_lang::model::{Cell, Number, Ranges, Type, Value};
use rulebook_lang::scalar::Level;

/// How many alternatives a condition may come to; one with more is evaluated.
const MOST_ALTERNATIVES: usize = 8;

/// Tests of which one must hold, mostly one.
pub(super) type Alternatives = SmallVec<[Tests; 1]>;

/// Turns conditions into tests of keys.
///
/// Whether a condition may be told so does not depend on the order in which its parts are looked
/// at: nothing in it can fault, and a value that may be missing is tested behind a part that is
/// false where it is, so that the answer for a missing value does not matter.
pub(super) struct Conditions<'p> {
    pub(super) program: &'p Program,
    /// The types of the slots that hold a single value.
    pub(super) types: &'p [Option<Type>],
    pub(super) keys: Vec<KeySource>,
    pub(super) texts: Texts,
    known: FxHashMap<KeySource, KeyId>,
}

impl<'p> Conditions<'p> {
    pub(super) fn new(program: &'p Program, types: &'p [Option<Type>]) -> Self {
        Self {
            program,
            types,
            keys: Vec::new(),
            texts: Texts::default(),
            known: FxHashMap::default(),
        }
    }

    /// The number of a key, added where it is new.
    pub(super) fn key_id(&mut self, source: KeySource) -> KeyId {
        let fresh = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let id = *self.known.entry(source).or_insert(fresh);
        if id == fresh {
            self.keys.push(source);
        }
        id
    }

    /// The alternatives of which one must hold; `None` where the condition has to be evaluated.
    pub(super) fn alternatives(&mut self, id: NodeId) -> Option<Alternatives> {
        match self.program.node(id) {
            Node::Constant(Cell::Bool(true)) => Some(always()),
            Node::Constant(Cell::Bool(false)) => Some(Alternatives::new()),
            Node::Slot(slot) => {
                let is_bool = matches!(self.slot_type(slot)?.required(), Type::Bool);
                is_bool.then(|| self.test(KeySource::Slot(slot), Ranges::point(1)))
            }
            Node::Presence(operand, present) => {
                let Node::Slot(slot) = self.program.node(operand) else { return None };
                let missing = Ranges::point(super::key::MISSING);
                let ranges = if present { missing.complement() } else { missing };
                Some(self.test(KeySource::Slot(slot), ranges))
            }
            Node::And(operands) => {
                let mut all = always();
                for operand in self.program.operands(operands) {
                    narrow(&mut all, &self.alternatives(*operand)?)?;
                }
                Some(all)
            }
            Node::Or(operands) => {
                let mut any = Alternatives::new();
                for operand in self.program.operands(operands) {
                    any = either(any, self.alternatives(*operand)?)?;
                }
                Some(any)
            }
            Node::Call(kernel, operands) => self.call(kernel, operands),
            Node::AnyOf(operands, negated) => {
                let (value, items) = self.program.operands(operands).split_first()?;
                let (source, ty) = self.source(*value)?;
                let items: Option<Vec<Key>> =
                    items.iter().map(|item| self.constant(*item, ty)).collect();
                Some(self.among(source, items?, negated))
            }
            Node::InSet(value, set, negated) => {
                let (source, ty) = self.source(value)?;
                let set = &self.program.sets[set];
                let keys: Option<Vec<Key>> = set.iter().map(|text| self.text(text, ty)).collect();
                Some(self.among(source, keys?, negated))
            }
            Node::InRange { operands, closed, negated } => {
                let [value, low, high] = self.program.operands(operands) else { return None };
                let (source, ty) = self.source(*value)?;
                is_ordered(ty).then_some(())?;
                let (low, high) = (self.constant(*low, ty)?, self.constant(*high, ty)?);
                let ranges = Ranges::between(low, if closed { high } else { high - 1 });
                let ranges = if negated { ranges.complement() } else { ranges };
                Some(self.test(source, ranges))
            }
            _ => None,
        }
    }

    fn call(&mut self, kernel: Kernel, operands: Operands) -> Option<Alternatives> {
        match (self.program.operands(operands), kernel.known()?) {
            ([operand], Known::Not) => negation(&self.alternatives(*operand)?),
            ([value, list], Known::Contained(negated)) => {
                let (source, ty) = self.source(*value)?;
                let Node::Constant(Cell::List { start, end }) = self.program.node(*list) else {
                    return None;
                };
                let items = (start..end).map(|at| self.program.constants.cell(at));
                let items: Option<Vec<Key>> = items.map(|item| self.cell(item, ty)).collect();
                Some(self.among(source, items?, negated))
            }
            ([left, right], Known::Compares(comparison)) => {
                let accepts = |order| comparison.accepts(order);
                if let Some((source, ty)) = self.source(*left) {
                    return self.compare(source, ty, *right, accepts);
                }
                let (source, ty) = self.source(*right)?;
                self.compare(source, ty, *left, |order| accepts(order.reverse()))
            }
            _ => None,
        }
    }

    fn compare(
        &mut self,
        source: KeySource,
        ty: &Type,
        constant: NodeId,
        accepts: impl Fn(Ordering) -> bool,
    ) -> Option<Alternatives> {
        let same_beside_another = accepts(Ordering::Less) == accepts(Ordering::Greater);
        if !same_beside_another && !is_ordered(ty) {
            return None;
        }
        let parts = match self.fraction(constant, ty) {
            // No number is equal to a fraction: the next one is larger.
            Some(below) => {
                let below = self.cell(Cell::Number(below), ty)?;
                [
                    (Ordering::Less, Ranges::between(Key::MIN, below)),
                    (Ordering::Equal, Ranges::points([])),
                    (Ordering::Greater, Ranges::between(below + 1, Key::MAX)),
                ]
            }
            None => {
                let key = self.constant(constant, ty)?;
                [
                    (Ordering::Less, Ranges::between(Key::MIN, key - 1)),
                    (Ordering::Equal, Ranges::point(key)),
                    (Ordering::Greater, Ranges::between(key + 1, Key::MAX)),
                ]
            }
        };
        let accepted = parts.into_iter().filter(|(order, _)| accepts(*order));
        let ranges = accepted.fold(Ranges::points([]), |all, (_, part)| all.union(&part));
        Some(self.test(source, ranges))
    }

    /// The value that a node reads, if it has a key, and its type.
    fn source(&self, id: NodeId) -> Option<(KeySource, &'p Type)> {
        match self.program.node(id) {
            Node::Slot(slot) => {
                let ty = self.slot_type(slot)?.required();
                let is_version = *ty == Type::Version;
                let source =
                    if is_version { KeySource::Version(slot) } else { KeySource::Slot(slot) };
                Some((source, ty))
            }
            Node::Now => Some((KeySource::Now, &Type::Time)),
            _ => None,
        }
    }

    fn slot_type(&self, slot: u32) -> Option<&'p Type> {
        self.types.get(slot as usize)?.as_ref()
    }

    /// The key of a constant, or of a parameter that never changes, of a type.
    fn constant(&mut self, id: NodeId, ty: &Type) -> Option<Key> {
        self.cell(self.program.fixed(id)?, ty)
    }

    /// The largest number below a constant of a type that is a fraction.
    fn fraction(&self, id: NodeId, ty: &Type) -> Option<Number> {
        let cell = self.program.fixed(id).filter(|cell| ty.holds(*cell))?;
        match self.program.constants.value(cell) {
            Value::Fraction(fraction) => Some(fraction.below()),
            _ => None,
        }
    }

    fn cell(&mut self, cell: Cell, ty: &Type) -> Option<Key> {
        // A date beside a time needs the zone; that pair is evaluated.
        let fits = ty.holds(cell);
        if let Cell::Text { start, end } = cell
            && *ty == Type::Version
        {
            return self.text(self.program.constants.text_between(start, end), ty);
        }
        fits.then(|| constant_key(&self.program.constants, cell, &mut self.texts)).flatten()
    }

    /// The key of a text that is compared with values of a type.
    fn text(&mut self, text: &str, ty: &Type) -> Option<Key> {
        match ty {
            Type::Version => constant_version(text),
            _ => Some(self.texts.add(text)),
        }
    }

    fn among(&mut self, source: KeySource, keys: Vec<Key>, negated: bool) -> Alternatives {
        let ranges = Ranges::points(keys);
        self.test(source, if negated { ranges.complement() } else { ranges })
    }

    fn test(&mut self, source: KeySource, ranges: Ranges) -> Alternatives {
        if ranges.is_empty() {
            return Alternatives::new();
        }
        smallvec![smallvec![(self.key_id(source), ranges)]]
    }
}

/// Whether values of a type stand in the order of their keys, whatever they are.
fn is_ordered(ty: &Type) -> bool {
    match ty {
        Type::Enum(members) => members.ordered && !members.open,
        ty => ty.level() >= Level::Ordinal,
    }
}

/// The alternatives of a condition that always holds.
fn always() -> Alternatives {
    smallvec![Tests::new()]
}

/// Leaves of the alternatives what another condition has an alternative for, too; `None` where
/// that would be too many, and nothing changes.
pub(super) fn narrow(all: &mut Alternatives, others: &[Tests]) -> Option<()> {
    if all.len() * others.len() > MOST_ALTERNATIVES {
        return None;
    }
    if let [other] = others {
        all.retain(|tests| restrict(tests, other));
    } else {
        let pairs = all.iter().flat_map(|own| others.iter().map(move |other| (own, other)));
        let both = pairs.filter_map(|(own, other)| {
            let mut own = own.clone();
            restrict(&mut own, other).then_some(own)
        });
        *all = both.collect();
    }
    Some(())
}

/// Makes tests hold only where others do, too, and tells whether that is anywhere.
fn restrict(tests: &mut Tests, others: &Tests) -> bool {
    for (id, ranges) in others {
        match tests.binary_search_by_key(id, |(known, _)| *known) {
            Ok(at) => {
                let Some((_, own)) = tests.get_mut(at) else { continue };
                *own = own.intersection(ranges);
                if own.is_empty() {
                    return false;
                }
            }
            Err(at) => tests.insert(at, (*id, ranges.clone())),
        }
    }
    true
}

/// The alternatives of either condition; tests of one and the same key become one test.
fn either(a: Alternatives, b: Alternatives) -> Option<Alternatives> {
    let mut any = a;
    for tests in b {
        let lone = |tests: &Tests| match tests.as_slice() {
            [(id, _)] => Some(*id),
            _ => None,
        };
        let same =
            any.iter_mut().find(|known| lone(known).is_some() && lone(known) == lone(&tests));
        match (same.and_then(|known| known.first_mut()), tests.first()) {
            (Some((_, own)), Some((_, ranges))) => *own = own.clone().union(ranges),
            _ => any.push(tests),
        }
    }
    (any.len() <= MOST_ALTERNATIVES).then_some(any)
}

/// The alternatives of the opposite.
pub(super) fn negation(alternatives: &[Tests]) -> Option<Alternatives> {
    let mut all = always();
    for tests in alternatives {
        let mut any = Alternatives::new();
        for (id, ranges) in tests {
            let outside = ranges.complement();
            if !outside.is_empty() {
                any = either(any, smallvec![smallvec![(*id, outside)]])?;
            }
        }
        narrow(&mut all, &any)?;
    }
    Some(all)
}
