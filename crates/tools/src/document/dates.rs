//! Everything in a rulebook that has dates: rules, announcements, parameters, rows of tables.

use super::block::{Inlines, spaced, text, words};
use super::label;
use super::rule;
use super::speaker::Speaker;
use super::table;
use super::timeline::{BarKind, DatedBar, DatedRow};
use rulebook_core::program;
use rulebook_lang::model::{Cell, Time, start_of_day};
use rulebook_syntax::LiteralValue;
use rulebook_syntax::ast::{
    CellKind, ClauseKind, ColumnKind, DatedValue, Expr, ExprKind, Grid, Item, ItemKind, Origin,
    Parameter, ParameterValue, Policy, Rule, Table,
};

/// The announcement of a policy, then its rules in order.
pub(super) fn of_policy<'s>(policy: &Policy<'s>, speaker: &Speaker<'_, 's>) -> Vec<DatedRow> {
    let book = speaker.book;
    let mut dated: Vec<_> =
        policy.items.iter().filter_map(|item| announcement(item, speaker)).collect();
    let judged = book.judged_by(policy).map(|judged| judged.name.text);
    let compiled = book.program().policies.iter().find(|compiled| Some(&*compiled.name) == judged);
    for (_, rule) in rule::rules(policy) {
        let name = book.full_name(policy, rule);
        let compiled =
            compiled.and_then(|policy| policy.rules.iter().find(|compiled| compiled.name == name));
        dated.extend(compiled.and_then(|compiled| phases(rule, compiled, speaker)));
    }
    dated
}

fn announcement<'s>(item: &Item<'s>, speaker: &Speaker<'_, 's>) -> Option<DatedRow> {
    let ItemKind::Announced(Expr { kind: ExprKind::Literal(literal), .. }) = &item.kind else {
        return None;
    };
    let zone = &speaker.book.program().zone;
    let LiteralValue::Date(date) = LiteralValue::of(literal, zone).ok()? else { return None };
    Some(DatedRow {
        name: String::new(),
        title: speaker.label(&label::ANNOUNCED).into(),
        source: Vec::new(),
        linked: false,
        bars: vec![day(start_of_day(date, zone)?, Vec::new())],
    })
}

fn day(time: Time, words: Inlines) -> DatedBar {
    DatedBar { from: Some(time), until: None, kind: BarKind::Day, partial: false, words }
}

/// The phases of a rule, each up to the next; `None` if the rule has no dates.
fn phases<'s>(
    rule: &Rule<'s>,
    compiled: &program::Rule,
    speaker: &Speaker<'_, 's>,
) -> Option<DatedRow> {
    let (mut written, mut source) = (Vec::new(), Vec::new());
    for clause in &rule.clauses {
        match &clause.kind {
            ClauseKind::Phase(phase) => written.push(phase),
            ClauseKind::Source(cited) => {
                source.extend((!source.is_empty()).then(|| text("; ")));
                source.push(speaker.citation(cited));
            }
            _ => {}
        }
    }
    let ends = compiled.phases.iter().skip(1).map(|phase| Some(phase.from));
    let ends = ends.chain([compiled.until]);
    let mut bars: Vec<_> = written
        .into_iter()
        .zip(&compiled.phases)
        .zip(ends)
        .map(|((written, phase), until)| {
            let mut words = rule::effect_words(written, speaker);
            let basis = basis(&written.from, speaker);
            if !basis.is_empty() && basis != source {
                words.push(text(" – "));
                words.extend(basis);
            }
            DatedBar {
                from: Some(phase.from),
                until,
                kind: BarKind::Phase(phase.effect),
                partial: phase.cohort.is_some() || phase.filter.is_some(),
                words,
            }
        })
        .collect();
    if bars.is_empty() && compiled.until.is_some() {
        let (effect, until) = (program::Effect::Enforce, compiled.until);
        let words = vec![rule::badge(effect, speaker)];
        bars.push(DatedBar {
            from: None,
            until,
            kind: BarKind::Phase(effect),
            partial: false,
            words,
        });
    }
    let title = words(&rule::heading(rule, speaker));
    let name = rule.name.text.to_string();
    (!bars.is_empty()).then_some(DatedRow { name, title, source, linked: true, bars })
}

