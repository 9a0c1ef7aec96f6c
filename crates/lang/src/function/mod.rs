//! THE function tables: name, types, kernel, doc and a runnable example of each, by subject.

mod cohort;
mod number;
mod row;
mod text;
mod time;
mod url;

pub use row::Function;

/// The tables with the heading of each.
pub static TABLES: &[(&str, &[Function])] = &[
    ("Numbers and money", number::FUNCTIONS),
    ("Text and paths", text::FUNCTIONS),
    ("Dates and times", time::FUNCTIONS),
    ("Web addresses", url::FUNCTIONS),
    ("Cohorts", cohort::FUNCTIONS),
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
];

/// Functions of two values that also take more: each is taken with what those before it come to.
pub const REPEATED: &[&str] = &["min", "max"];

/// Every function, table after table.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLES.iter().flat_map(|(_, functions)| functions.iter())
}

/// The function with this name.
pub fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}
