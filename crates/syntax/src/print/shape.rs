//! Turns definitions, items and clauses into layouts and blocks.

use super::expression::{Shaper, path_text, type_text, written_members};
use super::layout::{Layout, Leaf, Row, WIDTH, width};
use crate::ast::{
    Assignment, Claim, Clause, ClauseKind, DatedValue, Decide, Definition, DefinitionKind, Effect,
    Enum, Expr, ExprKind, Field, Function, FunctionBody, Invariant, Item, ItemKind, Let,
    ListDefinition, ListItems, Measurement, Members, Origin, Parameter, ParameterValue, Phase,
    Policy, Record, Require, Rule, RulePath, Source, Subject, Texts, Validity,
};
use rulebook_base::source::Span;

/// How a definition or an item is laid out.
pub(super) enum Shape<'t> {
    /// A piece that is broken only where it does not fit.
    Piece(Layout),
    /// A head, parts on lines of their own, and a closing bracket.
    Block(Block),
    /// A head and the items of a policy.
    Policy(Leaf, &'t Policy<'t>),
}

/// A head, parts on lines of their own, and a closing bracket.
pub(super) struct Block {
    /// The line that opens the block.
    pub(super) head: Leaf,
    /// Its parts in order.
    pub(super) parts: Vec<Layout>,
    /// Whether the author's empty lines between the parts are kept.
    pub(super) spaced: bool,
    /// The closing bracket.
    pub(super) close: &'static str,
}

/// The word behind the date of a phase, with the space before it.
fn effect_text(effect: Effect) -> &'static str {
    match effect {
        Effect::Enforce => "",
        Effect::Warn => " warn",
        Effect::Shadow => " shadow",
    }
}

fn rule_path_text(path: &RulePath) -> String {
    let rule = path.rule.as_ref().map_or("*", |name| name.text);
    match &path.policy {
        Some(policy) => format!("{}.{rule}", policy.text),
        None => rule.to_string(),
    }
}

/// Whether a number before a name would read as an amount of it, so that a comma must part them.
fn joins_number(before: &str, name: &str) -> bool {
    const UNITS: &[&str] = &["second", "minute", "hour", "day", "week", "month", "year"];
    let is_unit = UNITS.contains(&name.strip_suffix('s').unwrap_or(name));
    let is_currency = name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_uppercase());
    before.ends_with(|c: char| c.is_ascii_digit()) && (is_unit || is_currency)
}

/// The part of a span that ends where another one does.
fn up_to(span: Span, last: Span) -> Span {
    Span { end: last.end, ..span }
}

