//! Finds what rows leave open, and which rows meet, exactly: every column is a line of numbered
//! values, every row accepts ranges of each.
//!
//! To find an input that no row accepts, one column after the other is cut where the rows that are
//! left begin or cease to accept. Each piece keeps the rows that accept it; pieces with the same rows
//! are looked at once, and where one row accepts all that is left, nothing is open. What this costs
//! is counted, and the search gives up beyond a limit.

use rulebook_lang::model::{Key, Ranges};
use rustc_hash::FxHashSet;

/// How many rows one search of a table may look at, counting each as often as it is looked at.
const MOST_STEPS: usize = 20_000_000;

/// The search would take too long.
#[derive(Debug, Clone, Copy)]
pub(super) struct GaveUp;

/// The rows of a table by what they accept of each column.
pub(super) struct Search<'t> {
    rows: Vec<&'t [Ranges]>,
    /// The values that each column has.
    universe: Vec<Ranges>,
    /// What a row that does not exist accepts.
    nothing: Ranges,
    steps: usize,
}

impl<'t> Search<'t> {
    pub(super) fn new(universe: Vec<Ranges>, rows: Vec<&'t [Ranges]>) -> Self {
        Self { rows, universe, nothing: Ranges::none(), steps: 0 }
    }

    fn accepts(&self, row: u32, column: usize) -> &Ranges {
        self.rows.get(row as usize).and_then(|row| row.get(column)).unwrap_or(&self.nothing)
    }

