//! What the names in an expression stand for: locals, fields, definitions, members of enums.

use super::checker::Checker;
use super::days;
use super::field;
use super::foreign;
use super::money;
use super::names::Named;
use super::own;
use super::read_elements;
use super::reading;
use super::scope::{CounterReader, Scope};
use super::sink::{DecisionReading, Wrong};
use super::typed::{Constant, DecisionId, Expr, Fields, Kind, LetId, Place, PolicyId, Root};
use super::weekday;
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::{AMOUNT, Currency, Number, Type};
use rulebook_syntax::ast;

/// How no value is written, where nothing else has that name.
const MISSING: &str = "missing";

/// Whether an expression says that there is no value, whatever type would be expected.
pub(super) fn is_missing(
    checker: &Checker,
    expr: &ast::Expr,
    wanted: Option<&Type>,
    scope: &Scope,
) -> bool {
    let names = checker.names;
    let is_member = || match wanted.map(Type::required) {
        Some(Type::Enum(members)) => members.position_of_name(MISSING).is_some(),
        Some(_) => false,
        None => names.is_member(MISSING),
    };
    let is_written = match &expr.kind {
        ast::ExprKind::Path(path) => {
            matches!(path.names.as_slice(), [name] if name.text == MISSING)
        }
        _ => false,
    };
    is_written
        && !names.sees(MISSING, scope)
        && !names.decides(MISSING, scope)
        && names.get(MISSING).is_none()
        && !is_member()
}

pub(super) fn path(
    checker: &mut Checker,
    path: &ast::Path,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let Some((first, rest)) = path.names.split_first() else { return Err(Wrong::reported()) };
    if let Some((local, ty)) = scope.local(first.text) {
        let place = Place { root: Root::Local(local), fields: Fields::new() };
        return fields(checker, place, ty, rest, (path.span, wanted), scope);
    }
    if let Some(outcome) = outcome(first.text, wanted, scope) {
        let span = Span { end: first.span.end, ..path.span };
        match (&outcome.ty, rest) {
            (_, []) => return Ok(Expr { span: path.span, ..outcome }),
            (Type::Record(_), rest) => {
                let outcome = Expr { span, ..outcome };
                return field::fields_of(checker, outcome, rest, path.span, scope);
            }
            _ => {}
        }
    }
    if let Some(record) = scope.record {
        let record = checker.names.record(record);
        let position = record.fields.iter().position(|field| field.name == first.text);
        if let Some((position, field)) = position.and_then(|at| Some((at, record.fields.get(at)?)))
        {
            let (ty, position) = (field.ty.clone(), u32::try_from(position).unwrap_or(u32::MAX));
            let place = Place { root: Root::Record, fields: Fields::from_slice(&[position]) };
            own::warn_of_field(checker, path, scope);
            return fields(checker, place, ty, rest, (path.span, wanted), scope);
        }
    }
    if let Some(found) = scope.lets.get(first.text) {
        return named(checker, found.ok_or_else(Wrong::reported)?, path, wanted, scope);
    }
    if let (Some(Named::Policy(_) | Named::Overlay(_)), false) =
        (checker.names.get(first.text), rest.is_empty())
    {
        return reading::decision_of(checker, path, scope);
    }
    if let Some(decision) = own::decision(checker, path, wanted, scope) {
        return decision;
    }
    match named_value(checker, first, rest.is_empty(), wanted, scope) {
        Some(found) if rest.is_empty() => Ok(Expr { span: path.span, ..found? }),
        Some(Ok(found)) if matches!(found.ty.required(), Type::Record(_)) => {
            field::fields_of(checker, found, rest, path.span, scope)
        }
        Some(_) => {
            let message = format!("`{}` has no fields", first.text);
            Err(checker.sink.wrong(Diagnostic::new(Code::UnknownField, path.span, message)))
        }
        None if first.text == MISSING
            && rest.is_empty()
            && wanted.is_some_and(Type::is_optional) =>
        {
            let ty = wanted.cloned().unwrap_or(Type::Unknown);
            Ok(Expr { span: path.span, ty, kind: Kind::Missing })
        }
        None if scope.constant && scope.record.is_none() && checker.names.is_field(first.text) => {
            let message = format!("`{}` is not known before a record is judged", first.text);
            Err(checker.sink.wrong(
                Diagnostic::new(Code::NotConstant, path.span, message)
                    .help("write a literal, or a calculation of literals"),
            ))
        }
        None => {
            let names: Vec<_> = checker.names.names_in(scope).map(str::to_string).collect();
            Err(unknown_name(checker, first, &names, scope))
        }
    }
}

