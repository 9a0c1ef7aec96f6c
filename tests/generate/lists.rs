//! Random lists and records that expressions make.

use super::code::{atom, literal};
use super::expression::Expressions;
use super::scope::Scope;
use super::{Code, Ty};

/// What is drawn of lists, records and rows of tables, and how it looks.
pub(crate) const MADE: &[(&str, &str)] = &[
    ("each", r"\[.+ for v\d+ in "),
    ("nested", r" for v\d+ in [^\]]+ for v\d+ in "),
    ("descending", r" descending\)"),
    ("record", r"\bLeaf \{ "),
    ("field", r"\)\.l\d"),
    ("records", r": Leaf by all"),
    ("joined lists", r": list of Leaf by (all|union)"),
    ("whole lists", r": list of text by first"),
    ("nothing", r"(then|else) missing"),
    ("whole rows", r"\(t\d\(.*\)\)\.o\d"),
    ("collected rows", r"\[v\d+\.o\d for v\d+ in t\d"),
    ("lists in tables", r"\| o\d: list of text"),
    ("records in tables", r"\| o\d: Leaf"),
];

/// The type of a list's elements.
fn element_of(ty: Ty) -> Ty {
    match ty {
        Ty::Numbers => Ty::Number,
        Ty::Texts => Ty::Text,
        Ty::Leaves => Ty::Leaf,
        other => panic!("{other:?} is no list"),
    }
}

impl Expressions<'_, '_> {
    /// A list or a record.
    pub(super) fn made(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        if depth > 0 && self.choices.once_in(6) {
            return self.applied(ty, scope, depth, true);
        }
        if ty == Ty::Leaf {
            return self.record(scope, depth);
        }
        let is_shallow = depth == 0;
        match self.pick(if is_shallow { 2 } else { 8 }) {
            0 => self.known(ty, scope),
            1 => self.items(ty, scope, depth),
            2 | 3 => self.each(ty, scope, depth),
            4 => {
                let (left, right) =
                    (self.made(ty, scope, depth - 1), self.made(ty, scope, depth - 1));
                Code::binary(&left, "+", &right, 7, (7, 8))
            }
            5 => Code::call("distinct", &[self.made(ty, scope, depth - 1)]),
            6 => self.sorted(ty, scope, depth),
            _ => self.nested(ty, scope, depth),
        }
    }

    /// A list that has a name or is written.
    fn known(&mut self, ty: Ty, scope: &Scope) -> Code {
        let mut names: Vec<String> = scope.certain(ty).iter().map(|p| p.path.clone()).collect();
        names.extend(match ty {
            Ty::Numbers => vec!["primes".to_string()],
            Ty::Texts => vec!["words_few".to_string(), "words_many".into()],
            _ => Vec::new(),
        });
        match names.is_empty() {
            true => self.items(ty, scope, 0),
            false => atom(self.choices.one_of(&names).clone()),
        }
    }

    /// `[a, b]`
    fn items(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let element = element_of(ty);
        let count = 1 + self.pick(2);
        let items: Vec<_> = (0..count)
            .map(|_| match depth == 0 && element != Ty::Leaf {
                true => literal(element, self.choices),
                false => self.expr(element, scope, depth.saturating_sub(1), true),
            })
            .collect();
        let items: Vec<_> = items.iter().collect();
        Code::around(&items, |texts| format!("[{}]", texts.join(", ")), 10)
    }

    /// `[e for v in xs where c]`
    fn each(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let (head, inside) = self.over(scope, depth);
        let body = self.expr(element_of(ty), &inside, depth - 1, true);
        Code::around(&[&body, &head], |texts| format!("[{} for {}]", texts[0], texts[1]), 10)
    }

    /// `[e for v in xs for w in ys]`
    fn nested(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let (outer, inside) = self.over(scope, depth);
        let (inner, inside) = self.over(&inside, depth);
        let body = self.expr(element_of(ty), &inside, depth - 1, true);
        let write = |texts: &[String]| format!("[{} for {} for {}]", texts[0], texts[1], texts[2]);
        Code::around(&[&body, &outer, &inner], write, 10)
    }

