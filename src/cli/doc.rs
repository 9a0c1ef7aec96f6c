//! `rulebook doc`: writes pages about a rulebook for those who read policies.

use std::fs;
use std::path::Path;

use super::args::{DocArgs, DocFormat};
use super::load::{self, counted};
use super::test::Suite;
use super::{Exit, Outcome, Stop, paint};
use crate::Options;
use crate::document::{Format, editions, files};
use crate::visible::visible_path;

pub(super) fn run(args: &DocArgs) -> Outcome {
    let texts = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&texts, &Options::new())?;
    let suite = Suite::read(&args.rulebook, &rulebook, "")?;
    if suite.broken {
        return Ok(Exit::Failed);
    }
    let format = match args.format {
        DocFormat::Html => Format::Html,
        DocFormat::Markdown => Format::Markdown,
    };
    let files = files(&editions(&rulebook, &suite.scenarios), format);
    for file in &files {
        write(&args.output.join(&file.path), &file.text)?;
    }
    let pages = counted(files.len(), "page");
    say!("{} in {}", paint::strong(pages), visible_path(&args.output));
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = folder.and_then(|()| fs::write(path, text));
    written.map_err(|error| Stop::Unusable(format!("cannot write {}: {error}", visible_path(path))))
}
