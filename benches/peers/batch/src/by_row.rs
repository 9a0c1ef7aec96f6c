//! One row after another, on plain arrays, by the function that decides what was borrowed from JSON.

use std::collections::HashSet;

use arrow::array::{AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Float64Type, Int64Type};
use workload::{
    Borrowed, BorrowedBuyer, BorrowedLink, BorrowedMerchant, BorrowedOrder, blocked_domains,
    hand_borrowed,
};

use crate::Decide;

pub fn decider() -> Decide<'static> {
    let blocked: HashSet<_> = blocked_domains().into_iter().collect();
    Box::new(move |batch, outcomes| decide(batch, &blocked, outcomes))
}

fn decide(batch: &RecordBatch, blocked: &HashSet<&str>, outcomes: &mut [Vec<u8>; 3]) {
    let (now, method, surface) =
        (whole(batch, "now"), text(batch, "method"), text(batch, "surface"));
    let amount = float(batch, "order.amount");
    let category = text(batch, "order.category");
    let received = batch["order.received"].as_boolean();
    let shipped_hours = whole(batch, "order.shipped_hours");
    let refund_rate = float(batch, "buyer.abnormal_refund_rate");
    let recent_refunds = whole(batch, "buyer.refund_only_30d");
    let score = float(batch, "merchant.experience_score");
    let bucket = whole(batch, "merchant.bucket");
    let (domain, kind) = (text(batch, "link.domain"), text(batch, "link.kind"));

    outcomes.iter_mut().for_each(Vec::clear);
    for row in 0..batch.num_rows() {
        let decided = hand_borrowed(
            &Borrowed {
                now: now.value(row),
                method: method.value(row),
                surface: surface.value(row),
                order: BorrowedOrder {
                    amount: amount.value(row),
                    category: category.value(row),
                    received: received.value(row),
                    shipped_hours: shipped_hours.value(row),
                },
                buyer: BorrowedBuyer {
                    abnormal_refund_rate: refund_rate.value(row),
                    refund_only_30d: recent_refunds.value(row),
                },
                merchant: BorrowedMerchant {
                    experience_score: score.value(row),
                    bucket: bucket.value(row),
                },
                link: BorrowedLink { domain: domain.value(row), kind: kind.value(row) },
            },
            blocked,
        );
        for (outcomes, number) in outcomes.iter_mut().zip(decided.numbers()) {
            outcomes.push(number);
        }
    }
}

fn whole<'b>(batch: &'b RecordBatch, name: &str) -> &'b Int64Array {
    batch[name].as_primitive::<Int64Type>()
}

fn float<'b>(batch: &'b RecordBatch, name: &str) -> &'b Float64Array {
    batch[name].as_primitive::<Float64Type>()
}

fn text<'b>(batch: &'b RecordBatch, name: &str) -> &'b StringArray {
    batch[name].as_string::<i32>()
}
