//! `eval --format counts`: many values are told by what they have in common.

use crate::harness::Folder;

const POLICY: &str = "
record Loan { id: text, days: number, made: date, fine: CNY, at: time, tag: text }
policy loans for Loan dated by made {
  decide due: date by first
  decide fee: CNY by largest otherwise 0 CNY
  decide score: number by first
  decide name: text by first
  decide left: duration by first
  decide marks: text by union
  rule all {
    then due = made + 10 days, fee = fine, score = days * 2, name = id, left = days * 1 hour,
      marks = tag
  }
}
";

fn loans(count: u32) -> Folder {
    let line = |n: u32| {
        let (month, day) = (n / 28 % 12 + 1, n % 28 + 1);
        format!(
            "{{\"id\":\"loan {n}\",\"days\":{},\"made\":\"{}-{month:02}-{day:02}\",\"fine\":\"{n}.25\",\
             \"at\":\"2024-01-01T00:00:00Z\",\"tag\":\"t{}\"}}\n",
            n / 2,
            2001 + n / 336,
            n % 40
        )
    };
    let lines: String = (0..count).map(line).collect();
    Folder::new().with("loans.policy", POLICY).with("loans.jsonl", lines)
}

#[test]
fn many_values_are_told_by_what_they_have_in_common() {
    let folder = loans(500);
    let mut outs = Vec::new();
    for threads in [1, 3] {
        let ran = folder
            .run("eval loans.policy --input loans.jsonl --format counts --threads")
            .args(&threads.to_string())
            .exits(0);
        assert!(ran.out.len() < 1_500, "{ran}");
        let lines: Vec<_> = ran.out.lines().filter(|line| line.contains("loans.")).collect();
        let lines = lines.join("\n");
        for part in [
            "loans.due: 500 different, from 11 January 2001 to ",
            "loans.fee: CNY 124,875.00 in all, 500 different, from CNY 0.25 to CNY 499.25, each once",
            "loans.score: 250 different, from 0 to 498, most often 0 (2)",
            "loans.name: 500 different, from loan 0 to loan 99, each once",
            "loans.left: 250 different, from 0 ",
            "loans.marks: 40 different, most often t0 (13)",
        ] {
            assert!(lines.contains(part), "{part}\n{lines}");
        }
        outs.push(lines);
    }
    assert_eq!(outs[0], outs[1]);
}

#[test]
fn few_values_are_told_one_by_one() {
    let folder = loans(3);
    let ran = folder.run("eval loans.policy --input loans.jsonl --format counts").exits(0);
    ran.out_has("loans.score: 0 2, 2 1")
        .out_has("loans.fee: CNY 3.75 in all, 3 different, from CNY 0.25 to CNY 2.25, each once")
        .out_has("loans.marks: t0 1, t1 1, t2 1");
}

/// What is kept is bounded, and a summary of very many values is no longer.
#[test]
fn very_many_values_are_told_to_be_more() {
    let folder = loans(12_000);
    let mut outs = Vec::new();
    for threads in [1, 4] {
        let ran = folder
            .run("eval loans.policy --input loans.jsonl --format counts --threads")
            .args(&threads.to_string())
            .exits(0)
            .out_has("loans.name: more than 10,000 different, from loan 0 to loan 9999\n")
            .out_has(
                "loans.fee: CNY 71,997,000.00 in all, more than 10,000 different, from CNY 0.25",
            );
        assert!(ran.out.len() < 1_500, "{ran}");
        outs.push(ran.out.lines().filter(|line| line.contains("loans.")).count());
    }
    assert_eq!(outs[0], outs[1]);
}
