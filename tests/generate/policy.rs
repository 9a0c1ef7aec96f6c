//! Random policies: parameters, functions, decisions and rules.

use super::code::literal;
use super::expression::{Callable, Expressions};
use super::record::Schema;
use super::scope::Scope;
use super::{Choices, Code, Ty};

mod rule;

const HEAD: &str = r#"
enum Color { red, green as "Dark Green", blue }
enum Level { low < mid < high }
enum Shop { corner, mall, .. }
parameter limit: number = 3
parameter rate: number {
  from 2024-03-01: 20%
  from 2024-03-06: 150%
}
parameter cap: CNY {
  from 2024-03-04: 2.50 CNY * 2
  from 2024-03-04T12:00Z: 7 CNY
}
parameter bar: Level = mid
parameter paint: Color = green
parameter place: Shop = mall
parameter oldest: version = "8.0.9"
parameter coin: currency = USD
parameter home: url = "https://a.shop.co.uk/home"
calendar office {
  weekend saturday, sunday
  holidays = [2023-12-25, 2024-01-01, 2024-03-04, 2024-03-05, 2024-11-04]
  working = [2024-03-02, 2024-03-05]
}
calendar plain { weekend friday }
list primes: number = [2, 3, 5, 1 + 6]
list warm: Color = [red]
list words_few: text = ["a", "Shop"]
list words_many: text = ["a", "b", "c", "d", "e", "f", "g", "h", "Shop", "food/fresh"]
"#;

/// How outcomes of a type may be combined.
fn combiners(ty: Ty) -> &'static [&'static str] {
    match ty {
        Ty::Verdict | Ty::Level => {
            &["strictest", "first", "agreement", "only", "largest", "smallest", "all", "union"]
        }
        Ty::Number | Ty::Cny | Ty::Jpy | Ty::Duration => {
            &["total", "largest", "smallest", "first", "agreement", "only", "all", "union"]
        }
        Ty::Bool => &["strictest", "first", "agreement", "only", "all", "union"],
        Ty::Date | Ty::Time | Ty::Version => {
            &["largest", "smallest", "first", "agreement", "only", "all", "union"]
        }
        _ => &["first", "agreement", "only", "all", "union"],
    }
}

#[derive(Clone)]
struct Decision {
    name: String,
    ty: Ty,
    collects: bool,
    /// Whether it may come to nothing.
    optional: bool,
}

impl Decision {
    /// What others read it as, if any expression can.
    fn read(&self) -> Option<Ty> {
        match (self.collects, self.ty) {
            (false, ty) => Some(ty),
            (true, Ty::Number) => Some(Ty::Numbers),
            (true, Ty::Text | Ty::Texts) => Some(Ty::Texts),
            (true, Ty::Leaf | Ty::Leaves) => Some(Ty::Leaves),
            _ => None,
        }
    }
}

/// A policy or an overlay, and what its rules are called.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    name: &'static str,
    rules: &'static str,
    count: usize,
}

/// A rule, and whether the rules of a family override those above or below them.
#[derive(Clone, Copy)]
struct Spot {
    part: Part,
    at: usize,
    downward: bool,
    wildcard: bool,
}

/// Writes a rulebook.
pub(crate) struct Writer<'g, 'c> {
    expressions: Expressions<'g, 'c>,
    scope: Scope,
    decisions: Vec<Decision>,
    /// The policy at hand and its overlays.
    family: Vec<Part>,
    announced: bool,
    /// For each rule of the family the first decision that it may set: it may read those before.
    floors: Vec<usize>,
    /// What several rules of the policy at hand ask for.
    repeated: Vec<Code>,
    /// What `l` decides about each leaf.
    of_leaves: Vec<Decision>,
    code: Code,
}

/// The days that phases begin on: some before and some behind the dates of records.
const DAYS: &[&str] =
    &["2024-02-28", "2024-03-01", "2024-03-05", "2024-03-05T12:00Z", "2024-03-08", "2025-01-01"];

