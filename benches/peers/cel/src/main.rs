//! CEL (the crate `cel`) on the workload: one program a decision, each a chain of conditionals.
//!
//! A `VariableResolver` answers the qualified names from values made beforehand, which spares the
//! lookup in maps. A list written into a program would be built anew on every evaluation, so that
//! lists are variables, too, and maps. CEL evaluates single expressions, so that B is left out.

use std::collections::HashMap;
use std::sync::Arc;

use cel::common::types::{CelBool, CelDouble, CelInt, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::{Context, VariableResolver};
use cel::{Env, Program, Value};
use workload::{
    DIGITAL_WALLETS, Input, NOT_RETURNABLE, Outcomes, PILOT_CATEGORIES, Session, Source,
    blocked_domains, instants,
};

fn main() {
    let session = Session::from_arguments();
    let env = Arc::new(Env::stdlib());
    let decisions = [refund(), payment(), link()]
        .map(|expression| env.compile(&expression).expect("the expression is CEL"));
    let lists = Lists {
        blocked: map(&blocked_domains()),
        not_returnable: map(&NOT_RETURNABLE),
        pilot: map(&PILOT_CATEGORIES),
        digital_wallets: map(&DIGITAL_WALLETS),
    };

    session.decide(
        Source::Memory,
        "three programs, a resolver of qualified names",
        |case| {
            // A context borrows its resolver for as long as it lives, here to the end.
            let fields = Box::leak(Box::new(Fields::of(&case.input, lists)));
            let mut context = Context::with_env(env.clone());
            context.set_variable_resolver(fields);
            context
        },
        |context| outcomes(&decisions, context),
    );
    session.decide(
        Source::Json,
        "typed `serde_json`, then the resolver",
        |case| case.json.as_str(),
        |json| {
            let input = serde_json::from_str(json).expect("the workload is JSON");
            let fields = Fields::of(&input, lists);
            let mut context = Context::with_env(env.clone());
            context.set_variable_resolver(&fields);
            outcomes(&decisions, &context)
        },
    );
}

/// The lists of the rules, each a map in which a text is looked up.
#[derive(Clone, Copy)]
struct Lists {
    blocked: &'static dyn Val,
    not_returnable: &'static dyn Val,
    pilot: &'static dyn Val,
    digital_wallets: &'static dyn Val,
}

fn map(texts: &[&str]) -> &'static dyn Val {
    let entries = texts.iter().map(|text| (text.to_string(), true));
    let map: Value = entries.collect::<HashMap<_, _>>().into();
    let value: Box<dyn Val> = map.try_into().expect("a map is a value");
    Box::leak(value)
}

fn outcomes(decisions: &[Program; 3], context: &Context<'_, '_>) -> Outcomes {
    let [refund, payment, link] = decisions.each_ref().map(|decision| {
        match decision.execute(context).expect("it has a value") {
            Value::String(name) => name,
            other => panic!("{other:?} is no outcome"),
        }
    });
    Outcomes::named(&refund, &payment, &link)
}

/// The fields that the expressions read, as CEL's own values.
struct Fields {
    now: CelInt,
    method: CelString<'static>,
    surface: CelString<'static>,
    amount: CelDouble,
    category: CelString<'static>,
    received: CelBool,
    shipped_hours: CelInt,
    abnormal_refund_rate: CelDouble,
    refund_only_30d: CelInt,
    experience_score: CelDouble,
    bucket: CelInt,
    domain: CelString<'static>,
    kind: CelString<'static>,
    lists: Lists,
}

impl Fields {
    fn of(input: &Input, lists: Lists) -> Self {
        Self {
            now: input.now.into(),
            method: input.method.clone().into(),
            surface: input.surface.clone().into(),
            amount: input.order.amount.into(),
            category: input.order.category.clone().into(),
            received: input.order.received.into(),
            shipped_hours: input.order.shipped_hours.into(),
            abnormal_refund_rate: input.buyer.abnormal_refund_rate.into(),
            refund_only_30d: input.buyer.refund_only_30d.into(),
            experience_score: input.merchant.experience_score.into(),
            bucket: input.merchant.bucket.into(),
            domain: input.link.domain.clone().into(),
            kind: input.link.kind.clone().into(),
            lists,
        }
    }
}

impl VariableResolver for Fields {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let value: &dyn Val = match name {
            "now" => &self.now,
            "method" => &self.method,
            "surface" => &self.surface,
            "order.amount" => &self.amount,
            "order.category" => &self.category,
            "order.received" => &self.received,
            "order.shipped_hours" => &self.shipped_hours,
            "buyer.abnormal_refund_rate" => &self.abnormal_refund_rate,
            "buyer.refund_only_30d" => &self.refund_only_30d,
            "merchant.experience_score" => &self.experience_score,
            "merchant.bucket" => &self.bucket,
            "link.domain" => &self.domain,
            "link.kind" => &self.kind,
            "blocked" => self.lists.blocked,
            "not_returnable" => self.lists.not_returnable,
            "pilot" => self.lists.pilot,
            "digital_wallets" => self.lists.digital_wallets,
            _ => return None,
        };
        Some(CowVal::Borrowed(value))
    }
}

fn refund() -> String {
    String::from(
        "buyer.abnormal_refund_rate > 0.3 || buyer.refund_only_30d >= 5 ? 'deny'
         : merchant.experience_score >= 4.8 && order.received ? 'deny'
         : merchant.experience_score >= 4.5 && order.received && order.amount > 200.0 ? 'review'
         : !order.received && order.shipped_hours > 72 ? 'allow'
         : order.amount <= 20.0 && merchant.experience_score < 4.0 ? 'allow'
         : order.category in not_returnable ? 'deny'
         : 'review'",
    )
}

fn payment() -> String {
    use instants::{WECHAT_PAY, WECHAT_PAY_PILOT};
    format!(
        "method == 'alipay' ? 'allow'
         : method == 'wechat_pay' && now >= {WECHAT_PAY} ? 'allow'
         : method == 'wechat_pay' && now >= {WECHAT_PAY_PILOT} && merchant.bucket < 10
           && order.category in pilot ? 'allow'
         : method in digital_wallets ? 'allow'
         : 'deny'"
    )
}

fn link() -> String {
    use instants::{DIRECT_FROM_ADS, DIRECT_IN_CHATS};
    format!(
        "link.domain in blocked ? 'block'
         : surface == 'private_chat' && now >= {DIRECT_IN_CHATS} ? 'direct'
         : surface == 'moments_ad' && now >= {DIRECT_FROM_ADS} ? 'direct'
         : surface == 'group_chat' && link.kind == 'ecommerce' && now >= {DIRECT_IN_CHATS} ? 'direct'
         : link.kind == 'ecommerce' ? 'password'
         : 'warn'"
    )
}
