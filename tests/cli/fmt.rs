//! `rulebook fmt`.

use crate::harness::Folder;
use crate::shop::{POLICY, shop};

const UNTIDY: &str = "// first\nenum   E{a b}   // last";
const TIDY: &str = "// first\nenum E { a, b }  // last\n";

#[test]
fn a_file_that_is_laid_out_stays_as_it_is() {
    let folder = shop();
    folder.run("fmt shop").exits(0).out_is("").err_is("");
    folder.run("fmt shop --check").exits(0).out_is("").err_is("");
    assert_eq!(folder.read("shop/shop.policy"), POLICY);
}

#[test]
fn a_file_is_laid_out_once() {
    let folder = shop().with("shop/deep/er.policy", UNTIDY);
    folder.run("fmt shop").exits(0).out_is("shop/deep/er.policy\n").err_is("");
    assert_eq!(folder.read("shop/deep/er.policy"), TIDY);
    folder.run("fmt shop").exits(0).out_is("").err_is("");
    folder.run("fmt shop --check").exits(0).out_is("").err_is("");
}

#[test]
fn check_names_what_would_change_and_changes_nothing() {
    let folder = Folder::new().with("one.policy", UNTIDY);
    let ran = folder.run("fmt one.policy --check").exits(1);
    ran.out_is("one.policy\n").err_is("1 file would change\n");
    assert_eq!(folder.read("one.policy"), UNTIDY);
    folder.run("fmt one.policy").exits(0).out_is("one.policy\n");
    assert_eq!(folder.read("one.policy"), TIDY);
}

#[test]
fn a_broken_file_is_told_and_left_alone_while_others_are_laid_out() {
    let broken = "enum {  a }\nenum   E{a}\n";
    let folder = shop().with("shop/a.policy", broken).with("shop/b.policy", UNTIDY);
    let ran = folder.run("fmt shop").exits(1).out_is("shop/b.policy\n");
    ran.err_has("error[syntax]: expected a name").err_has("a.policy:1:6");
    assert_eq!(folder.read("shop/a.policy"), broken);
    assert_eq!(folder.read("shop/b.policy"), TIDY);
}

#[test]
fn nothing_to_lay_out_is_told() {
    let folder = Folder::new().with("empty/readme.md", "");
    folder.run("fmt empty").exits(1).out_is("").err_has("the folder holds no `.policy` file");
}

#[test]
fn a_file_that_is_not_utf_8_is_told_and_left_alone() {
    let folder = Folder::new().with("a.policy", b"enum   E { a } // caf\xe9\n");
    for arguments in ["fmt a.policy", "fmt a.policy --check"] {
        folder.run(arguments).exits(1).out_is("").err_has("a.policy is not UTF-8 text");
    }
    assert_eq!(std::fs::read(folder.path("a.policy")).unwrap(), b"enum   E { a } // caf\xe9\n");
}

#[test]
fn a_file_keeps_its_line_ends() {
    let windows = TIDY.replace('\n', "\r\n");
    let folder = Folder::new().with("one.policy", &windows);
    folder.run("fmt one.policy --check").exits(0).out_is("").err_is("");
    folder.run("fmt one.policy").exits(0).out_is("");
    assert_eq!(folder.read("one.policy"), windows);

    // Of mixed ends those of most lines are kept, and a file without a last one gets it.
    let mostly_windows = "// first\r\nenum   E{a b}   // last\r\n// more\n// end";
    let folder = Folder::new().with("one.policy", mostly_windows);
    folder.run("fmt one.policy").exits(0).out_is("one.policy\n");
    let kept = "// first\r\nenum E { a, b }  // last\r\n// more\r\n// end\r\n";
    assert_eq!(folder.read("one.policy"), kept);
    folder.run("fmt one.policy --check").exits(0);

    let mixed = Folder::new().with("one.policy", UNTIDY.replace("first\n", "first\r\n") + "\n");
    mixed.run("fmt one.policy").exits(0);
    assert_eq!(mixed.read("one.policy"), TIDY);
}

#[test]
fn standard_input_is_laid_out_on_standard_output() {
    let folder = shop();
    folder.run("fmt -").input(UNTIDY).exits(0).out_is(TIDY).err_is("");
    folder.run("fmt -").input(TIDY).exits(0).out_is(TIDY);
    let ran = folder.run("fmt - --check").input(UNTIDY).exits(1);
    ran.out_is("standard input\n").err_is("1 file would change\n");
    folder.run("fmt - --check").input(TIDY).exits(0).out_is("").err_is("");
    folder.run("fmt -").input("enum {").exits(1).out_is("").err_has("standard input:1:6");
    folder.run("fmt - -").input(TIDY).exits(2).err_has("standard input can be read only once");
}

#[test]
fn several_rulebooks_are_laid_out_at_once() {
    let folder = shop().with("one.policy", UNTIDY).with("two/a.policy", UNTIDY);
    let ran = folder.run("fmt one.policy shop two --check").exits(1);
    ran.out_is("one.policy\ntwo/a.policy\n").err_is("2 files would change\n");
    folder.run("fmt one.policy shop two").exits(0).out_is("one.policy\ntwo/a.policy\n");
    assert_eq!(folder.read("two/a.policy"), TIDY);
}
