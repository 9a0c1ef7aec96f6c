//! Blocks through several threads: filled one after another, worked on side by side, and written in
//! the order in which they were filled. There is a fixed number of blocks, so that memory stays
//! flat whatever the length of the input.

use std::any::Any;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, available_parallelism};

use crate::{StreamError, block};

/// How many blocks there are for each thread: one to work on, and others on their way.
const BLOCKS: usize = 3;
/// As much stack as the first thread of a program mostly has: what nests is read by recursion.
const STACK: usize = 8 << 20;

/// How many threads judge inputs of a size: no more than there are blocks to judge.
pub(crate) fn threads(wanted: Option<NonZeroUsize>, size: Option<u64>) -> usize {
    let wanted = wanted.or_else(|| available_parallelism().ok()).map_or(1, usize::from);
    let blocks = size.map_or(u64::MAX, |size| size.div_ceil(block::SIZE as u64));
    wanted.min(usize::try_from(blocks).unwrap_or(usize::MAX)).max(1)
}

/// One who works on blocks in a thread of its own.
pub(crate) trait Worker<B>: Send + 'static {
    /// Works on a block. What comes of it may be handed over in pieces, so that it does not pile up.
    ///
    /// # Errors
    /// Why the run has to stop here.
    fn work(&mut self, block: &mut B, pieces: &mut Pieces<'_, B>) -> Result<(), StreamError>;
}

/// Takes pieces of what comes of a block, before the block itself is done.
pub(crate) struct Pieces<'p, B> {
    hand_over: &'p mut dyn FnMut(B) -> Option<B>,
}

impl<B> Pieces<'_, B> {
    /// Has a piece written behind all earlier blocks and pieces, and waits until it has been: it comes
    /// back then.
    ///
    /// # Errors
    /// When nobody writes any more.
    pub(crate) fn hand_over(&mut self, piece: B) -> Result<B, StreamError> {
        (self.hand_over)(piece)
            .ok_or_else(|| StreamError::Broken("nobody takes what was judged".into()))
    }
}

/// The place where blocks are filled, one thread at a time.
struct Supply<B, F> {
    fill: F,
    empty: Receiver<B>,
    next: u64,
    ended: bool,
}

enum Message<B, W> {
    /// A block that has been worked on, with its number, or why it could not be filled or worked on.
    Block(u64, Result<B, StreamError>),
    /// A piece of what comes of the block with this number, and where it is to be given back.
    Piece(u64, B, Sender<B>),
    /// A thread has come to its end, or has panicked.
    Ended(thread::Result<W>),
}

/// Has blocks filled (until there is nothing to fill one with), worked on by as many threads as
/// there are workers, and written in their order by the thread that calls. The workers come back.
///
/// # Errors
/// Those of `fill` and of the workers, after all blocks before have been written, and those of `write`;
/// and that a worker panicked. The threads are not waited for then: one may be reading from somebody
/// who says nothing for a long time.
pub(crate) fn run<B: Default + Send + 'static, W: Worker<B>>(
    fill: impl FnMut(&mut B) -> Result<bool, StreamError> + Send + 'static,
    workers: Vec<W>,
    mut write: impl FnMut(&mut B) -> Result<(), StreamError>,
) -> Result<Vec<W>, StreamError> {
    let (give_back, empty) = channel();
    let (hand_in, messages) = channel();
    let count = workers.len();
    for _ in 0..count * BLOCKS {
        // The other end lives until the threads have ended.
        let _ = give_back.send(B::default());
    }
    let supply = Arc::new(Mutex::new(Supply { fill, empty, next: 0, ended: false }));
    for mut worker in workers {
        let (supply, hand_in) = (supply.clone(), hand_in.clone());
        thread::Builder::new().stack_size(STACK).spawn(move || {
            let work = AssertUnwindSafe(|| go_on(&supply, &mut worker, &hand_in));
            let ended = catch_unwind(work).map(|()| worker);
            // Where nobody listens any more, the run has failed already.
            let _ = hand_in.send(Message::Ended(ended));
        })?;
    }
    let mut ended = Vec::new();
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    while ended.len() < count {
        match messages.recv() {
            Ok(Message::Block(number, block)) => waiting.insert(number, (block, None)),
            Ok(Message::Piece(number, piece, back)) => {
                waiting.insert(number, (Ok(piece), Some(back)))
            }
            Ok(Message::Ended(Ok(worker))) => {
                ended.push(worker);
                continue;
            }
            Ok(Message::Ended(Err(panic))) => {
                return Err(StreamError::Broken(words(panic.as_ref())));
            }
            Err(_) => break,
        };
        while let Some((block, back)) = waiting.remove(&next) {
            let mut block = block?;
            write(&mut block)?;
            next += u64::from(back.is_none());
            let _ = back.as_ref().unwrap_or(&give_back).send(block);
        }
    }
    Ok(ended)
}

