//! What is not let in: files that are no policies, rulebooks that say nothing, and those whose claims are broken.

use crate::harness::Folder;

const CARS: &str = "
record Car { id: text, seats: number, doors: number }

policy hire for Car {
  decide deposit: low < high by strictest otherwise low
  rule roomy { when seats > doors then high }
CLAIM
}
";

/// Two rulebooks: one whose claim is broken, and one whose claim holds.
fn cars() -> Folder {
    let claim = |claim: &str| CARS.replace("CLAIM", claim);
    let broken = claim("  invariant vans_are_cheap { when seats > 8 never deposit == high }");
    let sound = claim("  invariant small_is_cheap { when seats <= doors never deposit == high }");
    Folder::new()
        .with("broken/hire.policy", broken)
        .with("broken/rulebook.yaml", "name: cars\n")
        .with("broken/tests/van.yaml", "policy: hire\nscenarios:\n  - name: van\n    given: { id: c, seats: 9, doors: 5 }\n    expect: { deposit: high }\n")
        .with("sound/hire.policy", sound)
        .with("sound/rulebook.yaml", "name: cars\n")
        .with("cars.jsonl", "{\"id\":\"c1\",\"seats\":9,\"doors\":5}\n")
}

#[test]
fn a_file_that_is_no_policy_is_refused_by_every_command() {
    let folder = cars()
        .with("notes.txt", "bring the van back\n")
        .with("HIRE.POLICY", "")
        .with("hire.policy.txt", "")
        .with("odd/rulebook.yml", "name: odd\n")
        .with("odd/a.policy", CARS.replace("CLAIM", ""));
    for command in [
        "check notes.txt",
        "fmt notes.txt",
        "eval notes.txt --input cars.jsonl",
        "explain notes.txt --input cars.jsonl",
        "simulate notes.txt --input cars.jsonl",
        "simulate sound --baseline notes.txt --input cars.jsonl",
        "sweep notes.txt --input cars.jsonl --set a=1..2/1",
        "timeline notes.txt",
        "doc notes.txt --output site",
        "test notes.txt",
    ] {
        let ran = folder.run(command).exits(2).out_is("");
        ran.err_has("notes.txt is no policy file").err_has("ends in `.policy`");
    }
    for (path, instead) in [
        ("HIRE.POLICY", "rename it to `HIRE.policy`"),
        ("hire.policy.txt", "rename it to `hire.policy`"),
        ("sound/rulebook.yaml", "name the folder of the rulebook, `sound`"),
        (
            "odd/rulebook.yml",
            "name the folder of the rulebook, `odd`, and let its settings be called `rulebook.yaml`",
        ),
    ] {
        folder.run(&format!("check {path}")).exits(2).out_is("").err_has(instead);
    }
    folder.run("check odd").exits(0).out_has("`rulebook.yml` is not read");
}

#[test]
fn what_says_nothing_is_told() {
    let policy = CARS.replace("CLAIM", "");
    let idle = "record Key { id: text }\npolicy keys for Key { title \"Keys\" }\n";
    let folder = cars()
        .with("blank.policy", "// nothing yet\n")
        .with("mixed/rulebook.yaml", "name: mixed\n")
        .with("mixed/hire.policy", policy)
        .with("mixed/later.policy", "")
        .with("idle.policy", idle)
        .with("records.policy", "record Key { id: text }\n");
    let blank = folder.run("check blank.policy").exits(1);
    blank.out_has("error[no-policies]: `blank.policy` defines nothing");
    let mixed = folder.run("check mixed").exits(0);
    mixed.out_has("warning[empty-policy]: `later.policy` defines nothing");
    folder.run("check idle.policy").exits(0).out_has("policy `keys` decides nothing");
    for command in ["eval", "explain", "simulate"] {
        let ran = folder.run(&format!("{command} records.policy --input cars.jsonl")).exits(2);
        ran.out_is("").err_has("defines no policy");
    }
}

#[test]
fn a_broken_claim_keeps_a_rulebook_from_use() {
    let folder = cars();
    folder.run("check broken").exits(1).out_has("`vans_are_cheap` does not hold");
    for command in [
        "eval broken --input cars.jsonl",
        "explain broken --input cars.jsonl",
        "simulate broken --input cars.jsonl",
        "simulate sound --baseline broken --input cars.jsonl",
        "sweep broken --input cars.jsonl --set a=1..2/1",
        "timeline broken",
        "doc broken --output site",
        "test broken",
        "test broken --coverage",
        "test broken --mutate",
    ] {
        let ran = folder.run(command).exits(1).out_is("");
        ran.err_has("error[broken-invariant]: `vans_are_cheap` does not hold").err_has("1 error");
    }
    assert!(!folder.path("site").exists());
    folder.run("eval sound --input cars.jsonl").exits(0).out_has("high");
}

/// A parameter that breaks a claim is no parameter to decide by.
#[test]
fn a_claim_is_looked_at_with_the_parameters_that_are_set() {
    let policy = "
        record Stay { id: text, nights: number }
        parameter free: number = 2
        policy stays for Stay {
          decide pay: bool by first otherwise true
          rule short { when nights < free then false }
          invariant weeks_are_paid { when nights >= 7 never pay == false }
        }";
    let folder =
        Folder::new().with("stays.policy", policy).with("s.jsonl", "{\"id\":\"s\",\"nights\":8}\n");
    folder.run("eval stays.policy --input s.jsonl --set free=7").exits(0);
    let run = folder.run("eval stays.policy --input s.jsonl --set free=9").exits(1);
    run.out_is("").err_has("`weeks_are_paid` does not hold");
    let run = folder.run("sweep stays.policy --input s.jsonl --set free=6..9/1").exits(1);
    run.out_is("").err_has("`weeks_are_paid` does not hold");
}
