//! Conditions and values in plain words.

use super::block::{Badge, Inline, Inlines, Point, Target, spaced, text};
use super::book::Book;
use super::label;
use super::named::{self, Name};
use rulebook_lang::figures::{OTHER, Phrase};
use rulebook_lang::operator::{Binary, Meaning};
use rulebook_syntax::ast::{
    Comprehension, Each, Expr, ExprKind, Literal, Origin, Path, Piece, Source, Texts,
};
use rulebook_syntax::print;

/// Says what the expressions of one policy mean, in one language.
pub(super) struct Speaker<'b, 's> {
    pub(super) book: &'b Book<'s>,
    pub(super) language: &'b str,
    /// The record whose fields have no prefix.
    pub(super) record: Option<&'s str>,
    /// The arguments of the function that is spoken about, with their types.
    pub(super) arguments: Vec<(&'s str, String)>,
    /// What else bare names stand for where it speaks.
    pub(super) names: Vec<Name<'s>>,
}

impl<'s> Speaker<'_, 's> {
    pub(super) fn label(&self, phrase: &Phrase) -> &'static str {
        phrase.in_language(self.language)
    }

    /// A condition as points: what `and` and `or` join stands below one another.
    pub(super) fn points(&self, expr: &Expr<'s>) -> Vec<Point> {
        match &expr.kind {
            ExprKind::Group(inner) => self.points(inner),
            ExprKind::Binary(operator, operands) if matches!(operator.meaning, Meaning::And) => {
                operands.iter().map(|operand| self.point(operand)).collect()
            }
            _ => vec![self.point(expr)],
        }
    }

    fn point(&self, expr: &Expr<'s>) -> Point {
        let head = |label: &Phrase| vec![text(self.label(label))];
        match &expr.kind {
            ExprKind::Group(inner) => self.point(inner),
            ExprKind::Binary(operator, operands) => match operator.meaning {
                Meaning::And => Point { text: head(&label::ALL_OF), points: self.points(expr) },
                Meaning::Or => Point {
                    text: head(&label::ONE_OF),
                    points: operands.iter().map(|operand| self.point(operand)).collect(),
                },
                _ => self.inline(expr).into(),
            },
            ExprKind::Prefix(prefix, operand) if prefix.symbol == "not" => {
                Point { text: head(&label::NOT_THIS), points: vec![self.point(operand)] }
            }
            _ => self.inline(expr).into(),
        }
    }

    /// An expression in one line of words.
    pub(super) fn inline(&self, expr: &Expr<'s>) -> Inlines {
        let mut out = Vec::new();
        self.say(expr, &mut out);
        out
    }

    fn say(&self, expr: &Expr<'s>, out: &mut Inlines) {
        match &expr.kind {
            ExprKind::Literal(literal) => out.push(text(self.literal(literal))),
            ExprKind::Path(path) => out.push(self.path(path)),
            ExprKind::Group(inner) => {
                out.push(text("("));
                self.say(inner, out);
                out.push(text(")"));
            }
            ExprKind::List(items) => self.joined(items, self.book.comma(self.language), out),
            ExprKind::Prefix(prefix, operand) => {
                out.push(text(prefix.words.in_language(self.language)));
                self.say(operand, out);
            }
            ExprKind::Binary(operator, operands) => self.binary(operator, operands, out),
            ExprKind::Range(low, high, closed) => {
                self.say(low, out);
                out.push(text(format!(" {} ", self.label(&label::FROM_TO))));
                self.say(high, out);
                if !closed {
                    out.push(text(format!(" ({})", self.label(&label::BELOW))));
                }
            }
            ExprKind::Presence(inner, present) => {
                self.say(inner, out);
                let label = if *present { &label::PRESENT } else { &label::MISSING };
                out.push(text(format!(" {}", self.label(label))));
            }
            ExprKind::Call(name, arguments) => {
                out.push(self.book.term(name.text));
                if !arguments.is_empty() {
                    out.push(text(" ("));
                    self.joined(arguments, self.book.comma(self.language), out);
                    out.push(text(")"));
                }
            }
            ExprKind::Output(call, output) => {
                self.say(call, out);
                out.push(text(": "));
                out.push(Inline::Blank(spaced(output.text)));
            }
            ExprKind::Comprehension(inner) => self.comprehension(inner, out),
            ExprKind::Filled(template) => {
                out.push(text("“"));
                for piece in &template.pieces {
                    match piece {
                        Piece::Text(words) => out.push(text(words.to_string())),
                        Piece::Value(value) | Piece::Counted(value, _) => self.say(value, out),
                    }
                }
                out.push(text("”"));
            }
            ExprKind::Each(body, clauses) => self.each(body, clauses, out),
            ExprKind::Record(name, entries) => {
                out.push(text(format!("{} (", spaced(name.text))));
                for (at, (field, value)) in entries.iter().enumerate() {
                    out.push(text(if at == 0 { "" } else { self.book.comma(self.language) }));
                    out.push(text(format!("{}: ", spaced(field.text))));
                    self.say(value, out);
                }
                out.push(text(")"));
            }
            ExprKind::Choice(..) => out.push(Inline::Code(print::expression(expr))),
        }
    }

    fn joined(&self, items: &[Expr<'s>], between: &str, out: &mut Inlines) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.push(text(between));
            }
            self.say(item, out);
        }
    }

    fn binary(&self, operator: Binary, operands: &[Expr<'s>], out: &mut Inlines) {
        self.parted(operands, self.between(operator, operands), out);
    }

    /// What stands between the operands of an operator.
    fn between(&self, operator: Binary, operands: &[Expr<'s>]) -> &'static str {
        let temporal = operands.iter().any(|operand| self.is_temporal(operand));
        let ranged = operands.last().is_some_and(|last| matches!(last.kind, ExprKind::Range(..)));
        let words = match (operator.symbol, temporal, ranged) {
            ("in", _, true) => &label::IN_RANGE,
            ("not in", _, true) => &label::NOT_IN_RANGE,
            (_, true, _) => operator.temporal.unwrap_or(&operator.words),
            _ => &operator.words,
        };
        words.in_language(self.language)
    }

    fn parted(&self, operands: &[Expr<'s>], words: &str, out: &mut Inlines) {
        for (at, operand) in operands.iter().enumerate() {
            if at > 0 {
                out.push(text(format!(" {words} ")));
            }
            // What a comprehension says ends only where its brackets do.
            let brackets = matches!(operand.kind, ExprKind::Comprehension(_) | ExprKind::Each(..));
            out.extend(brackets.then(|| text("(")));
            self.say(operand, out);
            out.extend(brackets.then(|| text(")")));
        }
    }

    /// That something never holds, in one line of words.
    pub(super) fn never(&self, expr: &Expr<'s>) -> Inlines {
        let mut out = Vec::new();
        match &expr.kind {
            ExprKind::Group(inner) => return self.never(inner),
            ExprKind::Binary(operator, operands)
                if matches!(operator.meaning, Meaning::Kernel(_))
                    && matches!(operands.as_slice(), [left, _] if matches!(left.kind, ExprKind::Path(_))) =>
            {
                let words = self.between(operator, operands);
                let (verb, rest) = words.split_once(' ').unwrap_or((words, ""));
                let words = label::NEVER.fill(self.language, &[("verb", &verb), ("rest", &rest)]);
                self.parted(operands, words.trim_end(), &mut out);
            }
            _ => {
                out.push(text(format!("{} ", self.label(&label::NEVER_BOTH))));
                self.say(expr, &mut out);
            }
        }
        out
    }

    /// `[e for v in xs where c]`
    fn each(&self, body: &Expr<'s>, clauses: &[Each<'s>], out: &mut Inlines) {
        for (at, Each { variable, list, filter }) in clauses.iter().enumerate() {
            let head = self.label(if at == 0 { &label::LIST_OVER } else { &label::AND_EVERY });
            out.push(text(if at == 0 { format!("{head} ") } else { format!(" {head} ") }));
            self.element(variable.text, list, filter.as_ref(), out);
        }
        self.said_of(&label::OF_EACH, body, out);
    }

    /// `v in xs where c`
    fn element(
        &self,
        variable: &str,
        list: &Expr<'s>,
        filter: Option<&Expr<'s>>,
        out: &mut Inlines,
    ) {
        out.push(Inline::Blank(spaced(variable)));
        self.said_of(&label::IN, list, out);
        if let Some(filter) = filter {
            self.said_of(&label::SUCH_THAT, filter, out);
        }
    }

    /// An expression behind what leads to it.
    fn said_of(&self, words: &Phrase, expr: &Expr<'s>, out: &mut Inlines) {
        out.push(text(format!(" {} ", self.label(words))));
        self.say(expr, out);
    }

    /// `any(v in xs where c: b)`
    fn comprehension(&self, inner: &Comprehension<'s>, out: &mut Inlines) {
        let (head, of_each) = match inner.kind.text {
            "any" => (&label::ANY_OF, &label::SUCH_THAT),
            "all" => (&label::EVERY_OF, &label::SUCH_THAT),
            "sum" => (&label::SUM_OVER, &label::OF_EACH),
            "min" => (&label::SMALLEST_OVER, &label::OF_EACH),
            "max" => (&label::LARGEST_OVER, &label::OF_EACH),
            "sorted" => (&label::LIST_OF, &label::SUCH_THAT),
            _ => (&label::COUNT_OF, &label::SUCH_THAT),
        };
        out.push(text(format!("{} ", self.label(head))));
        self.element(inner.variable.text, &inner.list, inner.filter.as_ref(), out);
        if let Some(body) = &inner.body {
            self.said_of(of_each, body, out);
        }
        if let Some(order) = &inner.order {
            out.push(text(format!("{} ", self.label(&label::SORTED_BY))));
            self.say(&order.key, out);
            if order.descending {
                out.push(text(self.label(&label::LARGEST_FIRST)));
            }
        }
    }

    pub(super) fn literal(&self, literal: &Literal<'s>) -> String {
        match literal {
            Literal::Text(text) => format!("“{}”", text.value),
            Literal::Bool(truth) => {
                let label = if *truth { &label::YES } else { &label::NO };
                self.label(label).to_string()
            }
            literal => self.book.shown(literal, self.language),
        }
    }

    fn path(&self, path: &Path<'s>) -> Inline {
        let names: Vec<_> = path.names.iter().map(|name| name.text).collect();
        match names.as_slice() {
            ["now"] => text(self.label(&label::NOW)),
            [name] if self.is_field(name) => Inline::Blank(self.field_words(path)),
            // What is no field and has no definition is a member of an enum.
            [name] if let Some(named) = named::find(&self.names, name) => named.link(),
            [name] => self.book.named(name, self.language).unwrap_or_else(|| match *name {
                "missing" => text(self.label(&label::NOTHING)),
                name => text(spaced(name)),
            }),
            _ => Inline::Blank(self.field_words(path)),
        }
    }

    /// A path to a field as words: the title of each step that has one.
    pub(super) fn field_words(&self, path: &Path<'s>) -> String {
        let (mut words, mut record) = (Vec::new(), self.record.map(str::to_string));
        for (at, name) in path.names.iter().enumerate() {
            let argument =
                self.arguments.iter().find(|(argument, _)| at == 0 && *argument == name.text);
            let field = match argument {
                Some(_) => None,
                None => record.as_deref().and_then(|record| self.book.field(record, name.text)),
            };
            let title = field.and_then(|field| field.title.as_ref());
            words.push(self.book.titled(name.text, title, self.language));
            record = match argument {
                Some((_, ty)) => Some(ty.clone()),
                None => record.and_then(|record| self.book.field_type(&record, name.text)),
            };
        }
        words.join(" ")
    }

    fn is_field(&self, name: &str) -> bool {
        self.arguments.iter().any(|(argument, _)| *argument == name)
            || self.record.is_some_and(|record| self.book.field_type(record, name).is_some())
    }

    /// Whether a value is a date or a time, which is not "more" than another but later.
    fn is_temporal(&self, expr: &Expr<'s>) -> bool {
        match &expr.kind {
            ExprKind::Literal(literal) => matches!(literal, Literal::Date(_) | Literal::Time(_)),
            ExprKind::Group(inner) => self.is_temporal(inner),
            ExprKind::Binary(operator, operands) => {
                let first = operands.first().is_some_and(|operand| self.is_temporal(operand));
                let mut all = operands.iter();
                // The time between two times is none.
                let between =
                    operator.symbol == "-" && all.all(|operand| self.is_temporal(operand));
                first && !between && matches!(operator.symbol, "+" | "-" | "??")
            }
            ExprKind::Path(path) => {
                self.type_of(path).is_some_and(|ty| ty == "time" || ty == "date")
            }
            _ => false,
        }
    }

    fn type_of(&self, path: &Path<'s>) -> Option<String> {
        let mut names = path.names.iter().map(|name| name.text);
        let first = names.next()?;
        if first == "now" || first == "announced" {
            return Some("time".into());
        }
        let argument = self.arguments.iter().find(|(argument, _)| *argument == first);
        let mut ty = match argument {
            Some((_, ty)) => ty.clone(),
            None => match self.record.and_then(|record| self.book.field_type(record, first)) {
                Some(ty) => ty,
                None => named::type_among(&self.names, first)
                    .or_else(|| self.book.parameter_type(first))?,
            },
        };
        for name in names {
            ty = self.book.field_type(&ty, name)?;
        }
        Some(ty)
    }

    /// A title or reason, with the values of parameters filled in and those of the record left open.
    pub(super) fn texts(&self, texts: &Texts<'s>) -> Inlines {
        let mut out = Vec::new();
        for piece in self.book.variant(texts, self.language) {
            match piece {
                Piece::Text(words) => out.push(text(words.as_ref())),
                Piece::Value(expr) => out.append(&mut self.placeholder(expr)),
                // Where the number is left open, the words are those that most numbers take.
                Piece::Counted(_, forms) => {
                    let most = forms.iter().find(|form| form.name.text == OTHER);
                    out.extend(most.map(|form| text(form.words.as_ref())));
                }
            }
        }
        out
    }

    fn placeholder(&self, expr: &Expr<'s>) -> Inlines {
        match &expr.kind {
            ExprKind::Path(_) | ExprKind::Literal(_) => self.inline(expr),
            // What only prints a value otherwise is the value to the reader.
            ExprKind::Call(name, arguments) if name.text == "percent" => {
                arguments.iter().flat_map(|argument| self.placeholder(argument)).collect()
            }
            _ => vec![Inline::Blank(spaced(&print::expression(expr)))],
        }
    }

    /// A citation, with where to read it.
    pub(super) fn citation(&self, source: &Source<'_>) -> Inline {
        let found = self.book.in_language(&source.texts, self.language);
        let words = found.map_or(String::new(), |text| text.value.to_string());
        match &source.url {
            Some(url) => Inline::Link(Target::Url(url.value.to_string()), words),
            None => text(words),
        }
    }

    /// Where something comes from, or who assumed it, under its label.
    pub(super) fn origin_fact(&self, origin: &Origin<'_>) -> (String, Inlines) {
        let words = match origin {
            Origin::Source(_) => &label::SOURCE,
            Origin::Assumed(_) => &label::ASSUMED,
        };
        (self.label(words).to_string(), self.origin(origin))
    }

    /// Where a value comes from, or who assumed it.
    pub(super) fn origin(&self, origin: &Origin<'_>) -> Inlines {
        match origin {
            Origin::Source(source) => vec![self.citation(source)],
            Origin::Assumed(why) => {
                let mark = Inline::Badge(Badge::Assumed, self.label(&label::ASSUMED).into());
                vec![mark, text(format!(" {}", why.value))]
            }
        }
    }
}
