//! Rulebooks that include others.

use crate::harness::Folder;

const BASE: &str = "\
record Order { id: text  at: time }
parameter unused: number = 3
list stopped: text from \"lists/stopped.txt\"
policy orders for Order dated by at {
  decide check: pass < stop by strictest otherwise pass
    rule listed { when id in stopped then stop }
}
";

const LAW: &str = "\
policy law amends orders {
  rule pardoned {
    from 2026-02-01
    overrides orders.listed
    then pass
  }
}
";

const SCENARIOS: &str = "\
policy: orders
given: { id: o1, at: 2026-02-01 }
scenarios:
  - name: the law pardons
    expect: { check: pass, by: [law.pardoned], overridden: [listed] }
  - name: before the law
    with: { at: 2026-01-31T23:59:59Z }
    expect: { check: stop, by: [listed], overridden: [] }
";

/// A law in a folder beside that of a platform. The platform's policy is not formatted, has a
/// warning, and a scenario that fails.
fn folders() -> Folder {
    Folder::new()
        .with("platform/rulebook.yaml", "name: platform\n")
        .with("platform/orders.policy", BASE)
        .with("platform/lists/stopped.txt", "o1\n")
        .with("platform/tests/t.yaml", "policy: orders\n")
        .with("law/rulebook.yaml", "name: law\ninclude: [../platform]\n")
        .with("law/law.policy", LAW)
        .with("law/tests/t.yaml", SCENARIOS)
}

#[test]
fn an_included_policy_is_judged_with_its_overlays() {
    let folders = folders();
    folders
        .run("check law --deny-warnings")
        .exits(0)
        .out_is("law (1 policy, 2 rules): no problems\n");
    folders.run("test law").exits(0).out_has("2 passed");
    let record = r#"{"id": "o1", "at": "2026-02-01"}"#;
    let run = folders.run("eval law --format json --input -").input(record).exits(0);
    assert_eq!(run.json()[0]["rules"][0]["rule"], "law.pardoned");
    let run = folders.run("eval platform --format json --input -").input(record).exits(0);
    assert_eq!(run.json()[0]["rules"][0]["rule"], "listed");
    let run = folders.run("explain law --input -").input(record).exits(0);
    run.out_has("by law.pardoned").out_has("◐ listed: fired, but is overridden by law.pardoned");
}

#[test]
fn the_digest_covers_what_is_included() {
    let record = r#"{"id": "o2", "at": "2026-02-01"}"#;
    let digest = |folders: &Folder| {
        let run = folders.run("eval law --format json --input -").input(record).exits(0);
        run.json()[0]["rulebook"]["digest"].as_str().unwrap().to_string()
    };
    let before = digest(&folders());
    assert_eq!(digest(&folders()), before);
    assert_ne!(digest(&folders().with("platform/lists/stopped.txt", "o3\n")), before);
    assert_ne!(
        digest(&folders().with("platform/orders.policy", BASE.replace("pass <", "pass  <"))),
        before
    );
}

#[test]
fn only_own_files_are_formatted() {
    let folders = folders();
    folders.run("fmt law --check").exits(0).out_is("");
    folders.run("fmt law").exits(0).out_is("");
    assert_eq!(folders.read("platform/orders.policy"), BASE);
    folders.run("fmt platform --check").exits(1).out_is("platform/orders.policy\n");
}

#[test]
fn errors_of_included_files_are_told_with_paths_that_can_be_opened() {
    let folders = folders().with("platform/more/wrong.policy", "parameter wrong: number = \"a\"\n");
    let ran = folders.run("check law").exits(1);
    ran.out_has("╭▸ platform/more/wrong.policy:1:27").out_has("law: 1 error\n");
}

#[test]
fn a_circle_on_the_disk_is_told() {
    let folders = folders().with("platform/rulebook.yaml", "name: platform\ninclude: [../law/.]\n");
    let ran = folders.run("check law").exits(1);
    let ran = ran.out_has("error[bad-include]: rulebooks include each other in a circle");
    ran.out_has("╭▸ platform/rulebook.yaml:2:11").out_has("law/rulebook.yaml:2:11");
    let folders = folders.with("law/rulebook.yaml", "name: law\ninclude: [../law]\n");
    folders.run("check law").exits(1).out_has("the rulebook includes itself");
    let folders = folders.with("law/rulebook.yaml", "name: law\ninclude: [../lost, law.policy]\n");
    let ran = folders.run("check law").exits(1).out_has("there is no folder `../lost`");
    ran.out_has("there is no folder `law.policy`");
}

#[test]
fn an_overlay_is_not_judged_itself() {
    let folders = folders();
    let ran = folders.run("eval law --policy law --input -").input("{}").exits(2);
    ran.err_has("there is no policy `law`; `law` amends `orders`; judge `orders`");
    let folders =
        folders.with("law/tests/t.yaml", SCENARIOS.replace("policy: orders", "policy: law"));
    folders.run("test law").exits(1).err_has("`law` amends `orders`; judge `orders`");
}

#[test]
fn coverage_counts_what_the_rulebook_says_itself() {
    let folders = folders();
    let ran = folders.run("test law --coverage --format json").exits(0);
    let shares = &ran.json()["shares"]["rules"];
    assert_eq!((shares["covered"].as_u64(), shares["of"].as_u64()), (Some(1), Some(1)));
    let ran = folders.run("test law --mutate --format json").output().ran;
    assert!(!ran.out.contains("orders.policy"), "{ran}");
}
