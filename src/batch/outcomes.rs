//! Decisions as columns: an outcome column for each decision, and what else is wanted.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, UInt32Array, UInt64Array};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::take::take;
use rustc_hash::FxHashMap;

use super::column::Times;
use super::elements::{ElementColumn, ElementNames, name_fields};
use super::judge::{Decided, Decisions, Stretch};
use super::told::{Told, Wanted};
use crate::policy::Policy;
use rulebook_core::eval::Decision;
use rulebook_core::eval::batch::Class;

/// Collects decisions as the columns of an Arrow batch, one row for each record.
///
/// `record` holds the number that the record is given, and `id` its id where it has one. Then comes a
/// column for each decision, named like it; where several policies judge, `policy.decision`:
///
/// | outcomes | column |
/// |---|---|
/// | names, texts, urls | `dictionary<int32, utf8>` |
/// | `bool` | `bool` |
/// | numbers, amounts | `decimal128(38, 9)`; the currency is in the field's metadata |
/// | dates | `date32` |
/// | times | `timestamp(us, UTC)` |
/// | durations | `duration(us)` |
/// | periods | `utf8`, such as `P3M` |
/// | records | a struct of these; in cells, a text in JSON |
/// | several (`by all`, `by union`), and lists | a list of these |
///
/// Of a policy that judges each element of a list, there is one column, named like the policy: a list of
/// structs of `element`, `position`, a field for each decision, and `faults`. Where rows for elements are
/// wanted, each of them has a row of its own instead, with its `element` and `position` behind the `id` of
/// the record.
///
/// What is undecided or a fault is null. `faults` lists each fault, also one for an outcome that its
/// column has no room for; mostly it is null. `rules` and `reasons` are there where they are wanted.
///
/// ```
/// # use rulebook::{Rulebook, batch::{OutcomeColumns, Wanted}};
/// # let rulebook = Rulebook::from_sources([("a.policy", "
/// #   record Order { amount: CNY }
/// #   policy returns for Order { decide refund: yes | no by first otherwise no
/// #     rule small { when amount <= 200 CNY then yes } }")])?;
/// let policy = rulebook.policy("returns")?;
/// let mut outcomes = OutcomeColumns::new(&[policy.clone()], Wanted { rules: true, ..Wanted::default() });
/// for (number, amount) in [(0, 59), (1, 599)] {
///     let decision = policy.decide_json(format!(r#"{{"amount": {amount}}}"#))?;
///     outcomes.push(number, [&decision]);
/// }
/// let batch = outcomes.finish()?;
/// let names: Vec<_> = batch.schema_ref().fields().iter().map(|field| field.name().clone()).collect();
/// assert_eq!((batch.num_rows(), names.join(" ")), (2, "record refund faults rules".to_string()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OutcomeColumns {
    schema: SchemaRef,
    records: Vec<u64>,
    ids: Option<StringBuilder>,
    /// The elements that rows are about, where there is a row for each.
    names: Option<ElementNames>,
    /// For each record the row of the columns with what was decided about it. Records of the same
    /// classes share one.
    rows: Vec<u32>,
    /// How many rows the columns have.
    kept: u32,
    shared: Shared,
    /// For each policy whether it judges elements, and the column of these where they have no rows.
    elements: Vec<Option<ElementColumn>>,
    judges_elements: Vec<bool>,
    told: Told,
}

/// Hands over what the policies at some of the places decided.
type Visit<'v> = dyn FnMut(&dyn Fn(usize) -> bool, &mut dyn FnMut(Decided<'_>)) + 'v;

/// The rows of what was decided about classes, one for each policy that judges.
#[derive(Debug, Default)]
struct Shared {
    /// By the number that stands for the classes.
    rows: Vec<Option<u32>>,
    /// These numbers, where several policies judge.
    numbers: FxHashMap<Box<[Class]>, usize>,
}

impl Shared {
    #[inline]
    fn number(&mut self, classes: &[Class]) -> usize {
        match classes {
            [only] => only.index(),
            several => match self.numbers.get(several) {
                Some(number) => *number,
                None => {
                    let next = self.numbers.len();
                    *self.numbers.entry(several.into()).or_insert(next)
                }
            },
        }
    }

    fn learn(&mut self, number: usize, row: u32) {
        if number >= self.rows.len() {
            self.rows.resize(number + 1, None);
        }
        if let Some(place) = self.rows.get_mut(number) {
            *place = Some(row);
        }
    }
}

