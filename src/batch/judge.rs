//! Whole batches into what several policies decide about their rows.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::RecordBatch;
use serde::ser::{Serialize, Serializer};

use super::{Columns, Rows, SchemaError};
use crate::evaluation::Evaluation;
use crate::policy::{Counts, Policy};
use rulebook_core::eval::Decision;
use rulebook_core::eval::batch::{Class, Sorter};
use rulebook_core::facts::InputError;
use rulebook_core::facts::columns::Object;
use rulebook_core::history::Answer;

/// Policies that judge batches of the same columns, one after another.
#[derive(Debug)]
pub struct Batches {
    evaluations: Vec<Evaluation>,
    /// For each policy its columns; nothing where it does not judge such rows.
    columns: Arc<[Option<Columns>]>,
    /// The places of the policies that judge.
    judging: Vec<usize>,
    /// For each policy that judges its classes of rows; none where every row is judged by itself.
    sorters: Vec<Sorter>,
    /// The values of the counters of one policy.
    values: Vec<Answer>,
}

/// Where the values of counters come from: those of the policy at a place about a row.
pub type Counted<'c> = &'c dyn Fn(usize, usize, &mut Vec<Answer>) -> Result<(), Vec<InputError>>;

/// What the policies made of a row, or of the row and some behind it.
pub enum Judged<'j> {
    /// Every policy that judges such rows has decided about it.
    Decided(Decisions<'j>),
    /// The row is the first of some that are each of a class.
    Classed(Stretch<'j>),
    /// What is wrong with the row, and the object that it stands for.
    Rejected(Vec<InputError>, RowObject<'j>),
}

/// The decisions of several policies about one record: those about the elements of a list are made as they are
/// gone through.
#[derive(Debug)]
pub struct Decisions<'j> {
    places: &'j [usize],
    evaluations: &'j mut [Evaluation],
    /// Where the row is of a class for every policy: some with it, and its place among them.
    classed: Option<(Stretch<'j>, usize)>,
}

/// Consecutive rows of which each is of a class for every policy that judges.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'j> {
    places: &'j [usize],
    sorters: &'j [Sorter],
    rows: &'j [(usize, Rows<'j>)],
    first: usize,
    end: usize,
}

/// What one of several policies decided, and which policy that is.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'j> {
    /// The place of the policy among all.
    pub place: usize,
    /// What it decided; of a class only outcomes, rules and faults, since it is about many records.
    pub decision: &'j Decision,
}

impl<'j> Stretch<'j> {
    /// How many rows the stretch has; at least one.
    pub fn count(self) -> usize {
        self.end - self.first
    }

    /// For each policy its place among all, and the classes of the rows.
    pub fn classes(self) -> impl Iterator<Item = (usize, &'j [Option<Class>])> {
        let classes = move |sorter: &'j Sorter| sorter.classes().get(self.first..self.end);
        self.places.iter().copied().zip(self.sorters.iter().filter_map(classes))
    }

    /// What was decided about one of the rows.
    pub fn decisions(self, at: usize) -> Decisions<'j> {
        Decisions { places: self.places, evaluations: &mut [], classed: Some((self, at)) }
    }
}

impl<'j> Decisions<'j> {
    /// What the evaluations at these places have decided last.
    pub fn of(places: &'j [usize], evaluations: &'j mut [Evaluation]) -> Self {
        Self { places, evaluations, classed: None }
    }

