//! Functions and names of other languages, and what to write here instead: tables, so that a new slip
//! is a new row.
//!
//! In the help of a row, `{1}` to `{3}` stand for the arguments as they are written, and `{name}` for
//! the name itself.

use super::typed::{Constant, Expr};
use rulebook_lang::function;
use rulebook_lang::model::{
    Currency, Duration, Number, Type, parse_date, parse_duration, parse_period,
};

/// Names, in small letters, and what to write instead.
type Row = (&'static [&'static str], &'static str);

const FUNCTIONS: &[Row] = &[
    (&["pow"], "write `power({1}, {2})`"),
    (
        &["semver", "version", "parse_version", "version_compare", "compare_versions"],
        "declare `{1}` as a `version`, if it is a field, and compare it: `{1} < \"8.0.14\"`",
    ),
    (
        &["sqrt", "log", "ln", "log10", "exp", "sin", "cos", "tan", "sign"],
        "let a script work it out: `fn {name}(n: number) -> number from \"scripts/{name}.rhai\"`",
    ),
    (&["modulo", "rem", "remainder"], "write `mod({1}, {2})`"),
    (
        &[
            "num",
            "int",
            "integer",
            "float",
            "double",
            "decimal",
            "to_number",
            "tonumber",
            "to_int",
            "toint",
            "parse_int",
            "parseint",
            "parse_float",
            "parsefloat",
            "val",
        ],
        "declare `{1}` as a `number`, if it is a field; `number({1})` reads one from a text, and is missing where there \
         is none",
    ),
    (
        &["string", "str", "text", "to_string", "tostring", "to_text", "char", "varchar"],
        "compare `{1}` itself, with a value of its own type; within a text, `$\"{{1}}\"` fills it in",
    ),
    (
        &["second", "seconds"],
        "write `time_of_day({1})`, or the time since midnight, `{1} - start_of_day({1})`",
    ),
    (&["minutes", "minute_of_hour"], "write `minute({1})`"),
    (&["clock", "to_time", "timeofday", "local_time"], "write `time_of_day({1})`"),
    (
        &["end_of_month", "endofmonth", "eomonth", "eom", "last_day", "month_end", "last_of_month"],
        "write `last_day_of_month({1})`",
    ),
    (
        &["start_of_month", "startofmonth", "first_day", "month_start", "first_of_month", "bom"],
        "write `first_day_of_month({1})`",
    ),
    (&["end_of_year", "endofyear", "year_end"], "write `last_day_of_year({1})`"),
    (&["start_of_year", "startofyear", "year_start"], "write `first_day_of_year({1})`"),
    (&["end_of_week", "endofweek"], "write `last_day_of_week({1})`"),
    (&["start_of_week", "startofweek"], "write `first_day_of_week({1})`"),
    (&["end_of_quarter", "endofquarter"], "write `last_day_of_quarter({1})`"),
    (&["start_of_quarter", "startofquarter"], "write `first_day_of_quarter({1})`"),
    (
        &["first_day_of", "last_day_of"],
        "write `{name}_month({1})`, or `…_week`, `…_quarter`, `…_year`",
    ),
    (&["endofday", "day_end", "midnight"], "write `end_of_day({1})` or `start_of_day({1})`"),
    (&["dayofyear", "yearday", "day_number"], "write `day_of_year({1})`"),
    (&["age", "age_in_years", "years_since", "yearsbetween"], "write `years_between({1}, {2})`"),
    (&["months_since", "monthsbetween", "diff_months"], "write `months_between({1}, {2})`"),
    (&["makedate", "make_date", "datefromparts"], "write `date({1}, {2}, {3})`"),
    (
        &["at_zone", "in_zone", "to_zone", "convert_tz", "totimezone", "timezone"],
        "name the zone behind the time: `hour({1}, {2})`, `date({1}, {2})`, `time_of_day({1}, {2})`",
    ),
    (&["is_weekend", "isweekend", "weekend"], "write `weekday({1}) in [saturday, sunday]`"),
    (
        &[
            "is_business_day",
            "isworkday",
            "is_workday",
            "isbusinessday",
            "is_bank_day",
            "is_holiday",
        ],
        "name the calendar: `is_working_day(us, {1})`",
    ),
    (
        &["workday", "add_business_days", "add_working_days", "addworkdays"],
        "name the calendar: `{1} + working_days(us, {2})`, or `{1} + 7 us working days`",
    ),
    (
        &[
            "networkdays",
            "workdays",
            "business_days",
            "businessdays",
            "bank_days",
            "workdays_between",
            "business_days_between",
        ],
        "name the calendar: `working_days_between(us, {1}, {2})`",
    ),
    (&["day_name", "dayname", "weekday_name"], "compare the day itself: `weekday({1}) == monday`"),
    (&["hours", "hour_of_day"], "write `hour({1})`"),
    (&["today", "current_date", "curdate"], "write `date(now)`"),
    (
        &["now", "current_timestamp", "getdate", "sysdate", "current_time"],
        "write `now`, without brackets",
    ),
    (&["length", "size", "strlen", "char_length", "cardinality"], "write `len({1})`"),
    (&["lowercase", "lcase", "tolower", "to_lower", "lower_case"], "write `lower({1})`"),
    (&["uppercase", "ucase", "toupper", "to_upper", "upper_case"], "write `upper({1})`"),
    (&["strip"], "write `trim({1})`"),
    (&["startswith", "begins_with", "has_prefix", "hasprefix"], "write `starts_with({1}, {2})`"),
    (&["endswith", "has_suffix", "hassuffix"], "write `ends_with({1}, {2})`"),
    (
        &["includes", "has", "include", "contain", "in_list"],
        "write `{2} in {1}` of a list, `contains({1}, {2})` of a text",
    ),
    (&["isin", "is_in", "one_of", "oneof"], "write `{1} in [{2}, {3}]`"),
    (
        &[
            "is_null",
            "isnull",
            "is_nil",
            "is_missing",
            "missing",
            "is_empty",
            "isempty",
            "is_blank",
            "empty",
        ],
        "write `{1} is missing`",
    ),
    (
        &[
            "is_present",
            "present",
            "exists",
            "defined",
            "is_defined",
            "is_not_null",
            "notnull",
            "isset",
            "has_value",
        ],
        "write `{1} is present`",
    ),
    (&["coalesce", "ifnull", "nvl", "or_else", "default"], "write `{1} ?? {2}`"),
    (&["iferror", "try_catch", "on_error", "safe"], "write `try({1}) ?? {2}`"),
    (&["throw", "error", "fail", "panic", "abort", "assert_fail"], "write `raise({1})`"),
    (
        &["iif", "ifelse", "if_else", "cond", "case", "switch", "choose"],
        "write `if … then … else …`, or a table",
    ),
    (
        &["between"],
        "write `{1} in {2} ..= {3}`; of times of day over midnight, `is_within({1}, {2}, {3})`",
    ),
    (
        &["avg", "average", "mean", "median"],
        "write a sum by a count: `sum(x in xs: x.value) / count(x in xs)`",
    ),
    (
        &["concat", "concatenate", "format", "sprintf", "printf"],
        "write `{1} + {2}` of lists, and of texts one that is filled: `$\"{{1}}{{2}}\"`",
    ),
    (
        &["substring", "substr", "mid", "substring_of", "sub_string"],
        "write `slice({1}, {2}, …)` with the first and the last character, counted from 1",
    ),
    (&["left"], "write `slice({1}, 1, {2})`"),
    (&["right"], "write `slice({1}, -{2})`"),
    (&["replace_all", "replaceall", "substitute", "gsub"], "write `replace({1}, {2}, {3})`"),
    (&["explode", "split_part", "string_split"], "write `split({1}, {2})`"),
    (&["string_join", "implode", "join_texts"], "write `join({1}, {2})`"),
    (
        &["index_of", "indexof", "find"],
        "look at the text with `starts_with`, `ends_with`, `contains` or `matches`, or part it: `split({1}, {2})`",
    ),
    (
        &["casefold", "case_fold", "foldcase", "equals_ignore_case", "equalsignorecase", "iequals"],
        "compare what is folded: `fold({1}) == fold({2})`",
    ),
    (&["normalize", "nfkc", "nfc", "unicode_normalize"], "write `normalise({1})`"),
    (&["distribute", "apportion", "prorate", "split_amount"], "write `allocate({1}, {2})`"),
    (
        &["query_param", "get_param", "param", "query_parameter", "search_param"],
        "write `query({1}, {2})`",
    ),
    (&["anchor", "hash_of"], "write `fragment({1})`"),
    (&["is_subdomain", "subdomain_of", "in_domain"], "write `below({1}, {2})`"),
    (
        &["regex", "regexp", "regex_match", "regexp_like", "is_match", "ismatch", "like", "match"],
        "write `matches({1}, {2})`",
    ),
    (&["ceiling"], "write `ceil({1})`"),
    (
        &["trunc", "truncate", "rounddown", "roundtozero", "round_to_zero"],
        "write `round_down({1})`",
    ),
    (&["roundup", "round_away"], "write `round_up({1})`"),
    (&["roundhalfup", "round_half_away", "commercial_round"], "write `round_half_up({1})`"),
    (&["roundhalfeven", "round_half_even", "bankers_round", "round_even"], "write `round({1})`"),
    (
        &["mround", "round_step", "roundto", "quantize", "round_to_step"],
        "write `round_to({1}, {2})`",
    ),
    (&["absolute"], "write `abs({1})`"),
    (&["currency", "currency_of", "currency_code"], "write `{1}.currency`"),
    (
        &["exchange", "to_currency", "convert_to", "fx"],
        "write `convert({1}, CNY, rate)`, with a rate that a table or a parameter gives",
    ),
    (
        &["datediff", "date_diff", "diff_days", "days_since", "daysbetween", "dates_between"],
        "write `days_between({1}, {2})`",
    ),
    (
        &["dateadd", "date_add", "add_days", "adddays", "plus_days"],
        "write a sum with its unit: `{1} + 5 days`",
    ),
    (
        &["dayofweek", "day_of_week", "dow"],
        "write `weekday({1})`, which is 1 on Mondays, and `monday` to `sunday` beside it",
    ),
    (&["day_of_month", "dayofmonth"], "write `day({1})`"),
    (
        &["to_date", "todate", "parse_date", "as_date", "cast", "strptime"],
        "a day is written `2024-08-16`; `date({1})` is the day of a time, and `date({1}, \"%d/%m/%Y\")` one that a text has",
    ),
    (&["domain", "hostname"], "write `host({1})`"),
    (&["every", "forall"], "write `all(x in {1}: …)`"),
    (&["some"], "write `any(x in {1}: …)`"),
    (&["map", "select", "foreach", "collect"], "write `[… for x in {1}]`"),
    (&["filter", "where"], "write `[x for x in {1} where …]`"),
    (&["reduce", "fold"], "write `sum(x in {1}: …)`, or `count`, `min` or `max` like it"),
    (&["flatten", "flat", "flat_map"], "write `[y for x in {1} for y in x]`"),
    (
        &["sort", "sort_by", "sortby", "order_by", "orderby", "sorted_by"],
        "write `sorted(x in {1} by x.…)`, with `descending` behind it for the largest first",
    ),
    (
        &["unique", "uniq", "distinct_values", "dedupe", "dedup", "remove_duplicates"],
        "write `distinct({1})`",
    ),
    (&["union"], "write `distinct({1} + {2})`"),
    (&["append", "insert_last", "push"], "write `{1} + [{2}]`"),
    (&["list_contains", "contains_element"], "write `{2} in {1}`"),
    (
        &["any_in_list", "has_any", "hasany", "overlaps", "intersects"],
        "write `contains_any({1}, {2})`",
    ),
    (
        &["all_in_list", "has_all", "hasall", "is_superset", "contains_every"],
        "write `contains_all({1}, {2})`",
    ),
    (
        &["element_at", "elementat", "item_at", "get_item", "list_element", "array_get"],
        "write `nth({1}, {2})`, which counts from 1, and from -1 at the end",
    ),
    (&["head", "first_element"], "write `first({1})`"),
    (&["tail_element", "last_element"], "write `last({1})`"),
    (&["random", "rand"], "draw by a field of the record: `bucket(id, \"name of the draw\")`"),
];

