//! Ranges of values of a parameter: every point is what `simulate --set` tells of its value.

use serde_json::Value;

use crate::harness::{Folder, Ran};

const POLICY: &str = "
record Order { id: text  at: time  amount: CNY  score: number  kind: a | b }
parameter limit: CNY = 50 CNY
parameter trusted: number = 4.7
parameter wait: duration = 3 days
policy refunds for Order dated by at {
  decide refund: support < negotiate < reject by strictest otherwise negotiate
  decide fee: CNY by total
  rule small { when amount <= limit then refund = support, fee = amount * 0.1 }
  rule trusted_one { when score >= trusted then refund = support }
  rule large { when amount > 80 CNY and wait > 1 day then refund = reject, fee = 1 CNY }
  measure platform_cost = sum(amount) where refund == support title \"What it costs\"
}
";

fn folder() -> Folder {
    let lines = (0..900_u64).map(|at| {
        let (amount, score) = ((at * 37) % 100, 40 + (at * 13) % 11);
        let (whole, tenth) = (score / 10, score % 10);
        let kind = if at % 3 == 0 { "a" } else { "b" };
        let (month, day) = (at % 12 + 1, at % 28 + 1);
        format!(
            "{{\"id\":\"o{at}\",\"at\":\"2024-{month:02}-{day:02}T08:00:00Z\",\"amount\":{amount},\
             \"score\":{whole}.{tenth},\"kind\":\"{kind}\"}}\n"
        )
    });
    Folder::new().with("shop.policy", POLICY).with("in.jsonl", lines.collect::<String>())
}

fn sweep(folder: &Folder, arguments: &[&str]) -> Ran {
    let run = folder.run("sweep shop.policy --input in.jsonl");
    arguments.iter().fold(run, |run, argument| run.arg(argument)).exits(0).err_is("")
}

/// What `simulate` tells, without what sweeps leave out.
fn simulated(folder: &Folder, arguments: &[&str]) -> Value {
    let run = folder.run("simulate shop.policy --input in.jsonl --format json --sample 0");
    let ran = arguments.iter().fold(run, |run, argument| run.arg(argument)).exits(0);
    let mut impact = ran.json();
    for left_out in ["rules", "watched"] {
        impact[left_out] = Value::Array(Vec::new());
    }
    impact
}

#[test]
fn each_point_is_what_simulate_tells_of_its_value() {
    let folder = folder();
    let more = ["--sum", "amount", "--by", "kind", "--by", "at"];
    let all: Vec<_> =
        ["--set", "trusted=4.5..4.9/0.1", "--format", "json"].into_iter().chain(more).collect();
    let swept = sweep(&folder, &all).json();
    assert_eq!(swept["parameters"], serde_json::json!(["trusted"]));
    let points = swept["points"].as_array().unwrap();
    assert_eq!(points.len(), 5);
    let mut changed = Vec::new();
    for (point, value) in points.iter().zip(["4.5", "4.6", "4.7", "4.8", "4.9"]) {
        assert_eq!(point["values"], serde_json::json!([value]));
        let set = format!("trusted={value}");
        let own: Vec<_> = ["--set", &set].into_iter().chain(more).collect();
        assert_eq!(point["impact"], simulated(&folder, &own), "{value}");
        changed.push(point["impact"]["changed"]["records"].as_u64().unwrap());
    }
    assert!(changed[0] > changed[1] && changed[2] == 0 && changed[4] > 0, "{changed:?}");
}

#[test]
fn ranges_are_crossed_and_single_values_hold_for_all() {
    let folder = folder();
    let arguments = [
        "--set",
        "limit=40 CNY..60 CNY/20 CNY",
        "--set",
        "wait=1 day..3 days/2 days",
        "--set",
        "trusted=5",
        "--format",
        "json",
    ];
    let swept = sweep(&folder, &arguments).json();
    let points = swept["points"].as_array().unwrap();
    let values: Vec<_> = points.iter().map(|point| point["values"].to_string()).collect();
    let [a, b] = ["40 CNY", "60 CNY"];
    let [c, d] = ["1 day", "3 days"];
    let wanted = [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| format!("[\"{x}\",\"{y}\"]"));
    assert_eq!(values, wanted);
    let one =
        simulated(&folder, &["--set", "limit=60 CNY", "--set", "wait=1 day", "--set", "trusted=5"]);
    assert_eq!(points[2]["impact"], one);
}

#[test]
fn any_number_of_threads_comes_to_the_same() {
    let folder = folder();
    let on = |threads: &str| {
        let arguments =
            ["--set", "limit=10..90/10", "--by", "kind", "--format", "csv", "--threads", threads];
        sweep(&folder, &arguments).out
    };
    assert_eq!(on("1"), on("3"));
}

#[test]
fn sheets_have_a_line_for_each_point_and_group() {
    let folder = folder();
    let arguments =
        ["--set", "limit=40..60/10", "--sum", "amount", "--by", "kind", "--format", "csv"];
    let out = sweep(&folder, &arguments).out;
    let lines: Vec<Vec<_>> = out.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), 1 + 3 + 2 * 3, "{out}");
    let column = |name: &str| lines[0].iter().position(|own| *own == name).unwrap();
    let number = |line: usize, name: &str| lines[line][column(name)].parse::<f64>().unwrap();
    let changed = column("changed");
    let own = |field: &str, limit: &str| {
        let own = lines.iter().filter(|line| line[1] == field && line[0] == limit);
        own.map(|line| line[changed].parse::<u64>().unwrap()).sum::<u64>()
    };
    for limit in ["40", "50", "60"] {
        assert_eq!(own("", limit), own("kind", limit), "{out}");
    }
    assert_eq!(number(2, "changed"), 0.0);
    assert!(number(1, "changed") > 0.0 && number(1, "changed sum(amount) (CNY)") > 0.0);
    assert!(number(1, "platform_cost (CNY)") < number(3, "platform_cost (CNY)"));
    assert_eq!(number(1, "records"), 900.0);
    let outcomes = ["refund=support", "refund=negotiate", "refund=reject"];
    assert_eq!(outcomes.map(|name| number(3, name)).iter().sum::<f64>(), 900.0);
}