    /// The places of the policies that judged.
    pub fn places(&self) -> &'j [usize] {
        self.places
    }

    /// Hands over the decisions in the order of their policies.
    pub fn each(&mut self, take: impl FnMut(Decided<'_>)) {
        self.each_of(|_| true, take);
    }

    /// The same of the policies at some of the places.
    pub fn each_of(&mut self, which: impl Fn(usize) -> bool, mut take: impl FnMut(Decided<'_>)) {
        for (at, place) in self.places.iter().copied().enumerate() {
            if !which(place) {
                continue;
            }
            if let Some((Stretch { sorters, first, .. }, row)) = self.classed {
                let sorter = sorters.get(at);
                let class = sorter.and_then(|sorter| sorter.classes().get(first + row).copied());
                let decision = sorter.zip(class.flatten()).and_then(|(s, class)| s.decision(class));
                decision.into_iter().for_each(|decision| take(Decided { place, decision }));
                continue;
            }
            let Some(evaluation) = self.evaluations.get_mut(place) else { continue };
            for number in 0..evaluation.count() {
                if let Some(decision) = evaluation.nth(number) {
                    take(Decided { place, decision });
                }
            }
        }
    }

    /// The id of the record, from the first policy whose record has one.
    pub fn id(&self) -> Option<Cow<'_, str>> {
        match self.classed {
            Some((Stretch { rows, first, .. }, row)) => {
                rows.iter().find_map(|(_, rows)| rows.id(first + row))
            }
            None => {
                let judged = self.places.iter().filter_map(|place| self.evaluations.get(*place));
                judged.map(Evaluation::decision).find_map(Decision::id).map(Cow::Owned)
            }
        }
    }
}

impl Batches {
    /// Policies with the columns from which they read their records.
    pub fn new(policies: &[Policy], columns: Arc<[Option<Columns>]>) -> Self {
        let judging =
            (0..).zip(&*columns).filter_map(|(place, columns)| columns.as_ref().map(|_| place));
        let judging = judging.collect();
        let evaluations = policies.iter().map(Policy::evaluation).collect();
        Self { evaluations, columns, judging, sorters: Vec::new(), values: Vec::new() }
    }

    /// The same where nothing of a decision is asked for but its outcomes, rules and faults: rows
    /// that no rule distinguishes are judged once.
    #[must_use]
    pub fn by_classes(mut self) -> Self {
        let mut policies = self.judging.iter().filter_map(|place| self.evaluations.get(*place));
        // A row of a list is about many elements, each of which is judged.
        if !policies.any(Evaluation::judges_elements) {
            self.sorters = self.judging.iter().map(|_| Sorter::default()).collect();
        }
        self
    }

    /// Whether these are the columns that were given.
    pub fn are_for(&self, columns: &Arc<[Option<Columns>]>) -> bool {
        Arc::ptr_eq(&self.columns, columns)
    }

    /// What the policy at a place has decided about the rows of a class.
    pub fn decision(&self, place: usize, class: Class) -> Option<&Decision> {
        let at = self.judging.iter().position(|judging| *judging == place)?;
        self.sorters.get(at)?.decision(class)
    }

    /// For each policy that judges the class of all rows between some bounds, if each decides alike
    /// about all of them. `batch` holds the least values, the greatest, and nothing where a row may
    /// lack a value; `columns` are those from which the policies read it.
    pub fn between(
        &mut self,
        batch: &RecordBatch,
        columns: &[Option<Columns>],
    ) -> Option<Vec<(usize, Class)>> {
        let Self { evaluations, judging, sorters, .. } = self;
        if sorters.len() != judging.len() {
            return None;
        }
        let class = |(place, sorter): (&usize, &mut Sorter)| {
            let rows = columns.get(*place)?.as_ref()?.rows(batch).ok()?;
            Some((*place, evaluations.get_mut(*place)?.class_between(&rows, sorter)?))
        };
        judging.iter().zip(sorters).map(class).collect()
    }