const NAMES: &[Row] = &[
    (&["today", "current_date"], "write `date(now)`"),
    (&["current_time", "current_timestamp", "sysdate"], "write `now`"),
    (ABSENT, "a condition asks `is missing` or `is present`; no value is written `missing`"),
    (&["true", "yes"], "write `true`"),
    (&["false", "no"], "write `false`"),
    (
        &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
        "days of the week are written small: `{name}`",
    ),
    (
        &["workdays", "business_days", "bank_days", "working_days", "weekdays"],
        "name the calendar: `7 us working days`, `working_days(us, n)`",
    ),
    (&["eom", "end_of_month"], "write `last_day_of_month(…)`"),
    (&["this", "self"], "fields are read by their bare names"),
];

/// What stands in a cell for any value.
const ANYTHING: &[&str] = &["any", "all", "else", "otherwise", "default", "anything", "everything"];

/// What other languages call a value that is not there.
const ABSENT: &[&str] = &["null", "nil", "none", "undefined"];

fn row(rows: &[Row], name: &str) -> Option<&'static str> {
    let small = name.to_lowercase();
    let found = rows.iter().find(|(names, _)| names.contains(&small.as_str()));
    found.map(|(_, help)| *help)
}

fn filled(help: &str, name: &str, arguments: &[String]) -> String {
    let argument = |at: usize| arguments.get(at).map_or("…", String::as_str);
    let help = help.replace("{1}", argument(0)).replace("{2}", argument(1));
    help.replace("{3}", argument(2)).replace("{name}", name)
}

