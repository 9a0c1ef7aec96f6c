//! `rulebook eval --format dsa`.

use serde_json::json;

use crate::harness::{Folder, each};

const POLICY: &str = r#"
record Link {
  id: text
  posted_at: time?
  baits: bool
}

policy links for Link {
  decide opening: directly < blocked by strictest
    otherwise directly because "nothing speaks against it"

  rule bait {
    title "No bait"
    source "Link norms"
    when baits
    then blocked
    because en "link {id} pays for clicks" zh "链接 {id} 诱导点击"
  }
}
"#;

const SETTINGS: &str = r#"
name: links
languages: [en, zh]
zone: Asia/Shanghai
dsa:
  - policy: links
    when: { opening: blocked }
    statement:
      decision_visibility: DECISION_VISIBILITY_CONTENT_DISABLED
      decision_ground: DECISION_GROUND_INCOMPATIBLE_CONTENT
      incompatible_content_ground: "{sources}"
      incompatible_content_explanation: "{{{titles}}: {reasons}"
      content_type: [CONTENT_TYPE_OTHER, CONTENT_TYPE_TEXT]
      category: STATEMENT_CATEGORY_SCAMS_AND_FRAUD
      content_date: "{posted_at}"
      application_date: "{now}"
      decision_facts: "{decision.opening} by {rules} of {policy}"
      source_type: SOURCE_VOLUNTARY
      automated_detection: No
      automated_decision: AUTOMATED_DECISION_FULLY
      puid: "{id}"
"#;

fn links() -> Folder {
    Folder::new().with("links/links.policy", POLICY).with("links/rulebook.yaml", SETTINGS)
}

const EVAL: &str = "eval links --format dsa --now 2024-09-12 --input -";

fn link(id: &str) -> String {
    // Half past midnight in Shanghai is still the day before in Greenwich.
    format!(r#"{{"id":"{id}","posted_at":"2024-05-01T16:30:00Z","baits":true}}"#)
}

#[test]
fn a_decision_that_restricts_somebody_becomes_a_statement() {
    let harmless = r#"{"id":"b","baits":false}"#;
    let input = format!("{}\n{harmless}\n", link("a"));
    let lines = links().run(EVAL).input(input).exits(0).err_is("").lines();
    let wanted = json!({
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": "Link norms",
        "incompatible_content_explanation": "{No bait}: link a pays for clicks",
        "content_type": ["CONTENT_TYPE_OTHER", "CONTENT_TYPE_TEXT"],
        "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "content_date": "2024-05-02",
        "application_date": "2024-09-12",
        "decision_facts": "blocked by bait of links",
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_FULLY",
        "puid": "a",
    });
    assert_eq!(lines, [wanted]);
}

#[test]
fn reasons_are_told_in_the_language_asked_for() {
    let ran = links().run(EVAL).args("--lang zh").input(link("a")).exits(0);
    let explanation = &ran.lines()[0]["incompatible_content_explanation"];
    assert_eq!(explanation, "{No bait}: 链接 a 诱导点击");
}

#[test]
fn a_statement_that_lacks_something_is_a_reject_and_the_rest_is_carried_on() {
    let undated = r#"{"id":"u","baits":true}"#;
    let input = format!("{undated}\n{}\n{}\n{}\n", link("a"), link("a b"), link("a"));
    let folder = links();
    let ran = folder.run(EVAL).args("--rejects r.jsonl").input(input).exits(1);
    assert_eq!(each(&ran.lines(), "/puid"), ["a"]);
    let rejects: Vec<serde_json::Value> =
        folder.read("r.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = rejects
        .iter()
        .map(|reject| {
            let error = &reject["errors"][0];
            (
                reject["record"].as_u64().unwrap(),
                error["path"].as_str().unwrap().to_string(),
                error["code"].as_str().unwrap().to_string(),
            )
        })
        .collect();
    let wanted = [
        (0, "dsa.content_date", "missing-statement-field"),
        (2, "dsa.puid", "bad-statement-field"),
        (3, "dsa.puid", "duplicate-statement"),
    ];
    let wanted = wanted.map(|(record, path, code)| (record, path.to_string(), code.to_string()));
    assert_eq!(told, wanted);
}

#[test]
fn a_text_that_is_too_long_is_a_reject() {
    let settings = SETTINGS.replace("\"{sources}\"", "\"{id}\"");
    let folder = links().with("links/rulebook.yaml", settings);
    let long = "x".repeat(501);
    let ran = folder.run(EVAL).input(link(&long)).exits(1);
    assert!(ran.err.contains("dsa.incompatible_content_ground"), "{ran}");
    assert!(ran.err.contains("501 characters are more than the 500 allowed"), "{ran}");
    folder.run(EVAL).input(link(&"x".repeat(500))).exits(0);
}

#[test]
fn without_a_mapping_there_are_no_statements() {
    let settings = SETTINGS.split("dsa:").next().unwrap();
    let folder = links().with("links/rulebook.yaml", settings);
    let ran = folder.run(EVAL).input(link("a")).exits(2);
    assert!(ran.err.contains("add `dsa` to rulebook.yaml"), "{ran}");
}
