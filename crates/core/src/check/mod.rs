//! Trees to a typed tree, with every problem of every file at once.

mod call;
mod circle;
mod cites;
mod constant;
mod counter;
mod define;
mod infer;
mod invariant;
mod join;
mod lint;
mod measure;
mod name;
mod operation;
mod overlay;
mod policy;
mod presence;
mod reading;
mod resolve;
mod rule;
mod script;
mod table;
pub mod typed;
mod written;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::script::Host;
use crate::settings::Settings;
pub use define::list_lines;
use rulebook_base::diagnostic::{self, Code, Diagnostic, Severity};
use rulebook_base::source::{FileId, Sources, Span};
use rulebook_lang::model::EnumType;
use rulebook_syntax::Parsed;
use rulebook_syntax::ast::{self, DefinitionKind};
use typed::{
    Checked, CounterId, FunctionId, ListId, LocalId, ParameterId, Policy, PolicyId, RecordId,
    TableId,
};

/// Checks the files of a rulebook together and returns the typed tree beside all that is wrong.
///
/// `named` holds the texts of the files that lists and functions name, by where they name them, with the
/// files' numbers.
/// The tree may be compiled only if no diagnostic is an error. The files are taken, since what is
/// written of a rule is freed as soon as it has been checked: the memory is used for the next.
pub fn check(
    sources: &Sources,
    mut files: Vec<Parsed>,
    named: &BTreeMap<Span, (FileId, String)>,
    settings: &Settings,
) -> (Checked, Vec<Diagnostic>) {
    let mut checker = Checker::new(sources, &files, named, settings);
    let definitions = definitions_of(&files);
    checker.collect(&definitions);
    checker.define_records(&definitions);
    checker.declare(&definitions);
    checker.define_values(&definitions);
    checker.define_defaults(&definitions);
    checker.define_tables(&definitions);
    checker.define_functions(&definitions);
    checker.check_recursion();
    checker.define_joins(&definitions);
    checker.define_counters(&definitions);
    checker.declare_policies(&definitions);
    let mut overlays = checker.overlays(&mut files);
    let definitions = files.iter_mut().flat_map(|parsed| &mut parsed.file.definitions);
    let policies = definitions.filter_map(|definition| match &mut definition.kind {
        DefinitionKind::Policy(policy) if policy.amends().is_none() => Some(policy),
        _ => None,
    });
    for (at, policy) in policies.enumerate() {
        let overlays = overlays.remove(policy.name.text).unwrap_or_default();
        checker.define_policy(PolicyId::at(at), policy, overlays);
    }
    checker.check_readings();
    checker.checked.policies =
        std::mem::take(&mut checker.policies).into_iter().flatten().collect();
    checker.lint(&definitions_of(&files));
    let mut diagnostics: Vec<_> = files.into_iter().flat_map(|parsed| parsed.diagnostics).collect();
    diagnostics.append(&mut checker.diagnostics);
    // What an included rulebook is warned of is its own business.
    diagnostics.retain(|diagnostic| {
        let file = diagnostic.span().map(|span| span.file);
        diagnostic.code.default_severity() == Severity::Error
            || file.and_then(|file| sources.included(file)).is_none()
    });
    settings.apply_levels(&mut diagnostics);
    diagnostic::sort(&mut diagnostics);
    (checker.checked, diagnostics)
}

fn definitions_of<'f, 's>(files: &'f [Parsed<'s>]) -> Vec<&'f ast::Definition<'s>> {
    files.iter().flat_map(|parsed| &parsed.file.definitions).collect()
}

/// What a name of the rulebook stands for.
#[derive(Debug, Clone)]
enum Named {
    Enum(Arc<EnumType>),
    Record(RecordId),
    Parameter(ParameterId),
    List(ListId),
    Function(FunctionId),
    Counter(CounterId),
    Table(TableId),
    Policy(PolicyId),
    /// A policy that amends the one with this name.
    Overlay(String),
}

/// The state of a check.
struct Checker<'a> {
    sources: &'a Sources,
    settings: &'a Settings,
    named: &'a BTreeMap<Span, (FileId, String)>,
    names: FxHashMap<String, (Named, Span)>,
    /// Names of pieces that did not parse; nobody reports them as unknown.
    broken: HashSet<String>,
    /// Whether anything did not parse.
    slips: bool,
    used: HashSet<String>,
    checked: Checked,
    /// The policies; `None` for one whose record is unknown, and for the one at hand.
    policies: Vec<Option<Policy>>,
    /// Where policies read decisions of others.
    readings: Vec<reading::Reading>,
    diagnostics: Vec<Diagnostic>,
    next_local: u32,
    /// Compiles scripts, once there is one.
    scripts: Option<Host>,
    patterns: call::Patterns,
    /// The functions that a function's body calls, and where.
    calls: HashMap<FunctionId, Vec<(FunctionId, Span)>>,
}

