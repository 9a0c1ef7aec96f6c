//! In which format a file is, by its name.

use std::path::Path;

use crate::options::InputFormat;
use rulebook_base::packed::Packing;

/// The format that the ending of a name says; nothing where the first bytes have to tell.
pub(super) fn by_ending(path: &Path) -> Option<InputFormat> {
    let ending = || {
        let ending = ending(path)?;
        // What is packed says what it holds before that.
        let is_packed = Packing::ENDINGS.contains(&ending.as_str());
        if is_packed { self::ending(Path::new(path.file_stem()?)) } else { Some(ending) }
    };
    Some(match ending()?.as_str() {
        "jsonl" | "ndjson" => InputFormat::Jsonl,
        "json" => InputFormat::Json,
        "yaml" | "yml" => InputFormat::Yaml,
        "parquet" => InputFormat::Parquet,
        "csv" => InputFormat::Csv,
        "tsv" | "tab" => InputFormat::Tsv,
        "xlsx" | "xlsm" => InputFormat::Xlsx,
        _ => return None,
    })
}

fn ending(path: &Path) -> Option<String> {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase())
}
