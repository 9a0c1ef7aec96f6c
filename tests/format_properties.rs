//! Writes random policy files, with comments at random places, and checks what the formatter keeps.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use rulebook_base::source::FileId;
use rulebook_syntax::ast::File;
use rulebook_syntax::{parse, print};

/// The words and signs of a piece of text, in order.
type Tokens = Vec<String>;

fn words(text: &str) -> Tokens {
    text.split(' ').filter(|word| !word.is_empty()).map(str::to_string).collect()
}

fn one_of(texts: &'static [&'static str]) -> BoxedStrategy<Tokens> {
    select(texts).prop_map(words).boxed()
}

/// A token that holds white space of its own, such as a text in quotes.
fn whole(texts: &'static [&'static str]) -> BoxedStrategy<Tokens> {
    select(texts).prop_map(|text| vec![text.to_string()]).boxed()
}

/// Pieces one behind another; words stand for themselves.
macro_rules! seq {
    ($($part:expr),+ $(,)?) => { join(vec![$(IntoPiece::piece($part)),+]) };
}

trait IntoPiece {
    fn piece(self) -> BoxedStrategy<Tokens>;
}

impl IntoPiece for BoxedStrategy<Tokens> {
    fn piece(self) -> BoxedStrategy<Tokens> {
        self
    }
}

impl IntoPiece for &str {
    fn piece(self) -> BoxedStrategy<Tokens> {
        Just(words(self)).boxed()
    }
}

fn join(parts: Vec<BoxedStrategy<Tokens>>) -> BoxedStrategy<Tokens> {
    parts.prop_map(|parts| parts.concat()).boxed()
}

fn maybe(part: BoxedStrategy<Tokens>) -> BoxedStrategy<Tokens> {
    prop_oneof![Just(Tokens::new()), part].boxed()
}

fn rarely(part: BoxedStrategy<Tokens>) -> BoxedStrategy<Tokens> {
    prop_oneof![5 => Just(Tokens::new()), 1 => part].boxed()
}

/// Some of a piece, with a separator between two.
fn some(
    part: BoxedStrategy<Tokens>,
    count: impl Into<proptest::collection::SizeRange>,
    separator: &'static str,
) -> BoxedStrategy<Tokens> {
    vec(part, count).prop_map(|parts| parts.join(words(separator).as_slice())).boxed()
}

fn name() -> BoxedStrategy<Tokens> {
    one_of(&[
        "a",
        "claim",
        "order",
        "is_late",
        "a_rather_long_name_for_something_in_a_policy",
        "x1",
    ])
}

/// Names that are words of the language elsewhere.
fn field_name() -> BoxedStrategy<Tokens> {
    one_of(&["a", "list", "days", "CNY", "record", "as", "when", "on", "title", "is", "and", "let"])
}

fn text() -> BoxedStrategy<Tokens> {
    whole(&[
        r#""plain""#,
        r#""""#,
        r#""// no comment""#,
        r#""a \"quoted\" \\ text\n\t""#,
        r#""with {a} and {{braces}}""#,
        r#""没有适用的规则，转人工处理""#,
        r#""a text that is long enough that two of them never fit on one line of the file""#,
    ])
}

fn literal() -> BoxedStrategy<Tokens> {
    prop_oneof![
        one_of(&["1_000", "4.80", "30%", "200 CNY", "7 days", "2024-09-12", "true", "0"]),
        one_of(&["2024-09-12T08:00+08:00", "48 hours", "1_000.5 USD"]),
        text(),
    ]
    .boxed()
}

fn path() -> BoxedStrategy<Tokens> {
    prop_oneof![name(), seq!(name(), ".", name())].boxed()
}

fn expression() -> BoxedStrategy<Tokens> {
    let operand = prop_oneof![3 => path(), 2 => literal()].boxed();
    operand.prop_recursive(2, 24, 3, |inner| condition(inner.boxed())).boxed()
}

