//! What other languages, spreadsheets and keyboards write, and what is written here instead: tables, so
//! that a new slip is a new row.
//!
//! In the help of a row, `{a}` stands for the operand before what is written, and `{b}` for the one
//! behind it.

/// What is written, in any of these ways, and what to write instead. Words stand in small letters.
pub(super) type Row = (&'static [&'static str], &'static str);

/// Signs, wherever they stand.
pub(super) const SIGNS: &[Row] = &[
    (&["&&", "&"], "write `and`"),
    (&["||"], "write `or`"),
    (&["!"], "write `not`"),
    (&[":="], "write `=`"),
    (&["?"], "write `if … then … else …`"),
    (&["f\"", "F\""], "write `$\"…\"` for a text whose braces are filled"),
    (&["'", "`", "‘", "’", "「", "」", "『", "』", "«", "»"], "write texts in double quotes"),
    (&["“", "”", "„", "＂"], "write straight quotes: `\"`"),
    (&[";"], "clauses need no `;`"),
    (&["#", "/*", "--"], "comments start with `//`"),
    (&[".."], "write `a ..= b`, which counts `b` in, or `a ..< b`, which does not"),
];

/// Signs that are cut where a part of them means something.
pub(super) const WHOLE_SIGNS: &[Row] = &[
    (&["=<"], "write `<=`"),
    (&["=>"], "write `>=` to compare; an outcome stands behind `then`"),
    (&["<>", "=!", "!==", "~="], "write `!=`"),
    (&["==="], "write `==`"),
    (&["=~", "~", "~*"], "write `matches({a}, {b})`"),
    (&["!~", "!~*"], "write `not matches({a}, {b})`"),
    (&["<=>"], "compare with one of `<`, `<=`, `==`, `!=`, `>=` and `>`"),
    (&["^", "**"], "write `power({a}, {b})`"),
];

/// Signs of other keyboards and of mathematics, beside the full-width ones of ASCII.
pub(super) const OTHER_SIGNS: &[(char, &str)] = &[
    ('≤', "<="),
    ('≦', "<="),
    ('≥', ">="),
    ('≧', ">="),
    ('≠', "!="),
    ('×', "*"),
    ('÷', "/"),
    ('−', "-"),
    ('–', "-"),
    ('—', "-"),
    ('。', "."),
    ('、', ","),
    ('…', ".."),
    ('【', "["),
    ('】', "]"),
    ('〔', "("),
    ('〕', ")"),
    ('∧', "and"),
    ('∨', "or"),
    ('¬', "not"),
    ('∈', "in"),
    ('∉', "not in"),
    ('\u{a0}', " "),
    ('\u{2003}', " "),
    ('\u{2009}', " "),
    ('\u{202f}', " "),
    ('\u{3000}', " "),
];

/// Behind an operand, where an operator may stand.
pub(super) const OPERATORS: &[Row] = &[
    (&["%", "mod", "modulo", "rem"], "write `mod({a}, {b})`"),
    (
        &["["],
        "write `nth({a}, …)`, which counts from 1 (from -1 at the end), or `[x for x in {a} where …]` for those \
         that fit",
    ),
    (
        &["like", "ilike", "rlike", "glob"],
        "write `starts_with({a}, …)`, `ends_with({a}, …)`, `contains({a}, …)` or `matches({a}, …)`",
    ),
    (
        &["contains", "contain", "has", "have", "includes", "include", "holds"],
        "write `{b} in {a}` of a list, `contains({a}, {b})` of a text",
    ),
    (&["matches", "match", "regex", "regexp"], "write `matches({a}, {b})`"),
    (
        &["starts_with", "startswith", "begins_with", "starts with", "begins with"],
        "write `starts_with({a}, {b})`",
    ),
    (&["ends_with", "endswith", "ends with"], "write `ends_with({a}, {b})`"),
    (&["equals to", "equals", "equal to", "equal", "eq"], "write `{a} == {b}`"),
    (&["differs from", "ne", "neq"], "write `{a} != {b}`"),
    (&["less than or equal to", "at most", "no more than", "le", "lte"], "write `{a} <= {b}`"),
    (&["greater than or equal to", "at least", "no less than", "ge", "gte"], "write `{a} >= {b}`"),
    (&["less than", "fewer than", "below", "under", "before", "lt"], "write `{a} < {b}`"),
    (
        &["greater than", "more than", "above", "over", "exceeds", "after", "gt"],
        "write `{a} > {b}`",
    ),
    (&["or else", "orelse"], "write `{a} ?? {b}`"),
    (&["and"], "write `and` in small letters"),
    (&["or"], "write `or` in small letters"),
    (&["not in"], "write `not in` in small letters"),
    (&["in"], "write `in` in small letters"),
    (&["is"], "write `is present` or `is missing`, in small letters"),
    (&["||"], "write `or`"),
    (&["|"], "write `or` between conditions, and `in [{a}, {b}]` for one of several values"),
    (&["elif", "elsif", "elseif"], "write `else if`"),
    (&["xor"], "write `{a} != {b}`"),
    (&["div"], "write `floor({a} / {b})`"),
    (&["between"], "write `{a} in low ..= high`"),
    (&["plus"], "write `{a} + {b}`"),
    (&["minus"], "write `{a} - {b}`"),
    (&["times"], "write `{a} * {b}`"),
    (&["isnull", "isn't", "isnt"], "write `{a} is missing` or `{a} is present`"),
    (&["notnull"], "write `{a} is present`"),
];

