//! The workload in columns: writes its file, and decides it by hand-written Rust over Arrow.

mod by_column;
mod by_row;
mod read;
mod tell;
mod write;

use std::path::PathBuf;
use std::thread;

use arrow::array::RecordBatch;
use read::{Groups, Texts};
use tell::Told;

const USAGE: &str = "wanted: write FILE ROWS, or FORM TASK INPUT OUTPUT THREADS, where FORM is `rows`, \
                     `columns` or `decode`, and TASK is `start`, `counts` or `columns`";

/// Decides the rows of a batch one by one or column by column: the outcomes of each decision.
type Decide<'d> = Box<dyn FnMut(&RecordBatch, &mut [Vec<u8>; 3]) + 'd>;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match *arguments.as_slice() {
        ["write", path, rows] => write::write(path.as_ref(), rows.parse().expect(USAGE)),
        [_, "start", ..] => tell::print(&[]),
        [form, task @ ("counts" | "columns"), input, output, threads] => {
            let (texts, decider): (_, fn() -> Decide<'static>) = match form {
                "rows" => (Texts::Plain, by_row::decider),
                "columns" => (Texts::Dictionaries, by_column::decider),
                // What reading alone costs.
                "decode" => (Texts::Dictionaries, || Box::new(|_, _| {})),
                _ => panic!("{USAGE}"),
            };
            let groups = Groups::open(input.as_ref(), texts);
            // Each thread writes a file of its own.
            let path = |thread: usize| {
                (task == "columns").then(|| PathBuf::from(format!("{output}.{thread}")))
            };
            let work = |thread: usize| {
                let mut told = Told::new(path(thread).as_deref());
                let (mut decide, mut outcomes) = (decider(), Default::default());
                for batch in groups.batches() {
                    decide(&batch, &mut outcomes);
                    told.tell(&outcomes);
                }
                told.complete()
            };
            let threads: usize = threads.parse().expect(USAGE);
            let counts: Vec<_> = thread::scope(|scope| {
                let work = &work;
                let all: Vec<_> = (0..threads).map(|at| scope.spawn(move || work(at))).collect();
                all.into_iter().map(|one| one.join().expect("it does not panic")).collect()
            });
            tell::print(&counts);
        }
        _ => panic!("{USAGE}"),
    }
}
