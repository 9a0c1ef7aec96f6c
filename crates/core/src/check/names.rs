//! What is declared: the names of a rulebook and what they stand for. Whoever checks an expression
//! reads this; only `check` itself adds to it, between one kind of definition and the next.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::scope::{Lets, Scope};
use super::typed::{
    Checked, CounterId, Elements, Field, Fields, FunctionId, ListId, ParameterId, Policy, PolicyId,
    Record, RecordId, RecordKind, TableId,
};
use crate::settings::Settings;
use rulebook_base::source::{FileId, Sources, Span};
use rulebook_lang::model::{EnumType, RecordType, Type, is_money_name};
use rulebook_syntax::Parsed;
use rulebook_syntax::ast::{self, ExprKind};

/// What a name of the rulebook stands for.
#[derive(Debug, Clone)]
pub(super) enum Named {
    Enum(Arc<EnumType>),
    Record(RecordId, Arc<RecordType>),
    Parameter(ParameterId),
    List(ListId),
    Function(FunctionId),
    Counter(CounterId),
    Table(TableId),
    /// A calendar, by its number.
    Calendar(u32),
    Policy(PolicyId),
    /// A policy that amends the one with this name.
    Overlay(String),
}

/// The files that lists and functions name, by where they name them.
pub(super) type Files = BTreeMap<Span, FileId>;

/// What is declared.
pub(super) struct Names<'a> {
    pub(super) sources: &'a Sources,
    pub(super) settings: &'a Settings,
    pub(super) files: &'a Files,
    pub(super) named: FxHashMap<String, (Named, Span)>,
    /// Names of pieces that did not parse, and of tables that are wrong; nobody reports them as
    /// unknown.
    pub(super) broken: HashSet<String>,
    /// Whether anything did not parse.
    pub(super) slips: bool,
    /// The record that money of any currency is.
    pub(super) money: Option<RecordId>,
    /// The definitions as far as they are checked.
    pub(super) checked: Checked,
    /// For each record the named values that all policies on it see.
    pub(super) record_lets: Vec<Lets>,
    /// The policies; `None` for one whose record is unknown.
    pub(super) policies: Vec<Option<Declared>>,
}

/// A policy as others read it.
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) record: RecordId,
    /// What it judges one by one, and what others see of that.
    pub(super) elements: Option<DeclaredElements>,
    /// Its decisions, each with the type that is read.
    pub(super) decisions: Vec<(String, Type)>,
}

/// The elements of a list that a policy judges, as others read what it decided.
pub(super) struct DeclaredElements {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) lists: Vec<(Fields, RecordId)>,
    /// What others see of each.
    pub(super) decided: RecordId,
}

impl Declared {
    /// A policy; `decided` is what others see of each element that it judges.
    pub(super) fn of(policy: &Policy, decided: Option<RecordId>) -> Self {
        let decisions = policy.decisions.iter();
        let decisions =
            decisions.map(|decision| (decision.name.clone(), decision.read_type())).collect();
        let elements = policy.elements.as_ref().zip(decided).map(|(elements, decided)| {
            let Elements { name, path, lists, .. } = elements.clone();
            DeclaredElements { name, path, lists, decided }
        });
        Self { name: policy.name.clone(), record: policy.record, elements, decisions }
    }
}

impl<'a> Names<'a> {
    /// The file that a list or a function names at a place, with its text.
    pub(super) fn file(&self, place: Span) -> Option<(FileId, &'a str)> {
        let id = *self.files.get(&place)?;
        self.sources.get(id).map(|file| (id, file.text.as_str()))
    }

    pub(super) fn new(
        sources: &'a Sources,
        settings: &'a Settings,
        files: &'a Files,
        parsed: &[Parsed],
    ) -> Self {
        let broken = parsed.iter().flat_map(|parsed| &parsed.broken);
        Self {
            sources,
            settings,
            files,
            named: FxHashMap::default(),
            broken: broken.map(|(_, name)| (*name).to_string()).collect(),
            slips: parsed.iter().any(|parsed| !parsed.diagnostics.is_empty()),
            money: None,
            checked: Checked::default(),
            record_lets: Vec::new(),
            policies: Vec::new(),
        }
    }

    /// What a name stands for.
    pub(super) fn get(&self, name: &str) -> Option<&Named> {
        self.named.get(name).map(|(named, _)| named)
    }

