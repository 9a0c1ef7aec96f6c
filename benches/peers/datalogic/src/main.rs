//! datalogic-rs (JSONLogic) on the workload: compiled once, results borrowed from a reused arena.
//!
//! Its docs name this tier as the one without copies, and `ParsedData` as the form for data that
//! several rules read. For data read once, an array of the three rules is faster, since the JSON is
//! parsed into the same arena. JSONLogic does not search among rules, so that B is left out.

use datalogic_rs::bumpalo::Bump;
use datalogic_rs::{DataValue, Engine, ParsedData};
use serde_json::{Value, json};
use workload::{
    DIGITAL_WALLETS, NOT_RETURNABLE, Outcomes, PILOT_CATEGORIES, Session, Source, blocked_domains,
    instants,
};

fn main() {
    let session = Session::from_arguments();
    let engine = Engine::new();
    let compile = |rule: Value| engine.compile(rule.to_string().as_str()).expect("it is JSONLogic");
    let decisions = [refund(), payment(), link()].map(compile);
    let together = compile(json!([refund(), payment(), link()]));

    let mut arena = Bump::new();
    session.decide(
        Source::Memory,
        "parsed data, three rules",
        |case| ParsedData::from_json(&case.json).expect("the workload is JSON"),
        |data| {
            let outcomes = outcomes(decisions.each_ref().map(|decision| {
                engine.evaluate(decision, &*data, &arena).expect("it has a value")
            }));
            arena.reset();
            outcomes
        },
    );
    let mut arena = Bump::new();
    session.decide(
        Source::Json,
        "into the arena, an array of three rules",
        |case| case.json.as_str(),
        |json| {
            let values = engine.evaluate(&together, *json, &arena).expect("it has a value");
            let [refund, payment, link] = values.as_array().expect("it is an array") else {
                panic!("{values:?} is not three outcomes")
            };
            let outcomes = outcomes([refund, payment, link]);
            arena.reset();
            outcomes
        },
    );
}

fn outcomes(values: [&DataValue<'_>; 3]) -> Outcomes {
    let [refund, payment, link] = values.map(|value| value.as_str().expect("outcomes are texts"));
    Outcomes::named(refund, payment, link)
}

fn field(path: &str) -> Value {
    json!({ "var": path })
}

fn refund() -> Value {
    json!({ "if": [
        { "or": [
            { ">": [field("buyer.abnormal_refund_rate"), 0.3] },
            { ">=": [field("buyer.refund_only_30d"), 5] },
        ] },
        "deny",
        { "and": [{ ">=": [field("merchant.experience_score"), 4.8] }, field("order.received")] },
        "deny",
        { "and": [
            { ">=": [field("merchant.experience_score"), 4.5] },
            field("order.received"),
            { ">": [field("order.amount"), 200] },
        ] },
        "review",
        { "and": [{ "!": [field("order.received")] }, { ">": [field("order.shipped_hours"), 72] }] },
        "allow",
        { "and": [
            { "<=": [field("order.amount"), 20] },
            { "<": [field("merchant.experience_score"), 4] },
        ] },
        "allow",
        { "in": [field("order.category"), NOT_RETURNABLE] },
        "deny",
        "review",
    ] })
}

fn payment() -> Value {
    json!({ "if": [
        { "==": [field("method"), "alipay"] },
        "allow",
        { "and": [
            { "==": [field("method"), "wechat_pay"] },
            { ">=": [field("now"), instants::WECHAT_PAY] },
        ] },
        "allow",
        { "and": [
            { "==": [field("method"), "wechat_pay"] },
            { ">=": [field("now"), instants::WECHAT_PAY_PILOT] },
            { "<": [field("merchant.bucket"), 10] },
            { "in": [field("order.category"), PILOT_CATEGORIES] },
        ] },
        "allow",
        { "in": [field("method"), DIGITAL_WALLETS] },
        "allow",
        "deny",
    ] })
}

fn link() -> Value {
    json!({ "if": [
        { "in": [field("link.domain"), blocked_domains()] },
        "block",
        { "and": [
            { "==": [field("surface"), "private_chat"] },
            { ">=": [field("now"), instants::DIRECT_IN_CHATS] },
        ] },
        "direct",
        { "and": [
            { "==": [field("surface"), "moments_ad"] },
            { ">=": [field("now"), instants::DIRECT_FROM_ADS] },
        ] },
        "direct",
        { "and": [
            { "==": [field("surface"), "group_chat"] },
            { "==": [field("link.kind"), "ecommerce"] },
            { ">=": [field("now"), instants::DIRECT_IN_CHATS] },
        ] },
        "direct",
        { "==": [field("link.kind"), "ecommerce"] },
        "password",
        "warn",
    ] })
}
