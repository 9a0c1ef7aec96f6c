//! Random expressions of a wanted type: what every type has.

use super::code::{atom, literal, presence};
use super::record::Schema;
use super::scope::{Place, Scope};
use super::{Choices, Code, Ty};

/// A function that may be called.
#[derive(Debug, Clone)]
pub(crate) struct Callable {
    /// The name.
    pub(crate) name: String,
    /// The types of the arguments, and whether each may be missing.
    pub(crate) arguments: Vec<(Ty, bool)>,
    /// The type of the result.
    pub(crate) result: Ty,
    /// The output that is read, where it is a table of several.
    pub(crate) output: Option<String>,
    /// Whether it gives a list of what rows of a table give.
    pub(crate) collects: bool,
    /// Whether it may give nothing.
    pub(crate) may_lack: bool,
}

/// Writes expressions.
pub(crate) struct Expressions<'g, 'c> {
    /// Where choices come from.
    pub(crate) choices: &'g mut Choices<'c>,
    /// The records.
    pub(crate) schema: &'g Schema,
    /// The functions that are defined so far.
    pub(crate) functions: Vec<Callable>,
}

impl Expressions<'_, '_> {
    pub(super) fn pick(&mut self, count: usize) -> usize {
        self.choices.below(count)
    }

    /// A field, parameter or constant of a type. Without `bare`, no lone member of an enum.
    pub(super) fn leaf(&mut self, ty: Ty, scope: &Scope, bare: bool) -> Code {
        let mut names: Vec<String> = scope.certain(ty).iter().map(|p| p.path.clone()).collect();
        names.extend(match ty {
            Ty::Number => vec!["limit".to_string(), "rate".into()],
            Ty::Cny => vec!["cap".into()],
            Ty::Level => vec!["bar".into()],
            Ty::Color => vec!["paint".into()],
            Ty::Shop => vec!["place".into()],
            Ty::Currency => vec!["coin".into()],
            Ty::Url => vec!["home".into()],
            Ty::Version => vec!["oldest".into()],
            Ty::Time => vec!["now".into()],
            _ => Vec::new(),
        });
        // What stands alone has another type.
        let is_enum = !ty.members().is_empty() || ty == Ty::Version;
        let may_be_literal = ty != Ty::Url && (bare || !is_enum);
        if names.is_empty() || may_be_literal && self.choices.once_in(3) {
            return literal(ty, self.choices);
        }
        atom(self.choices.one_of(&names).clone())
    }

    /// An expression of a type. Without `bare`, no lone member of an enum decides its type.
    pub(crate) fn expr(&mut self, ty: Ty, scope: &Scope, depth: usize, bare: bool) -> Code {
        if ty.is_made() {
            return self.made(ty, scope, depth);
        }
        let kind = self.pick(10);
        if depth == 0 || kind == 0 {
            return self.leaf(ty, scope, bare);
        }
        if matches!(ty, Ty::Number | Ty::Text | Ty::Cny | Ty::Date) && self.choices.once_in(12) {
            return match self.read(ty, scope, depth - 1) {
                Some(read) => read,
                None if matches!(ty, Ty::Number | Ty::Text) => self.end(ty, scope, depth),
                None => self.leaf(ty, scope, bare),
            };
        }
        match kind {
            1 if bare || ty.members().is_empty() && ty != Ty::Version => {
                self.choice(ty, scope, depth)
            }
            2 => self.coalesced(ty, scope, depth, bare),
            3 | 4 => self.applied(ty, scope, depth, bare),
            _ => self.built(ty, scope, depth, bare),
        }
    }

    pub(super) fn some(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        self.expr(ty, scope, depth - 1, false)
    }

