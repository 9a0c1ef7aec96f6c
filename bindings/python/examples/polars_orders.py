"""Judges a Polars frame, and counts what was decided: `python polars_orders.py`."""

import pathlib

import polars
import rulebook

folder = pathlib.Path(__file__).resolve().parents[3] / "policies/taobao"
policy = rulebook.Rulebook.load(folder).policy("wechat_pay").replaying()
checkouts = polars.read_ndjson(folder / "data/wechat_pay.jsonl")
decisions, rejects = policy.decide_batch(checkouts)
print(polars.DataFrame(decisions)["open"].value_counts(sort=True))
print(len(rejects), "rejected")
