//! One decision after another, column by column: texts are tested once for each entry of their
//! dictionary, and a row takes a few comparisons without a branch. What one would write for speed.

use std::collections::HashSet;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use workload::{
    DIGITAL_WALLETS, NOT_RETURNABLE, Outcomes, PILOT_CATEGORIES, blocked_domains, instants,
};

use crate::Decide;

pub fn decider() -> Decide<'static> {
    let blocked: HashSet<_> = blocked_domains().into_iter().collect();
    let number = |decision: usize, name: &str| -> u8 {
        let place = Outcomes::NAMES[decision].iter().position(|outcome| *outcome == name);
        place.expect("the outcome is known") as u8
    };
    let refund =
        Refund { allow: number(0, "allow"), review: number(0, "review"), deny: number(0, "deny") };
    let payment = [number(1, "deny"), number(1, "allow")];
    let link = Link {
        direct: number(2, "direct"),
        password: number(2, "password"),
        warn: number(2, "warn"),
        block: number(2, "block"),
    };
    Box::new(move |batch, [refunds, payments, links]| {
        refund.decide(batch, refunds);
        pay(batch, payment, payments);
        link.decide(batch, &blocked, links);
    })
}

struct Refund {
    allow: u8,
    review: u8,
    deny: u8,
}

impl Refund {
    /// The last rule first, so that an earlier one takes its place.
    fn decide(&self, batch: &RecordBatch, outcomes: &mut Vec<u8>) {
        let category =
            Tested::new(batch, "order.category", |text| u8::from(NOT_RETURNABLE.contains(&text)));
        let (rate, refunds) =
            (floats(batch, "buyer.abnormal_refund_rate"), wholes(batch, "buyer.refund_only_30d"));
        let (score, amount) =
            (floats(batch, "merchant.experience_score"), floats(batch, "order.amount"));
        let hours = wholes(batch, "order.shipped_hours");
        let received = batch["order.received"].as_boolean().values();
        outcomes.clear();
        outcomes.extend((0..batch.num_rows()).map(|row| {
            let (score, amount, received) = (score[row], amount[row], received.value(row));
            let mut outcome = if category.of(row) == 1 { self.deny } else { self.review };
            outcome = if (amount <= 20.0) & (score < 4.0) { self.allow } else { outcome };
            outcome = if !received & (hours[row] > 72) { self.allow } else { outcome };
            let large = received & (score >= 4.5) & (amount > 200.0);
            outcome = if large { self.review } else { outcome };
            let abusive = (rate[row] > 0.3) | (refunds[row] >= 5);
            if abusive | (received & (score >= 4.8)) { self.deny } else { outcome }
        }));
    }
}

fn pay(batch: &RecordBatch, denied_or_allowed: [u8; 2], outcomes: &mut Vec<u8>) {
    let category =
        Tested::new(batch, "order.category", |text| u8::from(PILOT_CATEGORIES.contains(&text)));
    let method = Tested::new(batch, "method", |text| match text {
        "alipay" => 1,
        "wechat_pay" => 2,
        wallet => u8::from(DIGITAL_WALLETS.contains(&wallet)),
    });
    let (now, bucket) = (wholes(batch, "now"), wholes(batch, "merchant.bucket"));
    outcomes.clear();
    outcomes.extend((0..batch.num_rows()).map(|row| {
        let pilot =
            (now[row] >= instants::WECHAT_PAY_PILOT) & (bucket[row] < 10) & (category.of(row) == 1);
        let open = (now[row] >= instants::WECHAT_PAY) | pilot;
        let method = method.of(row);
        denied_or_allowed[usize::from((method == 1) | ((method == 2) & open))]
    }));
}

struct Link {
    direct: u8,
    password: u8,
    warn: u8,
    block: u8,
}

impl Link {
    fn decide(&self, batch: &RecordBatch, blocked: &HashSet<&str>, outcomes: &mut Vec<u8>) {
        let surface = Tested::new(batch, "surface", |text| match text {
            "private_chat" => 1,
            "moments_ad" => 2,
            "group_chat" => 3,
            _ => 0,
        });
        let kind = Tested::new(batch, "link.kind", |text| u8::from(text == "ecommerce"));
        let domain = Tested::new(batch, "link.domain", |text| u8::from(blocked.contains(text)));
        let now = wholes(batch, "now");
        outcomes.clear();
        outcomes.extend((0..batch.num_rows()).map(|row| {
            let (surface, shop, now) = (surface.of(row), kind.of(row) == 1, now[row]);
            let chats = now >= instants::DIRECT_IN_CHATS;
            let ads = now >= instants::DIRECT_FROM_ADS;
            let direct =
                ((surface == 1) & chats) | ((surface == 2) & ads) | ((surface == 3) & shop & chats);
            let mut outcome = if shop { self.password } else { self.warn };
            outcome = if direct { self.direct } else { outcome };
            if domain.of(row) == 1 { self.block } else { outcome }
        }));
    }
}

/// What a test says of each row of a column of texts.
struct Tested<'b> {
    keys: &'b [i32],
    /// By the keys, or by the rows where there are no keys.
    results: Vec<u8>,
}

impl<'b> Tested<'b> {
    fn new(batch: &'b RecordBatch, name: &str, test: impl Fn(&str) -> u8) -> Self {
        let column = &batch[name];
        match column.as_dictionary_opt::<Int32Type>() {
            Some(dictionary) => {
                let values = dictionary.values().as_string::<i32>();
                let results = (0..values.len()).map(|at| test(values.value(at))).collect();
                Self { keys: dictionary.keys().values(), results }
            }
            None => {
                let values = column.as_string_view();
                let results = (0..values.len()).map(|row| test(values.value(row))).collect();
                Self { keys: &[], results }
            }
        }
    }

    #[inline(always)]
    fn of(&self, row: usize) -> u8 {
        match self.keys.get(row) {
            Some(key) => self.results[*key as usize],
            None => self.results[row],
        }
    }
}

fn wholes<'b>(batch: &'b RecordBatch, name: &str) -> &'b [i64] {
    batch[name].as_primitive::<Int64Type>().values()
}

fn floats<'b>(batch: &'b RecordBatch, name: &str) -> &'b [f64] {
    batch[name].as_primitive::<Float64Type>().values()
}
