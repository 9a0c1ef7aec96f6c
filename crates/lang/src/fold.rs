//! How several values become one, said once: rules decide so, rows of tables are looked up so, lists are
//! folded so by comprehensions, and [`Fold::may_give`] tells of the same steps what may come of them.

use std::cmp::Ordering;

use super::kernel::{Context, Problem, Run, order};
use crate::model::{Cell, Store, Value};

/// How several values become one.
#[derive(Debug, Clone, Copy)]
pub enum Fold {
    /// The first of them.
    First,
    /// The first that stands so beside all others.
    Best(Ordering),
    /// The one that all of them are; else there is a clash.
    Agree,
    /// The only one; where there are more, there is a clash.
    Only,
    /// What a kernel makes of each and those before it.
    Made(Run),
    /// The list of them.
    Each,
    /// The list of them, each once.
    Different,
}

/// What there is where there are no values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// Nothing.
    Undecided,
    /// A sum of none.
    Zero,
    /// An empty list.
    Empty,
}

/// What one more value does.
#[derive(Debug)]
pub enum Step<'v> {
    /// It does not count.
    Stay,
    /// It takes the place of what there was.
    Replace,
    /// Both become another value.
    Made(Value<'v>),
}

/// Why several values do not become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clash {
    /// There are several where only one may be.
    Several,
    /// They are not the same.
    Disagreement,
    /// One of them is not known.
    Uncertain,
    /// They could not be made one.
    Failed(Problem),
}

impl From<Clash> for Problem {
    /// The problem of values that are one beside the other in no table: only what failed tells one.
    fn from(clash: Clash) -> Self {
        match clash {
            Clash::Failed(problem) => problem,
            Clash::Several | Clash::Disagreement | Clash::Uncertain => Self::Misfit,
        }
    }
}

/// Whose a value is that some have become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// That of those that gave the same.
    Givers,
    /// That of all.
    Everyone,
}

/// What some values have become.
#[derive(Debug, Clone)]
pub enum Folded {
    /// One value, and whose it is.
    One(Cell, Whose),
    /// One value that was made of all of them.
    Made(Value<'static>),
    /// All of them.
    Each,
    /// Those that differ.
    Different,
}

/// A value that is there surely, or only perhaps; `None` where it is not known.
#[derive(Debug)]
pub struct Possible<'v> {
    /// The value.
    pub value: Option<Value<'v>>,
    /// Whether it is there for certain.
    pub surely: bool,
}

impl Fold {
    /// What there is where there are no values.
    #[inline]
    pub fn of_none(self) -> Nothing {
        match self {
            Self::First | Self::Best(_) | Self::Agree | Self::Only => Nothing::Undecided,
            Self::Made(_) => Nothing::Zero,
            Self::Each | Self::Different => Nothing::Empty,
        }
    }

    /// Whether values that stand in another order come to the same.
    pub fn is_set(self) -> bool {
        matches!(self, Self::Different)
    }

    /// Whether values can clash that are all known.
    pub fn may_clash(self) -> bool {
        matches!(self, Self::Agree | Self::Only | Self::Made(_))
    }

