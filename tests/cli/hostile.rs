//! Texts of others on the screen: wherever one stands, and whatever the command, it neither drives the
//! terminal nor makes a line of its own.

use super::harness::{Folder, Ran};

/// Wipes the screen, paints, rings, turns the direction, and forges lines.
const HOSTILE: &str =
    "=\u{1b}[2J\u{1b}[31m\u{1b}]0;t\u{7}\r\n\t\u{9b}31m\u{202e}\u{2028}\u{feff}\u{fdd1}o = pay";

/// A text that is as long as the other is once it is shown, and can do nothing.
fn tame() -> String {
    let shown = |c: char| match c {
        '\n' => "\\n".to_string(),
        '\r' => "\\r".to_string(),
        '\t' => "\\t".to_string(),
        // No braces, which are placeholders in the texts of a policy.
        c if is_control(c) => format!("\\u({:x})", u32::from(c)),
        c => c.to_string(),
    };
    HOSTILE.chars().map(shown).collect()
}

/// Whether a character is not one to be seen: of those in the text, and their kin.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fdd0}'..='\u{fdef}')
}

/// What the places where text stands are filled with.
struct Filled {
    text: String,
}

impl Filled {
    fn json(&self) -> String {
        let escaped = |c: char| match c {
            c if is_control(c) => format!("\\u{:04x}", u32::from(c)),
            '"' | '\\' => format!("\\{c}"),
            c => c.to_string(),
        };
        format!("\"{}\"", self.text.chars().map(escaped).collect::<String>())
    }

    /// As a text of a policy: line ends and quotes as it writes them, all else as it is.
    fn policy(&self) -> String {
        // A text of a policy has no carriage return, and neither has what stands for it.
        let text = self.text.replace('\r', "").replace("\\r", "");
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", text.replace('\n', "\\n").replace('\t', "\\t"))
    }

    /// As a comment of a policy or YAML may hold it.
    fn comment(&self) -> String {
        self.text.replace(['\n', '\r'], " ")
    }

    fn csv(&self) -> String {
        format!("\"{}\"", self.text.replace('"', "\"\""))
    }

    /// As the name of a file, where the system takes such names.
    fn name(&self) -> String {
        if cfg!(unix) { self.text.clone() } else { "name".to_string() }
    }

    fn policy_text(&self, rest: &str) -> String {
        let text = self.policy();
        format!(
            "enum Kind {{ gift, food, .. }}
record Shop {{ id: text  score: number }}
record Order {{
  id: text
  at: date
  note: text
  kind: Kind
  pieces: number
  price: CNY
  tags: list of text
  shop_id: text?
  shop: Shop? by shop_id
}}
parameter word: text = {text} assumed {text}
parameter limit: number = 2 source {text}
policy orders for Order dated by at {{
  title {text}
  decide step: pay < ask by strictest otherwise pay because {text}
  decide label: text by first otherwise word
  measure heavy = sum(pieces) where step == ask title {text}
  rule many {{ // {comment}
    title {text}
    source {text}
    from 2024-01-01
    when pieces > limit and note != {never}
    then step = ask
    because \"{{note}} {{kind}}\"
  }}
  rule named {{
    from 2024-02-01
    when pieces == 1 or note == {never}
    then label = note
    because {text}
  }}
}}
{rest}
",
            comment = self.comment(),
            never = format!("\"never {}", &text[1..]),
        )
    }

