//! Cedar on the workload: a request a decision, each against its own small set of policies.
//!
//! Cedar allows or denies, and its policies have no order. So every rule is a `permit` with a number,
//! the response names those that hold, and the application takes the lowest. Numbers are scaled to
//! whole ones, since Cedar has no floats and its `decimal` is slower. The blocked domains are a set
//! on an entity, which is hashed; written into a policy, they would be searched. Cedar evaluates
//! every policy of a set, so that B is left out.

use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, Policy, PolicyId, PolicySet, Request,
    RestrictedExpression as Expression,
};
use serde_json::json;
use workload::{
    DIGITAL_WALLETS, Input, NOT_RETURNABLE, Outcomes, PILOT_CATEGORIES, Session, Source,
    blocked_domains, instants,
};

fn main() {
    let session = Session::from_arguments();
    let decider = Decider::new();
    session.decide(
        Source::Memory,
        "three requests, the numbers of the policies that hold",
        |case| decider.requests(&case.input),
        |requests| decider.outcomes(requests),
    );
    session.decide(
        Source::Json,
        "typed `serde_json`, then three requests",
        |case| case.json.as_str(),
        |json| {
            let input = serde_json::from_str(json).expect("the workload is JSON");
            decider.outcomes(&decider.requests(&input))
        },
    );
}

struct Decider {
    authorizer: Authorizer,
    decisions: [(EntityUid, PolicySet); 3],
    entities: Entities,
    principal: EntityUid,
    resource: EntityUid,
}

impl Decider {
    fn new() -> Self {
        let entity = |text: &str| text.parse::<EntityUid>().expect("it is an entity's name");
        let decision = |action: &str, conditions: Vec<String>| {
            let action = format!("Action::\"{action}\"");
            let policies = conditions.iter().enumerate().map(|(number, condition)| {
                let text = format!(
                    "permit(principal, action == {action}, resource) when {{ {condition} }};"
                );
                Policy::parse(Some(PolicyId::new(number.to_string())), text).expect("it is Cedar")
            });
            let policies = PolicySet::from_policies(policies).expect("the numbers differ");
            (entity(&action), policies)
        };
        let blocked = json!([{
            "uid": { "type": "List", "id": "blocked" },
            "attrs": { "domains": blocked_domains() },
            "parents": [],
        }]);
        Self {
            authorizer: Authorizer::new(),
            decisions: [
                decision("refund", refund()),
                decision("payment", payment()),
                decision("link", link()),
            ],
            entities: Entities::from_json_value(blocked, None).expect("it is an entity"),
            principal: entity("Buyer::\"buyer\""),
            resource: entity("Order::\"order\""),
        }
    }

    fn requests(&self, input: &Input) -> [Request; 3] {
        let context = context(input);
        self.decisions.each_ref().map(|(action, _)| {
            let (principal, resource) = (self.principal.clone(), self.resource.clone());
            Request::new(principal, action.clone(), resource, context.clone(), None)
                .expect("there is no schema to break")
        })
    }

    fn outcomes(&self, requests: &[Request; 3]) -> Outcomes {
        let first = |at: usize| {
            let (_, policies) = &self.decisions[at];
            let response = self.authorizer.is_authorized(&requests[at], policies, &self.entities);
            let numbers = response.diagnostics().reason().map(|id| {
                let number: &str = id.as_ref();
                number.parse::<u8>().expect("policies have numbers")
            });
            numbers.min()
        };
        let refund = match first(0) {
            Some(0 | 1 | 5) => "deny",
            Some(3 | 4) => "allow",
            _ => "review",
        };
        let payment = if first(1).is_some() { "allow" } else { "deny" };
        let link = match first(2) {
            Some(0) => "block",
            Some(1..=3) => "direct",
            Some(_) => "password",
            None => "warn",
        };
        Outcomes::named(refund, payment, link)
    }
}

fn context(input: &Input) -> Context {
    let text = |text: &str| Expression::new_string(text.to_string());
    let scaled = |number: f64, by: f64| Expression::new_long((number * by).round() as i64);
    let long = Expression::new_long;
    let record = |fields: Vec<(&str, Expression)>| {
        let fields = fields.into_iter().map(|(name, value)| (name.to_string(), value));
        Expression::new_record(fields).expect("the names differ")
    };
    let Input { order, buyer, merchant, link, .. } = input;
    let fields = [
        ("now", long(input.now)),
        ("method", text(&input.method)),
        ("surface", text(&input.surface)),
        (
            "order",
            record(vec![
                ("amount", scaled(order.amount, 100.0)),
                ("category", text(&order.category)),
                ("received", Expression::new_bool(order.received)),
                ("shipped_hours", long(order.shipped_hours)),
            ]),
        ),
        (
            "buyer",
            record(vec![
                ("abnormal_refund_rate", scaled(buyer.abnormal_refund_rate, 1_000.0)),
                ("refund_only_30d", long(buyer.refund_only_30d)),
            ]),
        ),
        (
            "merchant",
            record(vec![
                ("experience_score", scaled(merchant.experience_score, 100.0)),
                ("bucket", long(merchant.bucket)),
            ]),
        ),
        ("link", record(vec![("domain", text(&link.domain)), ("kind", text(&link.kind))])),
    ];
    Context::from_pairs(fields.map(|(name, value)| (name.to_string(), value)))
        .expect("the names differ")
}

fn refund() -> Vec<String> {
    vec![
        "context.buyer.abnormal_refund_rate > 300 || context.buyer.refund_only_30d >= 5"
            .to_string(),
        "context.merchant.experience_score >= 480 && context.order.received".to_string(),
        "context.merchant.experience_score >= 450 && context.order.received \
         && context.order.amount > 20000"
            .to_string(),
        "!context.order.received && context.order.shipped_hours > 72".to_string(),
        "context.order.amount <= 2000 && context.merchant.experience_score < 400".to_string(),
        format!("{NOT_RETURNABLE:?}.contains(context.order.category)"),
    ]
}

fn payment() -> Vec<String> {
    use instants::{WECHAT_PAY, WECHAT_PAY_PILOT};
    vec![
        "context.method == \"alipay\"".to_string(),
        format!("context.method == \"wechat_pay\" && context.now >= {WECHAT_PAY}"),
        format!(
            "context.method == \"wechat_pay\" && context.now >= {WECHAT_PAY_PILOT} \
             && context.merchant.bucket < 10 && {PILOT_CATEGORIES:?}.contains(context.order.category)"
        ),
        format!("{DIGITAL_WALLETS:?}.contains(context.method)"),
    ]
}

fn link() -> Vec<String> {
    use instants::{DIRECT_FROM_ADS, DIRECT_IN_CHATS};
    vec![
        "List::\"blocked\".domains.contains(context.link.domain)".to_string(),
        format!("context.surface == \"private_chat\" && context.now >= {DIRECT_IN_CHATS}"),
        format!("context.surface == \"moments_ad\" && context.now >= {DIRECT_FROM_ADS}"),
        format!(
            "context.surface == \"group_chat\" && context.link.kind == \"ecommerce\" \
             && context.now >= {DIRECT_IN_CHATS}"
        ),
        "context.link.kind == \"ecommerce\"".to_string(),
    ]
}