impl<'g, 'c> Writer<'g, 'c> {
    /// A writer for records of a schema.
    pub(crate) fn new(choices: &'g mut Choices<'c>, schema: &'g Schema) -> Self {
        let mut scope = Scope::default();
        for field in &schema.main {
            scope.add(schema, &field.name, field.ty, field.optional);
        }
        let expressions = Expressions { choices, schema, functions: Vec::new() };
        let code = Code::plain("");
        let (decisions, family, repeated, of_leaves) = Default::default();
        let (announced, floors) = (false, Vec::new());
        Self { expressions, scope, decisions, family, announced, floors, repeated, of_leaves, code }
    }

    fn pick(&mut self, count: usize) -> usize {
        self.expressions.choices.below(count)
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.expressions.choices.once_in(times)
    }

    fn one_of<T: Clone>(&mut self, items: &[T]) -> T {
        self.expressions.choices.one_of(items).clone()
    }

    fn write(&mut self, text: &str) {
        self.code.short += text;
        self.code.full += text;
    }

    fn write_code(&mut self, before: &str, code: &Code) {
        self.code.short += &format!("{before}{}", code.short);
        self.code.full += &format!("{before}{}", code.full);
    }

    fn expr(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        self.expressions.expr(ty, scope, depth, true)
    }

    /// A whole rulebook.
    pub(crate) fn book(mut self) -> Code {
        self.write(HEAD);
        let records = self.expressions.schema.text();
        self.write(&records);
        for at in 0..self.pick(3) {
            let name = format!("t{at}");
            let (text, callable) = super::table::table(&name, DAYS, &mut self.expressions);
            self.write(&text);
            self.expressions.functions.push(callable);
        }
        for at in 0..1 + self.pick(3) {
            self.function(at);
        }
        if self.once_in(3) {
            self.lets_of_record();
        }
        if self.once_in(2) {
            // What `q` decides, `p` reads.
            self.policy(("q", "for Main"), "k", "e");
            for decision in std::mem::take(&mut self.decisions) {
                let Some(ty) = decision.read() else { continue };
                let path = format!("q.{}", decision.name);
                self.scope.add(self.expressions.schema, &path, ty, decision.optional);
            }
        }
        if self.once_in(2) {
            self.leaves();
        }
        self.policy(("p", "for Main"), "r", "d");
        self.code
    }

    /// A policy for each leaf, which `p` goes through.
    fn leaves(&mut self) {
        let scope = self.scope.clone();
        self.scope.add(self.expressions.schema, "leaf", Ty::Leaf, false);
        self.scope.add(self.expressions.schema, "position", Ty::Number, false);
        self.policy(("l", "for each leaf in Main.leaves"), "m", "f");
        self.of_leaves = std::mem::take(&mut self.decisions);
        self.scope = scope;
    }

    /// How many of the leaves were decided so.
    fn over_leaves(&mut self, scope: &Scope) -> Option<Code> {
        if self.of_leaves.is_empty() || self.once_in(2) {
            return None;
        }
        let (variable, mut inside) = (format!("v{}", scope.variables), scope.clone());
        inside.variables += 1;
        let decisions = self.of_leaves.iter().filter(|decision| !decision.collects);
        for Decision { name, ty, optional, .. } in decisions {
            inside.add(self.expressions.schema, &format!("{variable}.{name}"), *ty, *optional);
        }
        for field in &self.expressions.schema.leaf {
            let path = format!("{variable}.{}", field.name);
            inside.add(self.expressions.schema, &path, field.ty, field.optional);
        }
        let (condition, ..) = self.expressions.guard(&inside, 2);
        let write = |texts: &[String]| format!("count({variable} in l where {})", texts[0]);
        let count = Code::around(&[&condition], write, 10);
        let least = literal(Ty::Number, self.expressions.choices);
        Some(Code::binary(&count, self.one_of(&[">", "<=", "!="]), &least, 4, (5, 5)))
    }

