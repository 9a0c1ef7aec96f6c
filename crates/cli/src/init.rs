//! `rulebook init`: a first rulebook that checks, passes its scenarios and judges its data.

mod args;

use std::fs;
use std::path::Path;

use super::{Exit, Outcome, Stop, shell};
use rulebook_base::visible::visible_path;
use rulebook_stream::unwritable;

pub(super) use args::InitArgs;

const FILES: &[(&str, &str)] = &[
    ("rulebook.yaml", include_str!("template/rulebook.yaml")),
    ("returns.policy", include_str!("template/returns.policy")),
    ("tests/returns.yaml", include_str!("template/tests/returns.yaml")),
    ("data/returns.jsonl", include_str!("template/data/returns.jsonl")),
];

pub(super) fn run(args: &InitArgs) -> Outcome {
    let folder = &args.folder;
    let is_new = !folder.exists();
    let occupied = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.exists(),
    };
    if occupied {
        return Err(Stop::Unusable(format!("{} is not an empty folder", visible_path(folder))));
    }
    for (at, (name, text)) in FILES.iter().enumerate() {
        if let Err(stop) = write(&folder.join(name), &args.filled(text)) {
            remove(folder, FILES.get(..at).unwrap_or_default(), is_new);
            return Err(stop);
        }
    }
    for (name, _) in FILES {
        say!("{}", visible_path(&folder.join(name)));
    }
    let (rulebook, data) = (shell::path(folder), shell::path(&folder.join("data/returns.jsonl")));
    say!("");
    let InitArgs { name, zone, currency, .. } = args;
    say!("It is called `{name}`, its days begin in {zone}, and it pays in {currency}.");
    say!("");
    say!("Now try:");
    say!("  rulebook check {rulebook}");
    say!("  rulebook test {rulebook}");
    say!("  rulebook eval {rulebook} --input {data}");
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    folder.map_err(|error| unwritable(path, &error))?;
    Ok(rulebook_stream::write(path, text.as_bytes())?)
}

/// Takes back what was written into a folder that was empty: a part of a rulebook is none.
fn remove(folder: &Path, written: &[(&str, &str)], is_new: bool) {
    for (name, _) in written {
        let _ = fs::remove_file(folder.join(name));
    }
    // Folders that hold something else stay.
    let within =
        FILES.iter().filter_map(|(name, _)| folder.join(name).parent().map(Path::to_path_buf));
    for emptied in within.filter(|within| within != folder || is_new).rev() {
        let _ = fs::remove_dir(emptied);
    }
}
