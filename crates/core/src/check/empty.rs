//! Reports files and policies that say nothing: the wrong file, or one that was never written to its end.

use super::sink::Sink;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{Sources, Span};
use rulebook_syntax::Parsed;
use rulebook_syntax::ast::{DefinitionKind, ItemKind, Policy, Subject};

/// Reports files without definitions, and policies that neither decide nor amend anything.
pub(super) fn report(sources: &Sources, files: &[Parsed], sink: &mut Sink) {
    let is_empty = |parsed: &&Parsed| {
        parsed.file.definitions.is_empty()
            && parsed.diagnostics.is_empty()
            && parsed.broken.is_empty()
    };
    // Where no file says anything, there is nothing to decide by.
    let code = match files.iter().all(|parsed| is_empty(&parsed)) {
        true => Code::NoPolicies,
        false => Code::EmptyPolicy,
    };
    for parsed in files.iter().filter(is_empty) {
        let id = parsed.file.id;
        let path = sources.get(id).map_or("the file", |file| file.path.as_str());
        let message = format!("`{path}` defines nothing");
        sink.report(
            Diagnostic::new(code, Span::new(id, 0, 0), message)
                .help("write a `record` and a `policy` into it, or remove it"),
        );
    }
    // What a policy would say whose pieces are malformed is not known.
    let sound = files.iter().filter(|parsed| parsed.diagnostics.is_empty());
    for definition in sound.flat_map(|parsed| &parsed.file.definitions) {
        let DefinitionKind::Policy(policy) = &definition.kind else { continue };
        if !says_something(policy) {
            let (verb, help) = match policy.subject {
                Subject::Record(_) | Subject::Elements(_) => {
                    ("decides", "say what it decides, `decide … by …`, and by which rules")
                }
                Subject::Policy(_) => {
                    ("amends", "add the rules that amend the policy, or remove it")
                }
            };
            let message = format!("policy `{}` {verb} nothing", policy.name.text);
            let warning = Diagnostic::new(Code::EmptyPolicy, policy.name.span, message);
            sink.report(warning.help(help));
        }
    }
}

fn says_something(policy: &Policy) -> bool {
    policy.items.iter().any(|item| match item.kind {
        ItemKind::Title(_) | ItemKind::Source(_) | ItemKind::Announced(_) => false,
        ItemKind::Decide(_)
        | ItemKind::Let(_)
        | ItemKind::Rule(_)
        | ItemKind::OnFault(_)
        | ItemKind::Invariant(_)
        | ItemKind::Measurement(_) => true,
    })
}
