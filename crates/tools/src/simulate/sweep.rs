//! Many simulations that differ in the value of a parameter, as curves.

use serde::{Deserialize, Serialize};

use super::impact::{Amount, Group, Impact, Matrix, MeasureImpact, Tally};
use rulebook_lang::model::Number;

/// What each of several values of a parameter would do: the same records, judged with each of them,
/// and compared with the same baseline.
///
/// ```
/// use rulebook_tools::simulate::{Impact, Point, Sweep, Tally};
/// let point = |value: &str, records| Point {
///     values: vec![value.into()],
///     impact: Impact {
///         judged: 100,
///         changed: Tally { records, sums: Vec::new() },
///         ..Impact::default()
///     },
/// };
/// let points = vec![point("4.5", 12), point("4.6", 7)];
/// let sweep = Sweep { parameters: vec!["trusted_score".into()], points };
/// let curves = sweep.curves();
/// assert_eq!(curves[0].name, "changed");
/// let values: Vec<_> = curves[0].values.iter().flatten().map(|v| v.to_string()).collect();
/// assert_eq!(values, ["12", "7"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sweep {
    /// The parameters that take several values.
    pub parameters: Vec<String>,
    /// What each value, or each combination of values, does.
    pub points: Vec<Point>,
}

/// One value of each parameter of a sweep, and what it does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Point {
    /// The values, in the order of the parameters, as they would be set one by one.
    pub values: Vec<String>,
    /// What they do; rules and examples are left out.
    pub impact: Impact,
}

/// A number for every point of a sweep.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// What it is: `changed`, `refund=support`, `fee total`, `platform_cost`.
    pub name: String,
    /// For people: the title of a measure, say.
    pub title: String,
    /// What is counted or added up in it.
    pub of: CurveOf,
    /// The currency, where it is money.
    pub unit: Option<String>,
    /// How it is by the baseline, where that has it.
    pub baseline: Option<Amount>,
    /// How it is at each point, where that has it.
    pub values: Vec<Option<Amount>>,
}

/// What a curve counts or adds up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CurveOf {
    /// The records that are decided differently.
    #[default]
    Changed,
    /// How many records come to an outcome of a decision.
    Decision(String),
    /// What the outcomes of a decision add up to.
    Total(String),
    /// A measure of the policy, over all records.
    Measure,
    /// The same, reckoned for a year of 365 days.
    Yearly,
}

/// The records of a point, or those of one of its groups.
#[derive(Clone, Copy)]
struct View<'i> {
    changed: &'i Tally,
    decisions: &'i [Matrix],
    measures: &'i [MeasureImpact],
}

impl CurveOf {
    /// The decision that it is about; `None` for measures and for all that changes.
    pub fn decision(&self) -> Option<&str> {
        match self {
            Self::Decision(name) | Self::Total(name) => Some(name),
            Self::Changed | Self::Measure | Self::Yearly => None,
        }
    }
}

impl Curve {
    /// Whether its value is the same at every point, and by the baseline.
    pub fn is_flat(&self) -> bool {
        let first = self.values.first().copied().flatten();
        let baseline_agrees = self.baseline.is_none_or(|baseline| Some(baseline) == first);
        baseline_agrees && self.values.iter().all(|value| *value == first)
    }
}

impl Point {
    fn group(&self, grouping: usize, value: Option<&str>) -> Option<&Group> {
        let mut groups = self.impact.groupings.get(grouping)?.groups.iter();
        groups.find(|group| group.value.as_deref() == value)
    }
}

impl Sweep {
    /// The curves over all records: what changes, each outcome of each decision, totals, and measures.
    pub fn curves(&self) -> Vec<Curve> {
        let views = self.points.iter().map(|Point { impact, .. }| {
            let Impact { changed, decisions, measures, .. } = impact;
            Some(View { changed, decisions, measures })
        });
        self.of(&views.collect::<Vec<_>>())
    }

    /// The curves over the records of one group, and how many records that are: `grouping` is the
    /// number of the grouping. Groups have no measures.
    pub fn curves_of(&self, grouping: usize, value: Option<&str>) -> (u64, Vec<Curve>) {
        let groups: Vec<_> = self.points.iter().map(|point| point.group(grouping, value)).collect();
        let views = groups.iter().map(|group| {
            let Group { changed, decisions, .. } = group.as_ref()?;
            Some(View { changed, decisions, measures: &[] })
        });
        let records = groups.iter().flatten().map(|group| group.all.records).max().unwrap_or(0);
        (records, self.of(&views.collect::<Vec<_>>()))
    }

    /// The values of a grouping, in the order in which the first point has them.
    pub fn groups(&self, grouping: usize) -> Vec<Option<&str>> {
        let mut values = Vec::new();
        for point in &self.points {
            let grouping = point.impact.groupings.get(grouping);
            for group in grouping.map_or([].as_slice(), |grouping| &grouping.groups) {
                if !values.contains(&group.value.as_deref()) {
                    values.push(group.value.as_deref());
                }
            }
        }
        values
    }