/// Where the date of a phase comes from, if it is a parameter.
fn basis<'s>(from: &Expr<'s>, speaker: &Speaker<'_, 's>) -> Inlines {
    let ExprKind::Path(path) = &from.kind else { return Vec::new() };
    let name = path.names.first().map_or("", |name| name.text);
    let parameter = speaker.book.parameter(name);
    origins(parameter.into_iter().flat_map(|parameter| &parameter.origins), speaker)
}

/// Where something comes from, by all that is said of it.
pub(super) fn origins<'o, 's: 'o>(
    origins: impl Iterator<Item = &'o Origin<'s>>,
    speaker: &Speaker<'_, 's>,
) -> Inlines {
    let mut line = Vec::new();
    for origin in origins {
        if !line.is_empty() {
            line.push(text("; "));
        }
        line.extend(speaker.origin(origin));
    }
    line
}

/// The values of a dated parameter, or the day that an undated one names.
pub(super) fn of_parameter<'s>(
    parameter: &Parameter<'s>,
    speaker: &Speaker<'_, 's>,
) -> Option<DatedRow> {
    let program = speaker.book.program();
    let name = parameter.name.text;
    let compiled = program.parameters.iter().find(|compiled| compiled.name == name)?;
    let bars = match &parameter.value {
        ParameterValue::Fixed(_) => {
            let time = match compiled.values.first()? {
                (None, Cell::Date(date)) => start_of_day(*date, &program.zone)?,
                (None, Cell::Time(time)) => *time,
                _ => return None,
            };
            vec![day(time, Vec::new())]
        }
        ParameterValue::Dated(written) => {
            let shown = speaker.book.values(parameter, speaker.language);
            let ends = compiled.values.iter().skip(1).map(|(from, _)| *from).chain([None]);
            let values = compiled.values.iter().zip(ends).zip(shown).zip(written);
            let bar = |(((value, until), (_, shown)), written): (((_, _), _), &DatedValue<'s>)| {
                let (from, _): &(Option<Time>, Cell) = value;
                let mut words = vec![text(shown)];
                let cited = origins(written.origins.iter(), speaker);
                words.extend((!cited.is_empty()).then(|| text(" – ")));
                words.extend(cited);
                DatedBar { from: *from, until, kind: BarKind::Value, partial: false, words }
            };
            values.map(bar).collect()
        }
    };
    let source = origins(parameter.origins.iter(), speaker);
    let title = speaker.book.titled(name, parameter.title.as_ref(), speaker.language);
    Some(DatedRow { name: name.into(), title, source, linked: false, bars })
}

/// The rows of a table that have dates, each with what it says.
pub(super) fn of_table<'s>(node: &Table<'s>, speaker: &Speaker<'_, 's>) -> Vec<DatedRow> {
    let book = speaker.book;
    let tables = &book.program().tables;
    let Some(compiled) = tables.iter().find(|compiled| compiled.name == node.name.text) else {
        return Vec::new();
    };
    let rows = compiled.periods.iter().zip(&compiled.rows).enumerate();
    let rows = rows.filter(|(_, ((from, until), _))| from.is_some() || until.is_some());
    let rows = rows.map(|(at, ((from, until), span))| {
        let title = match &node.grid {
            Some(grid) => words(&row_words(grid, at, speaker)),
            // The rows of a file are as their author wrote them.
            None => book.rulebook.sources().text(*span).trim().to_string(),
        };
        let (kind, words) = (BarKind::Value, Vec::new());
        let bar = DatedBar { from: *from, until: *until, kind, partial: false, words };
        let (name, source) = (String::new(), Vec::new());
        DatedRow { name, title, source, linked: false, bars: vec![bar] }
    });
    rows.collect()
}

/// What a row says besides its dates: `network: jd pay → reach: pilot`.
fn row_words<'s>(grid: &Grid<'s>, at: usize, speaker: &Speaker<'_, 's>) -> Inlines {
    let mut line = Vec::new();
    let cells = grid.rows.get(at).into_iter().flat_map(|row| &row.cells);
    for (place, (cell, column)) in cells.zip(&grid.columns).enumerate() {
        let ColumnKind::Value(name, _) = &column.kind else { continue };
        if matches!(cell.kind, CellKind::Any) {
            continue;
        }
        let before = match (line.is_empty(), place == grid.inputs) {
            (true, _) => "",
            (false, true) => " → ",
            (false, false) => "; ",
        };
        line.push(text(format!("{before}{}: ", spaced(name.text))));
        line.extend(table::cell_words(cell, column, speaker));
    }
    line
}