    /// Decides about the rows of a batch: hands over, in the order of the rows, the number of a row
    /// and what became of it, and maybe of rows behind it. One policy that rejects a row rejects it
    /// for all.
    ///
    /// # Errors
    /// When the columns of the batch are not those that were bound.
    pub fn judge(
        &mut self,
        batch: &RecordBatch,
        counted: Option<Counted<'_>>,
        mut take: impl FnMut(u32, Judged<'_>),
    ) -> Result<(), SchemaError> {
        let Self { evaluations, columns, judging, sorters, values } = self;
        let opened: Result<Vec<_>, _> = columns
            .iter()
            .enumerate()
            .filter_map(|(place, columns)| Some((place, columns.as_ref()?.rows(batch))))
            .map(|(place, rows)| Ok((place, rows?)))
            .collect();
        let opened = opened?;
        if counted.is_none() {
            for ((place, rows), sorter) in opened.iter().zip(&mut *sorters) {
                // Rows that were bound for another policy are rejected one by one.
                let sorted =
                    evaluations.get_mut(*place).map(|evaluation| evaluation.sort(rows, sorter));
                let _ = sorted.transpose();
            }
        }
        let is_sorted = counted.is_none() && !sorters.is_empty();
        let (mut row, rows) = (0, batch.num_rows());
        while row < rows {
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            if is_sorted {
                let end = sorters.iter().map(|sorter| sorter.end_of_classed(row)).min();
                let end = end.unwrap_or(row);
                if end > row {
                    let (places, first) = (judging.as_slice(), row);
                    let stretch = Stretch { places, sorters, rows: &opened, first, end };
                    take(number, Judged::Classed(stretch));
                    row = end;
                    continue;
                }
            }
            let mut rejected = None;
            for (place, rows) in &opened {
                let Some(evaluation) = evaluations.get_mut(*place) else { continue };
                let judged = match counted {
                    Some(counted) => counted(*place, row, values).and_then(|()| {
                        let counts = Counts::Given(values);
                        let decided = evaluation.decide_row_counted(rows, row, counts);
                        decided.map(drop).map_err(|rejection| rejection.errors)
                    }),
                    None => evaluation
                        .decide_row_counted(rows, row, Counts::History)
                        .map(drop)
                        .map_err(|rejection| rejection.errors),
                };
                if let Err(errors) = judged {
                    rejected = Some(Judged::Rejected(errors, rows.object(row)));
                    break;
                }
            }
            match rejected {
                Some(rejected) => take(number, rejected),
                None => take(number, Judged::Decided(Decisions::of(judging, evaluations))),
            }
            row += 1;
        }
        Ok(())
    }
}

/// How many rows are of each class, for policies by their places.
#[derive(Debug, Default)]
pub struct ClassCounts(Vec<Vec<Option<(Class, u64)>>>);

impl ClassCounts {
    /// Counts rows.
    pub fn add(&mut self, stretch: Stretch<'_>) {
        let Self(places) = self;
        for (place, classes) in stretch.classes() {
            if place >= places.len() {
                places.resize_with(place + 1, Vec::new);
            }
            let Some(counts) = places.get_mut(place) else { continue };
            for class in classes.iter().flatten() {
                match counts.get_mut(class.index()) {
                    Some(Some((_, count))) => *count += 1,
                    Some(none) => *none = Some((*class, 1)),
                    None => {
                        counts.resize(class.index(), None);
                        counts.push(Some((*class, 1)));
                    }
                }
            }
        }
    }

    /// The place, the class and how many; nothing is left.
    pub fn drain(&mut self) -> impl Iterator<Item = (usize, Class, u64)> {
        self.0.iter_mut().enumerate().flat_map(|(place, counts)| {
            counts.drain(..).flatten().map(move |(class, count)| (place, class, count))
        })
    }
}

/// A row as the JSON object that it stands for, with the names of its fields: [`Rows::object`].
#[derive(Debug, Clone, Copy)]
pub struct RowObject<'r> {
    rows: &'r Rows<'r>,
    row: usize,
}

impl Rows<'_> {
    /// The JSON object that a row stands for: the fields that the record declares, under their names.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow_array::{ArrayRef, Float64Array, RecordBatch};
    /// # use rulebook::Rulebook;
    /// # let rulebook = Rulebook::from_sources([("a.policy", "
    /// #   record Order { amount: CNY }
    /// #   policy returns for Order { decide refund: yes | no by first otherwise no
    /// #     rule small { when amount <= 200 CNY then yes } }")])?;
    /// # let policy = rulebook.policy("returns")?;
    /// let amounts: ArrayRef = Arc::new(Float64Array::from(vec![59.9]));
    /// let batch = RecordBatch::try_from_iter([("amount", amounts)])?;
    /// let columns = policy.columns(batch.schema_ref())?;
    /// let object = serde_json::to_string(&columns.rows(&batch)?.object(0))?;
    /// assert_eq!(object, r#"{"amount":59.9}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn object(&self, row: usize) -> RowObject<'_> {
        RowObject { rows: self, row }
    }
}

impl Serialize for RowObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Rows { program, policy, opened } = self.rows;
        let layout = &program.policies[*policy].layout;
        Object::new(layout, opened, self.row, &program.zone).serialize(serializer)
    }
}