    /// What only this type has.
    pub(super) fn built(&mut self, ty: Ty, scope: &Scope, depth: usize, bare: bool) -> Code {
        match ty {
            Ty::Bool => self.condition(scope, depth),
            Ty::Number => self.number(scope, depth),
            Ty::Cny | Ty::Jpy => self.money(ty, scope, depth),
            Ty::Text => self.text(scope, depth),
            Ty::Date => self.date(scope, depth),
            Ty::Time => self.time(scope, depth),
            Ty::Duration => self.duration(scope, depth),
            Ty::TimeOfDay => self.time_of_day(scope, depth),
            Ty::Numbers | Ty::Texts | Ty::Leaves | Ty::Leaf => self.made(ty, scope, depth),
            _ => self.leaf(ty, scope, bare),
        }
    }

    /// `if c then a else b`, with what `c` says of optionals put to use.
    pub(super) fn choice(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let (condition, yes, no) = self.guard(scope, depth - 1);
        let first = self.expr(ty, &yes, depth - 1, true);
        let mut parts = vec![condition, first];
        let mut last = no;
        if self.choices.once_in(3) {
            let (condition, yes, no) = self.guard(&last, depth - 1);
            parts.extend([condition, self.expr(ty, &yes, depth - 1, true)]);
            last = no;
        }
        parts.push(match self.choices.once_in(10) {
            true => Code::call("raise", &[self.expr(Ty::Text, &last, depth - 1, true)]),
            false => self.expr(ty, &last, depth - 1, true),
        });
        let parts: Vec<_> = parts.iter().collect();
        let write = |texts: &[String]| match texts {
            [a, b, c, d, e] => format!("if {a} then {b} else if {c} then {d} else {e}"),
            [a, b, c] => format!("if {a} then {b} else {c}"),
            _ => unreachable!(),
        };
        Code::around(&parts, write, 0)
    }

    /// A condition and the scopes where it holds and where it does not.
    pub(crate) fn guard(&mut self, scope: &Scope, depth: usize) -> (Code, Scope, Scope) {
        let money: Vec<Place> = scope.certain(Ty::Money).into_iter().cloned().collect();
        if !money.is_empty() && self.choices.once_in(4) {
            let money = self.choices.one_of(&money).clone();
            return self.currency_guard(&money, scope);
        }
        let uncertain: Vec<Place> = scope.uncertain().into_iter().cloned().collect();
        if uncertain.is_empty() || self.choices.once_in(2) {
            return (self.expr(Ty::Bool, scope, depth, true), scope.clone(), scope.clone());
        }
        let place = self.choices.one_of(&uncertain).clone();
        let knowing = scope.knowing(&place.path);
        if self.choices.once_in(2) {
            (presence(&place, false), scope.clone(), knowing)
        } else {
            (presence(&place, true), knowing, scope.clone())
        }
    }

    /// A condition that says in which currency money is, or is not.
    fn currency_guard(&mut self, money: &Place, scope: &Scope) -> (Code, Scope, Scope) {
        let ty = *self.choices.one_of(&[Ty::Cny, Ty::Jpy]);
        let currency = atom(format!("{}.currency", money.path));
        let (code, told) = (atom(ty.name()), scope.in_currency(money, ty));
        match self.pick(4) {
            0 => (Code::binary(&currency, "!=", &code, 4, (5, 5)), scope.clone(), told),
            1 => (Code::binary(&code, "==", &currency, 4, (5, 5)), told, scope.clone()),
            2 => {
                let list = atom(format!("[{}]", ty.name()));
                (Code::binary(&currency, "in", &list, 4, (5, 5)), told, scope.clone())
            }
            _ => (Code::binary(&currency, "==", &code, 4, (5, 5)), told, scope.clone()),
        }
    }

