//! Random calls of functions that make values of others: remainders, powers, shares, and texts.

use super::code::atom;
use super::expression::Expressions;
use super::scope::Scope;
use super::{Code, Ty};

/// Days in a form, of which some are none.
const DAYS: &[&str] = &["\"05/03/2024\"", "\"31/02/2024\"", "\"29/02/2024\"", "\"soon\""];

impl Expressions<'_, '_> {
    /// What is there, or another value of its type.
    fn or_else(&mut self, call: &Code, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let other = self.some(ty, scope, depth);
        Code::binary(call, "??", &other, 6, (7, 6))
    }

    pub(super) fn made_number(&mut self, scope: &Scope, depth: usize) -> Code {
        let n = Ty::Number;
        match self.pick(6) {
            5 => {
                let call = Code::call("try", &[self.some(n, scope, depth)]);
                self.or_else(&call, n, scope, depth)
            }
            0 => Code::call("mod", &[self.some(n, scope, depth), self.some(n, scope, depth)]),
            1 => {
                let exponent = match self.choices.once_in(4) {
                    true => self.some(n, scope, depth),
                    false => atom(*self.choices.one_of(&["0", "1", "2", "-1"])),
                };
                Code::call("power", &[self.some(n, scope, depth), exponent])
            }
            2 => {
                let text = match self.choices.once_in(2) {
                    true => self.some(Ty::Text, scope, depth),
                    false => atom(*self.choices.one_of(&["\"4.5\"", "\"-3\"", "\"1,5\"", "\"\""])),
                };
                let call = Code::call("number", &[text]);
                self.or_else(&call, n, scope, depth)
            }
            3 => {
                let call = Code::call("port", &[self.some(Ty::Url, scope, depth)]);
                self.or_else(&call, n, scope, depth)
            }
            _ => Code::call("len", &[self.parted(scope, depth)]),
        }
    }

    /// A list of parts of a text.
    fn parted(&mut self, scope: &Scope, depth: usize) -> Code {
        let between = atom(*self.choices.one_of(&["\"/\"", "\"o\"", "\"\"", "\" \""]));
        Code::call("split", &[self.some(Ty::Text, scope, depth), between])
    }

    /// The largest share of an amount, or all of them together.
    pub(super) fn shared(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let zero = atom(format!("0 {}", ty.name()));
        let sum = Code::binary(&zero, "+", &self.some(ty, scope, depth), 7, (7, 8));
        let total = Code::call("round", &[sum]);
        let mut weights = vec!["primes", "[1, 1, 1]", "[0.5, 0, 2, 0.5]"];
        let places = scope.certain(Ty::Numbers);
        weights.extend(places.iter().map(|place| place.path.as_str()));
        let weights = atom(*self.choices.one_of(&weights));
        let shares = Code::call("allocate", &[total, weights]);
        let variable = format!("v{}", scope.variables);
        let kind = *self.choices.one_of(&["sum", "max"]);
        let over = Code::around(
            &[&shares],
            |texts| format!("{kind}({variable} in {}: {variable})", texts[0]),
            10,
        );
        if kind == "sum" { over } else { self.or_else(&over, ty, scope, depth) }
    }

    pub(super) fn made_text(&mut self, scope: &Scope, depth: usize) -> Code {
        let t = Ty::Text;
        match self.pick(8) {
            7 => {
                let mut places: Vec<_> =
                    scope.certain(t).iter().map(|place| place.path.clone()).collect();
                places.extend(["limit", "paint", "cap", "2024-03-05", "oldest"].map(String::from));
                let (one, other) =
                    (self.choices.one_of(&places).clone(), self.choices.one_of(&places).clone());
                atom(format!("$\"a {{{one}}}{{{{}}}} {{{other}}}\""))
            }
            0 => {
                let list = match self.choices.once_in(2) {
                    true => self.parted(scope, depth),
                    false => atom("words_few"),
                };
                Code::call("join", &[list, self.some(t, scope, depth)])
            }
            1 => {
                let mut places = vec![self.some(t, scope, depth)];
                for _ in 0..1 + self.pick(2) {
                    places.push(match self.choices.once_in(4) {
                        true => self.some(Ty::Number, scope, depth),
                        false => atom(*self.choices.one_of(&["1", "2", "4", "-1", "-2"])),
                    });
                }
                Code::call("slice", &places)
            }
            2 => {
                let old = atom(*self.choices.one_of(&["\"o\"", "\"/\"", "\"fo\"", "\"\""]));
                Code::call(
                    "replace",
                    &[self.some(t, scope, depth), old, self.some(t, scope, depth)],
                )
            }
            3 => {
                let call = match self.choices.once_in(2) {
                    true => Code::call("query", &[self.some(Ty::Url, scope, depth)]),
                    false => {
                        Code::call("query", &[self.some(Ty::Url, scope, depth), atom("\"x\"")])
                    }
                };
                self.or_else(&call, t, scope, depth)
            }
            4 => {
                let call = Code::call("fragment", &[self.some(Ty::Url, scope, depth)]);
                self.or_else(&call, t, scope, depth)
            }
            other => {
                let name = ["normalise", "fold"][other - 5];
                Code::call(name, &[self.some(t, scope, depth)])
            }
        }
    }

    pub(super) fn read_date(&mut self, scope: &Scope, depth: usize) -> Code {
        let text = atom(*self.choices.one_of(DAYS));
        let call = Code::call("date", &[text, atom("\"%d/%m/%Y\"")]);
        self.or_else(&call, Ty::Date, scope, depth)
    }

    pub(super) fn read_time(&mut self, scope: &Scope, depth: usize) -> Code {
        let texts = ["\"05.03.2024 08:30\"", "\"31.02.2024 08:30\"", "\"05.03.2024 25:00\""];
        let text = atom(*self.choices.one_of(&texts));
        let call = Code::call("time", &[text, atom("\"%d.%m.%Y %H:%M\"")]);
        self.or_else(&call, Ty::Time, scope, depth)
    }

    pub(super) fn below(&mut self, scope: &Scope, depth: usize) -> Code {
        let root = atom(*self.choices.one_of(&["\"co.uk\"", "\"example.com\"", "\"uk\""]));
        let host = match self.choices.once_in(3) {
            true => self.some(Ty::Text, scope, depth),
            false => Code::call("host", &[self.some(Ty::Url, scope, depth)]),
        };
        Code::call("below", &[host, root])
    }
}
