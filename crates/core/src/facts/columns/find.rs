//! Names of columns to the fields that they hold.

use rustc_hash::FxHashMap;

use crate::program::{FieldKind, Layout};

/// The columns of a record's fields, each with the position of its field.
#[derive(Debug, Default)]
pub struct Named {
    /// The places of fields, and where each is found.
    pub fields: Vec<(usize, Source)>,
}

/// Where a field is read from.
#[derive(Debug)]
pub enum Source {
    /// The column with this number.
    Column(usize),
    /// Columns of the fields of a nested record, such as `order.amount`.
    Record(Named),
}

/// Two columns for one field.
#[derive(Debug)]
pub struct Clash {
    /// The column that was found first.
    #[cfg_attr(
        not(feature = "batch"),
        allow(dead_code, reason = "only problems of schemas name both columns")
    )]
    pub first: usize,
    /// The number of the one that came later.
    pub again: usize,
}

impl Named {
    /// Finds the field of each column: by its name or its `as` name, where dots lead into nested
    /// records, else by an `as` name that only one field of a nested record has. Columns that no
    /// record declares are passed over, as members of JSON objects are.
    pub fn find<'n>(
        layout: &Layout,
        names: impl IntoIterator<Item = &'n str>,
    ) -> (Self, Vec<Clash>) {
        let (mut named, mut clashes, mut others) = (Self::default(), Vec::new(), Vec::new());
        for (number, name) in names.into_iter().enumerate() {
            match named.add(layout, name, number) {
                Ok(true) => {}
                Ok(false) => others.push((number, name)),
                Err(first) => clashes.push(Clash { first, again: number }),
            }
        }
        if !others.is_empty() {
            let mut nested = FxHashMap::default();
            add_aliases(layout, &mut Vec::new(), &mut nested);
            for (number, name) in others {
                if let Some(Some(path)) = nested.get(name) {
                    named.add_at(path, number);
                }
            }
        }
        (named, clashes)
    }

    /// The source of the field at a position.
    pub fn source(&self, position: usize) -> Option<&Source> {
        self.fields.iter().find(|(at, _)| *at == position).map(|(_, source)| source)
    }

    fn source_mut(&mut self, position: usize) -> Option<&mut Source> {
        self.fields.iter_mut().find(|(at, _)| *at == position).map(|(_, source)| source)
    }

    /// Adds a column under a name that starts at this record; whether there is such a field.
    ///
    /// # Errors
    /// The column that holds the field already.
    fn add(&mut self, layout: &Layout, name: &str, number: usize) -> Result<bool, usize> {
        // An `as` name may hold a dot, so the whole name comes first.
        let parts = name
            .match_indices('.')
            .filter_map(|(at, _)| Some((name.get(..at)?, Some(name.get(at + 1..)?))));
        for (head, rest) in [(name, None)].into_iter().chain(parts) {
            let Some((position, field)) = layout.field(head) else { continue };
            let existing = self.source_mut(position);
            match (rest, &field.kind, existing) {
                (None, _, Some(existing)) => return Err(existing.first()),
                (None, _, None) => {
                    self.fields.push((position, Source::Column(number)));
                    return Ok(true);
                }
                (Some(rest), FieldKind::Record(inner), Some(Source::Record(named))) => {
                    if named.add(inner, rest, number)? {
                        return Ok(true);
                    }
                }
                (Some(rest), FieldKind::Record(inner), existing) => {
                    let mut named = Self::default();
                    if named.add(inner, rest, number)? {
                        if let Some(existing) = existing {
                            return Err(existing.first());
                        }
                        self.fields.push((position, Source::Record(named)));
                        return Ok(true);
                    }
                }
                (Some(_), ..) => {}
            }
        }
        Ok(false)
    }

    /// Adds a column for the field that a path of positions leads to, unless it has one.
    fn add_at(&mut self, path: &[usize], number: usize) {
        let Some((position, rest)) = path.split_first() else { return };
        match (self.source_mut(*position), rest.is_empty()) {
            (Some(Source::Record(named)), false) => named.add_at(rest, number),
            (Some(_), _) => {}
            (None, true) => self.fields.push((*position, Source::Column(number))),
            (None, false) => {
                let mut named = Self::default();
                named.add_at(rest, number);
                self.fields.push((*position, Source::Record(named)));
            }
        }
    }
}

impl Source {
    /// The first column of what it holds.
    fn first(&self) -> usize {
        match self {
            Self::Column(number) => *number,
            Self::Record(named) => named.fields.first().map_or(0, |(_, source)| source.first()),
        }
    }
}

/// The fields of nested records by their `as` names; nothing for a name that several have. What a
/// profile holds is not looked for among the columns of those who join it.
fn add_aliases<'l>(
    layout: &'l Layout,
    path: &mut Vec<usize>,
    into: &mut FxHashMap<&'l str, Option<Vec<usize>>>,
) {
    for (position, field) in layout.fields.iter().enumerate() {
        path.push(position);
        if path.len() > 1 {
            for alias in layout.aliases(position) {
                let several = into.contains_key(alias);
                into.insert(alias, (!several).then(|| path.clone()));
            }
        }
        if let FieldKind::Record(inner) = &field.kind
            && field.join.is_none()
        {
            add_aliases(inner, path, into);
        }
        path.pop();
    }
}
