//! What rulebooks and files of others may do: what is no file is refused and not waited for, links lead
//! nowhere else, and a rulebook that is not trusted stays within its bounds.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

use crate::harness::{Folder, each};

const POLICY: &str = "\
list blocked: text from \"lists/buyers.txt\"
record Order { id: text  buyer: text }
policy orders for Order {
  decide open: bool by first otherwise true
  rule listed { when buyer in blocked then false }
}
";

const SCENARIOS: &str = "\
policy: orders
given: { id: o, buyer: z }
scenarios:
  - name: open
    expect: { open: true }
";

const ORDER: &str = "{\"id\":\"o\",\"buyer\":\"b\"}\n";

/// A rulebook `shop` beside a folder `other` that is none of its business.
fn shop() -> Folder {
    Folder::new()
        .with("shop/rulebook.yaml", "name: shop\n")
        .with("shop/orders.policy", POLICY)
        .with("shop/lists/buyers.txt", "b\n")
        .with("shop/tests/orders.yaml", SCENARIOS)
        .with("other/secret.txt", "secret\n")
        .with("other/more.policy", "parameter more: number = 1\n")
        .with("other/scenarios.yaml", SCENARIOS)
}

fn without(folder: Folder, path: &str) -> Folder {
    let path = folder.path(path);
    match path.is_dir() {
        true => std::fs::remove_dir_all(path).unwrap(),
        false => std::fs::remove_file(path).unwrap(),
    }
    folder
}

fn pipe(folder: &Folder, path: &str) {
    let made = Command::new("mkfifo").arg(folder.path(path)).status();
    assert!(made.unwrap().success());
}

fn link(folder: &Folder, from: &str, to: &str) {
    symlink(to, folder.path(from)).unwrap();
}

fn sparse(folder: &Folder, path: &str, size: u64) {
    std::fs::File::create(folder.path(path)).unwrap().set_len(size).unwrap();
}

#[test]
fn a_list_that_is_no_file_is_told_where_it_is_named() {
    let told = |make: &dyn Fn(&Folder), kind: &str| {
        let folder = without(shop(), "shop/lists/buyers.txt");
        make(&folder);
        let message = format!("error[unreadable-file]: cannot read `lists/buyers.txt`: {kind}\n");
        for rulebook in ["shop", "shop/orders.policy"] {
            let ran = folder.run("check").arg(rulebook).exits(1).out_has(&message);
            ran.out_has("orders.policy:1:25").out_has(": 1 error\n");
        }
    };
    let path = "shop/lists/buyers.txt";
    told(&|folder| pipe(folder, path), "it is a pipe, not a file");
    told(
        &|folder| drop(UnixListener::bind(folder.path(path)).unwrap()),
        "it is a socket, not a file",
    );
    told(&|folder| sparse(folder, path, (256 << 20) + 1), "it holds more than 256 MB");
    told(&|folder| sparse(folder, path, 1 << 40), "it holds more than 256 MB");
    let out = "it is a link that leads out of the rulebook's folder";
    told(&|folder| link(folder, path, "/dev/zero"), out);
    told(&|folder| link(folder, path, "../../other/secret.txt"), out);
}

/// What cannot be read keeps nothing else from being read, and is told where it is named.
#[test]
fn an_entry_that_cannot_be_read_is_told_where_it_is_named() {
    for rulebook in ["shop", "shop/orders.policy"] {
        let folder = shop();
        link(&folder, "shop/lists/other.txt", "nowhere");
        folder.run("check").arg(rulebook).exits(0);
        folder.run("eval").arg(rulebook).arg("--input").arg("-").input(ORDER).exits(0);
        let folder = without(folder, "shop/lists/buyers.txt");
        link(&folder, "shop/lists/buyers.txt", "nowhere");
        let told = "error[unreadable-file]: cannot read `lists/buyers.txt`: it cannot be read: ";
        folder.run("check").arg(rulebook).exits(1).out_has(told).out_has("orders.policy:1:25");
    }
}

/// Claims are parts of a rulebook as rules are.
#[test]
fn the_claims_of_a_stranger_are_bounded() {
    let mut policy = String::from("record R { n: number }\npolicy p for R {\n");
    policy += "decide m: yes | no by first otherwise no\nrule r { when n > 1 then yes }\n";
    for claim in 0..5_000 {
        policy += &format!("invariant i{claim} {{ when n < {claim} never m == yes }}\n");
    }
    let folder =
        Folder::new().with("r/rulebook.yaml", "name: r\n").with("r/p.policy", policy + "}");
    let told = "the rulebook has 5003 rules, invariants and definitions";
    folder.run("check r --untrusted").exits(1).out_has(told);
}

