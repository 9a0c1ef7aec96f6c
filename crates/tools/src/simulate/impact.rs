//! What a change does to records that are there: the result of a simulation, as data.
//!
//! Everything here can be read back from the JSON that `rulebook simulate --format json` writes.
//! Outcomes are the names of enum members, `true`, `false`, or values as text; `undecided` and
//! `fault` where there is none, and `other` for values that the policy works out for each record.

use std::fmt;

use rulebook::Decision;
use rulebook_core::eval::RulebookName;
use rulebook_lang::figures::{Speech, phrases};
use rulebook_lang::model::{Json, Number};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The outcome of a decision that nothing set.
pub const UNDECIDED: &str = "undecided";
/// The outcome of a decision that has no value.
pub const FAULT: &str = "fault";
/// The outcome of a decision whose value is worked out for each record.
pub const OTHER: &str = "other";

/// What judging the same records twice came to: as they are decided by what is compared with, and
/// by the candidate. Without a baseline, the candidate alone is shown.
///
/// ```
/// use rulebook_tools::simulate::{Cell, Impact, Matrix, Tally};
/// let cell = |from: &str, to: &str, records| Cell {
///     from: Some(from.into()),
///     to: to.into(),
///     tally: Tally { records, sums: Vec::new() },
///     moved: false,
/// };
/// let refund = Matrix {
///     decision: "refund".into(),
///     outcomes: vec!["support".into(), "negotiate".into()],
///     cells: vec![cell("support", "support", 96), cell("support", "negotiate", 4)],
///     ..Matrix::default()
/// };
/// let impact = Impact { records: 100, decisions: vec![refund], ..Impact::default() };
/// assert_eq!(impact.decisions[0].changed().records, 4);
/// let json = serde_json::to_string(&impact)?;
/// assert_eq!(serde_json::from_str::<Impact>(&json)?, impact);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Impact {
    /// What the rulebook of the candidate calls the policy that judged.
    pub policy: String,
    /// What people call it; `None` where it has no title, or nothing was judged.
    pub title: Option<String>,
    /// What the candidate is compared with.
    pub baseline: Option<Side>,
    /// The policy, the parameters or the time that is tried.
    pub candidate: Side,
    /// In what the sides differ, as far as it shows in the rulebooks.
    pub differs: Vec<Difference>,
    /// What is assumed in the policy of the candidate.
    pub assumptions: Vec<Assumption>,
    /// The list whose elements are judged one by one, where the policy is for each of them: then elements
    /// count below, and not records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elements: Option<Elements>,
    /// How many records the input has.
    pub records: u64,
    /// How many of them both sides have judged; only these count below. Of lists, how many elements.
    pub judged: u64,
    /// How many of them are decided differently, in whatever decision.
    pub changed: Tally,
    /// From when to when the records are.
    pub span: Option<DateSpan>,
    /// The fields that are added up; what [`Tally::sums`] stands for, in this order.
    pub sums: Vec<SumField>,
    /// Each decision of the candidate's policy, outcome by outcome.
    pub decisions: Vec<Matrix>,
    /// The same by the values of fields.
    pub groupings: Vec<Grouping>,
    /// Each rule of either side, those of the candidate first.
    pub rules: Vec<RuleImpact>,
    /// Phases of the candidate that only watch or warn, and what enforcing them would change.
    pub watched: Vec<Watched>,
    /// The measures that the policy declares.
    pub measures: Vec<MeasureImpact>,
    /// Records that are decided differently: examples of each cell of the matrices.
    pub flips: Vec<Flip>,
}

/// One way of judging the records.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Side {
    /// What to call it: `2024-09-12`, `trusted_score=4.7`, or the folder of its rulebook.
    pub label: String,
    /// Name, version and digest of its rulebook.
    pub rulebook: Option<RulebookName>,
    /// The time by whose rules it judges every record, unless each is judged as of its own date.
    pub at: Option<String>,
    /// The parameters that were set for it: name and value, as given.
    pub set: Vec<(String, String)>,
    /// How many records it has decided about.
    pub decided: u64,
    /// How many of these have a decision without a value.
    pub faulted: u64,
    /// How many records it has rejected.
    pub rejected: u64,
    /// Why it has rejected them, the most frequent reason first.
    pub rejections: Vec<RejectionCount>,
}

