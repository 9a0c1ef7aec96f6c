//! A simulation as readers see its values: machines get `PT168H` and `59.00`, people `7 days` and
//! `CNY 59.00`.

use super::impact::{Cell, Difference, FAULT, Flip, Impact, Matrix, UNDECIDED};
use super::sweep::{Point, Sweep};
use rulebook_lang::figures::{Speech, phrases};

impl Impact {
    /// The same with values as readers see them.
    pub fn for_readers(&self, speech: Speech<'_>) -> Self {
        let mut impact = self.clone();
        impact.differs.iter_mut().for_each(Difference::make_readable);
        for flip in &mut impact.flips {
            flip.make_readable(&self.decisions, speech);
        }
        let groups = impact.groupings.iter_mut().flat_map(|grouping| &mut grouping.groups);
        let groups = groups.flat_map(|group| &mut group.decisions);
        let rules = impact.rules.iter_mut().flat_map(|rule| &mut rule.dropped);
        let watched = impact.watched.iter_mut().flat_map(|watched| &mut watched.enforced);
        let all = impact.decisions.iter_mut().chain(groups).chain(rules).chain(watched);
        all.for_each(|matrix| matrix.make_readable(speech));
        impact
    }
}

impl Sweep {
    /// The same with values as readers see them.
    pub fn for_readers(&self, speech: Speech<'_>) -> Self {
        let readable = |point: &Point| Point {
            values: point.values.clone(),
            impact: point.impact.for_readers(speech),
        };
        Self {
            parameters: self.parameters.clone(),
            points: self.points.iter().map(readable).collect(),
        }
    }
}

impl Difference {
    fn make_readable(&mut self) {
        let [baseline, candidate] = std::mem::take(&mut self.told);
        for (value, readable) in [(&mut self.baseline, baseline), (&mut self.candidate, candidate)]
        {
            if readable.is_some() {
                *value = readable;
            }
        }
    }
}

impl Flip {
    fn make_readable(&mut self, decisions: &[Matrix], speech: Speech<'_>) {
        for flipped in &mut self.decisions {
            let matrix = decisions.iter().find(|matrix| matrix.decision == flipped.decision);
            let unit = matrix.and_then(|matrix| matrix.unit.as_deref());
            flipped.from = outcome(&flipped.from, unit, speech);
            flipped.to = outcome(&flipped.to, unit, speech);
        }
    }
}

impl Matrix {
    fn make_readable(&mut self, speech: Speech<'_>) {
        let Self { unit, outcomes, cells, .. } = self;
        let cells = cells.iter_mut().flat_map(|Cell { from, to, .. }| from.iter_mut().chain([to]));
        for name in outcomes.iter_mut().chain(cells) {
            *name = outcome(name, unit.as_deref(), speech);
        }
    }
}

/// The name of an outcome as readers see it.
fn outcome(name: &str, unit: Option<&str>, speech: Speech<'_>) -> String {
    match name {
        UNDECIDED => speech.nothing().to_string(),
        FAULT => speech.word(&phrases::FAULT).to_string(),
        name => speech.values(name, unit),
    }
}
