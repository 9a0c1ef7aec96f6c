//! Writes sample records for the shipped policies: `cargo run --example sample_orders [FOLDER]`.
//!
//! FOLDER holds the rulebooks and is `policies` unless told. The larger samples are written here, to
//! `FOLDER/<rulebook>/data/<policy>.jsonl`, one record a line; small ones are written by hand. All of
//! it is invented. The records crowd around the dates on which rules change, and fields that may be
//! missing sometimes are. The same program always writes the same bytes: each file is drawn from its
//! own fixed seed.

mod draw;

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use draw::{DAY, Draw, Fields, HOUR, Moment, in_units, to_index};
use serde_json::{Value, json};

/// How many records each file holds.
const RECORDS: usize = 400;

/// One file of sample data.
struct Sample {
    rulebook: &'static str,
    policy: &'static str,
    seed: u64,
    record: fn(&mut Draw) -> Fields,
}

const SAMPLES: [Sample; 7] = [
    sample("taobao", "refund_only", 1, refund_request),
    sample("taobao", "wechat_pay", 2, checkout),
    sample("wechat", "links", 3, link_open),
    sample("wechat", "wallet", 4, code_payment),
    sample("marketplace", "purchase_review", 5, purchase),
    sample("marketplace", "delivery_goodwill", 6, delivery),
    sample("taobao", "return_treasure_savings", 7, insured_order),
];

const fn sample(
    rulebook: &'static str,
    policy: &'static str,
    seed: u64,
    record: fn(&mut Draw) -> Fields,
) -> Sample {
    Sample { rulebook, policy, seed, record }
}

fn main() -> Result<(), Box<dyn Error>> {
    let argument = std::env::args().nth(1);
    let folder = PathBuf::from(argument.as_deref().unwrap_or("policies"));
    for sample in SAMPLES {
        let data = folder.join(sample.rulebook).join("data");
        fs::create_dir_all(&data)?;
        let path = data.join(format!("{}.jsonl", sample.policy));
        fs::write(&path, lines(&sample)?)?;
        writeln!(std::io::stdout(), "{}: {RECORDS} records", path.display())?;
    }
    Ok(())
}

/// The text of one file.
fn lines(sample: &Sample) -> Result<String, serde_json::Error> {
    let mut draw = Draw(sample.seed);
    let mut text = String::new();
    for number in 1..=RECORDS {
        let mut record = Fields::default();
        record.put("id", format!("r{number:04}"));
        record.0.append(&mut (sample.record)(&mut draw).0);
        text.push_str(&serde_json::to_string(&record.0)?);
        text.push('\n');
    }
    Ok(text)
}

// ---- Taobao -------------------------------------------------------------------------------------

/// Scores on both sides of every band.
const SCORES: [f64; 11] = [4.9, 4.8, 4.79, 4.5, 4.44, 4.2, 4.19, 4.35, 5.0, 4.65, 4.85];

const TAOBAO_CATEGORIES: &str = "clothing/dresses food/fresh/fruit food/fresh/seafood \
    food/infant_formula/stage_1 food/snacks home/daily_use/paper electronics/phones toys/puzzles";