/// What to write instead of a call of a function that is not there.
pub(super) fn function_help(name: &str, arguments: &[String]) -> Option<String> {
    let is_form = function::COMPREHENSIONS.iter().any(|(known, ..)| *known == name);
    match arguments {
        [argument] if is_form => {
            let in_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
            let end = argument.find(|c| !in_path(c)).unwrap_or(argument.len());
            let (path, behind) = argument.split_at_checked(end)?;
            Some(match path.rsplit_once('.') {
                Some((list, field)) => {
                    format!("write `{}`", form(name, list, &format!(".{field}{behind}")))
                }
                None if name == "count" => format!("write `len({path})`"),
                None => format!("write `{}`", form(name, path, behind)),
            })
        }
        _ => row(FUNCTIONS, name).map(|help| filled(help, name, arguments)),
    }
}

/// A form over a list, such as `sum(l in lines: l.pieces)`.
fn form(name: &str, list: &str, field: &str) -> String {
    let last = list.rsplit('.').next().unwrap_or(list);
    let x: String = last.chars().take(1).collect();
    match name {
        "count" => format!("count({x} in {list} where {x}{field} …)"),
        "sorted" => format!("sorted({x} in {list} by {x}{field})"),
        // A condition is there already.
        "any" | "all" if field.contains(' ') => format!("{name}({x} in {list}: {x}{field})"),
        "any" | "all" => format!("{name}({x} in {list}: {x}{field} …)"),
        _ => format!("{name}({x} in {list}: {x}{field})"),
    }
}