    fn function(&mut self, at: usize) {
        let mut types = Ty::PLAIN.to_vec();
        types.extend([
            Ty::Leaf,
            Ty::Inner,
            Ty::Leaves,
            Ty::Money,
            Ty::Numbers,
            Ty::Number,
            Ty::Number,
            Ty::Bool,
        ]);
        let mut scope = Scope::default();
        let mut arguments = Vec::new();
        let mut written = Vec::new();
        for number in 0..1 + self.pick(3) {
            let ty = self.one_of(&types);
            let optional = Ty::PLAIN.contains(&ty) && self.once_in(4);
            scope.add(self.expressions.schema, &format!("x{number}"), ty, optional);
            written.push(format!("x{number}: {}{}", ty.name(), if optional { "?" } else { "" }));
            arguments.push((ty, optional));
        }
        let result =
            self.one_of(&[Ty::Bool, Ty::Number, Ty::Bool, Ty::Cny, Ty::Text, Ty::Level, Ty::Date]);
        let body = self.expressions.body(result, &scope, 3);
        let head = format!("fn g{at}({}) -> {} = ", written.join(", "), result.name());
        self.write_code(&head, &body);
        self.write("\n");
        let name = format!("g{at}");
        let function =
            Callable { name, arguments, result, output: None, collects: false, may_lack: false };
        self.expressions.functions.push(function);
    }

