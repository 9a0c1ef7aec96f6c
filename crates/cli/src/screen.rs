//! The only doors to the terminal: lines for people, with every control that is not ours made visible,
//! and what programs read, exactly as it is.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Stop, paint};
use rulebook_base::visible::{visible, visible_lines};
use rulebook_stream::{Content, Refusal, StreamError};

/// Prints a line for people on standard output. A full disk is an error, and whoever stops reading has
/// seen enough.
macro_rules! say {
    ($($part:tt)*) => {
        $crate::screen::print(&$crate::screen::Text::line(format_args!($($part)*)))?
    };
}

/// Prints a line for people on standard error.
macro_rules! tell {
    ($($part:tt)*) => {
        $crate::screen::tell(&$crate::screen::Text::line(format_args!($($part)*)))
    };
}

/// Prints a line for programs on standard output.
macro_rules! exact {
    ($($part:tt)*) => { $crate::screen::print_exact(&format!("{}\n", format_args!($($part)*)))? };
}

/// Lines for people. Whatever a line is made of, it stays one line, and only our own colours
/// ([`paint`]) are in it.
#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    pub(super) fn line(line: fmt::Arguments<'_>) -> Self {
        let mut text = Self::default();
        text.write_fmt(line);
        text
    }

    /// Adds one line; `writeln!` calls it.
    pub(super) fn write_fmt(&mut self, line: fmt::Arguments<'_>) {
        let line = line.to_string();
        let mut rest = line.strip_suffix('\n').unwrap_or(&line);
        while let Some((plain, sequence, behind)) = paint::at_mark(rest) {
            self.0.push_str(&visible(plain));
            self.0.push_str(sequence);
            rest = behind;
        }
        self.0.push_str(&visible(rest));
        self.0.push('\n');
    }

    pub(super) fn blank(&mut self) {
        self.0.push('\n');
    }

    /// Takes a picture as it was drawn, by somebody who made visible what it quotes: its lines stay, and
    /// of controls only colours.
    pub(super) fn drawn(picture: &str) -> Self {
        let mut text = Self::default();
        let mut rest = picture;
        while let Some(at) = rest.find('\u{1b}') {
            let (plain, behind) = rest.split_at(at);
            let (colour, behind) = behind.split_at(colour(behind));
            text.0.push_str(&visible_lines(plain));
            text.0.push_str(colour);
            rest = behind;
            if colour.is_empty() {
                let end = '\u{1b}'.len_utf8();
                text.0.push_str(&visible(rest.get(..end).unwrap_or_default()));
                rest = rest.get(end..).unwrap_or_default();
            }
        }
        text.0.push_str(&visible_lines(rest));
        text
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The lines as a file has them.
    pub(super) fn without_colours(&self) -> String {
        anstream::adapter::strip_str(&self.0).to_string()
    }
}

/// How many bytes of a text are the sequence for a colour that it begins with.
fn colour(text: &str) -> usize {
    let Some(numbers) = text.strip_prefix("\u{1b}[") else { return 0 };
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(numbers.len());
    match numbers.get(end..).is_some_and(|rest| rest.starts_with('m')) {
        true => text.len() - numbers.len() + end + 1,
        false => 0,
    }
}

impl std::ops::AddAssign for Text {
    fn add_assign(&mut self, other: Self) {
        self.0.push_str(&other.0);
    }
}

impl FromIterator<Text> for Text {
    fn from_iter<I: IntoIterator<Item = Text>>(texts: I) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all += text);
        all
    }
}

/// Prints lines for people on standard output.
pub(super) fn print(text: &Text) -> Result<(), Stop> {
    enough(anstream::stdout().write_all(text.0.as_bytes()))
}

/// Prints lines for people on standard error; who does not look at it does not mind.
pub(super) fn tell(text: &Text) {
    tell_written(text.0.as_bytes());
}

/// Whether nobody looks at standard error.
static SILENT: AtomicBool = AtomicBool::new(false);

/// Tells nothing on standard error from here on.
pub(super) fn be_silent() {
    SILENT.store(true, Ordering::Relaxed);
}

/// Prints lines for people that were written before.
pub(super) fn tell_written(lines: &[u8]) {
    if !SILENT.load(Ordering::Relaxed) {
        drop(anstream::stderr().write_all(lines));
    }
}