#[test]
fn a_policy_or_settings_that_are_no_file_are_told() {
    for name in ["rulebook.yaml", "more.policy"] {
        let folder = shop();
        let folder =
            if name == "rulebook.yaml" { without(folder, "shop/rulebook.yaml") } else { folder };
        pipe(&folder, &format!("shop/{name}"));
        let ran = folder.run("check shop").exits(1).out_has(": 1 error\n");
        ran.out_has(&format!("cannot read `{name}`: it is a pipe, not a file"));
    }
    let folder = shop();
    pipe(&folder, "pipe.policy");
    let told = "error: cannot read pipe.policy: it is a pipe, not a file\n";
    folder.run("check pipe.policy").exits(2).err_is(told);
    sparse(&folder, "shop/more.policy", (16 << 20) + 1);
    folder
        .run("check shop")
        .exits(1)
        .out_has("cannot read `more.policy`: it holds more than 16 MB");
}

#[test]
fn links_lead_nowhere_out_of_the_folder() {
    let out = "it is a link that leads out of the rulebook's folder";
    // A file, a folder, and a file beyond a folder.
    let folder = shop();
    link(&folder, "shop/more.policy", "../other/more.policy");
    folder.run("check shop").exits(1).out_has(&format!("cannot read `more.policy`: {out}"));
    let folder = shop();
    link(&folder, "shop/more", "../other");
    folder.run("check shop").exits(1).out_has(&format!("cannot read `more`: {out}"));
    folder.run("eval shop --input -").input(ORDER).exits(1).err_has(out);
    let folder = without(shop(), "shop/lists").with("other/lists/buyers.txt", "b\n");
    link(&folder, "shop/lists", "../other/lists");
    folder.run("check shop/orders.policy").exits(1).out_has(out).out_has("orders.policy:1:25");
    // Scenarios, and the folder in which they lie.
    let folder = shop();
    link(&folder, "shop/tests/more.yaml", "../../other/scenarios.yaml");
    let told = format!("error: cannot read shop/tests/more.yaml: {out}\n");
    folder.run("test shop").exits(2).err_is(&told);
    let folder = without(shop(), "shop/tests");
    link(&folder, "shop/tests", "../other");
    folder.run("test shop").exits(2).err_is(&format!("error: cannot read shop/tests: {out}\n"));
}

#[test]
fn links_within_the_folder_are_followed() {
    let folder = without(shop(), "shop/lists/buyers.txt").with("shop/lists/real.txt", "b\n");
    link(&folder, "shop/lists/buyers.txt", "real.txt");
    let folder = folder.with("shop/data/scenarios/more.yaml", SCENARIOS);
    link(&folder, "shop/tests/more.yaml", "../data/scenarios/more.yaml");
    // A link to the folder itself, and the rulebook by a link.
    link(&folder, "shop/again", "..");
    std::fs::remove_file(folder.path("shop/again")).unwrap();
    link(&folder, "shop/again", ".");
    link(&folder, "by_link", "shop");
    for rulebook in ["shop", "by_link"] {
        folder.run("check").arg(rulebook).args("--deny-warnings").exits(0);
        folder.run("test").arg(rulebook).exits(0).out_has("2 scenarios: 2 passed");
        let ran = folder.run("eval --input -").arg(rulebook).input(ORDER).exits(0);
        assert_eq!(each(&ran.lines(), "/decisions/open"), [false]);
    }
}

