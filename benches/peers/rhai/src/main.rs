//! Rhai on the workload: one script a decision, compiled and optimised once, flat constants in scope.
//!
//! The crate is built with the features that its book names for speed, unchecked arithmetic among
//! them. The book calls `switch` a hashed jump table, and `in` on a literal list slower. A script
//! looks at one rule after another, so that B is left out.

use rhai::{AST, Engine, ImmutableString, OptimizationLevel, Scope};
use workload::{
    DIGITAL_WALLETS, Input, NOT_RETURNABLE, Outcomes, PILOT_CATEGORIES, Session, Source,
    blocked_domains, instants,
};

fn main() {
    let session = Session::from_arguments();
    let mut engine = Engine::new();
    engine.set_optimization_level(OptimizationLevel::Full);
    let decisions = [refund(), payment(), link()]
        .map(|script| engine.compile(script).expect("the script is Rhai"));

    session.decide(
        Source::Memory,
        "three scripts, flat scope, `switch` for lists",
        |case| scope(&case.input),
        |scope| outcomes(&engine, &decisions, scope),
    );
    session.decide(
        Source::Json,
        "typed `serde_json`, then a flat scope",
        |case| case.json.as_str(),
        |json| {
            let input = serde_json::from_str(json).expect("the workload is JSON");
            outcomes(&engine, &decisions, &mut scope(&input))
        },
    );
}

fn scope(input: &Input) -> Scope<'static> {
    let text = |text: &String| ImmutableString::from(text.as_str());
    let mut scope = Scope::new();
    scope
        .push_constant("now", input.now)
        .push_constant("method", text(&input.method))
        .push_constant("surface", text(&input.surface))
        .push_constant("amount", input.order.amount)
        .push_constant("category", text(&input.order.category))
        .push_constant("received", input.order.received)
        .push_constant("shipped_hours", input.order.shipped_hours)
        .push_constant("refund_rate", input.buyer.abnormal_refund_rate)
        .push_constant("recent_refunds", input.buyer.refund_only_30d)
        .push_constant("score", input.merchant.experience_score)
        .push_constant("bucket", input.merchant.bucket)
        .push_constant("domain", text(&input.link.domain))
        .push_constant("kind", text(&input.link.kind));
    scope
}

fn outcomes(engine: &Engine, decisions: &[AST; 3], scope: &mut Scope<'static>) -> Outcomes {
    let [refund, payment, link] = decisions.each_ref().map(|decision| {
        let outcome = engine.eval_ast_with_scope::<ImmutableString>(scope, decision);
        outcome.expect("outcomes are texts")
    });
    Outcomes::named(&refund, &payment, &link)
}

/// Whether a text is one of some.
fn one_of(name: &str, choices: &[&str]) -> String {
    let choices: Vec<_> = choices.iter().map(|choice| format!("{choice:?}")).collect();
    format!("switch {name} {{ {} => true, _ => false }}", choices.join(" | "))
}

fn refund() -> String {
    let not_returnable = one_of("category", &NOT_RETURNABLE);
    format!(
        r#"if refund_rate > 0.3 || recent_refunds >= 5 {{ "deny" }}
        else if score >= 4.8 && received {{ "deny" }}
        else if score >= 4.5 && received && amount > 200.0 {{ "review" }}
        else if !received && shipped_hours > 72 {{ "allow" }}
        else if amount <= 20.0 && score < 4.0 {{ "allow" }}
        else if ({not_returnable}) {{ "deny" }}
        else {{ "review" }}"#
    )
}

fn payment() -> String {
    use instants::{WECHAT_PAY, WECHAT_PAY_PILOT};
    let in_pilot = one_of("category", &PILOT_CATEGORIES);
    let digital_wallet = one_of("method", &DIGITAL_WALLETS);
    format!(
        r#"if method == "alipay" {{ "allow" }}
        else if method == "wechat_pay" && now >= {WECHAT_PAY} {{ "allow" }}
        else if method == "wechat_pay" && now >= {WECHAT_PAY_PILOT} && bucket < 10 && ({in_pilot})
        {{ "allow" }}
        else if ({digital_wallet}) {{ "allow" }}
        else {{ "deny" }}"#
    )
}

fn link() -> String {
    use instants::{DIRECT_FROM_ADS, DIRECT_IN_CHATS};
    let blocked = one_of("domain", &blocked_domains());
    format!(
        r#"if ({blocked}) {{ "block" }}
        else if surface == "private_chat" && now >= {DIRECT_IN_CHATS} {{ "direct" }}
        else if surface == "moments_ad" && now >= {DIRECT_FROM_ADS} {{ "direct" }}
        else if surface == "group_chat" && kind == "ecommerce" && now >= {DIRECT_IN_CHATS} {{ "direct" }}
        else if kind == "ecommerce" {{ "password" }}
        else {{ "warn" }}"#
    )
}