/// Records that are rejected for the same reason. A record may have several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RejectionCount {
    /// The stable name of this kind of error.
    pub code: String,
    /// The field, without positions in lists.
    pub path: String,
    /// What is wrong with the first such record.
    pub message: String,
    /// How many records have such an error; each counts once, however often it has it.
    pub records: u64,
    /// The number of the first such record in the input, counted from 0.
    pub first: u64,
}

/// Something in which the sides differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Difference {
    /// Whether it is the time, a parameter, a rule or a definition.
    pub what: Differing,
    /// What it is called: `most`, `small`, `fn capped`; `rules of` for the time.
    pub name: String,
    /// How it is on the side of the baseline; `None` where it has no such thing. Of rules and
    /// definitions, the text without comments.
    pub baseline: Option<String>,
    /// How it is on the side of the candidate.
    pub candidate: Option<String>,
    /// Both as readers see them, where that is something else: `30 days` for `PT720H`.
    #[serde(skip_serializing_if = "is_untold")]
    pub told: [Option<String>; 2],
}

fn is_untold(told: &[Option<String>; 2]) -> bool {
    told.iter().all(Option::is_none)
}

/// A parameter that the policy reads, and whose value somebody assumed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Assumption {
    /// What the rulebook calls the parameter.
    pub parameter: String,
    /// Its value as it was judged with; values that hold from different days on stand side by side.
    pub value: String,
    /// Why, in the words of the rulebook.
    pub why: String,
    /// Whether the value was set for this run, and is none of the rulebook's.
    pub set: bool,
}

/// The kinds of differences between the sides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Differing {
    /// The time whose rules judge the records.
    #[default]
    Time,
    /// The value of a parameter, or its values by date.
    Parameter,
    /// A rule that only one side has, or that is written differently.
    Rule,
    /// The same of something else that the policy is made of: a decision, a function, a table.
    Definition,
}

/// The span of the dates of the records that both sides have judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DateSpan {
    /// The first day, in the zone of the rulebook: `2016-09-04`.
    pub from: String,
    /// The last day, in the same zone.
    pub until: String,
    /// How many days that are, both included.
    pub days: u64,
}

/// The elements of a list that are judged one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Elements {
    /// What the policy calls an element: `line`.
    pub name: String,
    /// The list with its record: `Order.lines`.
    pub list: String,
}

/// An element of the list of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ElementPlace {
    /// Its `id`, or else its first text that is always there; its position if it has neither.
    pub element: String,
    /// Its place in the list, counted from 1.
    pub position: usize,
}

/// A field that is added up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SumField {
    /// Its path from the record: `order.amount`.
    pub field: String,
    /// The currency, where it is money.
    pub unit: Option<String>,
    /// How many of the judged records do not have it; they count as nothing.
    pub missing: u64,
}

/// Some records, and what their fields add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// How many records there are.
    pub records: u64,
    /// What each of [`Impact::sums`] adds up to over them.
    pub sums: Vec<Amount>,
}

/// An exact decimal, as text in JSON: `"12.5"`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub Number);

/// One decision, outcome by outcome: how many records go from which to which.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Matrix {
    /// What the policy calls the decision.
    pub decision: String,
    /// The currency, where outcomes are money; `duration` or `period`, where they are lengths of time.
    pub unit: Option<String>,
    /// The outcomes that occur, in the order in which to show them: declared ones as declared.
    pub outcomes: Vec<String>,
    /// Which outcome went to which; those with no records are left out.
    pub cells: Vec<Cell>,
    /// What the outcomes of all records add up to, where they are numbers or money.
    pub totals: Option<Compared>,
}

/// The records that go from one outcome to another, or stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cell {
    /// The outcome by the baseline, if there is one.
    pub from: Option<String>,
    /// The outcome by the candidate, the same where it stays.
    pub to: String,
    /// Which of those that stay `other` have another value nonetheless.
    pub moved: bool,
    /// How many records take this way, and what their fields add up to.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A number by both sides, and by how much it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Compared {
    /// By the baseline, if there is one and it knows the number.
    pub baseline: Option<Amount>,
    /// By the candidate, if it knows the number: an average of nothing is none.
    pub candidate: Option<Amount>,
    /// By how much the candidate's is larger.
    pub difference: Option<Amount>,
}

