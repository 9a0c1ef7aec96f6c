//! What an engine's process is asked to do: agree with the hand-written code, or be measured beside it.

use std::collections::HashSet;
use std::env;
use std::hint::black_box;
use std::time::Duration;

use cpu_time::ThreadTime;
use serde::{Deserialize, Serialize};

use crate::hand::{Outcomes, blocked_domains, hand, hand_borrowed};
use crate::input::{Borrowed, Case, cases};
use crate::rules::{Hits, Kind, Rule, index, matching_indexed, matching_linear, rules};

/// Checkouts on which every engine must agree with the hand-written code.
const AGREEING: usize = 100_000;
/// Checkouts that are timed, over and over: few enough to stay in the cache of a large core.
const TIMED: usize = 4_096;
/// How often engine and hand take turns.
const TURNS: usize = 5;

/// Where a decision finds its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// In the engine's own form, made ready before the clock starts.
    Memory,
    /// As the bytes of its JSON, parsed while the clock runs.
    Json,
    /// As a Rust struct, handed over through `Serialize`.
    Struct,
}

/// One measurement, as a process tells it to the table: a line of JSON.
#[derive(Debug, Serialize, Deserialize)]
pub struct Measure {
    /// `memory`, `json`, `struct`, `dispatch`, `ranges`, `load`, `retained` or `agree`.
    pub task: String,
    /// How the engine was used.
    pub form: String,
    /// The number of rules, where there are many.
    pub rules: usize,
    /// Nanoseconds; bytes for `retained`; cases that differ for `agree`.
    pub value: f64,
    /// The same for the hand-written code in the same process; cases looked at for `agree`.
    pub hand: f64,
}

impl Measure {
    /// Writes the line.
    pub fn tell(task: &str, form: &str, rules: usize, value: f64, hand: f64) {
        let measure = Self { task: task.to_string(), form: form.to_string(), rules, value, hand };
        println!("{}", serde_json::to_string(&measure).expect("a measure serialises"));
    }
}

/// One run of an engine's process: `TASK MILLISECONDS SIZES`, such as `dispatch 20 10,100`.
///
/// An engine calls the methods for all it can do; those that the task is not about do nothing.
pub struct Session {
    task: String,
    turn: Duration,
    sizes: Vec<usize>,
    cases: Vec<Case>,
    blocked: HashSet<&'static str>,
}

impl Session {
    /// Reads the arguments and draws the checkouts.
    pub fn from_arguments() -> Self {
        let arguments: Vec<_> = env::args().skip(1).collect();
        let [task, milliseconds, sizes] = arguments.as_slice() else {
            panic!("wanted: TASK MILLISECONDS SIZES, such as `dispatch 20 10,100`")
        };
        let sizes = sizes.split(',').map(|size| size.parse().expect("sizes are numbers"));
        Self {
            task: task.clone(),
            turn: Duration::from_millis(milliseconds.parse().expect("milliseconds are a number")),
            sizes: sizes.collect(),
            cases: cases(if task == "agree" { AGREEING } else { TIMED }).collect(),
            blocked: blocked_domains().into_iter().collect(),
        }
    }

    /// A: the three decisions about each checkout. What `prepare` does is not timed.
    pub fn decide<'s, P>(
        &'s self,
        source: Source,
        form: &str,
        prepare: impl Fn(&'s Case) -> P,
        mut decide: impl FnMut(&mut P) -> Outcomes,
    ) {
        if self.task == "agree" {
            let agrees =
                |case: &&'s Case| decide(&mut prepare(case)) != hand(&case.input, &self.blocked);
            let differing = self.cases.iter().filter(agrees).count();
            return Measure::tell("agree", form, 0, differing as f64, self.cases.len() as f64);
        }
        if self.task != "decide" {
            return;
        }
        let mut prepared: Vec<P> = self.cases.iter().map(prepare).collect();
        let decide = |at: usize| decide(&mut prepared[at]);
        let turns = match source {
            Source::Memory | Source::Struct => {
                self.take_turns(decide, |at| hand(&self.cases[at].input, &self.blocked))
            }
            Source::Json => self.take_turns(decide, |at| {
                let json = black_box(self.cases[at].json.as_bytes());
                let borrowed: Borrowed<'_> =
                    serde_json::from_slice(json).expect("the workload is JSON");
                hand_borrowed(&borrowed, &self.blocked)
            }),
        };
        let task = match source {
            Source::Memory => "memory",
            Source::Json => "json",
            Source::Struct => "struct",
        };
        for (engine, hand) in turns {
            Measure::tell(task, form, 0, engine, hand);
        }
    }