/// Prints what programs read on standard output.
pub(super) fn print_exact(text: &str) -> Result<(), Stop> {
    enough(exact_writer().write_all(text.as_bytes()))
}

fn enough(written: io::Result<()>) -> Result<(), Stop> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes lines for people to a file, without their colours, or prints them where no file is named.
pub(super) fn write_or_print(text: &Text, file: Option<&Path>) -> Result<(), Stop> {
    match file {
        Some(_) => write_exact(&text.without_colours(), file),
        None => print(text),
    }
}

/// Writes what programs read to a file, or prints it where no file is named.
pub(super) fn write_exact(text: &str, file: Option<&Path>) -> Result<(), Stop> {
    let Some(file) = file else { return print_exact(text) };
    Ok(rulebook_stream::write(file, text.as_bytes())?)
}

/// Standard output for lines for people: they lose their colours where nobody wants any.
pub(super) fn writer() -> Box<dyn Write + Send> {
    Box::new(anstream::stdout())
}

/// Standard output for what programs read. A terminal is no program: there it is shown with its controls
/// written as JSON writes them.
pub(super) fn exact_writer() -> Box<dyn Write + Send> {
    match io::stdout().is_terminal() {
        true => Box::new(LookedAt(io::stdout())),
        false => Box::new(io::stdout()),
    }
}

/// Refuses to write into a file that is called like one that holds something else.
pub(super) fn refuse_misnamed(path: Option<&Path>, content: Content) -> Result<(), Stop> {
    Ok(path.map_or(Ok(()), |path| content.fits(path)).map_err(StreamError::from)?)
}

/// The same where `--format` says what is written.
pub(super) fn refuse_other_format(path: Option<&Path>, content: Content) -> Result<(), Stop> {
    let fits = |path: &Path| content.fits(path).map_err(Refusal::with_choice);
    Ok(path.map_or(Ok(()), fits).map_err(StreamError::from)?)
}

/// Nobody wants to see Parquet on a terminal.
pub(super) fn refuse_to_show_parquet(file: Option<&Path>) -> Result<(), Stop> {
    match file {
        None if paint::on_terminal() => {
            Err(Stop::Unusable("Parquet is nothing to look at; name a file with `--output`".into()))
        }
        _ => Ok(()),
    }
}

/// Shows texts of programs to people.
struct LookedAt<W>(W);

impl<W: Write> Write for LookedAt<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut shown = String::with_capacity(text.len());
        for c in text.chars() {
            let mut buffer = [0; 4];
            let is_ours = matches!(c, '\n' | '\t');
            if is_ours || visible(c.encode_utf8(&mut buffer)).starts_with(c) {
                shown.push(c);
                continue;
            }
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        }
        self.0.write_all(shown.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    const HOSTILE: &str = "a\u{1b}[2J\u{1b}[31m\r\n\t\u{7}\u{9b}\u{202e}\u{2028}\u{fdd1}b";

    #[test]
    fn a_line_stays_one_line_with_our_colours_only() {
        let mut text = Text::default();
        writeln!(text, "{}: {HOSTILE}", paint::error(HOSTILE));
        let shown = "a\\u{1b}[2J\\u{1b}[31m\\r\\n\\t\\u{7}\\u{9b}\\u{202e}\\u{2028}\\u{fdd1}b";
        assert_eq!(text.as_str(), format!("\u{1b}[1;31m{shown}\u{1b}[0m: {shown}\n"));
    }

    #[test]
    fn a_picture_keeps_its_lines_and_colours() {
        let text = Text::drawn("\u{1b}[1mx\u{1b}[0m\n\u{1b}[2J\u{1b}]0;t\u{7}\r\u{1b}");
        let shown = "\u{1b}[1mx\u{1b}[0m\n\\u{1b}[2J\\u{1b}]0;t\\u{7}\\r\\u{1b}";
        assert_eq!(text.as_str(), shown);
    }

    #[test]
    fn what_programs_read_is_shown_on_a_terminal_as_json_may_write_it() {
        let mut shown = Vec::new();
        LookedAt(&mut shown)
            .write_all("{\"a\": \"\u{9b}\u{202e}\u{e0041}订\"}\t\n".as_bytes())
            .unwrap();
        let shown = String::from_utf8(shown).unwrap();
        assert_eq!(shown, "{\"a\": \"\\u009b\\u202e\\udb40\\udc41订\"}\t\n");
    }
}
