//! GoRules ZEN on the workload: compiled expressions on a reused machine, and an indexed table.
//!
//! Three expressions of `zen-expression` are much faster than three tables of `zen-engine` with the
//! same rules. The blocked domains are an object in the context, looked up by key. For many rules
//! the table is the form, which `compile` indexes by its equality column.

mod table;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde_json::json;
use workload::{
    DIGITAL_WALLETS, Hits, Kind, NOT_RETURNABLE, Outcomes, PILOT_CATEGORIES, Session, Source,
    blocked_domains, instants,
};
use zen_engine::Decision;
use zen_expression::compile_expression;
use zen_expression::variable::Variable;
use zen_expression::vm::VM;

fn main() {
    let session = Session::from_arguments();
    let decisions = [refund(), payment(), link()]
        .map(|arms| compile_expression(&arms).expect("the expression is valid"));
    let blocked = blocked_domains().into_iter().map(|domain| (domain.to_string(), json!(true)));
    let blocked: Variable = serde_json::Value::Object(blocked.collect()).into();
    let with_blocked = |json: &str| {
        let context = variable(json);
        context.dot_insert("blocked", blocked.clone());
        context
    };

    let mut machine = VM::new();
    let mut outcomes = |context: Variable| {
        let [refund, payment, link] = decisions.each_ref().map(|decision| {
            decision.evaluate_with(context.clone(), &mut machine).expect("it has a value")
        });
        let name = |value: &Variable| value.as_rc_str().expect("outcomes are texts");
        Outcomes::named(&name(&refund), &name(&payment), &name(&link))
    };
    session.decide(
        Source::Memory,
        "three compiled expressions, a reused machine",
        |case| with_blocked(&case.json),
        |context| outcomes(context.clone()),
    );
    session.decide(
        Source::Json,
        "`serde_json` into a `Variable`, then the expressions",
        |case| case.json.as_str(),
        |json| outcomes(with_blocked(json)),
    );

    session.find(
        &[Kind::Dispatched, Kind::Ranges],
        "a compiled decision table that collects",
        |rules| table::compile(&table::document(rules)),
        |_, case| variable(&case.json),
        |table, input| hits(table, input.clone()),
    );
    session.load("read and compile the table", table::document, |text| table::compile(text));
}

fn variable(json: &str) -> Variable {
    serde_json::from_str(json).expect("the workload is JSON")
}

fn hits(table: &Decision, input: Variable) -> Hits {
    // Nothing in a table has to be waited for.
    let mut evaluation = pin!(table.evaluate(input));
    let polled = evaluation.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(response) = polled else { panic!("the table waits for something") };
    let result = response.expect("it has a value").result;
    let rows = result.as_array().expect("it is a list");
    let id = |row: &Variable| {
        let id = row.dot("hit").and_then(|id| id.as_number());
        u64::try_from(id.expect("rules have numbers")).expect("they are whole")
    };
    rows.borrow().iter().map(id).collect()
}

/// The first outcome whose condition holds, else the last.
fn first(arms: &[(&str, &str)], otherwise: &str) -> String {
    let conditions: String = arms
        .iter()
        .map(|(outcome, condition)| format!("({condition}) ? '{outcome}' : ("))
        .collect();
    format!("{conditions}'{otherwise}'{}", ")".repeat(arms.len()))
}

fn refund() -> String {
    let not_returnable = format!("order.category in {NOT_RETURNABLE:?}");
    first(
        &[
            ("deny", "buyer.abnormal_refund_rate > 0.3 or buyer.refund_only_30d >= 5"),
            ("deny", "merchant.experience_score >= 4.8 and order.received"),
            (
                "review",
                "merchant.experience_score >= 4.5 and order.received and order.amount > 200",
            ),
            ("allow", "not order.received and order.shipped_hours > 72"),
            ("allow", "order.amount <= 20 and merchant.experience_score < 4"),
            ("deny", &not_returnable),
        ],
        "review",
    )
}

fn payment() -> String {
    use instants::{WECHAT_PAY, WECHAT_PAY_PILOT};
    let open = format!("method == 'wechat_pay' and now >= {WECHAT_PAY}");
    let pilot = format!(
        "method == 'wechat_pay' and now >= {WECHAT_PAY_PILOT} and merchant.bucket < 10 \
         and order.category in {PILOT_CATEGORIES:?}"
    );
    let digital_wallet = format!("method in {DIGITAL_WALLETS:?}");
    first(
        &[
            ("allow", "method == 'alipay'"),
            ("allow", &open),
            ("allow", &pilot),
            ("allow", &digital_wallet),
        ],
        "deny",
    )
}

fn link() -> String {
    use instants::{DIRECT_FROM_ADS, DIRECT_IN_CHATS};
    let in_chats = format!("now >= {DIRECT_IN_CHATS}");
    let private_chat = format!("surface == 'private_chat' and {in_chats}");
    let moments_ad = format!("surface == 'moments_ad' and now >= {DIRECT_FROM_ADS}");
    let group = format!("surface == 'group_chat' and link.kind == 'ecommerce' and {in_chats}");
    first(
        &[
            ("block", "blocked[link.domain] == true"),
            ("direct", &private_chat),
            ("direct", &moments_ad),
            ("direct", &group),
            ("password", "link.kind == 'ecommerce'"),
        ],
        "warn",
    )
}
