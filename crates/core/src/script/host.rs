//! Texts of scripts to functions that can be called, with every problem drawn in its file.

use std::collections::HashMap;
use std::sync::Arc;

use rhai::{AST, Engine, LexError, ParseErrorType, Position};

use super::Wanted;
use super::calls::{Functions, Unfound};
use super::engine;
use super::inspect::{Inspected, inspect};
use super::run::Script;
use super::stack::{stack_of, stack_of_limits, with_stack};
use crate::settings::ScriptLimits;
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::{FileId, Span};
use rulebook_lang::figures::counted;
use rulebook_lang::model::Zone;

/// Compiles the scripts of a rulebook; all share one engine.
pub struct Host {
    engine: Arc<Engine>,
    functions: Functions,
    limits: ScriptLimits,
    /// The files seen so far; nothing for one that does not compile.
    files: HashMap<FileId, Option<Read>>,
}

/// A script that has been read.
#[derive(Clone)]
pub(super) struct Read {
    pub(super) ast: Arc<AST>,
    /// The most calls within one expression that work one on the result of the other.
    pub(super) chain: u64,
    /// The stack that a call of one of its functions needs at most, in bytes.
    pub(super) stack: usize,
}

impl Host {
    /// A host whose scripts run within limits, in the rulebook's zone.
    pub fn new(limits: &ScriptLimits, zone: &Zone) -> Self {
        let engine = Arc::new(engine::build(limits, zone));
        let functions = Functions::of(&engine);
        Self { engine, functions, limits: limits.clone(), files: HashMap::new() }
    }

    /// The function that a policy wants.
    ///
    /// # Errors
    /// What is wrong with the script, each time in its own file; nothing where that has been reported
    /// of the same file before.
    pub fn function(&mut self, wanted: &Wanted<'_>) -> Result<Script, Vec<Diagnostic>> {
        let cached = self.files.get(&wanted.file).cloned();
        let read = match cached {
            Some(cached) => cached.ok_or_else(Vec::new)?,
            None => {
                let compiled = self.compile(wanted);
                self.files.insert(wanted.file, compiled.as_ref().ok().cloned());
                compiled?
            }
        };
        find(&read.ast, wanted).map_err(|problem| vec![problem])?;
        let line = name_span(wanted).map_or(1, |span| line_of(wanted.text, span.range().start));
        Ok(Script::new(&self.engine, &read, &self.limits, wanted, line))
    }

    fn compile(&self, wanted: &Wanted<'_>) -> Result<Read, Vec<Diagnostic>> {
        let read = self.read(wanted).map_err(|problem| vec![problem])?;
        let unfound = with_stack(&self.limits, || self.functions.unfound(&read.ast));
        if unfound.is_empty() {
            return Ok(read);
        }
        let told = unfound.into_iter().map(|Unfound { at, message, help }| {
            let span = span_at(wanted.file, wanted.text, at);
            Diagnostic::new(Code::BadScript, span, message).help(help)
        });
        Err(told.collect())
    }

    fn read(&self, wanted: &Wanted<'_>) -> Result<Read, Diagnostic> {
        let span_of = |at: Position| span_at(wanted.file, wanted.text, at);
        let ast =
            with_stack(&self.limits, || self.engine.compile(wanted.text)).map_err(|error| {
                let span = span_of(error.1);
                match *error.0 {
                    // What the engine refuses in our own words.
                    ParseErrorType::BadInput(LexError::Runtime(reason)) => {
                        Diagnostic::new(Code::BadScript, span, reason)
                            .help("`docs/scripts.md` tells what a script may use")
                    }
                    slip => Diagnostic::new(Code::BadScript, span, in_words(&slip.to_string()))
                        .help("scripts are written in Rhai: https://rhai.rs/book"),
                }
            })?;
        if let Some(statement) = ast.statements().first() {
            let span = span_of(statement.position());
            let message = "this stands outside of any function and would never run";
            return Err(Diagnostic::new(Code::BadScript, span, message)
                .help("write it within a function; constants too"));
        }
        let written = |at: Position| wanted.text.get(span_of(at).range()).unwrap_or_default();
        let Inspected { chain, wrapped, straight } =
            with_stack(&self.limits, || inspect(&ast, written));
        if let Some(at) = wrapped {
            let message = "this number does not fit: it would become a negative one";
            return Err(Diagnostic::new(Code::BadScript, span_of(at), message)
                .help("numbers in other digits have 63 bits; write it in decimal digits"));
        }
        let stack = straight.map_or(stack_of_limits(&self.limits), stack_of);
        Ok(Read { ast: Arc::new(ast), chain, stack })
    }
}

/// Checks that a script defines a function as a policy declares it.
fn find(ast: &AST, wanted: &Wanted<'_>) -> Result<(), Diagnostic> {
    let Wanted { name, arity, declared, path, .. } = *wanted;
    let same: Vec<_> = ast.iter_functions().filter(|function| function.name == name).collect();
    if same.iter().any(|function| function.params.len() == arity) {
        return Ok(());
    }
    let arguments = |count: usize| counted(count, "argument");
    let Some(other) = same.first() else {
        let message = format!("`{path}` defines no function `{name}`");
        let names: Vec<_> = ast.iter_functions().map(|function| function.name).collect();
        let near = did_you_mean(name, names.iter().copied());
        let help = near.unwrap_or_else(|| format!("write `fn {name}(…) {{ … }}` there"));
        return Err(Diagnostic::new(Code::BadScript, declared, message).help(help));
    };
    let takes = other.params.len();
    let message = format!("`{name}` takes {}, and is declared with {arity}", arguments(takes));
    let diagnostic = match name_span(wanted) {
        Some(span) => {
            Diagnostic::new(Code::BadScript, span, message).also(declared, "declared here")
        }
        None => Diagnostic::new(Code::BadScript, declared, message),
    };
    Err(diagnostic.help("give both the same arguments, in the same order"))
}

/// The parser's message as the start of a sentence.
fn in_words(message: &str) -> String {
    let mut letters = message.chars();
    match letters.next() {
        Some(first) => format!("this is not Rhai: {}{}", first.to_lowercase(), letters.as_str()),
        None => "this is not Rhai".into(),
    }
}

/// The word at a position of the text, or its end where there is none.
fn span_at(file: FileId, text: &str, position: Position) -> Span {
    let Some(line) = position.line() else { return Span::new(file, text.len(), text.len()) };
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    let column = position.position().unwrap_or(1).saturating_sub(1);
    let start = before + rest.chars().take(column).map(char::len_utf8).sum::<usize>();
    let word = text.get(start..).unwrap_or_default();
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    let length: usize = word
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_' || (is_number && *c == '.'))
        .map(char::len_utf8)
        .sum();
    let single = word.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    Span::new(file, start, start + length.max(single))
}

/// Where the script defines a function of the name wanted.
fn name_span(wanted: &Wanted<'_>) -> Option<Span> {
    let text = wanted.text;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(wanted.name).find_map(|(at, name)| {
        let before = text.get(..at)?.trim_end();
        let keyword = before.strip_suffix("fn")?;
        let parted = before.len() < at && !keyword.ends_with(is_word);
        let whole = !text.get(at + name.len()..)?.starts_with(is_word);
        // What a comment shows defines nothing.
        let line = keyword.rsplit('\n').next().unwrap_or_default();
        (parted && whole && !line.contains("//"))
            .then(|| Span::new(wanted.file, at, at + name.len()))
    })
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.get(..at).unwrap_or_default().matches('\n').count()
}