/// An expression of all operators, whose parts come in groups, calls and lists.
fn condition(inner: BoxedStrategy<Tokens>) -> BoxedStrategy<Tokens> {
    let operand = prop_oneof![
        12 => path(),
        6 => literal(),
        2 => seq!("(", inner.clone(), ")"),
        1 => seq!("( if", inner.clone(), "then", inner.clone(), "else if", inner.clone(),
                  "then", inner.clone(), "else", inner.clone(), ")"),
        1 => seq!("[", some(inner.clone(), 0..3, ","), "]"),
        1 => seq!(name(), "(", some(inner.clone(), 0..3, ","), ")"),
        1 => seq!("any ( p in", inner.clone(), maybe(seq!("where", inner.clone())),
                  maybe(seq!(":", inner)), ")"),
    ]
    .boxed();
    let term = seq!(rarely(one_of(&["-", "- -"])), operand);
    let sum = prop_oneof![
        3 => term.clone(),
        1 => seq!(term.clone(), one_of(&["+", "-", "*", "/", "??"]), term.clone()),
    ]
    .boxed();
    let compared = prop_oneof![
        3 => sum.clone(),
        2 => seq!(sum.clone(), one_of(&["==", "!=", "<", "<=", ">", ">=", "in"]), sum.clone()),
        1 => seq!(sum.clone(), whole(&["not in"]), term.clone(), one_of(&["..<", "..="]), term),
        1 => seq!(sum, one_of(&["is present", "is missing"])),
    ]
    .boxed();
    let negated = seq!(rarely(one_of(&["not", "not not"])), compared);
    let row = prop_oneof![3 => negated.clone(), 1 => some(negated, 2..5, "and")].boxed();
    prop_oneof![3 => row.clone(), 1 => some(row, 2..4, "or")].boxed()
}

fn ty() -> BoxedStrategy<Tokens> {
    one_of(&[
        "number",
        "CNY ?",
        "list of text",
        "list of list of Order ?",
        "a | b",
        "a < b < c",
        "a | b ?",
    ])
}

fn texts() -> BoxedStrategy<Tokens> {
    let tagged = seq!(one_of(&["en", "zh", "zh-Hant"]), text());
    prop_oneof![text(), some(tagged, 1..3, "")].boxed()
}

fn source() -> BoxedStrategy<Tokens> {
    seq!("source", text(), maybe(seq!("url", text())))
}

fn origins() -> BoxedStrategy<Tokens> {
    some(prop_oneof![source(), seq!("assumed", text())].boxed(), 0..3, "")
}

fn date() -> BoxedStrategy<Tokens> {
    prop_oneof![one_of(&["2024-09-12", "2024-10-01"]), whole(&["announced + 7 days"])].boxed()
}

fn definition() -> BoxedStrategy<Tokens> {
    let member = one_of(&["a", "b", "wechat_pay", "a_rather_long_member_of_an_enumeration"]);
    let members = prop_oneof![
        Just(words("..")),
        seq!(some(member.clone(), 1..5, ""), maybe(one_of(&[",", "..", ", .."]))),
        seq!(some(member.clone(), 1..5, ","), maybe(one_of(&[",", "..", ", .. ,"]))),
        seq!(some(member, 2..5, "<"), maybe(one_of(&["..", ", .."]))),
    ];
    let field = seq!(
        field_name(),
        ":",
        ty(),
        maybe(seq!("=", expression())),
        maybe(seq!("as", text())),
        ","
    );
    let field = prop_oneof![4 => field, 1 => seq!(named(), ",")].boxed();
    let dated = seq!("from", date(), ":", expression(), origins());
    let argument = seq!(name(), ":", ty());
    prop_oneof![
        seq!("enum", name(), "{", members.boxed(), "}"),
        seq!("record", name(), "{", some(field, 0..4, ""), "}"),
        seq!("parameter", name(), ":", ty(), "=", expression(), origins()),
        seq!("parameter", name(), ":", ty(), "{", origins(), some(dated, 1..3, ""), "}"),
        seq!("list", name(), ":", ty(), "= [", some(expression(), 0..4, ","), "]"),
        seq!("list", name(), ":", ty(), "from", text()),
        seq!("fn", name(), "(", some(argument.clone(), 0..3, ","), ") ->", ty(), "=", expression()),
        seq!("fn", name(), "(", some(argument, 0..3, ","), ") ->", ty(), "from", text()),
        table(),
        policy(),
        policy(),
    ]
    .boxed()
}

fn named() -> BoxedStrategy<Tokens> {
    let says = maybe(seq!(":", ty()));
    seq!("let", name(), says, "=", expression(), maybe(seq!("title", texts())), origins())
}

