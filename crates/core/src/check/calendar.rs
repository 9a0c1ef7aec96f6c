//! Checks calendars of working days: their weekends, and the days that they list.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checker::Checker;
use super::typed::Constant;
use super::value::list_lines;
use super::{cites, constant, weekday};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::{Calendar, CalendarDays, Date, EnumType, Type, parse_date};
use rulebook_syntax::ast::{self, CalendarItemKind, DaysKind, ExprKind, ListItems};

/// The calendars of the rulebook, as the type whose values they are.
pub(super) fn members(nodes: &[&ast::Definition]) -> Option<Arc<EnumType>> {
    let calendars = nodes.iter().filter_map(|definition| match &definition.kind {
        ast::DefinitionKind::Calendar(node) => Some(node.name.text.to_string()),
        _ => None,
    });
    let names: Vec<_> = calendars.collect();
    (!names.is_empty()).then(|| Arc::new(EnumType::of_calendars(names)))
}

/// A day that a calendar lists, and where.
type Listed = BTreeMap<Date, Span>;

/// The calendar of a definition.
pub(super) fn define(checker: &mut Checker, node: &ast::Calendar) -> Calendar {
    let mut weekend: Option<(Vec<i8>, Span)> = None;
    let (mut holidays, mut working) = (Listed::new(), Listed::new());
    let mut place = format!("`holidays` of `{}`", node.name.text);
    for item in &node.items {
        match &item.kind {
            CalendarItemKind::Weekend(names) => {
                if let Some((_, first)) = &weekend {
                    let message = "a calendar says once which days are the weekend";
                    let problem = Diagnostic::new(Code::DuplicateClause, item.span, message);
                    checker.sink.report(problem.also(*first, "first here"));
                }
                weekend = Some((weekdays(checker, names), item.span));
            }
            CalendarItemKind::Days(kind, days) => {
                if let (DaysKind::Holidays, ListItems::File(path)) = (kind, days) {
                    place = format!("`{}`", path.value);
                }
                let listed = match kind {
                    DaysKind::Holidays => &mut holidays,
                    DaysKind::Working => &mut working,
                };
                list(checker, days, listed);
            }
            CalendarItemKind::Origin(origin) => {
                cites::origins(checker, std::slice::from_ref(origin));
            }
        }
    }
    if weekend.is_none() {
        let message =
            format!("calendar `{}` does not say which days are the weekend", node.name.text);
        let problem = Diagnostic::new(Code::BadCalendar, node.name.span, message);
        checker.sink.report(problem.help("add `weekend saturday, sunday`"));
    }
    let weekend_span = weekend.as_ref().map_or(node.name.span, |(_, span)| *span);
    let days = CalendarDays {
        weekend: weekend.map(|(weekdays, _)| weekdays).unwrap_or_default(),
        holidays: holidays.keys().copied().collect(),
        working: working.keys().copied().collect(),
    };
    years(checker, node, &holidays, &working);
    needless(checker, &days, &working);
    Calendar::new(node.name.text, &place, &days).unwrap_or_else(|| {
        let message = "no day of the week is worked on";
        checker.sink.report(
            Diagnostic::new(Code::BadCalendar, weekend_span, message)
                .help("leave out the weekdays that are worked on: `weekend saturday, sunday`"),
        );
        // Stands for the one that is wrong.
        Calendar::default()
    })
}

fn weekdays(checker: &mut Checker, names: &[ast::Name]) -> Vec<i8> {
    let mut weekdays = Vec::new();
    for name in names {
        match weekday::number(name.text) {
            Some(number) => weekdays.push(number),
            None => {
                let help = did_you_mean(name.text, weekday::NAMES.iter().copied())
                    .unwrap_or_else(|| "write `weekend saturday, sunday`".into());
                let message = format!("`{}` is no day of the week", name.text);
                let problem = Diagnostic::new(Code::BadCalendar, name.span, message);
                checker.sink.report(problem.help(help));
            }
        }
    }
    weekdays
}

/// Adds the days that stand in place or in a file.
fn list(checker: &mut Checker, days: &ListItems, listed: &mut Listed) {
    match days {
        ListItems::InPlace(expr) => {
            let items: &[_] = match &expr.kind {
                ExprKind::List(items) => items,
                _ => {
                    let message = "the days of a calendar are written one by one";
                    checker.sink.error(Code::NotConstant, expr.span, message);
                    &[]
                }
            };
            for item in items {
                if let Ok(Constant::Date(date)) =
                    constant::of(checker, item, &Type::Date, "a day of a calendar")
                {
                    add(checker, date, item.span, listed);
                }
            }
        }
        // Whoever read the files has said why one is not there.
        ListItems::File(path) => {
            let file = checker.names.file(path.span);
            let lines = file.into_iter().flat_map(|(file, text)| list_lines(file, text));
            for (at, (line, span)) in lines.enumerate() {
                let cell = line.split(',').next().unwrap_or(line).trim().trim_matches('"');
                match parse_date(cell) {
                    Some(date) => add(checker, date, span, listed),
                    // The names of the columns.
                    None if at == 0 && cell.eq_ignore_ascii_case("date") => {}
                    None => {
                        let message = format!("`{cell}` is no day of the calendar");
                        let help = "a line begins with a day such as `2024-10-01`; behind a comma, its name may follow";
                        let problem = Diagnostic::new(Code::BadLiteral, span, message);
                        checker
                            .sink
                            .report(problem.also(path.span, "the file is named here").help(help));
                    }
                }
            }
        }
    }
}

fn add(checker: &mut Checker, date: Date, span: Span, listed: &mut Listed) {
    if let Some(first) = listed.insert(date, span) {
        let message = format!("{date} is listed twice");
        checker.sink.report(
            Diagnostic::new(Code::DuplicateItem, span, message)
                .also(first, "first here")
                .help("remove one of the two"),
        );
    }
}

/// Reports years without a holiday between those that have some, and working days outside of these.
fn years(checker: &mut Checker, node: &ast::Calendar, holidays: &Listed, working: &Listed) {
    let listed: Vec<i16> = holidays.keys().map(|date| date.year()).collect();
    for (before, behind) in listed.iter().zip(listed.iter().skip(1)) {
        if behind - before > 1 {
            let message =
                format!("calendar `{}` lists no holiday of {}", node.name.text, before + 1);
            let problem = Diagnostic::new(Code::BadCalendar, node.name.span, message);
            checker
                .sink
                .report(problem.help("list the holidays of every year from the first to the last"));
        }
    }
    let within = |date: &Date| listed.contains(&date.year());
    if let Some((date, span)) = working.iter().find(|(date, _)| !listed.is_empty() && !within(date))
    {
        let message = format!("{date} is worked on in a year whose holidays are not listed");
        let problem = Diagnostic::new(Code::BadCalendar, *span, message);
        checker.sink.report(problem.help("list the holidays of that year, too"));
    }
}

/// Warns of days that are listed as worked on and are so anyway.
fn needless(checker: &mut Checker, days: &CalendarDays, working: &Listed) {
    for (date, span) in working {
        let is_weekend = days.weekend.contains(&date.weekday().to_monday_one_offset());
        if !is_weekend && !days.holidays.contains(date) {
            let message =
                format!("{date} is neither a weekend nor a holiday, and is worked on anyway");
            let problem = Diagnostic::new(Code::NeedlessDay, *span, message);
            checker.sink.report(problem.help("correct the day, or remove it"));
        }
    }
}