/// What the policy decides, where a claim names it.
fn outcome(name: &str, wanted: Option<&Type>, scope: &Scope) -> Option<Expr> {
    // A decision may be named like one of the outcomes that it is compared with.
    if let Some(Type::Enum(members)) = wanted.map(Type::required)
        && members.position_of_name(name).is_some()
    {
        return None;
    }
    let at = scope.outcomes.iter().position(|(outcome, _)| outcome == name)?;
    let (_, ty) = scope.outcomes.get(at)?;
    let kind = Kind::Decision(scope.policy?, DecisionId::at(at));
    // A claim says nothing of what is undecided.
    Some(Expr { span: Span::default(), ty: ty.required().clone(), kind })
}

/// What a bare name means that is no field and no local.
fn named_value(
    checker: &mut Checker,
    name: &ast::Name,
    bare: bool,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Option<Result<Expr, Wrong>> {
    let span = name.span;
    let names = checker.names;
    let found = |ty, kind| Some(Ok(Expr { span, ty, kind }));
    match (name.text, names.get(name.text)) {
        ("now", _) if scope.constant => {
            let message = "`now` is not known before a record is judged";
            Some(Err(checker.sink.wrong(Diagnostic::new(Code::NotConstant, span, message))))
        }
        ("now", _) => found(Type::Time, Kind::Now),
        ("announced", _) => match scope.announced {
            Some(date) => found(Type::Date, Kind::Constant(Constant::Date(date))),
            None => {
                let message = "this policy does not say when it was `announced`";
                Some(Err(checker.sink.wrong(
                    Diagnostic::new(Code::UnknownName, span, message)
                        .help("add `announced 2024-07-31` to the policy"),
                )))
            }
        },
        (_, Some(Named::Parameter(id))) => {
            checker.sink.mark_used(name.text);
            found(names.checked.parameters[*id].ty.clone(), Kind::Parameter(*id))
        }
        (_, Some(Named::List(id))) => {
            checker.sink.mark_used(name.text);
            let ty = names.checked.lists[*id].ty.clone();
            found(Type::List(Box::new(ty)), Kind::List(*id))
        }
        (_, Some(Named::Counter(id))) => {
            checker.sink.mark_used(name.text);
            Some(reading::read_counter(checker, *id, span, scope))
        }
        _ if bare => match (member(checker, name, wanted), names.get(name.text)) {
            (None, Some(Named::Policy(id))) => read_elements::list(checker, *id, span, scope),
            (None, _) => days::named(checker, name.text, span).or_else(|| weekday(name)).map(Ok),
            (found, _) => found,
        },
        _ => None,
    }
}

/// The number of the day of the week that a name stands for, as `weekday` gives it.
fn weekday(name: &ast::Name) -> Option<Expr> {
    let kind =
        Kind::Constant(Constant::Number(Number::from(i64::from(weekday::number(name.text)?))));
    Some(Expr { span: name.span, ty: Type::Number, kind })
}

/// The member that a bare name means where an enum is expected.
fn member(
    checker: &mut Checker,
    name: &ast::Name,
    wanted: Option<&Type>,
) -> Option<Result<Expr, Wrong>> {
    let span = name.span;
    let Some(Type::Enum(members)) = wanted.map(Type::required) else { return None };
    if let Some(position) = members.position_of_name(name.text) {
        let kind = Kind::Constant(Constant::Member(position));
        return Some(Ok(Expr { span, ty: Type::Enum(members.clone()), kind }));
    }
    if checker.names.named.contains_key(name.text) || checker.names.broken.contains(name.text) {
        return None;
    }
    let written = members.all_written();
    let quoted = members.position(name.text).map(|member| members.written(member));
    let near = match quoted {
        // What the data has for it is no word of the language, but nothing else either.
        Some(member) => Some(format!("write `{member}`")),
        None => did_you_mean(name.text, written.iter().map(AsRef::as_ref)),
    };
    let help = match members.is_currency() {
        true => money::code_help(name.text),
        false => near.unwrap_or_else(|| format!("members are {}", written.join(", "))),
    };
    let message = match &members.name {
        Some(enum_name) => format!("`{enum_name}` has no member `{}`", name.text),
        None => format!("`{}` is none of `{}`", name.text, Type::Enum(members.clone())),
    };
    let code = if members.name.is_some() { Code::UnknownMember } else { Code::UnknownOutcome };
    Some(Err(checker.sink.wrong(Diagnostic::new(code, span, message).help(help))))
}

/// Follows fields from a place and works out whether the end may be missing.
pub(super) fn fields(
    checker: &mut Checker,
    mut place: Place,
    mut ty: Type,
    names: &[ast::Name],
    (span, wanted): (Span, Option<&Type>),
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let mut missing_parent: Option<Span> = None;
    for name in names {
        let is_present = scope.knows(&place);
        if ty.is_optional() && !is_present {
            missing_parent = missing_parent.or(Some(name.span));
        }
        let Type::Record(record) = ty.required() else {
            if !ty.is_unknown() {
                let message = format!("{} has no fields", ty.required().described());
                let help = field::field_help(checker, ty.required(), name, span);
                let problem = Diagnostic::new(Code::UnknownField, name.span, message);
                checker.sink.report(problem.maybe_help(help));
            }
            return Err(Wrong::reported());
        };
        let Some((position, field)) = checker.names.field_of(record.name(), name.text) else {
            return Err(field::unknown_field(checker, record.name(), name));
        };
        if ty.required().is_money() && position == AMOUNT {
            let money = checker.names.shown(Span { end: name.span.start, ..span });
            let help = money::amount_help(money.trim_end_matches(['.', ' ']));
            let message = "an amount is not read without its currency";
            let problem = Diagnostic::new(Code::UnprovedCurrency, name.span, message);
            return Err(checker.sink.wrong(problem.help(help)));
        }
        place.fields.push(position);
        ty = field;
    }
    let is_present = scope.knows(&place);
    let ty = match (is_present, missing_parent) {
        (true, _) => ty.required().clone(),
        (false, Some(_)) => ty.optional(),
        (false, None) => ty,
    };
    let (place, ty) = money::known(place, ty, wanted, scope);
    Ok(Expr { span, ty, kind: Kind::Place(place) })
}

/// Reports a name that nothing defines.
fn unknown_name(
    checker: &mut Checker,
    name: &ast::Name,
    others: &[String],
    scope: &Scope,
) -> Wrong {
    if checker.names.broken.contains(name.text) {
        return Wrong::reported();
    }
    let near = near(checker, name.text, scope);
    let message = format!("there is no `{}` here", name.text);
    let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
    let help = match checker.names.get(name.text) {
        Some(Named::Function(_) | Named::Table(_)) => Some(format!("call it: `{}(…)`", name.text)),
        Some(Named::Policy(_) | Named::Overlay(_)) => {
            Some(format!("this is a policy; read one of its decisions: `{}.…`", name.text))
        }
        Some(Named::Enum(members)) => match behind(checker, name) {
            Some(member) if members.position_of_name(member).is_some() => {
                Some(format!("write the member by itself: `{member}`"))
            }
            _ => members
                .all_written()
                .first()
                .map(|member| format!("this is an enum; write a member, such as `{member}`")),
        },
        _ if behind(checker, name).is_some_and(|field| checker.names.sees(field, scope)) => {
            behind(checker, name)
                .map(|field| format!("fields are read by their bare names: `{field}`"))
        }
        None if Currency::from_code(name.text).is_some() => Some(format!(
            "a currency stands behind an amount, `200 {0}`, and beside one of money: `….currency == \
             {0}`",
            name.text
        )),
        _ => foreign::name_help(name.text)
            .or_else(|| underscored(checker, name, scope))
            .or(near)
            .or_else(|| Some(in_scope_help(others))),
    };
    checker.sink.wrong(diagnostic.maybe_help(help))
}

/// The name that is meant by one that nothing defines, as help.
pub(super) fn near(checker: &Checker, name: &str, scope: &Scope) -> Option<String> {
    let values = checker.names.named.iter().filter_map(|(known, (named, _))| {
        matches!(
            named,
            Named::Parameter(_) | Named::List(_) | Named::Counter(_) | Named::Calendar(_)
        )
        .then_some(known.as_str())
    });
    let broken = checker.names.broken.iter().map(String::as_str);
    let policy = scope.policy.and_then(|policy| checker.names.policies.get(policy.index()));
    let decisions = policy.into_iter().flatten().flat_map(|policy| &policy.decisions);
    let decisions = decisions.map(|(decision, _)| decision.as_str());
    let visible = values.chain(checker.names.names_in(scope));
    did_you_mean(name, visible.chain(decisions).chain(broken))
}

/// The name that stands behind a name and a point.
fn behind<'c>(checker: &'c Checker, name: &ast::Name) -> Option<&'c str> {
    let file = checker.names.sources.get(name.span.file)?;
    let behind = file.text.get(name.span.range().end..)?.strip_prefix('.')?;
    let end = behind.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    behind.get(..end)
}

