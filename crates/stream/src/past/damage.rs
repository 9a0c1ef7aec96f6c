//! Histories that are damaged in every way: refused, or as they were.

use std::fs;
use std::path::Path;

use rusqlite::types::Value;

use super::file;
use crate::{Destination, Inputs, Run};
use rulebook::Rulebook;

const POLICY: &str = "
record Event { id: text, buyer: text, at: time, paid: CNY }
counter often = count of Event by buyer within 1 day
counter much = sum of paid of Event by buyer within 9 days
policy p for Event dated by at {
  decide step: pay < ask by strictest otherwise pay
  rule many { when often >= 2 or much > 90 CNY then ask }
}
";

/// A history of two runs.
fn counted(folder: &Path) -> Vec<u8> {
    let rulebook = Rulebook::from_sources([("events.policy", POLICY)]).unwrap();
    for hour in ["10", "11"] {
        let line = |n: usize| {
            let buyer = n % 3;
            format!(
                r#"{{"id":"{n}","buyer":"b{buyer}","at":"2024-05-01T{hour}:00:0{n}Z","paid":{n}.5}}"#
            ) + "\n"
        };
        fs::write(folder.join(hour), (0..9).map(line).collect::<String>()).unwrap();
        let policies = vec![rulebook.policy("p").unwrap().replaying()];
        let inputs = Inputs { files: vec![folder.join(hour)], ..Inputs::default() };
        let mut run =
            Run::new(&rulebook, policies, inputs, Destination::Stream(Box::new(std::io::sink())));
        run.history = Some(folder.join("h.db"));
        assert_eq!(run.judge(&mut ()).unwrap().complete("").unwrap().decided, 9);
    }
    rulebook_base::file::read(&folder.join("h.db"), 1 << 20).unwrap()
}

/// All that runs ask of a history, by the questions that they ask, if it is not refused.
fn answers(path: &Path) -> Option<Vec<Vec<Value>>> {
    let (database, sealed) = file::open(path, false).ok()?;
    let mut all = vec![vec![Value::Integer(sealed.runs)]];
    let mut ask = |query: &str| {
        let mut query = database.prepare(query).unwrap();
        let columns = query.column_count();
        let rows = query.query_map([], |row| (0..columns).map(|at| row.get(at)).collect()).unwrap();
        all.extend(rows.map(Result::unwrap));
    };
    for counter in 1..3 {
        ask("SELECT digest, run FROM inputs ORDER BY run");
        ask(&format!("SELECT digest, name FROM counters WHERE id = {counter}"));
        for key in 0..3 {
            ask(&format!(
                "SELECT seconds, nanoseconds, amount FROM events WHERE counter = {counter} \
                 AND key = 'b{key}' AND seconds BETWEEN 0 AND 9999999999 AND run < 9 \
                 ORDER BY seconds, nanoseconds"
            ));
        }
    }
    Some(all)
}

/// How many of some damaged histories are refused; the others must tell what the sound one tells.
fn refused(sound: &[u8], damaged: impl Iterator<Item = (String, Vec<u8>)>, path: &Path) -> usize {
    fs::write(path, sound).unwrap();
    let right = answers(path);
    assert!(right.is_some());
    let mut refused = 0;
    for (what, damaged) in damaged {
        fs::write(path, damaged).unwrap();
        match answers(path) {
            None => refused += 1,
            answered => assert!(answered == right, "{what} is not noticed"),
        }
    }
    refused
}

#[test]
fn turned_bits_are_refused_or_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let sound = counted(folder.path());
    // Every byte that says something, and some of those that are not used.
    let (filled, empty): (Vec<_>, Vec<_>) = (0..sound.len()).partition(|at| sound[*at] != 0);
    let chosen: Vec<_> = filled.iter().chain(empty.iter().step_by(97)).copied().collect();
    let turned = chosen.iter().enumerate().map(|(turn, at)| {
        let mut turned = sound.clone();
        turned[*at] ^= 1 << (turn % 8);
        (format!("bit {} of byte {at}", turn % 8), turned)
    });
    let refused = refused(&sound, turned, &folder.path().join("turned.db"));
    assert!(refused > chosen.len() / 2, "{refused} of {}", chosen.len());
}

#[test]
fn histories_that_are_cut_off_or_lengthened_are_refused_or_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let sound = counted(folder.path());
    let pages = (0..sound.len()).step_by(512);
    let cut = pages.flat_map(|length| [length, length + 1, length + 511]).map(|length| {
        (format!("a length of {length}"), sound.get(..length).unwrap_or(&sound).to_vec())
    });
    let lengthened = [1, 512, 4096]
        .map(|more| (format!("{more} bytes more"), [sound.clone(), vec![7; more]].concat()));
    // A page in the place of another.
    let swapped = (1..sound.len() / 4096).map(|page| {
        let mut swapped = sound.clone();
        swapped.copy_within(page * 4096 - 4096..page * 4096, page * 4096);
        (format!("page {page} twice"), swapped)
    });
    let damaged = cut.chain(lengthened).chain(swapped);
    assert!(refused(&sound, damaged, &folder.path().join("cut.db")) > 100);
}
