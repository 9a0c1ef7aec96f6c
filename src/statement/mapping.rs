//! `dsa` in `rulebook.yaml` to mappings: which decisions call for a statement, and what it says.

use super::field::{self, FIELDS, Field, GROUND, Kind, Need};
use super::template::Template;
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_core::eval::{Applied, Decision};
use rulebook_core::program::{self, Program};
use rulebook_lang::model::Type;
use rulebook_lang::yaml::{Node, NodeKind};

/// The mappings of a rulebook; none if it says nothing about statements.
#[derive(Debug, Clone, Default)]
pub struct Statements {
    mappings: Vec<Mapping>,
}

/// How decisions of one policy become statements of reasons.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The policy whose decisions it maps.
    pub policy: String,
    /// The decisions and their outcomes that call for a statement.
    when: Vec<(String, Vec<String>)>,
    /// What each field says, in the order of [`FIELDS`].
    pub(super) fields: Vec<(&'static Field, Vec<Template>)>,
}

impl Statements {
    /// The mappings in the order written.
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }
}

impl Mapping {
    /// Whether a decision calls for this statement.
    pub(super) fn fits(&self, decision: &Decision) -> bool {
        decision.policy_name() == self.policy
            && self.when.iter().all(|(name, outcomes)| {
                let truth = decision.truth(name).ok().map(|truth| truth.to_string());
                let outcome = decision.outcome(name).ok().or(truth.as_deref());
                outcome.is_some_and(|outcome| outcomes.iter().any(|wanted| wanted == outcome))
            })
    }

    /// Whether the statement is about this decision.
    pub(super) fn decides(&self, decision: &str) -> bool {
        self.when.iter().any(|(name, _)| name == decision)
    }

    /// Whether a rule gave what the statement is about.
    pub(super) fn concerns(&self, rule: Applied<'_>) -> bool {
        rule.sets().any(|(decision, _)| self.decides(&decision.name))
    }
}

/// Reads the mappings for a program; what is wrong is reported.
pub fn read(
    node: Option<&Node>,
    program: &Program,
    diagnostics: &mut Vec<Diagnostic>,
) -> Statements {
    let Some(node) = node else { return Statements::default() };
    let mut reader = MappingReader { program, diagnostics };
    if !matches!(node.kind, NodeKind::List(_)) {
        reader.wrong(node.span, "`dsa` takes a list of mappings", "write `- policy: …` below it");
    }
    Statements { mappings: node.items().iter().filter_map(|item| reader.mapping(item)).collect() }
}

const KEYS: &[&str] = &["policy", "when", "statement"];

struct MappingReader<'p, 'd> {
    program: &'p Program,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'p> MappingReader<'p, '_> {
    fn wrong(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(Code::BadSettings, span, message).help(help));
    }

