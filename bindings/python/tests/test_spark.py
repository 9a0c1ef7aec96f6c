"""A cluster of several processes decides as one machine does, also when one of them dies."""

import datetime as dt
import os
import pickle
import runpy
import shutil
import signal
import threading
import time

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import agreement
import rulebook

if not shutil.which("java"):
    pytest.skip("Spark needs Java, and there is no `java`", allow_module_level=True)

import rulebook.spark
from pyspark.errors import PythonException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

ROWS = 300_000
PARTS = 30

BOOK = rulebook.Rulebook.from_texts({"rulebook.yaml": "name: shop\nversion: '1'\nzone: Asia/Shanghai\n",
                                     "refunds.policy": """
    record Order {
      id: text
      amount: CNY
      score: number?
      placed_at: time
      tags: list of text = []
    }

    policy refunds for Order dated by placed_at {
      decide refund: yes < no by strictest otherwise yes because "nothing speaks against it"
      decide fee: CNY by total otherwise 0 CNY
      decide share: number by largest
      decide until: time by first
      decide day: date by first
      decide patience: duration by first
      decide flags: text by union
      decide hold: bool by first otherwise false

      rule large {
        from 2024-09-01
        when amount > 200 CNY
        then refund = no, fee = amount * 1.5%, share = 0.25, until = placed_at + 2 days, flags = "large",
             hold = true, patience = 36 hours, day = 2024-09-12
        because "{amount} is more than we refund"
      }
      rule poor { when score is present and 1 / score > 2 then refund = no, flags = "poor" }
      rule tagged { when "gift" in tags then flags = "gift", share = 0.125 }
    }"""})


@pytest.fixture(scope="module")
def spark():
    session = agreement.cluster()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def orders(tmp_path_factory):
    """Orders in files of several parts: every 1009th has no amount, some have a fault."""
    first = dt.datetime(2024, 8, 1, tzinfo=dt.timezone.utc)
    table = pa.table({
        "id": [f"o{number}" for number in range(ROWS)],
        "amount": pa.array([None if number % 1009 == 0 else number % 40_000 / 100 for number in range(ROWS)]),
        "score": [None if number % 3 else number % 5 / 2 for number in range(ROWS)],
        "placed_at": pa.array([first + dt.timedelta(seconds=17 * number, microseconds=number) for number in range(ROWS)]),
        "tags": [["gift", "new"] if number % 7 == 0 else [] for number in range(ROWS)],
        "note": [f"nobody reads this {number}" for number in range(ROWS)],
    })
    folder = tmp_path_factory.mktemp("orders")
    for part in range(PARTS):
        rows = ROWS // PARTS
        pq.write_table(table.slice(part * rows, rows), folder / f"{part:02}.parquet")
    return folder


def alone(policy, table):
    """What one machine decides, in the types that Spark has, with the errors of each row."""
    decisions, rejects = (part.to_pyarrow() for part in policy.decide_batch(table, rules=True, reasons=True))
    ids = table["id"].take(rejects["record"])
    plain = {name: rulebook.spark._plain(decisions[name]) for name in decisions.column_names if name != "record"}
    return pa.table(plain).sort_by("id"), pa.table({"id": ids, "errors": rejects["errors"]}).sort_by("id")


def collected(folder):
    """The decided and the rejected rows that a job wrote."""
    judged = pq.read_table(folder).sort_by("id")
    is_decided = pc.is_null(judged["errors"])
    return judged.filter(is_decided).drop("errors"), judged.filter(pc.invert(is_decided)).select(["id", "errors"])


