//! Regorus (Rego) on the workload: compiled to bytecode for its virtual machine, which is reused.
//!
//! That is the form of its own benchmarks for hot paths. For many rules, Rego's users write them as
//! data under the key that tells them apart, since a compiled program holds only a few thousand.

use std::collections::BTreeMap;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};
use serde_json::json;
use workload::{
    DIGITAL_WALLETS, Hits, Kind, NOT_RETURNABLE, Outcomes, PILOT_CATEGORIES, Rule, Session, Source,
    blocked_domains, instants,
};

const DECISIONS: [&str; 3] =
    ["data.checkout.refund", "data.checkout.payment", "data.checkout.link"];

fn main() {
    let session = Session::from_arguments();
    let blocked: BTreeMap<_, _> =
        blocked_domains().into_iter().map(|domain| (domain, true)).collect();
    let blocked = json!({ "blocked": blocked });

    let mut machine = machine(checkout(), &blocked, &DECISIONS);
    session.decide(
        Source::Memory,
        "bytecode, an entry point a decision",
        |case| value(&case.json),
        |input| outcomes(&mut machine, input.clone()),
    );
    session.decide(
        Source::Json,
        "`Value::from_json_str`, then the bytecode",
        |case| case.json.as_str(),
        |json| outcomes(&mut machine, value(json)),
    );

    session.find(
        &[Kind::Dispatched, Kind::Ranges],
        "bytecode, rules as data",
        rules_as_data,
        |_, case| value(&case.json),
        |machine, input| {
            machine.set_input(input.clone());
            let hits = machine.execute().expect("it has a value");
            let ids = hits.as_set().expect("it is a set").iter();
            ids.map(|id| id.as_u64().expect("rules have numbers")).collect::<Hits>()
        },
    );
}

fn value(json: &str) -> Value {
    Value::from_json_str(json).expect("the workload is JSON")
}

fn machine(policy: String, data: &serde_json::Value, entry_points: &[&str]) -> RegoVM {
    let data = value(&data.to_string());
    let mut engine = Engine::new();
    engine.add_policy("workload.rego".to_string(), policy).expect("the policy is Rego");
    engine.add_data(data.clone()).expect("the data has no conflicts");
    let compiled = engine.compile_with_entrypoint(&entry_points[0].into()).expect("it compiles");
    let program = Compiler::compile_from_policy(&compiled, entry_points).expect("it compiles");
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_data(data).expect("the data has no conflicts");
    // Long rules would run into the limit, which only guards against endless ones.
    machine.set_max_instructions(usize::MAX);
    machine
}

fn outcomes(machine: &mut RegoVM, input: Value) -> Outcomes {
    machine.set_input(input);
    let [refund, payment, link] =
        [0, 1, 2].map(|at| machine.execute_entry_point_by_index(at).expect("it has a value"));
    Outcomes::named(text(&refund), text(&payment), text(&link))
}

fn text(value: &Value) -> &str {
    value.as_string().expect("outcomes are texts")
}

fn rules_as_data(rules: &[Rule]) -> RegoVM {
    let mut places: BTreeMap<&str, Vec<serde_json::Value>> = BTreeMap::new();
    for Rule { id, category, above, below } in rules {
        let place = category.as_deref().unwrap_or("any");
        places.entry(place).or_default().push(json!({ "id": id, "above": above, "below": below }));
    }
    let place = match rules.first() {
        Some(Rule { category: Some(_), .. }) => "input.merchant.category",
        _ => "\"any\"",
    };
    let policy = format!(
        "package matching
         hits contains rule.id if {{
           some rule in data.rules[{place}]
           input.order.amount > rule.above
           input.merchant.experience_score < rule.below
         }}"
    );
    machine(policy, &json!({ "rules": places }), &["data.matching.hits"])
}

fn checkout() -> String {
    let set = |names: &[&str]| format!("{names:?}").replace('[', "{").replace(']', "}");
    let (not_returnable, pilot) = (set(&NOT_RETURNABLE), set(&PILOT_CATEGORIES));
    let digital_wallets = set(&DIGITAL_WALLETS);
    use instants::{DIRECT_FROM_ADS, DIRECT_IN_CHATS, WECHAT_PAY, WECHAT_PAY_PILOT};
    format!(
        r#"
package checkout

refund := "deny" if {{ input.buyer.abnormal_refund_rate > 0.3 }}
else := "deny" if {{ input.buyer.refund_only_30d >= 5 }}
else := "deny" if {{ input.merchant.experience_score >= 4.8; input.order.received }}
else := "review" if {{
  input.merchant.experience_score >= 4.5; input.order.received; input.order.amount > 200
}}
else := "allow" if {{ not input.order.received; input.order.shipped_hours > 72 }}
else := "allow" if {{ input.order.amount <= 20; input.merchant.experience_score < 4 }}
else := "deny" if {{ input.order.category in {not_returnable} }}
else := "review"

payment := "allow" if {{ input.method == "alipay" }}
else := "allow" if {{ input.method == "wechat_pay"; input.now >= {WECHAT_PAY} }}
else := "allow" if {{
  input.method == "wechat_pay"; input.now >= {WECHAT_PAY_PILOT}
  input.merchant.bucket < 10; input.order.category in {pilot}
}}
else := "allow" if {{ input.method in {digital_wallets} }}
else := "deny"

link := "block" if {{ data.blocked[input.link.domain] }}
else := "direct" if {{ input.surface == "private_chat"; input.now >= {DIRECT_IN_CHATS} }}
else := "direct" if {{ input.surface == "moments_ad"; input.now >= {DIRECT_FROM_ADS} }}
else := "direct" if {{
  input.surface == "group_chat"; input.link.kind == "ecommerce"; input.now >= {DIRECT_IN_CHATS}
}}
else := "password" if {{ input.link.kind == "ecommerce" }}
else := "warn"
"#
    )
}
