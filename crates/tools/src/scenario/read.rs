//! `tests/*.yaml` to scenarios; every slip in a file is reported with its place.

mod earlier;
mod lines;
mod literal;

use super::outcome;
use earlier::Earlier;
pub use lines::Lines;
pub(super) use literal::plain;
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::{FileId, Span};
use rulebook_core::history::Amount;
use rulebook_core::program::{Element, FieldKind, Layout, Policy, Program};
use rulebook_lang::model::{Time, Type, Zone, is_language_tag, language_tag_help, parse_time};
use rulebook_lang::yaml::{self, Node, NodeKind};
use rulebook_syntax::print::text_literal;

/// One file of scenarios about one policy.
#[derive(Debug, Clone)]
pub struct ScenarioFile {
    /// The name of the policy that all of them are about.
    pub policy: String,
    /// In the order of the file.
    pub scenarios: Vec<Scenario>,
}

impl ScenarioFile {
    /// Keeps the scenarios whose names (or whose policy) contain a text.
    pub fn retain(&mut self, text: &str) {
        if !self.policy.contains(text) {
            self.scenarios.retain(|scenario| scenario.name.contains(text));
        }
    }
}

/// One scenario: a record, what was before it, and what must come out.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it shows, in plain words; unique within its file.
    pub name: String,
    /// Where its name stands: what a diagnostic about it points at.
    pub span: Span,
    /// The record: the file's `given` with the scenario's `with` merged in.
    pub record: Node,
    /// The time of the evaluation; the record's own date where left out.
    pub now: Option<Time>,
    /// The records that were decided before.
    pub history: Vec<Node>,
    /// Counters with values of their own, whatever was before.
    pub counters: Vec<(String, Amount)>,
    /// Parameters that have other values in it, by name, as `--set` takes them.
    pub set: Vec<(String, String)>,
    /// All that must come out; at least one expectation.
    pub expect: Vec<Expectation>,
    /// The lines of its file.
    pub lines: Lines,
}

/// One thing that must come out.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// A decision has this value; `null` for one that is undecided or a fault.
    Decision(String, Node),
    /// These rules gave values, and no others did.
    By(Vec<String>),
    /// These rules fired and were overridden.
    Overridden(Vec<String>),
    /// These rules fired in a phase that is only watched, and no others did.
    Shadow(Vec<String>),
    /// These rules fired in a phase that warns, and no others did.
    Warn(Vec<String>),
    /// These rules have no value for the record, and no others do.
    Faults(Vec<String>),
    /// These obligations, with due times where given.
    Obligations(Vec<(String, Due)>),
    /// In a language, a reason contains this text.
    Reason(String, String),
    /// The record is refused at these paths.
    Rejected(Vec<String>),
    /// Of the element with this id, or at this position, all of these.
    Element(String, Vec<Expectation>),
    /// So many elements are judged.
    Elements(usize),
}

/// When an obligation must be due.
#[derive(Debug, Clone, PartialEq)]
pub enum Due {
    /// At whatever time, or never.
    Any,
    /// Never: it stands without a limit.
    Unlimited,
    /// At each of these times, if several rules require it.
    At(Vec<Time>),
}

const FILE_KEYS: &[&str] = &["policy", "given", "now", "history", "counters", "scenarios"];
const SCENARIO_KEYS: &[&str] = &["name", "with", "now", "history", "counters", "set", "expect"];
/// Expectations that are no decisions.
const WORDS: &[&str] =
    &["by", "overridden", "shadow", "warn", "faults", "obligations", "reason", "rejected"];

/// Reads a scenario file for a program.
///
/// # Errors
/// Every slip of the file.
pub fn read(
    file: FileId,
    text: &str,
    program: &Program,
    zone: &Zone,
) -> Result<ScenarioFile, Vec<Diagnostic>> {
    let node = yaml::parse(file, text, Code::BadScenario).map_err(|slip| vec![slip])?;
    let lines = Lines::of(text);
    let mut reader = ScenarioReader { program, zone, lines, diagnostics: Vec::new() };
    let read = reader.file(&node);
    match read {
        Some(read) if reader.diagnostics.is_empty() => Ok(read),
        _ => Err(reader.diagnostics),
    }
}

