//! `rulebook test --coverage`.

use crate::shop::shop;

#[test]
fn coverage_is_drawn_on_the_text() {
    let ran = shop().run("test shop --coverage").exits(0).err_is("").plain();
    let ran = ran.out_has("● 27 │   rule large {\n");
    let ran = ran.out_has(
        "◐ 43 │     when score is present and score >= trusted\n     \
         │                               ~~~~~~~~~~~~~~~~ only shown as true\n",
    );
    let ran = ran.out_has("○ 50 │   rule exchanges {\n     │        ^^^^^^^^^ never fired\n");
    let ran = ran.out_has("○ 76 │     when hour(at) < 6\n");
    ran.out_has("refunds      2/5  40.0%      2/4  50.0%      2/2 100.0%      2/6  33.3%\n");
}

#[test]
fn coverage_as_json_names_every_place() {
    let coverage = shop().run("test shop --coverage --format json").exits(0).err_is("").json();
    assert_eq!(coverage["scenarios"], 4);
    assert_eq!(coverage["policies"][0]["shares"]["clauses"]["covered"], 2);
    let large = &coverage["policies"][0]["rules"][0];
    assert_eq!((&large["rule"], &large["status"]), (&"large".into(), &"covered".into()));
    let condition = &large["conditions"][0];
    assert_eq!(condition["text"], "amount > limit");
    assert_eq!((&condition["file"], &condition["line"]), (&"shop.policy".into(), &32.into()));
    assert_eq!((&condition["as_true"], &condition["as_false"]), (&1.into(), &2.into()));
}

#[test]
fn too_little_coverage_fails() {
    let ran = shop().run("test shop --coverage --min-coverage 33").exits(1).plain();
    ran.err_is("failed: coverage of clauses is 28.5%, below 33%\n");
    let enough = "test shop --coverage --min-coverage rules=33,phases=50,clauses=28.5";
    shop().run(enough).exits(0).err_is("");
    let ran = shop().run("test shop --coverage --min-coverage rules=40,defaults=67").exits(1);
    let ran = ran.plain().err_has("coverage of rules is 33.3%, below 40%\n");
    ran.err_has("coverage of defaults is 66.6%, below 67%\n");
    shop().run("test shop --coverage --min-coverage lines=40").exits(2).err_has("none of rules");
    shop().run("test shop --coverage --min-coverage 101").exits(2).err_has("no percentage");
    shop().run("test shop --min-coverage 10").exits(2).err_has("--coverage");
    shop().run("test shop --coverage --format junit").exits(2).err_has("does not go with");
}

#[test]
fn coverage_goes_into_a_file() {
    let shop = shop();
    shop.run("test shop --coverage --output marks.txt").exits(0).out_is("");
    assert!(shop.read("marks.txt").contains("● 27 │   rule large {\n"));
}