impl OutcomeColumns {
    /// No decisions yet of some policies.
    pub fn new(policies: &[Policy], wanted: Wanted) -> Self {
        Self::with(policies, wanted, Times::Microseconds)
    }

    /// The same for columns that become cells: times and durations are texts.
    pub fn of_cells(policies: &[Policy], wanted: Wanted) -> Self {
        Self::with(policies, wanted, Times::Texts)
    }

    fn with(policies: &[Policy], wanted: Wanted, times: Times) -> Self {
        let several = policies.len() > 1;
        let compiled = || policies.iter().map(Policy::compiled);
        let has_ids = compiled().any(|policy| policy.id.is_some());
        let judges_elements: Vec<_> = compiled().map(|policy| policy.elements.is_some()).collect();
        let by_element = wanted.elements && judges_elements.contains(&true);
        let told = Told::new(compiled(), several, wanted, times);
        let elements = compiled().map(|policy| {
            let column = || ElementColumn::new(Told::new([policy], false, wanted, times));
            (policy.elements.is_some() && !by_element).then(column)
        });
        let elements: Vec<_> = elements.collect();
        let mut fields = vec![Field::new("record", DataType::UInt64, false)];
        fields.extend(has_ids.then(|| Field::new("id", DataType::Utf8, true)));
        if by_element {
            fields.extend(name_fields(false));
        }
        for (at, (policy, column)) in compiled().zip(&elements).enumerate() {
            match column {
                Some(column) => fields.push(Field::new(&policy.name, column.data_type(), true)),
                None => fields.extend(told.fields_of(at)),
            }
        }
        fields.extend(told.other_fields());
        Self {
            schema: Arc::new(Schema::new(fields)),
            records: Vec::new(),
            ids: has_ids.then(StringBuilder::new),
            names: by_element.then(ElementNames::default),
            rows: Vec::new(),
            kept: 0,
            shared: Shared::default(),
            elements,
            judges_elements,
            told,
        }
    }

    /// The columns that batches will have.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// How many records have been added since the last batch.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// About how many bytes they take.
    pub fn size(&self) -> usize {
        let ids = self.ids.as_ref().map_or(0, |ids| ids.values_slice().len());
        let names = self.names.as_ref().map_or(0, ElementNames::size);
        let elements = self.elements.iter().flatten().map(ElementColumn::size);
        let rows = self.len() * size_of::<(u64, u32)>();
        ids + names + rows + elements.sum::<usize>() + self.told.size()
    }

