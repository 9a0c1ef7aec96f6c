//! What scenarios exercise, as it is drawn and written.

use serde::{Serialize, Serializer};

use rulebook_base::source::{Sources, Span};
use rulebook_lang::figures::share_reached;

/// What scenarios exercise of a rulebook.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    /// What its settings, or else its folder, call the rulebook.
    pub rulebook: String,
    /// How many scenarios ran, of all policies together.
    pub scenarios: usize,
    /// How much is covered of all policies together.
    pub shares: Shares,
    /// Each policy that has rules or defaults of the rulebook's, in the order of the files.
    pub policies: Vec<PolicyCoverage>,
    /// The texts that places lie in, for drawing marks beside them.
    #[serde(skip)]
    pub sources: Sources,
}

/// What scenarios exercise of a policy.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyCoverage {
    /// What the rulebook calls the policy.
    pub policy: String,
    /// Where its name stands.
    #[serde(flatten)]
    pub place: SourcePlace,
    /// How many scenarios are about it.
    pub scenarios: usize,
    /// How much of it is covered.
    pub shares: Shares,
    /// Its rules in the order of the text.
    pub rules: Vec<RuleCoverage>,
    /// The values of `otherwise` and `on fault`, which decide where no rule does.
    pub defaults: Vec<DefaultCoverage>,
    /// The functions that its rules call, and the named values that they read, that hold conditions.
    pub functions: Vec<FunctionCoverage>,
    /// The tables that it looks up.
    pub tables: Vec<TableCoverage>,
}

/// What scenarios exercise of a rule.
#[derive(Debug, Clone, Serialize)]
pub struct RuleCoverage {
    /// What the policy calls the rule.
    pub rule: String,
    /// Where its name stands.
    #[serde(flatten)]
    pub place: SourcePlace,
    /// Covered if it fired in a scenario; never half.
    pub status: Status,
    /// In how many scenarios it fired.
    pub fired: usize,
    /// Its phases in order; none if it has no dates.
    pub phases: Vec<PhaseCoverage>,
    /// The conditions in its text, cohorts among them, in order.
    pub conditions: Vec<ConditionCoverage>,
}

/// What scenarios exercise of a phase.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseCoverage {
    /// Where its clause stands.
    #[serde(flatten)]
    pub place: SourcePlace,
    /// What the rule does in it: `enforce`, `warn` or `shadow`.
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
    /// Where the condition stands.
    #[serde(flatten)]
    pub place: SourcePlace,
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
    /// The decision that takes the value.
    pub decision: String,
    /// The word that the value stands behind: `otherwise` or `on fault`.
    pub kind: &'static str,
    /// Where the value stands.
    #[serde(flatten)]
    pub place: SourcePlace,
    /// Covered if it decided in a scenario; never half.
    pub status: Status,
    /// In how many scenarios it decided.
    pub given: usize,
}

/// What scenarios about one policy exercise of a function, or of a named value.
#[derive(Debug, Clone, Serialize)]
pub struct FunctionCoverage {
    /// What calls, or readers, name it by.
    pub function: String,
    /// Where its name stands.
    #[serde(flatten)]
    pub place: SourcePlace,
    /// The conditions in its text, in order.
    pub conditions: Vec<ConditionCoverage>,
}

/// What scenarios about one policy exercise of a table.
#[derive(Debug, Clone, Serialize)]
pub struct TableCoverage {
    /// What calls name it by.
    pub table: String,
    /// Its rows in order, those of a file too.
    pub rows: Vec<RowCoverage>,
}

/// What scenarios exercise of a row of a table.
#[derive(Debug, Clone, Serialize)]
pub struct RowCoverage {
    /// Where the row stands, maybe in a file of its own.
    #[serde(flatten)]
    pub place: SourcePlace,
    /// Covered if it matched and its output counted.
    pub status: Status,
    /// How often it matched with an output that counted, over all scenarios.
    pub matched: usize,
}

/// How far scenarios exercise something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// No scenario does.
    Uncovered,
    /// In part: one of two ways.
    Half,
    /// Some scenario does, in each of the ways that there are.
    Covered,
}

impl Status {
    /// The mark that stands in the margin, and beside shares.
    pub fn sign(self) -> char {
        match self {
            Self::Covered => '●',
            Self::Half => '◐',
            Self::Uncovered => '○',
        }
    }

    /// What the mark says, in words for a legend.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Covered => "exercised",
            Self::Half => "in part",
            Self::Uncovered => "not at all",
        }
    }
}

/// A place in the text of a rulebook.
#[derive(Debug, Clone, Serialize)]
pub struct SourcePlace {
    /// The path of the file, seen from the rulebook.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What stands there, on one line.
    pub text: String,
    /// The same as a range of bytes.
    #[serde(skip)]
    pub span: Span,
}

/// How much is covered of each kind of thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Shares {
    /// Rules, covered if they fired.
    pub rules: Share,
    /// Phases, covered if their rule fired in them.
    pub phases: Share,
    /// Values of `otherwise` and `on fault`, covered if they decided.
    pub defaults: Share,
    /// Conditions, covered if they were shown both ways.
    pub clauses: Share,
    /// Rows of tables, covered if they matched.
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

/// How many of some things are covered, of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many of them are covered; those that are so in part do not count.
    pub covered: usize,
    /// How many of them there are.
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
        let of_rules = self.rules.iter().flat_map(|rule| &rule.conditions);
        of_rules.chain(self.functions.iter().flat_map(|function| &function.conditions))
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
