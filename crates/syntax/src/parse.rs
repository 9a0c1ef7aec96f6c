//! Text to tree: drives pest piece by piece and reports every slip.

use pest::error::{ErrorVariant, InputLocation};

use super::ast::{Definition, DefinitionKind, Expr, File, Item, Policy};
use super::build;
use super::build::Builder;
use super::grammar::Rule;
use super::matched::{Matched, Part};
use super::recover::{
    broken_name, closes_more, docs_above, first_word, next_start, skip_trivia, starts_definition,
    starts_piece, too_deep,
};
use super::slip::{Read, describe, is_keyword};
use super::words;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{FileId, Span};

/// What a text parses into: a tree of all that is well formed, and what is wrong with the rest.
#[derive(Debug)]
pub struct Parsed<'s> {
    /// The tree of all that is well formed.
    pub file: File<'s>,
    /// What is wrong with the rest, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Keyword and name of the pieces that are not well formed, so that nobody reports their names
    /// as unknown.
    pub broken: Vec<(&'s str, &'s str)>,
}

/// Parses the text of one file. Never fails as a whole: what does not parse is reported and left
/// out.
///
/// ```
/// use rulebook_base::source::Sources;
/// use rulebook_syntax::parse;
/// let mut sources = Sources::default();
/// let text = "enum Claim { refund_only, return_refund }";
/// let id = sources.add("a.policy", text);
/// assert_eq!(parse(id, text).file.definitions.len(), 1);
/// ```
pub fn parse(id: FileId, text: &str) -> Parsed<'_> {
    let mut parser = Parser { id, text, at: 0, diagnostics: Vec::new(), broken: Vec::new() };
    let mut definitions = Vec::new();
    loop {
        parser.at = skip_trivia(text, parser.at);
        if parser.at >= text.len() {
            break;
        }
        definitions.extend(parser.definition());
    }
    words::report_forms(id, text, &mut parser.diagnostics);
    let file = File { id, definitions };
    Parsed { file, diagnostics: parser.diagnostics, broken: parser.broken }
}

/// Parses a lone expression, such as the value of a parameter given on the command line.
///
/// # Errors
/// What is wrong with it.
pub fn parse_value(id: FileId, text: &str) -> Result<Expr<'_>, Vec<Diagnostic>> {
    let mut builder = Builder::new(id, 0);
    let expr = builder.embedded(text, 0);
    if builder.diagnostics.is_empty() { Ok(expr) } else { Err(builder.diagnostics) }
}

/// How many bytes of a policy pest reads at once, about.
const STRETCH: usize = 16 * 1024;

struct Parser<'s> {
    id: FileId,
    text: &'s str,
    at: usize,
    diagnostics: Vec<Diagnostic>,
    broken: Vec<(&'s str, &'s str)>,
}