/// Words of the language that are written in capitals elsewhere, and that are read as something else then.
pub(super) const CAPITALS: &[&str] = &["AND", "OR", "NOT", "IN"];

/// What looks at the elements of a list.
pub(super) const FORMS: &[&str] = &["any", "all", "count", "sum", "min", "max"];

/// Methods of lists in other languages; `{a}` is the list, `{b}` what stands in the brackets.
pub(super) const METHODS: &[Row] = &[
    (&["map", "select", "collect", "transform"], "write `[… for x in {a}]`"),
    (&["filter", "where", "findall", "find_all", "keep_if"], "write `[x for x in {a} where …]`"),
    (&["flatmap", "flat_map", "selectmany"], "write `[y for x in {a} for y in x.…]`"),
    (
        &["sort", "sorted", "sort_by", "sortby", "order_by", "orderby"],
        "write `sorted(x in {a} by x.…)`, with `descending` behind it for the largest first",
    ),
    (&["unique", "uniq", "distinct", "toset"], "write `distinct({a})`"),
    (
        &["concat", "extend", "append", "push", "addall"],
        "write `{a} + {b}`; one value stands in a list of its own: `{a} + [{b}]`",
    ),
    (&["some", "exists", "anymatch"], "write `any(x in {a}: …)`"),
    (&["every", "forall", "allmatch"], "write `all(x in {a}: …)`"),
    (&["find", "findfirst", "detect"], "write `first([x for x in {a} where …])`"),
    (&["reduce", "fold", "inject"], "write `sum(x in {a}: …)`, `min`, `max` or `count` like it"),
    (&["size", "length", "count"], "write `len({a})`"),
];

/// Behind an operand that a range may start with.
pub(super) const RANGES: &[Row] = &[(
    &["to", "through", "thru", "upto", "up to", "–", "—", "～", "~", "至", "到"],
    "write `{a} ..= {b}`, which counts `{b}` in, or `{a} ..< {b}`, which does not",
)];

/// Where a value stands.
pub(super) const OPERANDS: &[Row] = &[
    (&["{"], "lists stand in square brackets: `[a, b]`"),
    (&["@", "."], "fields are read by their bare names"),
];

/// Behind `is`.
pub(super) const AFTER_IS: &[Row] = &[
    (
        &[
            "not null",
            "not nil",
            "not none",
            "not undefined",
            "not empty",
            "not missing",
            "not blank",
            "not absent",
            "not unset",
            "set",
            "defined",
            "given",
            "known",
            "there",
            "available",
        ],
        "write `{a} is present`; what is declared without `?` is always there",
    ),
    (
        &[
            "null",
            "nil",
            "none",
            "undefined",
            "absent",
            "unset",
            "unknown",
            "not present",
            "not set",
            "not defined",
            "not given",
            "not known",
            "not there",
            "not available",
        ],
        "write `{a} is missing`; what is declared without `?` is always there",
    ),
    (
        &["empty", "blank"],
        "write `{a} is missing`, `{a} == \"\"` of a text, or `len({a}) == 0` of a list",
    ),
    (&["not equal to", "not"], "write `{a} != {b}`"),
    (&["not in"], "write `{a} not in {b}`"),
    (&["in"], "write `{a} in {b}`"),
    (&["equal to", "equal"], "write `{a} == {b}`"),
    (&["less than or equal to", "at most", "no more than"], "write `{a} <= {b}`"),
    (&["greater than or equal to", "at least", "no less than"], "write `{a} >= {b}`"),
    (&["less than", "fewer than", "below", "under", "before"], "write `{a} < {b}`"),
    (&["greater than", "more than", "above", "over", "after"], "write `{a} > {b}`"),
    (&["between"], "write `{a} in low ..= high`"),
    (&["true"], "write `{a}` alone"),
    (&["false"], "write `not {a}`"),
];

