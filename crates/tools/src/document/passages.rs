//! What a policy is made of, as written: its rules, and every definition that they name. Two
//! rulebooks are compared by it, and what is assumed in a policy is found by it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::book::Book;
use rulebook::Rulebook;
use rulebook_base::source::Span;
use rulebook_syntax::ast::{
    CalendarItemKind, Definition, DefinitionKind, FunctionBody, Item, ItemKind, ListItems, Origin,
    Parameter, ParameterValue, Policy, Subject,
};
use rulebook_syntax::without_comments;

/// A part of a policy, or a definition that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What it is called: the name of a rule, or `decide refund`, `fn capped`.
    pub name: String,
    /// Whether it is a rule, and no definition.
    pub is_rule: bool,
    /// As its author wrote it, without comments.
    pub text: String,
}

/// A parameter whose value somebody assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumed {
    pub parameter: String,
    /// Its value; its values with their dates where it has several.
    pub value: String,
    /// Why, in the words of the author.
    pub why: String,
}

/// The texts of a rulebook, and which of its definitions a policy is made of.
pub struct PolicyText<'r> {
    book: Book<'r>,
    /// The files without their comments, each at the number of the file.
    plain: HashMap<u32, Cow<'r, str>>,
    policy: String,
    /// The numbers of the definitions that the policy reaches, in the order of the text.
    reached: Vec<usize>,
}

impl<'r> PolicyText<'r> {
    /// What a policy of a rulebook is made of.
    pub fn of(rulebook: &'r Rulebook, policy: &str) -> Self {
        let book = Book::new(rulebook);
        let files = rulebook.sources().iter();
        let plain = files.map(|(id, file)| (id.0, without_comments(&file.text))).collect();
        let mut text = Self { book, plain, policy: policy.to_string(), reached: Vec::new() };
        text.reached = text.reach();
        text
    }

    /// The definitions that a policy reaches by the names in its text, and in theirs.
    fn reach(&self) -> Vec<usize> {
        let all = &self.book.definitions;
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, definition) in all.iter().enumerate() {
            places.entry(definition.kind.name().text).or_default().push(at);
            // Whoever is made of a policy is made of what amends it.
            if let DefinitionKind::Policy(Policy { subject: Subject::Policy(base), .. }) =
                &definition.kind
            {
                places.entry(base.text).or_default().push(at);
            }
        }
        let mut reached = vec![false; all.len()];
        let mut pending: Vec<_> = places.get(self.policy.as_str()).cloned().unwrap_or_default();
        while let Some(at) = pending.pop() {
            let Some(is_reached) = reached.get_mut(at).filter(|is_reached| !**is_reached) else {
                continue;
            };
            *is_reached = true;
            let mut add = |name| pending.extend(places.get(name).into_iter().flatten());
            all.get(at).into_iter().for_each(|definition| definition.names(&mut add));
        }
        (0..all.len()).filter(|at| reached.get(*at) == Some(&true)).collect()
    }

    fn definitions(&self) -> impl Iterator<Item = &Definition<'r>> {
        self.reached.iter().filter_map(|at| self.book.definitions.get(*at))
    }

    /// The text of a place, without comments.
    fn text(&self, span: Span) -> &str {
        self.plain.get(&span.file.0).and_then(|text| text.get(span.range())).unwrap_or_default()
    }

    /// The rules, and all else but parameters, which are compared by their values.
    pub fn passages(&self) -> Vec<Passage> {
        let mut passages = Vec::new();
        for definition in self.definitions() {
            match &definition.kind {
                DefinitionKind::Policy(policy) => {
                    let items = policy.items.iter();
                    passages.extend(items.filter_map(|item| self.item(policy, item)));
                }
                DefinitionKind::Parameter(_) => {}
                kind => {
                    let text = dedented(self.text(definition.span));
                    let text = match self.file(kind).as_str() {
                        "" => text,
                        file => format!("{text}\n{file}"),
                    };
                    let name = format!("{} {}", kind.keyword(), kind.name().text);
                    passages.push(Passage { name, is_rule: false, text });
                }
            }
        }
        passages
    }

    /// What an item of a policy says, unless it decides nothing.
    fn item(&self, policy: &Policy<'_>, item: &Item<'_>) -> Option<Passage> {
        let full = |name: &str| match policy.name.text == self.policy {
            true => name.to_string(),
            false => format!("{}.{name}", policy.name.text),
        };
        let (name, is_rule) = match &item.kind {
            ItemKind::Rule(rule) => (full(rule.name.text), true),
            ItemKind::Decide(node) => (format!("decide {}", full(node.name.text)), false),
            ItemKind::Let(node) => (format!("let {}", full(node.name.text)), false),
            ItemKind::Measurement(node) => (format!("measure {}", full(node.name.text)), false),
            ItemKind::OnFault(_) => (full("on fault"), false),
            ItemKind::Title(_)
            | ItemKind::Source(_)
            | ItemKind::Announced(_)
            | ItemKind::Invariant(_) => return None,
        };
        Some(Passage { name, is_rule, text: dedented(self.text(item.span)) })
    }

    /// The texts of the files that hold a list, the rows of a table, the days of a calendar, or a script.
    fn file(&self, kind: &DefinitionKind<'_>) -> String {
        let paths: Vec<_> = match kind {
            DefinitionKind::List(node) => match &node.items {
                ListItems::File(path) => vec![path],
                ListItems::InPlace(_) => Vec::new(),
            },
            DefinitionKind::Table(node) => node.file.iter().collect(),
            DefinitionKind::Function(node) => match &node.body {
                FunctionBody::Script(path) => vec![path],
                FunctionBody::Expression(_) => Vec::new(),
            },
            DefinitionKind::Calendar(node) => {
                let days = node.items.iter().filter_map(|item| match &item.kind {
                    CalendarItemKind::Days(_, ListItems::File(path)) => Some(path),
                    _ => None,
                });
                days.collect()
            }
            _ => Vec::new(),
        };
        let texts = paths.iter().filter_map(|path| self.book.file(&path.value));
        texts.map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    /// The assumed parameters, with their values as the rulebook has them.
    pub fn assumed(&self, language: &str) -> Vec<Assumed> {
        let parameters = self.definitions().filter_map(|definition| match &definition.kind {
            DefinitionKind::Parameter(node) => Some(node),
            _ => None,
        });
        let assumed = parameters.filter_map(|node| {
            let why = reasons(node);
            (!why.is_empty()).then(|| Assumed {
                parameter: node.name.text.to_string(),
                value: self.values(node, language),
                why: why.join("; "),
            })
        });
        assumed.collect()
    }

    /// The value of a parameter as readers see it; its values with their dates where it has several.
    pub fn parameter(&self, parameter: &str, language: &str) -> Option<String> {
        Some(self.values(self.book.parameter(parameter)?, language))
    }

    fn values(&self, node: &Parameter<'_>, language: &str) -> String {
        let values =
            self.book.values(node, language).into_iter().map(|(from, value)| {
                from.map_or(value.clone(), |from| format!("{value} from {from}"))
            });
        values.collect::<Vec<_>>().join(", ")
    }
}

