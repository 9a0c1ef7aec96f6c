//! A mutant: a small edit to the text of a rulebook that scenarios should notice.

use serde::Serialize;

use rulebook_base::source::Span;

/// A small edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mutant {
    pub(super) kind: MutantKind,
    /// The rule or the definition that it changes, such as `rule large`.
    pub(super) within: String,
    /// The policy whose text it changes, if it is one.
    pub(super) policy: Option<String>,
    /// What is replaced, and by what; the first is the one to show.
    pub(super) edits: Vec<(Span, String)>,
}

macro_rules! kinds {
    ($($kind:ident $name:literal $doc:literal)*) => {
        /// What kind of edit a mutant is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum MutantKind {
            $(#[doc = $doc] $kind,)*
        }

        impl MutantKind {
            /// Every kind, in the order in which reports and the book list them.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The name that reports use, in kebab case; it never changes.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// What the edit changes, in one sentence.
            pub fn doc(self) -> &'static str {
                match self {
                    $(Self::$kind => $doc,)*
                }
            }
        }
    };
}

kinds! {
    Literal "literal" "A number, amount, duration, date or time is one step lower or higher; a truth is turned."
    Comparison "comparison" "`<` and `<=`, `>` and `>=`, `==` and `!=` are swapped."
    Connective "connective" "`and` and `or` are swapped."
    Negation "negation" "A `not` is dropped."
    Presence "presence" "`is present` and `is missing` are swapped."
    Membership "membership" "`in` and `not in` are swapped."
    Quantifier "quantifier" "`any` and `all` are swapped."
    Order "order" "`first` and `last` are swapped, or a list is sorted the other way round."
    Range "range" "`..<` and `..=` are swapped."
    ListItem "list-item" "An item of a list is dropped."
    Parameter "parameter" "The value of a parameter is one step lower or higher, also an assumed one."
    Row "row" "A row of a table is dropped."
    Cell "cell" "A cell of a table is one step lower or higher, gives or accepts something else, or accepts anything."
    Date "date" "A date on which something begins or ends is a day earlier or later."
    Effect "effect" "A phase decides instead of warning or being watched, or the other way round."
    Cohort "cohort" "A phase is for nobody or for everybody instead of a share."
    Rule "rule" "A rule is dropped."
    Unless "unless" "An `unless` is dropped."
    Override "override" "A rule that is overridden no longer is."
    Outcome "outcome" "A rule, or `on fault`, gives another outcome."
    Otherwise "otherwise" "`otherwise` gives another outcome."
    Obligation "obligation" "A `require` is dropped."
}

impl Mutant {
    /// What is shown: the place of the first edit.
    pub(super) fn span(&self) -> Span {
        self.edits.first().map(|(span, _)| *span).unwrap_or_default()
    }

    /// The text of its file with the edits made.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut edits: Vec<_> = self.edits.iter().collect();
        edits.sort_by_key(|(span, _)| span.start);
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for (span, with) in edits {
            let range = span.range();
            out.push_str(text.get(at..range.start).unwrap_or(""));
            out.push_str(with);
            at = range.end;
        }
        out.push_str(text.get(at..).unwrap_or(""));
        out
    }
}
