//! `rulebook fmt`: the one canonical layout.

mod args;

use super::load::{files, tell_diagnostics};
use super::{Exit, Outcome};
use rulebook_lang::figures::counted;
use rulebook_syntax::{parse, print};

pub(super) use args::FmtArgs;

pub(super) fn run(args: &FmtArgs) -> Outcome {
    let files = files(&args.rulebook)?;
    let mut exit = Exit::Done;
    let mut changed = 0;
    let errors: Vec<_> =
        files.problems().iter().filter(|problem| problem.is_error()).cloned().collect();
    if !errors.is_empty() {
        tell_diagnostics(files.sources(), &errors);
        exit = Exit::Failed;
    }
    for id in files.own_policies() {
        let Some(file) = files.sources().get(id) else { continue };
        let parsed = parse(id, &file.text);
        if !parsed.diagnostics.is_empty() {
            tell_diagnostics(files.sources(), &parsed.diagnostics);
            exit = Exit::Failed;
            continue;
        }
        let formatted = print::format(&file.text, &parsed.file);
        if formatted == file.text {
            continue;
        }
        changed += 1;
        if !args.check {
            let path = match args.rulebook.path.is_dir() {
                true => args.rulebook.path.join(&file.path),
                false => args.rulebook.path.clone(),
            };
            rulebook_stream::write(&path, formatted.as_bytes())?;
        }
        say!("{}", file.path);
    }
    if changed > 0 && args.check {
        tell!("{} would change", counted(changed, "file"));
        exit = Exit::Failed;
    }
    Ok(exit)
}
