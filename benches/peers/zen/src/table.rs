//! The generated rules as a decision table, read and compiled by zen-engine.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use workload::Rule;
use zen_engine::{Decision, DecisionEngine};

/// The document: a table that collects the numbers of all rules that match.
pub fn document(rules: &[Rule]) -> String {
    let fields = [
        ("category", "merchant.category"),
        ("amount", "order.amount"),
        ("score", "merchant.experience_score"),
    ];
    let inputs = fields.map(|(id, field)| json!({ "id": id, "name": id, "field": field }));
    let rows = rules.iter().map(|Rule { id, category, above, below }| {
        // An empty cell fits everything.
        let category = category.as_ref().map(|category| format!("\"{category}\""));
        Map::from_iter([
            ("_id".to_string(), json!(id.to_string())),
            ("category".to_string(), json!(category.unwrap_or_default())),
            ("amount".to_string(), json!(format!("> {above}"))),
            ("score".to_string(), json!(format!("< {below}"))),
            ("hit".to_string(), json!(id.to_string())),
        ])
    });
    let edge = |id: &str, from: &str, to: &str| json!({ "id": id, "sourceId": from, "targetId": to, "type": "edge" });
    let document = json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": {
                "hitPolicy": "collect",
                "inputs": inputs,
                "outputs": [{ "id": "hit", "name": "hit", "field": "hit" }],
                "rules": rows.map(Value::Object).collect::<Vec<_>>(),
            } },
            { "id": "out", "name": "out", "type": "outputNode", "content": {} },
        ],
        "edges": [edge("1", "in", "table"), edge("2", "table", "out")],
    });
    document.to_string()
}

/// Reads and compiles it, which also indexes the table.
pub fn compile(document: &str) -> Decision {
    let content = serde_json::from_str(document).expect("the document is valid");
    let engine = DecisionEngine::default();
    let mut decision = engine.create_decision(Arc::new(content)).expect("the graph is valid");
    decision.compile();
    decision
}
