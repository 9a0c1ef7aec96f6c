//! The worked example of `docs/two_billion.md`, on the shipped rulebook and sample.

use std::fs;
use std::path::Path;

use crate::harness::{Folder, Ran};

fn ran(command: &str, set: &str) -> Ran {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/taobao");
    let data = root.join("data/return_treasure_savings.jsonl");
    let (root, data) = (root.display(), data.display());
    let run = Folder::new().run(command).arg(&root.to_string());
    let run = run.args("--policy return_treasure_savings --input").arg(&data.to_string());
    run.args(set).exits(0).err_is("")
}

/// What sellers save in a year, as the command tells it.
fn saved(set: &str) -> String {
    let ran = ran("simulate", set);
    let line = ran.out.lines().find(|line| line.contains("What sellers save in a year:"));
    line.unwrap_or_else(|| panic!("{ran}")).trim().to_string()
}

#[test]
fn the_page_shows_what_the_command_prints() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/two_billion.md");
    let page = fs::read_to_string(page).unwrap();
    for set in ["", "--set insured_share=50%"] {
        let told = saved(set);
        assert!(page.contains(&told), "{told} is not on the page");
    }
    for (set, shown) in
        [("least_saved=30%", "6,831,000,000"), ("joined_share=80%", "1,681,800,000")]
    {
        let told = saved(&format!("--set {set}"));
        assert!(told.contains(&format!("→ CNY {shown}.00")) && page.contains(shown), "{told}");
    }
}

#[test]
fn the_claim_falls_where_the_page_says() {
    let billions = |set: &str| {
        let told = saved(&format!("--set {set}"));
        let after =
            told.split("→ CNY ").nth(1).unwrap().split(' ').next().unwrap().replace(',', "");
        after.parse::<f64>().unwrap() / 1e9
    };
    for (above, below) in [
        ("orders_a_year=35_200_000_000", "orders_a_year=35_100_000_000"),
        ("insured_share=52.8%", "insured_share=52.6%"),
        ("premium_level=87.9%", "premium_level=87.8%"),
        ("least_saved=8.8%", "least_saved=8.7%"),
        ("joined_share=86%", "joined_share=85%"),
    ] {
        assert!(billions(above) >= 2.0, "{above}: {}", billions(above));
        assert!(billions(below) < 2.0, "{below}: {}", billions(below));
    }
}

#[test]
fn the_page_shows_the_curve() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/two_billion.md");
    let page = fs::read_to_string(page).unwrap();
    let ran = ran("sweep", "--set least_saved=7%..12%/1%");
    let rows: Vec<_> = ran.out.lines().filter(|line| line.starts_with(['┌', '│', '└'])).collect();
    let table = rows.split_inclusive(|line| line.starts_with('└')).next().unwrap();
    assert!(table.len() > 8, "{ran}");
    for row in table {
        assert!(page.contains(row), "{row} is not on the page");
    }
}