/// The records by the values of a field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grouping {
    /// The path of the field from the record: `shop.region`.
    pub field: String,
    /// Whether it is a time, and each group a month: `2017-11`.
    pub monthly: bool,
    /// The groups: months in order, members as declared, anything else by the number of records
    /// that change, then of records.
    pub groups: Vec<Group>,
}

/// The records with one value of a field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Group {
    /// The value; `None` for records without one.
    pub value: Option<String>,
    /// All records with this value, whether or not they change.
    pub all: Tally,
    /// Those that are decided differently, in whatever decision.
    pub changed: Tally,
    /// Each decision of these records, outcome by outcome.
    pub decisions: Vec<Matrix>,
}

/// What a rule does on both sides, and what would change without it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleImpact {
    /// What the policy calls the rule.
    pub rule: String,
    /// What people call it; `None` where it has no title, or nothing was judged.
    pub title: Option<String>,
    /// What it does by the baseline; `None` where there is none or it has no such rule.
    pub baseline: Option<RuleCount>,
    /// What it does by the candidate; `None` where it has no such rule.
    pub candidate: Option<RuleCount>,
    /// How each decision of the candidate would change without it; `from` is with the rule, `to`
    /// without. Only records that change.
    pub dropped: Vec<Matrix>,
}

/// For how many records a rule did what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleCount {
    /// It fired and was enforced, whatever came of it.
    pub fired: Tally,
    /// It gave at least one decision.
    pub decided: Tally,
    /// It gave a decision that no other rule that counted would have set.
    pub alone: Tally,
}

/// A phase that is not enforced.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watched {
    /// What the policy calls the rule.
    pub rule: String,
    /// What people call it; `None` where it has no title, or nothing was judged.
    pub title: Option<String>,
    /// What it does instead: `shadow` or `warn`.
    pub effect: String,
    /// The records on which it fired.
    pub fired: Tally,
    /// How each decision would change if it were enforced; `from` is as it is, `to` as it would be.
    /// Only records that change.
    pub enforced: Vec<Matrix>,
}

/// What a measure of the policy comes to by both sides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MeasureImpact {
    /// What the policy calls the measure.
    pub name: String,
    /// What people call it; `None` where it has no title, or nothing was judged.
    pub title: Option<String>,
    /// What it does with the records: `count`, `sum` or `average`.
    pub kind: String,
    /// The currency, where it is money.
    pub unit: Option<String>,
    /// On whose authority it is measured so.
    pub sources: Vec<String>,
    /// What is assumed in it, in the words of the author; may be empty.
    pub assumed: Vec<String>,
    /// What it comes to over all judged records.
    pub value: Compared,
    /// The same for a year of 365 days, by [`Impact::span`]; `None` for averages, and where the
    /// records span less than a week.
    pub yearly: Option<Compared>,
    /// Records for which it has no value, and which are left out, on each side.
    pub faults: [u64; 2],
}

/// A record that is decided differently.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Flip {
    /// Its number in the input, counted from 0.
    pub record: u64,
    /// Its `id`, if it has one.
    pub id: Option<String>,
    /// The element that is decided differently, where the policy is for each of a list.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub place: Option<ElementPlace>,
    /// The time by which it was judged, in the zone of the rulebook; `None` where the policy is not dated by
    /// its records.
    pub dated: Option<String>,
    /// The decisions that come to something else; at least one.
    pub decisions: Vec<Flipped>,
    /// The record as the input has it.
    pub input: Json,
    /// Why the baseline decides as it does.
    pub baseline: FlipExplanation,
    /// Why the candidate decides as it does.
    pub candidate: FlipExplanation,
}

/// A decision of one record that comes to something else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Flipped {
    /// What the policy calls the decision.
    pub decision: String,
    /// What it comes to by the baseline.
    pub from: String,
    /// What it comes to by the candidate.
    pub to: String,
}

/// Why a record is decided as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FlipExplanation {
    /// What `rulebook explain --format json` says.
    pub explanation: Json,
    /// The same for people, as `rulebook explain` writes it.
    pub text: String,
}

