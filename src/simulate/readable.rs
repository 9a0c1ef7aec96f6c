//! A simulation as readers see its values: machines get `PT168H` and `59.00`, people `7 days` and
//! `CNY 59.00`.

use super::impact::{Cell, Difference, Flip, Impact, Matrix};
use super::sweep::{Point, Sweep};
use crate::figures;

impl Impact {
    /// The same with values as readers see them.
    pub(crate) fn for_readers(&self) -> Self {
        let mut own = self.clone();
        own.differs.iter_mut().for_each(Difference::tell);
        for flip in &mut own.flips {
            flip.tell(&self.decisions);
        }
        let groups = own.groupings.iter_mut().flat_map(|grouping| &mut grouping.groups);
        let groups = groups.flat_map(|group| &mut group.decisions);
        let rules = own.rules.iter_mut().flat_map(|rule| &mut rule.dropped);
        let watched = own.watched.iter_mut().flat_map(|own| &mut own.enforced);
        let all = own.decisions.iter_mut().chain(groups).chain(rules).chain(watched);
        all.for_each(Matrix::tell);
        own
    }
}

impl Sweep {
    /// The same with values as readers see them.
    pub(crate) fn for_readers(&self) -> Self {
        let told = |point: &Point| Point {
            values: point.values.clone(),
            impact: point.impact.for_readers(),
        };
        Self { parameters: self.parameters.clone(), points: self.points.iter().map(told).collect() }
    }
}

impl Difference {
    fn tell(&mut self) {
        let [baseline, candidate] = std::mem::take(&mut self.told);
        for (own, told) in [(&mut self.baseline, baseline), (&mut self.candidate, candidate)] {
            if told.is_some() {
                *own = told;
            }
        }
    }
}

impl Flip {
    fn tell(&mut self, decisions: &[Matrix]) {
        for own in &mut self.decisions {
            let matrix = decisions.iter().find(|matrix| matrix.decision == own.decision);
            let unit = matrix.and_then(|matrix| matrix.unit.as_deref());
            own.from = figures::values(&own.from, unit);
            own.to = figures::values(&own.to, unit);
        }
    }
}

impl Matrix {
    fn tell(&mut self) {
        let Self { unit, outcomes, cells, .. } = self;
        let cells = cells.iter_mut().flat_map(|Cell { from, to, .. }| from.iter_mut().chain([to]));
        for name in outcomes.iter_mut().chain(cells) {
            *name = figures::values(name, unit.as_deref());
        }
    }
}
