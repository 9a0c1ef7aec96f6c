"""A table is decided as its rows are one by one."""

import runpy
import threading
from decimal import Decimal

import duckdb
import pandas
import polars
import pyarrow
import pytest

import rulebook
from conftest import ROOT

BOOK = rulebook.Rulebook.from_texts({"returns.policy": """
    enum Kind { food, other }
    record Order { id: text  kind: Kind  amount: CNY  score: number? }
    policy returns for Order {
      decide refund: yes | no by first otherwise no
      decide share: number by first
      decide fee: CNY by first otherwise 0 CNY
      rule small { when amount <= 20 CNY then refund = yes because "{amount} is little" }
      rule scored { when score is present then share = 1 / score, fee = amount * 10% }
    }"""})
RECORDS = [
    {"id": "a", "kind": "food", "amount": 5, "score": None},
    {"id": "b", "kind": "fuud", "amount": 7.5, "score": 4.0},
    {"id": "c", "kind": "other", "amount": 59.9, "score": 0.0},
    {"id": "d", "kind": "other", "amount": 100.0, "score": 4.0},
    {"id": None, "kind": "other", "amount": None, "score": 4.0},
]
TABLE = pyarrow.Table.from_pylist(RECORDS)


def one_by_one(policy, records):
    decided, rejected = [], []
    for number, record in enumerate(records):
        try:
            decision = policy.decide(record)
            row = {"record": number, **({"id": decision.id} if decision.id else {})}
            decided.append({**row, **decision.outcomes, "rules": decision.rules, "reasons": decision.reasons})
        except rulebook.Rejection as rejection:
            rejected.append({"record": number, "errors": rejection.errors})
    return decided, rejected


def rows_of(table):
    rows = table.to_pyarrow().to_pylist()
    return [{name: value for name, value in row.items() if name != "faults"} for row in rows]


def test_rows_and_tables_are_decided_alike():
    policy = BOOK.policy("returns")
    decisions, rejects = policy.decide_batch(TABLE, rules=True, reasons=True)
    decided, rejected = one_by_one(policy, RECORDS)
    assert [row["record"] for row in decided] == [0, 2, 3]
    assert rows_of(decisions) == decided and rows_of(rejects) == rejected
    assert decisions.to_pyarrow()["fee"].to_pylist() == [0, Decimal("5.99"), Decimal(10)]
    faults = decisions.to_pyarrow()["faults"].to_pylist()
    assert faults[0] is None and "scored" in faults[1][0] and len(rejected[1]["errors"]) == 2


def test_every_library_hands_its_columns_over():
    policy = BOOK.policy("returns")
    wanted = rows_of(policy.decide_batch(TABLE)[0])
    frame, other = polars.DataFrame(RECORDS), pandas.DataFrame(RECORDS)
    relation = duckdb.from_arrow(TABLE)
    for table in (frame, other, relation.to_arrow_table(), TABLE.to_batches()[0], TABLE.to_reader()):
        assert rows_of(policy.decide_batch(table)[0]) == wanted
    decisions, _ = policy.decide_batch(frame)
    assert polars.DataFrame(decisions)["refund"].to_list() == [row["refund"] for row in wanted]
    assert pandas.DataFrame.from_arrow(decisions)["refund"].to_list() == [row["refund"] for row in wanted]
    with pytest.raises(TypeError, match="no columns of Arrow"):
        policy.decide_batch([1])


def test_columns_that_cannot_fit_are_told_at_once():
    table = pyarrow.table({"id": [1.5], "kind": [True]})
    with pytest.raises(rulebook.SchemaError) as caught:
        BOOK.policy("returns").decide_batch(table)
    assert all(path in str(caught.value) for path in ("id:", "kind:", "amount:"))


def test_threads_do_not_change_the_result():
    table = pyarrow.concat_tables([TABLE] * 50_000).combine_chunks()
    policy = BOOK.policy("returns")
    one, many = (policy.decide_batch(table, threads=threads) for threads in (1, 4))
    for first, other in zip(one, many):
        assert first.to_pyarrow().equals(other.to_pyarrow())
    assert len(one[0]) + len(one[1]) == table.num_rows
    empty = policy.decide_batch(TABLE.slice(0, 0))
    assert [len(table) for table in empty] == [0, 0]


def test_the_interpreter_goes_on_meanwhile():
    table = pyarrow.concat_tables([TABLE] * 50_000).combine_chunks()
    done = threading.Event()
    count = 0
    worker = threading.Thread(
        target=lambda: (BOOK.policy("returns").decide_batch(table, threads=1), done.set()))
    worker.start()
    while not done.wait(0.001):
        count += 1
    worker.join()
    assert count > 0


@pytest.mark.parametrize("name", ["polars_orders", "duckdb_orders"])
def test_examples_run(name, capsys):
    runpy.run_path(str(ROOT / f"bindings/python/examples/{name}.py"))
    assert "324" in capsys.readouterr().out.replace(",", "")
