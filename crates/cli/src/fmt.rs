//! `rulebook fmt`: the one canonical layout.

mod args;

use std::path::Path;

use super::load::{each, tell_diagnostics};
use super::{Exit, Outcome, Stop, screen};
use rulebook::Files;
use rulebook_base::source::SourceFile;
use rulebook_lang::figures::counted;
use rulebook_syntax::{parse, print};

pub(super) use args::FmtArgs;

pub(super) fn run(args: &FmtArgs) -> Outcome {
    let mut exit = Exit::Done;
    let mut changed = 0;
    for (files, path) in each(&args.rulebooks)?.iter().zip(&args.rulebooks.paths) {
        changed += lay_out(files, path, args.check, &mut exit)?;
    }
    if changed > 0 && args.check {
        tell!("{} would change", counted(changed, "file"));
        exit = Exit::Failed;
    }
    Ok(exit)
}

/// Lays out the files of a rulebook that can be read, and counts those that differ from what they were.
fn lay_out(files: &Files, path: &Path, is_check: bool, exit: &mut Exit) -> Result<usize, Stop> {
    let mut changed = 0;
    let errors: Vec<_> =
        files.problems().iter().filter(|problem| problem.is_error()).cloned().collect();
    if !errors.is_empty() {
        tell_diagnostics(files.sources(), &errors);
        *exit = Exit::Failed;
    }
    for id in files.own_policies() {
        let Some(file) = files.sources().get(id) else { continue };
        let parsed = parse(id, &file.text);
        if !parsed.diagnostics.is_empty() {
            tell_diagnostics(files.sources(), &parsed.diagnostics);
            *exit = Exit::Failed;
            continue;
        }
        let formatted = print::format(&file.text, &parsed.file);
        let differs = formatted != file.text;
        changed += usize::from(differs);
        match path.as_os_str() == "-" {
            true if !is_check => screen::print_exact(&formatted)?,
            _ if !differs => {}
            _ => {
                if !is_check {
                    write(path, file, &formatted)?;
                }
                say!("{}", files.sources().path(id));
            }
        }
    }
    Ok(changed)
}

fn write(rulebook: &Path, file: &SourceFile, formatted: &str) -> Result<(), Stop> {
    let path = match rulebook.is_dir() {
        true => rulebook.join(&file.path),
        false => rulebook.to_path_buf(),
    };
    Ok(rulebook_stream::write(&path, formatted.as_bytes())?)
}
