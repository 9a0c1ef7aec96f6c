"""Judges what DuckDB selects, and asks DuckDB about the decisions: `python duckdb_orders.py`."""

import pathlib

import duckdb
import rulebook

folder = pathlib.Path(__file__).resolve().parents[3] / "policies/taobao"
policy = rulebook.Rulebook.load(folder).policy("wechat_pay").replaying()
checkouts = duckdb.sql(f"from '{folder}/data/wechat_pay.jsonl'").to_arrow_table()
decisions = policy.decide_batch(checkouts)[0].to_pyarrow()
print(duckdb.sql("select open, count(*) from decisions group by all order by all"))
