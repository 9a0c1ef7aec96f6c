//! How an impact is shown: dates where there are some, sides without places of this machine, and names that can be
//! read where they are drawn.

use crate::harness::Folder;

const UNDATED: &str = "
record Box { id: text, items: number, group: text? }
parameter many: number = 5
policy boxes for Box {
  decide look: bool by first otherwise false
  rule full { when items > many then true }
}
";

const DATED: &str = "
record Loan { id: text, asked: date, made: date, fine: CNY }
parameter term: duration = 30 days
policy loans for Loan dated by asked {
  decide late: bool by first otherwise false
  rule over { when asked > made + term then true }
}
";

#[test]
fn nothing_is_said_of_dates_where_there_are_none() {
    let folder = Folder::new()
        .with("boxes.policy", UNDATED)
        .with("boxes.jsonl", "{\"id\":\"b1\",\"items\":9}\n");
    let one = folder.run("simulate boxes.policy --input boxes.jsonl").exits(0);
    one.out_has("1 record is judged.").out_lacks("They are of");
    let change = "simulate boxes.policy --input boxes.jsonl --set many=10";
    let told = folder.run(change).exits(0).out_lacks("They are of");
    let year = |text: &str| text.contains("202");
    assert!(!year(&told.out), "{told}");
    let json = folder.run(&format!("{change} --format json")).exits(0).json();
    assert!(json["span"].is_null() && json["flips"][0]["dated"].is_null(), "{json}");
    folder.run(&format!("{change} --report page.html --flips f.csv")).exits(0);
    let page = folder.read("page.html");
    assert!(!page.contains("dated") && !page.contains("each record's own date"), "{page}");
    let cells = folder.read("f.csv");
    assert!(cells.lines().nth(1).unwrap().starts_with("0,b1,,"), "{cells}");
    let sweep = folder.run("sweep boxes.policy --input boxes.jsonl --set many=8..10/1").exits(0);
    sweep.out_has("1 record is judged at each of 3 points.").out_lacks("They are of");
    // Those that have dates keep them.
    let folder = folder.with("loans.policy", DATED).with(
        "loans.jsonl",
        "{\"id\":\"l1\",\"asked\":\"2024-05-30\",\"made\":\"2024-05-25\",\"fine\":1}\n",
    );
    let change = "simulate loans.policy --input loans.jsonl --set";
    let told = folder.run(change).arg("term=2 days").exits(0);
    told.out_has("They are of 2024-05-30 to 2024-05-30.");
}

#[test]
fn a_side_is_called_by_what_it_is_not_by_where_it_lies() {
    let folder = Folder::new()
        .with("v1/boxes.policy", UNDATED)
        .with("v2/boxes.policy", UNDATED.replace("= 5", "= 7"))
        .with("run/boxes.jsonl", "{\"id\":\"b1\",\"items\":6}\n")
        .with("other.policy", UNDATED);
    let root = folder.path("").canonicalize().unwrap();
    let root = root.to_str().unwrap().trim_end_matches('/');
    let simulate = format!(
        "simulate {root}/v2/boxes.policy --baseline {root}/v1/boxes.policy --input run/boxes.jsonl"
    );
    let json = folder.run(&format!("{simulate} --format json")).exits(0).json();
    assert_eq!(json["baseline"]["label"], "v1/boxes.policy");
    assert_eq!(json["candidate"]["label"], "v2/boxes.policy");
    folder.run(&format!("{simulate} --report page.html")).exits(0).out_lacks(root);
    assert!(!folder.read("page.html").contains(root));
    let sweep = format!(
        "sweep {root}/v2/boxes.policy --baseline {root}/v1/boxes.policy --input run/boxes.jsonl \
         --set many=5..8/1"
    );
    for format in ["text", "json", "csv", "svg"] {
        folder.run(&format!("{sweep} --format {format}")).exits(0).out_lacks(root);
    }
    // Seen from elsewhere: only as much of a path as tells the sides apart.
    let from = |path: &str| format!("{root}/{path}");
    let ran = folder
        .run("simulate --input boxes.jsonl --format json")
        .within("run")
        .args(&format!("{} --baseline {}", from("v2/boxes.policy"), from("v1/boxes.policy")))
        .exits(0);
    assert_eq!(ran.json()["baseline"]["label"], "v1/boxes.policy");
    let ran = folder
        .run("simulate --input boxes.jsonl --format json")
        .within("run")
        .args(&format!("{} --baseline {}", from("v2/boxes.policy"), from("other.policy")))
        .exits(0);
    assert_eq!(ran.json()["baseline"]["label"], "other.policy");
    let ran = folder.run("simulate . --format json --input ../run/boxes.jsonl").within("v1");
    assert_eq!(ran.exits(0).json()["candidate"]["label"], "v1");
}

/// Where texts of a drawing stand: from left to right, on which line.
fn places(page: &str, class: &str) -> Vec<(f64, String)> {
    let texts = page.split("<text ").skip(1).filter(|text| text.starts_with(class));
    let number = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse::<f64>().unwrap()
    };
    texts
        .map(|text| {
            let words = text.split_once('>').unwrap().1.split('<').next().unwrap();
            (number(text, "x"), words.to_string())
        })
        .collect()
}

#[test]
fn names_of_months_do_not_lie_on_each_other() {
    for months in [1_i32, 7, 11, 13, 23, 60, 240] {
        let line = |month: i32| {
            let (year, month) = (2004 + month / 12, month % 12 + 1);
            format!(
                "{{\"id\":\"l{year}{month}\",\"asked\":\"{year}-{month:02}-20\",\
                 \"made\":\"{year}-{month:02}-01\",\"fine\":1}}\n"
            )
        };
        let folder = Folder::new()
            .with("loans.policy", DATED)
            .with("loans.jsonl", (0..months).map(line).collect::<String>());
        folder
            .run("simulate loans.policy --input loans.jsonl --by asked --report page.html --set")
            .arg("term=9 days")
            .exits(0);
        let page = folder.read("page.html");
        let (_, drawn) = page.split_once("By month").unwrap();
        let (drawn, _) = drawn.split_once("</svg>").unwrap();
        let places = places(drawn, "class=\"soft\"");
        assert!(places.first().is_some_and(|(x, name)| *x == 0.0 && name == "2004-01"), "{months}");
        // `2004-01` is about 45 wide, in a drawing of 400, on a phone as elsewhere.
        assert!(
            places.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 50.0),
            "{months}: {places:?}"
        );
        assert!(places.iter().all(|(x, _)| *x <= 350.0), "{months}: {places:?}");
    }
}

#[test]
fn long_names_of_groups_leave_room_for_figures() {
    let name = "远洋运输的大件货物".repeat(6);
    let folder = Folder::new()
        .with("boxes.policy", UNDATED)
        .with("boxes.jsonl", format!("{{\"id\":\"b1\",\"items\":9,\"group\":\"{name}\"}}\n"));
    folder
        .run(
            "simulate boxes.policy --input boxes.jsonl --set many=10 --by group --report page.html",
        )
        .exits(0);
    let page = folder.read("page.html");
    let (_, drawn) = page.split_once("By group").unwrap();
    let shown = drawn.split("…</text>").next().unwrap().rsplit('>').next().unwrap();
    assert!(shown.chars().count() <= 20 && name.starts_with(shown), "{shown}");
}