    /// Whether none has been added.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds what was decided about a record: the decisions of all policies, in their order; of one that judges
    /// the elements of a list, those about all of them.
    pub fn push<'d>(&mut self, record: u64, decisions: impl IntoIterator<Item = &'d Decision>) {
        let decisions: Vec<_> = decisions.into_iter().collect();
        let id = decisions.iter().find_map(|decision| decision.id());
        let mut decisions = decisions.into_iter().peekable();
        let mut all = Vec::new();
        for (place, judges_elements) in self.judges_elements.iter().copied().enumerate() {
            let mut last = 0;
            while let Some(decision) = decisions.next_if(|decision| {
                let position = decision.element().map(|element| element.position);
                position.is_some() == judges_elements && position.unwrap_or(1) > last
            }) {
                last = decision.element().map_or(usize::MAX, |element| element.position);
                all.push(Decided { place, decision });
            }
        }
        self.add(record, id.as_deref(), &|_| true, &mut |which, take| {
            all.iter().filter(|decided| which(decided.place)).for_each(|decided| take(*decided));
        });
    }

    /// Adds what some of the policies decided about a record; `see` sees all of it.
    pub fn push_decided(
        &mut self,
        record: u64,
        decisions: &mut Decisions<'_>,
        see: &mut dyn FnMut(Decided<'_>),
    ) {
        let id = self.ids.is_some().then(|| decisions.id().map(Cow::into_owned)).flatten();
        let places = decisions.places();
        self.add(record, id.as_deref(), &|place| places.contains(&place), &mut |which, take| {
            decisions.each_of(which, |decided| {
                see(decided);
                take(decided);
            });
        });
    }

    /// Adds what was decided about a record: by policies at places that `judged` tells, and of those that
    /// it is asked for `each` hands over all.
    fn add(
        &mut self,
        record: u64,
        id: Option<&str>,
        judged: &dyn Fn(usize) -> bool,
        each: &mut Visit<'_>,
    ) {
        let has_rows = self.names.is_some();
        let judges_elements = std::mem::take(&mut self.judges_elements);
        let has_row = |place: usize| has_rows && judges_elements.get(place) == Some(&true);
        let (mut next, mut any) = (0, !has_rows);
        each(&|place| !has_row(place), &mut |Decided { place, decision }| match self
            .elements
            .get_mut(place)
        {
            Some(Some(column)) => column.push(decision),
            _ => {
                self.pass(next..place);
                self.told.push(place, decision);
                (next, any) = (place + 1, true);
            }
        });
        if any {
            self.pass(next..self.elements.len());
            for (place, column) in self.elements.iter_mut().enumerate() {
                column.iter_mut().for_each(|column| column.end(judged(place)));
            }
            self.end_row(record, id, None);
        }
        if has_rows {
            each(&has_row, &mut |Decided { place, decision }| {
                self.pass(0..place);
                self.told.push(place, decision);
                self.pass(place + 1..self.elements.len());
                self.end_row(record, id, Some(decision));
            });
        }
        self.judges_elements = judges_elements;
    }

    /// Adds nothing of those of some policies that have columns of their own.
    fn pass(&mut self, policies: Range<usize>) {
        for policy in policies {
            if matches!(self.elements.get(policy), Some(None)) {
                self.told.push_nothing(policy);
            }
        }
    }

    fn end_row(&mut self, record: u64, id: Option<&str>, element: Option<&Decision>) {
        self.kept += 1;
        self.told.end_row();
        if let Some(names) = &mut self.names {
            names.push(element);
        }
        self.end(record, self.kept - 1, id);
    }

    /// Adds what some of the policies decided about records whose numbers follow each other. The
    /// classes of all records are those of the same [`Batches`](super::Batches).
    pub fn push_stretch(&mut self, first: u64, stretch: Stretch<'_>) {
        let classes: Vec<_> = stretch.classes().map(|(_, classes)| classes).collect();
        let mut row_classes = Vec::with_capacity(classes.len());
        for (record, at) in (first..).zip(0..stretch.count()) {
            row_classes.clear();
            row_classes
                .extend(classes.iter().filter_map(|classes| classes.get(at).copied().flatten()));
            let number = self.shared.number(&row_classes);
            let row = match self.shared.rows.get(number).copied().flatten() {
                Some(row) => row,
                None => {
                    self.push_row(&mut stretch.decisions(at));
                    self.shared.learn(number, self.kept - 1);
                    self.kept - 1
                }
            };
            let decisions = stretch.decisions(at);
            let id = self.ids.is_some().then(|| decisions.id()).flatten();
            self.end(record, row, id.as_deref());
        }
    }

    /// Forgets all classes: those of other [`Batches`](super::Batches) come.
    pub fn forget_classes(&mut self) {
        self.shared = Shared::default();
    }

    fn end(&mut self, record: u64, row: u32, id: Option<&str>) {
        self.records.push(record);
        self.rows.push(row);
        if let Some(ids) = &mut self.ids {
            ids.append_option(id);
        }
    }

    /// Adds what policies decided about a class of records, which is nothing of elements.
    fn push_row(&mut self, decisions: &mut Decisions<'_>) {
        let mut next = 0;
        decisions.each(|Decided { place, decision }| {
            (next..place).for_each(|policy| self.told.push_nothing(policy));
            self.told.push(place, decision);
            next = place + 1;
        });
        (next..self.elements.len()).for_each(|policy| self.told.push_nothing(policy));
        self.kept += 1;
        self.told.end_row();
    }

    /// The decisions that were added, as one batch; the next one begins empty.
    ///
    /// # Errors
    /// When the texts of a column have become too long for it.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let records = UInt64Array::from(std::mem::take(&mut self.records));
        let rows = UInt32Array::from(std::mem::take(&mut self.rows));
        let is_shared = rows.len() > self.kept as usize;
        self.kept = 0;
        self.shared.rows.clear();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(records)];
        if let Some(ids) = &mut self.ids {
            columns.push(Arc::new(ids.finish()));
        }
        if let Some(names) = &mut self.names {
            columns.extend(names.finish());
        }
        let named = columns.len();
        for (policy, column) in self.elements.iter_mut().enumerate() {
            match column {
                Some(column) => columns.push(column.finish()?),
                None => self.told.finish_outcomes(policy, &mut columns)?,
            }
        }
        self.told.finish_others(&mut columns)?;
        if is_shared {
            for column in columns.iter_mut().skip(named) {
                *column = take(column, &rows, None)?;
            }
        }
        RecordBatch::try_new(self.schema.clone(), columns)
    }
}