/// At the start of a clause of a rule.
pub(super) const CLAUSES: &[Row] = &[
    (&["if", "given", "where", "condition", "conditions", "provided"], "write `when`"),
    (&["except", "excluding", "exception"], "write `unless`"),
    (
        &["else", "elseif", "elsif", "elif"],
        "a rule has no `else`: write a rule of its own for it, or `if … then … else …` behind `then`",
    ),
    (&["otherwise", "default"], "`otherwise` stands in the policy, behind `decide … by …`"),
    (&["reason", "why", "message", "note", "comment"], "write `because \"…\"`"),
    (&["name", "label", "description", "describe"], "write `title \"…\"`"),
    (
        &["priority", "salience", "rank", "weight"],
        "rules have no priority: by `first` they are tried in their order, and one rule may say \
         that it `overrides` another",
    ),
    (
        &["since", "after", "starting", "starts", "start", "effective", "begin", "begins", "valid"],
        "write `from 2024-08-16`",
    ),
    (
        &["before", "till", "to", "expires", "expire", "ends", "end", "through"],
        "write `until 2024-08-16`, the first day without the rule",
    ),
    (&["must", "shall", "needs", "need", "obligation"], "write `require NAME within 48 hours`"),
    (&["override", "supersedes", "replaces", "supersede"], "write `overrides RULE`"),
    (
        &["let", "var", "val", "const", "define", "variable"],
        "a named value stands beside the rules, in the policy: `let NAME = …`; an outcome stands behind `then`",
    ),
];

/// Clauses of other languages that give an outcome.
pub(super) const OUTCOMES: &[&str] = &[
    "set", "do", "return", "returns", "result", "outcome", "output", "decision", "action", "give",
];

/// At the start of an item of a policy.
pub(super) const ITEMS: &[Row] = &[
    (
        &["output", "outcome", "outcomes", "result", "returns", "decision", "decides"],
        "write `decide NAME: TYPE by first`",
    ),
    (&["default", "else"], "write `otherwise VALUE` behind `decide … by …`"),
    (
        &["assert", "always", "never", "ensure", "property", "verify"],
        "write `invariant NAME { never … }`",
    ),
    (&["if"], "write `rule NAME { when … then … }`"),
    (&["metric"], "write `measure NAME = count`"),
    (
        &["var", "val", "const", "constant", "def", "define", "set", "variable", "letting"],
        "write `let NAME = …`",
    ),
    (&["published", "effective"], "write `announced 2024-08-16`"),
    (&["dated"], "`dated by` stands behind `policy NAME for RECORD`"),
];

/// At the start of a definition.
pub(super) const DEFINITIONS: &[Row] = &[
    (&["function", "func", "def", "fun"], "write `fn NAME(…) -> TYPE = …`"),
    (
        &["type", "struct", "class", "entity", "object", "schema", "interface", "model"],
        "write `record NAME { … }`",
    ),
    (
        &["let"],
        "`let NAME = …` stands in a policy or a record; a value that needs no record is a `parameter NAME: TYPE = …`",
    ),
    (
        &["const", "constant", "var", "val", "param", "params", "variable", "set"],
        "write `parameter NAME: TYPE = …`; what is worked out of a record is a `let NAME = …` in a policy",
    ),
    (
        &["import", "use", "using", "include", "from"],
        "the files of one folder see each other; another rulebook stands under `include` in rulebook.yaml",
    ),
    (
        &["ruleset", "rules", "module", "package", "namespace"],
        "write `policy NAME for RECORD { … }`",
    ),
    (&["lookup", "matrix", "decision_table"], "write `table NAME by first { … }`"),
];

/// What counters make of records.
pub(super) const TALLIES: &[Row] = &[
    (&["max", "maximum", "highest", "biggest", "greatest"], "write `largest of VALUE of RECORD`"),
    (&["min", "minimum", "lowest", "least"], "write `smallest of VALUE of RECORD`"),
    (&["avg", "mean", "median"], "write `average of VALUE of RECORD`"),
    (&["last", "newest", "previous", "recent"], "write `latest of VALUE of RECORD`"),
    (
        &["distinct", "unique", "different", "nunique", "countdistinct", "count_distinct"],
        "write `count of distinct VALUE of RECORD`",
    ),
    (&["total", "add"], "write `sum of VALUE of RECORD`"),
    (&["number", "how"], "write `count of RECORD`"),
];

/// How far back counters count.
pub(super) const WINDOWS: &[Row] = &[
    (
        &["always", "forever", "all", "anytime", "overall", "lifetime"],
        "write `ever` where all count",
    ),
    (&["last", "past", "previous", "during", "over", "for", "in"], "write `within 30 days`"),
    (&["since"], "write `within 30 days`, `this month`, or `ever`"),
];