impl Flip {
    /// Where it stands in the input.
    pub(super) fn order(&self) -> (u64, usize) {
        (self.record, self.place.as_ref().map_or(0, |place| place.position))
    }

    /// What to call it: its record, and the element of a list, if it is one.
    pub fn name(&self) -> String {
        let record = self.id.clone().unwrap_or_else(|| self.record.to_string());
        match &self.place {
            Some(place) => format!("{record} · {} {}", place.position, place.element),
            None => record,
        }
    }

    /// Both explanations, without the rules that fire on neither side and of which both say the same.
    pub fn differing_explanations(&self) -> [String; 2] {
        let differing = |side: &FlipExplanation, other: &FlipExplanation| {
            let others: Vec<_> = other.text.split("\n\n").map(str::trim_end).collect();
            let blocks = side.text.split("\n\n").map(str::trim_end);
            let says =
                |block: &&str| !block.trim_start().starts_with('○') || !others.contains(block);
            blocks.filter(says).collect::<Vec<_>>().join("\n\n")
        };
        [differing(&self.baseline, &self.candidate), differing(&self.candidate, &self.baseline)]
    }
}

impl ElementPlace {
    /// The element that a decision is about, if it is about one.
    pub fn of(decision: &Decision) -> Option<Self> {
        let element = decision.element()?;
        Some(Self { element: element.id, position: element.position })
    }
}

impl Impact {
    /// How many of what is judged there are: `2 records`, `3 elements of Order.lines`.
    pub fn counted(&self, count: u64, speech: Speech<'_>) -> String {
        let Some(elements) = &self.elements else { return speech.records(count) };
        let phrase = if count == 1 { &phrases::ONE_ELEMENT } else { &phrases::ELEMENTS };
        speech.says(phrase, &[("count", &speech.count(count)), ("list", &elements.list)])
    }

    /// What one of what is judged is, on pages in English.
    pub fn noun(&self) -> &'static str {
        if self.elements.is_some() { "element" } else { "record" }
    }

    /// The same over a column of numbers.
    pub fn nouns(&self) -> &'static str {
        if self.elements.is_some() { "Elements" } else { "Records" }
    }
}

impl Matrix {
    /// The records that go to another outcome.
    pub fn changed(&self) -> Tally {
        let mut all = Tally::default();
        self.cells.iter().filter(|cell| cell.is_change()).for_each(|cell| all.add(&cell.tally));
        all
    }

    /// The cells with those that change first, and the larger before the smaller.
    pub fn by_change(&self) -> Vec<&Cell> {
        let mut cells: Vec<_> = self.cells.iter().collect();
        cells.sort_by_key(|cell| (!cell.is_change(), std::cmp::Reverse(cell.tally.records)));
        cells
    }

    /// The records that go from one outcome to another.
    pub fn cell(&self, from: Option<&str>, to: &str) -> Tally {
        let mut all = Tally::default();
        let cells = self.cells.iter().filter(|cell| cell.from.as_deref() == from && cell.to == to);
        cells.for_each(|cell| all.add(&cell.tally));
        all
    }
}

impl Cell {
    /// Whether the records in it are decided differently.
    pub fn is_change(&self) -> bool {
        self.moved || self.from.as_ref().is_some_and(|from| *from != self.to)
    }
}

impl Tally {
    /// Adds other records to these. A sum that is out of range stays as it is.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        if self.sums.len() < other.sums.len() {
            self.sums.resize(other.sums.len(), Amount::default());
        }
        for (sum, Amount(other)) in self.sums.iter_mut().zip(&other.sums) {
            *sum = Amount(sum.0.checked_add(*other).unwrap_or(sum.0));
        }
    }
}

impl Compared {
    /// Two numbers, and the second less the first; `None` where either is, or where it is out of range.
    pub fn of(baseline: Option<Number>, candidate: Option<Number>) -> Self {
        let difference = baseline.zip(candidate).and_then(|(a, b)| b.checked_sub(a));
        let [baseline, candidate, difference] =
            [baseline, candidate, difference].map(|number| number.map(Amount));
        Self { baseline, candidate, difference }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number) = *self;
        number.fmt(f)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}