fn refund_request(draw: &mut Draw) -> Fields {
    let requested = draw.moment(
        20231201..20260401,
        &[20231226, 20240801, 20240809, 20240809, 20241010, 20241010, 20260201],
    );
    let category = draw.word(TAOBAO_CATEGORIES);
    let cause = if category.starts_with("food/fresh") && draw.chance(75) {
        "rotten"
    } else {
        draw.word("no_reason misdescribed counterfeit late_shipment missing_parts other")
    };
    let is_signed = draw.chance(75);
    let is_shipped = is_signed || draw.chance(60);
    let signed = requested.minus(draw.below(9 * DAY));
    let shipped = signed.minus(DAY + draw.below(4 * DAY));
    let placed = shipped.minus(HOUR + draw.below(4 * DAY));

    let store = draw.below(STORES);
    let mut order = Fields::default();
    order.put("id", draw.id("o"));
    order.put("merchant_id", store_id(store));
    order.put("category", category);
    order.put("amount", draw.money(&[5_000, 5_000, 20_000, 200_000], 300_000));
    order.put("placed_at", placed.in_china());
    order.maybe(draw, "ship_by", 85, placed.plus(2 * DAY).in_china());
    if is_shipped {
        order.put("shipped_at", shipped.in_china());
        if draw.chance(8) {
            order.put("shipping_agreed", false);
        }
    }
    if is_signed {
        order.put("signed_at", signed.in_china());
        if category == "food/fresh/fruit" {
            let ripe = signed.plus(draw.below(3 * DAY));
            order.maybe(draw, "ripe_at", 30, ripe.in_china());
        }
    } else if is_shipped && draw.chance(40) {
        order.put("delivery_refused", true);
    }

    let mut record = Fields::default();
    record.put("claim", draw.word(CLAIMS));
    record.put("cause", cause);
    record.put("requested_at", requested.in_china());
    record.put("order", order);
    record.put("buyer", taobao_buyer(draw, requested));
    record.put("merchant", taobao_store(store));
    if draw.chance(25) {
        let mut inspection = Fields::default();
        inspection.put("finding", draw.word("as_described misdescribed counterfeit"));
        inspection.maybe(draw, "inspected_at", 70, requested.plus(DAY).in_china());
        record.put("inspection", inspection);
    }
    if cause == "rotten" {
        let share = draw.pick(&[0.05, 0.1, 0.11, 0.3, 0.49, 0.5, 0.8]);
        record.maybe(draw, "rotten_share", 85, share);
        let evidence = signed.plus(draw.below(60 * HOUR));
        record.maybe(draw, "evidence_at", 65, evidence.in_china());
    }
    let appeal = draw.word("open upheld dismissed");
    record.maybe(draw, "appeal", 10, appeal);
    if draw.chance(15) {
        record.put("wants_human_review", true);
    }
    record
}

const CLAIMS: &str = "refund_only refund_only refund_only refund_only return_refund exchange";

/// A buyer; one in four has a past that stands out.
/// A buyer. One of them comes again and again, so that there is a habit to count.
fn taobao_buyer(draw: &mut Draw, at: Moment) -> Fields {
    let count = if draw.chance(25) { 1 + draw.below(4) } else { 0 };
    let past: Vec<Value> = (0..count).map(|_| past_return(draw, at).into()).collect();
    let mut buyer = Fields::default();
    if draw.chance(20) {
        buyer.put("id", "b0007");
    } else {
        buyer.put("id", draw.id("b"));
    }
    if !past.is_empty() {
        buyer.put("past_returns", past);
    }
    buyer
}

fn past_return(draw: &mut Draw, before: Moment) -> Fields {
    let mut parcel = Fields::default();
    parcel.put("at", before.minus(HOUR + draw.below(40 * DAY)).in_china());
    parcel.put("parcel", draw.word("intact intact intact empty short swapped"));
    if draw.chance(15) {
        parcel.put("odd_logistics", true);
    }
    parcel
}

const STORES: u64 = 120;

fn store_id(number: u64) -> String {
    format!("m{number:03}")
}

/// A store; one number always has the same score.
fn taobao_store(number: u64) -> Fields {
    let mut store = Fields::default();
    store.put("id", store_id(number));
    match number % 20 {
        0 => {} // too few orders for a score
        10 => store.put("experience_score", Value::Null),
        _ => store.put("experience_score", SCORES[to_index(number) % SCORES.len()]),
    }
    if number % 5 < 3 {
        store.put("accepts_wechat_pay", true);
    }
    store
}

fn checkout(draw: &mut Draw) -> Fields {
    let at = draw.moment(
        20240115..20241101,
        &[20240201, 20240905, 20240912, 20240918, 20240924, 20240927, 20241001],
    );
    let version = draw.pick(&["10.40.0", "10.40.0", "10.42.10", "10.39.99", "9.85.0"]);
    let items: Vec<Value> = (0..1 + draw.below(3)).map(|_| item(draw).into()).collect();
    let mut buyer = Fields::default();
    buyer.put("id", draw.id("b"));

    let mut record = Fields::default();
    record.put("at", at.in_china());
    record.maybe(draw, "app_version", 90, version);
    record.put("items", items);
    record.put("buyer", buyer);
    record.put("seller", taobao_store(draw.below(STORES)));
    record
}

fn item(draw: &mut Draw) -> Fields {
    let category = draw.word(
        "clothing/dresses clothing/shoes clothing/coats food/snacks food/snacks/nuts \
         home/daily_use/paper electronics/phones toys/puzzles",
    );
    let mut item = Fields::default();
    item.put("category", category);
    item.put("amount", draw.money(&[9_900], 300_000));
    item
}

