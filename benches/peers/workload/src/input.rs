//! Checkouts drawn at random, as structs and as JSON of about 675 bytes.

use serde::{Deserialize, Serialize};

use crate::hand::{blocked_domains, instants};
use crate::random::Random;

/// One checkout, as a service has it. The decisions read 13 of its 25 fields.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Input {
    /// Seconds since 1970.
    pub now: i64,
    pub method: String,
    pub surface: String,
    pub order: Order,
    pub buyer: Buyer,
    pub merchant: Merchant,
    pub link: Link,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    pub id: String,
    pub amount: f64,
    pub currency: String,
    pub category: String,
    pub received: bool,
    pub shipped_hours: i64,
    pub quantity: i64,
    pub title: String,
    pub address: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Buyer {
    pub id: String,
    pub abnormal_refund_rate: f64,
    pub refund_only_30d: i64,
    pub level: i64,
    pub region: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Merchant {
    pub id: String,
    pub name: String,
    pub category: String,
    pub experience_score: f64,
    pub bucket: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    pub domain: String,
    pub kind: String,
    pub url: String,
}

/// The fields that the decisions read, borrowed from the JSON: what a careful hand would parse.
#[derive(Debug, Deserialize)]
pub struct Borrowed<'j> {
    pub now: i64,
    pub method: &'j str,
    pub surface: &'j str,
    #[serde(borrow)]
    pub order: BorrowedOrder<'j>,
    pub buyer: BorrowedBuyer,
    pub merchant: BorrowedMerchant,
    #[serde(borrow)]
    pub link: BorrowedLink<'j>,
}

#[derive(Debug, Deserialize)]
pub struct BorrowedOrder<'j> {
    pub amount: f64,
    pub category: &'j str,
    pub received: bool,
    pub shipped_hours: i64,
}

#[derive(Debug, Deserialize)]
pub struct BorrowedBuyer {
    pub abnormal_refund_rate: f64,
    pub refund_only_30d: i64,
}

#[derive(Debug, Deserialize)]
pub struct BorrowedMerchant {
    pub experience_score: f64,
    pub bucket: i64,
}

#[derive(Debug, Deserialize)]
pub struct BorrowedLink<'j> {
    pub domain: &'j str,
    pub kind: &'j str,
}

/// A checkout and its JSON.
#[derive(Debug)]
pub struct Case {
    pub input: Input,
    pub json: String,
}

/// The first so many checkouts, always the same.
pub fn inputs(count: usize) -> impl Iterator<Item = Input> {
    let mut random = Random::seeded(20_240_911);
    let blocked = blocked_domains();
    (0..count).map(move |number| draw(&mut random, &blocked, number))
}

/// The same with their JSON.
pub fn cases(count: usize) -> impl Iterator<Item = Case> {
    inputs(count).map(|input| {
        let json = serde_json::to_string(&input).expect("a struct of plain fields serialises");
        Case { input, json }
    })
}

const METHODS: [&str; 8] = [
    "alipay",
    "wechat_pay",
    "unionpay_quickpass",
    "digital_rmb",
    "jd_pay",
    "cash",
    "bank_card",
    "apple_pay",
];
const SURFACES: [&str; 5] = ["private_chat", "moments_ad", "group_chat", "moments", "web"];
const KINDS: [&str; 3] = ["ecommerce", "article", "video"];
const CATEGORIES: [&str; 16] = [
    "fresh_food",
    "virtual",
    "custom",
    "apparel",
    "electronics",
    "home",
    "beauty",
    "books",
    "toys",
    "sports",
    "jewelry",
    "pets",
    "garden",
    "office",
    "shoes",
    "furniture",
];

fn draw(random: &mut Random, blocked: &[&str], number: usize) -> Input {
    let domain = if random.chance(10) {
        random.pick(blocked).to_string()
    } else {
        format!("shop-{}.store-{}.example.com", random.between(0, 5_000), random.between(0, 11))
    };
    Input {
        now: draw_instant(random),
        method: if random.chance(30) { "wechat_pay" } else { random.pick(&METHODS) }.to_string(),
        surface: random.pick(&SURFACES).to_string(),
        order: Order {
            id: format!("ORD-2024-{number:010}"),
            amount: draw_amount(random),
            currency: "CNY".to_string(),
            category: random.pick(&CATEGORIES).to_string(),
            received: random.chance(55),
            shipped_hours: random.between(0, 200) as i64,
            quantity: random.between(1, 6) as i64,
            title: format!(
                "Sample item {:05} with a descriptive title",
                random.between(0, 100_000)
            ),
            address: format!(
                "Building {}, Example Road {}, Hangzhou",
                random.between(1, 90),
                number
            ),
        },
        buyer: Buyer {
            id: format!("BUY-{:08}", random.between(0, 100_000_000)),
            abnormal_refund_rate: {
                let thousandths = if random.chance(8) { (300, 600) } else { (0, 301) };
                random.between(thousandths.0, thousandths.1) as f64 / 1_000.0
            },
            refund_only_30d: if random.chance(6) {
                random.between(4, 12)
            } else {
                random.between(0, 5)
            } as i64,
            level: random.between(0, 10) as i64,
            region: "zhejiang".to_string(),
        },
        merchant: Merchant {
            id: format!("MER-{:07}", random.between(0, 10_000_000)),
            name: format!("Example flagship store {}", random.between(0, 10_000)),
            category: format!("cat_{}", random.between(0, 1_000)),
            experience_score: draw_score(random),
            bucket: random.between(0, 100) as i64,
        },
        link: Link {
            kind: if random.chance(40) { "ecommerce" } else { random.pick(&KINDS) }.to_string(),
            url: format!("https://{domain}/item/{}?from=share", random.between(0, 1_000_000)),
            domain,
        },
    }
}

/// Four years, with the very instants at which rules begin, and the second before, drawn often.
fn draw_instant(random: &mut Random) -> i64 {
    let begins = [
        instants::DIRECT_IN_CHATS,
        instants::DIRECT_FROM_ADS,
        instants::WECHAT_PAY_PILOT,
        instants::WECHAT_PAY,
    ];
    let begin = begins[random.between(0, 4) as usize];
    match random.between(0, 20) {
        0 => begin,
        1 => begin - 1,
        _ => random.between(1_609_459_200, 1_734_739_200) as i64,
    }
}

/// Up to 1,000 yuan, small amounts more often.
fn draw_amount(random: &mut Random) -> f64 {
    let most = if random.chance(40) { 3_100 } else { 100_100 };
    random.between(100, most) as f64 / 100.0
}

/// 2.50 to 5.00, every fifth at least 4.70.
fn draw_score(random: &mut Random) -> f64 {
    let (low, high) = match random.between(0, 10) {
        0 | 1 => (470, 501),
        2..=4 => (430, 481),
        _ => (250, 501),
    };
    random.between(low, high) as f64 / 100.0
}
