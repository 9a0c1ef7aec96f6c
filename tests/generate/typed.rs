//! Random expressions of a wanted type: the operators and functions of each type.

use super::code::{atom, literal, prefix};
use super::expression::Expressions;
use super::scope::Scope;
use super::{Code, Ty};

impl Expressions<'_, '_> {
    pub(super) fn condition(&mut self, scope: &Scope, depth: usize) -> Code {
        match self.pick(14) {
            12 => self.of_day(scope, depth),
            13 => self.held(scope, depth),
            0..3 => self.comparison(scope, depth),
            3 => self.membership(scope, depth),
            4 => self.in_range(scope, depth),
            5 => self.row(scope, depth, true),
            6 => self.row(scope, depth, false),
            7 => prefix("not", 3, &self.expr(Ty::Bool, scope, depth - 1, true)),
            8 | 9 => self.quantified(scope, depth),
            10 => self.of_text(scope, depth),
            11 => self.below(scope, depth),
            _ => self.guard(scope, depth - 1).0,
        }
    }

    pub(super) fn comparison(&mut self, scope: &Scope, depth: usize) -> Code {
        const ORDERED: &[Ty] = &[
            Ty::Number,
            Ty::Cny,
            Ty::Level,
            Ty::Time,
            Ty::Date,
            Ty::Duration,
            Ty::TimeOfDay,
            Ty::Jpy,
            Ty::Version,
        ];
        if self.choices.once_in(3) {
            let symbol = *self.choices.one_of(&["==", "!="]);
            let ty = *self.choices.one_of(Ty::PLAIN);
            let left = self.some(ty, scope, depth);
            let right = self.expr(ty, scope, depth - 1, ty != Ty::Url);
            return Code::binary(&left, symbol, &right, 4, (5, 5));
        }
        let symbol = *self.choices.one_of(&["<", "<=", ">", ">="]);
        let ty = *self.choices.one_of(ORDERED);
        let left = self.some(ty, scope, depth);
        let other = match ty {
            Ty::Date if self.choices.once_in(2) => Ty::Time,
            Ty::Time if self.choices.once_in(2) => Ty::Date,
            same => same,
        };
        let right = self.expr(other, scope, depth - 1, true);
        Code::binary(&left, symbol, &right, 4, (5, 5))
    }

    pub(super) fn membership(&mut self, scope: &Scope, depth: usize) -> Code {
        let symbol = *self.choices.one_of(&["in", "not in"]);
        let ty = *self.choices.one_of(&[
            Ty::Text,
            Ty::Number,
            Ty::Color,
            Ty::Level,
            Ty::Cny,
            Ty::Shop,
            Ty::Version,
            Ty::Currency,
        ]);
        let value = self.some(ty, scope, depth);
        let lists: Vec<String> = match ty {
            Ty::Text => {
                let places = scope.certain(Ty::Texts).into_iter().map(|p| p.path.clone());
                places.chain(["words_few".to_string(), "words_many".into()]).collect()
            }
            Ty::Number => {
                let places = scope.certain(Ty::Numbers).into_iter().map(|p| p.path.clone());
                places.chain(["primes".to_string()]).collect()
            }
            Ty::Color => vec!["warm".to_string()],
            _ => Vec::new(),
        };
        let list = if lists.is_empty() || self.choices.once_in(2) {
            let count = 1 + self.pick(3);
            let items: Vec<_> = (0..count)
                .map(|_| match self.choices.once_in(3) {
                    true => self.expr(ty, scope, depth - 1, true),
                    false => literal(ty, self.choices),
                })
                .collect();
            let items: Vec<_> = items.iter().collect();
            Code::around(&items, |texts| format!("[{}]", texts.join(", ")), 10)
        } else {
            atom(self.choices.one_of(&lists).clone())
        };
        Code::binary(&value, symbol, &list, 4, (5, 5))
    }

    pub(super) fn in_range(&mut self, scope: &Scope, depth: usize) -> Code {
        let symbol = *self.choices.one_of(&["in", "not in"]);
        let ty = *self.choices.one_of(&[
            Ty::Number,
            Ty::Cny,
            Ty::Date,
            Ty::Duration,
            Ty::Level,
            Ty::Time,
            Ty::Version,
        ]);
        let value = self.some(ty, scope, depth);
        let low = self.expr(ty, scope, depth - 1, true);
        let high = self.expr(ty, scope, depth - 1, true);
        let range = *self.choices.one_of(&["..<", "..="]);
        let ends = Code::binary(&low, range, &high, 5, (6, 6));
        let ends = Code { full: format!("({})", ends.full), ..ends };
        let (left, full) = value.at(5);
        Code {
            short: format!("{left} {symbol} {}", ends.short),
            full: format!("{full} {symbol} {}", ends.full),
            level: 4,
        }
    }