/// Works on one block after another until there are no more, or nobody takes them.
fn go_on<B, W: Worker<B>>(
    supply: &Mutex<Supply<B, impl FnMut(&mut B) -> Result<bool, StreamError>>>,
    worker: &mut W,
    hand_in: &Sender<Message<B, W>>,
) {
    while let Some((number, block)) = filled(supply) {
        let mut hand_over = |piece| {
            let (give_back, back) = channel();
            hand_in.send(Message::Piece(number, piece, give_back)).ok()?;
            back.recv().ok()
        };
        let mut pieces = Pieces { hand_over: &mut hand_over };
        let block = block.and_then(|mut block| {
            worker.work(&mut block, &mut pieces)?;
            Ok(block)
        });
        if hand_in.send(Message::Block(number, block)).is_err() {
            return;
        }
    }
}

/// The next block with its number.
fn filled<B>(
    supply: &Mutex<Supply<B, impl FnMut(&mut B) -> Result<bool, StreamError>>>,
) -> Option<(u64, Result<B, StreamError>)> {
    let mut supply = supply.lock().unwrap_or_else(PoisonError::into_inner);
    if supply.ended {
        return None;
    }
    // Waits until a block has been written; nobody gives one back when writing has failed.
    let mut block = supply.empty.recv().ok()?;
    let number = supply.next;
    supply.next += 1;
    let filled = (supply.fill)(&mut block);
    supply.ended = !matches!(filled, Ok(true));
    match filled {
        Ok(true) => Some((number, Ok(block))),
        Ok(false) => None,
        Err(stop) => Some((number, Err(stop))),
    }
}

