//! Checks policies that amend others: whose rules they join, and what holds for these rules.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use super::checker::Checker;
use super::names::Named;
use super::scope::Scope;
use super::typed::{Overlay, Policy, RuleId};
use super::{cites, head};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_syntax::Parsed;
use rulebook_syntax::ast::{self, DefinitionKind, ItemKind};

/// The rules of a policy and of its overlays: by the name of the one that holds them, their numbers
/// and where their names stand.
#[derive(Default)]
pub(super) struct RuleNames<'s> {
    pub(super) by_owner: FxHashMap<&'s str, FxHashMap<&'s str, (RuleId, Span)>>,
    /// How many there are.
    pub(super) count: usize,
}

/// Where a rule stands.
#[derive(Clone, Copy)]
pub(super) struct Home<'p> {
    /// The policy whose decisions the rule sets.
    pub(super) policy: &'p Policy,
    /// The position of the overlay that holds the rule.
    pub(super) overlay: Option<u16>,
    pub(super) names: &'p RuleNames<'p>,
}

impl<'p> Home<'p> {
    /// The overlay that holds the rule, unless the policy itself does.
    pub(super) fn overlay(&self) -> Option<&'p Overlay> {
        self.policy.overlays.get(usize::from(self.overlay?))
    }

    /// The name of the policy or the overlay that holds the rule.
    pub(super) fn name(&self) -> &'p str {
        self.overlay().map_or(&self.policy.name, |overlay| &overlay.name)
    }
}

/// Takes the overlays out of their files, each to the policy that it amends. Those of one policy
/// stand in the order of the paths of their files, and of the text within a file.
pub(super) fn take<'s>(
    checker: &mut Checker,
    files: &mut [Parsed<'s>],
) -> HashMap<&'s str, Vec<ast::Policy<'s>>> {
    let sources = checker.names.sources;
    let path = |parsed: &&mut Parsed| sources.get(parsed.file.id).map(|file| &file.path);
    let mut files: Vec<_> = files.iter_mut().collect();
    files.sort_by(|a, b| path(a).cmp(&path(b)));
    let mut overlays: HashMap<_, Vec<_>> = HashMap::new();
    for definition in files.into_iter().flat_map(|parsed| &mut parsed.file.definitions) {
        let DefinitionKind::Policy(policy) = &mut definition.kind else { continue };
        let Some(amended) = policy.amends().cloned() else { continue };
        if !is_amendable(checker, &policy.name, &amended) {
            continue;
        }
        let node = ast::Policy { items: std::mem::take(&mut policy.items), ..policy.clone() };
        overlays.entry(amended.text).or_default().push(node);
    }
    overlays
}

/// Whether an overlay may amend what it names; reports where it may not.
fn is_amendable(checker: &mut Checker, overlay: &ast::Name, amended: &ast::Name) -> bool {
    let (message, help) = match checker.names.named.get(amended.text) {
        Some((Named::Policy(_), _)) => return true,
        Some((Named::Overlay(_), _)) if amended.text == overlay.text => {
            let message = format!("policy `{}` amends itself", amended.text);
            checker.sink.report(
                Diagnostic::new(Code::BadOverlay, amended.span, message)
                    .help("name the policy whose decisions its rules set"),
            );
            return false;
        }
        Some((Named::Overlay(policy), span)) => {
            let message = format!("`{}` is an overlay itself", amended.text);
            let help = format!(
                "write `amends {policy}`; its rules may override `{}.*` as well",
                amended.text
            );
            checker.sink.report(
                Diagnostic::new(Code::BadOverlay, amended.span, message)
                    .also(*span, format!("it amends `{policy}`"))
                    .help(help),
            );
            return false;
        }
        None if checker.names.broken.contains(amended.text) => return false,
        named => {
            let policies = checker.names.named.iter().filter_map(|(name, (named, _))| {
                matches!(named, Named::Policy(_)).then_some(name.as_str())
            });
            let help = did_you_mean(amended.text, policies).or_else(|| {
                Some("name a policy of this rulebook, or of one that it includes".into())
            });
            match named {
                Some(_) => (format!("`{}` is not a policy", amended.text), help),
                None => (format!("there is no policy `{}`", amended.text), help),
            }
        }
    };
    checker
        .sink
        .report(Diagnostic::new(Code::UnknownPolicy, amended.span, message).maybe_help(help));
    false
}

/// What holds for the rules of an overlay, and the scope in which they stand.
///
/// `is_dated` says whether the policy that it amends names a date of the record.
pub(super) fn head(
    checker: &mut Checker,
    node: &ast::Policy,
    amended: &Scope,
    is_dated: bool,
) -> (Overlay, Scope) {
    let scope = Scope { announced: head::announced(checker, &node.items), ..amended.clone() };
    let mut head = Overlay {
        name: node.name.text.to_string(),
        title: None,
        sources: Vec::new(),
        announced: scope.announced,
        dated: match (&node.dated_by, is_dated) {
            // What it amends counts by the time of the evaluation already.
            (Some(path), false) => head::policy_dated_by(checker, path, &scope),
            (path, _) => path.as_ref().and_then(|path| head::dated_by(checker, path, &scope).ok()),
        },
        span: node.name.span,
    };
    for item in &node.items {
        let what = match &item.kind {
            ItemKind::Title(texts) => {
                head::one_title(checker, &mut head.title, texts, &scope);
                continue;
            }
            ItemKind::Source(source) => {
                head.sources.push(cites::citation(checker, source));
                continue;
            }
            ItemKind::Announced(_)
            | ItemKind::Let(_)
            | ItemKind::Rule(_)
            | ItemKind::Invariant(_)
            | ItemKind::Measurement(_) => continue,
            ItemKind::Decide(_) => "decide",
            ItemKind::OnFault(_) => "on fault",
        };
        let message = format!("an overlay has no `{what}`");
        checker
            .sink
            .report(Diagnostic::new(Code::BadOverlay, item.span, message).help(
                "its rules set the decisions of the policy that it amends; write this there",
            ));
    }
    (head, scope)
}