    fn folder(&self) -> Folder {
        let (text, name) = (self.json(), self.name());
        let record = |id: &str, pieces: &str, note: &str| {
            format!(
                "{{\"id\":{id},\"at\":\"2024-03-05\",\"note\":{note},\"kind\":{text},\"pieces\":{pieces},\
                 \"price\":1,\"tags\":[{text}],\"shop_id\":{text}}}\n"
            )
        };
        let good = record(&text, "1", &text)
            + &record(&text, "5", "\"x\"")
            + &record("\"o3\"", "1", &text);
        let bad = record(&text, &text, &text)
            + &format!(
                "{{\"id\":{text},\"at\":{text},\"pieces\":{text},\"price\":{text},{text}:1}}\n"
            )
            + "{\"id\": "
            + &self.text.replace(['\n', '\r'], "")
            + "\n";
        let scenarios = format!(
            "policy: orders\ngiven: {{ id: {text}, at: 2024-03-05, note: x, kind: {text}, \
             pieces: 5, price: 1, tags: [{text}] }}\nscenarios:\n  - name: {text}\n    expect: {{ step: pay, \
             label: \"x {quoted}, by: [many], reason: {text} }}\n  - name: second\n    with: {{ note: x, pieces: \
             {text} }}\n    expect: {{ step: pay }}\n",
            quoted = &text[1..],
        );
        let good_scenarios = format!(
            "policy: orders\ngiven: {{ id: {text}, at: 2024-03-05, note: x, kind: {text}, pieces: 5, \
             price: 1, tags: [{text}] }}\nscenarios:\n  - name: {text}\n    expect: {{ step: ask }}\n"
        );
        let csv = self.csv();
        Folder::new()
            .with("book/rulebook.yaml", format!("name: {text}\nversion: \"1\"\n"))
            .with("book/orders.policy", self.policy_text(""))
            .with("raw/rulebook.yaml", format!("name: \"{}\"\n", self.comment()))
            .with("raw/orders.policy", self.policy_text(""))
            .with("book/tests/orders.yaml", &scenarios)
            .with("good/orders.policy", self.policy_text(""))
            .with("good/tests/orders.yaml", good_scenarios)
            .with(
                "other/orders.policy",
                self.policy_text("").replace("otherwise word", &format!("otherwise \"also {}", &self.policy()[1..])),
            )
            .with(
                "broken/orders.policy",
                self.policy_text(&format!(
                    "policy more for Order {{\n  decide a: bool by first otherwise fals  // {0}\n  rule r {{ when \
                     note = {1} then a }}\n  rule r {{ when kind == {1} and starts_with({1}, 3) then a = {1} }}\n \
                     /* {0} */ \u{202e} }}\npolicy {0}",
                    self.comment(),
                    self.policy(),
                )),
            )
            .with("broken/tests/orders.yaml", scenarios.replace("expect:", &format!("{text}:")))
            .with("slips/orders.policy", self.policy_text(""))
            .with("slips/tests/orders.yaml", scenarios.replace("expect:", &format!("{text}:")))
            .with(&format!("named/{name}.policy"), format!("{}\n\u{202e}", self.policy_text("")))
            .with("good.jsonl", good)
            .with("bad.jsonl", &bad)
            .with(&format!("{name}.jsonl"), bad)
            .with("columns.csv", format!("id,{csv},pieces\n1,2,3\n"))
            .with("twice.csv", format!("{csv},{csv}\n1,2\n"))
            .with("cells.csv", format!("id,at,note,kind,pieces,price,tags,shop_id\n{csv},{csv},{csv},{csv},{csv},{csv},{csv},{csv}\n"))
            .with("bad.yaml", format!("- id: {text}\n  {text}: 1\n  {text}: 2\n  pieces: {text}\n"))
            .with("shops.jsonl", format!("{{\"id\":{text},\"score\":{text}}}\n"))
            .with("twice.jsonl", format!("{{\"id\":{text},\"score\":1}}\n{{\"id\":{text},\"score\":2}}\n"))
            .with("shops.csv", format!("id,score,{csv}\n{csv},{csv},1\n"))
    }
}

