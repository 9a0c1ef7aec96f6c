//! `rulebook.yaml` to settings: names, languages, zone and the levels of lints.

mod form;
mod path;
mod scripts;

use rulebook_base::diagnostic::{Code, Diagnostic, Severity, did_you_mean};
use rulebook_base::source::{FileId, Span};
use rulebook_lang::model::{
    self, Titles, Zone, is_language_tag, language_tag_help, same_language_tag,
};
use rulebook_lang::yaml::{self, Node, NodeKind};

pub use form::{FileForm, FormOption, InputSetting, delimiter, header_line};
pub use path::{RecordPath, Step};
pub use scripts::ScriptLimits;

/// The name of the settings file of a rulebook.
pub const SETTINGS_FILE: &str = "rulebook.yaml";

/// The settings of a rulebook.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name; the folder's where the file says nothing.
    pub name: String,
    /// The version, as the author counts.
    pub version: String,
    /// What the rulebook is about.
    pub title: Titles,
    /// The languages of texts; the first is the default.
    pub languages: Vec<String>,
    /// The IANA name of the zone.
    pub zone_name: String,
    /// The zone in which days begin and local times read.
    pub zone: Zone,
    /// How many days an announcement must lie before a rule is in force.
    pub notice_days: i64,
    /// How much a call of a script may take.
    pub scripts: ScriptLimits,
    /// Where the profiles of joined records lie, and by which field they are found.
    pub profiles: Vec<ProfileSetting>,
    /// How files hold the records of inputs.
    pub inputs: Vec<InputSetting>,
    /// The folders of the rulebooks whose policies join, as written, and where.
    pub include: Vec<(String, Span)>,
    /// How decisions become statements of reasons, as written.
    pub dsa: Option<Node>,
    levels: Vec<(Code, Option<Severity>)>,
}

/// What the settings say about the profiles of a record.
#[derive(Debug, Clone)]
pub struct ProfileSetting {
    /// The name of the record.
    pub record: String,
    /// Where that stands.
    pub span: Span,
    /// The file that holds them, as written: relative to the rulebook.
    pub file: Option<String>,
    /// The field by which they are found, unless it is `id`.
    pub key: Option<String>,
}

impl ProfileSetting {
    /// The field by which profiles are found.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or("id")
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "rulebook".into(),
            version: "0".into(),
            title: Titles::default(),
            languages: vec!["en".into()],
            zone_name: "UTC".into(),
            zone: Zone::UTC,
            notice_days: 7,
            scripts: ScriptLimits::default(),
            profiles: Vec::new(),
            inputs: Vec::new(),
            include: Vec::new(),
            dsa: None,
            levels: Vec::new(),
        }
    }
}

const KEYS: &[&str] = &[
    "name",
    "version",
    "title",
    "languages",
    "zone",
    "include",
    "profiles",
    "inputs",
    "lints",
    "scripts",
    "dsa",
];

impl Settings {
    /// Reads `rulebook.yaml`; what is wrong is reported and keeps its default.
    pub fn parse(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut settings = Self::default();
        if text.trim().is_empty() {
            return settings;
        }
        match yaml::parse(file, text, Code::BadSettings) {
            Ok(node) => Reader { diagnostics }.read(&node, &mut settings),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
        settings
    }

    /// Gives diagnostics the levels that the settings ask for and drops those that are off.
    pub fn apply_levels(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|diagnostic| {
            match self.levels.iter().find(|(code, _)| *code == diagnostic.code) {
                Some((_, Some(severity))) => {
                    diagnostic.severity = *severity;
                    true
                }
                Some((_, None)) => false,
                None => true,
            }
        });
    }
}