/// A table, whose rows are lines: each token brings its own line end.
fn table() -> BoxedStrategy<Tokens> {
    let header = whole(&["\n| n: number | at: a || pays: CNY |"]);
    let row = whole(&[
        "\n| <= 5|a, b||1 CNY |",
        "\n| 1 ..< 4, 7 | not \"// no\" || 1_000.50 CNY |",
        "\n|_|is missing||10 CNY|",
    ]);
    let rows = seq!("{", header, some(row, 0..4, ""), whole(&["\n}\n"]));
    let file = seq!("from", text());
    let body = prop_oneof![3 => rows, 1 => file].boxed();
    seq!("table", name(), "by", one_of(&["first", "only"]), origins(), body)
}

fn policy() -> BoxedStrategy<Tokens> {
    let because = maybe(seq!("because", texts()));
    let otherwise = maybe(seq!("otherwise", expression(), because.clone()));
    let item = prop_oneof![
        1 => seq!("title", texts()),
        1 => source(),
        1 => Just(words("announced 2024-09-05")),
        2 => seq!("decide", name(), ":", ty(), "by", one_of(&["first", "strictest"]), otherwise),
        1 => seq!(whole(&["on fault"]), assignments(), because),
        2 => named(),
        4 => seq!("rule", name(), "{", some(clause(), 0..6, ""), "}"),
    ];
    let dated = maybe(seq!("dated by", path()));
    let subject = prop_oneof![
        3 => seq!(one_of(&["for", "amends"]), name()),
        1 => seq!("for each", name(), "in", one_of(&["Order.lines", "each . in . list", "Order . a.b"])),
        1 => Just(words("for each")),
    ];
    seq!("policy", name(), subject.boxed(), dated, "{", some(item.boxed(), 0..5, ""), "}")
}

fn assignments() -> BoxedStrategy<Tokens> {
    prop_oneof![expression(), some(seq!(name(), "=", expression()), 1..3, ",")].boxed()
}

fn clause() -> BoxedStrategy<Tokens> {
    let cohort = seq!("for 20% by", path());
    let effect = maybe(one_of(&["shadow", "warn"]));
    let within = seq!("within", expression(), maybe(seq!("of", expression())));
    let filter = maybe(seq!("where", expression()));
    prop_oneof![
        1 => seq!("title", texts()),
        1 => source(),
        1 => seq!("dated by", path()),
        2 => seq!("from", date(), effect, maybe(cohort), filter),
        1 => seq!("until", date()),
        3 => seq!("when", expression()),
        1 => seq!("unless", expression()),
        1 => seq!("overrides", some(one_of(&["a", "p . b", "p . *"]), 1..4, ",")),
        2 => seq!("then", assignments()),
        1 => seq!("require", name(), maybe(within)),
        1 => seq!("because", texts()),
    ]
    .boxed()
}

/// What may stand between two tokens; `#` becomes a number, so that no two comments are alike.
const GAPS: &[&str] = &[
    "\n  ",
    "\n\n\n    ",
    "\r\n\t",
    " // #\n ",
    "//# \"open <\n  ",
    "\n  // # }\n  ",
    "\n\n  // # ..\n  // #\n\n  ",
    "\n  /// #\n  ",
    " /// # rule\n  ",
    "\n  /// #\n\n  /// #\n  ",
];

/// Puts tokens together; most gaps are a single space.
fn write(tokens: &Tokens, gaps: &[usize]) -> String {
    let mut text = String::new();
    let mut number = 0;
    for (token, gap) in tokens.iter().zip(gaps.iter().cycle()) {
        // A line that begins so would be taken for an item of a policy.
        let gap =
            if token.starts_with("announced +") { " " } else { GAPS.get(*gap).unwrap_or(&" ") };
        if text.ends_with('/') {
            text.push(' ');
        }
        for part in gap.split_inclusive('#') {
            match part.strip_suffix('#') {
                Some(before) => {
                    number += 1;
                    text.push_str(&format!("{before}c{number}"));
                }
                None => text.push_str(part),
            }
        }
        text.push_str(token);
    }
    text
}

