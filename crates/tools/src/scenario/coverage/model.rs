//! What scenarios exercise, as it is drawn and written.

use serde::{Serialize, Serializer};

use rulebook_base::source::{Sources, Span};
use rulebook_lang::figures::share_reached;

/// What scenarios exercise of a rulebook.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    /// The rulebook's name.
    pub rulebook: String,
    /// How many scenarios ran.
    pub scenarios: usize,
    /// How much is covered of all policies together.
    pub shares: Shares,
    /// Each policy.
    pub policies: Vec<PolicyCoverage>,
    /// The texts of the rulebook.
    #[serde(skip)]
    pub sources: Sources,
}

/// What scenarios exercise of a policy.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyCoverage {
    /// The policy's name.
    pub policy: String,
    /// Where the policy stands.
    #[serde(flatten)]
    pub place: Place,
    /// How many scenarios are about it.
    pub scenarios: usize,
    /// How much of it is covered.
    pub shares: Shares,
    /// Its rules in the order of the text.
    pub rules: Vec<RuleCoverage>,
    /// What stands in for rules.
    pub defaults: Vec<DefaultCoverage>,
    /// The functions that its rules call and that hold conditions.
    pub functions: Vec<FunctionCoverage>,
    /// The tables that it looks up.
    pub tables: Vec<TableCoverage>,
}

/// What scenarios exercise of a rule.
#[derive(Debug, Clone, Serialize)]
pub struct RuleCoverage {
    /// The rule's name.
    pub rule: String,
    /// Where its name stands.
    #[serde(flatten)]
    pub place: Place,
    /// Covered if it fired.
    pub status: Status,
    /// In how many scenarios it fired.
    pub fired: usize,
    /// Its phases.
    pub phases: Vec<PhaseCoverage>,
    /// The conditions in its text.
    pub conditions: Vec<ConditionCoverage>,
}

/// What scenarios exercise of a phase.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseCoverage {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// `enforce`, `warn` or `shadow`.
    pub effect: &'static str,
    /// Covered if the rule fired in it, half if it was only in force.
    pub status: Status,
    /// In how many scenarios it was in force.
    pub in_force: usize,
    /// In how many of them the rule fired.
    pub fired: usize,
}

/// What scenarios exercise of a condition.
#[derive(Debug, Clone, Serialize)]
pub struct ConditionCoverage {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// The word of its clause: `when`, `unless`, `where`, `for` (a cohort), `then` or `require`.
    pub clause: &'static str,
    /// Covered if it was shown both ways, half if only one way.
    pub status: Status,
    /// How many evaluations looked at it.
    pub looked_at: usize,
    /// In how many of them it was true, and that settled the outcome.
    pub as_true: usize,
    /// In how many of them it was false, and that settled the outcome.
    pub as_false: usize,
}

/// What scenarios exercise of a value that stands in for rules.
#[derive(Debug, Clone, Serialize)]
pub struct DefaultCoverage {
    /// The decision.
    pub decision: String,
    /// `otherwise` or `on fault`.
    pub kind: &'static str,
    /// Where the value stands.
    #[serde(flatten)]
    pub place: Place,
    /// Covered if it decided.
    pub status: Status,
    /// In how many scenarios it decided.
    pub given: usize,
}

/// What scenarios about one policy exercise of a function.
#[derive(Debug, Clone, Serialize)]
pub struct FunctionCoverage {
    /// The function's name.
    pub function: String,
    /// Where the function stands.
    #[serde(flatten)]
    pub place: Place,
    /// The conditions in its text.
    pub conditions: Vec<ConditionCoverage>,
}

/// What scenarios about one policy exercise of a table.
#[derive(Debug, Clone, Serialize)]
pub struct TableCoverage {
    /// The table's name.
    pub table: String,
    /// Its rows.
    pub rows: Vec<RowCoverage>,
}

/// What scenarios exercise of a row of a table.
#[derive(Debug, Clone, Serialize)]
pub struct RowCoverage {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// Covered if it matched and its output counted.
    pub status: Status,
    /// How often it did.
    pub matched: usize,
}

/// Whether scenarios exercise something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// No.
    Uncovered,
    /// In part: one of two ways.
    Half,
    /// Yes.
    Covered,
}

impl Status {
    /// The mark in the margin.
    pub fn sign(self) -> char {
        match self {
            Self::Covered => '●',
            Self::Half => '◐',
            Self::Uncovered => '○',
        }
    }

