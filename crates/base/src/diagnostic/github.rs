//! Diagnostics as the commands by which GitHub notes them at the lines of a change.
//!
//! The form is that of "Workflow commands for GitHub Actions":
//! `::error file=NAME,line=LINE,col=COLUMN,endLine=LINE,endColumn=COLUMN,title=TITLE::MESSAGE`.

use super::{Diagnostic, Found};
use crate::source::Sources;

/// One line for each diagnostic, its help behind its message. A message cannot end its command: whatever
/// has a meaning there is escaped.
pub fn render_github(found: &[Found<'_>]) -> String {
    let commands = found.iter().flat_map(|Found { sources, diagnostics }| {
        diagnostics.iter().map(move |diagnostic| command(sources, diagnostic) + "\n")
    });
    commands.collect()
}

fn command(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mut properties = Vec::new();
    if let Some(span) = diagnostic.span() {
        let (line, column) = sources.line_column(span);
        let (end_line, end_column) = sources.end_line_column(span);
        properties.push(format!("file={}", property(&sources.path(span.file))));
        properties.push(format!("line={line},col={column},endLine={end_line}"));
        // A column of a last line is one only beside that of the same line.
        if end_line == line {
            properties.push(format!("endColumn={end_column}"));
        }
    }
    properties.push(format!("title={}", property(diagnostic.code.name())));
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    let message: String = std::iter::once(diagnostic.message.clone()).chain(help).collect();
    format!("::{} {}::{}", diagnostic.severity.name(), properties.join(","), data(&message))
}

/// A message in a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Span;

    #[test]
    fn what_has_a_meaning_in_a_command_is_escaped() {
        let mut sources = Sources::default();
        let file = sources.add("a,b:c%.policy", "one\ntwo three\n");
        let wrong = Diagnostic::new(Code::Unused, Span::new(file, 8, 13), "100%\r\n::error::x")
            .help("write `a, b`");
        let placeless = Diagnostic::placeless(Code::NoPolicies, "nothing is there");
        let diagnostics = [wrong, placeless];
        let found = [Found { sources: &sources, diagnostics: &diagnostics }];
        assert_eq!(
            render_github(&found),
            "::warning file=a%2Cb%3Ac%25.policy,line=2,col=5,endLine=2,endColumn=10,title=unused\
             ::100%25%0D%0A::error::x%0Ahelp: write `a, b`\n\
             ::error title=no-policies::nothing is there\n"
        );
    }
}
