//! The public edge: a folder of policies to a rulebook that decides.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::load::{Files, LoadError};
use crate::policy::{Policy, UnknownPolicy};
use crate::statement::{self, Statements};
use rulebook_base::diagnostic::{self, Code, Diagnostic, Style, did_you_mean, render_text};
use rulebook_base::digest::Digest;
use rulebook_base::source::{FileId, Sources, Span};
use rulebook_base::visible::visible;
use rulebook_core::analyse::{self, Finding, Verdict};
use rulebook_core::check::check;
use rulebook_core::eval::RulebookName;
use rulebook_core::facts::ProfileStore;
use rulebook_core::program::{Places, Program, compile};
use rulebook_core::settings::Settings;
use rulebook_lang::model::{Currency, Number, Time, Type};
use rulebook_syntax::ast::{
    CalendarItemKind, DefinitionKind, Expr, Function, FunctionBody, ListDefinition, ListItems,
    ParameterValue, Text, TypeKind,
};
use rulebook_syntax::{Parsed, parse, parse_table, parse_value};

/// What a caller sets for a rulebook.
///
/// ```
/// use rulebook::{Options, Rulebook};
/// let policies = "
///     record Order { amount: CNY }
///     parameter limit: CNY = 200 CNY
///     policy review for Order {
///       decide check: bool by first otherwise false
///       rule large { when amount > limit then true }
///     }";
/// let options = Options::new().parameter("limit", "50 CNY");
/// let rulebook = Rulebook::from_sources_with([("a.policy", policies)], &options)?;
/// let decision = rulebook.policy("review")?.decide_json(br#"{"amount": 60}"#)?;
/// assert_eq!(decision.truth("check"), Ok(true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Options {
    parameters: Vec<(String, String)>,
    places: Places,
    searched: Searched,
}

/// For how long claims are searched for a record that breaks them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Searched {
    #[default]
    AtLoading,
    InDepth,
    Never,
}

impl Searched {
    fn most_work(self) -> u64 {
        match self {
            Self::AtLoading => analyse::AT_LOADING,
            Self::InDepth => analyse::IN_DEPTH,
            Self::Never => 0,
        }
    }
}

impl Options {
    /// No parameter set: the rulebook as it is written.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a parameter another value, written as in a policy: `4.7`, `50 CNY`, `"text"`. An
    /// amount may lack its currency, and a text its quotes.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Keeps the places of the text apart, see [`Places::Each`].
    #[doc(hidden)]
    pub fn each_place(mut self) -> Self {
        self.places = Places::Each;
        self
    }

    /// Searches longer for records that break a claim, and tells which claims are too much to search: for those
    /// who ask what holds, and can wait for it.
    #[doc(hidden)]
    pub fn in_depth(mut self) -> Self {
        self.searched = Searched::InDepth;
        self
    }

    /// Takes the claims of a rulebook as they stand: for those who search them by themselves.
    #[doc(hidden)]
    pub fn unsearched(mut self) -> Self {
        self.searched = Searched::Never;
        self
    }
}

/// A rulebook that has been checked and compiled. Cheap to clone, safe to share, never changes.
#[derive(Clone)]
pub struct Rulebook {
    inner: Arc<Inner>,
    profiles: Option<Arc<dyn ProfileStore>>,
}

struct Inner {
    program: Arc<Program>,
    name: Arc<RulebookName>,
    settings: Settings,
    statements: Statements,
    sources: Sources,
    warnings: Vec<Diagnostic>,
    findings: Vec<Finding>,
}

impl fmt::Debug for Rulebook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rulebook").field("name", &self.inner.name).finish_non_exhaustive()
    }
}

/// What [`Rulebook::inspect`] finds out about files, whether or not they make a rulebook.
#[derive(Debug)]
pub struct Inspection {
    /// The texts of the files, in which the places of the diagnostics lie.
    pub sources: Sources,
    /// Errors and warnings, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The rulebook; `None` if a diagnostic is an error.
    pub rulebook: Option<Rulebook>,
}

