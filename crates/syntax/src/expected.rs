//! Turns what pest expected into users' words.

use super::grammar::Rule;

/// What the parser wanted to see, in words, most telling first; empty for what never helps.
fn words(rule: Rule) -> &'static str {
    match rule {
        Rule::expression
        | Rule::path
        | Rule::dated_path
        | Rule::bare_name
        | Rule::call
        | Rule::comprehension
        | Rule::choice
        | Rule::filled
        | Rule::group
        | Rule::list_value
        | Rule::record_value
        | Rule::open_bracket
        | Rule::number
        | Rule::bare_number
        | Rule::percent
        | Rule::date
        | Rule::time
        | Rule::time_of_day
        | Rule::truth
        | Rule::prefix => "an expression",
        Rule::infix | Rule::presence => "an operator",
        Rule::name | Rule::key_path => "a name",
        Rule::string | Rule::texts => "a text in double quotes",
        Rule::language => "a language such as `en`",
        Rule::type_
        | Rule::base_type
        | Rule::type_name
        | Rule::list_type
        | Rule::in_place
        | Rule::outcomes => "a type",
        Rule::question => "`?`",
        Rule::calendar_item | Rule::weekend | Rule::listed_days | Rule::days_kind => {
            "`weekend`, `holidays`, `working`, `source` or `}`"
        }
        Rule::present | Rule::missing => "`present` or `missing`",
        Rule::unit | Rule::counted_days => "a unit such as `days` or `CNY`",
        Rule::definition => {
            "`enum`, `record`, `parameter`, `list`, `fn`, `table`, `counter`, `calendar` or `policy`"
        }
        Rule::policy_item => {
            "`title`, `source`, `announced`, `decide`, `let`, `rule`, `invariant`, `measure`, `on fault` or `}`"
        }
        Rule::clause => "a clause of the rule (`title`, `from`, `when`, `then`, `because` …)",
        Rule::invariant | Rule::never | Rule::independent => "`never`",
        Rule::title => "`title`",
        Rule::source | Rule::k_source => "`source`",
        Rule::because => "`because`",
        Rule::assumed | Rule::k_assumed => "`assumed`",
        Rule::dated_by | Rule::k_dated => "`dated by`",
        Rule::phase | Rule::k_from | Rule::dated_value | Rule::lagged => "`from`",
        Rule::until | Rule::k_until => "`until`",
        Rule::known_by => "`key`",
        Rule::validity => "`valid from`",
        Rule::when => "`when`",
        Rule::unless => "`unless`",
        Rule::overrides => "`overrides`",
        Rule::then_ | Rule::k_then => "`then`",
        Rule::require => "`require`",
        Rule::effect => "an effect (`shadow`, `warn`)",
        Rule::cohort | Rule::k_for | Rule::each => "`for`",
        Rule::elements | Rule::k_each => "`each`",
        Rule::amends | Rule::k_amends => "`amends`",
        Rule::k_by | Rule::join | Rule::order => "`by`",
        Rule::k_of => "`of`",
        Rule::k_in => "`in`",
        Rule::k_else => "`else`",
        Rule::k_where | Rule::filter => "`where`",
        Rule::k_within | Rule::within => "`within`",
        Rule::due_by => "`by`",
        Rule::measure | Rule::tally => {
            "`count`, `sum`, `average`, `largest`, `smallest` or `latest`"
        }
        Rule::reckoning | Rule::over_values => "`count`, `sum(…)` or `average(…)`",
        Rule::k_count => "`count`",
        Rule::distinct | Rule::k_distinct => "`distinct`",
        Rule::k_to => "`to`",
        Rule::k_before => "`before`",
        Rule::window => "a window such as `within 30 days` or `this month`",
        Rule::calendar => "`today`, `this week`, `this month`, `this year` or `ever`",
        Rule::k_otherwise | Rule::otherwise => "`otherwise`",
        Rule::k_as | Rule::alias => "`as`",
        Rule::k_rounded | Rule::rounding => "`rounded to`",
        Rule::k_read | Rule::reading => "`read`",
        Rule::reading_part
        | Rule::reading_words
        | Rule::otherwise_missing
        | Rule::phrases
        | Rule::phrase
        | Rule::phrase_word => "how it is read, such as `\"%d/%m/%Y\"` or `\"-\" as missing`",
        Rule::k_or => "`or`",
        Rule::k_url => "`url`",
        Rule::k_fault => "`fault`",
        Rule::default | Rule::assign | Rule::fixed_value => "`=`",
        Rule::dated_values | Rule::open_brace => "`{`",
        Rule::close_brace => "`}`",
        Rule::colon | Rule::body => "`:`",
        Rule::comma => "`,`",
        Rule::open_paren => "`(`",
        Rule::close_paren => "`)`",
        Rule::close_bracket => "`]`",
        Rule::arrow => "`->`",
        Rule::field => "a field such as `amount: CNY`",
        Rule::descending => "`descending`",
        Rule::entry => "a field with its value, such as `amount: 5 CNY`",
        Rule::argument => "an argument such as `amount: CNY`",
        Rule::members => "the names of the members",
        Rule::table_line => "a row such as `| a: number || b: number |`",
        Rule::table_column => "a column such as `share: number`",
        Rule::calculation => "an expression",
        Rule::calculating => "an operator",
        Rule::k_and => "`and`",
        Rule::or_else => "`or missing`",
        Rule::output_cell => "a value",
        Rule::table_cell
        | Rule::accepted
        | Rule::test
        | Rule::any_value
        | Rule::comparison
        | Rule::comparison_sign
        | Rule::unlike
        | Rule::values => "a cell such as `>= 4.8`, `10 ..< 50`, `\"a\", \"b\"` or `_`",
        Rule::EOI => "the end of the cell",
        Rule::ellipsis => "`..`",
        Rule::star => "`*`",
        Rule::rule_path | Rule::all_but => "the name of a rule",
        Rule::assignment | Rule::assignments => "an outcome such as `refund = review`",
        _ => "",
    }
}

/// Words that only repeat what another one says better, or that are always possible.
const WEAK: &[&str] = &[
    "an operator",
    "`as`",
    "`descending`",
    "`read`",
    "`or`",
    "`,`",
    "`and`",
    "`or missing`",
    "`?`",
    "`valid from`",
    "`key`",
    "`distinct`",
    "`of`",
    "a unit such as `days` or `CNY`",
];

/// What was expected, as the end of a sentence, or `None` where nothing sensible can be said.
pub(super) fn sentence(rules: &[Rule]) -> Option<String> {
    let mut all: Vec<&str> = Vec::new();
    for word in rules.iter().map(|rule| words(*rule)).filter(|word| !word.is_empty()) {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    let closes = |word: &&str| ["`)`", "`]`"].contains(word);
    if all.iter().any(closes) {
        // Within brackets, another item may follow.
        all.retain(|word| *word == "`,`" || closes(word));
    } else if all.iter().any(|word| !WEAK.contains(word)) {
        all.retain(|word| !WEAK.contains(word));
    }
    if all.contains(&"an expression") {
        all.retain(|word| *word == "an expression");
    }
    let (last, rest) = all.split_last()?;
    Some(match rest {
        [] => (*last).to_string(),
        rest => format!("{} or {last}", rest.join(", ")),
    })
}