    /// The decisions of all points, each with the outcomes that occur anywhere and its currency.
    fn decisions(&self) -> Vec<(String, Vec<String>, Option<String>)> {
        let mut all: Vec<(String, Vec<String>, Option<String>)> = Vec::new();
        for matrix in self.points.iter().flat_map(|point| &point.impact.decisions) {
            match all.iter_mut().find(|(decision, ..)| *decision == matrix.decision) {
                Some((_, outcomes, _)) => {
                    let new = matrix.outcomes.iter().filter(|name| !outcomes.contains(name));
                    let new: Vec<_> = new.cloned().collect();
                    outcomes.extend(new);
                }
                None => {
                    let (outcomes, unit) = (matrix.outcomes.clone(), matrix.unit.clone());
                    all.push((matrix.decision.clone(), outcomes, unit));
                }
            }
        }
        all
    }

    fn of(&self, views: &[Option<View<'_>>]) -> Vec<Curve> {
        let mut curves = Vec::new();
        let each = |value: &dyn Fn(View<'_>) -> Option<Amount>| -> Vec<Option<Amount>> {
            views.iter().map(|view| view.and_then(value)).collect()
        };
        let count = |records: u64| Some(Amount(Number::from(i64::try_from(records).ok()?)));
        let sums = self.points.first().map_or([].as_slice(), |point| &point.impact.sums);
        curves.push(Curve {
            name: "changed".into(),
            title: "records decided differently".into(),
            values: each(&|view| count(view.changed.records)),
            ..Curve::default()
        });
        for (at, sum) in sums.iter().enumerate() {
            let zero = Some(Amount::default());
            curves.push(Curve {
                name: format!("changed sum({})", sum.field),
                title: format!("{} of records decided differently", sum.field),
                unit: sum.unit.clone(),
                values: each(&|view| view.changed.sums.get(at).copied().or(zero)),
                ..Curve::default()
            });
        }
        for (decision, outcomes, unit) in self.decisions() {
            let of_matrix = |view: View<'_>, figure: &dyn Fn(&Matrix) -> Option<Amount>| {
                let matrix = view.decisions.iter().find(|matrix| matrix.decision == decision);
                matrix.and_then(figure)
            };
            let first = views.iter().flatten().next();
            let of_baseline = |figure: &dyn Fn(&Matrix) -> Option<Amount>| {
                let baseline = first.and_then(|view| of_matrix(*view, figure));
                baseline.filter(|_| self.points.iter().any(|point| point.impact.baseline.is_some()))
            };
            for outcome in outcomes {
                let by = |from: bool| {
                    let outcome = outcome.clone();
                    move |matrix: &Matrix| count(reaching(matrix, &outcome, from))
                };
                curves.push(Curve {
                    name: format!("{decision}={outcome}"),
                    title: outcome.clone(),
                    of: CurveOf::Decision(decision.clone()),
                    unit: None,
                    baseline: of_baseline(&by(true)),
                    values: each(&|view| of_matrix(view, &by(false))),
                });
            }
            let total = |side: fn(&super::Compared) -> Option<Amount>| {
                move |matrix: &Matrix| matrix.totals.as_ref().and_then(side)
            };
            let values = each(&|view| of_matrix(view, &total(|compared| compared.candidate)));
            if values.iter().any(Option::is_some) {
                curves.push(Curve {
                    name: format!("{decision} total"),
                    title: format!("{decision}, added up"),
                    of: CurveOf::Total(decision.clone()),
                    unit,
                    baseline: of_baseline(&total(|compared| compared.baseline)),
                    values,
                });
            }
        }
        let measures = views.iter().flatten().next().map_or([].as_slice(), |view| view.measures);
        for measure in measures {
            let find = |view: View<'_>, yearly: bool| {
                let measured =
                    view.measures.iter().find(|measured| measured.name == measure.name)?;
                if yearly { measured.yearly.clone() } else { Some(measured.value.clone()) }
            };
            for (yearly, suffix) in [(false, ""), (true, " a year")] {
                let values = each(&|view| find(view, yearly)?.candidate);
                if yearly && values.iter().all(Option::is_none) {
                    continue;
                }
                let title = measure.title.as_ref().unwrap_or(&measure.name);
                let first = views.iter().flatten().next();
                curves.push(Curve {
                    name: format!("{}{suffix}", measure.name),
                    title: format!("{title}{suffix}"),
                    of: if yearly { CurveOf::Yearly } else { CurveOf::Measure },
                    unit: measure.unit.clone(),
                    baseline: first.and_then(|view| find(*view, yearly)?.baseline),
                    values,
                });
            }
        }
        curves
    }
}

/// How many records come to an outcome by the candidate, or came `from` it by the baseline.
fn reaching(matrix: &Matrix, outcome: &str, from: bool) -> u64 {
    let cells = matrix.cells.iter().filter(|cell| match from {
        true => cell.from.as_deref() == Some(outcome),
        false => cell.to == outcome,
    });
    cells.map(|cell| cell.tally.records).sum()
}