    /// `sorted(v in xs by e)`
    fn sorted(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let list = self.made(ty, scope, depth - 1);
        let variable = format!("v{}", scope.variables);
        let mut inside = scope.clone();
        inside.variables += 1;
        inside.add(self.schema, &variable, element_of(ty), false);
        let key = *self.choices.one_of(&[Ty::Number, Ty::Cny, Ty::Date, Ty::Duration]);
        let key = self.expr(key, &inside, depth - 1, false);
        let order = if self.choices.once_in(2) { " descending" } else { "" };
        let write =
            |texts: &[String]| format!("sorted({variable} in {} by {}{order})", texts[0], texts[1]);
        Code::around(&[&list, &key], write, 10)
    }

    /// `Leaf { a: … }`, or one that lies somewhere.
    fn record(&mut self, scope: &Scope, depth: usize) -> Code {
        let places: Vec<String> =
            scope.certain(Ty::Leaf).iter().map(|place| place.path.clone()).collect();
        if !places.is_empty() && self.choices.once_in(3) {
            return atom(self.choices.one_of(&places).clone());
        }
        if depth > 1 && self.choices.once_in(4) {
            let left = self.one(Ty::Leaves, scope, depth - 1);
            return Code::binary(&left, "??", &self.record(scope, 0), 6, (7, 6));
        }
        let fields = self.schema.leaf.clone();
        let mut parts = Vec::new();
        for field in fields.iter().filter(|field| !field.optional) {
            let value = self.expr(field.ty, scope, depth.saturating_sub(1), field.ty != Ty::Url);
            parts.push((field.name.clone(), value));
        }
        let values: Vec<_> = parts.iter().map(|(_, value)| value).collect();
        let write = |texts: &[String]| {
            let fields = parts.iter().zip(texts).map(|((name, _), text)| format!("{name}: {text}"));
            format!("Leaf {{ {} }}", fields.collect::<Vec<_>>().join(", "))
        };
        Code::around(&values, write, 10)
    }

    /// `first(xs)`, which may be missing.
    fn one(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let list = self.made(ty, scope, depth);
        match *self.choices.one_of(&["first", "last", "nth"]) {
            "nth" => {
                let at = match self.choices.once_in(3) {
                    true => self.expr(Ty::Number, scope, depth, false),
                    false => atom(*self.choices.one_of(&["1", "2", "3", "-1", "-2"])),
                };
                Code::call("nth", &[list, at])
            }
            end => Code::call(end, &[list]),
        }
    }

    /// `first(xs) ?? …`, where there may be none.
    pub(super) fn end(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let list = if ty == Ty::Number { Ty::Numbers } else { Ty::Texts };
        let left = self.one(list, scope, depth - 1);
        let right = literal(ty, self.choices);
        Code::binary(&left, "??", &right, 6, (7, 6))
    }

    /// A field of a record that an expression makes; nothing where it has none of the type.
    pub(super) fn read(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Option<Code> {
        let fields = self.schema.leaf.iter().filter(|field| field.ty == ty && !field.optional);
        let names: Vec<_> = fields.map(|field| field.name.clone()).collect();
        if names.is_empty() {
            return None;
        }
        let record = self.record(scope, depth);
        let name = self.choices.one_of(&names).clone();
        Some(Code::around(&[&record], |texts| format!("({}).{name}", texts[0]), 10))
    }

    /// What two lists hold of each other, or whether two records are the same.
    pub(super) fn held(&mut self, scope: &Scope, depth: usize) -> Code {
        if self.choices.once_in(3) {
            let (left, right) = (self.record(scope, depth), self.record(scope, depth));
            let symbol = *self.choices.one_of(&["==", "!="]);
            return Code::binary(&left, symbol, &right, 4, (5, 5));
        }
        let ty = *self.choices.one_of(&[Ty::Numbers, Ty::Texts, Ty::Leaves]);
        let name = *self.choices.one_of(&["contains_any", "contains_all"]);
        let lists = [self.made(ty, scope, depth - 1), self.made(ty, scope, depth - 1)];
        Code::call(name, &lists)
    }
}