    /// A row of `and` or `or`, where what stands before says what is present behind.
    pub(super) fn row(&mut self, scope: &Scope, depth: usize, all: bool) -> Code {
        let mut scope = scope.clone();
        let count = 2 + self.pick(2);
        let mut parts = Vec::new();
        for _ in 0..count {
            let (part, yes, no) = self.guard(&scope, depth - 1);
            parts.push(part);
            scope = if all { yes } else { no };
        }
        if all {
            return Code::and(&parts);
        }
        let short: Vec<_> = parts.iter().map(|part| part.at(2).0).collect();
        let full: Vec<_> = parts.iter().map(|part| part.at(2).1).collect();
        Code { short: short.join(" or "), full: full.join(" or "), level: 1 }
    }

    pub(super) fn of_text(&mut self, scope: &Scope, depth: usize) -> Code {
        let value = self.some(Ty::Text, scope, depth);
        match self.pick(5) {
            0 => {
                let pattern =
                    *self.choices.one_of(&["\"^food\"", "\"[a-z]+\"", "\"^$\"", "\"货\""]);
                Code::call("matches", &[value, atom(pattern)])
            }
            other => {
                let name = ["contains", "starts_with", "ends_with", "under"][other - 1];
                Code::call(name, &[value, self.some(Ty::Text, scope, depth)])
            }
        }
    }

    /// A list with the type of its elements.
    pub(super) fn list(&mut self, scope: &Scope) -> (Code, Ty) {
        if self.choices.once_in(5) {
            let kinds = [(Ty::Numbers, Ty::Number), (Ty::Texts, Ty::Text), (Ty::Leaves, Ty::Leaf)];
            let (ty, element) = *self.choices.one_of(&kinds);
            return (self.made(ty, scope, 1), element);
        }
        let mut lists = vec![
            ("primes".to_string(), Ty::Number),
            ("[2, -1, 0.5]".into(), Ty::Number),
            ("words_few".into(), Ty::Text),
            ("words_many".into(), Ty::Text),
            ("[\"b\", \"a\"]".into(), Ty::Text),
        ];
        for (list, element) in [
            (Ty::Leaves, Ty::Leaf),
            (Ty::Numbers, Ty::Number),
            (Ty::Texts, Ty::Text),
            (Ty::Moneys, Ty::Money),
        ] {
            for place in scope.certain(list) {
                lists.insert(0, (place.path.clone(), element));
                lists.insert(0, (place.path.clone(), element));
            }
        }
        let (text, element) = self.choices.one_of(&lists).clone();
        (atom(text), element)
    }

    /// The parts of a comprehension before its body: its text, and the scope of the body.
    pub(super) fn over(&mut self, scope: &Scope, depth: usize) -> (Code, Scope) {
        let (list, element) = self.list(scope);
        let variable = format!("v{}", scope.variables);
        let mut inside = scope.clone();
        inside.variables += 1;
        inside.add(self.schema, &variable, element, false);
        if !self.choices.once_in(3) {
            let head = Code::around(&[&list], |texts| format!("{variable} in {}", texts[0]), 10);
            return (head, inside);
        }
        let (filter, yes, _) = self.guard(&inside, depth - 1);
        let write = |texts: &[String]| format!("{variable} in {} where {}", texts[0], texts[1]);
        (Code::around(&[&list, &filter], write, 10), yes)
    }

    pub(super) fn with_body(kind: &str, head: &Code, body: &Code) -> Code {
        Code::around(&[head, body], |texts| format!("{kind}({}: {})", texts[0], texts[1]), 10)
    }

    /// The body of a function: often a comprehension.
    pub(crate) fn body(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        match ty {
            Ty::Number | Ty::Cny if self.choices.once_in(3) => self.summed(ty, scope, depth),
            Ty::Bool if self.choices.once_in(2) => self.quantified(scope, depth),
            _ => self.expr(ty, scope, depth, true),
        }
    }

    pub(super) fn quantified(&mut self, scope: &Scope, depth: usize) -> Code {
        let kind = *self.choices.one_of(&["any", "all"]);
        let (head, inside) = self.over(scope, depth);
        let body = self.expr(Ty::Bool, &inside, depth - 1, true);
        Self::with_body(kind, &head, &body)
    }

    /// The smallest or largest of a list, which may be missing.
    pub(super) fn extreme(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let kind = *self.choices.one_of(&["min", "max"]);
        let (head, inside) = self.over(scope, depth);
        let body = self.expr(ty, &inside, depth - 1, false);
        Self::with_body(kind, &head, &body)
    }

    pub(super) fn summed(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let (head, inside) = self.over(scope, depth);
        let body = self.expr(ty, &inside, depth - 1, false);
        Self::with_body("sum", &head, &body)
    }

