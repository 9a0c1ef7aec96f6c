//! Profiles that hold for a time: records are joined with what held on their own day.

use serde_json::Value;

use crate::harness::{Folder, each};

const POLICY: &str = r#"
record Seller valid from since until ended { id: text  grade: number  since: date  ended: date? }
record Parcel { no: number  sellers: list of Link = [] }
record Link { seller_id: text  seller: Seller? by seller_id }
record Claim {
  id: text
  parcel: Parcel
  seller_id: text
  seller: Seller by seller_id
  filed: time
}

policy trust for Claim dated by filed {
  decide trusted: bool by first otherwise false because "graded {seller.grade}"
  rule well_graded {
    when seller.grade >= 4.5 or any(l in parcel.sellers: l.seller is present and l.seller.grade >= 4.5)
    then true
    because "graded {seller.grade}"
  }
}"#;

const SELLERS: &str = "id,grade,since,ended
s1,4.8,2025-03-01,
s1,3.9,2024-02-01,2025-03-01
s2,4.6,2024-02-01,2024-08-01
s2,4.1,2024-09-01,
";

/// The day stands last, behind what is joined by it.
fn claim(id: &str, seller: &str, filed: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"parcel\":{{\"no\":1}},\"seller_id\":\"{seller}\",\"filed\":\"{filed}\"}}\n"
    )
}

fn folder() -> Folder {
    let claims = [
        claim("before", "s1", "2025-02-28T23:59:59Z"),
        claim("after", "s1", "2025-03-01T00:00:00Z"),
        claim("too early", "s1", "2024-01-31T12:00:00Z"),
        claim("in the gap", "s2", "2024-08-01T00:00:00Z"),
        claim("behind the gap", "s2", "2024-09-01"),
    ];
    let within = "{\"id\":\"in a list\",\"parcel\":{\"no\":2,\"sellers\":[{\"seller_id\":\"s2\"},{\"seller_id\":\"s9\"}]},\
                  \"seller_id\":\"s1\",\"filed\":\"2024-07-31\"}\n";
    Folder::new()
        .with("trust/rulebook.yaml", "name: trust\n")
        .with("trust/trust.policy", POLICY)
        .with("claims.jsonl", claims.concat() + within)
        .with("sellers.csv", SELLERS)
}

const EVAL: &str = "eval trust --input claims.jsonl --format jsonl";
const GAP: &str = "gap: no profile of Seller with the key \"s2\" holds from 2024-08-01T00:00:00+00:00 until 2024-09-01T00:00:00+00:00\n";

fn trusted(lines: &[Value]) -> Vec<(String, Value)> {
    let ids = each(lines, "/id").into_iter();
    let ids = ids.map(|id| id.as_str().unwrap_or_default().to_string());
    ids.zip(each(lines, "/decisions/trusted")).collect()
}

