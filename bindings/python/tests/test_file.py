"""Files are decided as the command line decides them, to the byte."""

import json
import signal
import subprocess
import threading

import pyarrow
import pyarrow.parquet
import pytest

import rulebook

TEXT = """
    record Order { id: text  at: time  amount: CNY  buyer: text }
    counter placed = count of Order by buyer within 30 days
    policy returns for Order dated by at {
      decide refund: yes | no by first otherwise no
      decide fee: CNY by first otherwise 0 CNY
      rule small { when amount <= 50 CNY then refund = yes, fee = amount * 10% because "{amount} is little" }
      rule known { when placed >= 2 then refund = yes because "{placed} orders before" }
    }"""
RECORDS = [
    {"id": f"o{number}", "at": f"2024-03-0{1 + number % 9}T08:00:00Z", "amount": 37 * number % 101 + 1,
     "buyer": f"b{number % 7}"}
    for number in range(100)
] + [{"id": "bad", "at": "2024-02-30", "amount": "ten", "buyer": "b1"}]


def write_lines(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "returns.policy").write_text(TEXT)
    write_lines(tmp_path / "orders.jsonl", RECORDS)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(RECORDS[:-1]), tmp_path / "orders.parquet")
    lines = [",".join(str(value) for value in record.values()) for record in RECORDS]
    (tmp_path / "orders.csv").write_text("\n".join([",".join(RECORDS[0]), *lines]) + "\n")
    return tmp_path


def policy_of(folder):
    return rulebook.Rulebook.load(folder / "returns.policy").policy("returns").replaying()


def told(command, folder, *arguments):
    arguments = [command, "eval", folder / "returns.policy", "--policy", "returns", *arguments]
    ran = subprocess.run(arguments, capture_output=True, text=True)
    assert ran.returncode in (0, 1), ran.stderr


@pytest.mark.parametrize("source", ["orders.jsonl", "orders.parquet", "orders.csv"])
@pytest.mark.parametrize("ending", ["jsonl", "json", "csv", "tsv", "parquet"])
def test_files_are_what_the_command_line_writes(command, folder, source, ending):
    theirs, ours = folder / f"theirs.{ending}", folder / f"ours.{ending}"
    columns = ending in ("csv", "tsv", "parquet")
    extras = ["--with", "rules,reasons"] if columns else ["--format", ending]
    told(command, folder, "--input", folder / source, "--output", theirs, "--rejects", folder / "theirs.bad", *extras)
    totals = policy_of(folder).decide_file(
        folder / source, ours, rejects=folder / "ours.bad", rules=columns, reasons=columns,
        format=None if columns else ending,
    )
    bad = 0 if source == "orders.parquet" else 1
    assert totals == {"records": 100 + bad, "decided": 100, "rejected": bad, "faulted": 0}
    assert ours.read_bytes() == theirs.read_bytes()
    assert (folder / "ours.bad").read_bytes() == (folder / "theirs.bad").read_bytes()


def test_histories_go_from_call_to_call_as_on_the_command_line(command, folder):
    policy = policy_of(folder)
    write_lines(folder / "one.jsonl", RECORDS[:50])
    write_lines(folder / "two.jsonl", RECORDS[50:100])
    ours, theirs = folder / "ours.sqlite", folder / "theirs.sqlite"
    for name in ("one", "two"):
        data = folder / f"{name}.jsonl"
        policy.decide_file(data, folder / f"{name}.ours.jsonl", history=ours)
        told(command, folder, "--input", data, "--output", folder / f"{name}.theirs.jsonl", "--history", theirs)
        assert (folder / f"{name}.ours.jsonl").read_bytes() == (folder / f"{name}.theirs.jsonl").read_bytes()
    with pytest.raises(rulebook.Error, match="has been counted already"):
        policy.decide_file(folder / "one.jsonl", folder / "again.jsonl", history=ours)
    policy.decide_file(folder / "one.jsonl", folder / "again.jsonl", history=ours, again=True)
    assert (folder / "again.jsonl").read_bytes() == (folder / "one.ours.jsonl").read_bytes()


def test_several_inputs_are_one(folder):
    policy = policy_of(folder)
    both = [folder / "a1.jsonl", folder / "a2.jsonl"]
    write_lines(both[0], RECORDS[:50])
    write_lines(both[1], RECORDS[50:])
    assert policy.decide_file(both, folder / "listed")["records"] == 101
    assert policy.decide_file(str(folder / "a?.jsonl"), folder / "matched", threads=1)["records"] == 101
    policy.decide_file(folder / "orders.jsonl", folder / "whole")
    assert (folder / "listed").read_bytes() == (folder / "matched").read_bytes() == (folder / "whole").read_bytes()


def test_what_cannot_be_done_leaves_all_as_it_was(folder):
    policy, orders = policy_of(folder), folder / "orders.jsonl"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    refused = [
        (rulebook.Error, "name the same file", {"output": orders}),
        (ValueError, "is no ending for JSON lines", {"output": folder / "returns.policy", "format": "jsonl"}),
        (ValueError, "is no ending for decisions", {"output": folder / "out.xlsx"}),
        (rulebook.Error, "cannot read", {"inputs": folder / "nothing.jsonl"}),
        (rulebook.Error, "is given twice", {"inputs": [orders, orders]}),
        (ValueError, "is no format", {"format": "xml"}),
        (ValueError, "add columns", {"rules": True}),
        (ValueError, "needs the `history`", {"again": True}),
    ]
    for error, message, arguments in refused:
        with pytest.raises(error, match=message):
            policy.decide_file(**{"inputs": orders, "output": folder / "out.jsonl", **arguments})
    with pytest.raises(ValueError, match="in memory"):
        policy.with_history(rulebook.History()).decide_file(orders, folder / "out.jsonl")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_signal_ends_a_call_and_leaves_nothing(folder):
    long, out = folder / "long.jsonl", folder / "out.jsonl"
    long.write_text((folder / "orders.jsonl").read_text() * 4000)
    names = sorted(path.name for path in folder.iterdir())
    policy = policy_of(folder)
    # Who starts the tests may have them ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            threading.Timer(0.1, lambda: signal.raise_signal(signal.SIGINT)).start()
            policy.decide_file(long, out, threads=1)
    finally:
        signal.signal(signal.SIGINT, before)
    assert sorted(path.name for path in folder.iterdir()) == names


PLAIN = """
    record Order { id: text  amount: CNY }
    policy returns for Order {
      decide refund: yes | no by first otherwise no
      rule small { when amount <= 50 CNY then yes }
    }"""


def test_files_are_read_as_they_come(tmp_path):
    import gzip
    import warnings

    book = rulebook.Rulebook.from_texts(
        {"a.policy": PLAIN, "rulebook.yaml": "inputs:\n  Order: { records: data.orders }\n"}
    )
    policy = book.policy("returns").replaying()
    page = b'{"data": {"orders": [{"id": "o1", "amount": 30}]}}'
    (tmp_path / "page.json.gz").write_bytes(gzip.compress(page))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        totals = policy.decide_file(tmp_path / "page.json.gz", tmp_path / "out.csv")
    assert totals["decided"] == 1
    (tmp_path / "in.csv").write_bytes("id;amount\nZ\u00fcrich;30\nM\u00fcnchen;3\n".encode("latin1"))
    with pytest.warns(UserWarning, match="was read as windows-1252"):
        totals = policy.decide_file(tmp_path / "in.csv", tmp_path / "out.csv")
    assert totals["decided"] == 2
    with pytest.raises(ValueError, match="there is no encoding `x`"):
        policy.decide_file(tmp_path / "in.csv", tmp_path / "out.csv", encoding="x")
