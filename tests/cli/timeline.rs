//! `rulebook timeline`.

use crate::harness::Folder;

const POLICY: &str = r#"
record Order { id: text  at: time  amount: CNY  kind: text }

parameter start: date = 2024-09-12 assumed "the month is published, the day is not"
parameter limit: CNY {
  from 2024-01-01: 200 CNY source "First notice"
  from 2024-10-01: 300 CNY source "Second <notice>"
}

table fee by first source "Price list" {
  | from       | until      | kind: text || share: number |
  | _          | 2024-10-01 | "toys"     || 3%            |
  | 2024-10-01 | _          | "toys"     || 2%            |
  | _          | _          | _          || 1%            |
}

policy returns for Order dated by at {
  title en "Returns <of goods>" zh "退货"
  source "Seller notice"
  announced 2024-08-31
  decide refund: pay | review by first otherwise review

  rule small {
    title en "Small sums are paid" zh "小额直接退款"
    source "Seller notice, article 2"
    from 2024-09-01 shadow
    from start for 20% by id where kind != "toys"
    from 2024-10-01
    until 2025-01-01
    when amount <= limit and fee(kind) < 50%
    then pay
  }
  rule told { from 2024-09-01 warn when amount > limit then review }
  rule always { when amount == 0 CNY then pay }
}

policy law amends returns {
  title "The law"
  rule heard { from 2026-02-01 when amount > 900 CNY overrides returns.* then refund = review }
}
"#;

fn returns() -> Folder {
    Folder::new()
        .with("returns/returns.policy", POLICY)
        .with("returns/rulebook.yaml", "name: returns\nlanguages: [en, zh]\n")
}

/// The text without the digest, which names nothing but the texts above.
fn told(out: &str) -> String {
    let lines = out.lines().filter(|line| !line.contains("Digest") && !line.contains("摘要"));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn everything_with_a_date_is_told_on_one_line_each() {
    let ran = returns().run("timeline returns").exits(0).err_is("");
    assert!(!ran.out.contains('\u{1b}'), "a pipe gets no colours\n{ran}");
    assert_eq!(told(&ran.out), include_str!("timeline.txt"), "{ran}");
}

#[test]
fn lines_are_no_wider_than_they_may_be() {
    for width in [80, 120] {
        for language in ["en", "zh"] {
            let arguments = format!("timeline returns --width {width} --lang {language}");
            let ran = returns().run(&arguments).exits(0);
            let longest = ran.out.lines().map(|line| line.chars().count()).max().unwrap();
            assert!((width - 30..=width).contains(&longest), "{longest} columns\n{ran}");
        }
    }
}

#[test]
fn pages_and_drawings_need_nothing_else_and_hold_no_marks_of_the_author() {
    let folder = returns();
    folder.run("timeline returns --format html --output t.html").exits(0);
    folder.run("timeline returns --format svg --output t.svg").exits(0);
    for file in ["t.html", "t.svg"] {
        let text = folder.read(file);
        assert!(text.contains("Returns &lt;of goods&gt;") && !text.contains("<of"), "{text}");
        for word in ["<script", "src=", "href=\"http", ".html", "url(http"] {
            assert!(!text.contains(word), "{word} in\n{text}");
        }
        assert_eq!(text.matches("class=\"shadow\"").count(), 1, "{text}");
        assert_eq!(text.matches("class=\"warn\"").count(), 1, "{text}");
        assert_eq!(text.matches("<pattern id=\"hatch\"").count(), 1, "{text}");
        assert_eq!(text.matches("<path class=\"day\"").count(), 2, "{text}");
    }
    let html = folder.read("t.html");
    assert!(html.contains("href=\"#of-law\"") && html.contains("id=\"of-law\""), "{html}");
    assert!(html.contains("Second &lt;notice&gt;"), "{html}");
}

#[test]
fn a_language_that_is_not_there_is_refused() {
    let ran = returns().run("timeline returns --lang de").exits(2);
    assert!(ran.err.contains("no texts in `de`; it has en, zh"), "{ran}");
    let ran = returns().run("timeline returns --lang ZH").exits(0);
    assert!(ran.out.contains("退货"), "tags are the same in capitals\n{ran}");
}