/// What a thread said when it panicked.
fn words(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().copied();
    let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a thread died ({})", said.unwrap_or("and left no word"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::io::Write;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::aside::Aside;

    struct Doubling;

    impl Worker<u64> for Doubling {
        fn work(&mut self, block: &mut u64, _: &mut Pieces<'_, u64>) -> Result<(), StreamError> {
            // Some blocks take longer than others.
            for _ in 0..*block % 7 {
                thread::yield_now();
            }
            *block *= 2;
            Ok(())
        }
    }

    fn counting(end: u64) -> impl FnMut(&mut u64) -> Result<bool, StreamError> + Send {
        let mut count = 0;
        move |block| {
            *block = count;
            count += 1;
            Ok(count <= end)
        }
    }

    #[test]
    fn blocks_are_written_in_their_order() {
        for threads in [1, 2, 5] {
            let mut written = Vec::new();
            let workers = (0..threads).map(|_| Doubling).collect();
            let ended = run(counting(1000), workers, |block: &mut u64| {
                written.push(*block);
                Ok(())
            });
            assert!(ended.is_ok_and(|workers| workers.len() == threads));
            assert!(written.into_iter().eq((0..1000).map(|block| 2 * block)));
        }
    }

    #[test]
    fn the_number_of_blocks_is_bounded() {
        static LIVING: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);

        struct Counted;

        impl Default for Counted {
            fn default() -> Self {
                let living = 1 + LIVING.fetch_add(1, Ordering::SeqCst);
                MOST.fetch_max(living, Ordering::SeqCst);
                Self
            }
        }

        struct Idle;

        impl Worker<Counted> for Idle {
            fn work(
                &mut self,
                _: &mut Counted,
                _: &mut Pieces<'_, Counted>,
            ) -> Result<(), StreamError> {
                Ok(())
            }
        }

        let mut left = 10_000;
        let fill = move |_: &mut Counted| {
            left -= 1;
            Ok(left >= 0)
        };
        let mut written = 0;
        let write = |_: &mut Counted| {
            written += 1;
            Ok(())
        };
        assert!(run(fill, vec![Idle, Idle], write).is_ok());
        assert_eq!(written, 10_000);
        assert_eq!(MOST.load(Ordering::SeqCst), 2 * BLOCKS);
    }

    #[test]
    fn a_failure_to_write_ends_the_run_at_once() {
        // The input has no end.
        let mut written = 0;
        let ended = run(counting(u64::MAX), vec![Doubling, Doubling], |_: &mut u64| {
            written += 1;
            if written == 10 { Err(StreamError::Unusable("full".into())) } else { Ok(()) }
        });
        assert!(ended.is_err_and(|stop| stop.to_string() == "full"));
        assert_eq!(written, 10);
    }

    #[test]
    fn a_failure_to_fill_comes_behind_what_was_filled() {
        let mut count = 0;
        let fill = move |block: &mut u64| {
            *block = count;
            count += 1;
            if count <= 100 { Ok(true) } else { Err(StreamError::Unusable("gone".into())) }
        };
        let mut written = 0;
        let ended = run(fill, vec![Doubling, Doubling], |_: &mut u64| {
            written += 1;
            Ok(())
        });
        assert!(ended.is_err_and(|stop| stop.to_string() == "gone"));
        assert_eq!(written, 100);
    }

    #[test]
    fn a_failure_of_a_worker_comes_behind_what_was_worked_on() {
        struct Failing;

        impl Worker<u64> for Failing {
            fn work(
                &mut self,
                block: &mut u64,
                _: &mut Pieces<'_, u64>,
            ) -> Result<(), StreamError> {
                if *block == 50 { Err(StreamError::Unusable("torn".into())) } else { Ok(()) }
            }
        }

        let mut written = Vec::new();
        let ended = run(counting(u64::MAX), vec![Failing, Failing], |block: &mut u64| {
            written.push(*block);
            Ok(())
        });
        assert!(ended.is_err_and(|stop| stop.to_string() == "torn"));
        assert!(written.into_iter().eq(0..50));
    }

    #[test]
    fn pieces_are_written_before_their_block_and_come_back() {
        struct Slicing;

        impl Worker<Vec<u64>> for Slicing {
            fn work(
                &mut self,
                block: &mut Vec<u64>,
                pieces: &mut Pieces<'_, Vec<u64>>,
            ) -> Result<(), StreamError> {
                let mut piece = Vec::new();
                for part in 1..=block[0] % 4 {
                    piece.push(block[0] * 10 + part);
                    piece = pieces.hand_over(piece)?;
                    assert!(piece.is_empty());
                }
                block[0] *= 10;
                Ok(())
            }
        }

        for threads in [1, 2, 5] {
            let mut count = 0;
            let fill = move |block: &mut Vec<u64>| {
                block.push(count);
                count += 1;
                Ok(count <= 300)
            };
            let mut written = Vec::new();
            let workers = (0..threads).map(|_| Slicing).collect();
            let ended = run(fill, workers, |block: &mut Vec<u64>| {
                written.append(block);
                Ok(())
            });
            assert!(ended.is_ok());
            let wanted =
                (0..300).flat_map(|n| (1..=n % 4).chain([0]).map(move |part| n * 10 + part));
            assert!(written.into_iter().eq(wanted));
        }
    }

    #[test]
    fn a_worker_that_dies_fails_the_run_and_no_output_is_left() {
        struct Falling;

        impl Worker<u64> for Falling {
            fn work(
                &mut self,
                block: &mut u64,
                _: &mut Pieces<'_, u64>,
            ) -> Result<(), StreamError> {
                assert!(*block != 50, "the fiftieth block");
                Ok(())
            }
        }

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let (mut file, aside) = Aside::create(&path).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let ended = run(counting(u64::MAX), vec![Falling, Falling], |block: &mut u64| {
            writeln!(file, "{block}").map_err(|error| aside.failed(&error))
        });
        let stop = ended.map(drop).unwrap_err();
        assert!(
            matches!(&stop, StreamError::Broken(why) if why.contains("the fiftieth block")),
            "{stop}"
        );
        drop(aside);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