impl Inspection {
    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The rulebook, or all its problems.
    ///
    /// # Errors
    /// [`LoadError::Invalid`] with the problems drawn in the source.
    pub fn into_rulebook(self) -> Result<Rulebook, LoadError> {
        match self.rulebook {
            Some(rulebook) => Ok(rulebook),
            None => {
                let errors: Vec<_> =
                    self.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
                let text = render_text(&self.sources, &errors, Style::Plain);
                Err(LoadError::Invalid { errors, text })
            }
        }
    }
}

impl Rulebook {
    /// Loads a folder with `rulebook.yaml` and `.policy` files, or a single `.policy` file.
    ///
    /// # Errors
    /// When a file cannot be read, or when the policies have errors; the error's text draws them.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::load_with(path, &Options::new())
    }

    /// Loads with options.
    ///
    /// # Errors
    /// As [`Rulebook::load`]; also when an option does not fit.
    pub fn load_with(path: impl AsRef<Path>, options: &Options) -> Result<Self, LoadError> {
        Self::inspect(&Files::read(path.as_ref())?, options).into_rulebook()
    }

    /// Builds a rulebook from texts with their paths; `rulebook.yaml` and list files may be among
    /// them.
    ///
    /// ```
    /// use rulebook::Rulebook;
    /// let rulebook = Rulebook::from_sources([(
    ///     "greeting.policy",
    ///     "record Visitor { age: number }
    ///      policy entry for Visitor {
    ///        decide enter: bool by first otherwise false
    ///        rule adult { when age >= 18 then true }
    ///      }",
    /// )])?;
    /// assert_eq!(rulebook.policies().collect::<Vec<_>>(), ["entry"]);
    /// # Ok::<(), rulebook::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// When the policies have errors.
    pub fn from_sources<P, T>(sources: impl IntoIterator<Item = (P, T)>) -> Result<Self, LoadError>
    where
        P: Into<String>,
        T: Into<String>,
    {
        Self::from_sources_with(sources, &Options::new())
    }

    /// Builds a rulebook from texts with options.
    ///
    /// # Errors
    /// As [`Rulebook::from_sources`]; also when an option does not fit.
    pub fn from_sources_with<P, T>(
        sources: impl IntoIterator<Item = (P, T)>,
        options: &Options,
    ) -> Result<Self, LoadError>
    where
        P: Into<String>,
        T: Into<String>,
    {
        Self::inspect(&Files::from_texts(sources), options).into_rulebook()
    }

    /// Checks files, and reports every problem of theirs rather than the first.
    pub fn inspect(files: &Files, options: &Options) -> Inspection {
        let mut diagnostics = files.problems().to_vec();
        let mut sources = files.sources().clone();
        let settings = read_settings(files, &sources, &mut diagnostics);
        settings.apply_levels(&mut diagnostics);
        let texts = files.sources();
        let parsed: Vec<_> = files
            .policies()
            .map(|id| parse(id, texts.get(id).map_or("", |file| &file.text)))
            .collect();
        // What was cut has been reported.
        let refused = match files.is_cut() {
            true => None,
            false => crate::bounds::refuse(files.trust(), &settings, &parsed),
        };
        if files.is_cut() || refused.is_some() {
            diagnostics.extend(refused);
            return Inspection { sources, diagnostics, rulebook: None };
        }
        let named = named_files(files, &parsed, &mut diagnostics);
        let mut given = Vec::new();
        for (name, value) in &options.parameters {
            let value = given_value(&mut sources, &parsed, name, value, &mut diagnostics);
            given.extend(value.map(|(id, value)| (name, id, value)));
        }
        let mut parsed = parsed;
        read_tables(files, &mut parsed, &mut diagnostics);
        for (name, id, value) in &given {
            match parse_value(*id, value) {
                Ok(expr) => set_parameter(&mut parsed, name, expr),
                Err(problems) => diagnostics.extend(problems),
            }
        }
        let (checked, found) = check(&sources, parsed, &named, &settings);
        diagnostics.extend(found);
        diagnostic::sort(&mut diagnostics);
        let compiled = (!diagnostics.iter().any(Diagnostic::is_error)).then(|| {
            let name = Arc::new(RulebookName {
                name: settings.name.clone(),
                version: settings.version.clone(),
                digest: digest(&sources),
            });
            (name, Arc::new(compile(checked, &settings, options.places)))
        });
        let rulebook = compiled.and_then(|(name, program)| {
            let statements = statement::read(settings.dsa.as_ref(), &program, &mut diagnostics);
            if diagnostics.iter().any(Diagnostic::is_error) {
                return None;
            }
            let (findings, _) = analyse::findings(&program, options.searched.most_work());
            let mut found = claimed(&findings, options.searched);
            settings.apply_levels(&mut found);
            if !found.is_empty() {
                diagnostics.append(&mut found);
                diagnostic::sort(&mut diagnostics);
            }
            if diagnostics.iter().any(Diagnostic::is_error) {
                return None;
            }
            let (sources, warnings) = (sources.clone(), diagnostics.clone());
            let inner = Inner { program, name, settings, statements, sources, warnings, findings };
            Some(Self { inner: Arc::new(inner), profiles: None })
        });
        Inspection { sources, diagnostics, rulebook }
    }

    /// The policy with this name, ready to decide.
    ///
    /// # Errors
    /// When the rulebook has no such policy; the error names the nearest.
    pub fn policy(&self, name: &str) -> Result<Policy, UnknownPolicy> {
        match self.inner.program.policy(name) {
            Some(index) => {
                let policy = Policy::new(&self.inner.program, &self.inner.name, index);
                Ok(match &self.profiles {
                    Some(profiles) => policy.with_profiles(profiles.clone()),
                    None => policy,
                })
            }
            None => Err(UnknownPolicy {
                name: name.to_string(),
                help: self.inner.program.policy_help(name),
            }),
        }
    }

    /// The rulebook whose policies look up joined fields in this store, as
    /// [`Policy::with_profiles`] does for one.
    #[must_use]
    pub fn with_profiles(&self, profiles: Arc<dyn ProfileStore>) -> Self {
        Self { inner: self.inner.clone(), profiles: Some(profiles) }
    }

    /// The rulebook that looks up joined fields where another does.
    #[must_use]
    #[doc(hidden)]
    pub fn with_profiles_of(self, other: &Self) -> Self {
        Self { profiles: other.profiles.clone(), ..self }
    }

    /// The names of the policies, in the order of the files.
    pub fn policies(&self) -> impl Iterator<Item = &str> {
        self.inner.program.policies.iter().map(|policy| policy.name.as_str())
    }

    /// The latest instant up to which no counter looks back from a record of `now` or later: what
    /// happened until then may be forgotten. Without counters, that is `now`.
    #[doc(hidden)]
    pub fn horizon(&self, now: Time) -> Time {
        let program = &self.inner.program;
        let reaches = program.counters.iter().map(|c| c.window.stretch(now, &program.zone).after);
        reaches.fold(now, Time::min)
    }

    /// By what a result can be traced to this rulebook: its name, its version, and the SHA-256 of its texts.
    pub fn name(&self) -> &RulebookName {
        &self.inner.name
    }

    /// What `rulebook.yaml` says: zone, languages, levels of warnings.
    #[doc(hidden)]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// How decisions become statements of reasons under the EU Digital Services Act, by `dsa` in
    /// `rulebook.yaml`.
    ///
    /// ```
    /// use rulebook::Rulebook;
    /// let settings = "
    /// dsa:
    ///   - policy: links
    ///     when: { opening: blocked }
    ///     statement:
    ///       decision_visibility: DECISION_VISIBILITY_CONTENT_DISABLED
    ///       decision_ground: DECISION_GROUND_INCOMPATIBLE_CONTENT
    ///       incompatible_content_ground: '{titles}'
    ///       incompatible_content_explanation: '{reasons}'
    ///       content_type: CONTENT_TYPE_OTHER
    ///       category: STATEMENT_CATEGORY_SCAMS_AND_FRAUD
    ///       content_date: '{posted_at}'
    ///       application_date: '{dated}'
    ///       decision_facts: 'link {id}: {reasons}'
    ///       source_type: SOURCE_VOLUNTARY
    ///       automated_detection: 'Yes'
    ///       automated_decision: AUTOMATED_DECISION_FULLY
    ///       puid: 'link-{id}'";
    /// let policies = r#"
    ///     record Link { id: text  posted_at: time  baits: bool }
    ///     policy links for Link {
    ///       decide opening: directly < blocked by strictest otherwise directly
    ///       rule bait { title "No bait" when baits then blocked because "it pays for clicks" }
    ///     }"#;
    /// let rulebook =
    ///     Rulebook::from_sources([("links.policy", policies), ("rulebook.yaml", settings)])?;
    /// let link = r#"{"id": "7", "posted_at": "2024-05-01T08:00:00Z", "baits": true}"#;
    /// let decision = rulebook.policy("links")?.decide_json(link)?;
    /// let statement = rulebook.statements().statement(&decision).unwrap().unwrap();
    /// assert_eq!(statement.puid(), "link-7");
    /// assert_eq!(statement.field("content_date"), ["2024-05-01"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn statements(&self) -> &Statements {
        &self.inner.statements
    }

    /// The texts that the rulebook was made from.
    pub fn sources(&self) -> &Sources {
        &self.inner.sources
    }

    /// The problems that do not keep it from being used, in the order of the files.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.inner.warnings
    }

    /// What is known of each invariant.
    #[doc(hidden)]
    pub fn findings(&self) -> &[Finding] {
        &self.inner.findings
    }

    /// What evaluation runs on.
    #[doc(hidden)]
    pub fn program(&self) -> &Program {
        &self.inner.program
    }

    /// The compiled program, to be kept by those who read profiles for it.
    #[doc(hidden)]
    pub fn shared_program(&self) -> &Arc<Program> {
        &self.inner.program
    }
}

