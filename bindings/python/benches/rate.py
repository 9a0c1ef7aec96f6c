"""How many rows a core decides about in a second: as a table, and on a cluster of Spark."""

import argparse
import os
import pathlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq

import agreement
import rulebook

PARTS = 12


def workloads(rows: int, orders: pathlib.Path | None) -> Iterator[tuple[str, rulebook.Rulebook, str, pa.Table]]:
    """Name, rulebook, policy, and a table of so many rows."""
    lines = (agreement.ROOT / "policies/taobao/data/wechat_pay.jsonl").read_text().splitlines()
    tables = [("taobao", "wechat_pay", agreement.table_of(lines))]
    if orders:
        tables.append(("marketplace", "purchase_review", pq.read_table(orders)))
    for folder, policy, table in tables:
        book = rulebook.Rulebook.load(agreement.ROOT / "policies" / folder)
        many = pa.concat_tables([table] * -(-rows // len(table))).slice(0, rows).combine_chunks()
        yield f"{folder} {policy}", book, policy, many


def processes(parents: set[int]) -> dict[int, float]:
    """The processor seconds of these processes and of all that descend from them, with those that ended."""
    found: dict[int, tuple[int, float]] = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks = sum(map(int, fields[11:15]))
        found[int(process.name)] = (int(fields[1]), ticks / os.sysconf("SC_CLK_TCK"))
    own = set(parents)
    while more := {process for process, (parent, _) in found.items() if parent in own} - own:
        own |= more
    return {process: found[process][1] for process in own if process in found}


def measured(used: Callable[[], float], work: Callable[[], object], rounds: int) -> float:
    """The median of the seconds that the work uses, after it has been done once."""
    work()
    seconds = []
    for _ in range(rounds):
        before = used()
        work()
        seconds.append(used() - before)
    return statistics.median(seconds)


def told(name: str, what: str, rows: int, seconds: float) -> None:
    print(f"| {name} | {what} | {rows / seconds:,.0f} | {seconds / rows * 1e9:,.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="rate", description=__doc__)
    orders = os.environ.get("RULEBOOK_ORDERS_PARQUET")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--parquet", type=pathlib.Path, default=orders, metavar="ORDERS.parquet",
                        help="orders to judge by marketplace purchase_review [RULEBOOK_ORDERS_PARQUET]")
    given = parser.parse_args()
    print("| policy | way | rows a processor second | ns a row |\n|---|---|---|---|")
    loads = list(workloads(given.rows, given.parquet))
    for name, book, policy_name, table in loads:
        policy = book.policy(policy_name).replaying()
        for what, wanted in [("`decide_batch`", {}), ("`decide_batch`, rules and reasons", {"rules": True, "reasons": True})]:
            work = lambda: policy.decide_batch(table, threads=1, **wanted)
            told(name, what, given.rows, measured(time.process_time, work, given.rounds))
    import rulebook.spark

    session = agreement.cluster(short=False)
    executors = set(agreement.executors(session))
    used = lambda: sum(processes(executors).values())
    for name, book, policy_name, table in loads:
        with tempfile.TemporaryDirectory() as folder:
            size = -(-given.rows // PARTS)
            for part in range(PARTS):
                pq.write_table(table.slice(part * size, size), f"{folder}/{part:02}.parquet", coerce_timestamps="us")
            df = session.read.parquet(folder)
            judged = rulebook.spark.judge(df, book, policy_name)
            first = df.select(df.columns[0])
            through = first.mapInArrow(lambda batches: batches, first.schema)
            for what, frame in [("Spark, `judge`", judged), ("Spark, its first column handed through Python", through)]:
                work = frame.write.format("noop").mode("overwrite").save
                told(name, what, given.rows, measured(used, work, given.rounds))
    session.stop()


if __name__ == "__main__":
    main()