    pub(super) fn arithmetic(
        &mut self,
        symbol: &str,
        left: Ty,
        right: Ty,
        scope: &Scope,
        depth: usize,
    ) -> Code {
        let left = self.some(left, scope, depth);
        let right = self.some(right, scope, depth);
        match symbol {
            "+" | "-" => Code::binary(&left, symbol, &right, 7, (7, 8)),
            _ => Code::binary(&left, symbol, &right, 8, (8, 9)),
        }
    }

    pub(super) fn numeric_call(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let name = *self.choices.one_of(&["min", "max", "abs", "clamp"]);
        let count = match name {
            "abs" => 1,
            "clamp" => 3,
            _ => 2,
        };
        let arguments: Vec<_> = (0..count).map(|_| self.some(ty, scope, depth)).collect();
        Code::call(name, &arguments)
    }

    pub(super) fn number(&mut self, scope: &Scope, depth: usize) -> Code {
        let n = Ty::Number;
        match self.pick(20) {
            0 => self.arithmetic("+", n, n, scope, depth),
            1 => self.arithmetic("-", n, n, scope, depth),
            2 => self.arithmetic("*", n, n, scope, depth),
            3 => self.arithmetic("/", n, n, scope, depth),
            4 => self.arithmetic("/", Ty::Cny, Ty::Cny, scope, depth),
            5 => self.arithmetic("/", Ty::Duration, Ty::Duration, scope, depth),
            6 => prefix("-", 9, &self.some(n, scope, depth)),
            7 => self.numeric_call(n, scope, depth),
            8 => {
                let name = *self.choices.one_of(&[
                    "round",
                    "floor",
                    "ceil",
                    "round_up",
                    "round_down",
                    "round_half_up",
                ]);
                Code::call(name, &[self.some(n, scope, depth)])
            }
            9 => {
                let digits = match self.choices.once_in(3) {
                    true => self.some(n, scope, depth),
                    false => atom(*self.choices.one_of(&["0", "2", "9"])),
                };
                let name =
                    *self.choices.one_of(&["round", "round_up", "round_down", "round_half_up"]);
                Code::call(name, &[self.some(n, scope, depth), digits])
            }
            10 => Code::call("len", &[self.some(Ty::Text, scope, depth)]),
            11 => {
                let (list, _) = self.list(scope);
                Code::call("len", &[list])
            }
            12 => self.part_of_day(scope, depth),
            13 => self.between_days(scope, depth),
            14 => {
                let ty = *self.choices.one_of(&[n, Ty::Text, Ty::Color, Ty::Shop]);
                Code::call(
                    "bucket",
                    &[self.some(ty, scope, depth), self.some(Ty::Text, scope, depth)],
                )
            }
            15 => {
                let (head, _) = self.over(scope, depth);
                Code::call("count", &[head])
            }
            16 => self.stepped(n, scope, depth),
            17 | 18 => self.made_number(scope, depth),
            _ => self.summed(n, scope, depth),
        }
    }

    /// A number or an amount, rounded to a step.
    fn stepped(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let names = ["round_to", "round_half_up_to", "round_up_to", "round_down_to"];
        let name = *self.choices.one_of(&names);
        let step = match self.choices.once_in(3) {
            true => self.some(ty, scope, depth),
            false => {
                let step = *self.choices.one_of(&["0.05", "3", "0.125", "1"]);
                atom(if ty == Ty::Number { step.into() } else { format!("{step} {}", ty.name()) })
            }
        };
        Code::call(name, &[self.some(ty, scope, depth), step])
    }

    pub(super) fn money(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        match self.pick(11) {
            0 => self.arithmetic("+", ty, ty, scope, depth),
            1 => self.arithmetic("-", ty, ty, scope, depth),
            2 => self.arithmetic("*", ty, Ty::Number, scope, depth),
            3 => self.arithmetic("*", Ty::Number, ty, scope, depth),
            4 => self.arithmetic("/", ty, Ty::Number, scope, depth),
            5 => self.numeric_call(ty, scope, depth),
            6 => {
                // The reference tells the currency by the first operand.
                let zero = atom(format!("0 {}", ty.name()));
                let sum = Code::binary(&zero, "+", &self.some(ty, scope, depth), 7, (7, 8));
                let name = *self.choices.one_of(&[
                    "round",
                    "floor",
                    "ceil",
                    "round_up",
                    "round_down",
                    "round_half_up",
                ]);
                Code::call(name, &[sum])
            }
            7 => self.stepped(ty, scope, depth),
            8 => self.shared(ty, scope, depth),
            9 => self.converted(ty, scope, depth),
            _ => self.summed(ty, scope, depth),
        }
    }

