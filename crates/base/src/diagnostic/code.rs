//! The table of all diagnostic codes: stable name, severity, meaning. What each means at length stands in a
//! file of its name under `codes/`.

/// Whether a problem keeps the rulebook from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The rulebook works, but probably not as meant.
    Warning,
    /// The rulebook cannot be loaded; settings do not soften it.
    Error,
}

impl Severity {
    /// `warning` or `error`, as JSON and terminals show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $meaning:literal)*) => {
        /// What kind of problem a [`Diagnostic`](super::Diagnostic) reports.
        ///
        /// Names are kebab-case and never change their meaning; `rulebook.yaml` sets the level
        /// of those that are warnings by default.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code, in alphabetical order of meaning groups.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The name that diagnostics and `rulebook.yaml` use, in kebab case.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The severity where `rulebook.yaml` says nothing.
            pub fn default_severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }

            /// What the code means, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }

            /// What the code means at length: why it matters, and a wrong and a right example, as the
            /// page on diagnostics has it, in Markdown.
            pub fn explained(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("codes/", $name, ".md"))),* }
            }
        }
    };
}

codes! {
    // Files and settings.
    BadSettings "bad-settings" Error "`rulebook.yaml` has an unknown key or a value that does not fit."
    BadInclude "bad-include" Error "`include` names no rulebook that can be joined."
    IncludeSettings "include-settings" Warning "An included rulebook is written for another zone or first language."
    NoPolicies "no-policies" Error "There is no `.policy` file, or none that defines anything."
    MissingSettings "missing-settings" Warning "The folder has no `rulebook.yaml`; defaults apply."
    BadEncoding "bad-encoding" Error "A file is not UTF-8 text."
    UnreadableFile "unreadable-file" Error "A file of the rulebook, or one that it names, cannot be read or may not be."
    BadScenario "bad-scenario" Error "A scenario file is not as scenarios are written."
    // Syntax.
    Syntax "syntax" Error "The text is not in the policy language."
    TooDeep "too-deep" Error "An expression nests too deeply."
    EqualsSign "equals-sign" Error "`=` stands where `==` is meant, or the other way round."
    ChainedComparison "chained-comparison" Error "Comparisons do not chain."
    BadLiteral "bad-literal" Error "A literal is malformed or out of range."
    BadText "bad-text" Error "A text has a bad escape or placeholder."
    // Names.
    UnknownName "unknown-name" Error "A name is not defined."
    UnknownField "unknown-field" Error "A record has no such field."
    LackingField "lacking-field" Error "A record is made without a field that it must have."
    UnknownType "unknown-type" Error "A type is not defined."
    UnknownFunction "unknown-function" Error "A function is not defined."
    UnknownMember "unknown-member" Error "An enum has no such member."
    UnknownOutcome "unknown-outcome" Error "A decision has no such outcome."
    UnknownDecision "unknown-decision" Error "A policy has no such decision."
    UnknownPolicy "unknown-policy" Error "A policy is not defined."
    UnknownRule "unknown-rule" Error "A policy has no such rule."
    UnknownParameter "unknown-parameter" Error "A setting names a parameter that is not defined."
    DuplicateName "duplicate-name" Error "Two definitions share one name."
    DuplicateClause "duplicate-clause" Error "A clause stands twice where only one may."
    ReservedName "reserved-name" Error "A name has a meaning of its own."
    // Types.
    WrongType "wrong-type" Error "A value is of another type than needed."
    WrongUnit "wrong-unit" Error "Units do not fit together."
    CurrencyMismatch "currency-mismatch" Error "Two currencies meet without a rate."
    UnprovedCurrency "unproved-currency" Error "Money stands where its currency has to be known."
    Unguarded "unguarded-optional" Error "An optional is used before it is known to be present."
    NeedlessTest "needless-test" Warning "A value that is always present is tested for presence."
    WrongArguments "wrong-arguments" Error "A function is called with other arguments than it takes."
    NotConstant "not-constant" Error "A constant is needed here."
    BadPattern "bad-pattern" Error "A regular expression is malformed."
    LargePatterns "large-patterns" Error "The regular expressions of a rulebook take too much memory together."
    BadReading "bad-reading" Error "A field, or a record, says in a way that there is not how it is read."
    BadJoin "bad-join" Error "A field cannot be joined by such a key."
    RecursiveDefinition "recursive-definition" Error "A definition needs itself."
    // Scripts.
    BadScript "bad-script" Error "A script does not compile, or lacks the function that a policy declares."
    MissingFeature "missing-feature" Error "The rulebook needs a feature that the library is built without."
    // Policies and rules.
    BadDated "bad-dated-by" Error "`dated by` names something that is no required time or date."
    PhaseOrder "phase-order" Error "The phases of a rule are not in the order of their dates."
    NeverInForce "never-in-force" Error "A rule can never be in force."
    BadShare "bad-share" Error "A cohort's share is not between 0% and 100% in steps of 0.01%."
    EmptyRule "empty-rule" Error "A rule neither decides nor requires anything."
    BadCombiner "bad-combiner" Error "A decision cannot be combined in this way."
    OverrideCycle "override-cycle" Error "Rules override each other in a circle."
    BadOverlay "bad-overlay" Error "An overlay amends an overlay, or holds what only the amended policy may say."
    PolicyCycle "policy-cycle" Error "Policies, or decisions of one, need each other in a circle."
    HiddenDecision "hidden-decision" Warning "A rule reads a field whose name is also that of a decision of its policy."
    UnsetDecision "unset-decision" Error "No rule sets a decision."
    // Invariants.
    BadInvariant "bad-invariant" Error "An invariant claims nothing about what the policy decides."
    BrokenInvariant "broken-invariant" Error "A record breaks an invariant."
    OpenInvariant "open-invariant" Warning "An invariant could neither be proved nor refuted."
    // Counters.
    BadWindow "bad-window" Error "The window of a counter is empty, or is no length of time."
    Uncounted "uncounted-record" Error "A counter counts a record that no policy judges."
    UndatedCounter "undated-counter" Error "Neither a counter nor the policy that reads it says by which date."
    MisplacedCounter "misplaced-counter" Error "A counter is read where it has no value."
    // Tables.
    TableHeader "table-header" Error "The header of a table is not as headers are written."
    TableRow "table-row" Error "A row of a table has other cells than the header."
    TableCell "table-cell" Error "A cell of a table is not as cells are written."
    TableGap "table-gap" Error "A table whose outputs are never missing has no row for some input."
    TableOverlap "table-overlap" Warning "Two rows of a table match one input where only one may, or where all must agree."
    TableDeadRow "table-dead-row" Warning "A row of a table can never match, or rows before it always match first."
    TableSearch "table-search" Warning "A table is too involved to be searched whole."
    // Lints.
    EmptyPolicy "empty-policy" Warning "A file of policies defines nothing, or a policy decides nothing."
    Unused "unused" Warning "A definition is never used."
    MissingLanguage "missing-language" Warning "A reason lacks one of the rulebook's languages."
    UnknownLanguage "unknown-language" Warning "A text is in a language that `rulebook.yaml` does not list."
    NoticePeriod "notice-period" Warning "A rule is in force sooner after its announcement than the notice period."
    BadCalendar "bad-calendar" Error "A calendar does not say which days are worked on."
    NeedlessDay "needless-day" Warning "A calendar lists a day as worked on that is worked on anyway."
    DuplicateItem "duplicate-item" Warning "A list holds an item twice."
    ParameterGap "parameter-gap" Warning "A rule is in force before a parameter that it reads has a value."
    HiddenCharacters "hidden-characters" Warning "A line holds characters that are not seen, or that are taken for others."
    UnfilledBraces "unfilled-braces" Warning "A value holds braces that only a title or a reason fills."
    MisreadNumber "misread-number" Warning "A number reads otherwise than it looks: a range with a dash is a difference, digits grouped by a comma are two values."
    DayBesideTime "day-beside-time" Warning "A time is compared with a date in a way that parts the day: only its first instant counts."
    NeverGiven "never-given" Warning "A text is compared with what a function gives, which it never is."
    Undated "undated" Warning "Dates of a policy are compared with the time of the evaluation, and it does not say so."
    NoValue "no-value" Error "A calculation has no value, whatever the record says."
    NoValueByParameter "no-value-by-parameter" Warning "A calculation has no value as long as a parameter stays as it is."
    MixedShares "mixed-shares" Warning "A share is written in percent in one place and compared with a plain number above 1 in another."
    UnroundedMoney "unrounded-money" Warning "An amount is decided in parts of the currency's minor unit."
    ConstantCondition "constant-condition" Warning "A condition is always true or always false."
}

impl Code {
    /// The code that `rulebook.yaml` means by a name; `None` where there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}