def test_an_executor_that_dies_changes_nothing(spark, orders, tmp_path):
    table = pq.read_table(orders)
    policy = BOOK.policy("refunds").replaying()
    wanted, wanted_rejects = alone(policy, table)

    def slowly(batches):
        """Leaves time to die between two parts. Executors do not have this module, hence in here."""
        for batch in batches:
            time.sleep(0.05)
            yield batch

    df = spark.read.parquet(str(orders))
    judged = rulebook.spark.judge(df.mapInArrow(slowly, df.schema), BOOK, "refunds", rules=True, reasons=True)
    output = tmp_path / "judged"
    failed = []

    def write():
        try:
            judged.write.parquet(str(output))
        except Exception as error:
            failed.append(error)

    before = set(agreement.executors(spark))
    assert len(before) == 3
    tracker = spark.sparkContext.statusTracker()
    job = threading.Thread(target=write)
    job.start()
    # Once some parts are done and most are not, one of the three dies.
    stage = None
    while job.is_alive() and not (stage and stage.numCompletedTasks >= 6):
        stage = next(map(tracker.getStageInfo, tracker.getActiveStageIds()), None)
        time.sleep(0.01)
    assert not failed, failed
    assert job.is_alive() and stage.numTasks == PARTS and stage.numCompletedTasks < PARTS // 2
    victim = min(before)
    # Stopped first, so that it certainly holds a part when it dies.
    os.kill(victim, signal.SIGSTOP)
    time.sleep(0.5)
    os.kill(victim, signal.SIGKILL)
    job.join()
    assert not failed, failed
    assert victim not in set(agreement.executors(spark))
    assert tracker.getStageInfo(stage.stageId).numFailedTasks > 0

    ids = [row.id for row in spark.read.parquet(str(output)).select("id").collect()]
    assert len(ids) == len(set(ids)) == ROWS
    decided, rejected = collected(output)
    assert decided.equals(wanted.select(decided.column_names).cast(decided.schema))
    assert rejected.to_pylist() == wanted_rejects.to_pylist()
    assert len(rejected) == 298 and pc.count(decided["faults"]).as_py() > 0


def test_shipped_policies_are_decided_alike(spark):
    for case in agreement.shipped():
        _, rows = agreement.one_by_one(case)
        assert rows.differing(agreement.by_spark(case, spark)) == [], case.name


def test_the_parted_result_has_what_was_kept(spark):
    rows = [("o1", "x", 300.0, None, "2024-09-12"), ("o2", "y", None, None, "2024-09-12"), ("o3", "z", 5.0, 0.0, "2024-09-12")]
    df = spark.createDataFrame(rows, "id string, note string, amount double, score double, placed_at string")
    judged = rulebook.spark.judge(df, BOOK, "refunds", keep=["note", "id"])
    assert judged.columns[:3] == ["note", "id", "errors"] and "rules" not in judged.columns
    decided, rejected = rulebook.spark.split(judged)
    assert [(row.note, row.refund) for row in decided.sort("note").collect()] == [("x", "no"), ("z", None)]
    [(note, key, errors)] = rejected.collect()
    assert (note, key, [error.path for error in errors]) == ("y", "o2", ["amount"])


def test_what_cannot_work_is_told_before_anything_runs(spark):
    df = spark.createDataFrame([("o1", True)], "id string, amount boolean")
    with pytest.raises(rulebook.SchemaError, match="placed_at"):
        rulebook.spark.judge(df, BOOK, "refunds")
    with pytest.raises(ValueError, match="nothing"):
        rulebook.spark.judge(df, BOOK, "refunds", keep=["nothing"])
    with pytest.raises(rulebook.UnknownPolicy):
        rulebook.spark.judge(df, BOOK, "refund")
    clash = spark.createDataFrame([("o1", 1.0, "2024-09-12", "?")], "id string, amount double, placed_at string, refund string")
    with pytest.raises(ValueError, match="two columns refund"):
        rulebook.spark.judge(clash, BOOK, "refunds", keep=["refund"])
    book = rulebook.Rulebook.from_texts({"a.policy": JOINED}).with_profiles({"Shop": []})
    with pytest.raises(TypeError, match="profiles"):
        rulebook.spark.judge(spark.createDataFrame([("s1",)], "shop_id string"), book, "trust")