    /// Money of any currency, or an amount in one, converted to that of a type.
    fn converted(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let money: Vec<String> = scope.certain(Ty::Money).iter().map(|p| p.path.clone()).collect();
        let from = match money.is_empty() || self.choices.once_in(4) {
            true => {
                let from = *self.choices.one_of(&[Ty::Cny, Ty::Jpy]);
                self.some(from, scope, depth)
            }
            false => atom(self.choices.one_of(&money).clone()),
        };
        let rate = self.some(Ty::Number, scope, depth);
        Code::call("convert", &[from, atom(ty.name()), rate])
    }

    pub(super) fn text(&mut self, scope: &Scope, depth: usize) -> Code {
        match self.pick(8) {
            5.. => self.made_text(scope, depth),
            0 => Code::call("percent", &[self.some(Ty::Number, scope, depth)]),
            1 => {
                let name = *self.choices.one_of(&["host", "site", "scheme", "path"]);
                Code::call(name, &[self.some(Ty::Url, scope, depth)])
            }
            other => {
                let name = ["lower", "upper", "trim"][other - 2];
                Code::call(name, &[self.some(Ty::Text, scope, depth)])
            }
        }
    }

    pub(super) fn period(&mut self) -> Code {
        let texts = ["1 month", "2 years", "13 months", "(1 month + 1 year)"];
        atom(*self.choices.one_of(&texts))
    }

    pub(super) fn date(&mut self, scope: &Scope, depth: usize) -> Code {
        let symbol = *self.choices.one_of(&["+", "-"]);
        match self.pick(10) {
            8 => self.moved_by_days(Ty::Date, scope, depth),
            9 => self.working_day(scope, depth),
            5 => self.end_of_unit(scope, depth),
            6 => self.day_by_parts(scope, depth),
            7 => self.read_date(scope, depth),
            0 => Code::call("date", &[self.some(Ty::Time, scope, depth)]),
            1 => {
                let days =
                    atom(*self.choices.one_of(&["3 days", "30 days", "2 weeks", "48 hours"]));
                let start = self.some(Ty::Date, scope, depth);
                Code::binary(&start, symbol, &days, 7, (7, 8))
            }
            2 => {
                // Parts of a day that are written as such are refused.
                let start = self.some(Ty::Date, scope, depth);
                let length = self.arithmetic("*", Ty::Duration, Ty::Number, scope, depth);
                Code::binary(&start, symbol, &length, 7, (7, 8))
            }
            3 => {
                let start = self.some(Ty::Date, scope, depth);
                Code::binary(&start, symbol, &self.period(), 7, (7, 8))
            }
            _ => {
                let name = *self.choices.one_of(&["min", "max"]);
                Code::call(
                    name,
                    &[self.some(Ty::Date, scope, depth), self.some(Ty::Date, scope, depth)],
                )
            }
        }
    }

    pub(super) fn time(&mut self, scope: &Scope, depth: usize) -> Code {
        let symbol = *self.choices.one_of(&["+", "-"]);
        match self.pick(8) {
            7 => self.moved_by_days(Ty::Time, scope, depth),
            4 => self.clock_on_day(scope, depth),
            5 => self.mixed_extreme(scope, depth),
            6 => self.read_time(scope, depth),
            0 => self.arithmetic(symbol, Ty::Time, Ty::Duration, scope, depth),
            1 => {
                let ty = *self.choices.one_of(&[Ty::Time, Ty::Date]);
                let name = *self.choices.one_of(&["start_of_day", "end_of_day"]);
                let value = self.some(ty, scope, depth);
                self.in_zone(name, vec![value])
            }
            2 => {
                let start = self.some(Ty::Time, scope, depth);
                Code::binary(&start, symbol, &self.period(), 7, (7, 8))
            }
            _ => {
                let name = *self.choices.one_of(&["min", "max"]);
                Code::call(
                    name,
                    &[self.some(Ty::Time, scope, depth), self.some(Ty::Time, scope, depth)],
                )
            }
        }
    }

    pub(super) fn duration(&mut self, scope: &Scope, depth: usize) -> Code {
        let d = Ty::Duration;
        match self.pick(9) {
            0 => self.arithmetic("-", Ty::Time, Ty::Time, scope, depth),
            1 => self.arithmetic("-", Ty::Date, Ty::Date, scope, depth),
            2 => self.arithmetic("+", d, d, scope, depth),
            3 => self.arithmetic("-", d, d, scope, depth),
            4 => self.arithmetic("*", d, Ty::Number, scope, depth),
            5 => self.arithmetic("/", d, Ty::Number, scope, depth),
            6 => self.numeric_call(d, scope, depth),
            7 => prefix("-", 9, &self.some(d, scope, depth)),
            _ => self.arithmetic("*", Ty::Number, d, scope, depth),
        }
    }
}
