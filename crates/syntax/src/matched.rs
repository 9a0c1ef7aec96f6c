//! What pest has matched, as one row of rules that is walked without copies.

use std::borrow::Cow;

use pest::Parser as _;
use pest::error::Error;
use pest::iterators::Pairs;

use super::grammar::{Grammar, Rule};
use super::letter;
use super::recover::{code_length, without_comments};

/// A rule that matched.
#[derive(Debug, Clone, Copy)]
struct Match {
    rule: Rule,
    start: u32,
    /// Where the last token in it ends; the gap behind that does not count.
    end: u32,
    /// How many matches it has within, its own included.
    length: u32,
}

/// Texts that pest reads are far shorter than this can count.
fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The text with signs that are no letter in place of what keyboards of East Asia draw wide, and of all that is
/// but another form of some letter there. Each is as long as what it stands for, and only places are taken from
/// what is matched.
fn without_wide_letters(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(letter::is_wide) {
        return text;
    }
    text.replace(letter::is_wide, "\u{fffd}").into()
}

/// All rules that matched in a text, each before those within it.
#[derive(Debug, Default)]
pub(super) struct Matched {
    row: Vec<Match>,
}

impl Matched {
    /// What pest matches when it reads a text by a rule.
    ///
    /// # Errors
    /// Where the text does not follow the rule.
    pub(super) fn parse(rule: Rule, text: &str) -> Result<Self, Box<Error<Rule>>> {
        let plain = without_wide_letters(without_comments(text));
        Ok(Self::of(&plain, Grammar::parse(rule, &plain)?))
    }

    /// Keywords and signs are left out once it is clear where what holds them ends.
    fn of(text: &str, pairs: Pairs<'_, Rule>) -> Self {
        let mut row: Vec<Match> = Vec::new();
        let mut open = Vec::new();
        let mut last = 0;
        for token in pairs.tokens() {
            match token {
                pest::Token::Start { rule, pos } => {
                    open.push(row.len());
                    let start = short(pos.pos());
                    row.push(Match { rule, start, end: start, length: 1 });
                }
                pest::Token::End { rule, pos } => {
                    let Some(at) = open.pop() else { continue };
                    let length = row.len() - at;
                    let Some(head) = row.get_mut(at) else { continue };
                    if length == 1 {
                        let token = text.get(head.start as usize..pos.pos()).unwrap_or("");
                        last = head.start + short(code_length(token));
                    }
                    (head.end, head.length) = (last, short(length));
                    if is_noise(rule) {
                        row.truncate(at);
                    }
                }
            }
        }
        Self { row }
    }

    /// The matches that lie in no other.
    pub(super) fn parts<'m, 's>(&'m self, text: &'s str) -> Parts<'m, 's> {
        Parts { text, row: &self.row }
    }
}

/// A match and the text that it lies in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'m, 's> {
    text: &'s str,
    /// The match itself; those within it follow.
    head: Match,
    inner: &'m [Match],
}

impl<'m, 's> Part<'m, 's> {
    pub(super) fn rule(&self) -> Rule {
        self.head.rule
    }

    pub(super) fn start(&self) -> usize {
        self.head.start as usize
    }

    pub(super) fn end(&self) -> usize {
        self.head.end as usize
    }

    pub(super) fn text(&self) -> &'s str {
        self.text.get(self.start()..self.end()).unwrap_or("")
    }

    /// The matches right within this one.
    pub(super) fn parts(&self) -> Parts<'m, 's> {
        Parts { text: self.text, row: self.inner }
    }
}

/// Matches that stand one behind the other, taken one by one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'m, 's> {
    text: &'s str,
    row: &'m [Match],
}

impl<'m, 's> Parts<'m, 's> {
    pub(super) fn peek(&self) -> Option<Part<'m, 's>> {
        let head = *self.row.first()?;
        Some(Part { text: self.text, head, inner: self.row.get(1..head.length as usize)? })
    }

    /// The next match if it is of this rule.
    pub(super) fn next_of(&mut self, rule: Rule) -> Option<Part<'m, 's>> {
        self.row.first().filter(|next| next.rule == rule)?;
        self.next()
    }

    /// What is built of each, in memory for just as many: a tree has far more short lists than
    /// long ones.
    pub(super) fn build<T>(self, build: impl FnMut(Part<'m, 's>) -> Option<T>) -> Vec<T> {
        let mut built = Vec::with_capacity(self.count());
        built.extend(self.filter_map(build));
        built
    }
}

impl<'m, 's> Iterator for Parts<'m, 's> {
    type Item = Part<'m, 's>;

    fn next(&mut self) -> Option<Part<'m, 's>> {
        let next = self.peek()?;
        self.row = self.row.get(next.head.length as usize..)?;
        Some(next)
    }
}

/// What only marks where other matches begin and end.
fn is_noise(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::k_enum
            | Rule::k_record
            | Rule::k_parameter
            | Rule::k_list
            | Rule::k_fn
            | Rule::k_table
            | Rule::k_policy
            | Rule::k_counter
            | Rule::k_calendar
            | Rule::k_count
            | Rule::k_distinct
            | Rule::k_to
            | Rule::k_before
            | Rule::k_amends
            | Rule::k_for
            | Rule::k_each
            | Rule::k_dated
            | Rule::k_by
            | Rule::k_rounded
            | Rule::k_read
            | Rule::k_or
            | Rule::k_as
            | Rule::k_of
            | Rule::k_source
            | Rule::k_url
            | Rule::k_assumed
            | Rule::k_from
            | Rule::k_until
            | Rule::k_otherwise
            | Rule::k_then
            | Rule::k_within
            | Rule::k_where
            | Rule::k_on
            | Rule::k_fault
            | Rule::k_if
            | Rule::k_else
            | Rule::k_in
            | Rule::k_and
            | Rule::open_brace
            | Rule::close_brace
            | Rule::open_paren
            | Rule::close_paren
            | Rule::open_bracket
            | Rule::close_bracket
            | Rule::colon
            | Rule::comma
            | Rule::bar
            | Rule::assign
            | Rule::EOI
            | Rule::arrow
    )
}
