//! Counters to nodes, and to the slots behind the fields of the record that is judged.

use sha2::{Digest, Sha256};

use super::{Env, Lowering};
use crate::check::typed::{self, Measure};
use crate::program::layout::slot;
use crate::program::{Counted, Counter};

impl Lowering<'_, '_> {
    /// The slot of a counter's value: those of the counters that a policy reads stand behind those
    /// of the fields, in the order in which they are met.
    pub(super) fn counter_slot(&mut self, id: typed::CounterId) -> u32 {
        let known = self.counters.iter().position(|known| *known == id);
        let position = known.unwrap_or(self.counters.len());
        if known.is_none() {
            self.counters.push(id);
        }
        self.layout.size.saturating_add(u32::try_from(position).unwrap_or(u32::MAX))
    }

    /// The counters that the rules lowered so far read; `dated` is the slot of the policy's date.
    pub(super) fn read_counters(&mut self, dated: Option<u32>) -> Vec<Counted> {
        let ids = std::mem::take(&mut self.counters);
        let counted = (self.layout.size..).zip(ids);
        counted
            .filter_map(|(slot, id)| Some(Counted { counter: self.counter(id, dated)?, slot }))
            .collect()
    }

    /// The number of a counter, compiled where it is new. One without a date of its own is another
    /// counter for each date that policies give it.
    fn counter(&mut self, id: typed::CounterId, policy_date: Option<u32>) -> Option<u32> {
        let node = self.checked.counters.get(id.index())?;
        let own = node.dated.as_ref().and_then(|place| slot(self.layout, place));
        let dated = own.or(policy_date)?;
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
            key: self.lower(&node.key, &none),
            key_type: node.key.ty.required().clone(),
            filter: node.filter.as_ref().map(|filter| self.lower(filter, &none)),
            sum: match &node.measure {
                Measure::Count => None,
                Measure::Sum(value) => Some(self.lower(value, &none)),
            },
        };
        let number = u32::try_from(self.program.counters.len()).ok()?;
        self.program.counters.push(counter);
        self.kept.counters.insert((id, dated), number);
        Some(number)
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
        let digest = Sha256::digest(parts.join("\n"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
