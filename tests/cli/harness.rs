//! Runs the real binary in temporary folders.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::rc::Rc;

use serde_json::Value;
use tempfile::TempDir;

/// A temporary folder that is gone when the test, and every run in it, has ended.
pub(crate) struct Folder {
    folder: Rc<TempDir>,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: Rc::new(tempfile::tempdir().unwrap()) }
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// The names of everything in the folder.
    pub(crate) fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }

    /// A run of the binary within the folder; arguments are parted by white space.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rulebook"));
        command.current_dir(self.folder.path()).args(arguments.split_whitespace());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        Run { command, input: Vec::new(), out: None, _folder: self.folder.clone() }
    }
}

#[cfg(unix)]
impl Folder {
    /// Runs a line of a shell here, in which the binary is the command `rulebook`.
    pub(crate) fn shell(&self, shell: &str, line: &str) -> Output {
        let binary = Path::new(env!("CARGO_BIN_EXE_rulebook")).parent().unwrap();
        let line = format!("PATH='{}':$PATH; {line}", binary.to_str().unwrap());
        Command::new(shell).args(["-c", &line]).current_dir(self.path("")).output().unwrap()
    }
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A run that has not started yet.
pub(crate) struct Run {
    command: Command,
    input: Vec<u8>,
    out: Option<fs::File>,
    _folder: Rc<TempDir>,
}

impl Run {
    /// An argument that may hold white space.
    pub(crate) fn arg(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    /// More arguments, parted by white space.
    pub(crate) fn args(mut self, arguments: &str) -> Self {
        self.command.args(arguments.split_whitespace());
        self
    }

    /// Runs in a folder below.
    pub(crate) fn within(mut self, path: &str) -> Self {
        let folder = self._folder.path().join(path);
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// What the binary reads from standard input.
    pub(crate) fn input(mut self, input: impl AsRef<[u8]>) -> Self {
        self.input = input.as_ref().to_vec();
        self
    }

    /// Where standard output goes instead of into [`Ran::out`].
    pub(crate) fn prints_to(mut self, file: fs::File) -> Self {
        self.out = Some(file);
        self
    }

    /// Runs to the end and expects this exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ran {
        let Ended { ran, code: exit } = self.output();
        assert_eq!(exit, code, "the exit code\n{ran}");
        ran
    }

    /// Runs to the end, however it ends.
    #[track_caller]
    pub(crate) fn output(mut self) -> Ended {
        let out = self.out.take().map_or_else(Stdio::piped, Stdio::from);
        self.command.stdin(Stdio::piped()).stdout(out).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let (mut stdin, input) = (child.stdin.take().unwrap(), self.input);
        // A binary that stops early closes the pipe; that is its right.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let ran = Ran::of(&output);
        let code = output.status.code();
        Ended { code: code.unwrap_or_else(|| panic!("{:?} was killed\n{ran}", self.command)), ran }
    }

    /// Runs while somebody writes to standard input until nobody reads it any more; whether all was
    /// taken.
    #[track_caller]
    pub(crate) fn takes_all(
        mut self,
        mut parts: impl Iterator<Item = String> + Send + 'static,
    ) -> (bool, Ended) {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let write = move || parts.all(|part| stdin.write_all(part.as_bytes()).is_ok());
        let writer = std::thread::spawn(write);
        let output = child.wait_with_output().unwrap();
        let code = output.status.code().unwrap();
        (writer.join().unwrap(), Ended { ran: Ran::of(&output), code })
    }

    /// Runs while somebody reads one line of standard output and then goes away.
    #[track_caller]
    pub(crate) fn exits_after_one_line(mut self, code: i32) -> Ran {
        use std::io::{BufRead, BufReader};
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let output = child.wait_with_output().unwrap();
        let ran = Ran { out: line, ..Ran::of(&output) };
        assert_eq!(output.status.code(), Some(code), "{:?}\n{ran}", self.command);
        ran
    }
}

/// A run that has come to its end.
pub(crate) struct Ended {
    pub(crate) ran: Ran,
    pub(crate) code: i32,
}

/// What a run has printed.
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) err: String,
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "--- stdout\n{}\n--- stderr\n{}", start(&self.out), start(&self.err))
    }
}

fn start(text: &str) -> String {
    text.chars().take(4000).collect()
}

impl Ran {
    #[track_caller]
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let ran = Self { out: text(&output.stdout), err: text(&output.stderr) };
        assert!(!ran.err.contains("panicked"), "{ran}");
        assert!(!ran.err.contains("overflowed its stack"), "{ran}");
        ran
    }

    #[track_caller]
    pub(crate) fn out_has(self, part: &str) -> Self {
        assert!(self.out.contains(part), "standard output lacks {part:?}\n{self}");
        self
    }

    #[track_caller]
    pub(crate) fn out_lacks(self, part: &str) -> Self {
        assert!(!self.out.contains(part), "standard output has {part:?}\n{self}");
        self
    }

    #[track_caller]
    pub(crate) fn out_is(self, text: &str) -> Self {
        assert!(self.out == text, "standard output is not {text:?}\n{self}");
        self
    }

    #[track_caller]
    pub(crate) fn err_has(self, part: &str) -> Self {
        assert!(self.err.contains(part), "standard error lacks {part:?}\n{self}");
        self
    }

    #[track_caller]
    pub(crate) fn err_is(self, text: &str) -> Self {
        assert!(self.err == text, "standard error is not {text:?}\n{self}");
        self
    }

    /// No escape sequence in either stream.
    #[track_caller]
    pub(crate) fn plain(self) -> Self {
        assert!(!self.out.contains('\u{1b}') && !self.err.contains('\u{1b}'), "{self}");
        self
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// Standard output as JSON lines.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        json_lines(&self.out)
    }
}

#[track_caller]
pub(crate) fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The values at a path of every line.
pub(crate) fn each(lines: &[Value], pointer: &str) -> Vec<Value> {
    lines.iter().map(|line| line.pointer(pointer).cloned().unwrap_or(Value::Null)).collect()
}
