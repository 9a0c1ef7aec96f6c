//! Claims about all records: which are followed, and which a site tells as facts.

use crate::harness::Folder;

/// What `check` says of a claim about parcels.
fn checked(claim: &str) -> (bool, String) {
    let policy = format!(
        "enum Way {{ road, rail, sea }}
         record Parcel {{ id: text, kilos: number, way: Way, to: text, sent: date, gift: bool, fee: EUR }}
         policy parcels for Parcel {{
           decide look: bool by first otherwise false
           rule heavy {{ when kilos > 5 then true }}
           rule far {{ when to == \"island\" then true }}
           invariant claimed {{ {claim} }}
         }}"
    );
    let folder = Folder::new().with("parcels.policy", policy);
    let ended = folder.run("check parcels.policy").output();
    (ended.code == 0, ended.ran.out)
}

#[test]
fn a_claim_may_name_fields() {
    for (claim, example) in [
        ("never look == true and kilos == 7", "\"kilos\":7"),
        ("never look and kilos == 7", "\"kilos\":7"),
        ("never kilos == 7 and look == true", "\"kilos\":7"),
        ("never true == look and 7 == kilos", "\"kilos\":7"),
        ("never look == true and kilos > 100", "\"kilos\":101"),
        ("never look == true and 100 < kilos", "\"kilos\":101"),
        ("when kilos == 7 never look == true", "\"kilos\":7"),
        ("never look == true and to == \"city\"", "\"to\":\"city\""),
        ("never look == true and to in [\"city\", \"town\"]", "\"to\":\"city\""),
        ("never look == true and way == sea", "\"way\":\"sea\""),
        ("never look == true and sent < 2024-03-01", "\"sent\":\"2024-02-29\""),
        ("never look == true and gift", "\"gift\":true"),
        ("never look == true and fee >= 9 EUR", "\"fee\":9"),
        ("never look == true and not (kilos <= 9)", "\"kilos\":10"),
        ("never not look and kilos == 3", "\"kilos\":3"),
    ] {
        let (holds, out) = checked(claim);
        assert!(!holds && out.contains("does not hold") && out.contains(example), "{claim}\n{out}");
    }
    for claim in [
        "never look == true and kilos == 3 and to == \"city\"",
        "never look and kilos == 3 and to == \"city\"",
        "never kilos <= 5 and look and to != \"island\"",
        "never look == false and (kilos > 5 or to == \"island\")",
        "never not look and kilos in 6 ..= 8",
        "when to == \"city\" never look == true and 4 >= kilos",
    ] {
        let (holds, out) = checked(claim);
        assert!(holds && out.contains("1 invariant proved"), "{claim}\n{out}");
    }
    let (holds, out) = checked("never look == true and kilos * 2 == 6 and to == \"city\"");
    assert!(holds && out.contains("could neither be proved nor refuted"), "{out}");
}

/// A text of Markdown without what its links lead to.
fn unlinked(text: &str) -> String {
    let mut parts = text.split("](");
    let first = parts.next().unwrap_or_default().to_string();
    let rest = parts.filter_map(|part| part.split_once(')')).map(|(_, behind)| behind);
    rest.fold(first, |text, part| text + part).replace('[', "")
}

#[test]
fn a_site_tells_as_facts_only_what_is_proved() {
    let policy = |claim: &str| {
        format!(
            "record Crop {{ id: text, perishable: bool, weight: number, volume: number }}
             policy crops for Crop {{
               title \"Crops\"
               decide withdraws: bool by first otherwise false
               decide fee: CNY by largest otherwise 0 CNY
               rule early {{ when not perishable and weight > volume then withdraws = true, fee = 3 CNY }}
               invariant no_return {{ when perishable never withdraws == true }}
               invariant bounded {{ never fee > 3 CNY }}
               invariant both {{ never fee >= 1 CNY and perishable }}
               {claim}
             }}"
        )
    };
    let folder = Folder::new()
        .with(
            "open/crops.policy",
            policy("invariant light { never withdraws and weight + volume > 100 }"),
        )
        .with("open/rulebook.yaml", "name: crops\nlanguages: [en, zh]\n")
        .with("broken.policy", policy("invariant light { never withdraws and weight > 100 }"));
    folder.run("doc open --output md --format markdown").exits(0);
    let page = folder.read("md/crops.md");
    let (_, claims) = page.split_once("## What always holds").unwrap();
    let (proved, open) = claims.split_once("## What is claimed, but not proved").unwrap();
    let proved = unlinked(&proved.replace('*', ""));
    assert!(
        proved.contains("no return: When perishable is yes, withdraws is never yes")
            || proved.contains("no return: When perishable, withdraws is never yes"),
        "{page}"
    );
    assert!(proved.contains("bounded: fee is never more than CNY 3.00"), "{page}");
    let both = "both: it is never so that fee is at least CNY 1.00 and perishable";
    assert!(proved.contains(both), "{page}");
    assert!(!proved.contains("light") && open.contains("light"), "{page}");
    assert!(folder.read("md/zh/crops.md").contains("尚未证明"));
    folder.run("doc open --output site").exits(0);
    let page = folder.read("site/crops.html");
    let (_, claims) = page.split_once("What always holds").unwrap();
    let (proved, open) = claims.split_once("What is claimed, but not proved").unwrap();
    assert!(!proved.contains("light") && open.contains("light"), "{page}");
    folder.run("doc broken.policy --output no").exits(1).err_has("`light` does not hold");
    assert!(!folder.path("no").exists());
}