/// What to write instead of a function that does not take these arguments.
pub(super) fn arguments_help(name: &str, typed: &[Expr], arguments: &[String]) -> Option<String> {
    match (name, typed.iter().map(|argument| &argument.ty).collect::<Vec<_>>().as_slice()) {
        ("contains", [Type::List(_), Type::List(_)]) => Some(filled(
            "write `contains_any({1}, {2})` or `contains_all({1}, {2})`",
            name,
            arguments,
        )),
        ("contains", [Type::List(_), _]) => Some(filled("write `{2} in {1}`", name, arguments)),
        ("contains", [_, Type::List(_)]) => Some(filled("write `{1} in {2}`", name, arguments)),
        ("min" | "max", [Type::List(_)]) => {
            arguments.first().map(|list| format!("write `{}`", form(name, list, "")))
        }
        _ => None,
    }
}

/// What to write instead of a field of what has none.
pub(super) fn field_help(ty: &Type, place: &str, name: &str, is_field: bool) -> Option<String> {
    if matches!(ty, Type::List(_)) && is_field {
        let (any, sum) =
            (form("any", place, &format!(".{name}")), form("sum", place, &format!(".{name}")));
        return Some(format!("look at each of them: `{any}`, or `{sum}`"));
    }
    if function::find(name).is_some() {
        return Some(format!("write `{name}({place})`"));
    }
    if matches!(ty, Type::List(_)) && name == "count" {
        return Some(format!("write `len({place})`"));
    }
    row(FUNCTIONS, name).map(|help| filled(help, name, &[place.to_string()]))
}

/// What to write instead of a name that is not there.
pub(super) fn name_help(name: &str) -> Option<String> {
    let duration = parse_duration(name).map(|duration| duration_shown(&duration));
    let period = || {
        let months = parse_period(name)?.months;
        Some(format!("{months} {}", if months == 1 { "month" } else { "months" }))
    };
    // `CNY200`
    if let (Some(code), Some(digits)) = (name.get(..3), name.get(3..))
        && Currency::from_code(code).is_some()
        && digits.parse::<Number>().is_ok()
    {
        return Some(format!("write `{digits} {code}`"));
    }
    match name.starts_with('P').then(|| duration.or_else(period)).flatten() {
        Some(shown) => Some(format!("write `{shown}`")),
        None => row(NAMES, name).map(|help| filled(help, &name.to_lowercase(), &[])),
    }
}

