"""What Python decides is what the command line writes, to the byte, and what tables tell."""

import os
import pathlib
import pickle

import pyarrow.parquet as pq
import pytest

import agreement
import rulebook
from agreement import ROOT
from rulebook import _travel

CASES = agreement.shipped()


def agrees(case, command):
    lines, rows = agreement.one_by_one(case)
    assert lines.differing(agreement.by_command(case, command)) == []
    assert rows.differing(agreement.by_batch(case)) == []
    assert len(lines.decided) + len(lines.rejected) == len(case.lines) and lines.decided


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_shipped_policies_are_decided_alike(command, case):
    agrees(case, command)


@pytest.mark.skipif(
    not {"RULEBOOK_ORDERS", "RULEBOOK_ORDERS_PARQUET"} <= os.environ.keys(),
    reason="RULEBOOK_ORDERS and RULEBOOK_ORDERS_PARQUET name no orders",
)
def test_real_orders_are_decided_alike(command):
    path = pathlib.Path(os.environ["RULEBOOK_ORDERS"])
    table = pq.read_table(os.environ["RULEBOOK_ORDERS_PARQUET"])
    lines = path.read_text().splitlines()
    agrees(agreement.Case(agreement.ORDERS_FOLDER, agreement.ORDERS_POLICY, lines, table, path), command)


def test_a_difference_is_told():
    case = next(case for case in CASES if case.policy_name == "wechat_pay")
    _, rows = agreement.one_by_one(case)
    other = agreement.by_batch(case)
    assert rows.differing(other) == []
    record, row = next(iter(other.decided.items()))
    other.decided[record] = row | {"reasons": ["another"]}
    moved = next(reversed(other.decided))
    other.rejected[moved] = other.decided.pop(moved)
    assert rows.differing(other) == sorted([record, moved])


def test_the_program_counts_what_differs(command, monkeypatch, capsys):
    case = next(case for case in CASES if case.policy_name == "wechat_pay")
    monkeypatch.setattr(agreement, "shipped", lambda: [case])
    monkeypatch.delenv("RULEBOOK_ORDERS", raising=False)
    monkeypatch.delenv("RULEBOOK_ORDERS_PARQUET", raising=False)
    assert agreement.main(["--without-spark"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "800 decisions and rejections compared, 0 differences"
    # A table that lost its last two rows.
    case.table = case.table.slice(0, 398)
    assert agreement.main(["--without-spark"]) == 1
    *_, totals, summary = capsys.readouterr().out.splitlines()
    assert totals.split() == ["all", "400", "400", "0", "0", "2"] and "2 differences" in summary
    with pytest.raises(SystemExit):
        agreement.main(["--orders", "nowhere.jsonl", "--without-spark"])
    assert "give both" in capsys.readouterr().err


@pytest.mark.parametrize("settings", sorted(ROOT.glob("policies/**/rulebook.yaml")), ids=lambda p: p.parent.name)
def test_texts_make_the_same_rulebook(settings):
    book = rulebook.Rulebook.load(settings.parent)
    _travel._arrived.clear()
    again = pickle.loads(pickle.dumps(book))
    assert (again.name, again.version, again.digest, again.policies) == (
        book.name, book.version, book.digest, book.policies)
