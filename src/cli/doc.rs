//! `rulebook doc`: writes pages about a rulebook for those who read policies.

use std::fs;
use std::path::Path;

use super::args::{DocArgs, DocFormat};
use super::load::{self, counted};
use super::test::scenario_files;
use super::{Exit, Outcome, Stop, paint};
use crate::diagnostic::render_text;
use crate::document::{Format, editions, files};
use crate::scenario::{ScenarioFile, read};
use crate::source::Sources;
use crate::{Options, Rulebook};

pub(super) fn run(args: &DocArgs) -> Outcome {
    let texts = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&texts, &Options::new())?;
    let scenarios = scenarios(&args.rulebook.path, &rulebook)?;
    let format = match args.format {
        DocFormat::Html => Format::Html,
        DocFormat::Markdown => Format::Markdown,
    };
    let files = files(&editions(&rulebook, &scenarios), format);
    for file in &files {
        write(&args.output.join(&file.path), &file.text)?;
    }
    let pages = counted(files.len(), "page");
    say!("{} in {}", paint::strong(pages), args.output.display());
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = folder.and_then(|()| fs::write(path, text));
    written.map_err(|error| Stop::Unusable(format!("cannot write {}: {error}", path.display())))
}

/// The scenarios that lie beside a rulebook; one that cannot be read is told, and is no example.
fn scenarios(path: &Path, rulebook: &Rulebook) -> Result<Vec<ScenarioFile>, Stop> {
    let mut sources = Sources::default();
    let (mut scenarios, mut slips) = (Vec::new(), Vec::new());
    for path in scenario_files(path)? {
        let shown = path.display().to_string();
        let text = fs::read_to_string(&path)
            .map_err(|error| Stop::Unusable(format!("cannot read {shown}: {error}")))?;
        let id = sources.add(shown, text.clone());
        match read(id, &text, rulebook.program(), &rulebook.settings().zone) {
            Ok(file) => scenarios.push(file),
            Err(found) => slips.extend(found),
        }
    }
    if slips.is_empty() {
        return Ok(scenarios);
    }
    anstream::eprint!("{}", render_text(&sources, &slips, paint::diagnostics()));
    Err(Stop::Told(Exit::Failed))
}