#[test]
fn a_record_is_joined_with_what_held_on_its_own_day() {
    let folder =
        folder().with("sellers.json", r#"{"s1": {"grade": 1, "since": "2024-02-01"}}"#).with(
            "sellers.jsonl",
            r#"{"id":"s1","grade":3.9,"since":"2024-02-01","ended":"2025-03-01"}
{"id":"s2","grade":4.1,"since":"2024-09-01","ended":null}
{"id":"s2","grade":4.6,"since":"2024-02-01","ended":"2024-08-01"}
{"id":"s1","grade":4.8,"since":"2025-03-01"}
"#,
        );
    let database = rusqlite::Connection::open(folder.path("shops.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE seller (id TEXT, grade REAL, since TEXT, ended TEXT);
             INSERT INTO seller VALUES ('s1', 4.8, '2025-03-01', NULL), ('s1', 3.9, '2024-02-01', '2025-03-01'),
               ('s2', 4.6, '2024-02-01', '2024-08-01'), ('s2', 4.1, '2024-09-01', NULL);",
        )
        .unwrap();
    drop(database);
    for file in ["sellers.csv", "sellers.jsonl", "shops.db"] {
        let ran = folder.run(EVAL).args(&format!("--profile Seller={file}")).exits(1);
        let expected =
            [("before", false), ("after", true), ("behind the gap", false), ("in a list", true)];
        let expected = expected.map(|(id, trusted)| (id.to_string(), Value::Bool(trusted)));
        assert_eq!(trusted(&ran.lines()), expected, "{file}");
        let missing = "there is no profile of `Seller` with the key";
        ran.err_is(&format!(
            "{GAP}\
rejected: record 2 (line 3)
  seller: {missing} \"s1\" as of 2024-01-31T12:00:00+00:00 (missing-profile)
rejected: record 3 (line 4)
  seller: {missing} \"s2\" as of 2024-08-01T00:00:00+00:00 (missing-profile)
2 rejected; `--rejects FILE` keeps them
"
        ));
    }
    let by_key = folder.run(EVAL).args("--profile Seller=sellers.json").exits(1);
    assert_eq!(trusted(&by_key.lines()).len(), 3, "{by_key}");
}

#[test]
fn columns_are_joined_as_of_their_day_too() {
    let flat = POLICY
        .replace("  parcel: Parcel\n", "")
        .replace(" or any(l in parcel.sellers: l.seller is present and l.seller.grade >= 4.5)", "");
    let folder = folder().with("trust/trust.policy", flat).with(
        "claims.csv",
        "id,seller_id,filed\na,s1,2025-02-01\nb,s1,2025-04-01\nc,s2,2024-03-01\n",
    );
    let run = "eval trust --input claims.csv --format jsonl --profile Seller=sellers.csv";
    let lines = folder.run(run).exits(0).err_is(GAP).lines();
    assert_eq!(each(&lines, "/decisions/trusted"), [false, true, true]);
    let explained = "explain trust --input claims.csv --record 0 --profile Seller=sellers.csv";
    folder.run(explained).exits(0).out_has("3.9");
}

#[test]
fn without_an_end_each_holds_until_the_next() {
    let open = POLICY.replace(" until ended", "").replace("  ended: date?", "");
    let folder = folder().with("trust/trust.policy", open);
    let ran = folder.run(EVAL).args("--profile Seller=sellers.csv").exits(1);
    assert_eq!(trusted(&ran.lines()).len(), 5);
    assert!(!ran.err.contains("gap:"), "{ran}");
    ran.err_has("1 rejected");
}

#[test]
fn what_holds_at_the_same_time_or_never_is_told() {
    let folder = folder()
        .with("both.csv", "id,grade,since,ended\ns1,4,2024-01-01,2024-06-01\ns1,5,2024-05-01,\n")
        .with(
            "same.csv",
            "id,grade,since,ended\ns1,4,2024-01-01,2024-06-01\ns1,5,2024-01-01,2024-02-01\n",
        )
        .with("never.csv", format!("{SELLERS}s3,5,2024-06-01,2024-05-01\n"));
    let same = "error: profiles of `Seller` have the same key\n  \"s1\", at";
    let files = |name: &str| format!("{name} line 2 and {name} line 3");
    folder
        .run(EVAL)
        .args("--profile Seller=both.csv")
        .exits(2)
        .err_is(&format!("{same} 2024-05-01T00:00:00+00:00: {}\n", files("both.csv")));
    folder
        .run(EVAL)
        .args("--profile Seller=same.csv")
        .exits(2)
        .err_is(&format!("{same} 2024-01-01T00:00:00+00:00: {}\n", files("same.csv")));
    folder.run(EVAL).args("--profile Seller=never.csv").exits(1).err_has(
        "ended: it holds from 2024-06-01T00:00:00+00:00 until 2024-05-01T00:00:00+00:00, which is never (never-holds)",
    );
}

#[test]
fn a_profile_whose_day_cannot_be_read_spoils_its_key_alone() {
    let folder = folder().with("odd.csv", SELLERS.replace("2025-03-01,\n", "soon,\n"));
    let ran = folder.run(EVAL).args("--profile Seller=odd.csv").exits(1);
    assert_eq!(trusted(&ran.lines()), [("behind the gap".to_string(), Value::Bool(false))]);
    ran.err_has("bad profile: odd.csv line 2").err_has("5 rejected");
}

#[test]
fn simulations_over_the_past_tell_of_profiles_of_today() {
    let simulate = "simulate trust --at 2025-01-01 --at 2026-01-01 --input claims.jsonl --profile Seller=sellers.csv";
    let ran = folder().run(simulate).exits(1);
    assert!(!ran.err.contains("of today"), "{ran}");
    let timeless = POLICY.replace(" valid from since until ended", "");
    let today = folder()
        .with("trust/trust.policy", timeless)
        .with("sellers.csv", "id,grade,since,ended\ns1,4,2024-01-01,\ns2,5,2024-05-01,\n");
    let ran = today.run(simulate).exits(0);
    assert_eq!(ran.err.matches("profiles of Seller are those of today").count(), 1, "{ran}");
}
