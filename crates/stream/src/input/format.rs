//! Which files are read, and in which format.

use std::path::{Path, PathBuf};

use crate::options::{InputFormat, Inputs};
use crate::{Refusal, StreamError};
use rulebook_base::packed::Packing;
use rulebook_base::visible::visible_path;

/// The files that names and patterns stand for, in the order of the names; what a pattern stands for
/// comes by the alphabet.
///
/// # Errors
/// When a pattern is none, or no file matches it.
pub(crate) fn files(names: &[PathBuf]) -> Result<Vec<PathBuf>, StreamError> {
    let mut files = Vec::new();
    for name in names {
        let pattern = name.to_str().filter(|text| text.contains(['*', '?', '[']));
        match pattern {
            // A file may be called like a pattern.
            Some(pattern) if !name.exists() => files.extend(matching(pattern)?),
            _ => files.push(name.clone()),
        }
    }
    Ok(files)
}

fn matching(pattern: &str) -> Result<Vec<PathBuf>, StreamError> {
    let unusable = |why: String| Refusal::Pattern { pattern: pattern.to_string(), why };
    let paths = glob::glob(pattern).map_err(|_| {
        let forms = "`*` and `?` stand for characters, `[a-z]` for one, and `**/` for folders";
        unusable(format!("this is no pattern; {forms}"))
    })?;
    let paths: Result<Vec<_>, _> = paths.collect();
    let mut paths = paths.map_err(|error| {
        unusable(format!("cannot read {}: {}", visible_path(error.path()), error.error()))
    })?;
    // Folders are not meant by `data/*`.
    paths.retain(|path| !path.is_dir());
    if paths.is_empty() {
        return Err(unusable("no file matches this pattern".into()).into());
    }
    Ok(paths)
}

/// The format of a file: what is said of all, else what its ending says; nothing where the
/// first bytes have to tell.
pub(super) fn format(path: &Path, inputs: &Inputs) -> Option<InputFormat> {
    let ending = || {
        let ending = ending(path)?;
        // What is packed says what it holds before that.
        let is_packed = Packing::ENDINGS.contains(&ending.as_str());
        if is_packed { self::ending(Path::new(path.file_stem()?)) } else { Some(ending) }
    };
    inputs.format.or_else(|| {
        Some(match ending()?.as_str() {
            "jsonl" | "ndjson" => InputFormat::Jsonl,
            "json" => InputFormat::Json,
            "yaml" | "yml" => InputFormat::Yaml,
            "parquet" => InputFormat::Parquet,
            "csv" => InputFormat::Csv,
            "tsv" | "tab" => InputFormat::Tsv,
            _ => return None,
        })
    })
}

fn ending(path: &Path) -> Option<String> {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase())
}