/// An order of any time of one year.
fn insured_order(draw: &mut Draw) -> Fields {
    let placed = Moment::start_of(20241001).plus(draw.below(365 * DAY));
    let mut record = Fields::default();
    record.put("placed_at", placed.in_china());
    record.put("seller_id", format!("s{:02}", draw.below(80)));
    let category = draw.word(
        "clothing clothing clothing clothing clothing shoes shoes home home food toys beauty",
    );
    record.put("category", category);
    record
}

// ---- WeChat -------------------------------------------------------------------------------------

/// A link and what it leads to.
const LINKS: [(&str, &str); 9] = [
    ("https://item.taobao.com/item.htm?id=7", "e_commerce"),
    ("https://detail.tmall.com/item.htm?id=8", "e_commerce"),
    ("https://shop.taobao.com/live/3", "video"),
    ("https://shop.example.com/p/1", "e_commerce"),
    ("https://news.example.com/story/1", "news"),
    ("https://films.example.org/watch/2", "video"),
    ("https://radio.example.org/show/4", "podcasts"),
    ("https://wheel.lottery-prizes.example/spin", "e_commerce"),
    ("https://www.example.net/win", "news"),
];

fn link_open(draw: &mut Draw) -> Fields {
    let at = draw.moment(
        20180501..20260101,
        &[
            20180529, 20191028, 20210723, 20210917, 20211129, 20220123, 20230601, 20230925,
            20251023, 20251101,
        ],
    );
    let surface = draw.word(
        "one_to_one one_to_one group_chat group_chat moments moments_ad channels_ad \
         mini_program_ad",
    );
    let (url, kind) = draw.pick(&LINKS);
    let version = draw.pick(&["8.0.14", "8.0.14", "8.0.40", "8.0.13", "7.0.22"]);

    let mut record = Fields::default();
    record.put("at", at.in_china());
    record.put("url", url);
    record.put("surface", surface);
    record.put("kind", kind);
    record.maybe(draw, "app_version", 90, version);
    if draw.chance(if surface == "moments" { 40 } else { 5 }) {
        record.put("has_password", true);
    }
    if draw.chance(8) {
        record.put("rewards_sharing", true);
    }
    if surface.ends_with("_ad") && draw.chance(60) {
        record.put("bought_through_alimama", true);
    }
    if url.contains("prizes") || url.contains("example.net") {
        let violations = draw.pick(&[0, 3, 19, 20, 45]);
        let is_fixed = draw.chance(30);
        record.maybe(draw, "site_violations", 90, violations);
        record.maybe(draw, "site_fixed", 50, is_fixed);
    }
    record
}

fn code_payment(draw: &mut Draw) -> Fields {
    let at = draw.moment(
        20180301..20250701,
        &[20180401, 20210930, 20240520, 20240601, 20240904, 20240930, 20250101],
    );
    let network = draw.word(
        "wechat_pay unionpay_quickpass unionpay_quickpass jd_pay jd_pay china_mobile \
         china_telecom china_unicom digital_rmb digital_rmb another_wallet",
    );

    let mut record = Fields::default();
    record.put("at", at.in_china());
    record.put("network", network);
    record.put("owner", draw.word("merchant_code merchant_code personal_code"));
    record.put("payee_id", draw.id("p"));
    record.put("city", draw.word("Hangzhou Chengdu wuhan Suzhou Ningbo Dali"));
    record
}

// ---- The marketplace ----------------------------------------------------------------------------

const CITIES: [(&str, &str); 7] = [
    ("SP", "sao paulo"),
    ("SP", "campinas"),
    ("RJ", "niteroi"),
    ("MG", "belo horizonte"),
    ("BA", "salvador"),
    ("PR", "curitiba"),
    ("AM", "manaus"),
];

fn purchase(draw: &mut Draw) -> Fields {
    let purchased = draw.moment(
        20161020..20180901,
        &[20170101, 20170601, 20170901, 20171124, 20171125, 20171127, 20180101],
    );
    let category = draw.word(
        "toys telephony computers watches_gifts bed_bath_table health_beauty garden_tools \
         board_games",
    );
    let method = draw.word("credit_card credit_card boleto voucher debit_card not_defined");
    let installments = if method == "credit_card" { draw.pick(&[1, 2, 3, 6, 10]) } else { 1 };
    let items = 1 + draw.below(3);
    let freight = draw.cents(&[800, 2_000], 4_500);
    let goods = match draw.below(8) {
        0 => freight / 2 + 1,
        _ => draw.cents(&[50_000, 100_000, 150_000], 260_000),
    };

    let mut order = Fields::default();
    order.put("id", draw.id("o"));
    order.put("purchased_at", purchased.text());
    order.put("estimated_at", promised_day(draw, purchased).text());
    order.maybe(draw, "amount", 97, in_units(goods + freight));
    order.put("items_amount", in_units(goods));
    order.put("freight", in_units(freight));
    order.put("item_count", items);
    order.put("seller_count", 1 + u64::from(items > 1 && draw.chance(40)));
    order.maybe(draw, "category", 94, category);
    order.maybe(draw, "payment_method", 97, method);
    order.maybe(draw, "installments", 97, installments);

    let mut record = Fields::default();
    record.put("order", order);
    record.put("buyer", brazil_buyer(draw));
    let merchant = brazil_store(draw);
    record.maybe(draw, "merchant", 96, merchant);
    record
}