/// With which records say in other words by which fields they are known.
pub(super) const KEYS: &[&str] =
    &["keyed", "primary", "identified", "unique", "pk", "id", "by", "keys", "once"];

/// With which records say elsewhere, or in other words, between which of their fields they hold.
pub(super) const VALIDITY: &[&str] = &[
    "valid",
    "validity",
    "effective",
    "versioned",
    "historized",
    "asof",
    "as_of",
    "period",
    "holds",
];

/// In a cell of a table.
pub(super) const CELLS: &[Row] = &[
    (&["*"], "write `_` where any value will do"),
    (&["not in"], "write the values alone: `not {b}`"),
    (&["in"], "write the values alone: `{b}`"),
    (
        &["$", "?"],
        "a cell is about its column: write `> 5`, or `contains \"a\"`, without a name for it",
    ),
];

/// Behind a number, and the unit that is meant.
pub(super) const UNITS: &[(&[&str], &str)] = &[
    (&["s", "sec", "secs", "秒"], "seconds"),
    (&["m", "min", "mins", "分", "分钟"], "minutes"),
    (&["h", "hr", "hrs", "小时", "时"], "hours"),
    (&["d", "天", "日"], "days"),
    (&["w", "wk", "wks", "周", "星期"], "weeks"),
    (&["mo", "mos", "mth", "mths", "个月", "月"], "months"),
    (&["y", "yr", "yrs", "年"], "years"),
];

/// Words before `days`, for days of which only some are counted.
pub(super) const WORKING: &[&str] = &[
    "business days",
    "business day",
    "business",
    "working days",
    "working day",
    "working",
    "work days",
    "work",
    "bank days",
    "bank day",
    "banking days",
    "banking",
    "banking day",
    "workdays",
    "workday",
    "weekdays",
    "weekday",
    "bank",
    "trading",
    "工作日",
    "个工作日",
];

/// Signs and words of currencies; what several currencies share names the most frequent one first.
pub(super) const CURRENCIES: &[(&[&str], &[&str])] = &[
    (
        &["$", "dollar", "dollars", "美元"],
        &["USD", "CAD", "AUD", "HKD", "SGD", "NZD", "TWD", "MXN"],
    ),
    (&["€", "euro", "euros", "欧元"], &["EUR"]),
    (&["£", "pound", "pounds", "英镑"], &["GBP"]),
    (&["¥", "￥"], &["CNY", "JPY"]),
    (&["元", "块", "人民币", "圆", "yuan", "rmb", "cnh"], &["CNY"]),
    (&["円", "yen", "日元"], &["JPY"]),
    (&["₩", "won", "원"], &["KRW"]),
    (&["₹", "rupee", "rupees"], &["INR"]),
    (&["₫", "dong"], &["VND"]),
    (&["฿", "baht"], &["THB"]),
];

/// The months of dates in words.
pub(super) const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Whether a word is a unit of time.
pub(crate) fn is_unit(word: &str) -> bool {
    UNITS.iter().any(|(_, unit)| word == *unit || unit.strip_suffix('s') == Some(word))
}

/// The help of the row that a text begins with, and how much of the text that is.
pub(super) fn row(rows: &[Row], text: &str) -> Option<(&'static str, usize)> {
    rows.iter().find_map(|(written, help)| {
        let written = written.iter().find(|written| begins(text, written))?;
        Some((*help, written.len()))
    })
}

/// Whether a text begins with a word, in large or small letters, or with a sign.
pub(super) fn begins(text: &str, written: &str) -> bool {
    let Some(start) = text.get(..written.len()) else { return false };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let ends_word = written.ends_with(|c: char| c.is_ascii_alphanumeric());
    let goes_on = text.get(written.len()..).is_some_and(|rest| rest.starts_with(is_word));
    start.eq_ignore_ascii_case(written) && !(ends_word && goes_on)
}

/// The currency that a sign or a word means, by how the text before it (or all of it) names
/// currencies; and how long the sign is.
pub(super) fn currency(written: &str, before: &str, text: &str) -> Option<(&'static str, usize)> {
    let found = CURRENCIES.iter().find_map(|(signs, codes)| {
        let sign = signs.iter().find(|sign| begins(written, sign))?;
        Some((sign.len(), *codes))
    });
    let (length, codes) = found?;
    let last = codes.iter().filter_map(|code| Some((before.rfind(code)?, *code))).max();
    let named = last.map(|(_, code)| code);
    let named = named.or_else(|| codes.iter().copied().find(|code| text.contains(code)));
    Some((named.or_else(|| codes.first().copied())?, length))
}

/// The code that a word for a currency means.
pub fn currency_of(word: &str) -> Option<&'static str> {
    currency(word, "", "").filter(|(_, length)| *length == word.len()).map(|(code, _)| code)
}