    /// An expression as its author wrote it, on one line.
    pub(super) fn shown(&self, span: Span) -> String {
        self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(super) fn record(&self, id: RecordId) -> &Record {
        &self.checked.records[id]
    }

    /// The record that is read where this one is judged.
    pub(super) fn base_of(&self, id: RecordId) -> RecordId {
        match self.record(id).kind {
            RecordKind::Element(base) => base,
            RecordKind::Declared | RecordKind::Decided(_) | RecordKind::Row(_) => id,
        }
    }

    /// The named values that all policies on a record see.
    pub(super) fn lets_of(&self, record: RecordId) -> Lets {
        self.record_lets.get(self.base_of(record).index()).cloned().unwrap_or_default()
    }

    /// A field of a record, to add to it what is known later.
    pub(super) fn field_mut(&mut self, record: RecordId, position: usize) -> Option<&mut Field> {
        self.checked.records[record].fields.get_mut(position)
    }

    /// Whether any record has a field with this name.
    pub(super) fn is_field(&self, name: &str) -> bool {
        let records = self.checked.records.iter();
        let is_written = |record: &&Record| {
            !is_money_name(&record.name) && !matches!(record.kind, RecordKind::Row(_))
        };
        let written = records.filter(is_written);
        written.flat_map(|record| &record.fields).any(|field| field.name == name)
    }

    /// Whether a local, a field or a named value has this name.
    pub(super) fn sees(&self, name: &str, scope: &Scope) -> bool {
        self.names_in(scope).any(|visible| visible == name)
    }

    /// Whether an expression is a single name that means nothing unless an enum is expected.
    pub(super) fn is_bare_member(&self, expr: &ast::Expr, scope: &Scope) -> bool {
        let ExprKind::Path(path) = &expr.kind else { return false };
        let [name] = path.names.as_slice() else { return false };
        if self.sees(name.text, scope) || name.text == "now" || name.text == "announced" {
            return false;
        }
        if self.decides(name.text, scope) && !self.is_member(name.text) {
            return false;
        }
        !matches!(self.get(name.text), Some(Named::Parameter(_) | Named::List(_)))
    }

    /// Whether the policy that is checked decides something of this name.
    pub(super) fn decides(&self, name: &str, scope: &Scope) -> bool {
        let policy = scope.policy.and_then(|policy| self.policies.get(policy.index()));
        let decisions = policy.into_iter().flatten().flat_map(|policy| &policy.decisions);
        decisions.into_iter().any(|(known, _)| known == name)
    }

    /// Whether an enum that is defined has a member of this name.
    pub(super) fn is_member(&self, name: &str) -> bool {
        self.named.values().any(|(named, _)| match named {
            Named::Enum(members) => members.position(name).is_some(),
            _ => false,
        })
    }

    pub(super) fn names_in<'c>(&'c self, scope: &'c Scope) -> impl Iterator<Item = &'c str> {
        let locals = scope.locals.iter().map(|(name, ..)| name.as_str());
        let record = scope.record.map(|record| self.record(record));
        let fields =
            record.into_iter().flat_map(|record| &record.fields).map(|field| field.name.as_str());
        let outcomes = scope.outcomes.iter().map(|(name, _)| name.as_str());
        let lets = scope.lets.keys().map(String::as_str);
        locals.chain(outcomes).chain(fields).chain(lets)
    }

    /// The record that a type of this name means; behind that of a policy, what others see of an element that
    /// it judges.
    pub(super) fn record_of(&self, name: &str) -> Option<&Record> {
        let id = match self.get(name) {
            Some(Named::Record(id, _)) => Some(*id),
            Some(Named::Table(id)) => {
                self.checked.tables.get(id.index())?.row.as_ref().map(|(record, _)| *record)
            }
            Some(Named::Policy(id)) => {
                let elements = self.policies.get(id.index())?.as_ref()?.elements.as_ref();
                elements.map(|elements| elements.decided)
            }
            _ => self.money.filter(|money| self.record(*money).name.as_ref() == name),
        };
        id.map(|id| self.record(id))
    }

    /// The type of a record.
    pub(super) fn record_type(&self, id: RecordId) -> Type {
        match self.get(&self.record(id).name) {
            _ if self.money == Some(id) => Type::money(),
            Some(Named::Record(_, ty)) => Type::Record(ty.clone()),
            _ => Type::Unknown,
        }
    }

    pub(super) fn field_of(&self, record: &str, field: &str) -> Option<(u32, Type)> {
        let record = self.record_of(record)?;
        let position = record.fields.iter().position(|declared| declared.name == field)?;
        let ty = record.fields.get(position)?.ty.clone();
        Some((u32::try_from(position).ok()?, ty))
    }
}