/// A duration in the largest unit that counts it whole.
fn duration_shown(duration: &Duration) -> String {
    let seconds = duration.as_secs();
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let unit = units.into_iter().find(|(_, length)| seconds % length == 0);
    let (unit, length) = unit.unwrap_or(("second", 1));
    let count = seconds / length;
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// What to write in a cell instead of a bare word that nothing defines.
pub(super) fn cell_help(name: &str, ty: &Type) -> Option<String> {
    let small = name.to_lowercase();
    if ANYTHING.contains(&small.as_str()) {
        return Some("write `_` where any value will do".into());
    }
    if is_absent(name) {
        return Some(match ty.is_optional() {
            true => "write `is missing`".into(),
            false => "this input is never missing; declare its column with `?` if it may be".into(),
        });
    }
    (*ty.required() == Type::Text).then(|| format!("texts stand in double quotes: `\"{name}\"`"))
}

/// What is asked in the cells of other tables, by a word before a value, and how a cell asks it here; `{1}`
/// stands for the value.
const TESTS: &[Row] = &[
    (
        &["between", "from", "within"],
        "write `low ..= high`, which counts `high` in, or `low ..< high`",
    ),
    (&["under", "below", "less", "before", "max", "upto"], "write `< {1}`, or `<= {1}`"),
    (&["over", "above", "more", "after", "min", "exceeds"], "write `> {1}`, or `>= {1}`"),
    (&["is", "equals", "equal", "eq"], "write the value alone: `{1}`"),
    (&["isnt", "except", "without", "ne"], "write `not {1}`"),
    (
        &["like", "has", "includes", "include", "contain"],
        "write `contains {1}`, or `matches` with a pattern",
    ),
    (&["startswith", "starts", "begins", "begins_with", "prefix"], "write `starts_with {1}`"),
    (&["endswith", "ends", "suffix"], "write `ends_with {1}`"),
    (&["regex", "regexp", "match"], "write `matches {1}`"),
];

/// What to write instead of a word before a value in a cell.
pub(super) fn test_help(name: &str, value: &str) -> Option<String> {
    let small = name.to_lowercase();
    let row = TESTS.iter().find(|(names, _)| names.contains(&small.as_str()));
    row.map(|(_, help)| help.replace("{1}", value))
}

/// Whether a name is what other languages call a value that is not there.
pub(super) fn is_absent(name: &str) -> bool {
    ABSENT.contains(&name.to_lowercase().as_str())
}

/// What to write instead of a text that holds a value of another type.
pub(super) fn quoted_help(text: &Expr, wanted: &Type) -> Option<String> {
    let Some(Constant::Text(text)) = text.constant() else { return None };
    let bare = text.trim();
    match wanted.required() {
        Type::Date | Type::Time if parse_date(bare).is_some() => {
            Some(format!("a day stands without quotes: `{bare}`"))
        }
        Type::Number if bare.parse::<Number>().is_ok() => {
            Some(format!("a number stands without quotes: `{bare}`"))
        }
        Type::Bool if bare == "true" || bare == "false" => {
            Some(format!("leave out the quotes: `{bare}`"))
        }
        Type::Money(currency) => {
            let number = bare.trim_start_matches(|c: char| !c.is_ascii_digit());
            let number = number.trim_end_matches(|c: char| !c.is_ascii_digit());
            number
                .parse::<Number>()
                .is_ok()
                .then(|| format!("an amount stands without quotes: `{number} {currency}`"))
        }
        Type::Enum(members) => members.position(bare).map(|member| {
            format!("write the member's bare name, without quotes: `{}`", members.written(member))
        }),
        _ => None,
    }
}

/// A value that may stand for one of a type that is missing.
pub(super) fn instead(ty: &Type) -> String {
    match ty.required() {
        Type::Money(currency) => format!("0 {currency}"),
        Type::Enum(members) if members.members.is_empty() => "…".into(),
        Type::Enum(members) => members.written(0).into_owned(),
        Type::Record(record) => format!("{record} {{ … }}"),
        Type::List(_) => "[]".into(),
        other => other.scalar().map_or("…", |row| row.instead).into(),
    }
}