    /// `optional ?? value`, also in a row.
    pub(super) fn coalesced(&mut self, ty: Ty, scope: &Scope, depth: usize, bare: bool) -> Code {
        let optional: Vec<Place> =
            scope.uncertain().into_iter().filter(|place| place.ty == ty).cloned().collect();
        let left = match optional.as_slice() {
            _ if self.choices.once_in(6) => {
                let condition = self.expr(Ty::Bool, scope, depth - 1, true);
                let has_type = ty.members().is_empty() && ty != Ty::Version;
                let value = self.expr(ty, scope, depth - 1, has_type);
                let comes_first = self.choices.once_in(2);
                let write = |texts: &[String]| match comes_first {
                    true => format!("if {} then missing else {}", texts[0], texts[1]),
                    false => format!("if {} then {} else missing", texts[0], texts[1]),
                };
                Code::around(&[&condition, &value], write, 0)
            }
            [] if matches!(ty, Ty::Number | Ty::Cny | Ty::Level | Ty::Date) => {
                self.extreme(ty, scope, depth)
            }
            [] => return self.leaf(ty, scope, bare),
            places => atom(self.choices.one_of(places).path.clone()),
        };
        let right = self.expr(ty, scope, depth - 1, ty != Ty::Url);
        if self.choices.once_in(4) && !optional.is_empty() {
            let middle = atom(self.choices.one_of(&optional).path.clone());
            let rest = Code::binary(&middle, "??", &right, 6, (7, 6));
            return Code::binary(&left, "??", &rest, 6, (7, 6));
        }
        Code::binary(&left, "??", &right, 6, (7, 6))
    }

    /// A call of a function, or a look-up in a table, of the rulebook.
    pub(super) fn applied(&mut self, ty: Ty, scope: &Scope, depth: usize, bare: bool) -> Code {
        let fitting: Vec<Callable> = self
            .functions
            .iter()
            .filter(|function| function.result == ty)
            .filter(|function| {
                let whole = function.arguments.iter().filter(|(ty, _)| !Ty::PLAIN.contains(ty));
                whole.into_iter().all(|(ty, _)| !scope.certain(*ty).is_empty())
            })
            .cloned()
            .collect();
        if fitting.is_empty() {
            return self.built(ty, scope, depth, bare);
        }
        let function = self.choices.one_of(&fitting).clone();
        let arguments: Vec<Code> = function
            .arguments
            .iter()
            .map(|(ty, optional)| self.argument(*ty, *optional, scope, depth))
            .collect();
        let call = Code::call(&function.name, &arguments);
        let call = match &function.output {
            // Of whole rows as well.
            Some(output) if self.choices.once_in(3) => {
                let variable = format!("v{}", scope.variables);
                let write = |texts: &[String]| match function.collects {
                    true => format!("[{variable}.{output} for {variable} in {}]", texts[0]),
                    false => format!("({}).{output}", texts[0]),
                };
                Code::around(&[&call], write, 10)
            }
            Some(output) => Code::around(&[&call], |texts| format!("{}.{output}", texts[0]), 10),
            None => call,
        };
        let instead = match function.may_lack {
            false => return call,
            true if ty.is_made() => self.made(ty, scope, 0),
            true => self.leaf(ty, scope, bare),
        };
        Code::binary(&call, "??", &instead, 6, (7, 6))
    }

    pub(super) fn argument(&mut self, ty: Ty, optional: bool, scope: &Scope, depth: usize) -> Code {
        if self.choices.once_in(3) {
            // Comprehensions as arguments meet those in the function's body.
            match ty {
                Ty::Number => return self.summed(ty, scope, depth),
                Ty::Bool => return self.quantified(scope, depth),
                _ => {}
            }
        }
        let places: Vec<String> = match optional {
            true => scope.places.iter().filter(|p| p.ty == ty).map(|p| p.path.clone()).collect(),
            false => scope.certain(ty).iter().map(|p| p.path.clone()).collect(),
        };
        let is_whole = !Ty::PLAIN.contains(&ty);
        match places.is_empty() || !is_whole && self.choices.once_in(2) {
            true => self.expr(ty, scope, depth - 1, true),
            false => atom(self.choices.one_of(&places).clone()),
        }
    }
}