    /// What the second of two values does, the first being what those before it came to.
    ///
    /// # Errors
    /// When they clash.
    #[inline]
    pub fn step<'v>(self, pair: &[Value<'v>; 2], context: &Context<'_>) -> Result<Step<'v>, Clash> {
        let [so_far, next] = pair;
        match self {
            Self::First => Ok(Step::Stay),
            Self::Best(better) => match order(next, so_far, context).map_err(Clash::Failed)? {
                order if order == better => Ok(Step::Replace),
                _ => Ok(Step::Stay),
            },
            Self::Agree if so_far.same(next) => Ok(Step::Stay),
            Self::Agree => Err(Clash::Disagreement),
            Self::Only => Err(Clash::Several),
            Self::Made(run) => run(pair, context).map(Step::Made).map_err(Clash::Failed),
            Self::Each | Self::Different => Ok(Step::Stay),
        }
    }

    /// What a value and the one behind it come to.
    ///
    /// # Errors
    /// When they clash.
    #[inline]
    pub fn both<'v>(self, pair: [Value<'v>; 2], context: &Context<'_>) -> Result<Value<'v>, Clash> {
        let step = self.step(&pair, context)?;
        let [so_far, next] = pair;
        Ok(match step {
            Step::Stay => so_far,
            Step::Replace => next,
            Step::Made(value) => value,
        })
    }

    /// What cells of a store come to, some of which may not be known; `None` where there are none.
    /// `all_known` spares looking for those.
    ///
    /// # Errors
    /// When they clash, or one that counts is not known.
    #[inline]
    pub fn cells(
        self,
        mut cells: impl Iterator<Item = Option<Cell>>,
        all_known: impl FnOnce() -> bool,
        store: &Store,
        context: &Context<'_>,
    ) -> Result<Option<Folded>, Clash> {
        let Some(first) = cells.next() else { return Ok(None) };
        let whose = match self {
            Self::First | Self::Best(_) => Whose::Givers,
            _ => Whose::Everyone,
        };
        let (mut so_far, mut uncertain, mut failed) = (first, first.is_none(), None);
        let mut made: Option<Value<'_>> = None;
        match self {
            Self::First => {}
            Self::Only if cells.next().is_some() => return Err(Clash::Several),
            Self::Each | Self::Different => {
                uncertain |= !all_known() && cells.any(|cell| cell.is_none());
            }
            _ => {
                for next in cells {
                    let (Some(one), Some(other)) = (so_far, next) else {
                        uncertain = true;
                        so_far = so_far.or(next);
                        continue;
                    };
                    let before = made.take().unwrap_or_else(|| store.value(one));
                    match self.step(&[before, store.value(other)], context) {
                        Ok(Step::Stay) => {}
                        Ok(Step::Replace) => so_far = next,
                        Ok(Step::Made(value)) => made = Some(value),
                        // With those that are not known, it might not have come to that.
                        Err(Clash::Failed(problem)) => failed = Some(problem),
                        Err(clash) => return Err(clash),
                    }
                }
            }
        }
        match (self, so_far, failed) {
            (_, None, _) => Err(Clash::Uncertain),
            _ if uncertain => Err(Clash::Uncertain),
            (_, _, Some(problem)) => Err(Clash::Failed(problem)),
            (Self::Each, ..) => Ok(Some(Folded::Each)),
            (Self::Different, ..) => Ok(Some(Folded::Different)),
            (_, Some(cell), None) => Ok(Some(match made {
                Some(value) => Folded::Made(value.detached().unwrap_or(Value::Missing)),
                None => Folded::One(cell, whose),
            })),
        }
    }

    /// Which of some possible values, by their places, may be what they come to; `None` where that may
    /// be yet another value.
    ///
    /// What a value that is there for certain would drive out, cannot be it: the same steps say so that
    /// are taken when all values are known.
    pub fn may_give(self, possible: &[Possible<'_>], context: &Context<'_>) -> Option<Vec<usize>> {
        if self.of_none() != Nothing::Undecided {
            return None;
        }
        let mut sure = possible.iter().enumerate().filter(|(_, possible)| possible.surely);
        let first = sure.find(|(_, possible)| possible.value.is_some() || !self.looks());
        let strongest = sure.fold(first, |strongest, rival| match strongest {
            Some(strongest) if self.outlasts(strongest, rival, context) => Some(strongest),
            _ => Some(rival).filter(|(_, rival)| rival.value.is_some()).or(strongest),
        });
        let stays = |possible: &(usize, &Possible<'_>)| match strongest {
            Some(rival) => rival.0 == possible.0 || self.outlasts(*possible, rival, context),
            None => true,
        };
        Some(possible.iter().enumerate().filter(stays).map(|(at, _)| at).collect())
    }

    /// Whether it matters what the values are, not only how many there are.
    fn looks(self) -> bool {
        !matches!(self, Self::First | Self::Only)
    }

    /// Whether a value may be what comes of it and another, each with its place.
    fn outlasts(
        self,
        (at, value): (usize, &Possible<'_>),
        (other_at, other): (usize, &Possible<'_>),
        context: &Context<'_>,
    ) -> bool {
        let is_first = at < other_at;
        let (value, other) = match (&value.value, &other.value) {
            (Some(value), Some(other)) => (value.clone(), other.clone()),
            _ if self.looks() => return true,
            _ => (Value::Missing, Value::Missing),
        };
        let pair = if is_first { [value, other] } else { [other, value] };
        match self.step(&pair, context) {
            Ok(Step::Stay) => is_first,
            Ok(Step::Replace) => !is_first,
            Ok(Step::Made(_)) | Err(Clash::Failed(_)) => true,
            Err(_) => false,
        }
    }
}

/// The cells that differ from all before them as they leave a judgement: fractions by what they are rounded to.
pub fn different<C: Iterator<Item = Cell> + Clone>(
    cells: C,
    store: &Store,
) -> impl Iterator<Item = Cell> {
    let all = cells.clone();
    cells.enumerate().filter_map(move |(at, cell)| {
        let value = store.value(cell).rounded();
        let mut before = all.clone().take(at);
        (!before.any(|earlier| store.value(earlier).rounded().same(&value))).then_some(cell)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::combiner::COMBINERS;
    use crate::model::{Number, Zone};

    /// All that three values may come to, each of which is one of three numbers, is there or not, and is
    /// surely there or not, is among what may come of them.
    #[test]
    fn what_comes_is_what_may_come() {
        let (store, zone) = (Store::default(), Zone::UTC);
        let context = Context { zone: &zone, calendars: &[] };
        let digits = |drawn: u64, base: u64| {
            (0..3).scan(drawn, move |rest, _| {
                let digit = *rest % base;
                *rest /= base;
                Some(digit)
            })
        };
        let bits = |drawn: u64| digits(drawn, 2).map(|bit| bit == 1);
        for fold in COMBINERS.iter().map(|row| row.fold) {
            for (numbers, sure) in
                (0..27).flat_map(|numbers| (0..8).map(move |sure| (numbers, sure)))
            {
                let cells: Vec<_> =
                    digits(numbers, 3).map(|digit| Cell::Number(Number::from(digit))).collect();
                let possible = cells
                    .iter()
                    .zip(bits(sure))
                    .map(|(cell, surely)| Possible { value: Some(store.value(*cell)), surely });
                let possible: Vec<_> = possible.collect();
                let Some(places) = fold.may_give(&possible, &context) else { continue };
                let may: Vec<_> = places.iter().filter_map(|at| cells.get(*at)).collect();
                for there in 0..8 {
                    let there = there | sure;
                    let there = cells.iter().zip(bits(there)).filter(|(_, there)| *there);
                    let came =
                        fold.cells(there.map(|(cell, _)| Some(*cell)), || true, &store, &context);
                    if let Ok(Some(Folded::One(cell, _))) = came {
                        assert!(
                            may.contains(&&cell),
                            "{fold:?} {cells:?} {sure:b} {may:?} {cell:?}"
                        );
                    }
                }
            }
        }
    }
}