struct ScenarioReader<'p> {
    program: &'p Program,
    zone: &'p Zone,
    lines: Lines,
    diagnostics: Vec<Diagnostic>,
}

impl ScenarioReader<'_> {
    fn wrong(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(Code::BadScenario, span, message).help(help));
    }

    fn check_keys(&mut self, node: &Node, allowed: &[&str], what: &str) {
        for (key, _) in node.entries() {
            let name = key.scalar().unwrap_or_default();
            if !allowed.contains(&name.as_str()) {
                let help = did_you_mean(&name, allowed.iter().copied())
                    .unwrap_or_else(|| format!("keys are {}", allowed.join(", ")));
                self.wrong(key.span, format!("{what} has no key `{name}`"), help);
            }
        }
    }

    fn file(&mut self, node: &Node) -> Option<ScenarioFile> {
        if !matches!(node.kind, NodeKind::Map(_)) {
            self.wrong(node.span, "a scenario file has keys and values", "start with `policy: …`");
            return None;
        }
        self.check_keys(node, FILE_KEYS, "a scenario file");
        let policy = self.policy(node);
        let empty = Node { kind: NodeKind::Map(Vec::new()), span: node.span };
        let given = node.get("given").unwrap_or(&empty);
        let now = node.get("now").and_then(|node| self.time(node));
        let program = self.program;
        let judged = policy.as_deref().and_then(|name| program.policy(name));
        let judged = judged.map(|id| &program.policies[id]);
        let given = &self.record(given, judged);
        let earlier = self.earlier(node, given, judged, &Earlier::default());
        let list = node.get("scenarios").map(|node| (node.span, node.items().to_vec()));
        let (span, items) = list.unwrap_or((node.span, Vec::new()));
        if items.is_empty() {
            self.wrong(span, "the file has no scenarios", "write `scenarios:` and a list below it");
        }
        let mut scenarios: Vec<Scenario> = Vec::new();
        for item in &items {
            let earlier = self.earlier(item, given, judged, &earlier);
            let scenario = self.scenario(item, given, now, judged);
            let Some(scenario) = scenario.map(|scenario| Scenario {
                history: earlier.history,
                counters: earlier.counters,
                ..scenario
            }) else {
                continue;
            };
            if scenarios.iter().any(|other| other.name == scenario.name) {
                let message = format!("two scenarios are named \"{}\"", scenario.name);
                self.wrong(scenario.span, message, "give each a name of its own");
            }
            scenarios.push(scenario);
        }
        Some(ScenarioFile { policy: policy?, scenarios })
    }

    /// A part of a record as records hold it.
    fn record(&mut self, node: &Node, judged: Option<&Policy>) -> Node {
        let Some(judged) = judged else { return node.clone() };
        self.check_fields(node, &judged.layout);
        literal::record(node, &judged.layout, self.zone)
    }

    /// Reports keys that no record declares: a misspelt optional would pass as missing.
    fn check_fields(&mut self, node: &Node, layout: &Layout) {
        for (key, value) in node.entries() {
            let name = key.scalar().unwrap_or_default();
            let Some((_, field)) = layout.field(&name) else {
                let near = || did_you_mean(&name, layout.names());
                let help = within(&name, value, layout).or_else(near).unwrap_or_else(|| {
                    let fields: Vec<_> = layout.fields.iter().map(|f| f.name.as_ref()).collect();
                    format!("its fields are {}", fields.join(", "))
                });
                let message = format!("record `{}` has no field `{name}`", layout.record);
                self.wrong(key.span, message, help);
                continue;
            };
            match &field.kind {
                FieldKind::Record(inner) => self.check_fields(value, inner),
                FieldKind::List(element) => {
                    if let Element::Record(inner) = element.as_ref() {
                        value.items().iter().for_each(|item| self.check_fields(item, inner));
                    }
                }
                FieldKind::Scalar(_) | FieldKind::Read(..) => {}
            }
        }
    }

    fn policy(&mut self, node: &Node) -> Option<String> {
        let Some(name) = node.get("policy") else {
            self.wrong(node.span, "the file does not say which policy it tests", "add `policy: …`");
            return None;
        };
        let text = name.scalar().unwrap_or_default();
        if self.program.policy(&text).is_none() {
            let help = self.program.policy_help(&text);
            self.wrong(name.span, format!("there is no policy `{text}`"), help);
            return None;
        }
        Some(text)
    }

    fn time(&mut self, node: &Node) -> Option<Time> {
        let time = node.scalar().and_then(|text| parse_time(&text, self.zone));
        if time.is_none() {
            let help = "write `2024-09-12T08:00:00+08:00`, or a day";
            self.wrong(node.span, "this is not a time", help);
        }
        time
    }

    fn scenario(
        &mut self,
        node: &Node,
        given: &Node,
        now: Option<Time>,
        judged: Option<&Policy>,
    ) -> Option<Scenario> {
        self.check_keys(node, SCENARIO_KEYS, "a scenario");
        let name = node.get("name");
        let text = name.and_then(Node::scalar);
        if text.is_none() {
            self.wrong(node.span, "a scenario needs a name", "add `name: …` in plain words");
        }
        let with = node.get("with").map(|with| self.record(with, judged));
        let record = with.map_or_else(|| given.clone(), |with| given.merged(&with));
        let now = match node.get("now") {
            Some(node) => self.time(node),
            None => now,
        };
        let set = node.get("set").map_or([].as_slice(), Node::entries);
        let set: Vec<_> =
            set.iter().filter_map(|(key, value)| self.set(key.scalar()?, value)).collect();
        let expect = match node.get("expect") {
            Some(expect) if !expect.entries().is_empty() => {
                match judged.filter(|policy| policy.elements.is_some()) {
                    Some(policy) => self.elements(expect, policy),
                    None => self.expectations(expect, judged),
                }
            }
            _ => {
                let help = match judged.and_then(|policy| policy.elements.as_ref()) {
                    Some(_) => {
                        "add `expect:` with an element by its id or position, such as `1: { refund: review }`"
                    }
                    None => "add `expect:` with a decision, such as `refund: review`",
                };
                self.wrong(node.span, "a scenario without `expect` proves nothing", help);
                Vec::new()
            }
        };
        let span = name.map_or(node.span, |name| name.span);
        let (history, counters) = (Vec::new(), Vec::new());
        let lines = self.lines.clone();
        Some(Scenario { name: text?, span, record, now, history, counters, set, expect, lines })
    }

    /// A parameter, and its value as `--set` takes it.
    fn set(&mut self, name: String, value: &Node) -> Option<(String, String)> {
        let mut parameters = self.program.parameters.iter();
        let has_texts = parameters.any(|parameter| {
            parameter.name == name
                && matches!(&parameter.ty, Type::List(element) if element.is_quoted())
        });
        let written = |text: String| if has_texts { text_literal(&text) } else { text };
        let text = match &value.kind {
            NodeKind::List(items) => {
                let items: Option<Vec<_>> =
                    items.iter().map(|item| item.scalar().map(written)).collect();
                items.map(|items| format!("[{}]", items.join(", ")))
            }
            _ => value.scalar(),
        };
        if text.is_none() {
            self.wrong(value.span, "this is no value of a parameter", "write it as a policy does");
        }
        Some((name, text?))
    }

    /// What is expected of the elements of a list, by their ids or positions, and of all of them.
    fn elements(&mut self, node: &Node, policy: &Policy) -> Vec<Expectation> {
        let mut expectations = Vec::new();
        for (key, value) in node.entries() {
            let name = key.scalar().unwrap_or_default();
            match (name.as_str(), &value.kind) {
                ("rejected", NodeKind::List(items)) => {
                    let paths = items.iter().filter_map(Node::scalar).collect();
                    expectations.push(Expectation::Rejected(paths));
                }
                ("elements", _) if let Some(Ok(count)) = value.scalar().map(|n| n.parse()) => {
                    expectations.push(Expectation::Elements(count));
                }
                (_, NodeKind::Map(_)) => {
                    let inner = self.expectations(value, Some(policy));
                    expectations.push(Expectation::Element(name, inner));
                }
                _ => {
                    let what = policy.elements.as_ref();
                    let what = what.map_or("element", |elements| elements.name.as_str());
                    let decision = policy.decisions.iter().next();
                    let decision = decision.map_or("decision", |decision| decision.name.as_str());
                    let message = format!("policy `{}` decides about each {what}", policy.name);
                    let help = format!(
                        "name one by its id or its position, counted from 1: `1: {{ {decision}: … }}`; \
                         `elements: 0` says how many there are"
                    );
                    self.wrong(key.span, message, help);
                }
            }
        }
        expectations
    }

    fn expectations(&mut self, node: &Node, policy: Option<&Policy>) -> Vec<Expectation> {
        let mut expectations = Vec::new();
        for (key, value) in node.entries() {
            let name = key.scalar().unwrap_or_default();
            let names = |value: &Node| value.items().iter().filter_map(Node::scalar).collect();
            match name.as_str() {
                "by" | "overridden" | "shadow" | "warn" | "faults" | "rejected"
                    if !matches!(value.kind, NodeKind::List(_)) =>
                {
                    let help = format!("write `{name}: [a, b]`, or `{name}: []` for none");
                    self.wrong(value.span, format!("`{name}` takes a list"), help);
                }
                "by" | "overridden" | "shadow" | "warn" | "faults" => {
                    let rules: Vec<String> = names(value);
                    self.check_rules(value, policy);
                    expectations.push(match name.as_str() {
                        "by" => Expectation::By(rules),
                        "overridden" => Expectation::Overridden(rules),
                        "shadow" => Expectation::Shadow(rules),
                        "warn" => Expectation::Warn(rules),
                        _ => Expectation::Faults(rules),
                    });
                }
                "rejected" => expectations.push(Expectation::Rejected(names(value))),
                "obligations" => expectations.push(self.obligations(value, policy)),
                "reason" => self.reasons(value, &mut expectations),
                decision => {
                    let decisions = policy.map_or([].as_slice(), |policy| &policy.decisions);
                    if policy.is_some()
                        && !decisions.iter().any(|declared| declared.name == decision)
                    {
                        let names = decisions.iter().map(|declared| declared.name.as_str());
                        let names = names.chain(WORDS.iter().copied());
                        let help = did_you_mean(decision, names.clone()).unwrap_or_else(|| {
                            format!("expect {}", names.collect::<Vec<_>>().join(", "))
                        });
                        self.wrong(
                            key.span,
                            format!("the policy does not decide `{decision}`"),
                            help,
                        );
                    }
                    if let Some(declared) =
                        decisions.iter().find(|declared| declared.name == decision)
                    {
                        self.check_outcome(value, &declared.ty);
                    }
                    expectations.push(Expectation::Decision(name, value.clone()));
                }
            }
        }
        expectations
    }

    /// Reports an outcome that the decision never has.
    fn check_outcome(&mut self, value: &Node, ty: &Type) {
        if let NodeKind::List(items) = &value.kind {
            items.iter().for_each(|item| self.check_outcome(item, ty));
            return;
        }
        if matches!(value.kind, NodeKind::Null) || outcome::read(value, ty, self.zone).is_some() {
            return;
        }
        let (message, help) = match (ty.required(), value.scalar()) {
            (Type::Enum(members), Some(outcome)) => {
                let names = members.members.iter().map(String::as_str);
                let help = did_you_mean(&outcome, names)
                    .unwrap_or_else(|| format!("outcomes are {}", members.members.join(", ")));
                (format!("there is no outcome `{outcome}`"), help)
            }
            (ty, _) => {
                let help = format!("write {}", ty.described());
                (format!("the decision never is this, but {}", ty.described()), help)
            }
        };
        self.wrong(value.span, message, help);
    }

    fn check_rules(&mut self, list: &Node, policy: Option<&Policy>) {
        let Some(policy) = policy else { return };
        for item in list.items() {
            let name = item.scalar().unwrap_or_default();
            let rules = policy.rules.iter().map(|rule| rule.name.as_str());
            if !rules.clone().any(|rule| rule == name) {
                let help = did_you_mean(&name, rules).unwrap_or_else(|| "name a rule".into());
                let message = format!("policy `{}` has no rule `{name}`", policy.name);
                self.wrong(item.span, message, help);
            }
        }
    }

    fn obligations(&mut self, node: &Node, policy: Option<&Policy>) -> Expectation {
        let mut all = Vec::new();
        for item in node.items() {
            self.check_obligation(item, policy);
            all.extend(item.scalar().map(|name| (name, Due::Any)));
        }
        for (key, value) in node.entries() {
            self.check_obligation(key, policy);
            let due = match &value.kind {
                NodeKind::Null => Due::Unlimited,
                NodeKind::List(times) => {
                    Due::At(times.iter().filter_map(|time| self.time(time)).collect())
                }
                _ => Due::At(self.time(value).into_iter().collect()),
            };
            all.extend(key.scalar().map(|name| (name, due)));
        }
        if all.is_empty() && !matches!(node.kind, NodeKind::List(_)) {
            let help = "write `[names]`, `{name: due time}`, or `[]` for none";
            self.wrong(node.span, "`obligations` takes names", help);
        }
        Expectation::Obligations(all)
    }

    /// Reports an obligation that no rule requires.
    fn check_obligation(&mut self, node: &Node, policy: Option<&Policy>) {
        let Some(policy) = policy else { return };
        let name = node.scalar().unwrap_or_default();
        let requires = policy.rules.iter().flat_map(|rule| &rule.requires);
        let names = requires.map(|require| require.name.as_str());
        if !names.clone().any(|required| required == name) {
            let help = did_you_mean(&name, names.clone()).unwrap_or_else(|| {
                let mut names: Vec<_> = names.collect();
                names.sort_unstable();
                names.dedup();
                match names.is_empty() {
                    true => "its rules have no `require`".into(),
                    false => format!("they require {}", names.join(", ")),
                }
            });
            let message = format!("no rule of policy `{}` requires `{name}`", policy.name);
            self.wrong(node.span, message, help);
        }
    }

    fn reasons(&mut self, node: &Node, into: &mut Vec<Expectation>) {
        let first = self.program.languages.first().cloned().unwrap_or_default();
        if let Some(text) = node.scalar() {
            into.push(Expectation::Reason(first, text));
            return;
        }
        if node.entries().is_empty() {
            self.wrong(
                node.span,
                "`reason` takes a text, or texts by language",
                "write `reason: {en: …}`",
            );
        }
        for (key, value) in node.entries() {
            if let (Some(language), Some(text)) = (key.scalar(), value.scalar()) {
                if !is_language_tag(&language) {
                    let message = format!("`{language}` is no language tag");
                    self.wrong(key.span, message, language_tag_help(&language));
                }
                into.push(Expectation::Reason(language, text));
            }
        }
    }
}

/// How a path to a field within a field is written, such as `order: { kind: gift }` for `order.kind`.
fn within(path: &str, value: &Node, layout: &Layout) -> Option<String> {
    let mut names = path.rsplit('.');
    let last = names.next().filter(|last| *last != path)?;
    layout.field(path.split('.').next()?)?;
    let innermost = format!("{last}: {}", value.scalar().unwrap_or_else(|| "…".into()));
    let written = names.fold(innermost, |inner, name| format!("{name}: {{ {inner} }}"));
    Some(format!("write `{written}`"))
}