    /// B and B': all the rules that match a checkout. What `build` and `prepare` do is not timed.
    pub fn find<M, P>(
        &self,
        kinds: &[Kind],
        form: &str,
        build: impl Fn(&[Rule]) -> M,
        prepare: impl Fn(&M, &Case) -> P,
        mut find: impl FnMut(&mut M, &mut P) -> Hits,
    ) {
        for (task, kind) in [("dispatch", Kind::Dispatched), ("ranges", Kind::Ranges)] {
            let asked_for = self.task == task || self.task == "agree";
            if !asked_for || !kinds.contains(&kind) {
                continue;
            }
            for &size in &self.sizes {
                let rules = rules(kind, size);
                let mut model = build(&rules);
                if self.task == "agree" {
                    // Fewer among many rules, since the oracle looks at every one of them.
                    let looked_at = self.cases.len().min(5_000_000 / size);
                    let differing = self.cases[..looked_at].iter().filter(|case| {
                        let mut prepared = prepare(&model, case);
                        find(&mut model, &mut prepared) != matching_linear(&rules, &case.input)
                    });
                    let differing = differing.count() as f64;
                    Measure::tell("agree", form, size, differing, looked_at as f64);
                    continue;
                }
                let mut prepared: Vec<P> =
                    self.cases.iter().map(|case| prepare(&model, case)).collect();
                let find = |at: usize| find(&mut model, &mut prepared[at]);
                let turns = match kind {
                    Kind::Dispatched => {
                        let index = index(&rules);
                        self.take_turns(find, |at| matching_indexed(&index, &self.cases[at].input))
                    }
                    Kind::Ranges => {
                        self.take_turns(find, |at| matching_linear(&rules, &self.cases[at].input))
                    }
                };
                for (engine, hand) in turns {
                    Measure::tell(task, form, size, engine, hand);
                }
            }
        }
    }

    /// Load: from the text of the rules to something that finds. Writing the text is not timed.
    pub fn load<T, M>(&self, form: &str, write: impl Fn(&[Rule]) -> T, build: impl Fn(&T) -> M) {
        if self.task != "load" {
            return;
        }
        for &size in &self.sizes {
            let rules = rules(Kind::Dispatched, size);
            let text = write(&rules);
            let (engine, _built) = timed(|| build(&text));
            let (hand, _index) = timed(|| index(&rules));
            Measure::tell("load", form, size, engine, hand);
        }
    }

    /// Load: the bytes that what was built holds on to, as the allocator counts them in `used`.
    pub fn retain<T, M>(
        &self,
        form: &str,
        write: impl Fn(&[Rule]) -> T,
        build: impl Fn(&T) -> M,
        used: impl Fn() -> usize,
    ) {
        for &size in &self.sizes {
            let rules = rules(Kind::Dispatched, size);
            let text = write(&rules);
            let before = used();
            let _built = black_box(build(&text));
            let engine = used() - before;
            let before = used();
            let _index = black_box(index(&rules));
            let hand = used() - before;
            Measure::tell("retained", form, size, engine as f64, hand as f64);
        }
    }

    /// Lets the engine and the hand-written code take turns; nanoseconds of a call in each turn.
    fn take_turns<E, H>(
        &self,
        engine: impl FnMut(usize) -> E,
        hand: impl FnMut(usize) -> H,
    ) -> Vec<(f64, f64)> {
        let mut engine = Stopwatch::new(self.turn, self.cases.len(), engine);
        let mut hand = Stopwatch::new(self.turn, self.cases.len(), hand);
        (0..TURNS).map(|_| (engine.turn(), hand.turn())).collect()
    }
}

/// Runs once on the thread's clock.
fn timed<R>(run: impl FnOnce() -> R) -> (f64, R) {
    let start = ThreadTime::now();
    let result = black_box(run());
    (start.elapsed().as_nanos() as f64, result)
}

/// Something called over and over, with the number of one of the cases.
struct Stopwatch<F> {
    call: F,
    cases: usize,
    next: usize,
    calls: usize,
}

impl<R, F: FnMut(usize) -> R> Stopwatch<F> {
    /// Warms up, and finds out how many calls fill a turn.
    fn new(turn: Duration, cases: usize, call: F) -> Self {
        let mut watch = Self { call, cases, next: 0, calls: 1 };
        while watch.turn() * (watch.calls as f64) < turn.as_nanos() as f64 / 2.0 {
            watch.calls *= 2;
        }
        watch
    }

    fn turn(&mut self) -> f64 {
        let start = ThreadTime::now();
        for _ in 0..self.calls {
            black_box((self.call)(black_box(self.next)));
            self.next += 1;
            if self.next == self.cases {
                self.next = 0;
            }
        }
        start.elapsed().as_nanos() as f64 / self.calls as f64
    }
}
