//! Counters to nodes, and to the slots behind the fields of the record that is judged.

use super::{Env, Lowering};
use crate::check::typed;
use crate::program::layout::slot;
use crate::program::{CompiledCounterId, Counted, Counter, Field, NodeId};
use rulebook_base::digest::Digest;
use rulebook_lang::model::Type;

impl Lowering<'_, '_> {
    /// The slot of a counter's value. The values of all counters that policies for one record read
    /// stand behind its fields, each at the same place for every policy, since policies may read
    /// each other.
    pub(super) fn counter_slot(&mut self, id: typed::CounterId) -> u32 {
        if let Some((_, slot)) = self.counters.iter().find(|(known, _)| *known == id) {
            return *slot;
        }
        let counter = (id, self.counter_date(id));
        let slots = self.kept.counter_slots.entry(self.layout.record.clone()).or_default();
        let position = slots.iter().position(|known| *known == counter).unwrap_or(slots.len());
        if position == slots.len() {
            slots.push(counter);
        }
        let slot = self.layout.size.saturating_add(u32::try_from(position).unwrap_or(u32::MAX));
        self.counters.push((id, slot));
        slot
    }

    /// How many slots the record takes with the counters known so far.
    pub(super) fn size_with_counters(&self) -> u32 {
        let slots = self.kept.counter_slots.get(&self.layout.record).map_or(0, Vec::len);
        self.layout.size.saturating_add(u32::try_from(slots).unwrap_or(u32::MAX))
    }

    /// The counters that the rules lowered so far read.
    pub(super) fn read_counters(&mut self) -> Vec<Counted> {
        let counters = std::mem::take(&mut self.counters).into_iter();
        let counted = |(id, slot)| Some(Counted { counter: self.counter(id)?, slot });
        counters.filter_map(counted).collect()
    }

    /// The slot of the date by which a counter counts.
    fn counter_date(&self, id: typed::CounterId) -> Option<u32> {
        let node = &self.checked.counters[id];
        node.dated.as_ref().and_then(|place| slot(self.layout, place)).or(self.dated)
    }

    /// The number of a counter, compiled where it is new. One without a date of its own is another
    /// counter for each date that policies give it.
    fn counter(&mut self, id: typed::CounterId) -> Option<CompiledCounterId> {
        let dated = self.counter_date(id)?;
        let node = &self.checked.counters[id];
        if let Some(number) = self.kept.counters.get(&(id, dated)) {
            return Some(*number);
        }
        let none = Env::new();
        let counter = Counter {
            name: node.name.clone(),
            record: self.layout.record.clone(),
            ty: node.ty.clone(),
            window: node.window?,
            digest: self.counter_digest(node, dated),
            dated,
            keys: node.keys.iter().map(|key| self.typed(key, &none)).collect(),
            filter: node.filter.as_ref().map(|filter| self.lower(filter, &none)),
            tally: node.tally,
            value: node.value.as_ref().map(|value| self.typed(value, &none)),
            known_by: self.known_by(node),
        };
        let number = self.program.counters.push(counter);
        self.kept.counters.insert((id, dated), number);
        Some(number)
    }

    fn typed(&mut self, expr: &typed::Expr, env: &Env) -> (NodeId, Type) {
        (self.lower(expr, env), expr.ty.required().clone())
    }

    /// The slots of the fields by which the records of a counter are known.
    fn known_by(&self, node: &typed::Counter) -> Vec<(u32, Type)> {
        let record = node.record.and_then(|record| self.checked.records.get(record.index()));
        let positions = record.into_iter().flat_map(|record| &record.key);
        let fields = positions.filter_map(|position| self.layout.fields.get(*position as usize));
        let typed = |field: &Field| Some((field.slot, field.kind.single()?.clone()));
        fields.filter_map(typed).collect()
    }

    fn counter_digest(&self, node: &typed::Counter, dated: u32) -> String {
        let mut date = String::new();
        self.layout.walk("", &mut |path, field| {
            if field.slot == dated {
                date = path.to_string();
            }
        });
        let zone = self.program.zone.iana_name().unwrap_or_default();
        let parts = [node.written.as_str(), "dated by", &date, zone];
        Digest::of(parts.join("\n")).hex()
    }
}
