//! The end of a Parquet file, looked at before a library reads it, which trusts it with its stack.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use super::compact::{Compact, strange};
use crate::input::bytes::Original;

/// Columns may lie so deep in others; each level takes some of the stack of whoever reads them.
const DEEPEST: usize = 100;

/// Where the end of a file stands that says what there is in it, or what is wrong with it, or with how
/// deep its columns lie.
pub(super) fn place(file: &Arc<Original>) -> Result<Range<u64>, String> {
    match schema_depth(file) {
        Ok((_, depth)) if depth > DEEPEST => {
            Err(format!("its columns lie in each other, more than {DEEPEST} deep"))
        }
        Ok((place, _)) => Ok(place),
        Err(_) if file.size == 0 => Err("it is empty".into()),
        Err(_) => {
            Err("it does not end as such a file does; is it whole, and is it Parquet?".into())
        }
    }
}

/// Where the end stands, and how deep columns lie in others: in the first schema, and who reads on from
/// there has to take this one, too.
fn schema_depth(file: &Arc<Original>) -> io::Result<(Range<u64>, usize)> {
    let mut end = [0; 8];
    let length = file.size.checked_sub(8).ok_or(io::ErrorKind::UnexpectedEof)?;
    io::Read::read_exact(&mut file.read_from(length), &mut end)?;
    let (size, magic) = end.split_at(4);
    if magic != b"PAR1" {
        return Err(strange());
    }
    let size = size.iter().rev().fold(0, |size, byte| size << 8 | u64::from(*byte));
    let start = length.checked_sub(size).ok_or(io::ErrorKind::UnexpectedEof)?;
    let mut compact = Compact::new(file, start, length);
    let mut id = 0;
    while let Some(kind) = compact.field(&mut id)? {
        match (id, kind) {
            (2, Compact::LIST) => {
                let (count, kind) = compact.list()?;
                if kind != Compact::STRUCT {
                    return Err(strange());
                }
                return Ok((start..length, depth(&mut compact, count)?));
            }
            // Whatever is called a field that is known would be read as what it should be.
            (2, _) => return Err(strange()),
            (_, kind) => compact.skip(kind)?,
        }
    }
    Err(strange())
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
                (1..=3 | 6..=9, Compact::WHOLE) => drop(compact.whole32()?),
                (4, Compact::BINARY) => compact.skip(kind)?,
                (10, Compact::STRUCT) => meaning(compact)?,
                (1..=10, _) => return Err(strange()),
                (_, kind) => compact.skip(kind)?,
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

/// Passes by what the values of a column mean, one of several structures: each of their fields is of the
/// kind as which it will be read.
fn meaning(compact: &mut Compact) -> io::Result<()> {
    let mut which = 0;
    while let Some(kind) = compact.field(&mut which)? {
        if kind != Compact::STRUCT {
            return Err(strange());
        }
        let mut id = 0;
        while let Some(kind) = compact.field(&mut id)? {
            let is_right = match (which, id) {
                // Digits, and how values lie on a globe.
                (5, 1 | 2) | (18, 2) => kind == Compact::WHOLE,
                // Times with their units, and numbers with a sign.
                (7 | 8, 1) | (10, 2) => matches!(kind, 1 | 2),
                (7 | 8, 2) => kind == Compact::STRUCT,
                (10 | 16, 1) => kind == Compact::BYTE,
                (17 | 18, 1) => kind == Compact::BINARY,
                _ => true,
            };
            if !is_right {
                return Err(strange());
            }
            if kind == Compact::STRUCT {
                unit(compact)?;
            } else {
                compact.skip(kind)?;
            }
        }
    }
    Ok(())
}

/// Passes a unit of time by: one of several structures without fields.
fn unit(compact: &mut Compact) -> io::Result<()> {
    let mut which = 0;
    while let Some(kind) = compact.field(&mut which)? {
        if kind != Compact::STRUCT || compact.field(&mut 0)?.is_some() {
            return Err(strange());
        }
    }
    Ok(())
}