fn file() -> impl Strategy<Value = String> {
    let sparse = vec(0..GAPS.len() * 8, 1..200);
    let dense = vec(0..GAPS.len() * 2, 1..200);
    let every = vec(0..GAPS.len(), 1..200);
    let gaps = prop_oneof![Just(vec![usize::MAX]), sparse, dense, every];
    let end = select(&["", "\n", " // the end", "\n\n\n// one\n\n\n// two\n\n"][..]);
    (some(definition(), 0..4, ""), gaps, end)
        .prop_map(|(tokens, gaps, end)| write(&tokens, &gaps) + end)
}

/// A token or a comment of a text.
#[derive(Debug, PartialEq)]
struct Piece {
    text: String,
    /// Whether nothing stands before it on its line.
    alone: bool,
}

impl Piece {
    fn is_comment(&self) -> bool {
        self.text.starts_with("//")
    }

    /// Whether the formatter may put it to the other side of a comment: it leads a line.
    fn leads(&self) -> bool {
        ["and", "or", "<"].contains(&self.text.as_str())
    }
}

/// The tokens and the comments of a text, without commas.
fn scan(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    let mut alone = true;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            '"' => text_length(rest),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        match token {
            "," => {}
            _ => pieces.push(Piece { text: token.trim_end().to_string(), alone }),
        }
        rest = behind.trim_start();
        alone = behind.get(..behind.len() - rest.len()).is_some_and(|gap| gap.contains('\n'));
    }
    pieces
}

fn texts_of(pieces: &[Piece], which: impl Fn(&Piece) -> bool) -> Vec<&str> {
    pieces.iter().filter(|piece| which(piece)).map(|piece| piece.text.as_str()).collect()
}

/// The comments that stand on a line of their own, and those that may come to stand on one: what
/// they stand behind leads a line, or is a comma with a comment of its own before it.
fn alone(pieces: &[Piece]) -> (Vec<&str>, Vec<&str>) {
    let pairs = pieces.iter().zip(pieces.iter().skip(1));
    let mut leads = false;
    let mut may_rise = Vec::new();
    for (before, piece) in pairs {
        leads = if before.is_comment() { leads } else { before.leads() };
        let behind_comma = before.is_comment() && !piece.alone;
        if piece.is_comment() && (leads || behind_comma) {
            may_rise.push(piece.text.as_str());
        }
    }
    (texts_of(pieces, |piece| piece.is_comment() && piece.alone), may_rise)
}

fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    end.map_or(rest.len(), |(at, _)| at + 1)
}

/// The tree without its spans.
fn tree(file: &File) -> String {
    let tree = format!("{:?}", file.definitions);
    let mut parts = tree.split("span: ");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':' || c == '.'));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn formatting_changes_white_space_only(text in file()) {
        let parsed = parse(FileId(0), &text);
        prop_assert!(parsed.diagnostics.is_empty(), "{:?}\n{text}", parsed.diagnostics);
        let once = print::format(&text, &parsed.file);

        let again = parse(FileId(0), &once);
        prop_assert!(again.diagnostics.is_empty(), "{:?}\n{once}", again.diagnostics);
        prop_assert_eq!(&print::format(&once, &again.file), &once);

        let (before, after) = (scan(&text), scan(&once));
        let tokens = |pieces| texts_of(pieces, |piece: &Piece| !piece.is_comment());
        prop_assert_eq!(tokens(&before), tokens(&after), "\n{}", once);

        // Each comment stays between its tokens, beside the one before it or above the one after it.
        let neighbours = |pieces| texts_of(pieces, |piece: &Piece| !piece.leads());
        prop_assert_eq!(neighbours(&before), neighbours(&after), "\n{}\n{}", text, once);
        let ((above, may_rise), (above_after, _)) = (alone(&before), alone(&after));
        let differs = |comment: &&&str| above.contains(*comment) != above_after.contains(*comment);
        let moved: Vec<_> = above.iter().chain(&above_after).filter(differs).collect();
        prop_assert!(moved.iter().all(|c| may_rise.contains(*c)), "{moved:?}\n{text}\n{once}");
        prop_assert!(tree(&parsed.file) == tree(&again.file), "{text}\n{once}");

        prop_assert!(once.lines().all(|line| line == line.trim_end()), "{once}");
        prop_assert!(!once.contains("\n\n\n") && !once.starts_with('\n'), "{once}");
        prop_assert_eq!(once.is_empty(), text.trim().is_empty());
        prop_assert!(once.is_empty() || once.ends_with('\n') && !once.ends_with("\n\n"), "{once}");
    }
}
