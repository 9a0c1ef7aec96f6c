//! Workbooks of Excel as inputs: the sheet that was named, or the only one whose columns fit.

use std::path::{Path, PathBuf};

use super::bytes::Source;
use super::readers::Readers;
use crate::columns;
use crate::options::{InputFormat, Inputs};
use crate::{Refusal, StreamError};
use rulebook::inside::Workbook;
use rulebook_base::file;
use rulebook_base::visible::visible_path;

/// A workbook is held as a whole, and unpacks to no more than this.
const MOST: u64 = 1 << 30;

/// A sheet that was opened.
pub(super) struct Opened {
    pub(super) source: Source,
    pub(super) columns: columns::Opened,
    /// Its name, if nobody named it and there are others.
    pub(super) found: Option<String>,
}

/// The file and the sheet of `FILE#SHEET`, unless a file has that very name.
pub(crate) fn parted(path: &Path) -> (PathBuf, Option<String>) {
    let text = path.to_string_lossy();
    match text.rsplit_once('#') {
        Some((file, sheet)) if !sheet.is_empty() && !path.exists() => {
            (file.into(), Some(sheet.to_string()))
        }
        _ => (path.to_path_buf(), None),
    }
}

/// Opens a sheet.
///
/// # Errors
/// When it is no workbook, when there is no such sheet, or not one alone that fits.
pub(super) fn open(
    path: &Path,
    inputs: &Inputs,
    readers: Readers<'_>,
) -> Result<Opened, StreamError> {
    let (file, named) = parted(path);
    let input = visible_path(&file);
    let failed = |why: String| StreamError::Unusable(format!("cannot read {input}: {why}"));
    let bytes = match file == Path::new("-") {
        true => file::read_all(std::io::stdin().lock(), MOST),
        false => file::read_given(&file, MOST),
    };
    let bytes = bytes.map_err(|error| failed(error.to_string()))?;
    let mut workbook = Workbook::open(bytes, MOST).map_err(failed)?;
    let sheets = workbook.sheets();
    let named = named.or_else(|| inputs.form.sheet.clone());
    let tried: Vec<_> = match &named {
        Some(name) if !sheets.contains(name) => {
            return Err(Refusal::NoSheet { input, sheet: name.clone(), sheets }.into());
        }
        Some(name) => vec![name.clone()],
        None => sheets.clone(),
    };
    let (mut fitting, mut refused) = (Vec::new(), None);
    for sheet in tried {
        let text = workbook.csv(&sheet).map_err(|why| failed(format!("sheet `{sheet}`: {why}")))?;
        if named.is_none() && text.trim_ascii().is_empty() {
            continue;
        }
        let mut name = file.clone().into_os_string();
        name.push("#");
        name.push(&sheet);
        let source = Source::of_rows(name.into(), &text)?;
        match columns::Opened::open(&source, InputFormat::Csv, &inputs.form, readers) {
            Ok(columns) => fitting.push((sheet, source, columns)),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    match (fitting.pop(), fitting.as_slice()) {
        (Some((sheet, source, columns)), []) => {
            let found = (named.is_none() && sheets.len() > 1).then_some(sheet);
            Ok(Opened { source, columns, found })
        }
        (Some((last, ..)), others) => {
            let mut fitting: Vec<_> = others.iter().map(|(sheet, ..)| sheet.clone()).collect();
            fitting.push(last);
            Err(Refusal::Sheets { input, sheets: fitting }.into())
        }
        (None, _) => Err(refused.unwrap_or_else(|| failed("its sheets are empty".into()))),
    }
}