JOINED = """
    record Shop { id: text  score: number }
    record Order { id: text  shop_id: text  shop: Shop by shop_id }
    policy trust for Order {
      decide trusted: bool by first otherwise false
      decide at: time by first
      rule good { when shop.score >= 4.8 then trusted = true, at = now }
    }"""


def test_profiles_are_joined_where_rows_are_judged(spark, tmp_path):
    file = tmp_path / "shops.csv"
    file.write_text("id,score\ns1,4.9\n")
    df = spark.createDataFrame([("o1", "s1"), ("o2", "s2")], "id string, shop_id string").repartition(2)
    for profiles in ({"Shop": str(file)}, {"Shop": [{"id": "s1", "score": 4.9}]}):
        book = rulebook.Rulebook.from_texts({"a.policy": JOINED})
        judged = rulebook.spark.judge(df, book, "trust", profiles=profiles).sort("id")
        first, second = judged.collect()
        assert first.trusted is True and second.errors[0].path == "shop"
        # Judged at the time of the call, however often it runs.
        assert first.at == judged.collect()[0].at
    then = dt.datetime(2024, 8, 31, 4, 5, tzinfo=dt.timezone.utc)
    [first] = rulebook.spark.judge(df, book, "trust", profiles=profiles, at=then).select("at").distinct().dropna().collect()
    assert first.at.astimezone(dt.timezone.utc) == then


COUNTED = rulebook.Rulebook.from_texts({"a.policy": """
    record Claim { id: text  buyer: text  at: time }
    counter claimed = count of Claim by buyer within 30 days
    policy claims for Claim dated by at {
      decide step: pay < ask by strictest otherwise pay
      rule many { when claimed >= 2 then ask because "{claimed} claims before" }
    }"""})


def test_records_of_one_partition_count_each_other(spark):
    first = dt.datetime(2024, 9, 1, tzinfo=dt.timezone.utc)
    table = pa.table({
        "id": [f"c{number}" for number in range(3000)],
        "buyer": [f"b{number % 100}" for number in range(3000)],
        # Some claims of a buyer are of one time: then the one above is the earlier one.
        "at": [first + dt.timedelta(days=number * 7 % 3000 // 250) for number in range(3000)],
        "row": range(3000),
    })
    df = spark.createDataFrame(table)
    with pytest.raises(ValueError, match="claimed"):
        rulebook.spark.judge(df, COUNTED, "claims")
    parted = df.repartition(7, "buyer").sortWithinPartitions("row")
    judged = rulebook.spark.judge(parted, COUNTED, "claims", reasons=True, whole_partitions=True).toArrow().sort_by("id")
    alone = COUNTED.policy("claims").replaying().decide_batch(table, reasons=True)[0].to_pyarrow().sort_by("id")
    for name in ("id", "step", "reasons"):
        assert judged[name].to_pylist() == alone[name].to_pylist()
    assert set(judged["step"].to_pylist()) == {"pay", "ask"}


# One that no executor has seen before, and kept.
SENT = rulebook.Rulebook.from_texts({**BOOK.texts, "other.policy": "record Other { id: text }"})


class Changed:
    """A rulebook that arrives with other texts than it was sent with."""

    def __reduce__(self):
        arrive, (texts, *rest) = SENT.__reduce__()
        return arrive, ([(path, text.replace("200 CNY", "201 CNY")) for path, text in texts], *rest)


def test_a_rulebook_that_changed_on_its_way_is_told(spark):
    df = spark.createDataFrame([("o1", 300.0, "2024-09-12")], "id string, amount double, placed_at string")
    part = rulebook.spark._Part(Changed(), "refunds", None, None, ("id",), False, False, False)
    with pytest.raises(PythonException) as failed:
        df.mapInArrow(part, "id string").collect()
    assert "TravelError" in str(failed.value) and SENT.digest in str(failed.value)


def test_the_example_runs(spark, capsys):
    runpy.run_path(str(agreement.ROOT / "bindings/python/examples/spark_orders.py"))
    assert "324" in capsys.readouterr().out
