//! What an expression may read, and what is known to be present.

use super::Ty;
use super::record::Schema;

/// A field that an expression may read.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// How it is written.
    pub(super) path: String,
    pub(super) ty: Ty,
    /// The paths that must be known to be present before it is.
    needs: Vec<String>,
}

/// What an expression may read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(super) places: Vec<Place>,
    known: Vec<String>,
    pub(super) variables: usize,
}

impl Scope {
    /// Adds a root and all that can be reached from it.
    pub(crate) fn add(&mut self, schema: &Schema, path: &str, ty: Ty, optional: bool) {
        self.add_needing(schema, path, ty, optional, &[]);
    }

    pub(super) fn add_needing(
        &mut self,
        schema: &Schema,
        path: &str,
        ty: Ty,
        optional: bool,
        above: &[String],
    ) {
        let mut needs = above.to_vec();
        if optional {
            needs.push(path.to_string());
        }
        self.places.push(Place { path: path.to_string(), ty, needs: needs.clone() });
        if ty == Ty::Money {
            let currency = format!("{path}.currency");
            self.places.push(Place { path: currency, ty: Ty::Currency, needs: needs.clone() });
        }
        for field in schema.fields(ty) {
            let inner = format!("{path}.{}", field.name);
            self.add_needing(schema, &inner, field.ty, field.optional, &needs);
        }
    }

    /// The scope in which a path and all above it are known to be present.
    pub(super) fn knowing(&self, path: &str) -> Self {
        let mut scope = self.clone();
        for (at, _) in path.match_indices('.') {
            scope.known.push(path[..at].to_string());
        }
        scope.known.push(path.to_string());
        scope
    }

    /// The scope in which money is known to be in the currency of a type.
    pub(super) fn in_currency(&self, money: &Place, ty: Ty) -> Self {
        let mut scope = self.clone();
        let is_amount = |place: &Place| matches!(place.ty, Ty::Cny | Ty::Jpy);
        scope.places.retain(|place| place.path != money.path || !is_amount(place));
        scope.places.push(Place { ty, ..money.clone() });
        scope
    }

    pub(super) fn is_known(&self, place: &Place) -> bool {
        place.needs.iter().all(|path| self.known.contains(path))
    }

    pub(super) fn certain(&self, ty: Ty) -> Vec<&Place> {
        self.places.iter().filter(|place| place.ty == ty && self.is_known(place)).collect()
    }

    pub(super) fn uncertain(&self) -> Vec<&Place> {
        self.places.iter().filter(|place| !self.is_known(place)).collect()
    }
}
