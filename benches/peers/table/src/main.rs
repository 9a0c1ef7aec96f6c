//! Builds every engine, lets all agree, measures them in turn, and prints one table.

mod command_line;
mod engines;
mod table;

use std::process::ExitCode;

use engines::ENGINES;
use table::Table;

/// How much is measured.
pub struct Effort {
    rounds: usize,
    milliseconds: usize,
    most_rules: usize,
    lines: usize,
}

const FULL: Effort = Effort { rounds: 5, milliseconds: 40, most_rules: 100_000, lines: 1_000_000 };
const QUICK: Effort = Effort { rounds: 2, milliseconds: 10, most_rules: 1_000, lines: 50_000 };

fn main() -> ExitCode {
    let mut effort = &FULL;
    let mut chosen = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => effort = &QUICK,
            name if ENGINES.iter().any(|engine| engine.name == name) => chosen.push(argument),
            other => {
                let names: Vec<_> = ENGINES.iter().map(|engine| engine.name).collect();
                eprintln!("`{other}` is neither `--quick` nor one of {}", names.join(", "));
                return ExitCode::from(2);
            }
        }
    }
    let is_chosen = |name: &str| chosen.is_empty() || chosen.iter().any(|chosen| chosen == name);
    let engines: Vec<_> = ENGINES.iter().filter(|engine| is_chosen(engine.name)).collect();

    for engine in &engines {
        engine.build();
    }
    let mut table = Table::default();
    for engine in &engines {
        if !engine.agrees(effort) {
            return ExitCode::FAILURE;
        }
    }
    // Every round measures everything once, so that a slow minute of the machine hits all alike.
    for round in 1..=effort.rounds {
        eprintln!("round {round} of {}", effort.rounds);
        for engine in &engines {
            table.extend(engine.name, engine.measure(effort));
        }
    }
    for engine in &engines {
        table.extend(engine.name, engine.retained(effort));
    }
    if is_chosen("rulebook") {
        command_line::measure(effort, &mut table);
    }
    table.print();
    ExitCode::SUCCESS
}