fn delivery(draw: &mut Draw) -> Fields {
    let purchased =
        draw.moment(20170120..20180901, &[20170210, 20170601, 20180521, 20180525, 20180601]);
    let promised = promised_day(draw, purchased);
    let status = match draw.below(10) {
        0..7 => "delivered",
        7 => "shipped",
        8 => draw.word("canceled unavailable"),
        _ => draw.word("created approved invoiced processing"),
    };
    // On time, a few days late, or much more than a week late.
    let arrived = match draw.below(5) {
        0 | 1 => promised.minus(HOUR + draw.below(5 * DAY)),
        2 | 3 => promised.plus(9 * HOUR + draw.below(8 * DAY)),
        _ => promised.plus(8 * DAY + draw.below(12 * DAY)),
    };
    let amount = draw.money(&[5_990, 13_990], 90_000);

    let mut order = Fields::default();
    order.put("id", draw.id("o"));
    order.put("status", status);
    order.put("purchased_at", purchased.text());
    order.maybe(draw, "approved_at", 95, purchased.plus(HOUR).text());
    if matches!(status, "delivered" | "shipped") {
        order.put("shipped_at", purchased.plus(2 * DAY).text());
    }
    if status == "delivered" {
        order.maybe(draw, "delivered_at", 95, arrived.text());
    }
    order.put("estimated_at", promised.text());
    order.maybe(draw, "amount", 97, amount);
    order.put("freight", draw.money(&[0, 1_250, 1_990], 12_000));
    // The sellers of `data/sellers.csv`; every fifth order tells none.
    let seller = promised.0 / DAY % 5;
    if seller > 0 {
        order.put("seller_id", format!("s{seller}"));
    }

    let mut review = Fields::default();
    review.put("score", 1 + draw.below(5));
    review.maybe(draw, "created_at", 90, arrived.plus(DAY).text());
    review.maybe(draw, "answered_at", 85, arrived.plus(2 * DAY).text());

    let mut record = Fields::default();
    record.put("order", order);
    record.put("buyer", brazil_buyer(draw));
    record.maybe(draw, "review", 80, review);
    record
}

/// Midnight of a day two to five weeks on. Nothing is promised for a Sunday, which also keeps clear
/// of the midnights that daylight saving skipped.
fn promised_day(draw: &mut Draw, purchased: Moment) -> Moment {
    let day = (purchased.0 + 14 * DAY + draw.below(21 * DAY)) / DAY;
    let is_sunday = (day + 4).is_multiple_of(7);
    Moment((day + u64::from(is_sunday)) * DAY)
}

fn brazil_buyer(draw: &mut Draw) -> Value {
    let (state, city) = draw.pick(&CITIES);
    let prior_orders = if draw.chance(75) { 0 } else { 1 + draw.below(5) };
    json!({ "id": draw.id("b"), "state": state, "city": city, "prior_orders": prior_orders })
}

fn brazil_store(draw: &mut Draw) -> Value {
    let (state, city) = draw.pick(&CITIES);
    let orders = draw.pick(&[0, 2, 4, 5, 30, 120, 800]);
    let delivered = orders * 9 / 10;
    let reviews = orders * 8 / 10;
    let score = draw.pick(&[2.2, 2.9, 3.0, 3.7, 4.1, 4.4, 4.8]);
    let late_rate = draw.pick(&[0.0, 0.04, 0.08, 0.2, 0.21, 0.35]);
    let segment = draw.word("pet toys home_decor handmade_paper");
    json!({
        "id": draw.id("m"),
        "state": state,
        "city": city,
        "segment": draw.chance(20).then_some(segment),
        "experience_score": (reviews > 0).then_some(score),
        "reviews_so_far": reviews,
        "orders_so_far": orders,
        "delivered_so_far": delivered,
        "late_rate": (delivered > 0).then_some(late_rate),
    })
}
