//! The command line: how fast it starts, and how many records it judges beside a mere parser.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;
use workload::{Measure, cases};

use crate::Effort;
use crate::engines::{binary, build, workspace};
use crate::table::Table;

/// How often the command line is started.
const STARTS: usize = 20;

/// Measures the `rulebook` binary of the project.
pub fn measure(effort: &Effort, table: &mut Table) {
    let project = workspace().join("../..");
    build(&project, &["--bin", "rulebook"]);
    build(&workspace(), &["-p", "peer-hand"]);
    let target = workspace().join("target");
    let mut tell = |task: &str, form: &str, rules: usize, value: f64, hand: f64| {
        let (task, form) = (task.to_string(), form.to_string());
        table.extend("rulebook", [Measure { task, form, rules, value, hand }]);
    };

    let one = target.join("one_checkout.jsonl");
    let records = fs::read_to_string(project.join("policies/taobao/data/wechat_pay.jsonl"));
    let records = records.expect("the project ships sample records");
    fs::write(&one, records.lines().next().unwrap_or_default()).expect("the file can be written");
    for _ in 0..STARTS {
        let mut command = eval(&project.join("policies/taobao"), "wechat_pay", &one);
        let run = run(command.stdout(Stdio::null()));
        tell("start", "`rulebook eval policies/taobao`, one record", 0, run.wall, 0.0);
    }

    let input = target.join("checkouts.jsonl");
    let decisions = target.join("decisions.jsonl");
    write_lines(&input, effort.lines).expect("the file can be written");
    for _ in 0..effort.rounds.min(3) {
        // To free what an earlier run has written takes time of its own.
        let _ = fs::remove_file(&decisions);
        let mut command = eval(&workspace().join("rulebook/policies"), "checkout", &input);
        let eval = run(command.arg("--output").arg(&decisions));
        let lines = effort.lines as f64;
        for form in ["owned", "borrowed"] {
            let parse = run(Command::new(binary("parse-lines")).arg(&input).arg(form));
            let mut tell = |clock: &str, eval: f64, parse: f64| {
                let form = format!("`rulebook eval`, {clock}; by hand {form}");
                tell("lines", &form, 0, eval / lines, parse / lines);
            };
            tell("by the clock", eval.wall, parse.wall);
            tell("processor time", eval.cpu, parse.cpu);
        }
        tell("peak", "`rulebook eval`", 0, eval.memory, 0.0);
    }
    for file in [one, input, decisions] {
        // What stays behind lies in the target folder, and does no harm.
        let _ = fs::remove_file(file);
    }
}

fn eval(rulebook: &Path, policy: &str, input: &Path) -> Command {
    let mut command = Command::new(binary("rulebook"));
    command.arg("eval").arg(rulebook).args(["--policy", policy, "--format", "jsonl", "--input"]);
    command.arg(input).stderr(Stdio::null());
    command
}

/// Nanoseconds by the clock and of the processors, and the most bytes in use.
struct Run {
    wall: f64,
    cpu: f64,
    memory: f64,
}

#[allow(clippy::disallowed_methods, reason = "a measurement asks the clock")]
fn run(command: &mut Command) -> Run {
    let start = Instant::now();
    let child = command.spawn().expect("the program was built");
    let used = child.wait4().expect("a child can be waited for");
    let wall = start.elapsed();
    assert!(used.status.success(), "{command:?}: {}", used.status);
    let nanoseconds = |time: Duration| time.as_nanos() as f64;
    Run {
        wall: nanoseconds(wall),
        cpu: nanoseconds(used.rusage.utime + used.rusage.stime),
        memory: used.rusage.maxrss as f64,
    }
}

fn write_lines(path: &Path, count: usize) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for case in cases(count) {
        writeln!(file, "{}", case.json)?;
    }
    file.flush()
}
