//! Diagnostics as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), which code hosts and
//! editors read. Of the format there is what a log of one tool needs.

use serde::Serialize;

use super::{Code, Diagnostic, Found, Label};
use crate::source::Sources;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: String,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    help: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

/// A text; where there are two, they say the same.
#[derive(Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// A log of what was found, by a version of this program; columns count characters from 1.
pub fn render_sarif(found: &[Found<'_>], version: &str) -> String {
    let all = || found.iter().flat_map(|found| found.diagnostics);
    let mut codes: Vec<_> = all().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results = found.iter().flat_map(|Found { sources, diagnostics }| {
        diagnostics.iter().map(|diagnostic| result(sources, diagnostic, &codes))
    });
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            column_kind: "unicodeCodePoints",
            results: results.collect(),
            tool: Tool {
                driver: Driver {
                    name: "rulebook",
                    semantic_version: version.to_string(),
                    rules: codes.iter().map(|code| rule(*code)).collect(),
                },
            },
        }],
    };
    // Texts and numbers always serialise.
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

fn rule(code: Code) -> Rule {
    let explained = code.explained();
    Rule {
        id: code.name(),
        short_description: message(code.meaning()),
        help: Message { text: explained.to_string(), markdown: Some(explained) },
        default_configuration: Configuration { level: code.default_severity().name() },
    }
}

fn result(sources: &Sources, diagnostic: &Diagnostic, codes: &[Code]) -> Outcome {
    let mut labels = diagnostic.labels.iter();
    let help = diagnostic.help.iter().map(|help| format!("\n{help}"));
    let text: String = std::iter::once(diagnostic.message.clone()).chain(help).collect();
    Outcome {
        rule_id: diagnostic.code.name(),
        rule_index: codes.binary_search(&diagnostic.code).unwrap_or_default(),
        level: diagnostic.severity.name(),
        message: message(text),
        locations: labels.next().map(|label| location(sources, label)).into_iter().collect(),
        related_locations: labels.map(|label| location(sources, label)).collect(),
    }
}

fn location(sources: &Sources, label: &Label) -> Location {
    let (start_line, start_column) = sources.line_column(label.span);
    let (end_line, end_column) = sources.end_line_column(label.span);
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(&sources.path(label.span.file)) },
            region: Region { start_line, start_column, end_line, end_column },
        },
        message: (!label.text.is_empty()).then(|| message(label.text.as_str())),
    }
}

fn message(text: impl Into<String>) -> Message {
    Message { text: text.into(), markdown: None }
}

/// A path as a reference of RFC 3986, relative where the path is.
fn uri(path: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(byte);
    let escaped = path.bytes().map(|byte| match is_plain(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    std::iter::once(scheme.to_string()).chain(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("../a b/退货.policy"), "../a%20b/%E9%80%80%E8%B4%A7.policy");
        assert_eq!(uri("/shop/a.policy"), "file:///shop/a.policy");
        assert_eq!(uri("a:b.policy"), "a%3Ab.policy");
    }
}
