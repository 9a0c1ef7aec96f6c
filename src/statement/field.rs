//! THE table of the fields of a DSA statement of reasons: what each holds and when it is needed.
//!
//! Source: Regulation (EU) 2022/2065, articles 17 and 24(5), and the Commission's description of
//! the transparency database's interface.

/// A field of a statement of reasons.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the transparency database.
    pub name: &'static str,
    /// The form of its values.
    pub kind: Kind,
    /// When a statement must have it.
    pub need: Need,
    /// What it says, in one sentence.
    pub doc: &'static str,
}

/// The form of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text of at most so many characters.
    Text(usize),
    /// One of these names of the transparency database.
    Choice(&'static [&'static str]),
    /// Any number of these names, as a list.
    Choices(&'static [&'static str]),
    /// A day, such as `2024-09-12`.
    Date,
    /// A name of letters, digits, `-` and `_`, which no other statement has.
    Unique,
}

/// When a statement must have a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// In every statement.
    Always,
    /// At least one of the fields with this need.
    Restriction,
    /// Where `decision_ground` says this, and never else.
    Ground(&'static str),
}

/// The field that says on which ground the platform acted.
pub const GROUND: &str = "decision_ground";

const ILLEGAL: &str = "DECISION_GROUND_ILLEGAL_CONTENT";
const INCOMPATIBLE: &str = "DECISION_GROUND_INCOMPATIBLE_CONTENT";

macro_rules! row {
    ($name:literal $kind:expr, $need:expr, $doc:literal) => {
        Field { name: $name, kind: $kind, need: $need, doc: $doc }
    };
}

/// Every field, in the order in which a statement is written.
#[rustfmt::skip]
pub static FIELDS: &[Field] = &[
    row!("decision_visibility" Kind::Choices(VISIBILITY), Need::Restriction, "How the content's visibility is restricted."),
    row!("decision_monetary" Kind::Choice(MONETARY), Need::Restriction, "How payments are restricted."),
    row!("decision_provision" Kind::Choice(PROVISION), Need::Restriction, "How the service is restricted."),
    row!("decision_account" Kind::Choice(ACCOUNT), Need::Restriction, "How the account is restricted."),
    row!("decision_ground" Kind::Choice(&[ILLEGAL, INCOMPATIBLE]), Need::Always, "Whether the law or the platform's terms are the ground."),
    row!("illegal_content_legal_ground" Kind::Text(500), Need::Ground(ILLEGAL), "Which law."),
    row!("illegal_content_explanation" Kind::Text(2000), Need::Ground(ILLEGAL), "Why the content breaks that law."),
    row!("incompatible_content_ground" Kind::Text(500), Need::Ground(INCOMPATIBLE), "Which term."),
    row!("incompatible_content_explanation" Kind::Text(2000), Need::Ground(INCOMPATIBLE), "Why the content breaks that term."),
    row!("content_type" Kind::Choices(CONTENT), Need::Always, "What kind of content it is."),
    row!("category" Kind::Choice(CATEGORY), Need::Always, "What kind of breach it is."),
    row!("content_date" Kind::Date, Need::Always, "The day on which the content was posted."),
    row!("application_date" Kind::Date, Need::Always, "The day from which the restriction applies."),
    row!("decision_facts" Kind::Text(5000), Need::Always, "The facts and circumstances that were relied on."),
    row!("source_type" Kind::Choice(SOURCE), Need::Always, "What made the platform look."),
    row!("automated_detection" Kind::Choice(&["Yes", "No"]), Need::Always, "Whether the content was found by automated means."),
    row!("automated_decision" Kind::Choice(AUTOMATED), Need::Always, "Whether the decision was taken by automated means."),
    row!("puid" Kind::Unique, Need::Always, "The platform's own name of the statement."),
];

const VISIBILITY: &[&str] = &[
    "DECISION_VISIBILITY_CONTENT_REMOVED",
    "DECISION_VISIBILITY_CONTENT_DISABLED",
    "DECISION_VISIBILITY_CONTENT_DEMOTED",
    "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
    "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
    "DECISION_VISIBILITY_CONTENT_LABELLED",
    "DECISION_VISIBILITY_OTHER",
];

const MONETARY: &[&str] =
    &["DECISION_MONETARY_SUSPENSION", "DECISION_MONETARY_TERMINATION", "DECISION_MONETARY_OTHER"];

const PROVISION: &[&str] = &[
    "DECISION_PROVISION_PARTIAL_SUSPENSION",
    "DECISION_PROVISION_TOTAL_SUSPENSION",
    "DECISION_PROVISION_PARTIAL_TERMINATION",
    "DECISION_PROVISION_TOTAL_TERMINATION",
];

const ACCOUNT: &[&str] = &["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"];

const CONTENT: &[&str] = &[
    "CONTENT_TYPE_APP",
    "CONTENT_TYPE_AUDIO",
    "CONTENT_TYPE_IMAGE",
    "CONTENT_TYPE_PRODUCT",
    "CONTENT_TYPE_SYNTHETIC_MEDIA",
    "CONTENT_TYPE_TEXT",
    "CONTENT_TYPE_VIDEO",
    "CONTENT_TYPE_OTHER",
];

const CATEGORY: &[&str] = &[
    "STATEMENT_CATEGORY_ANIMAL_WELFARE",
    "STATEMENT_CATEGORY_CONSUMER_INFORMATION",
    "STATEMENT_CATEGORY_CYBER_VIOLENCE",
    "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
    "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
    "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "STATEMENT_CATEGORY_SELF_HARM",
    "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
    "STATEMENT_CATEGORY_VIOLENCE",
];

const SOURCE: &[&str] = &[
    "SOURCE_ARTICLE_16",
    "SOURCE_TRUSTED_FLAGGER",
    "SOURCE_TYPE_OTHER_NOTIFICATION",
    "SOURCE_VOLUNTARY",
];

const AUTOMATED: &[&str] = &[
    "AUTOMATED_DECISION_FULLY",
    "AUTOMATED_DECISION_PARTIALLY",
    "AUTOMATED_DECISION_NOT_AUTOMATED",
];

/// The field of this name in the transparency database.
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

impl Kind {
    /// What is wrong with a value, in words.
    pub fn problem(self, value: &str) -> Option<String> {
        match self {
            Self::Text(limit) => {
                let length = value.chars().count();
                (length > limit)
                    .then(|| format!("{length} characters are more than the {limit} allowed"))
            }
            Self::Choice(names) | Self::Choices(names) => {
                (!names.contains(&value)).then(|| format!("the database does not know `{value}`"))
            }
            Self::Date => rulebook_lang::model::parse_date(value)
                .is_none()
                .then(|| format!("`{value}` is not a day, such as 2024-09-12")),
            Self::Unique => {
                let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                (value.is_empty() || !value.chars().all(fits))
                    .then(|| format!("`{value}` must consist of letters, digits, `-` and `_`"))
            }
        }
    }
}
