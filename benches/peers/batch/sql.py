"""The three decisions by DuckDB or Polars: `sql.py ENGINE TASK INPUT OUTPUT THREADS`.

Written as each of them would have it: SQL over the file for DuckDB, a lazy frame for Polars. Counts
(task `counts`) go to standard output as JSON, outcomes (`columns`) into a Parquet file. The process
does one run and ends, so that its user and system time is what the run cost; `start` reads and
decides nothing, which is what starting cost. `written` counts the outcomes in files that somebody
wrote. The conditions stand in the same order as the rules of `checkout.policy`.
"""

import json
import os
import sys
from pathlib import Path

POLICIES = Path(__file__).parent.parent / "rulebook" / "policies"
BLOCKED = (POLICIES / "lists" / "blocked_domains.txt").read_text().split()

DIRECT_IN_CHATS = 1_638_144_000
DIRECT_FROM_ADS = 1_685_577_600
WECHAT_PAY_PILOT = 1_706_745_600
WECHAT_PAY = 1_726_012_800
NOT_RETURNABLE = ["fresh_food", "virtual", "custom"]
PILOT = ["apparel", "electronics", "home", "beauty", "books"]
WALLETS = ["unionpay_quickpass", "digital_rmb", "jd_pay"]


def listed(texts):
    return "(" + ", ".join(f"'{text}'" for text in texts) + ")"


# DOUBLE, since a decimal literal would make DuckDB convert the column.
QUERY = f"""
SELECT
  CASE
    WHEN "buyer.abnormal_refund_rate" > 0.3::DOUBLE OR "buyer.refund_only_30d" >= 5 THEN 'deny'
    WHEN "merchant.experience_score" >= 4.8::DOUBLE AND "order.received" THEN 'deny'
    WHEN "merchant.experience_score" >= 4.5::DOUBLE AND "order.received"
      AND "order.amount" > 200::DOUBLE THEN 'review'
    WHEN NOT "order.received" AND "order.shipped_hours" > 72 THEN 'allow'
    WHEN "order.amount" <= 20::DOUBLE AND "merchant.experience_score" < 4::DOUBLE THEN 'allow'
    WHEN "order.category" IN {listed(NOT_RETURNABLE)} THEN 'deny'
    ELSE 'review'
  END AS refund,
  CASE
    WHEN method = 'alipay' THEN 'allow'
    WHEN method = 'wechat_pay' AND "now" >= {WECHAT_PAY} THEN 'allow'
    WHEN method = 'wechat_pay' AND "now" >= {WECHAT_PAY_PILOT} AND "merchant.bucket" < 10
      AND "order.category" IN {listed(PILOT)} THEN 'allow'
    WHEN method IN {listed(WALLETS)} THEN 'allow'
    ELSE 'deny'
  END AS payment,
  CASE
    WHEN "link.domain" IN {listed(BLOCKED)} THEN 'block'
    WHEN surface = 'private_chat' AND "now" >= {DIRECT_IN_CHATS} THEN 'direct'
    WHEN surface = 'moments_ad' AND "now" >= {DIRECT_FROM_ADS} THEN 'direct'
    WHEN surface = 'group_chat' AND "link.kind" = 'ecommerce' AND "now" >= {DIRECT_IN_CHATS}
      THEN 'direct'
    WHEN "link.kind" = 'ecommerce' THEN 'password'
    ELSE 'warn'
  END AS link
FROM read_parquet('{{source}}')
"""


def duckdb(task, source, target, threads):
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    # Spares it keeping the order of the rows; Rulebook keeps it.
    connection.execute("SET preserve_insertion_order = false")
    decided = QUERY.format(source=source)
    if task == "columns":
        connection.execute(f"COPY ({decided}) TO '{target}' (FORMAT parquet, COMPRESSION snappy)")
    if task == "written":
        names = "refund::VARCHAR AS refund, payment::VARCHAR AS payment, link::VARCHAR AS link"
        decided = f"SELECT {names} FROM read_parquet('{source}')"
    if task in ("counts", "written"):
        counted = f"SELECT *, count(*) FROM ({decided}) AS decided GROUP BY ALL"
        return connection.execute(counted).fetchall()
    return []


def polars(task, source, target, threads, engine):
    os.environ["POLARS_MAX_THREADS"] = threads
    import polars as pl

    column = pl.col
    refund = (
        pl.when((column("buyer.abnormal_refund_rate") > 0.3) | (column("buyer.refund_only_30d") >= 5))
        .then(pl.lit("deny"))
        .when((column("merchant.experience_score") >= 4.8) & column("order.received"))
        .then(pl.lit("deny"))
        .when(
            (column("merchant.experience_score") >= 4.5)
            & column("order.received")
            & (column("order.amount") > 200.0)
        )
        .then(pl.lit("review"))
        .when(~column("order.received") & (column("order.shipped_hours") > 72))
        .then(pl.lit("allow"))
        .when((column("order.amount") <= 20.0) & (column("merchant.experience_score") < 4.0))
        .then(pl.lit("allow"))
        .when(column("order.category").is_in(NOT_RETURNABLE))
        .then(pl.lit("deny"))
        .otherwise(pl.lit("review"))
        .alias("refund")
    )
    wechat = column("method") == "wechat_pay"
    payment = (
        pl.when(column("method") == "alipay")
        .then(pl.lit("allow"))
        .when(wechat & (column("now") >= WECHAT_PAY))
        .then(pl.lit("allow"))
        .when(
            wechat
            & (column("now") >= WECHAT_PAY_PILOT)
            & (column("merchant.bucket") < 10)
            & column("order.category").is_in(PILOT)
        )
        .then(pl.lit("allow"))
        .when(column("method").is_in(WALLETS))
        .then(pl.lit("allow"))
        .otherwise(pl.lit("deny"))
        .alias("payment")
    )
    shop = column("link.kind") == "ecommerce"
    link = (
        pl.when(column("link.domain").is_in(BLOCKED))
        .then(pl.lit("block"))
        .when((column("surface") == "private_chat") & (column("now") >= DIRECT_IN_CHATS))
        .then(pl.lit("direct"))
        .when((column("surface") == "moments_ad") & (column("now") >= DIRECT_FROM_ADS))
        .then(pl.lit("direct"))
        .when((column("surface") == "group_chat") & shop & (column("now") >= DIRECT_IN_CHATS))
        .then(pl.lit("direct"))
        .when(shop)
        .then(pl.lit("password"))
        .otherwise(pl.lit("warn"))
        .alias("link")
    )
    if task == "start":
        return []
    decided = pl.scan_parquet(source).select(refund, payment, link)
    if task == "counts":
        return decided.group_by("refund", "payment", "link").len().collect(engine=engine).rows()
    if engine == "streaming":
        decided.sink_parquet(target, compression="snappy", engine="streaming")
    else:
        decided.collect(engine=engine).write_parquet(target, compression="snappy")
    return []


def by_decision(rows):
    """The number of each outcome of each decision, from those of their combinations."""
    counts = {"refund": {}, "payment": {}, "link": {}}
    for *outcomes, number in rows:
        for decision, outcome in zip(counts.values(), outcomes):
            decision[outcome] = decision.get(outcome, 0) + number
    return counts


def main():
    engine, task, source, target, threads = sys.argv[1:]
    if engine == "duckdb":
        rows = duckdb(task, source, target, threads)
    else:
        rows = polars(task, source, target, threads, engine.removeprefix("polars-"))
    print(json.dumps(by_decision(rows), sort_keys=True))


if __name__ == "__main__":
    main()