#[test]
fn include_and_profiles_reach_what_they_name_but_not_by_links() {
    let base = shop().with("law/rulebook.yaml", "name: law\ninclude: [../shop]\n");
    let base = base.with("law/law.policy", "parameter unused: number = 1\n");
    base.run("check law").exits(0);
    link(&base, "law_by_link", "law");
    base.run("check law_by_link").exits(0);
    link(&base, "shop_by_link", "shop");
    for way in ["../shop_by_link", "../shop_by_link/."] {
        let folder = base.path("law/rulebook.yaml");
        std::fs::write(folder, format!("name: law\ninclude: [{way}]\n")).unwrap();
        let ran = base.run("check law").exits(1).out_has("error[bad-include]: cannot read `../");
        ran.out_has("it is a link, and links are not followed here").out_has("rulebook.yaml:2:11");
    }

    let policy = "\
record Merchant { id: text  score: number }
record Order { id: text  merchant_id: text  merchant: Merchant by merchant_id }
policy orders for Order {
  decide good: bool by first otherwise false
  rule scored { when merchant.score > 4 then true }
}
";
    let profiles = "{\"id\":\"m\",\"score\":5}\n";
    let settings = "name: pay\nprofiles: { Merchant: ../kept/merchants.jsonl }\n";
    let folder = Folder::new()
        .with("pay/rulebook.yaml", settings)
        .with("pay/orders.policy", policy)
        .with("kept/merchants.jsonl", profiles);
    let eval = "eval pay --input -";
    let order = r#"{"id":"o","merchant_id":"m"}"#;
    folder.run(eval).input(order).exits(0);
    let ran = folder.run(eval).arg("--untrusted").input(order).exits(2);
    ran.err_has("it lies outside of the rulebook's folder, and the rulebook is not trusted");
    std::fs::rename(folder.path("kept"), folder.path("real")).unwrap();
    link(&folder, "kept", "real");
    let ran =
        folder.run(eval).input(order).exits(2).err_has("cannot read pay/../kept/merchants.jsonl");
    ran.err_has("it is a link, and links are not followed here\n`profiles` in rulebook.yaml names");
    // Whoever runs us may use links, and what the shell has opened, but nobody waits for a pipe.
    let named = "--untrusted --profile Merchant=kept/merchants.jsonl";
    folder.run(eval).args(named).input(order).exits(0);
    let folder = folder.with("order.jsonl", order);
    let given = "eval pay --input order.jsonl --profile Merchant=/dev/stdin";
    folder.run(given).input(profiles).exits(0);
    for name in ["pipe.jsonl", "pipe.db"] {
        pipe(&folder, name);
        let named = format!("--profile Merchant={name}");
        let told = format!("error: cannot read {name}: it is a pipe, not a file\n");
        folder.run(eval).args(&named).input(order).exits(2).err_is(&told);
    }
    sparse(&folder, "long.jsonl", (2 << 30) + 1);
    let ran = folder.run(eval).args("--profile Merchant=long.jsonl").input(order).exits(2);
    ran.err_is("error: cannot read long.jsonl: it holds more than 2 GB\n");
}

#[test]
fn records_come_from_files_and_from_what_the_shell_has_opened() {
    let folder = shop().with("orders.jsonl", ORDER);
    pipe(&folder, "pipe.jsonl");
    let _socket = UnixListener::bind(folder.path("socket.jsonl")).unwrap();
    link(&folder, "zeros.jsonl", "/dev/zero");
    for (input, kind) in [("pipe", "a pipe"), ("socket", "a socket"), ("zeros", "a device")] {
        let told = format!(
            "error: cannot read {input}.jsonl: it is {kind}, not a file; hand it over as standard input: `--input -`\n"
        );
        for command in ["eval", "explain", "simulate"] {
            let run = format!("{command} shop --input {input}.jsonl");
            folder.run(&run).exits(2).out_is("").err_is(&told);
        }
    }
    let ran = folder.run("eval shop --input *.jsonl").exits(2).out_is("");
    ran.err_has("cannot read pipe.jsonl: it is a pipe, not a file");
    let ran = folder.run("eval shop --input shop").exits(2);
    ran.err_is("error: shop is the folder of a rulebook, not one of records\n");
    for input in ["-", "/dev/stdin", "/dev/fd/0"] {
        let ran = folder.run("eval shop --input").arg(input).input(ORDER).exits(0);
        assert_eq!(ran.lines().len(), 1, "{input}");
    }
}

#[test]
fn a_rulebook_that_is_not_trusted_stays_in_its_folder() {
    let folder = shop();
    for command in ["check", "test", "fmt --check", "timeline", "doc --output site"] {
        folder.run(command).args("shop --untrusted").output();
    }
    folder.run("check shop --untrusted").exits(0);
    folder.run("test shop --untrusted").exits(0);
    folder.run("eval shop --untrusted --input -").input(ORDER).exits(0);
    let folder = folder.with("law/rulebook.yaml", "name: law\ninclude: [../shop]\n");
    let folder = folder.with("law/law.policy", "parameter unused: number = 1\n");
    let ran = folder.run("check law --untrusted").exits(1);
    ran.out_has("it lies outside of the rulebook's folder, and the rulebook is not trusted");
    // Not even a link that stays in the folder is followed.
    let folder = without(shop(), "shop/lists/buyers.txt").with("shop/lists/real.txt", "b\n");
    link(&folder, "shop/lists/buyers.txt", "real.txt");
    folder.run("check shop --untrusted").exits(1).out_has("links are not followed here");
    let folder = without(folder, "shop/tests/orders.yaml");
    let folder = folder.with("shop/data/orders.yaml", SCENARIOS);
    link(&folder, "shop/tests/orders.yaml", "../data/orders.yaml");
    folder.run("test shop").exits(0);
    let folder = without(folder, "shop/lists/buyers.txt").with("shop/lists/buyers.txt", "b\n");
    folder.run("test shop --untrusted").exits(2).err_has("links are not followed here");
}