/// What is to be said of claims. Who had little time says nothing of those that would have taken more.
fn claimed(findings: &[Finding], searched: Searched) -> Vec<Diagnostic> {
    let is_whole =
        |of: &&Finding| searched == Searched::InDepth || !matches!(of.verdict, Verdict::TooMuch);
    findings.iter().filter(is_whole).filter_map(Finding::diagnostic).collect()
}

fn read_settings(files: &Files, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) -> Settings {
    let mut settings = match files.settings() {
        Some(id) => {
            let text = sources.get(id).map_or("", |file| &file.text);
            Settings::parse(id, text, diagnostics)
        }
        None => Settings::default(),
    };
    if settings.name == Settings::default().name {
        settings.name = files.name().to_string();
    }
    settings
}

/// The files that lists, functions and calendars name.
fn named_files(
    files: &Files,
    parsed: &[Parsed<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<Span, FileId> {
    let mut named = BTreeMap::new();
    for definition in parsed.iter().flat_map(|parsed| &parsed.file.definitions) {
        for (path, example) in paths(&definition.kind) {
            if let Some(id) = named_file(files, path, example, diagnostics) {
                named.insert(path.span, id);
            }
        }
    }
    named
}

/// The paths of the files that a list, a function or a calendar names, each with an example of one.
fn paths<'n, 's>(kind: &'n DefinitionKind<'s>) -> Vec<(&'n Text<'s>, &'static str)> {
    match kind {
        DefinitionKind::List(ListDefinition { items: ListItems::File(path), .. }) => {
            vec![(path, "lists/sites.txt")]
        }
        DefinitionKind::Function(Function { body: FunctionBody::Script(path), .. }) => {
            vec![(path, "scripts/risk.rhai")]
        }
        DefinitionKind::Calendar(calendar) => {
            let days = calendar.items.iter().filter_map(|item| match &item.kind {
                CalendarItemKind::Days(_, ListItems::File(path)) => Some(path),
                _ => None,
            });
            days.map(|path| (path, "calendars/us.csv")).collect()
        }
        _ => Vec::new(),
    }
}

/// Puts the rows of tables that stand in files into the trees.
fn read_tables<'f>(files: &'f Files, parsed: &mut [Parsed<'f>], diagnostics: &mut Vec<Diagnostic>) {
    for definition in parsed.iter_mut().flat_map(|parsed| &mut parsed.file.definitions) {
        let DefinitionKind::Table(table) = &mut definition.kind else { continue };
        let Some(path) = &table.file else { continue };
        if let Some(id) =
            named_file(files, path, "tables/fees.csv` or `tables/fees.xlsx#Fees", diagnostics)
        {
            let text = files.sources().get(id).map_or("", |file| &file.text);
            let (grid, mut found) = parse_table(id, text);
            table.grid = grid;
            diagnostics.append(&mut found);
        }
    }
}

/// The file that a list, a table, a calendar or a function names.
fn named_file(
    files: &Files,
    path: &Text<'_>,
    example: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<FileId> {
    let found = files.find(path.span.file, &path.value);
    if let Some(refused) = files.refusal(path.span.file, &path.value) {
        let message = format!("cannot read `{}`: {refused}", path.value);
        let problem = Diagnostic::new(Code::UnreadableFile, path.span, message);
        diagnostics.push(problem.maybe_help(refused.help()));
    } else if found.is_none() {
        let message = format!("there is no file `{}` in the rulebook", path.value);
        let help = match files.misnamed(&path.value) {
            Some(there) => format!(
                "`{}` is not read: names end in small letters; rename it, and write `{}`",
                visible(there),
                there.to_ascii_lowercase()
            ),
            None => sheet_of(files, path)
                .or_else(|| did_you_mean(&path.value, files.others(path.span.file)))
                .unwrap_or_else(|| {
                    format!("paths start at the rulebook's folder, such as `{example}`")
                }),
        };
        diagnostics.push(Diagnostic::new(Code::UnreadableFile, path.span, message).help(help));
    }
    found
}

/// Which sheet to name of a workbook that is named alone.
fn sheet_of(files: &Files, path: &Text<'_>) -> Option<String> {
    let mut others = files.others(path.span.file);
    let sheet = others.find(|other| {
        other.strip_prefix(path.value.as_ref()).is_some_and(|sheet| sheet.starts_with('#'))
    })?;
    Some(format!("name the sheet, too: `{}`", visible(sheet)))
}

/// The text of a value for a parameter, kept as a file of its own.
fn given_value(
    sources: &mut Sources,
    parsed: &[Parsed<'_>],
    name: &str,
    value: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(FileId, String)> {
    let definitions = parsed.iter().flat_map(|parsed| &parsed.file.definitions);
    let parameters = definitions.filter_map(|definition| match &definition.kind {
        DefinitionKind::Parameter(parameter) => Some(parameter),
        _ => None,
    });
    let Some(parameter) = parameters.clone().find(|parameter| parameter.name.text == name) else {
        let message = format!("there is no parameter `{name}` to set");
        let help = did_you_mean(name, parameters.map(|parameter| parameter.name.text));
        diagnostics.push(Diagnostic::placeless(Code::UnknownParameter, message).maybe_help(help));
        return None;
    };
    let value = completed(value, &parameter.ty.kind);
    Some((sources.add(format!("--set {name}"), value.as_str()), value))
}

/// Replaces the value of a parameter in the tree, so that it is checked like any other.
fn set_parameter<'s>(parsed: &mut [Parsed<'s>], name: &str, value: Expr<'s>) {
    let mut definitions = parsed.iter_mut().flat_map(|parsed| &mut parsed.file.definitions);
    let parameter = definitions.find_map(|definition| match &mut definition.kind {
        DefinitionKind::Parameter(parameter) if parameter.name.text == name => Some(parameter),
        _ => None,
    });
    if let Some(parameter) = parameter {
        parameter.value = ParameterValue::Fixed(value);
    }
}

/// A value as a policy would write it: an amount with its currency, a text in quotes.
fn completed(value: &str, ty: &TypeKind<'_>) -> String {
    let TypeKind::Named(ty) = ty else { return value.to_string() };
    let is_number = value.parse::<Number>().is_ok();
    match *ty {
        name if Type::named(name).is_some_and(|ty| ty.is_quoted()) && !value.starts_with('"') => {
            format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
        }
        code if is_number && Currency::from_code(code).is_some() => format!("{value} {code}"),
        _ => value.to_string(),
    }
}

/// The SHA-256 of all texts with their paths, in the order of the paths.
fn digest(sources: &Sources) -> String {
    let mut files: Vec<_> = sources.iter().map(|(_, file)| file).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut digest = Digest::default();
    for file in files {
        digest.add_part(&file.path);
        digest.add_part(&file.text);
    }
    digest.hex()
}
