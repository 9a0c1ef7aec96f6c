//! How much a rulebook may hold, by how far its authors are trusted; `docs/trust.md` has the numbers.

use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::file::bytes;
use rulebook_core::settings::{SETTINGS_FILE, Settings};
use rulebook_syntax::Parsed;
use rulebook_syntax::ast::{DefinitionKind, Item, ItemKind};

/// How the names of workbooks end, of which each sheet is a table.
pub(super) const WORKBOOK: &str = ".xlsx";

/// How far the authors of a rulebook are trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// As colleagues are: they make slips.
    #[default]
    Colleague,
    /// Not at all: what they wrote may be meant to do harm.
    Stranger,
}

/// The most that a rulebook may hold.
#[derive(Debug)]
pub struct Bounds {
    /// Bytes of a policy, of the settings, of a script, of scenarios.
    text: u64,
    /// Bytes of a list or table.
    list: u64,
    /// Bytes of all these files together.
    pub(super) total: u64,
    /// How many files.
    pub(super) files: usize,
    /// How many entries its folders have, whatever they are.
    pub(super) entries: usize,
    /// How deep folders nest.
    pub(super) depth: usize,
    /// Rules, invariants and definitions together.
    parts: usize,
    /// Bytes of the profiles in one file.
    pub profiles: u64,
}

const COLLEAGUE: &Bounds = &Bounds {
    text: 16 << 20,
    list: 256 << 20,
    total: 1 << 30,
    files: 20_000,
    entries: 1_000_000,
    depth: 32,
    parts: usize::MAX,
    profiles: 2 << 30,
};

const STRANGER: &Bounds = &Bounds {
    text: 1 << 20,
    list: 8 << 20,
    total: 16 << 20,
    files: 500,
    entries: 10_000,
    depth: 8,
    parts: 5_000,
    profiles: 8 << 20,
};

impl Trust {
    /// The most that a rulebook of such authors may hold.
    pub fn bounds(self) -> &'static Bounds {
        match self {
            Self::Colleague => COLLEAGUE,
            Self::Stranger => STRANGER,
        }
    }
}

impl Bounds {
    /// How many bytes a file of this name may have.
    pub(super) fn of(&self, name: &str) -> u64 {
        let lists = [".txt", ".csv", WORKBOOK];
        if lists.iter().any(|ending| name.ends_with(ending)) { self.list } else { self.text }
    }

    /// `more than 1 GB`, where that is what all files may hold together.
    pub(super) fn total_text(&self) -> String {
        format!("its files hold more than {} together", bytes(self.total))
    }
}

/// Why a rulebook of which all was read is not looked at more closely, if it is not: it holds what no
/// stranger may write.
pub(super) fn refuse(
    trust: Trust,
    settings: &Settings,
    parsed: &[Parsed<'_>],
) -> Option<Diagnostic> {
    if trust != Trust::Stranger {
        return None;
    }
    if let Some((limit, most)) = settings.scripts.raised() {
        let message = format!(
            "`scripts` raises `{limit}` in {SETTINGS_FILE}, and the rulebook is not trusted"
        );
        let help = format!("it may be at most {most} there");
        return Some(Diagnostic::placeless(Code::BadSettings, message).help(help));
    }
    let definitions = parsed.iter().flat_map(|parsed| &parsed.file.definitions);
    let parts = |kind: &DefinitionKind<'_>| match kind {
        DefinitionKind::Policy(policy) => {
            let counts =
                |item: &&Item<'_>| matches!(item.kind, ItemKind::Rule(_) | ItemKind::Invariant(_));
            1 + policy.items.iter().filter(counts).count()
        }
        _ => 1,
    };
    let count: usize = definitions.map(|definition| parts(&definition.kind)).sum();
    let most = trust.bounds().parts;
    (count > most).then(|| {
        let message = format!(
            "the rulebook has {count} rules, invariants and definitions; one that is not trusted may \
             have {most}"
        );
        Diagnostic::placeless(Code::UnreadableFile, message)
    })
}