#[test]
fn a_rulebook_that_is_not_trusted_is_bounded() {
    let refused = |folder: Folder, why: &str| {
        folder.run("check shop --untrusted").exits(1).out_has(why);
        folder.run("eval shop --untrusted --input -").input(ORDER).exits(1).err_has(why);
    };
    let folder = shop();
    sparse(&folder, "shop/lists/buyers.txt", (8 << 20) + 1);
    refused(folder, "cannot read `lists/buyers.txt`: it holds more than 8 MB");
    let folder = shop().with("shop/more.policy", "// more\n".repeat(1 << 18));
    refused(folder, "cannot read `more.policy`: it holds more than 1 MB");
    let folder = shop();
    for list in ["a", "b", "c"] {
        sparse(&folder, &format!("shop/lists/{list}.txt"), 7 << 20);
    }
    refused(folder, "the rulebook cannot be read whole: its files hold more than 16 MB together");
    let mut folder = shop();
    for number in 0..500 {
        folder = folder.with(&format!("shop/lists/{number}.txt"), "a\n");
    }
    refused(folder, "the rulebook cannot be read whole: it has more than 500 files");
    let deep = "shop/".to_string() + &"a/".repeat(9) + "more.policy";
    let folder = shop().with(&deep, "parameter more: number = 1\n");
    refused(folder, "folders nest deeper than 8 here");
    let rules: String =
        (0..5_000).map(|number| format!("parameter p{number}: number = 1\n")).collect();
    let folder = shop().with("shop/more.policy", rules);
    refused(
        folder,
        "the rulebook has 5004 rules, invariants and definitions; one that is not trusted may have",
    );
    let settings = "name: shop\nscripts: { operations: 200000 }\n";
    refused(shop().with("shop/rulebook.yaml", settings), "`scripts` raises `operations`");
    let lower = shop().with("shop/rulebook.yaml", "name: shop\nscripts: { operations: 1000 }\n");
    lower.run("check shop --untrusted").exits(0);
    for wrong in ["0", "-1", "soon"] {
        let run = format!("check shop --untrusted={wrong}");
        shop().run(&run).exits(2).err_has("give a number of seconds");
    }
}

/// Many lists of one long item: few bytes that become many.
#[cfg(target_os = "linux")]
#[test]
fn a_run_that_is_not_trusted_ends_when_it_takes_too_much_memory() {
    let lists: String =
        (0..400).map(|number| format!("list l{number}: text from \"lists/long.txt\"\n")).collect();
    let folder = shop().with("shop/lists.policy", lists);
    sparse(&folder, "shop/lists/long.txt", 7 << 20);
    let told = "error: ended at 1 GB of memory, all that `--untrusted` allows here\n";
    folder.run("check shop --untrusted=600").exits(2).out_is("").err_is(told);
}

/// A run that has read the rulebook and is stuck, since nobody reads what it prints.
#[cfg(target_os = "linux")]
#[test]
fn a_run_that_is_not_trusted_ends_in_time_and_has_a_bound_of_memory() {
    let wrong: String =
        (0..2_000).map(|number| format!("parameter p{number}: number = a\n")).collect();
    let folder = shop().with("shop/wrong.policy", wrong);
    let mut child = Command::new(env!("CARGO_BIN_EXE_rulebook"))
        .current_dir(folder.path("."))
        .args(["check", "shop", "--format", "json", "--untrusted=2"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let limits = format!("/proc/{}/limits", child.id());
    let bounded = || {
        let limits = std::fs::read_to_string(&limits).unwrap_or_default();
        limits
            .lines()
            .any(|line| line.starts_with("Max address space") && line.contains(" 2147483648 "))
    };
    let mut seen = false;
    while !seen && child.try_wait().unwrap().is_none() {
        seen = bounded();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(seen, "no bound of memory was set");
    let mut err = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut err).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2), "{err}");
    assert_eq!(err, "error: ended after 2 s, all that `--untrusted` allows here\n");
}