    /// What the mark says.
    pub fn told(self) -> &'static str {
        match self {
            Self::Covered => "exercised",
            Self::Half => "in part",
            Self::Uncovered => "not at all",
        }
    }
}

/// A place in the text of a rulebook.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
    /// What stands there, on one line.
    pub text: String,
    /// The range of bytes.
    #[serde(skip)]
    pub span: Span,
}

/// How much is covered of each kind of thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Shares {
    /// Rules that fired.
    pub rules: Share,
    /// Phases in which their rule fired.
    pub phases: Share,
    /// Values of `otherwise` and `on fault` that decided.
    pub defaults: Share,
    /// Conditions that were shown both ways.
    pub clauses: Share,
    /// Rows of tables that matched.
    pub rows: Share,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rules that fired.
    Rules,
    /// Phases in which their rule fired.
    Phases,
    /// Values of `otherwise` and `on fault` that decided.
    Defaults,
    /// Conditions that were shown both ways.
    Clauses,
    /// Rows of tables that matched.
    Rows,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Rules, Self::Phases, Self::Defaults, Self::Clauses, Self::Rows];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Phases => "phases",
            Self::Defaults => "defaults",
            Self::Clauses => "clauses",
            Self::Rows => "rows",
        }
    }
}

impl Coverage {
    /// The kinds of things that the rulebook has; few have tables.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        let has_rows = self.shares.rows.of > 0;
        Kind::ALL.into_iter().filter(move |kind| *kind != Kind::Rows || has_rows)
    }
}

impl Shares {
    /// The share of one kind of things.
    pub fn of(&self, kind: Kind) -> Share {
        match kind {
            Kind::Rules => self.rules,
            Kind::Phases => self.phases,
            Kind::Defaults => self.defaults,
            Kind::Clauses => self.clauses,
            Kind::Rows => self.rows,
        }
    }

    /// Both together.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            rules: self.rules.with(other.rules),
            phases: self.phases.with(other.phases),
            defaults: self.defaults.with(other.defaults),
            clauses: self.clauses.with(other.clauses),
            rows: self.rows.with(other.rows),
        }
    }
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many are covered.
    pub covered: usize,
    /// How many there are.
    pub of: usize,
}

impl Share {
    /// The share in percent; of nothing, all is covered.
    pub fn percent(self) -> f64 {
        if self.of == 0 { 100.0 } else { 100.0 * self.covered as f64 / self.of as f64 }
    }

    /// The same as it is told.
    pub fn told(self) -> String {
        share_reached(self.covered, self.of)
    }

    /// What the share is like as a whole.
    pub fn status(self) -> Status {
        match self.covered {
            all if all == self.of => Status::Covered,
            0 => Status::Uncovered,
            _ => Status::Half,
        }
    }

    fn with(self, other: Self) -> Self {
        Self { covered: self.covered + other.covered, of: self.of + other.of }
    }

    fn add(&mut self, status: Status) {
        self.of += 1;
        self.covered += usize::from(status == Status::Covered);
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut share = serializer.serialize_struct("Share", 3)?;
        share.serialize_field("covered", &self.covered)?;
        share.serialize_field("of", &self.of)?;
        share.serialize_field("percent", &((self.percent() * 10.0).floor() / 10.0))?;
        share.end()
    }
}

impl Status {
    pub(super) fn of(ways: [usize; 2]) -> Self {
        match ways {
            [0, 0] => Self::Uncovered,
            [0, _] | [_, 0] => Self::Half,
            _ => Self::Covered,
        }
    }

    pub(super) fn once(times: usize) -> Self {
        Self::of([times, times])
    }
}

impl PolicyCoverage {
    /// Every condition of the policy, those of functions behind those of rules.
    pub fn conditions(&self) -> impl Iterator<Item = &ConditionCoverage> {
        let own = self.rules.iter().flat_map(|rule| &rule.conditions);
        own.chain(self.functions.iter().flat_map(|function| &function.conditions))
    }

    pub(super) fn count(&mut self) {
        let mut shares = Shares::default();
        for rule in &self.rules {
            shares.rules.add(rule.status);
            rule.phases.iter().for_each(|phase| shares.phases.add(phase.status));
        }
        self.defaults.iter().for_each(|default| shares.defaults.add(default.status));
        self.conditions().for_each(|condition| shares.clauses.add(condition.status));
        let rows = self.tables.iter().flat_map(|table| &table.rows);
        rows.for_each(|row| shares.rows.add(row.status));
        self.shares = shares;
    }
}
