//! Decisions to statements of reasons under the EU Digital Services Act, by the mapping that
//! `rulebook.yaml` gives under `dsa`.

pub mod field;
mod mapping;
mod template;

use serde::ser::{Serialize, SerializeMap, Serializer};

use field::{FIELDS, Field, GROUND, Kind, Need};
pub use mapping::read;
pub use mapping::{Mapping, Statements};
use rulebook_core::eval::Decision;
use rulebook_core::facts::{Errors, InputCode, InputError};
use template::Template;

/// A statement of reasons, ready for the transparency database. It serialises as one object with
/// the fields in the order of [`field::FIELDS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    values: Vec<(&'static Field, Vec<String>)>,
}

impl Statement {
    /// The values of a field: one, or several for a field that takes a list; none if it is absent.
    pub fn field(&self, name: &str) -> &[String] {
        let found = self.values.iter().find(|(field, _)| field.name == name);
        found.map_or(&[], |(_, values)| values)
    }

    /// The platform's own name of the statement, which no other statement may have.
    pub fn puid(&self) -> &str {
        self.field("puid").first().map_or("", String::as_str)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.field(name).first().map(String::as_str)
    }

    /// What the statement lacks or has wrong, with paths such as `dsa.category`.
    fn problems(&self) -> Result<(), Vec<InputError>> {
        let mut problems = Errors::default();
        let ground = self.text(GROUND);
        for field in FIELDS {
            let values = self.field(field.name);
            match field.need {
                Need::Always if values.is_empty() => problems.push(lacks(field)),
                Need::Ground(required) if ground == Some(required) && values.is_empty() => {
                    problems.push(lacks(field));
                }
                _ => {}
            }
            let wrong = values.iter().filter_map(|value| field.kind.problem(value));
            for message in wrong {
                problems.push(error(field.name, InputCode::BadStatementField, message));
            }
        }
        let restrictions = || FIELDS.iter().filter(|field| field.need == Need::Restriction);
        if restrictions().all(|field| self.field(field.name).is_empty()) {
            let names: Vec<_> = restrictions().map(|field| field.name).collect();
            let message = format!("a statement needs one of {}", names.join(", "));
            problems.push(error("", InputCode::MissingStatementField, message));
        }
        problems.finish()
    }
}

fn lacks(field: &Field) -> InputError {
    let message = format!("the statement of reasons lacks `{}`", field.name);
    error(field.name, InputCode::MissingStatementField, message)
}

fn error(field: &str, code: InputCode, message: String) -> InputError {
    let path = if field.is_empty() { "dsa".to_string() } else { format!("dsa.{field}") };
    InputError::new(path, code, message)
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len()))?;
        for (field, values) in &self.values {
            match (field.kind, values.as_slice()) {
                (Kind::Choices(_), values) => map.serialize_entry(field.name, values)?,
                (_, [value]) => map.serialize_entry(field.name, value)?,
                (_, values) => map.serialize_entry(field.name, values)?,
            }
        }
        map.end()
    }
}

impl Statements {
    /// The statement that a decision calls for; `None` if it restricts nobody, as far as the
    /// mappings say. The first mapping that fits is used.
    ///
    /// # Errors
    /// What the statement lacks, since the record lacks it, and what has the wrong form.
    pub fn statement(&self, decision: &Decision) -> Option<Result<Statement, Vec<InputError>>> {
        let mapping = self.mappings().iter().find(|mapping| mapping.fits(decision))?;
        let fill = |template: &Template| template.fill(decision, mapping);
        let values = mapping.fields.iter().filter_map(|(field, templates)| {
            let values: Vec<_> = templates.iter().filter_map(fill).collect();
            (!values.is_empty()).then_some((*field, values))
        });
        let statement = Statement { values: values.collect() };
        Some(statement.problems().map(|()| statement))
    }
}