impl<'a> Checker<'a> {
    fn new(
        sources: &'a Sources,
        files: &[Parsed],
        named: &'a BTreeMap<Span, (FileId, String)>,
        settings: &'a Settings,
    ) -> Self {
        let broken =
            files.iter().flat_map(|parsed| &parsed.broken).map(|(_, name)| (*name).to_string());
        Self {
            sources,
            settings,
            named,
            names: FxHashMap::default(),
            broken: broken.collect(),
            slips: files.iter().any(|parsed| !parsed.diagnostics.is_empty()),
            used: HashSet::new(),
            checked: Checked::default(),
            policies: Vec::new(),
            readings: Vec::new(),
            diagnostics: Vec::new(),
            next_local: 0,
            scripts: None,
            patterns: call::Patterns::default(),
            calls: HashMap::new(),
        }
    }

    /// Notes that something reads what has this name.
    fn mark_used(&mut self, name: &str) {
        if !self.used.contains(name) {
            self.used.insert(name.to_string());
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.report(Diagnostic::new(code, span, message));
    }

    /// An expression as its author wrote it, on one line.
    fn shown(&self, span: Span) -> String {
        self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn local(&mut self) -> LocalId {
        self.next_local += 1;
        LocalId(self.next_local)
    }

    /// Gives every definition its number; a name that is taken keeps its first meaning.
    fn collect(&mut self, definitions: &[&ast::Definition]) {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        let mut number = |keyword| {
            let count = counts.entry(keyword).or_insert(0);
            *count += 1;
            *count - 1
        };
        for definition in definitions {
            let (name, keyword) = (definition.kind.name(), definition.kind.keyword());
            let named = match &definition.kind {
                DefinitionKind::Enum(node) => {
                    let mut members = self.members(&node.members);
                    members.name = Some(name.text.to_string());
                    Named::Enum(Arc::new(members))
                }
                DefinitionKind::Record(_) => Named::Record(RecordId(number(keyword))),
                DefinitionKind::Parameter(_) => Named::Parameter(ParameterId(number(keyword))),
                DefinitionKind::List(_) => Named::List(ListId(number(keyword))),
                DefinitionKind::Function(_) => Named::Function(FunctionId(number(keyword))),
                DefinitionKind::Counter(_) => Named::Counter(CounterId(number(keyword))),
                DefinitionKind::Table(_) => Named::Table(TableId(number(keyword))),
                DefinitionKind::Policy(policy) => match policy.amends() {
                    None => Named::Policy(PolicyId(number(keyword))),
                    Some(amended) => Named::Overlay(amended.text.to_string()),
                },
            };
            self.add_name(name, named);
        }
    }

    fn add_name(&mut self, name: &ast::Name, named: Named) {
        if let Some(meaning) = resolve::reserved(name.text) {
            let message = format!("`{}` is {meaning}", name.text);
            self.report(
                Diagnostic::new(Code::ReservedName, name.span, message).help("choose another name"),
            );
        }
        if let Some((_, first)) = self.names.get(name.text) {
            let first = *first;
            self.report_twice(name, first);
            return;
        }
        self.names.insert(name.text.to_string(), (named, name.span));
    }

    /// Reports a name that is taken; where an included rulebook has it, at the place that includes
    /// that.
    fn report_twice(&mut self, name: &ast::Name, first: Span) {
        let message = format!("`{}` is defined twice", name.text);
        let sources = self.sources;
        let included = [name.span, first].map(|span| sources.included(span.file));
        let diagnostic = match included.into_iter().flatten().next() {
            Some(place) => Diagnostic::new(Code::DuplicateName, place, message)
                .label("by what is included here")
                .also(name.span, "defined again here"),
            None => {
                Diagnostic::new(Code::DuplicateName, name.span, message).label("defined again here")
            }
        };
        let shared = match included {
            [None, None] => "all files of a rulebook share one set of names",
            _ => "a rulebook shares one set of names with those that it includes",
        };
        self.report(
            diagnostic
                .also(first, "first defined here")
                .help(format!("{shared}; rename one of the two")),
        );
    }

    /// The members of an enum, with duplicates reported.
    fn members(&mut self, members: &ast::Members) -> EnumType {
        let mut names: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        for name in &members.names {
            if resolve::is_word(name.text) {
                let message = format!("`{}` is a word of the language", name.text);
                self.report(
                    Diagnostic::new(Code::ReservedName, name.span, message)
                        .help("choose another name"),
                );
            }
            if !seen.insert(name.text) {
                self.error(Code::DuplicateName, name.span, format!("`{}` stands twice", name.text));
            } else {
                names.push(name.text.to_string());
            }
        }
        if let (true, true, Some(last)) = (members.ordered, members.open, members.names.last()) {
            let message = "names that are not listed have no place in an order";
            self.report(
                Diagnostic::new(Code::WrongType, last.span, message)
                    .help("leave out `..`, or part the members by commas"),
            );
        }
        EnumType::new(names, members.ordered, members.open)
    }
}
