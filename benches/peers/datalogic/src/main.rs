//! datalogic-rs (JSONLogic) on the workload: compiled once, results borrowed from a reused arena.
//!
//! Its docs name this tier as the one without copies, and `ParsedData` as the form for data that
//! several rules read. JSONLogic has expressions and no search among rules, so that B is left out.

use datalogic_rs::bumpalo::Bump;
use datalogic_rs::{Engine, EvalInput, Logic, ParsedData};
use serde_json::{Value, json};
use workload::{
    DIGITAL_WALLETS, NOT_RETURNABLE, Outcomes, PILOT_CATEGORIES, Session, Source, blocked_domains,
    instants,
};

fn main() {
    let session = Session::from_arguments();
    let decider = Decider::new();

    let mut arena = Bump::new();
    session.decide(
        Source::Memory,
        "parsed data, three rules, a reused arena",
        |case| parse(&case.json),
        |data| {
            let outcomes = decider.outcomes(&*data, &arena);
            arena.reset();
            outcomes
        },
    );
    let mut arena = Bump::new();
    session.decide(
        Source::Json,
        "parsed data, three rules, a reused arena",
        |case| case.json.as_str(),
        |json| {
            let outcomes = decider.outcomes(&parse(json), &arena);
            arena.reset();
            outcomes
        },
    );
    let mut arena = Bump::new();
    session.decide(
        Source::Json,
        "into the arena, one array",
        |case| case.json.as_str(),
        |json| {
            let outcomes = decider.outcomes1(*json, &arena);
            arena.reset();
            outcomes
        },
    );
}

fn parse(json: &str) -> ParsedData {
    ParsedData::from_json(json).expect("the workload is JSON")
}

struct Decider {
    engine: Engine,
    decisions: [Logic; 3],
    all: Logic,
}

impl Decider {
    fn new() -> Self {
        let engine = Engine::new();
        let all =
            engine.compile(json!([refund(), payment(), link()]).to_string().as_str()).unwrap();
        let decisions = [refund(), payment(), link()]
            .map(|rule| engine.compile(rule.to_string().as_str()).expect("the rule is JSONLogic"));
        Self { engine, decisions, all }
    }

    fn outcomes1(&self, data: &str, arena: &Bump) -> Outcomes {
        let a = self.engine.evaluate(&self.all, data, arena).unwrap().as_array().unwrap();
        Outcomes::named(a[0].as_str().unwrap(), a[1].as_str().unwrap(), a[2].as_str().unwrap())
    }

    fn outcomes(&self, data: &ParsedData, arena: &Bump) -> Outcomes {
        let [refund, payment, link] = self.decisions.each_ref().map(|decision| {
            let value = self.engine.evaluate(decision, data, arena).expect("it has a value");
            value.as_str().expect("outcomes are texts")
        });
        Outcomes::named(refund, payment, link)
    }
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