/// The commands, with `@` for the text and `$` for it as a policy writes it. What a command behind `~` tells
/// depends on the text, which is not well formed there.
const COMMANDS: &[&str] = &[
    "~ check book",
    "~ check raw",
    "~ check broken",
    "~ check named",
    "check @",
    "~ fmt broken --check",
    "fmt named --check",
    "eval book --input good.jsonl --format table",
    "eval book --input good.jsonl --format counts",
    "eval book --input bad.jsonl --format counts",
    "eval book --input good.jsonl --input @.jsonl --format table",
    "eval book --input bad.yaml --format counts",
    "eval book --input columns.csv --format counts",
    "eval book --policy orders --input columns.csv --format counts",
    "eval book --policy orders --input twice.csv --format counts",
    "eval book --policy orders --input cells.csv --format counts",
    "eval book --input good.jsonl --profile Shop=shops.jsonl --format counts",
    "eval book --input good.jsonl --profile Shop=shops.csv --format counts",
    "eval book --input good.jsonl --profile Shop=twice.jsonl --format counts",
    "eval book --input good.jsonl --profile Shop=@ --format counts",
    "eval book --input good.jsonl --profile @=shops.jsonl --format counts",
    "eval book --input @ --format counts",
    "eval book --input good.jsonl --policy @",
    "eval book --input good.jsonl --set @",
    "~ eval book --input good.jsonl --set word=@",
    "eval book --input good.jsonl --set @=3",
    "eval book --input good.jsonl --now @",
    "eval book --input good.jsonl --lang @",
    "eval book --input good.jsonl --fail-on @",
    "eval book --input good.jsonl --fail-on step=@",
    "eval book --input good.jsonl --output @/x.jsonl",
    "eval book --input good.jsonl --format @",
    "eval book @",
    "@",
    "explain book --input good.jsonl --record 0",
    "explain book --input good.jsonl --record 1",
    "explain book --input bad.jsonl --record 0",
    "explain book --input bad.jsonl --record 2",
    "explain book --input @.jsonl --record 9",
    "test book",
    "test slips",
    "test book --filter @",
    "test good --coverage",
    "test good --mutate --threads 1",
    "simulate book --input good.jsonl --set limit=9 --by note --by kind --sum price --sample 3",
    "~ simulate book --input good.jsonl --set word=\"@\" --by id --sample 3",
    "simulate book --input good.jsonl --set word=$ --set limit=0 --by id --sample 3",
    "simulate book --input good.jsonl --baseline other --by note --sample 3",
    "simulate book --input bad.jsonl --set limit=9",
    "simulate book --input good.jsonl --at 2024-01-05 --at 2024-03-01",
    "simulate book --input good.jsonl --set limit=9 --by @",
    "simulate book --input good.jsonl --baseline @",
    "sweep book --input good.jsonl --set limit=1..6/1 --by note",
    "sweep book --input bad.jsonl --set limit=1..6/1",
    "sweep book --input good.jsonl --set limit=@..6/1",
    "sweep book --input good.jsonl --set limit=1..6/1 --set word=$",
    "timeline book",
    "timeline book --width 60",
    "timeline book --lang @",
    "doc book --output @",
    "init @",
    "init book",
];

fn run(folder: &Folder, filled: &Filled, command: &str, coloured: bool) -> Ran {
    let run = folder.run("");
    let run = if coloured { run.env("CLICOLOR_FORCE", "1") } else { run };
    let arguments = command
        .split(' ')
        .map(|argument| argument.replace('@', &filled.text).replace('$', &filled.policy()));
    arguments.fold(run, |run, argument| run.arg(&argument)).output().ran
}

#[test]
fn nothing_that_others_wrote_drives_the_terminal_or_makes_a_line() {
    let [hostile, tame] = [HOSTILE.to_string(), tame()].map(|text| Filled { text });
    let [dangerous, harmless] = [&hostile, &tame].map(Filled::folder);
    let mut wrong = Vec::new();
    for command in COMMANDS {
        let (depends, command) = match command.strip_prefix("~ ") {
            Some(command) => (true, command),
            None => (false, *command),
        };
        let plain = run(&dangerous, &hostile, command, false);
        let painted = run(&dangerous, &hostile, command, true);
        let expected = run(&harmless, &tame, command, true);
        let both = |ran: &Ran| format!("{}\u{0}{}", ran.out, ran.err);
        let [plain, painted, expected] = [&plain, &painted, &expected].map(both);
        let not_ours = |c: &char| is_control(*c) && !matches!(c, '\n' | '\u{1b}' | '\u{0}');
        let at_all =
            [&plain, &painted].map(|text| text.chars().filter(not_ours).collect::<String>());
        let escapes = |text: &str| text.matches('\u{1b}').count();
        let lines = |text: &str| text.matches('\n').count();
        if at_all != ["", ""] || escapes(&plain) != 0 {
            wrong.push(format!("{command}: controls {at_all:?}\n{plain:?}"));
        }
        let same = escapes(&painted) == escapes(&expected) && lines(&painted) == lines(&expected);
        if !depends && !same {
            wrong.push(format!(
                "{command}: not as it is with a text that does nothing\n{painted}\n---\n{expected}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