    /// Reports a name that is none of those that may stand there.
    fn unknown<'n>(
        &mut self,
        span: Span,
        message: String,
        name: &str,
        names: impl Iterator<Item = &'n str> + Clone,
    ) {
        let help = did_you_mean(name, names.clone()).unwrap_or_else(|| {
            let names: Vec<_> = names.collect();
            match names.as_slice() {
                [only] => format!("write `{only}`"),
                names => format!("write one of {}", names.join(", ")),
            }
        });
        self.wrong(span, message, help);
    }

    fn mapping(&mut self, node: &Node) -> Option<Mapping> {
        for (key, _) in node.entries() {
            let name = key.scalar().unwrap_or_default();
            if !KEYS.contains(&name.as_str()) {
                let message = format!("a mapping has no key `{name}`");
                self.unknown(key.span, message, &name, KEYS.iter().copied());
            }
        }
        let policy = self.policy(node)?;
        let when = node.get("when").map_or([].as_slice(), Node::entries);
        if when.is_empty() {
            let help = "add `when: { decision: [outcome] }`";
            self.wrong(node.span, "the mapping does not say which decisions restrict", help);
        }
        let when = when.iter().filter_map(|(key, value)| self.outcomes(policy, key, value));
        let when = when.collect();
        let Some(statement) = node.get("statement") else {
            self.wrong(node.span, "the mapping has no `statement`", "add `statement: …`");
            return None;
        };
        let fields = self.fields(policy, statement);
        Some(Mapping { policy: policy.name.clone(), when, fields })
    }

    fn policy(&mut self, node: &Node) -> Option<&'p program::Policy> {
        let Some(name) = node.get("policy") else {
            self.wrong(node.span, "the mapping does not name its policy", "add `policy: …`");
            return None;
        };
        let text = name.scalar().unwrap_or_default();
        let policies = &self.program.policies;
        let found = policies.iter().find(|policy| policy.name == text);
        if found.is_none() {
            let names = policies.iter().map(|policy| policy.name.as_str());
            self.unknown(name.span, format!("there is no policy `{text}`"), &text, names);
        }
        found
    }

    /// A decision and the outcomes of it that call for a statement.
    fn outcomes(
        &mut self,
        policy: &program::Policy,
        key: &Node,
        value: &Node,
    ) -> Option<(String, Vec<String>)> {
        let name = key.scalar().unwrap_or_default();
        let Some(decision) = policy.decisions.iter().find(|decision| decision.name == name) else {
            let names = policy.decisions.iter().map(|decision| decision.name.as_str());
            let message = format!("policy `{}` does not decide `{name}`", policy.name);
            self.unknown(key.span, message, &name, names);
            return None;
        };
        let single = std::slice::from_ref(value);
        let items = if value.items().is_empty() { single } else { value.items() };
        let mut outcomes = Vec::new();
        for item in items {
            let outcome = item.scalar().unwrap_or_default();
            let truths = ["true".to_string(), "false".to_string()];
            let possible = match &decision.ty {
                Type::Enum(members) if !members.open => members.members.as_slice(),
                Type::Bool => truths.as_slice(),
                Type::Enum(_) | Type::Text => &[],
                _ => {
                    let help = "name a decision with outcomes, such as `open: [blocked]`";
                    self.wrong(item.span, format!("`{name}` decides no names"), help);
                    return None;
                }
            };
            if !possible.is_empty() && !possible.contains(&outcome) {
                let message = format!("`{name}` is never `{outcome}`");
                self.unknown(item.span, message, &outcome, possible.iter().map(String::as_str));
            }
            outcomes.push(outcome);
        }
        Some((name, outcomes))
    }

    fn fields(
        &mut self,
        policy: &program::Policy,
        node: &Node,
    ) -> Vec<(&'static Field, Vec<Template>)> {
        for (key, _) in node.entries() {
            let name = key.scalar().unwrap_or_default();
            if field::find(&name).is_none() {
                let names = FIELDS.iter().map(|field| field.name);
                let message = format!("a statement of reasons has no field `{name}`");
                self.unknown(key.span, message, &name, names);
            }
        }
        let mut fields = Vec::new();
        for field in FIELDS {
            if let Some(value) = node.get(field.name) {
                fields.push((field, self.templates(policy, field, value)));
            }
        }
        self.lacking(node, &fields);
        fields
    }

    fn templates(
        &mut self,
        policy: &program::Policy,
        field: &'static Field,
        value: &Node,
    ) -> Vec<Template> {
        let single = std::slice::from_ref(value);
        let items = match (&value.kind, field.kind) {
            (NodeKind::List(items), Kind::Choices(_)) => items.as_slice(),
            _ => single,
        };
        let mut templates = Vec::new();
        for item in items {
            let Some(text) = yes_or_no(item, field) else {
                let message = format!("`{}` takes a text, found {}", field.name, item.described());
                self.wrong(item.span, message, format!("write `{}: …`", field.name));
                continue;
            };
            match Template::parse(&text, field.kind, policy) {
                Ok(template) => {
                    let wrong = template.constant().and_then(|text| field.kind.problem(&text));
                    if let Some(problem) = wrong {
                        let help = match field.kind {
                            Kind::Choice(names) | Kind::Choices(names) => {
                                format!("write one of {}", names.join(", "))
                            }
                            _ => format!("it says: {}", field.doc),
                        };
                        self.wrong(item.span, problem, help);
                    }
                    templates.push(template);
                }
                Err(problems) => {
                    problems.into_iter().for_each(|(message, help)| {
                        self.wrong(item.span, message, help);
                    });
                }
            }
        }
        templates
    }

    /// Reports the fields without which no decision could become a statement.
    fn lacking(&mut self, node: &Node, fields: &[(&'static Field, Vec<Template>)]) {
        let has = |wanted: &Field| fields.iter().any(|(field, _)| field.name == wanted.name);
        let ground = fields.iter().find(|(field, _)| field.name == GROUND);
        let ground = ground.and_then(|(_, templates)| templates.first()?.constant());
        for field in FIELDS.iter().filter(|field| !has(field)) {
            let needed = match field.need {
                Need::Always => true,
                Need::Ground(required) => ground.as_deref() == Some(required),
                Need::Restriction => false,
            };
            if needed {
                let message = format!("the statement lacks `{}`", field.name);
                self.wrong(node.span, message, format!("add `{}: …`: {}", field.name, field.doc));
            }
        }
        let restrictions = || FIELDS.iter().filter(|field| field.need == Need::Restriction);
        if !restrictions().any(has) {
            let names: Vec<_> = restrictions().map(|field| field.name).collect();
            let help = format!("add one of {}", names.join(", "));
            self.wrong(node.span, "the statement does not say what is restricted", help);
        }
    }
}

/// The text of a scalar. YAML reads a bare `Yes` as text here, but `true` is a mistake for it.
fn yes_or_no(node: &Node, field: &Field) -> Option<String> {
    match (&node.kind, field.kind) {
        (NodeKind::Bool(true), Kind::Choice(&["Yes", "No"])) => Some("Yes".into()),
        (NodeKind::Bool(false), Kind::Choice(&["Yes", "No"])) => Some("No".into()),
        _ => node.scalar(),
    }
}
