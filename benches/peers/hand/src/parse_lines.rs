//! Parses a file of checkouts, a JSON object a line, on two threads, and does nothing else: into what
//! borrows the fields that the decisions read, or, with `owned`, into the whole struct.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::{env, thread};

use workload::{Borrowed, Input};

fn main() -> io::Result<()> {
    let path = env::args().nth(1).expect("wanted: FILE [owned]");
    let owned = env::args().nth(2).is_some_and(|form| form == "owned");
    let middle = fs::metadata(&path)?.len() / 2;
    thread::scope(|scope| {
        let first = scope.spawn(|| parse(&path, 0, middle, owned));
        let second = parse(&path, middle, u64::MAX, owned);
        first.join().expect("the thread does not panic")?;
        second
    })
}

/// Parses the lines that begin in a part of the file.
fn parse(path: &str, start: u64, end: u64, owned: bool) -> io::Result<()> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut line = Vec::new();
    let mut at = start;
    if start > 0 {
        // The line that began before belongs to the other thread.
        file.seek(SeekFrom::Start(start - 1))?;
        at += file.read_until(b'\n', &mut line)? as u64 - 1;
    }
    while at < end {
        line.clear();
        match file.read_until(b'\n', &mut line)? {
            0 => break,
            read => at += read as u64,
        }
        if owned {
            let _: Input = black_box(serde_json::from_slice(&line)?);
        } else {
            let _: Borrowed<'_> = black_box(serde_json::from_slice(&line)?);
        }
    }
    Ok(())
}
