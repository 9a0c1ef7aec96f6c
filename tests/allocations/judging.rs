//! What is asked while a record is judged: tables, counters, other policies, what is worked out once, elements.

use super::*;

#[test]
fn tables_are_looked_up_in_without_an_allocation() {
    for rows in [5, 500] {
        let mut text = String::from(
            "record Parcel { place: text  weight: number  value: number? }
             table fees by first {
               | place: text | weight: number || fee: CNY |\n",
        );
        for row in 1..rows {
            text.push_str(&format!("| \"p{row}\" | < {row} || {row} CNY |\n"));
            text.push_str(&format!("| _ | {row} ..< {row}.5 || {row} CNY |\n"));
            text.push_str(&format!("| _ | > {row}00000 || {row} CNY |\n"));
        }
        text.push_str(
            "| _ | _ || 0 CNY |
             }
             table marks by largest {
               | value: number? || mark: number |
               | >= 1           || 1            |
               | >= 2           || 2            |
               | _              || 0            |
             }
             policy p for Parcel {
               decide fee: CNY by largest
               decide mark: number by only
               rule r { when fees(place, weight) >= 0 CNY
                 then fee = fees(place, weight) * 2, mark = marks(value) }
             }",
        );
        let book = Rulebook::from_sources([("a.policy", text)]).unwrap();
        let mut evaluation = book.policy("p").unwrap().evaluation();
        let lines = [
            r#"{"place": "p3", "weight": 2}"#,
            r#"{"place": "nowhere", "weight": 3.25, "value": 2.5}"#,
            r#"{"place": "p4", "weight": 99999999, "value": 0}"#,
            r#"{"place": "p4", "weight": 50000, "value": 1}"#,
        ];
        let mut decide = || {
            let mut decide =
                |line: &&str| evaluation.decide_json(line).unwrap().fired_rules().count() == 1;
            lines.iter().map(|line| usize::from(decide(line))).sum::<usize>()
        };
        assert_eq!(decide(), lines.len());
        let mut second = 0;
        let counted = allocation_counter::measure(|| second = decide());
        assert_eq!((second, counted.count_total), (lines.len(), 0), "{rows} rows");
    }
}

#[test]
fn reasons_are_rendered_only_when_they_are_read() {
    let (policy, lines) = shipped().remove(0);
    let mut evaluation = policy.evaluation();
    evaluation.decide_json(&lines[0]).unwrap();
    let decision = evaluation.decide_json(&lines[0]).unwrap();
    let counted = allocation_counter::measure(|| assert!(!decision.reasons().is_empty()));
    assert!(counted.count_total > 0);
}

#[test]
fn counters_are_asked_without_an_allocation() {
    const CLAIMS: &str = "
        enum Kind { refund, exchange }
        record Claim { buyer: text  number: number  kind: Kind  at: time  day: date  amount: CNY }
        counter by_buyer = count of Claim by buyer within 30 days where kind == refund
        counter by_number = sum of amount of Claim by number this year
        counter by_kind = count of Claim by kind from 2 months to 1 month before
        counter by_day = count of Claim by day today dated by day
        policy claims for Claim dated by at {
          decide step: pay < ask by strictest otherwise pay
          rule many { when by_buyer > 3 and by_number > 5 CNY and by_kind > 3 then ask }
          rule today { when by_day > 3 then ask }
        }";
    let book = Rulebook::from_sources([("claims.policy", CLAIMS)]).unwrap();
    let history = std::sync::Arc::new(rulebook_core::history::MemoryHistory::new());
    let policy = book.policy("claims").unwrap().replaying().with_history(history);
    let mut evaluation = policy.evaluation();
    let claim = r#"{"buyer": "b1", "number": 4.5, "kind": "refund", "at": "2024-09-01T10:00:00Z",
                    "day": "2024-09-01", "amount": 5}"#;
    for _ in 0..20 {
        evaluation.decide_json(claim).unwrap();
        evaluation.remember().unwrap();
    }
    let decide = || assert_eq!(evaluation.decide_json(claim).unwrap().outcome("step"), Ok("ask"));
    assert_eq!(allocation_counter::measure(decide).count_total, 0);
}

/// A policy that reads two others, one of which reads the other, on some records.
const READERS: &str = r#"
record Order { amount: CNY  name: text }
policy first for Order {
  decide limit: CNY by largest otherwise 5 CNY
  decide notes: text by all
  rule large { when amount > 500 CNY then limit = amount / 2, notes = "large" }
  rule named { when name != "" then notes = name }
}
policy second for Order {
  decide dear: bool by first otherwise false
  rule above { when amount > first.limit then true }
}
policy third for Order {
  decide check: yes | no by first otherwise no
  rule checked {
    when name != "nobody" and second.dear and first.limit > 100 CNY and name in first.notes
    then yes
  }
}"#;

