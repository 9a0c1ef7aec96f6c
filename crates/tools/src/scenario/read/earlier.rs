//! Reads what happened before a scenario: `history` and `counters`.

use super::{ScenarioReader, literal};
use rulebook_base::diagnostic::did_you_mean;
use rulebook_core::history::Amount;
use rulebook_core::program::{Counter, Policy};
use rulebook_lang::model::{Type, Zone, parse_date, parse_duration, parse_time};
use rulebook_lang::yaml::{Node, NodeKind};
use rulebook_syntax::LiteralValue;

/// What happened before a scenario.
#[derive(Debug, Clone, Default)]
pub(super) struct Earlier {
    /// The records, oldest or not.
    pub(super) history: Vec<Node>,
    /// Counters by name.
    pub(super) counters: Vec<(String, Amount)>,
}

impl ScenarioReader<'_> {
    /// What a file or a scenario says of what happened before. A scenario's `history` stands in the
    /// place of the file's, and its counters go before those of the file.
    pub(super) fn earlier(
        &mut self,
        node: &Node,
        given: &Node,
        policy: Option<&Policy>,
        outer: &Earlier,
    ) -> Earlier {
        let (mut earlier, zone) = (outer.clone(), self.zone);
        if let Some(history) = node.get("history") {
            if !matches!(history.kind, NodeKind::List(_)) {
                let help = "write a list below it, each record as it differs from `given`";
                self.wrong(history.span, "`history` takes a list of records", help);
            }
            let items = history.items().iter();
            earlier.history = items.map(|item| given.merged(&self.record(item, policy))).collect();
        }
        for (key, value) in node.get("counters").map_or([].as_slice(), Node::entries) {
            let name = key.scalar().unwrap_or_default();
            let Some(counter) = policy.and_then(|policy| self.counter(key, &name, policy)) else {
                continue;
            };
            let Some(amount) = amount(value, counter, zone) else {
                let message = format!("`{name}` is {}", counter.ty.required().described());
                self.wrong(
                    value.span,
                    message,
                    "write its value, such as `5`, `29.50 CNY` or `7 days`",
                );
                continue;
            };
            earlier.counters.retain(|(kept, _)| *kept != name);
            earlier.counters.push((name, amount));
        }
        earlier
    }

    /// The counter of this name, if the policy reads it.
    fn counter(&mut self, key: &Node, name: &str, policy: &Policy) -> Option<&Counter> {
        let program = self.program;
        let counters = policy.counters.iter().map(|counted| &program.counters[counted.counter]);
        let found = counters.clone().find(|counter| counter.name == name);
        if found.is_none() {
            let names = counters.map(|counter| counter.name.as_str());
            let help = did_you_mean(name, names.clone()).unwrap_or_else(|| {
                match names.collect::<Vec<_>>().as_slice() {
                    [] => "it reads no counters".to_string(),
                    names => format!("it reads {}", names.join(", ")),
                }
            });
            let message = format!("policy `{}` reads no counter `{name}`", policy.name);
            self.wrong(key.span, message, help);
        }
        found
    }
}

/// The value of a counter.
fn amount(node: &Node, counter: &Counter, zone: &Zone) -> Option<Amount> {
    let text = node.scalar()?;
    let number = match (counter.ty.required(), literal::value(&text, zone)) {
        (Type::Money(wanted), Some(LiteralValue::Money(amount, currency))) => {
            (*wanted == currency).then_some(amount)
        }
        (Type::Number, Some(LiteralValue::Number(number))) => Some(number),
        (Type::Duration, _) => parse_duration(&text).map(rulebook_core::history::seconds),
        (Type::Date, _) => return parse_date(&text).map(Amount::of_date),
        (Type::Time, _) => return parse_time(&text, zone).map(Amount::of_time),
        (Type::Bool, _) => return text.parse().ok().map(Amount::of_bool),
        (Type::Enum(members), _) if members.open || members.position(&text).is_some() => {
            return Some(Amount::Text(text.into()));
        }
        (Type::Enum(_), _) => return None,
        (Type::Text | Type::Url, _) => return Some(Amount::Text(text.into())),
        _ => text.parse().ok(),
    };
    number.map(Amount::Number)
}