/// Why the values of a parameter were assumed.
fn reasons(node: &Parameter<'_>) -> Vec<String> {
    let rows = match &node.value {
        ParameterValue::Fixed(_) => [].as_slice(),
        ParameterValue::Dated(values) => values.as_slice(),
    };
    let origins = node.origins.iter().chain(rows.iter().flat_map(|row| &row.origins));
    let reasons = origins.filter_map(|origin| match origin {
        Origin::Assumed(text) => Some(text.value.to_string()),
        Origin::Source(_) => None,
    });
    reasons.collect()
}

/// A text without its empty lines, its first line and its braces at the left.
fn dedented(text: &str) -> String {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let rest: Vec<_> = lines.collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let least = rest.iter().map(indent).min().unwrap_or(0);
    let rest = rest.into_iter().map(|line| line.get(least..).unwrap_or(line));
    [first].into_iter().chain(rest).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

    use super::*;

    const TEXT: &str = r#"
record Order { amount: CNY  limit: CNY }
parameter most: CNY = 50 CNY assumed "a guess"  // too_many
parameter share: number {
  from 2024-01-01: 10% source "a notice"
  from 2024-03-01: 20% assumed "half as much again"
}
parameter too_many: number = 9 assumed "nobody reads it"
parameter told: number = 1 assumed "only told"
fn part(amount: CNY) -> CNY = amount * share
policy returns for Order {
  decide refund: yes | no by first otherwise no
  rule small {
    // too_many
    when part(amount) <= most

    then yes
    because "no more than {told}, not too_many"
  }
}
policy late amends returns { rule other { when amount > 900 CNY then no } }
policy apart for Order { decide fee: CNY by total  rule r { when amount > 1 CNY then 1 CNY } }"#;

    #[test]
    fn a_policy_is_made_of_what_it_names() {
        let book = Rulebook::from_sources([("a.policy", TEXT)]).unwrap();
        let written = PolicyText::of(&book, "returns");
        let passages = written.passages();
        let names: Vec<_> = passages.iter().map(|passage| passage.name.as_str()).collect();
        assert_eq!(names, ["record Order", "fn part", "decide refund", "small", "late.other"]);
        let small = &passages[3];
        assert!(small.is_rule);
        assert_eq!(
            small.text,
            "rule small {\n  when part(amount) <= most\n  then yes\n  \
             because \"no more than {told}, not too_many\"\n}"
        );
        let assumed = written.assumed("en");
        let reasons: Vec<_> =
            assumed.iter().map(|assumed| (&*assumed.parameter, &*assumed.why)).collect();
        let wanted = [("most", "a guess"), ("share", "half as much again"), ("told", "only told")];
        assert_eq!(reasons, wanted);
        assert_eq!(assumed[0].value, "CNY 50.00");
        assert_eq!(assumed[1].value, "10% from 1 January 2024, 20% from 1 March 2024");
    }
}
