//! Money of any currency: read from every format alike, refused where it has none, and told with it.

use serde_json::json;

use crate::harness::{Folder, Ran};
use crate::infer::columns_of;
use crate::tabular::parquet_of;

const POLICY: &str = "
record Shop { id: text  most: money }
record Order {
  id: text
  paid: money
  tip: money?
  shares: list of money = []
  shop: Shop by shop_id
  shop_id: text
  day: date
}
table yuan_for by first {
  | one: currency | from       || rate: number |
  | CNY           | _          || 1            |
  | USD           | 2026-01-01 || 7.02         |
  | USD           | _          || 7.11         |
  | _             | _          || 0            |
}
policy orders for Order dated by day {
  decide check: bool by first otherwise false
  decide fee: CNY by total otherwise 0 CNY
  rule large {
    when paid.currency == CNY and paid > 200 CNY
    unless shop.most.currency == CNY and paid <= shop.most
    then check = true
    because \"{paid} with {tip}\"
  }
  rule shared {
    when sum(s in shares where s.currency == USD: s) > 5 USD
    then check = true
    because \"shared\"
  }
  rule charged { then fee = round(convert(paid, CNY, yuan_for(paid.currency)) * 5%) because \"of {paid}\" }
}
";

const LINES: &str = r#"{"id":"o1","shop_id":"a","day":"2026-02-01","paid":{"amount":"250.50","currency":"CNY"},"tip":{"amount":"3.00","currency":"USD"}}
{"id":"o2","shop_id":"b","day":"2026-02-01","paid":{"amount":"250.50","currency":"CNY"},"tip":null}
{"id":"o3","shop_id":"a","day":"2025-02-01","paid":{"amount":"20.00","currency":"USD"},"tip":null}
{"id":"o4","shop_id":"a","day":"2025-02-01","paid":{"amount":"20.00","currency":"RMB"},"tip":null}
"#;

const SHOPS: &str = "id,most.amount,most.currency\na,200,CNY\nb,300,CNY\n";

fn folder() -> Folder {
    Folder::new().with("orders.policy", POLICY).with("shops.csv", SHOPS).with("in.jsonl", LINES)
}

fn judged(folder: &Folder, input: &str) -> Ran {
    let eval = "eval orders.policy --profile Shop=shops.csv --with reasons --format csv --input";
    folder.run(&format!("{eval} {input}")).exits(1)
}

#[test]
fn every_format_is_read_alike() {
    let two = "id,shop_id,day,paid.amount,paid.currency,tip.amount,tip.currency\n\
               o1,a,2026-02-01,250.50,CNY,3.00,USD\no2,b,2026-02-01,250.50,CNY,,\n\
               o3,a,2025-02-01,20.00,USD,,\no4,a,2025-02-01,20.00,RMB,,\n";
    let one = "id,shop_id,day,paid,tip\no1,a,2026-02-01,250.50 CNY, 3.00 USD \n\
               o2,b,2026-02-01,250.50 CNY,\no3,a,2025-02-01,20.00 USD,\no4,a,2025-02-01,20.00 RMB,\n";
    let folder = folder()
        .with("two.csv", two)
        .with("one.csv", one)
        .with("in.parquet", parquet_of(&columns_of(LINES), 2));
    let expected = "record,id,check,fee (CNY),faults,reasons\n\
                    0,o1,true,12.52,,CNY 250.50 with USD 3.00; of CNY 250.50\n\
                    1,o2,false,12.52,,of CNY 250.50\n2,o3,false,7.11,,of USD 20.00\n";
    for input in ["in.jsonl", "in.parquet", "two.csv", "one.csv"] {
        let ran = judged(&folder, input);
        assert_eq!(ran.out, expected, "{input}");
        ran.err_has("write its three letters, such as `CNY`");
    }
}

#[test]
fn what_has_no_currency_is_refused_with_what_to_write() {
    let record = |paid: serde_json::Value| {
        let record = json!({"id": "o", "shop_id": "a", "day": "2026-02-01", "paid": paid});
        format!("{record}\n")
    };
    for (paid, wanted) in [
        (json!(250), "the number 250; a number has no currency; an amount is `{\"amount\": "),
        (json!("250"), "found the text \"250\"; a number has no currency"),
        (json!("cny 1,250.50"), "write `\"1250.50 CNY\"`"),
        (json!("¥250"), "an amount is `{\"amount\": \"10.00\", \"currency\": \"CNY\"}`"),
        (json!({"amount": "5", "currency": "cny"}), "currencies have capitals: write `CNY`"),
        (json!({"amount": "5"}), "there is no `currency`"),
        (json!({"value": 500, "currency": "CNY"}), "but no `amount`"),
        (json!({"amount": "5", "currency": "CNY", "unit": 1}), "there is `unit`"),
        (json!({"amount": "much", "currency": "CNY"}), "much"),
        (json!(["5 CNY"]), "found a list"),
        (json!(null), "`paid` is missing"),
    ] {
        let folder = folder().with("in.jsonl", record(paid));
        judged(&folder, "in.jsonl").err_has("  paid: ").err_has(wanted);
    }
}

#[test]
fn amounts_are_told_with_their_currency_and_stay_in_it() {
    let folder = folder();
    let explain = "explain orders.policy --profile Shop=shops.csv --input in.jsonl --record 0";
    let told = folder.run(explain).exits(0);
    told.out_has("paid is CNY 250.50")
        .out_has("paid.currency is CNY")
        .out_has("would be no if paid were CNY 200.00 (it is CNY 250.50)")
        .out_has("because CNY 250.50 with USD 3.00")
        .out_lacks("paid.amount");
    let json = folder.run(&format!("{explain} --format json")).exits(0);
    json.out_has("\"amount\": \"250.50\"").out_lacks("paid.amount");
}

#[test]
fn amounts_of_many_currencies_are_not_added_up() {
    let folder = folder();
    let simulate = "simulate orders.policy --profile Shop=shops.csv --input in.jsonl --at 2025-06-01 \
                    --at 2026-06-01";
    for sum in ["paid", "paid.amount"] {
        let ran = folder.run(&format!("{simulate} --sum {sum}")).output().ran;
        ran.err_has("`paid` may be in any currency, and amounts of several cannot be added up");
    }
    folder.run(&format!("{simulate} --by paid")).output().ran.err_has("an amount in any currency");
    folder.run(&format!("{simulate} --by paid.currency")).output().ran.out_has("paid.currency");
}