    fn spend(&mut self, steps: usize) -> Result<(), GaveUp> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MOST_STEPS { Err(GaveUp) } else { Ok(()) }
    }

    /// The column of a row that accepts nothing.
    pub(super) fn empty_column(&self, row: u32) -> Option<usize> {
        self.rows.get(row as usize)?.iter().position(Ranges::is_empty)
    }

    /// An input that no row accepts.
    pub(super) fn gap(&mut self) -> Result<Option<Vec<Key>>, GaveUp> {
        self.steps = 0;
        let all: Vec<u32> = (0..self.count()).collect();
        let universe = self.universe.clone();
        self.uncovered(&universe, &all)
    }

    /// An input within ranges that none of some rows accepts.
    pub(super) fn uncovered(
        &mut self,
        within: &[Ranges],
        by: &[u32],
    ) -> Result<Option<Vec<Key>>, GaveUp> {
        let mut input = within.iter().map(first).collect();
        let open = (0..within.len()).collect();
        Ok(self.seek(within, open, by, &mut input)?.then_some(input))
    }

    fn seek(
        &mut self,
        within: &[Ranges],
        open: Vec<usize>,
        live: &[u32],
        input: &mut Vec<Key>,
    ) -> Result<bool, GaveUp> {
        if live.is_empty() {
            return Ok(true);
        }
        let mut narrowing = vec![0_usize; open.len()];
        for row in live {
            let mut accepts_all = true;
            for (column, count) in open.iter().zip(&mut narrowing) {
                let narrows =
                    within.get(*column).is_some_and(|all| !self.accepts(*row, *column).covers(all));
                accepts_all &= !narrows;
                *count += usize::from(narrows);
            }
            if accepts_all {
                return Ok(false);
            }
        }
        self.spend(live.len() * open.len())?;
        // Some row narrows some column, since none accepts all.
        let most =
            narrowing.iter().enumerate().max_by_key(|(at, count)| (**count, usize::MAX - at));
        let Some((at, _)) = most else { return Ok(false) };
        let mut rest = open;
        let column = rest.remove(at);
        let Some(all) = within.get(column) else { return Ok(false) };
        for (value, rows) in self.pieces(column, all, live)? {
            if let Some(place) = input.get_mut(column) {
                *place = value;
            }
            if self.seek(within, rest.clone(), &rows, input)? {
                return Ok(true);
            }
        }
        for column in rest {
            if let (Some(place), Some(all)) = (input.get_mut(column), within.get(column)) {
                *place = first(all);
            }
        }
        Ok(false)
    }

    /// The pieces of a column by which rows accept them, fewest rows first, each with one value.
    fn pieces(
        &mut self,
        column: usize,
        all: &Ranges,
        live: &[u32],
    ) -> Result<Vec<(Key, Vec<u32>)>, GaveUp> {
        let mut ends: Vec<(Key, u32, bool)> = Vec::new();
        for row in live {
            for (low, high) in self.accepts(*row, column).iter() {
                ends.push((low, *row, true));
                ends.push((high.saturating_add(1), *row, false));
            }
        }
        ends.sort_unstable();
        let mut ends = ends.into_iter().peekable();
        let mut now: Vec<u32> = Vec::new();
        let mut pieces = Vec::new();
        let mut seen = FxHashSet::default();
        for (low, high) in all.iter() {
            let mut value = low;
            loop {
                while let Some((_, row, begins)) = ends.next_if(|(at, ..)| *at <= value) {
                    match (now.binary_search(&row), begins) {
                        (Err(at), true) => now.insert(at, row),
                        (Ok(at), false) => {
                            now.remove(at);
                        }
                        _ => {}
                    }
                }
                self.spend(now.len() + 1)?;
                if !seen.contains(&now) {
                    seen.insert(now.clone());
                    pieces.push((value, now.clone()));
                }
                match ends.peek() {
                    Some((at, ..)) if *at <= high => value = *at,
                    _ => break,
                }
            }
        }
        pieces.sort_by_key(|(value, rows)| (rows.len(), *value));
        Ok(pieces)
    }

    fn count(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// For each row the earlier ones that accept some input that it accepts, too.
    pub(super) fn earlier(&mut self) -> Result<Vec<Vec<u32>>, GaveUp> {
        let mut earlier = vec![Vec::new(); self.rows.len()];
        let column = self.parting_column();
        let mut ends: Vec<(Key, bool, u32)> = Vec::new();
        for row in 0..self.count() {
            match column {
                Some(column) => {
                    for (low, high) in self.accepts(row, column).iter() {
                        ends.push((low, true, row));
                        ends.push((high.saturating_add(1), false, row));
                    }
                }
                None => ends.push((0, true, row)),
            }
        }
        ends.sort_unstable();
        let mut now = Present::of(self.rows.len());
        for (_, begins, row) in ends {
            if !begins {
                now.remove(row);
                continue;
            }
            self.spend(now.rows.len() + 1)?;
            for other in &now.rows {
                if self.meet(*other, row) {
                    let pair = (row.max(*other), row.min(*other));
                    earlier.get_mut(pair.0 as usize).into_iter().for_each(|rows| rows.push(pair.1));
                }
            }
            now.add(row);
        }
        for rows in &mut earlier {
            rows.sort_unstable();
            rows.dedup();
        }
        Ok(earlier)
    }

    /// The column in which rows have the least in common.
    fn parting_column(&self) -> Option<usize> {
        let common = |column: usize| {
            let mut ends: Vec<(Key, bool)> = Vec::new();
            for row in 0..self.count() {
                for (low, high) in self.accepts(row, column).iter() {
                    ends.extend([(low, true), (high.saturating_add(1), false)]);
                }
            }
            ends.sort_unstable();
            let (mut now, mut common) = (0_usize, 0_usize);
            for (_, begins) in ends {
                match begins {
                    true => {
                        common = common.saturating_add(now);
                        now += 1;
                    }
                    false => now -= 1,
                }
            }
            common
        };
        (0..self.universe.len()).min_by_key(|column| common(*column))
    }

    fn meet(&self, first_row: u32, second_row: u32) -> bool {
        (0..self.universe.len())
            .all(|column| self.accepts(first_row, column).meets(self.accepts(second_row, column)))
    }

    /// An input that two rows which meet accept both.
    pub(super) fn common(&self, first_row: u32, second_row: u32) -> Vec<Key> {
        (0..self.universe.len())
            .map(|column| {
                first(
                    &self.accepts(first_row, column).intersection(self.accepts(second_row, column)),
                )
            })
            .collect()
    }

    /// What a row accepts.
    pub(super) fn row(&self, row: u32) -> &'t [Ranges] {
        self.rows.get(row as usize).copied().unwrap_or_default()
    }

    /// Whether a row accepts an input.
    pub(super) fn takes(&self, row: u32, input: &[Key]) -> bool {
        let mut cells = input.iter().enumerate();
        cells.all(|(column, key)| self.accepts(row, column).meets(&Ranges::point(*key)))
    }
}

/// The rows that accept a value, in any order, and where each stands among them.
struct Present {
    rows: Vec<u32>,
    places: Vec<usize>,
}

impl Present {
    fn of(count: usize) -> Self {
        Self { rows: Vec::new(), places: vec![0; count] }
    }

    fn add(&mut self, row: u32) {
        if let Some(place) = self.places.get_mut(row as usize) {
            *place = self.rows.len();
            self.rows.push(row);
        }
    }

    fn remove(&mut self, row: u32) {
        let Some(place) = self.places.get(row as usize).copied() else { return };
        if self.rows.get(place) == Some(&row) {
            self.rows.swap_remove(place);
        }
        if let Some(place_of_moved) =
            self.rows.get(place).and_then(|moved| self.places.get_mut(*moved as usize))
        {
            *place_of_moved = place;
        }
    }
}

/// The first value of ranges; one that is there, if any is.
fn first(ranges: &Ranges) -> Key {
    let mut starts = ranges.iter().map(|(low, high)| if low == 0 { high.min(1) } else { low });
    let first = starts.next().unwrap_or_default();
    if first == 0 { starts.next().unwrap_or(first) } else { first }
}