impl<'s> Parser<'s> {
    fn definition(&mut self) -> Option<Definition<'s>> {
        let start = self.at;
        let docs = docs_above(self.text, start);
        let (kind, end) = self.piece(Rule::definition, false, Builder::definition)?;
        self.at = end;
        let kind = match kind? {
            DefinitionKind::Policy(head) => DefinitionKind::Policy(self.policy(head)),
            other => other,
        };
        Some(Definition { docs, span: Span::new(self.id, start, self.at), kind })
    }

    /// The items of a policy whose head has been read, up to its closing brace.
    fn policy(&mut self, mut policy: Policy<'s>) -> Policy<'s> {
        // An item that is broken may stand on one line with the brace that closes the policy.
        let mut is_closed = false;
        loop {
            self.at = skip_trivia(self.text, self.at);
            self.well_formed_items(&mut policy);
            let rest = self.text.get(self.at..).unwrap_or("");
            if rest.starts_with('}') {
                self.at += 1;
                return policy;
            }
            if rest.is_empty() || starts_definition(self.text, self.at) {
                let span = Span::new(self.id, self.at, self.at);
                let message = format!("policy `{}` is not closed", policy.name.text);
                let problem = Diagnostic::new(Code::Syntax, span, message)
                    .label("expected `}` before this")
                    .also(policy.name.span, "the policy starts here");
                self.diagnostics.extend((!is_closed).then_some(problem));
                return policy;
            }
            let start = self.at;
            let docs = docs_above(self.text, start);
            if let Some((kind, end)) = self.piece(Rule::policy_item, true, Builder::item) {
                self.at = end;
                let span = Span::new(self.id, start, end);
                policy.items.extend(kind.map(|kind| Item { docs, span, kind }));
            } else {
                is_closed |= closes_more(self.text.get(start..self.at).unwrap_or(""));
            }
        }
    }

    /// Takes the items of a policy up to the first that is not well formed, as many as are near:
    /// a run of pest costs more than an item.
    fn well_formed_items(&mut self, policy: &mut Policy<'s>) {
        let (mut end, mut starts) = (self.at, Vec::new());
        while end - self.at < STRETCH && end < self.text.len() && !starts_definition(self.text, end)
        {
            end = next_start(self.text, end, true);
            starts.push(end);
        }
        let slice = self.text.get(self.at..end).unwrap_or("");
        if too_deep(slice).is_some() {
            return;
        }
        let Ok(matched) = Matched::parse(Rule::policy_items, slice) else { return };
        let mut builder = Builder::new(self.id, self.at);
        let mut starts = starts.into_iter().peekable();
        for part in matched.parts(slice).flat_map(|items| items.parts()) {
            let span = builder.span(part);
            let (start, end) = (span.start as usize, span.end as usize);
            while starts.next_if(|next| *next <= start).is_some() {}
            let runs_into = starts.peek().is_some_and(|next| *next < end);
            if runs_into || self.runs_on(end, true).is_some() {
                // It runs into what looks like the next item, or on into what is none; read alone,
                // what it lacks is reported.
                break;
            }
            let docs = docs_above(self.text, start);
            let kind = builder.item(part);
            policy.items.extend(kind.map(|kind| Item { docs, span, kind }));
            self.at = skip_trivia(self.text, end);
        }
        self.diagnostics.append(&mut builder.diagnostics);
    }

    /// Parses one piece at the current place and returns what it builds and where it ends. On
    /// failure, reports it and moves to where the next piece starts.
    fn piece<T>(
        &mut self,
        rule: Rule,
        in_policy: bool,
        build: impl FnOnce(&mut Builder, Part<'_, 's>) -> Option<T>,
    ) -> Option<(Option<T>, usize)> {
        // Only as much text as one piece may need is shown to pest, which reads all it is given.
        let mut end = next_start(self.text, self.at, in_policy);
        loop {
            let slice = self.text.get(self.at..end).unwrap_or("");
            if let Some(depth) = too_deep(slice) {
                let place = self.at + depth;
                self.report(build::too_deep(self.id, place), slice, place, in_policy);
                return None;
            }
            match Matched::parse(rule, slice) {
                Ok(matched) => {
                    let part = matched.parts(slice).next()?;
                    if let Some(place) = self.runs_on(self.at + part.end(), in_policy) {
                        self.fail_behind(slice, place, in_policy);
                        return None;
                    }
                    let mut builder = Builder::new(self.id, self.at);
                    let built = build(&mut builder, part);
                    self.diagnostics.append(&mut builder.diagnostics);
                    return Some((built, self.at + part.end()));
                }
                Err(error) => {
                    let at = location(&error.location);
                    let ran_out = at >= slice.trim_end().len() && end < self.text.len();
                    // Past a definition that starts a line, the piece was never closed.
                    if ran_out && !starts_definition(self.text, end) {
                        end = next_start(self.text, end, in_policy);
                        continue;
                    }
                    self.fail(&error.variant, slice, at, in_policy);
                    return None;
                }
            }
        }
    }

    fn fail(&mut self, variant: &ErrorVariant<Rule>, slice: &'s str, at: usize, in_policy: bool) {
        let place = self.at + at;
        if self.names_within_rule(slice, place) {
            let diagnostic = describe(self.id, self.text, place, wanted(variant), Read::File);
            let named = self.text.get(place..).and_then(broken_name);
            self.report(diagnostic, slice, place, in_policy);
            self.broken.extend(named);
            // What stands behind it belongs to the rule, which has been reported.
            self.at = next_start(self.text, place, in_policy);
            return;
        }
        let diagnostic = match broken_name(slice) {
            Some((keyword, name))
                if wanted(variant).contains(&Rule::close_brace)
                    && self.starts_next(place, in_policy) =>
            {
                let message = format!("{keyword} `{name}` is not closed");
                let start = self.at + slice.find(name).unwrap_or(0);
                Diagnostic::new(Code::Syntax, Span::new(self.id, place, place), message)
                    .label("expected `}` before this")
                    .also(Span::new(self.id, start, start + name.len()), "it starts here")
            }
            _ => describe(self.id, self.text, place, wanted(variant), Read::File),
        };
        self.report(diagnostic, slice, place, in_policy);
    }

    /// Whether a rule goes on with a `let`, which stands beside the rules.
    fn names_within_rule(&self, slice: &str, place: usize) -> bool {
        let is_rule = matches!(broken_name(slice), Some(("rule", _)));
        is_rule && first_word(self.text.get(place..).unwrap_or("")) == "let"
    }

    /// The place behind a piece where its line goes on with what begins no other piece, so that the
    /// value with which the piece ends is not the whole of what was meant.
    fn runs_on(&self, end: usize, in_policy: bool) -> Option<usize> {
        if self.text.get(..end)?.ends_with(['{', '}']) {
            return None;
        }
        let rest = self.text.get(end..)?;
        let behind = rest.trim_start_matches([' ', '\t']);
        let ends = behind.is_empty() || behind.starts_with(['\n', '\r', '}', ';']);
        let next = ends || behind.starts_with("//") || starts_piece(behind, in_policy);
        (!next).then_some(end + rest.len() - behind.len())
    }

    fn fail_behind(&mut self, slice: &'s str, place: usize, in_policy: bool) {
        let next = first_word(self.text.get(place..).unwrap_or(""));
        let wanted = match (is_keyword(next), in_policy) {
            (false, _) => Rule::infix,
            (true, true) => Rule::policy_item,
            (true, false) => Rule::definition,
        };
        let diagnostic = describe(self.id, self.text, place, &[wanted], Read::File);
        self.report(diagnostic, slice, place, in_policy);
    }

    /// The end of what stands before a place, so that a line that starts there is not passed over.
    fn end_before(&self, place: usize) -> usize {
        self.text.get(..place).map_or(place, |before| before.trim_end().len()).max(self.at)
    }

    /// Whether the next definition, or item of a policy, starts at a place.
    fn starts_next(&self, place: usize, in_policy: bool) -> bool {
        let line = next_start(self.text, self.end_before(place), in_policy);
        self.text.get(line..place).is_some_and(|indent| indent.trim().is_empty())
    }

    fn report(&mut self, diagnostic: Diagnostic, slice: &'s str, at: usize, in_policy: bool) {
        if let Some((keyword, name)) = broken_name(slice) {
            self.broken.push((keyword, name));
        }
        self.diagnostics.push(diagnostic);
        self.at = next_start(self.text, self.end_before(at), in_policy);
    }
}

/// What pest wanted to see.
pub(super) fn wanted(variant: &ErrorVariant<Rule>) -> &[Rule] {
    match variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    }
}

fn location(location: &InputLocation) -> usize {
    match location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => *at,
    }
}
