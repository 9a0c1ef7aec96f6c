//! Reads what happened before a scenario: `history` and `counters`.

use super::ScenarioReader;
use rulebook_base::diagnostic::did_you_mean;
use rulebook_core::program::{Counter, Policy};
use rulebook_lang::model::{Number, Type, parse_duration};
use rulebook_lang::yaml::{Node, NodeKind};

/// What happened before a scenario.
#[derive(Debug, Clone, Default)]
pub(super) struct Earlier {
    /// The records, oldest or not.
    pub(super) history: Vec<Node>,
    /// Counters by name.
    pub(super) counters: Vec<(String, Number)>,
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
        let mut earlier = outer.clone();
        if let Some(history) = node.get("history") {
            if !matches!(history.kind, NodeKind::List(_)) {
                let help = "write a list below it, each record as it differs from `given`";
                self.wrong(history.span, "`history` takes a list of records", help);
            }
            if let Some(policy) = policy {
                history.items().iter().for_each(|item| self.check_fields(item, &policy.layout));
            }
            earlier.history = history.items().iter().map(|item| given.merged(item)).collect();
        }
        for (key, value) in node.get("counters").map_or([].as_slice(), Node::entries) {
            let name = key.scalar().unwrap_or_default();
            let Some(counter) = policy.and_then(|policy| self.counter(key, &name, policy)) else {
                continue;
            };
            let Some(amount) = value.scalar().and_then(|text| amount(&text, counter)) else {
                let message = format!("`{name}` is {}", counter.ty.required().described());
                self.wrong(value.span, message, "write its value, such as `5`, `29.50` or `P7D`");
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

/// The value of a counter as a number.
fn amount(text: &str, counter: &Counter) -> Option<Number> {
    match counter.ty.required() {
        Type::Duration => parse_duration(text).map(rulebook_core::eval::seconds),
        _ => text.parse().ok(),
    }
}