/// Help where a name is written with `-`, which subtracts.
fn underscored(checker: &Checker, name: &ast::Name, scope: &Scope) -> Option<String> {
    let file = checker.names.sources.get(name.span.file)?;
    let behind = file.text.get(name.span.range().end..)?.strip_prefix('-')?;
    let end = behind.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    let whole = format!("{}_{}", name.text, behind.get(..end)?);
    let is_known = checker.names.sees(&whole, scope) || checker.names.get(&whole).is_some();
    is_known.then(|| format!("names are written with `_`: `{whole}`"))
}

fn in_scope_help(others: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut shown: Vec<_> = others.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    if others.len() > SHOWN {
        shown.push("…".into());
    }
    match shown.as_slice() {
        [] => "names are fields, parameters, lists, arguments and, where an enum is expected, \
               its members"
            .into(),
        shown => format!("known here: {}", shown.join(", ")),
    }
}

/// The named value that a path begins with.
fn named(
    checker: &mut Checker,
    id: LetId,
    path: &ast::Path,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    checker.sink.read_lets.insert(id);
    let named = &checker.names.checked.lets[id];
    let (ty, value) = (named.ty.clone(), named.value.clone());
    if named.policy.is_none() || scope.reader == CounterReader::Measure {
        let policy = scope.policy.filter(|_| named.policy.is_none());
        read_within(checker, &value, policy, path.span, scope);
    }
    let rest = path.names.get(1..).unwrap_or_default();
    // Another name for money is in the currency that the money is known to be in.
    let has_parts = !rest.is_empty() || ty.required().is_money();
    if let (Kind::Place(place), true) = (&value.through().kind, has_parts) {
        return fields(checker, place.clone(), ty, rest, (path.span, wanted), scope);
    }
    let end = path.names.first().map_or(path.span.end, |name| name.span.end);
    let span = Span { end, ..path.span };
    let read = Expr { span, ty, kind: Kind::Let(id, value) };
    let ty = match scope.knows_value(&read) {
        true => read.ty.required().clone(),
        false => read.ty,
    };
    field::fields_of(checker, Expr { ty, ..read }, rest, path.span, scope)
}

/// Looks at what a named value reads beside the record, from where it is read.
fn read_within(
    checker: &mut Checker,
    value: &Expr,
    by: Option<PolicyId>,
    span: Span,
    scope: &Scope,
) {
    let (mut counters, mut decisions) = (Vec::new(), Vec::new());
    value.walk_through(&mut |inner| match &inner.kind {
        Kind::Counter(id) => counters.push(*id),
        Kind::Decision(of, _) => decisions.push((*of, false)),
        Kind::Elements(of) => decisions.push((*of, true)),
        _ => {}
    });
    for (of, elements) in decisions {
        let reading = by.map(|by| DecisionReading { elements, by, of, span });
        checker.sink.readings.extend(reading);
    }
    for id in counters {
        // Whatever is wrong with it here is reported.
        let _ = reading::read_counter(checker, id, span, scope);
    }
}
