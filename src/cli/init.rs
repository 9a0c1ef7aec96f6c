//! `rulebook init`: a first rulebook that checks, passes its scenarios and judges its data.

use std::fs;
use std::path::Path;

use super::args::InitArgs;
use super::{Exit, Outcome, Stop};
use crate::visible::visible_path;

const FILES: &[(&str, &str)] = &[
    ("rulebook.yaml", include_str!("template/rulebook.yaml")),
    ("returns.policy", include_str!("template/returns.policy")),
    ("tests/returns.yaml", include_str!("template/tests/returns.yaml")),
    ("data/returns.jsonl", include_str!("template/data/returns.jsonl")),
];

pub(super) fn run(args: &InitArgs) -> Outcome {
    let folder = &args.folder;
    let occupied = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.exists(),
    };
    if occupied {
        return Err(Stop::Unusable(format!("{} is not an empty folder", visible_path(folder))));
    }
    for (name, text) in FILES {
        write(&folder.join(name), text)
            .map_err(|error| Stop::Unusable(format!("cannot write {name}: {error}")))?;
        say!("{}", visible_path(&folder.join(name)));
    }
    let shown = visible_path(folder);
    say!("");
    say!("Now try:");
    say!("  rulebook check {shown}");
    say!("  rulebook test {shown}");
    say!("  rulebook eval {shown} --input {shown}/data/returns.jsonl");
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)
}
