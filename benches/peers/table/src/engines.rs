//! The engines: what each is asked to do, and its processes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use workload::Measure;

use crate::Effort;

/// An engine, a package of this workspace called `peer-NAME`.
pub struct Engine {
    pub name: &'static str,
    /// Its crate, whose version the table tells.
    pub crate_name: &'static str,
    /// Whether it finds all matching rules among this many.
    dispatch: &'static [usize],
    ranges: &'static [usize],
    /// Whether loading so many is measured, and the memory counted.
    load: &'static [usize],
}

const MANY: &[usize] = &[10, 100, 1_000, 10_000];
const MORE: &[usize] = &[10, 100, 1_000, 10_000, 100_000];
const LOADED: &[usize] = &[1_000, 10_000, 100_000];

/// All of them; the yardstick first.
pub const ENGINES: &[Engine] = &[
    Engine { name: "hand", crate_name: "serde_json", dispatch: MANY, ranges: MORE, load: &[] },
    Engine { name: "rulebook", crate_name: "rulebook", dispatch: MANY, ranges: MORE, load: LOADED },
    expressions("datalogic", "datalogic-rs"),
    Engine { name: "zen", crate_name: "zen-engine", dispatch: MANY, ranges: MANY, load: LOADED },
    expressions("cel", "cel"),
    Engine { name: "regorus", crate_name: "regorus", dispatch: MANY, ranges: MANY, load: &[] },
    expressions("cedar", "cedar-policy"),
    expressions("rhai", "rhai"),
];

/// An engine that evaluates what it is told to, and does not search among rules.
const fn expressions(name: &'static str, crate_name: &'static str) -> Engine {
    Engine { name, crate_name, dispatch: &[], ranges: &[], load: &[] }
}

impl Engine {
    /// Builds it by itself, so that its features are its own.
    pub fn build(&self) {
        // datalogic-rs asks for a newer Rust than it needs.
        build(&workspace(), &["--ignore-rust-version", "-p", &format!("peer-{}", self.name)]);
    }

    /// Compares it with the hand-written code; tells what differs.
    pub fn agrees(&self, effort: &Effort) -> bool {
        let sizes = most(self.dispatch, effort);
        let lines = self.run("", "agree", 0, if sizes.is_empty() { &[1] } else { &sizes });
        let differing = lines.iter().filter(|line| line.value > 0.0);
        let differing = differing.inspect(|line| {
            let Measure { form, rules, value, hand, .. } = line;
            eprintln!("{} ({form}, {rules} rules): {value} of {hand} differ", self.name);
        });
        let agrees = differing.count() == 0;
        let looked_at: f64 = lines.iter().map(|line| line.hand).sum();
        eprintln!("{} agrees: {agrees} ({looked_at} comparisons)", self.name);
        agrees
    }

    /// Measures everything once.
    pub fn measure(&self, effort: &Effort) -> Vec<Measure> {
        let tasks: [(&str, &[usize]); 4] = [
            ("decide", &[0]),
            ("dispatch", self.dispatch),
            ("ranges", self.ranges),
            ("load", self.load),
        ];
        let run = |(task, sizes)| match most(sizes, effort) {
            sizes if sizes.is_empty() => Vec::new(),
            sizes => self.run("", task, effort.milliseconds, &sizes),
        };
        tasks.into_iter().flat_map(run).collect()
    }

    /// Counts the memory that loaded rules hold on to.
    pub fn retained(&self, effort: &Effort) -> Vec<Measure> {
        match most(self.load, effort) {
            sizes if sizes.is_empty() => Vec::new(),
            sizes => self.run("-memory", "retained", 0, &sizes),
        }
    }

    fn run(&self, program: &str, task: &str, milliseconds: usize, sizes: &[usize]) -> Vec<Measure> {
        let program = binary(&format!("peer-{}{program}", self.name));
        let sizes: Vec<_> = sizes.iter().map(usize::to_string).collect();
        let output = Command::new(&program)
            .args([task, &milliseconds.to_string(), &sizes.join(",")])
            .stderr(Stdio::inherit())
            .output()
            .unwrap_or_else(|error| panic!("cannot run {}: {error}", program.display()));
        assert!(output.status.success(), "{} {task}: {}", program.display(), output.status);
        let text = String::from_utf8(output.stdout).expect("an engine writes JSON lines");
        let lines = text.lines();
        lines.map(|line| serde_json::from_str(line).expect("an engine writes JSON lines")).collect()
    }
}

fn most(sizes: &[usize], effort: &Effort) -> Vec<usize> {
    sizes.iter().copied().filter(|size| *size <= effort.most_rules).collect()
}

/// The folder of this workspace.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package lies in its workspace").to_path_buf()
}

/// Builds something into the target folder of this workspace.
pub fn build(folder: &Path, arguments: &[&str]) {
    eprintln!("building {}", arguments.last().expect("something is built"));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--profile", "dist", "--locked", "--quiet", "--manifest-path"]);
    cargo.arg(folder.join("Cargo.toml"));
    cargo.arg("--target-dir").arg(workspace().join("target")).args(arguments);
    // `cargo run` tells this program about its own package. Some build scripts look at that, and
    // would run anew, with all that depends on them.
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    let status = cargo.status();
    let status = status.expect("cargo runs, since it ran this");
    assert!(status.success(), "cargo build {arguments:?} failed");
}

/// A program that was built.
pub fn binary(name: &str) -> PathBuf {
    workspace().join("target/dist").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The version of a crate, from the lock file.
pub fn version(crate_name: &str) -> String {
    let lock = std::fs::read_to_string(workspace().join("Cargo.lock")).unwrap_or_default();
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{crate_name}\""));
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = \""));
    version.map_or_else(String::new, |version| version.trim_end_matches('"').to_string())
}
