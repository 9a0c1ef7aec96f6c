//! Joins the files of the rulebooks that a rulebook includes to its own.

use std::path::{Component, Path, PathBuf};

use crate::bounds::Trust;
use crate::folder::{Content, Entry, FolderReader, named};
use crate::load::{Files, LoadError, joined};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::file::Refused;
use rulebook_base::source::{FileId, Span};
use rulebook_core::settings::SETTINGS_FILE;
use rulebook_core::settings::Settings;
use rulebook_lang::model::same_language_tag;

/// Where the folders of other rulebooks are, by their paths from the rulebook's own.
pub(super) trait Shelf {
    /// What identifies the folder, however its path is written, or why it cannot be joined.
    fn identity(&self, folder: &str) -> Result<PathBuf, String>;

    /// Its files.
    fn read(&mut self, folder: &str) -> Result<Vec<Entry>, LoadError>;
}

/// Folders on a disk.
pub(super) struct Disk<'d> {
    root: &'d Path,
    /// The rulebook's folder, as its full path.
    home: PathBuf,
    trust: Trust,
    reader: &'d mut FolderReader,
}

impl<'d> Disk<'d> {
    /// The folders of other rulebooks, seen from that of a rulebook: `root` is how it was named, `home`
    /// its full path.
    pub(super) fn new(
        root: &'d Path,
        home: PathBuf,
        trust: Trust,
        reader: &'d mut FolderReader,
    ) -> Self {
        Self { root, home, trust, reader }
    }
}

impl Shelf for Disk<'_> {
    fn identity(&self, folder: &str) -> Result<PathBuf, String> {
        match named(&self.home, folder, self.trust) {
            Ok(full) if full.is_dir() => Ok(full),
            Err(error) if Refused::of(&error).is_some() => {
                Err(format!("cannot read `{folder}`: {error}"))
            }
            _ => Err(no_folder(folder)),
        }
    }

    fn read(&mut self, folder: &str) -> Result<Vec<Entry>, LoadError> {
        self.reader.folder(&self.root.join(folder))
    }
}

fn no_folder(folder: &str) -> String {
    format!("there is no folder `{folder}`")
}

/// Texts whose paths lead out of the rulebook's folder.
pub(super) struct Texts(pub(super) Vec<(String, String)>);

impl Shelf for Texts {
    fn identity(&self, folder: &str) -> Result<PathBuf, String> {
        let holds = |(path, _): &(String, String)| Path::new(path).starts_with(folder);
        match folder.is_empty() || self.0.iter().any(holds) {
            true => Ok(folder.into()),
            false => Err(no_folder(folder)),
        }
    }

    fn read(&mut self, folder: &str) -> Result<Vec<Entry>, LoadError> {
        let files = self.0.iter().filter(|(path, _)| Path::new(path).starts_with(folder));
        Ok(files
            .map(|(path, text)| Entry {
                path: path.get(folder.len() + 1..).unwrap_or("").to_string(),
                content: Content::Bytes(text.clone().into_bytes()),
            })
            .collect())
    }
}

/// A rulebook whose `include` is being followed.
struct Begun {
    identity: PathBuf,
    /// Where it is included; `None` for the rulebook itself.
    place: Option<Span>,
}

impl Files {
    /// Reads the rulebooks that the settings include, and those that these include in turn, each
    /// once.
    ///
    /// # Errors
    /// When a file that is there cannot be read. What is wrong with the folders is a problem of the
    /// rulebook, reported with the others.
    pub(super) fn join(&mut self, shelf: &mut dyn Shelf) -> Result<(), LoadError> {
        let (Some(file), Ok(identity)) = (self.settings(), shelf.identity("")) else {
            return Ok(());
        };
        let settings = self.settings_in(file, &mut Vec::new());
        let mut joiner = Joiner {
            files: self,
            shelf,
            chain: vec![Begun { identity, place: None }],
            joined: Vec::new(),
            settings: &settings,
        };
        joiner.follow("", &settings.include)
    }

    fn settings_in(&self, file: FileId, problems: &mut Vec<Diagnostic>) -> Settings {
        let text = self.sources().get(file).map_or("", |file| &file.text);
        Settings::parse(file, text, problems)
    }
}

struct Joiner<'j> {
    files: &'j mut Files,
    shelf: &'j mut dyn Shelf,
    /// The rulebooks that include each other up to the one at hand.
    chain: Vec<Begun>,
    /// The rulebooks that have been read.
    joined: Vec<PathBuf>,
    /// The settings that hold for all.
    settings: &'j Settings,
}