#[test]
fn the_text_tells_every_value_and_how_it_is_now() {
    let folder = folder();
    let ran = sweep(&folder, &["--set", "limit=40..60/10", "--by", "kind"]).plain();
    let ran = ran.out_has("refunds").out_has("900 records are judged at each of 3 points");
    let ran = ran.out_has("What it costs").out_has("baseline").out_has("█");
    ran.out_has("changed, by kind").out_lacks("NaN");
}

#[test]
fn the_page_shows_what_the_command_prints() {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let page = std::fs::read_to_string(root.join("docs/sweep.md")).unwrap();
    let (rulebook, data) =
        (root.join("policies/taobao"), root.join("policies/taobao/data/refund_only.jsonl"));
    let run = Folder::new().run("sweep --policy refund_only --set trusted_score=4.5..4.9/0.1");
    let run = run.arg(rulebook.to_str().unwrap()).arg("--input").arg(data.to_str().unwrap());
    let ran = run.exits(0);
    let rows = ran.out.lines().filter(|line| line.starts_with("│ "));
    let rows: Vec<_> = rows.take_while(|line| !line.contains("support")).collect();
    assert_eq!(rows.len(), 6, "{ran}");
    for row in rows {
        assert!(page.contains(row), "{row} is not on the page");
    }
}

#[test]
fn lines_that_lie_on_each_other_are_drawn_as_one() {
    let folder = folder();
    let two = ["--set", "limit=40..60/10", "--set", "wait=2 days..4 days/1 day"];
    let arguments: Vec<_> = two.into_iter().chain(["--format", "svg"]).collect();
    let drawing = sweep(&folder, &arguments).out;
    // `wait` is more than a day in any case.
    assert!(drawing.contains("Records decided differently, whatever wait is"), "{drawing}");
    assert!(!drawing.contains("class=\"curve s1\""), "{drawing}");
}

#[test]
fn the_drawing_is_one_file() {
    let folder = folder();
    let arguments = ["--set", "limit=40..60/10", "--format", "svg", "--output", "curve.svg"];
    sweep(&folder, &arguments).out_is("");
    let drawing = folder.read("curve.svg");
    assert!(drawing.starts_with("<svg xmlns=") && drawing.ends_with("</svg>\n"));
    assert!(drawing.contains("What it costs") && !drawing.contains("NaN"), "{drawing}");
    // The measure, what changes, the outcomes of `refund`, and what `fee` adds up to.
    assert_eq!(drawing.matches("<path class=\"curve s0\"").count(), 4);
}

#[test]
fn what_is_wrong_with_a_range_is_said_and_nothing_is_judged() {
    let folder = folder();
    let refused = |set: &str| {
        folder.run("sweep shop.policy --input in.jsonl --set").arg(set).exits(2).out_is("").err
    };
    for (set, said) in [
        ("trusted=4.9..4.5/0.1", "is empty: write the smaller value first, 4.5..4.9/0.1"),
        ("trusted=4.5..4.9/0", "a step is more than 0"),
        ("trusted=4.5..4.9/0.3", "does not reach 4.9"),
        ("trusted=4.5..4.9", "has no step"),
        ("trusted=4.8", "needs a range"),
        ("trusted=0..9/0.01", "more than 200 values"),
        ("trustd=4.5..4.9/0.1", "did you mean `trusted`?"),
        ("limit=40 USD..60 USD/10 USD", "expected an amount in CNY"),
        ("limit=40 CNY..60 CNY/10 USD", "has not one unit"),
        ("wait=1..3/1", "expected a duration"),
    ] {
        let told = refused(set);
        assert!(told.contains(said), "{set}: {told}");
    }
    let run =
        folder.run("sweep shop.policy --input in.jsonl --set trusted=4..5 --set limit=9..1/1");
    let ran = run.exits(2).out_is("");
    ran.err_has("`--set trusted=4..5` has no step").err_has("`--set limit=9..1/1` is empty");
}

#[test]
fn counters_are_counted_for_each_value_that_they_read() {
    let policy = "
record Order { id: text  at: time  buyer: text  amount: CNY }
parameter small: CNY = 10 CNY
parameter most: number = 1
counter small_ones = count of Order by buyer within 30 days where amount <= small
policy claims for Order dated by at {
  decide refund: support < reject by strictest otherwise support
  rule many { when small_ones > most then reject }
}
";
    let lines = (1..=9_u32).map(|day| {
        let amount = day * 2;
        format!(
            "{{\"id\":\"o{day}\",\"at\":\"2024-03-0{day}\",\"buyer\":\"b\",\"amount\":{amount}}}\n"
        )
    });
    let folder =
        Folder::new().with("shop.policy", policy).with("in.jsonl", lines.collect::<String>());
    let arguments = ["--set", "small=4..12/4", "--set", "most=0..2/1", "--format", "json"];
    let swept = sweep(&folder, &arguments).json();
    let points = swept["points"].as_array().unwrap();
    assert_eq!(points.len(), 9);
    for point in points {
        let values = point["values"].as_array().unwrap();
        let [small, most] = [&values[0], &values[1]].map(|value| value.as_str().unwrap());
        let (small, most) = (format!("small={small}"), format!("most={most}"));
        let own = ["--set", small.as_str(), "--set", &most];
        assert_eq!(point["impact"], simulated(&folder, &own), "{small} {most}");
    }
}
