//! The names of the days of the week.

/// The days of the week, the first of which is 1.
pub(super) const NAMES: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The number of the day of the week that has a name.
pub(super) fn number(name: &str) -> Option<i8> {
    (1..).zip(NAMES).find(|(_, known)| *known == name).map(|(number, _)| number)
}
