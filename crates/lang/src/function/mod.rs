//! THE function tables: name, types, kernel, doc and a runnable example of each, by subject.

mod calculation;
mod calendar;
mod cohort;
mod list;
mod number;
mod reading;
mod row;
mod special;
mod text;
mod time;
mod url;
mod wording;

pub use row::Function;
pub use special::{JOINED, PLAIN};

/// The tables with the heading of each.
pub static TABLES: &[(&str, &[Function])] = &[
    ("Numbers and money", number::FUNCTIONS),
    ("Remainders, powers and shares", calculation::FUNCTIONS),
    ("Text and paths", text::FUNCTIONS),
    ("Texts made of others", wording::FUNCTIONS),
    ("Values read from texts", reading::FUNCTIONS),
    ("Lists", list::FUNCTIONS),
    ("Dates and times", time::FUNCTIONS),
    ("Working days", calendar::FUNCTIONS),
    ("Web addresses", url::FUNCTIONS),
    ("Cohorts", cohort::FUNCTIONS),
    ("Faults", special::FUNCTIONS),
];

/// The comprehensions, which the parser knows by their form: name, doc, example.
pub static COMPREHENSIONS: &[(&str, &str, &str)] = &[
    ("any", "True when the condition holds for at least one element.", "any(x in [1, 5]: x > 3)"),
    ("all", "True when the condition holds for every element.", "all(x in [4, 5]: x > 3)"),
    (
        "count",
        "How many elements there are, or how many fit `where`.",
        "count(x in [1, 5] where x > 3) == 1",
    ),
    ("sum", "The sum of an expression over the elements.", "sum(x in [1, 5]: x * 2) == 12"),
    (
        "min",
        "The smallest value over the elements; missing when there are none.",
        "min(x in [4, 5]: x) is present",
    ),
    (
        "max",
        "The largest value over the elements; missing when there are none.",
        "(max(x in [4, 5]: x) ?? 0) == 5",
    ),
    (
        "sorted",
        "The elements in the order of what stands behind `by`, the smallest first, or the largest with `descending`; the ones that are alike keep their order.",
        "(first(sorted(x in [2, 5] by x descending)) ?? 0) == 5",
    ),
];

/// Functions of two values that also take more: each is taken with what those before it come to.
pub const REPEATED: &[&str] = &["min", "max"];

/// The list that is made of each element of others, which has no name: how it is written, doc, example.
pub static EACH: (&str, &str, &str) = (
    "[value for x in list where condition]",
    "The list of a value of each element; a further `for` goes through a list for each of them.",
    "[x * 2 for x in [1, 5] where x > 3] == [10]",
);

/// Every function, table after table.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLES.iter().flat_map(|(_, functions)| functions.iter())
}

/// The functions that the language had from its first version on. No rulebook defines one of their names; of
/// those that came later, a rulebook's own wins, since it may have been there before.
const FIRST: &[&str] = &[
    "abs",
    "bucket",
    "ceil",
    "clamp",
    "contains",
    "date",
    "day",
    "days_between",
    "ends_with",
    "floor",
    "host",
    "hour",
    "len",
    "lower",
    "matches",
    "max",
    "min",
    "month",
    "path",
    "percent",
    "round",
    "round_down",
    "round_down_to",
    "round_half_up",
    "round_half_up_to",
    "round_to",
    "round_up",
    "round_up_to",
    "scheme",
    "site",
    "start_of_day",
    "starts_with",
    "trim",
    "under",
    "upper",
    "weekday",
    "year",
];

/// Whether no rulebook may define a function of this name.
pub fn is_reserved(name: &str) -> bool {
    FIRST.contains(&name)
}

/// The function with this name.
pub fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}