#[test]
fn other_policies_are_judged_when_they_are_read_and_in_the_same_memory() {
    let book = Rulebook::from_sources([("a.policy", READERS)]).unwrap();
    let mut evaluation = book.policy("third").unwrap().evaluation();
    let mut decide = |amount: u32, name: &str| {
        let record = format!(r#"{{"amount": {amount}, "name": "{name}"}}"#);
        let mut outcome = None;
        let counted = allocation_counter::measure(|| {
            let decision = evaluation.decide_json(&record).unwrap();
            outcome = decision.outcome("check").ok().map(|outcome| outcome == "yes");
        });
        (outcome.unwrap(), counted.count_total)
    };
    decide(700, "nobody");
    // Nothing is read where the answer is known before.
    assert_eq!(decide(700, "nobody"), (false, 0));
    let (outcome, memory) = decide(700, "somebody");
    assert!(outcome && memory > 0);
    assert_eq!(decide(800, "anybody"), (true, 0));
    assert_eq!(decide(90, "anybody"), (false, 0));
    assert_eq!(decide(700, "nobody"), (false, 0));
    assert_eq!(decide(600, "somebody"), (true, 0));
}

#[test]
fn what_is_worked_out_once_is_kept_without_an_allocation() {
    const FEES: &str = "
        record Parcel { id: text  weight: number  value: CNY }
        table zones by first {
          | weight: number || zone: text | fee: CNY |
          | < 5 || \"near\" | 1 CNY |
          | _   || \"far\" | 2 CNY |
        }
        fn share(value: CNY) -> number = (value / 7 CNY + 3) / 5
        policy base for Parcel {
          decide fee: CNY by largest otherwise 0 CNY
          rule near { when zones(weight).zone == \"near\" and share(value) > 1 then zones(weight).fee }
          rule far { when zones(weight).zone == \"far\" and share(value) > 2 then zones(weight).fee * share(value) }
        }
        policy more for Parcel {
          decide fee: CNY by largest otherwise 0 CNY
          rule read { when base.fee > 1 CNY or share(value) > 4 then base.fee + 1 CNY * share(value) }
        }";
    let book = Rulebook::from_sources([("fees.policy", FEES)]).unwrap();
    let policies = ["base", "more"].map(|name| book.policy(name).unwrap().replaying());
    let mut evaluations = policies.each_ref().map(Policy::evaluation);
    let mut alone = policies.each_ref().map(Policy::evaluation);
    let mut together = rulebook::inside::Together::default();
    let lines =
        [r#"{"id": "a", "weight": 3, "value": 10}"#, r#"{"id": "b", "weight": 9, "value": 400}"#];
    let mut decide = || {
        for line in lines {
            evaluations.iter_mut().for_each(|evaluation| evaluation.leave(&together));
            together.begin();
            for evaluation in &mut evaluations {
                let counts = rulebook::inside::Counts::History;
                evaluation.decide_together(line.as_bytes(), counts, &mut together).unwrap();
            }
            for evaluation in &mut alone {
                evaluation.decide_json(line).unwrap();
            }
        }
    };
    // Memory goes from one value to another, and has seen texts only after a while.
    (0..20).for_each(|_| decide());
    assert_eq!(allocation_counter::measure(decide).count_total, 0);
}

#[test]
fn elements_are_judged_one_by_one_in_the_same_memory() {
    const LINES: &str = r#"
        record Line { sku: text  price: CNY  tags: list of text }
        record Order { id: text  coupon: CNY  lines: list of Line }
        policy returns for each line in Order.lines {
          decide back: yes | no by first otherwise no
          decide amount: CNY by largest otherwise 0 CNY
          rule cheap {
            when line.price < 100 CNY and "sealed" in line.tags
            then back = yes, amount = line.price - coupon * (line.price / sum(l in lines: l.price))
          }
        }
        policy orders for Order {
          decide several: bool by first otherwise false
          rule several { when count(l in returns where l.back == yes and l.price > 1 CNY) > 1 then true }
        }"#;
    let book = Rulebook::from_sources([("a.policy", LINES)]).unwrap();
    let mut returns = book.policy("returns").unwrap().replaying().evaluation();
    let mut orders = book.policy("orders").unwrap().replaying().evaluation();
    let line = |sku: &str, price: u32| {
        format!(r#"{{"sku": "{sku}", "price": {price}, "tags": ["sealed"]}}"#)
    };
    let order =
        |lines: &[String]| format!(r#"{{"id": "o", "coupon": 7, "lines": [{}]}}"#, lines.join(","));
    let records = [
        order(&[line("a", 90), line("b", 40), line("c", 300)]),
        order(&[line("d", 20)]),
        order(&[]),
    ];
    let mut back = [0; 3];
    let mut decide = || {
        for (record, back) in records.iter().zip(&mut back) {
            let mut each = returns.decide_each_json(record).unwrap();
            *back = 0;
            while let Some(decision) = each.next_decision() {
                *back += u32::from(decision.outcome("back") == Ok("yes"));
            }
            orders.decide_json(record).unwrap();
        }
    };
    (0..20).for_each(|_| decide());
    assert_eq!(allocation_counter::measure(&mut decide).count_total, 0);
    assert_eq!(back, [2, 1, 0]);
}