impl Shaper<'_, '_> {
    /// The shape of a definition.
    pub(super) fn definition<'t>(&self, definition: &'t Definition) -> Shape<'t> {
        let span = self.trimmed(definition.span);
        match &definition.kind {
            DefinitionKind::Enum(node) => self.enumeration(node, span),
            DefinitionKind::Record(node) => self.record(node, span),
            DefinitionKind::Parameter(node) => self.parameter(node, span),
            DefinitionKind::List(node) => self.list(node, span),
            DefinitionKind::Function(node) => Shape::Piece(self.function(node, span)),
            DefinitionKind::Counter(node) => Shape::Piece(self.counter(node, span)),
            DefinitionKind::Calendar(node) => self.calendar(node, span),
            DefinitionKind::Table(node) => self.table(node, span),
            DefinitionKind::Policy(node) => self.policy(node, span),
        }
    }

    fn trimmed(&self, span: Span) -> Span {
        Span::new(span.file, span.range().start, self.comments.code_end(span.range().end))
    }

    /// A piece on one line if the author wrote it so and it fits.
    fn on_one_line(&self, text: &str, span: Span) -> Option<Layout> {
        let fits = width(text) <= WIDTH && !self.written(span).contains('\n');
        fits.then(|| self.leaf(text, span))
    }

    pub(super) fn block(
        &self,
        head: String,
        parts: Vec<Layout>,
        spaced: bool,
        span: Span,
    ) -> Block {
        Block { head: Leaf::at(head, span.range().start), parts, spaced, close: "}" }
    }

    fn has_comments(&self, span: Span) -> bool {
        self.comments.within(span.range())
    }

    fn enumeration(&self, node: &Enum, span: Span) -> Shape<'static> {
        let Members { members, ordered, open } = &node.members;
        let written = written_members(&node.members);
        let head = format!("enum {} {{", node.name.text);
        let separator = if *ordered { " < " } else { ", " };
        let titles = members.iter().map(|member| self.title_text(member.title.as_ref()));
        let flat: Vec<_> =
            written.iter().zip(titles).map(|(text, title)| text.clone() + &title).collect();
        let mut inner = flat.join(separator);
        if *open {
            inner.push_str(if members.is_empty() { ".." } else { ", .." });
        }
        if let Some(piece) = self.on_one_line(&format!("{head} {inner} }}"), span) {
            return Shape::Piece(piece);
        }
        let mut parts: Vec<_> = written
            .into_iter()
            .zip(members)
            .enumerate()
            .map(|(number, (written, member))| {
                let start = member.span().range().start;
                let comma = if *ordered { "" } else { "," };
                let layout = match &member.title {
                    None => Layout::sign(written + comma, start),
                    Some(_) => {
                        let row = self.titled(Layout::sign(written, start), member.title.as_ref());
                        Layout::behind(row, comma, self.trimmed(member.span()).range().end)
                    }
                };
                match (ordered, number) {
                    (false, _) | (true, 0) => layout,
                    (true, _) => Layout::led_by("< ", layout),
                }
            })
            .collect();
        if *open {
            parts.push(Layout::sign("..", span.range().end));
        }
        // Lines that begin with `<` are one row, which no empty lines part.
        Shape::Block(self.block(head, parts, !ordered, span))
    }

    fn record(&self, node: &Record, span: Span) -> Shape<'static> {
        let mut head = format!("record {}", node.name.text);
        if !node.key.is_empty() {
            let key: Vec<_> = node.key.iter().map(|name| name.text).collect();
            head += &format!(" key {}", key.join(", "));
        }
        if let Some(Validity { from, until }) = &node.validity {
            let until = until.as_ref().map(|until| format!(" until {}", until.text));
            head += &format!(" valid from {}{}", from.text, until.unwrap_or_default());
        }
        let reading = node.reading.as_ref();
        head += &reading.map(|reading| self.reading_text(reading)).unwrap_or_default();
        head += " {";
        let fields: Vec<_> = node.fields.iter().map(|field| self.field_text(field)).collect();
        if !node.lets.is_empty() {
            return Shape::Block(self.block(head, self.record_parts(node, &fields), true, span));
        }
        let line = match fields.is_empty() {
            true => format!("{head}}}"),
            false => format!("{head} {} }}", fields.join(", ")),
        };
        if node.fields.is_empty() && !self.has_comments(span) {
            return Shape::Piece(self.leaf(line, span));
        }
        if let Some(piece) = self.on_one_line(&line, span) {
            return Shape::Piece(piece);
        }
        Shape::Block(self.block(head, self.record_parts(node, &fields), true, span))
    }

    /// The fields and named values of a record in the order of the text, each on a line of its own.
    fn record_parts(&self, node: &Record, fields: &[String]) -> Vec<Layout> {
        let mut parts = Vec::new();
        for (number, (field, text)) in node.fields.iter().zip(fields).enumerate() {
            let next = node.fields.get(number + 1);
            let next = next.filter(|next| {
                let behind = |named: &&Let| named.span.start > field.span.start;
                let mut between = node.lets.iter().filter(behind);
                between.all(|named| named.span.start > next.span.start)
            });
            let joins = next.is_some_and(|next| joins_number(text, next.name.text));
            let comma = if joins { "," } else { "" };
            let part = match &field.default {
                Some(default) if self.has_comments(self.trimmed(default.span)) => {
                    self.broken_field(field, default, comma)
                }
                _ if field.title.is_some() => {
                    let plain = self.field_text(&Field { title: None, ..field.clone() });
                    let last = field.alias.as_ref().map(|alias| alias.span);
                    let last = last.or(field.default.as_ref().map(|default| default.span));
                    let last = last.unwrap_or(field.ty.span);
                    let head = self.leaf(plain, field.name.span.to(last));
                    let row = self.titled(head, field.title.as_ref());
                    Layout::behind(row, comma, self.trimmed(field.span).range().end)
                }
                _ => self.leaf(format!("{text}{comma}"), field.span),
            };
            parts.push((field.span.start, part));
        }
        for (number, named) in node.lets.iter().enumerate() {
            let span = self.trimmed(named.span);
            // What ends with a number does not take the next name for its unit.
            let next = node.fields.iter().find(|field| field.span.start >= named.span.end);
            let is_last = node
                .lets
                .get(number + 1)
                .is_none_or(|other| next.is_some_and(|next| next.span.start < other.span.start));
            let joins = next.is_some_and(|next| {
                is_last && joins_number(self.written(span).trim_end(), next.name.text)
            });
            let layout = self.named(named, span);
            let layout = match joins {
                true => Layout::behind(layout, ",", span.range().end),
                false => layout,
            };
            parts.push((named.span.start, layout));
        }
        parts.sort_by_key(|(start, _)| *start);
        parts.into_iter().map(|(_, part)| part).collect()
    }

    fn field_text(&self, field: &Field) -> String {
        let default = field.default.as_ref().map(|default| self.flat(default));
        format!(
            "{}{}{}{}",
            self.field_head(field),
            default.unwrap_or_default(),
            self.field_tail(field),
            self.title_text(field.title.as_ref())
        )
    }

    /// A field up to its default.
    fn field_head(&self, field: &Field) -> String {
        let rounding = field.rounding.as_ref();
        let rounding = rounding.map(|digits| format!(" rounded to {}", self.flat(digits)));
        let key = field.join.as_ref().map(|key| format!(" by {}", path_text(key)));
        let fixed = if field.fixed { " fixed" } else { "" };
        let sign = if field.default.is_some() { " = " } else { "" };
        let (rounding, key) = (rounding.unwrap_or_default(), key.unwrap_or_default());
        format!("{}: {}{rounding}{key}{fixed}{sign}", field.name.text, type_text(&field.ty))
    }

    /// A field with comments in its default.
    fn broken_field(&self, field: &Field, default: &Expr, comma: &str) -> Layout {
        let head = self.leaf(self.field_head(field), field.name.span.to(field.ty.span));
        let title = self.title_text(field.title.as_ref());
        let tail = format!("{}{title}{comma}", self.field_tail(field));
        let tail = Layout::sign(tail, self.trimmed(default.span).range().end);
        Layout::Chain(vec![head, self.expression(default), tail])
    }

    /// A field from behind its default.
    fn field_tail(&self, field: &Field) -> String {
        let alias = field.alias.as_ref();
        let alias = alias.map(|alias| format!(" as {}", self.written(alias.span).trim_end()));
        let reading = field.reading.as_ref().map(|reading| self.reading_text(reading));
        alias.unwrap_or_default() + &reading.unwrap_or_default()
    }

    /// A title behind what it is of, on one line.
    fn title_text(&self, title: Option<&Texts>) -> String {
        let variants = title.into_iter().flat_map(|title| &title.variants);
        let texts = variants.map(|(language, template)| {
            let language = language.as_ref().map(|name| format!("{} ", name.text));
            language.unwrap_or_default() + self.written(template.span)
        });
        let texts: Vec<_> = texts.collect();
        if texts.is_empty() { String::new() } else { format!(" title {}", texts.join(" ")) }
    }

    /// A title, on lines of its own where there is no room.
    fn title(&self, title: Option<&Texts>) -> Option<Layout> {
        title.map(|texts| self.texts("title ", texts, texts.span, false))
    }

    /// What has a title, and that.
    fn titled(&self, of: Layout, title: Option<&Texts>) -> Layout {
        Layout::row([of].into_iter().chain(self.title(title)))
    }

    fn parameter(&self, node: &Parameter, span: Span) -> Shape<'static> {
        let head = format!("parameter {}: {}", node.name.text, type_text(&node.ty));
        let origins = node.origins.iter().map(|origin| self.origin(origin));
        match &node.value {
            ParameterValue::Fixed(value) => {
                let value = self.valued(format!("{head} = "), span, value);
                let title = self.title(node.title.as_ref());
                Shape::Piece(Layout::row([value].into_iter().chain(title).chain(origins)))
            }
            ParameterValue::Dated(values) => {
                let values = values.iter().map(|value| self.dated_value(value));
                let title = node.title.as_ref();
                let title = title.map(|texts| self.texts("title ", texts, texts.span, true));
                let parts = title.into_iter().chain(origins).chain(values).collect();
                Shape::Block(self.block(format!("{head} {{"), parts, false, span))
            }
        }
    }

    /// Words that start at a span, with a value right behind them.
    fn valued(&self, text: String, span: Span, value: &Expr) -> Layout {
        Layout::Chain(vec![Layout::sign(text, span.range().start), self.expression(value)])
    }

    fn dated_value(&self, node: &DatedValue) -> Layout {
        let first = match self.has_comments(self.trimmed(node.value.span)) {
            true => self.valued(
                format!("from {}: ", self.flat(&node.from)),
                node.from.span,
                &node.value,
            ),
            false => {
                let text = format!("from {}: {}", self.flat(&node.from), self.flat(&node.value));
                self.leaf(text, node.from.span.to(node.value.span))
            }
        };
        let origins = node.origins.iter().map(|origin| self.origin(origin));
        Layout::row([first].into_iter().chain(origins))
    }

    pub(super) fn origin(&self, origin: &Origin) -> Layout {
        match origin {
            Origin::Source(source) => self.source(source, source.span()),
            Origin::Assumed(text) => {
                self.leaf(format!("assumed {}", self.written(text.span)), text.span)
            }
        }
    }

    fn source(&self, node: &Source, start: Span) -> Layout {
        let texts = node.texts.iter().map(|(language, text)| {
            let language = language.as_ref().map(|name| format!("{} ", name.text));
            language.unwrap_or_default() + self.written(text.span)
        });
        let text = format!("source {}", texts.collect::<Vec<_>>().join(" "));
        let first = self.leaf(text, start.to(node.span()));
        let url = node.url.as_ref();
        let url = url.map(|url| self.leaf(format!("url {}", self.written(url.span)), url.span));
        Layout::row([first].into_iter().chain(url))
    }

    fn list(&self, node: &ListDefinition, span: Span) -> Shape<'static> {
        let head = format!("list {}: {}", node.name.text, type_text(&node.ty));
        let value = match &node.items {
            ListItems::File(file) => {
                return Shape::Piece(
                    self.leaf(format!("{head} from {}", self.written(file.span)), span),
                );
            }
            ListItems::InPlace(value) => value,
        };
        let line = format!("{head} = {}", self.flat(value));
        let items = match &value.kind {
            ExprKind::List(items) => items.as_slice(),
            _ => &[],
        };
        let fits = items.is_empty() || width(&line) <= WIDTH;
        if fits && !self.has_comments(self.trimmed(value.span)) {
            return Shape::Piece(self.leaf(line, span));
        }
        let item = |item: &Expr| self.leaf(format!("{},", self.flat(item)), item.span);
        let parts = items.iter().map(item).collect();
        let block = self.block(format!("{head} = ["), parts, true, span);
        Shape::Block(Block { close: "]", ..block })
    }

    fn function(&self, node: &Function, span: Span) -> Layout {
        let argument = |name: &str, ty| format!("{name}: {}", type_text(ty));
        let arguments: Vec<_> =
            node.arguments.iter().map(|node| argument(node.name.text, &node.ty)).collect();
        let result = type_text(&node.result);
        let open = format!("fn {}(", node.name.text);
        let close = match &node.body {
            FunctionBody::Expression(_) => format!(") -> {result} ="),
            FunctionBody::Script(file) => {
                format!(") -> {result} from {}", self.written(file.span))
            }
        };
        let head = up_to(span, node.result.span);
        let head = match node.arguments.first() {
            Some(first) if self.has_comments(up_to(first.name.span, node.result.span)) => {
                let nodes = node.arguments.iter().zip(arguments);
                let items = nodes
                    .map(|(node, text)| self.leaf(text, node.name.span.to(node.ty.span)))
                    .collect();
                let (open, close) =
                    (Leaf::at(open, head.range().start), Leaf::at(close, head.range().end));
                Layout::Brackets(open, items, close)
            }
            _ => self.leaf(format!("{open}{}{close}", arguments.join(", ")), head),
        };
        match &node.body {
            FunctionBody::Expression(body) => Layout::row([head, self.expression(body)]),
            FunctionBody::Script(_) => head,
        }
    }

    fn policy<'t>(&self, node: &'t Policy, span: Span) -> Shape<'t> {
        let subject = match &node.subject {
            Subject::Record(name) => format!("for {}", name.text),
            Subject::Elements(node) => {
                format!("for each {} in {}", node.variable.text, path_text(&node.list))
            }
            Subject::Policy(name) => format!("amends {}", name.text),
        };
        let mut text = format!("policy {} {subject}", node.name.text);
        if let Some(path) = &node.dated_by {
            text.push_str(&format!(" dated by {}", path_text(path)));
        }
        if node.items.is_empty() && !self.has_comments(span) {
            return Shape::Piece(self.leaf(text + " {}", span));
        }
        Shape::Policy(Leaf::at(text + " {", span.range().start), node)
    }

    /// The shape of an item of a policy.
    pub(super) fn item(&self, item: &Item) -> Shape<'static> {
        let span = self.trimmed(item.span);
        Shape::Piece(match &item.kind {
            ItemKind::Rule(node) => return self.rule(node, span),
            ItemKind::Invariant(node) => return self.invariant(node, span),
            ItemKind::Title(texts) => self.texts("title ", texts, span, true),
            ItemKind::Source(source) => self.source(source, span),
            ItemKind::Announced(date) => self.leaf(format!("announced {}", self.flat(date)), span),
            ItemKind::Decide(node) => self.decide(node, span),
            ItemKind::Let(node) => self.named(node, span),
            ItemKind::Measurement(node) => self.measurement(node, span),
            ItemKind::OnFault(node) => {
                let first = self.assignments("on fault ", &node.assignments, span);
                let because = node.because.as_ref();
                let because = because.map(|texts| self.texts("because ", texts, texts.span, false));
                Layout::row([first].into_iter().chain(because))
            }
        })
    }

    fn invariant(&self, node: &Invariant, span: Span) -> Shape<'static> {
        let head = format!("invariant {} {{", node.name.text);
        let keyed = |word: &str, expr: &Expr| self.valued(word.into(), expr.span, expr);
        let parts = match &node.claim {
            Claim::Never(when, never) => {
                let when = when.as_ref().map(|when| keyed("when ", when));
                when.into_iter().chain([keyed("never ", never)]).collect()
            }
            Claim::Independent(decision, path) => {
                let text = format!("{} never depends on {}", decision.text, path_text(path));
                vec![self.leaf(text, decision.span.to(path.span))]
            }
        };
        Shape::Block(self.block(head, parts, true, span))
    }

    fn named(&self, node: &Let, span: Span) -> Layout {
        let ty = node.ty.as_ref().map(|ty| format!(": {}", type_text(ty)));
        let head = format!("let {}{} =", node.name.text, ty.unwrap_or_default());
        let last = node.ty.as_ref().map_or(node.name.span, |ty| ty.span);
        let head = self.leaf(head, up_to(span, last));
        let title = self.title(node.title.as_ref());
        let origins = node.origins.iter().map(|origin| self.origin(origin));
        let value = self.expression(&node.value);
        Layout::row([head, value].into_iter().chain(title).chain(origins))
    }

    fn measurement(&self, node: &Measurement, span: Span) -> Layout {
        let value = node.value.as_ref().map(|value| format!("({})", self.flat(value)));
        let (word, value) = (node.reckoning.name(), value.unwrap_or_default());
        let text = format!("measure {} = {word}{value}", node.name.text);
        let head = self.leaf(text, up_to(span, node.head));
        let filter = node.filter.as_ref();
        let filter = filter.map(|filter| Layout::before("where ", self.expression(filter)));
        let title = self.title(node.title.as_ref());
        let origins = node.origins.iter().map(|origin| self.origin(origin));
        Layout::row([head].into_iter().chain(filter).chain(title).chain(origins))
    }

    fn decide(&self, node: &Decide, span: Span) -> Layout {
        let ty = type_text(&node.ty);
        let text = format!("decide {}: {ty} by {}", node.name.text, node.combiner.text);
        let mut items = vec![self.leaf(text, up_to(span, node.combiner.span))];
        if let Some(value) = &node.otherwise {
            let value = Layout::before("otherwise ", self.expression(value));
            let because = node.because.as_ref();
            let because = because.map(|texts| self.texts("because ", texts, texts.span, false));
            items.push(Layout::row([value].into_iter().chain(because)));
        }
        Layout::row(items)
    }

    /// A keyword and its text by language, each language under the first; on one line if they fit
    /// and need not be apart.
    fn texts(&self, keyword: &str, texts: &Texts, from: Span, apart: bool) -> Layout {
        let variants = texts.variants.iter().map(|(language, template)| {
            let written = self.written(template.span);
            match language {
                Some(name) => {
                    self.leaf(format!("{} {written}", name.text), name.span.to(template.span))
                }
                None => self.leaf(written, template.span),
            }
        });
        let keyword = Layout::sign(keyword, from.range().start);
        Layout::Chain(vec![keyword, Layout::Row(Row::aligned(variants, apart))])
    }

    fn assignments(&self, keyword: &str, nodes: &[Assignment], span: Span) -> Layout {
        let last = nodes.len().saturating_sub(1);
        let items = nodes.iter().enumerate().map(|(number, node)| {
            let keyword = if number == 0 { keyword } else { "" };
            let decision = node.decision.as_ref();
            let decision = decision.map(|name| format!("{} = ", name.text)).unwrap_or_default();
            let start = if number == 0 { span } else { node.span };
            let layout = self.valued(format!("{keyword}{decision}"), start, &node.value);
            match number == last {
                true => layout,
                false => Layout::behind(layout, ",", self.trimmed(node.span).range().end),
            }
        });
        Layout::row(items)
    }

    fn rule(&self, node: &Rule, span: Span) -> Shape<'static> {
        let head = format!("rule {} {{", node.name.text);
        if node.clauses.is_empty() && !self.has_comments(span) {
            return Shape::Piece(self.leaf(head + "}", span));
        }
        let parts = node.clauses.iter().map(|clause| self.clause(clause)).collect();
        Shape::Block(self.block(head, parts, true, span))
    }

    fn clause(&self, clause: &Clause) -> Layout {
        let span = self.trimmed(clause.span);
        match &clause.kind {
            ClauseKind::Title(texts) => self.texts("title ", texts, span, true),
            ClauseKind::Source(source) => self.source(source, span),
            ClauseKind::DatedBy(path) => self.leaf(format!("dated by {}", path_text(path)), span),
            ClauseKind::Phase(phase) => self.phase(phase, span),
            ClauseKind::Until(date) => self.valued("until ".into(), span, date),
            ClauseKind::When(condition) => self.valued("when ".into(), span, condition),
            ClauseKind::Unless(condition) => self.valued("unless ".into(), span, condition),
            ClauseKind::Overrides(paths) => self.overrides("overrides ", paths, span),
            ClauseKind::OverridesAllBut(paths) => self.overrides("overrides all but ", paths, span),
            ClauseKind::Then(nodes) => self.assignments("then ", nodes, span),
            ClauseKind::Require(node) => self.leaf(self.require_text(node), span),
            ClauseKind::Because(texts) => self.texts("because ", texts, span, true),
        }
    }

    fn phase(&self, node: &Phase, span: Span) -> Layout {
        let mut text = format!("from {}{}", self.flat(&node.from), effect_text(node.effect));
        let mut end = node.from.span;
        if let Some(cohort) = &node.cohort {
            let (share, key) = (self.flat(&cohort.share), self.flat(&cohort.key));
            text.push_str(&format!(" for {share} by {key}"));
            end = cohort.key.span;
        }
        let Some(filter) = &node.filter else { return self.leaf(text, span) };
        let filter = Layout::before("where ", self.expression(filter));
        Layout::row([self.leaf(text, up_to(span, end)), filter])
    }

    fn overrides(&self, words: &str, paths: &[RulePath], span: Span) -> Layout {
        let last = paths.len().saturating_sub(1);
        Layout::row(paths.iter().enumerate().map(|(number, path)| {
            let keyword = if number == 0 { words } else { "" };
            let comma = if number == last { "" } else { "," };
            let start = if number == 0 { up_to(span, path.span) } else { path.span };
            self.leaf(format!("{keyword}{}{comma}", rule_path_text(path)), start)
        }))
    }

    fn require_text(&self, node: &Require) -> String {
        let mut text = format!("require {}", node.name.text);
        if let Some(within) = &node.within {
            text.push_str(&format!(" within {}", self.flat(within)));
        }
        if let Some(of) = &node.of {
            text.push_str(&format!(" of {}", self.flat(of)));
        }
        if let Some(by) = &node.by {
            text.push_str(&format!(" by {}", self.flat(by)));
        }
        text
    }
}
