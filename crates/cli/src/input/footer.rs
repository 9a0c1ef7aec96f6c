//! The end of a Parquet file, looked at before a library reads it, which trusts it with its stack.

use std::io;
use std::sync::Arc;

use super::bytes::Original;
use super::compact::Compact;

/// Columns may lie so deep in others; each level takes some of the stack of whoever reads them.
const DEEPEST: usize = 100;

/// What is wrong with the end of a file, or with how deep its columns lie.
pub(super) fn fault(file: &Arc<Original>) -> Option<String> {
    match schema_depth(file) {
        Ok(depth) if depth > DEEPEST => {
            Some(format!("its columns lie in each other, more than {DEEPEST} deep"))
        }
        Ok(_) => None,
        Err(_) if file.size == 0 => Some("it is empty".into()),
        Err(_) => {
            Some("it does not end as such a file does; is it whole, and is it Parquet?".into())
        }
    }
}

/// How deep columns lie in others.
fn schema_depth(file: &Arc<Original>) -> io::Result<usize> {
    let mut end = [0; 8];
    let length = file.size.checked_sub(8).ok_or(io::ErrorKind::UnexpectedEof)?;
    io::Read::read_exact(&mut file.read_from(length), &mut end)?;
    let (size, magic) = end.split_at(4);
    if magic != b"PAR1" {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let size = size.iter().rev().fold(0, |size, byte| size << 8 | u64::from(*byte));
    let start = length.checked_sub(size).ok_or(io::ErrorKind::UnexpectedEof)?;
    let mut compact = Compact::new(file, start, length);
    let mut id = 0;
    while let Some(kind) = compact.field(&mut id)? {
        if (id, kind) == (2, Compact::LIST) {
            let (count, _) = compact.list()?;
            return depth(&mut compact, count);
        }
        compact.skip(kind)?;
    }
    Err(io::ErrorKind::InvalidData.into())
}

/// The same of so many elements of a schema, each of which says how many stand in it.
fn depth(compact: &mut Compact, elements: u64) -> io::Result<usize> {
    let mut around: Vec<u64> = Vec::new();
    let mut most = 0;
    for _ in 0..elements {
        while around.last() == Some(&0) {
            around.pop();
        }
        if let Some(left) = around.last_mut() {
            *left -= 1;
        }
        let (mut id, mut children) = (0, 0);
        while let Some(kind) = compact.field(&mut id)? {
            match (id, kind) {
                (5, Compact::WHOLE) => children = compact.size()?,
                _ => compact.skip(kind)?,
            }
        }
        if children > 0 {
            around.push(children);
            most = most.max(around.len());
        }
        if most > DEEPEST {
            break;
        }
    }
    Ok(most)
}