struct Reader<'d> {
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn wrong(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(Code::BadSettings, span, message).help(help));
    }

    fn read(&mut self, node: &Node, settings: &mut Settings) {
        if matches!(node.kind, NodeKind::Null) {
            return;
        }
        if !matches!(node.kind, NodeKind::Map(_)) {
            let message = format!("rulebook.yaml holds {}, not keys and values", node.described());
            self.wrong(node.span, message, "write `name: my_rulebook`");
            return;
        }
        for (key, value) in node.entries() {
            match key.scalar().unwrap_or_default().as_str() {
                "name" => self.text(value, "name", &mut settings.name),
                "version" => self.text(value, "version", &mut settings.version),
                "title" => settings.title = self.titles(value),
                "languages" => self.languages(value, settings),
                "zone" => self.zone(value, settings),
                "include" => self.include(value, settings),
                "profiles" => self.profiles(value, settings),
                "inputs" => self.inputs(value, settings),
                "lints" => self.lints(value, settings),
                "scripts" => self.script_limits(value, settings),
                "dsa" => settings.dsa = Some(value.clone()),
                other => {
                    let help = did_you_mean(other, KEYS.iter().copied())
                        .unwrap_or_else(|| format!("keys are {}", KEYS.join(", ")));
                    self.wrong(key.span, format!("there is no setting `{other}`"), help);
                }
            }
        }
    }

    fn text(&mut self, node: &Node, key: &str, target: &mut String) {
        match node.scalar() {
            Some(text) => *target = text,
            None => {
                let message = format!("`{key}` must be a text, found {}", node.described());
                self.wrong(node.span, message, format!("write `{key}: …`"));
            }
        }
    }

    /// A title, or one for each of some languages.
    fn titles(&mut self, node: &Node) -> Titles {
        if !matches!(node.kind, NodeKind::Map(_)) {
            let mut title = String::new();
            self.text(node, "title", &mut title);
            return Titles::of(vec![(String::new(), title)]);
        }
        let mut titles: Vec<(String, String)> = Vec::new();
        for (key, value) in node.entries() {
            let tag = key.scalar().unwrap_or_default();
            if !is_language_tag(&tag) {
                let message = format!("`{tag}` is no language tag");
                self.wrong(key.span, message, language_tag_help(&tag));
            } else if titles.iter().any(|(earlier, _)| same_language_tag(earlier, &tag)) {
                let message = format!("the title stands twice in `{tag}`");
                self.wrong(key.span, message, "leave one of them out");
            }
            let mut title = String::new();
            self.text(value, &tag, &mut title);
            titles.push((tag, title));
        }
        Titles::of(titles)
    }

    fn languages(&mut self, node: &Node, settings: &mut Settings) {
        let mut tags: Vec<String> = Vec::new();
        let before = self.diagnostics.len();
        for item in node.items() {
            let tag = item.scalar().unwrap_or_default();
            if !is_language_tag(&tag) {
                let message = match item.scalar() {
                    Some(tag) => format!("`{tag}` is no language tag"),
                    None => format!("a language is a tag, found {}", item.described()),
                };
                self.wrong(item.span, message, language_tag_help(&tag));
            } else if tags.iter().any(|earlier| same_language_tag(earlier, &tag)) {
                let message = format!("the language `{tag}` stands twice");
                self.wrong(item.span, message, "leave one of them out");
            }
            tags.push(tag);
        }
        if tags.is_empty() {
            let message = "`languages` must be a list of language tags";
            self.wrong(node.span, message, "write `languages: [en, zh]`");
        } else if self.diagnostics.len() == before {
            settings.languages = tags;
        }
    }

    fn include(&mut self, node: &Node, settings: &mut Settings) {
        let folders = node.items().iter().map(|item| Some((item.scalar()?, item.span)));
        match folders.collect::<Option<Vec<_>>>() {
            Some(folders) if !folders.is_empty() => settings.include = folders,
            _ => {
                let message = "`include` must be a list of folders";
                self.wrong(node.span, message, "write `include: [../base]`");
            }
        }
    }

    fn zone(&mut self, node: &Node, settings: &mut Settings) {
        let name = node.scalar().unwrap_or_default();
        match model::zone(&name) {
            Some(zone) => {
                settings.zone = zone;
                settings.zone_name = name;
            }
            None => {
                let message = format!("there is no time zone `{name}`");
                self.wrong(node.span, message, "write an IANA name such as `Asia/Shanghai`");
            }
        }
    }

    fn profiles(&mut self, node: &Node, settings: &mut Settings) {
        const FORMS: &str = "write `Merchant: data/merchants.jsonl`, or \
                             `Merchant: { file: data/merchants.jsonl, key: shop_id }`";
        if !matches!(node.kind, NodeKind::Map(_)) {
            let message = format!("`profiles` holds {}, not records", node.described());
            self.wrong(node.span, message, FORMS);
        }
        for (key, value) in node.entries() {
            let record = key.scalar().unwrap_or_default();
            let mut setting = ProfileSetting { record, span: key.span, file: None, key: None };
            if let NodeKind::Text(file) = &value.kind {
                setting.file = Some(file.clone());
            } else if value.entries().is_empty() {
                let message = format!("`{}` needs a file or a key", setting.record);
                self.wrong(value.span, message, FORMS);
            }
            for (option, value) in value.entries() {
                let name = option.scalar().unwrap_or_default();
                let mut text = String::new();
                match name.as_str() {
                    "file" | "key" => self.text(value, &name, &mut text),
                    _ => self.wrong(option.span, format!("profiles have no `{name}`"), FORMS),
                }
                match name.as_str() {
                    "file" => setting.file = Some(text),
                    "key" => setting.key = Some(text),
                    _ => {}
                }
            }
            settings.profiles.push(setting);
        }
    }

    fn lints(&mut self, node: &Node, settings: &mut Settings) {
        if !matches!(node.kind, NodeKind::Map(_)) {
            let message = format!("`lints` holds {}, not levels of lints", node.described());
            self.wrong(node.span, message, "write `lints: { unused: off }`");
        }
        for (key, value) in node.entries() {
            let name = key.scalar().unwrap_or_default();
            let Some(code) =
                Code::from_name(&name).filter(|code| code.default_severity() == Severity::Warning)
            else {
                let lints =
                    Code::ALL.iter().filter(|code| code.default_severity() == Severity::Warning);
                let names: Vec<_> = lints.map(|code| code.name()).collect();
                let help = did_you_mean(&name, names.iter().copied())
                    .unwrap_or_else(|| format!("lints are {}", names.join(", ")));
                self.wrong(key.span, format!("there is no lint `{name}`"), help);
                continue;
            };
            if matches!(value.kind, NodeKind::Map(_)) {
                self.lint_options(code, value, settings);
            } else {
                self.level(code, value, settings);
            }
        }
    }

    fn lint_options(&mut self, code: Code, node: &Node, settings: &mut Settings) {
        for (key, value) in node.entries() {
            match key.scalar().unwrap_or_default().as_str() {
                "level" => self.level(code, value, settings),
                "days" if code == Code::NoticePeriod => {
                    match value.scalar().and_then(|days| days.parse::<i64>().ok()) {
                        Some(days) if (0..=3650).contains(&days) => settings.notice_days = days,
                        _ => self.wrong(
                            value.span,
                            "`days` must be a whole number",
                            "write `days: 7`",
                        ),
                    }
                }
                other => {
                    let message = format!("lint `{}` has no option `{other}`", code.name());
                    self.wrong(key.span, message, "write `level: off`, `warning` or `error`");
                }
            }
        }
    }

    fn level(&mut self, code: Code, node: &Node, settings: &mut Settings) {
        let level = match &node.kind {
            // YAML 1.1 readers take a bare `off` for false.
            NodeKind::Bool(false) => Some(None),
            _ => match node.scalar().unwrap_or_default().as_str() {
                "off" => Some(None),
                "warning" => Some(Some(Severity::Warning)),
                "error" => Some(Some(Severity::Error)),
                _ => None,
            },
        };
        match level {
            Some(level) => settings.levels.push((code, level)),
            None => {
                let message = format!("`{}` has no such level", code.name());
                self.wrong(node.span, message, "write `off`, `warning` or `error`");
            }
        }
    }
}