impl Joiner<'_> {
    /// Reads what the rulebook in a folder includes.
    fn follow(&mut self, folder: &str, include: &[(String, Span)]) -> Result<(), LoadError> {
        for (path, span) in include {
            let folder = beside(folder, path);
            let identity = match self.shelf.identity(&folder) {
                Ok(identity) => identity,
                Err(message) => {
                    let help = "name the folder of a rulebook, as seen from this one";
                    self.refuse(*span, message, help);
                    continue;
                }
            };
            if self.is_sound(&folder, &identity, *span) && !self.joined.contains(&identity) {
                self.take(&folder, identity, *span)?;
            }
        }
        Ok(())
    }

    fn refuse(&mut self, span: Span, message: String, help: &str) {
        self.files.report(Diagnostic::new(Code::BadInclude, span, message).help(help));
    }

    /// Whether a folder may be joined; reports where it may not.
    fn is_sound(&mut self, folder: &str, identity: &Path, span: Span) -> bool {
        if let Some(at) = self.chain.iter().position(|begun| begun.identity == identity) {
            let way = self.chain.get(at + 1..).unwrap_or_default();
            let message = match way.is_empty() {
                true => "the rulebook includes itself",
                false => "rulebooks include each other in a circle",
            };
            let places = way.iter().filter_map(|begun| begun.place);
            let diagnostic = Diagnostic::new(Code::BadInclude, span, message)
                .help("drop one of them; put what both need into a rulebook that both include");
            let diagnostic =
                places.fold(diagnostic, |all, place| all.also(place, "by way of this"));
            self.files.report(diagnostic);
            return false;
        }
        let others = self.chain.iter().map(|begun| &begun.identity).chain(&self.joined);
        let mut others = others.filter(|other| *other != identity);
        if others.any(|other| is_within(other, identity) || is_within(identity, other)) {
            let message =
                format!("`{folder}` holds, or lies within, a folder that is joined already");
            self.refuse(span, message, "keep rulebooks that include each other side by side");
            return false;
        }
        true
    }

    /// Adds the files of a folder, and what they include.
    fn take(&mut self, folder: &str, identity: PathBuf, span: Span) -> Result<(), LoadError> {
        self.joined.push(identity.clone());
        // The author of the rulebook finds the place in its own settings.
        let place = self.chain.iter().find_map(|begun| begun.place).unwrap_or(span);
        self.files.begin_folder(folder);
        let before = self.files.policies().count();
        for entry in self.shelf.read(folder)? {
            self.files.add_entry(folder, entry, Some(place));
        }
        if self.files.policies().count() == before {
            let message = format!("the folder `{folder}` holds no `.policy` file");
            self.refuse(span, message, "name the folder of a rulebook, as seen from this one");
        }
        let settings = self.files.find_path(&joined(folder, SETTINGS_FILE));
        let Some(settings) = settings else { return Ok(()) };
        let mut problems = Vec::new();
        let settings = self.files.settings_in(settings, &mut problems);
        problems.into_iter().for_each(|problem| self.files.report(problem));
        self.compare(folder, &settings, place);
        self.chain.push(Begun { identity, place: Some(span) });
        self.follow(folder, &settings.include)?;
        self.chain.pop();
        Ok(())
    }

    /// Warns where the texts of an included rulebook would mean something else than in its own
    /// settings.
    fn compare(&mut self, folder: &str, settings: &Settings, span: Span) {
        let ours = self.settings;
        let zones = (&settings.zone_name, &ours.zone_name);
        let languages = (settings.languages.first(), ours.languages.first());
        let message = if zones.0 != zones.1 {
            format!("`{folder}` is written for the zone {}, this rulebook for {}", zones.0, zones.1)
        } else if let (Some(theirs), Some(ours)) = languages
            && !same_language_tag(theirs, ours)
        {
            format!(
                "the first language of `{folder}` is `{theirs}`, that of this rulebook `{ours}`"
            )
        } else {
            return;
        };
        self.files.report(Diagnostic::new(Code::IncludeSettings, span, message).help(
            "the settings of this rulebook hold for all: give it the same `zone`, and the same \
             language first in `languages`",
        ));
    }
}

/// The path of a folder that another folder names, as short as it goes.
fn beside(folder: &str, path: &str) -> String {
    let mut whole = PathBuf::new();
    for part in Path::new(folder).join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(whole.components().next_back(), Some(Component::Normal(_))) =>
            {
                whole.pop();
            }
            part => whole.push(part),
        }
    }
    whole.to_string_lossy().replace('\\', "/")
}

/// Whether a folder lies within another. Both are full paths, or both begin at the rulebook's own.
fn is_within(inner: &Path, outer: &Path) -> bool {
    let ups = |path: &Path| path.components().filter(|c| *c == Component::ParentDir).count();
    match ups(inner).cmp(&ups(outer)) {
        std::cmp::Ordering::Less => outer.components().all(|c| c == Component::ParentDir),
        std::cmp::Ordering::Equal => inner.starts_with(outer),
        std::cmp::Ordering::Greater => false,
    }
}
