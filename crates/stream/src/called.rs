//! What a rulebook is called where others will read it.

use std::path::{Path, PathBuf};

use rulebook_base::visible::visible_path;

/// What to call a rulebook: its path as seen from the run, if it lies below, else so much of the end of its
/// path as tells it from the other sides; its name where a path has no end. How this machine is laid out is
/// nobody's business.
pub fn called(path: &Path, sides: &[&Path], name: &str) -> String {
    let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let here = std::env::current_dir().map(|here| full(&here));
    let seen = match here.as_ref().map(|here| full(path).strip_prefix(here).map(Path::to_path_buf))
    {
        _ if path.is_relative() => path.to_path_buf(),
        Ok(Ok(below)) => below,
        _ => {
            let path = full(path);
            let others: Vec<_> =
                sides.iter().map(|side| full(side)).filter(|side| *side != path).collect();
            end_of_path(&path, &others)
        }
    };
    match seen.file_name() {
        Some(_) => visible_path(&seen),
        None => name.to_string(),
    }
}

/// The last steps of a path, by which none of some others ends.
fn end_of_path(path: &Path, others: &[PathBuf]) -> PathBuf {
    let steps: Vec<_> = path.iter().collect();
    let ends = (0..steps.len()).rev().filter_map(|at| steps.get(at..));
    let mut ends = ends.map(|steps| steps.iter().collect::<PathBuf>());
    let found = ends.find(|end| others.iter().all(|other| !other.ends_with(end)));
    found.unwrap_or_else(|| path.to_path_buf())
}
