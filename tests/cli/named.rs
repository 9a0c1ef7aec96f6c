//! Named values, and decisions that build on decisions of their policy.

use crate::harness::Folder;

const BOOK: &str = "\
record Visit {
  id: text
  paid: EUR
  stairs: number
  let dear = paid > 50 EUR
}

policy tours for Visit {
  decide steep: bool by first otherwise false
  decide guide: yes | no by first otherwise no

  let long = stairs >= 100 or dear and stairs > 10

  rule climb  { when long then steep = true }
  rule guided { when steep and paid > 20 EUR then guide = yes }
}
";

const SCENARIOS: &str = "\
policy: tours
given: { id: v, paid: 51 EUR, stairs: 100 }
scenarios:
  - name: steep and dear
    expect: { steep: true, guide: yes }
  - name: cheap
    with: { paid: 20 EUR }
    expect: { guide: no }
  - name: flat
    with: { stairs: 10 }
    expect: { guide: no }
  - name: dear and halfway
    with: { stairs: 11 }
    expect: { guide: yes }
  - name: cheap and halfway
    with: { paid: 50 EUR, stairs: 99 }
    expect: { guide: no }
  - name: steep and a little dear
    with: { paid: 20.01 EUR }
    expect: { guide: yes }
";

fn tours() -> Folder {
    Folder::new()
        .with("t/rulebook.yaml", "name: t\n")
        .with("t/t.policy", BOOK)
        .with("t/tests/t.yaml", SCENARIOS)
}

#[test]
fn coverage_and_edits_count_through_names_and_steps() {
    let coverage = tours().run("test t --coverage --format json").exits(0).err_is("").json();
    let policy = &coverage["policies"][0];
    let names: Vec<_> = policy["functions"].as_array().unwrap().iter().collect();
    let names: Vec<_> = names.iter().map(|named| named["function"].as_str().unwrap()).collect();
    assert_eq!(names, ["dear", "long"], "{policy:#}");
    for kind in ["rules", "clauses", "defaults"] {
        assert_eq!(policy["shares"][kind]["percent"], 100.0, "{kind}: {policy:#}");
    }
    let edits = tours().run("test t --mutate --format json --threads 1").exits(0).err_is("").json();
    assert_eq!(edits["total"]["alive"], 0, "{edits:#}");
    assert!(edits["total"]["killed"].as_u64().unwrap() > 15, "{edits:#}");
}

#[test]
fn names_are_seen_through_by_columns_and_the_same_by_row() {
    let rows = "id,paid,stairs\na,51,100\nb,20,100\nc,60,11\nd,60,10\ne,50,11\n";
    let lines: Vec<_> = rows
        .lines()
        .skip(1)
        .map(|row| {
            let cells: Vec<_> = row.split(',').collect();
            format!(r#"{{"id":"{}","paid":{},"stairs":{}}}"#, cells[0], cells[1], cells[2])
        })
        .collect();
    let folder = tours().with("rows.csv", rows).with("rows.jsonl", lines.join("\n"));
    let decided = |input: &str| -> Vec<String> {
        let run = folder.run("eval t --format jsonl --input").arg(input).exits(0);
        let guides = run.lines();
        guides.iter().map(|line| line["decisions"]["guide"].to_string()).collect()
    };
    let by_row = decided("rows.jsonl");
    assert_eq!(by_row, ["\"yes\"", "\"no\"", "\"yes\"", "\"no\"", "\"no\""]);
    assert_eq!(decided("rows.csv"), by_row);
    let counts = |input: &str| {
        let run = folder.run("eval t --format counts --threads 1 --input").arg(input).exits(0);
        // The last line tells how long it took.
        let out = run.plain().out;
        out.lines().filter(|line| !line.contains(" a second)")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(counts("rows.csv"), counts("rows.jsonl"));
}

/// A graph of so many steps: as one policy, and as a chain of policies that read each other.
fn steps(count: usize) -> (String, String) {
    let record = "record R { id: text, a: number }\n\n".to_string();
    let (mut one, mut rules, mut chain) = (record.clone(), String::new(), record);
    one.push_str("policy all for R {\n");
    for at in 0..count {
        one.push_str(&format!("  decide v{at}: number by first otherwise 0\n"));
        let before = at.checked_sub(1);
        let (own, other) = match before {
            Some(before) => (format!("v{before}"), format!("p{before}.v{before}")),
            None => ("a".to_string(), "a".to_string()),
        };
        rules.push_str(&format!("  rule high{at} {{ when a > 500 then v{at} = {own} * 1.5 }}\n"));
        rules.push_str(&format!("  rule low{at} {{ when a <= 500 then v{at} = {own} + 1 }}\n"));
        chain.push_str(&format!(
            "policy p{at} for R {{\n  decide v{at}: number by first otherwise 0\n  \
             rule high {{ when a > 500 then {other} * 1.5 }}\n  \
             rule low {{ when a <= 500 then {other} + 1 }}\n}}\n"
        ));
    }
    one.push_str(&rules);
    one.push_str("}\n");
    (one, chain)
}

#[test]
fn one_policy_of_steps_decides_as_a_chain_of_policies() {
    let (one, chain) = steps(16);
    let records: Vec<_> = (0..40).map(|at| format!(r#"{{"id":"{at}","a":{}}}"#, at * 25)).collect();
    let folder = Folder::new()
        .with("one.policy", one)
        .with("chain.policy", chain)
        .with("r.jsonl", records.join("\n"));
    let last = |run: &str| -> Vec<String> {
        let lines = folder.run(run).exits(0).lines();
        lines.iter().map(|line| line["decisions"]["v15"].to_string()).collect()
    };
    let by_one = last("eval one.policy --input r.jsonl --format jsonl");
    assert_eq!(by_one, last("eval chain.policy --policy p15 --input r.jsonl --format jsonl"));
    assert_eq!(by_one.len(), 40);
}