    /// A required time or date of the record.
    fn dated_by(&mut self) -> &'static str {
        self.one_of(&["at", "on_day"])
    }

    /// Named values, each seen by those behind it.
    fn lets(&mut self, letter: &str) -> Code {
        let mut written = Code::plain("");
        for at in 0..self.pick(3) {
            let name = format!("{letter}{at}");
            let scope = self.scope.clone();
            let places =
                scope.uncertain().into_iter().filter(|place| Ty::PLAIN.contains(&place.ty));
            let places: Vec<_> = places.cloned().collect();
            let (ty, optional, head, value) = if !places.is_empty() && self.once_in(3) {
                let place = self.one_of(&places);
                (place.ty, true, String::new(), Code::plain(&place.path))
            } else if self.once_in(2) {
                let ty = self.one_of(Ty::PLAIN);
                (ty, false, format!(": {}", ty.name()), self.expr(ty, &scope, 2))
            } else {
                let ty = self.one_of(Ty::PLAIN);
                (ty, false, String::new(), self.expressions.expr(ty, &scope, 2, false))
            };
            written.short += &format!("  let {name}{head} = {}\n", value.short);
            written.full += &format!("  let {name}{head} = {}\n", value.full);
            self.scope.add(self.expressions.schema, &name, ty, optional);
        }
        written
    }

    /// Named values that every policy on the record sees.
    fn lets_of_record(&mut self) {
        let lets = self.lets("of_record");
        let head = "record Main {\n";
        for (text, lets) in [(&mut self.code.short, lets.short), (&mut self.code.full, lets.full)] {
            *text = text.replacen(head, &format!("{head}{lets}"), 1);
        }
    }

    /// A scope with what the policy decides before one of its decisions, from another one on.
    fn with_decisions(&self, mut scope: Scope, range: std::ops::Range<usize>) -> Scope {
        for decision in self.decisions.get(range).unwrap_or_default() {
            if let Some(ty) = decision.read() {
                scope.add(self.expressions.schema, &decision.name, ty, decision.optional);
            }
        }
        scope
    }

    /// The first decision that a rule may set.
    fn floor(&self, part: Part, at: usize) -> usize {
        let before = self.family.iter().take_while(|other| **other != part);
        let before: usize = before.map(|other| other.count).sum();
        self.floors.get(before + at).copied().unwrap_or(0)
    }

    /// A policy and its overlays, with what its rules and decisions are called.
    fn policy(
        &mut self,
        (name, subject): (&'static str, &str),
        rules: &'static str,
        decisions: &str,
    ) {
        let outside = self.scope.clone();
        self.write(&format!("policy {name} {subject}"));
        self.repeated.clear();
        self.head("now");
        if self.once_in(2) {
            let lets = self.lets(if name == "p" { "n" } else { "h" });
            self.write_code("", &lets);
        }
        for at in 0..1 + self.pick(3) {
            self.decision(&format!("{decisions}{at}"));
        }
        self.family = vec![Part { name, rules, count: 1 + self.pick(6) }];
        let overlays: &[_] = match name {
            "p" => &[("o", "s"), ("u", "t")],
            "q" => &[("v", "w")],
            _ => &[],
        };
        for (name, rules) in overlays {
            if self.once_in(3) {
                let count = self.pick(4);
                self.family.push(Part { name, rules, count });
            }
        }
        // The first rule sets all that is decided, and others override it, or it others.
        let count: usize = self.family.iter().map(|part| part.count).sum();
        let reads = self.once_in(2);
        let decided = self.decisions.len();
        self.floors =
            (0..count).map(|at| if reads && at > 0 { self.pick(decided) } else { 0 }).collect();
        let (downward, wildcard) = (self.once_in(2), self.once_in(4));
        for part in self.family.clone() {
            if part.name != name {
                self.write(&format!("policy {} amends {name}", part.name));
                self.head("at");
            }
            let seen = self.scope.clone();
            if part.name != name && self.once_in(3) {
                let lets = self.lets(&format!("{}_n", part.rules));
                self.write_code("", &lets);
            }
            for at in 0..part.count {
                self.rule(Spot { part, at, downward, wildcard });
            }
            if part.name == name && self.once_in(3) {
                self.on_fault();
            }
            self.scope = seen;
            self.write("}\n");
        }
        self.scope = outside;
    }

    /// What may stand first in a policy and an overlay alike, and by what else it may be dated.
    fn head(&mut self, other: &str) {
        if !self.once_in(3) {
            let path = self.dated_by();
            self.write(&format!(" dated by {path}"));
        } else if self.once_in(3) {
            self.write(&format!(" dated by {other}"));
        }
        self.write(" {\n");
        self.announced = self.once_in(2);
        if self.announced {
            self.write("  announced 2024-02-27\n");
        }
    }

    fn decision(&mut self, name: &str) {
        const TYPES: &[Ty] = &[
            Ty::Verdict,
            Ty::Number,
            Ty::Bool,
            Ty::Cny,
            Ty::Level,
            Ty::Text,
            Ty::Color,
            Ty::Duration,
            Ty::Date,
            Ty::Time,
            Ty::Shop,
            Ty::Version,
            Ty::Leaf,
            Ty::Leaves,
            Ty::Texts,
        ];
        let ty = self.one_of(TYPES);
        let how = self.one_of(combiners(ty));
        // What is decided for each element of a list is a record only where several are collected.
        let how = if ty == Ty::Leaf && name.starts_with('f') { "all" } else { how };
        let collects = how == "all" || how == "union";
        let optional = self.once_in(3);
        let settles = collects || how == "total";
        let decision = Decision { name: name.into(), ty, collects, optional: optional && !settles };
        self.write(&format!("  decide {name}: {} by {how}", ty.name()));
        if !optional {
            let value = self.whole(&decision);
            self.write_code(" otherwise ", &value);
        }
        self.write("\n");
        self.decisions.push(decision);
    }

    /// A value of a whole decision: a list where its combiner collects.
    fn whole(&mut self, decision: &Decision) -> Code {
        if !decision.collects || matches!(decision.ty, Ty::Leaf | Ty::Leaves | Ty::Texts) {
            let ty = match (decision.collects, decision.ty) {
                (true, Ty::Leaf) => Ty::Leaves,
                (_, ty) => ty,
            };
            let before = self.decisions.iter().position(|other| other.name == decision.name);
            let before = before.unwrap_or(self.decisions.len());
            let scope = self.with_decisions(self.scope.clone(), 0..before);
            return self.expr(ty, &scope, 2);
        }
        let items: Vec<_> =
            (0..self.pick(3)).map(|_| literal(decision.ty, self.expressions.choices)).collect();
        // The time of day that clocks skip reads as another literal does; one list has it once.
        let items: Vec<_> = items.iter().collect();
        Code::around(&items, |texts| format!("[{}]", texts.join(", ")), 10)
    }

    fn on_fault(&mut self) {
        let mut first = true;
        for at in 0..self.decisions.len() {
            if self.once_in(3) {
                continue;
            }
            let decision = self.decisions[at].clone();
            let value = self.whole(&decision);
            self.write(if first { "  on fault " } else { ", " });
            self.write_code(&format!("{} = ", decision.name), &value);
            first = false;
        }
        self.write("\n");
    }
}
