//! The three decisions as a careful programmer writes them: the oracle and the yardstick.

use std::collections::HashSet;

use crate::input::{Borrowed, Input};

/// Midnight UTC of the days on which rules begin, in seconds since 1970.
pub mod instants {
    /// 2021-11-29.
    pub const DIRECT_IN_CHATS: i64 = 1_638_144_000;
    /// 2023-06-01.
    pub const DIRECT_FROM_ADS: i64 = 1_685_577_600;
    /// 2024-02-01.
    pub const WECHAT_PAY_PILOT: i64 = 1_706_745_600;
    /// 2024-09-11.
    pub const WECHAT_PAY: i64 = 1_726_012_800;
}

/// Goods that cannot go back.
pub const NOT_RETURNABLE: [&str; 3] = ["fresh_food", "virtual", "custom"];
/// Goods in the pilot of WeChat Pay.
pub const PILOT_CATEGORIES: [&str; 5] = ["apparel", "electronics", "home", "beauty", "books"];
/// Methods that are always open, besides Alipay.
pub const DIGITAL_WALLETS: [&str; 3] = ["unionpay_quickpass", "digital_rmb", "jd_pay"];

/// The hundred domains that no link opens, from the list file that Rulebook's policy reads too.
pub fn blocked_domains() -> Vec<&'static str> {
    include_str!("../../rulebook/policies/lists/blocked_domains.txt").lines().collect()
}

/// What the three decisions came to. Bytes, so that comparing them costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcomes {
    refund: u8,
    payment: u8,
    link: u8,
}

impl Outcomes {
    /// The outcomes by their names, which is how every engine answers.
    pub fn named(refund: &str, payment: &str, link: &str) -> Self {
        Self {
            refund: match refund {
                "allow" => ALLOW,
                "review" => REVIEW,
                "deny" => DENY,
                _ => panic!("there is no refund `{refund}`"),
            },
            payment: match payment {
                "allow" => ALLOW,
                "deny" => DENY,
                _ => panic!("there is no payment `{payment}`"),
            },
            link: match link {
                "direct" => DIRECT,
                "password" => PASSWORD,
                "warn" => WARN,
                "block" => BLOCK,
                _ => panic!("there is no link `{link}`"),
            },
        }
    }
}

impl Outcomes {
    /// The names of the outcomes, by their numbers: of refund, payment and link.
    pub const NAMES: [&[&str]; 3] = [
        &["allow", "review", "deny"],
        &["allow", "", "deny"],
        &["direct", "password", "warn", "block"],
    ];

    /// The outcomes by their numbers, in the same order.
    pub fn numbers(self) -> [u8; 3] {
        [self.refund, self.payment, self.link]
    }
}

const ALLOW: u8 = 0;
const REVIEW: u8 = 1;
const DENY: u8 = 2;
const DIRECT: u8 = 0;
const PASSWORD: u8 = 1;
const WARN: u8 = 2;
const BLOCK: u8 = 3;

/// Decides a struct in memory.
#[inline(never)]
pub fn hand(input: &Input, blocked: &HashSet<&str>) -> Outcomes {
    let Input { order, buyer, merchant, link, .. } = input;
    Outcomes {
        refund: refund(
            buyer.abnormal_refund_rate,
            buyer.refund_only_30d,
            merchant.experience_score,
            order.received,
            order.amount,
            order.shipped_hours,
            &order.category,
        ),
        payment: payment(&input.method, input.now, merchant.bucket, &order.category),
        link: open(&link.domain, &input.surface, &link.kind, input.now, blocked),
    }
}

/// Decides what was borrowed from JSON.
#[inline(never)]
pub fn hand_borrowed(input: &Borrowed<'_>, blocked: &HashSet<&str>) -> Outcomes {
    let Borrowed { order, buyer, merchant, link, .. } = input;
    Outcomes {
        refund: refund(
            buyer.abnormal_refund_rate,
            buyer.refund_only_30d,
            merchant.experience_score,
            order.received,
            order.amount,
            order.shipped_hours,
            order.category,
        ),
        payment: payment(input.method, input.now, merchant.bucket, order.category),
        link: open(link.domain, input.surface, link.kind, input.now, blocked),
    }
}

#[inline(always)]
fn refund(
    refund_rate: f64,
    recent_refunds: i64,
    score: f64,
    received: bool,
    amount: f64,
    shipped_hours: i64,
    category: &str,
) -> u8 {
    if refund_rate > 0.3 || recent_refunds >= 5 || (score >= 4.8 && received) {
        DENY
    } else if score >= 4.5 && received && amount > 200.0 {
        REVIEW
    } else if (!received && shipped_hours > 72) || (amount <= 20.0 && score < 4.0) {
        ALLOW
    } else if matches!(category, "fresh_food" | "virtual" | "custom") {
        DENY
    } else {
        REVIEW
    }
}

#[inline(always)]
fn payment(method: &str, now: i64, bucket: i64, category: &str) -> u8 {
    match method {
        "alipay" | "unionpay_quickpass" | "digital_rmb" | "jd_pay" => ALLOW,
        "wechat_pay" if now >= instants::WECHAT_PAY => ALLOW,
        "wechat_pay"
            if now >= instants::WECHAT_PAY_PILOT
                && bucket < 10
                && matches!(category, "apparel" | "electronics" | "home" | "beauty" | "books") =>
        {
            ALLOW
        }
        _ => DENY,
    }
}

#[inline(always)]
fn open(domain: &str, surface: &str, kind: &str, now: i64, blocked: &HashSet<&str>) -> u8 {
    let shop = kind == "ecommerce";
    let direct = match surface {
        "private_chat" => now >= instants::DIRECT_IN_CHATS,
        "moments_ad" => now >= instants::DIRECT_FROM_ADS,
        "group_chat" => shop && now >= instants::DIRECT_IN_CHATS,
        _ => false,
    };
    if blocked.contains(domain) {
        BLOCK
    } else if direct {
        DIRECT
    } else if shop {
        PASSWORD
    } else {
        WARN
    }
}
