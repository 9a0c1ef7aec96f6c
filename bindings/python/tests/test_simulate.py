"""What a change does is told as the command line tells it."""

import datetime as dt
import json
import subprocess
import threading
from decimal import Decimal

import pyarrow as pa
import pytest

import rulebook
from conftest import ROOT

TEXTS = {"rulebook.yaml": "name: shop\nversion: '1'\nzone: Asia/Shanghai\n", "returns.policy": """
    record Order { id: text  at: time  amount: CNY  category: text  buyer: text = "b" }
    parameter limit: CNY = 50 CNY
    counter placed = count of Order by buyer within 30 days

    policy returns for Order dated by at {
      decide refund: support | negotiate by first otherwise negotiate
      rule small {
        from 2024-01-01
        when amount <= limit
        then support
        because "{amount} is little"
      }
      measure platform_cost = sum(amount) where refund == support
    }

    policy habits for Order dated by at {
      decide step: pay < ask by strictest otherwise pay
      rule many { when placed >= 2 and amount > limit then ask }
    }"""}
BOOK = rulebook.Rulebook.from_texts(TEXTS)
ORDERS = [
    {"id": f"o{number}", "at": f"2024-0{3 + number % 3}-0{1 + number % 9}T08:00:00Z", "amount": 10 * number % 97 + 1,
     "category": ["food", "toys"][number % 2], "buyer": f"b{number % 5}"}
    for number in range(200)
] + [{"id": "bad", "at": "2024-02-30", "amount": "ten", "category": "food"}]


def told(command, tmp_path, lines, *arguments, folder=None):
    """What the command line makes of the same records."""
    data = tmp_path / "data.jsonl"
    data.write_text("".join(json.dumps(line) + "\n" for line in lines))
    if folder is None:
        folder = tmp_path / "shop"
        folder.mkdir(exist_ok=True)
        for path, text in TEXTS.items():
            (folder / path).write_text(text)
    report = tmp_path / "report.html"
    ran = subprocess.run(
        [command, "simulate", folder, "--input", data, "--format", "json", "--report", report, *arguments],
        capture_output=True, text=True,
    )
    assert ran.returncode in (0, 1), ran.stderr
    return ran.stdout, report.read_text(), rulebook.Rulebook.load(folder)


@pytest.mark.parametrize("policy", ["returns", "habits"])
def test_a_changed_parameter(command, tmp_path, policy):
    text, page, book = told(command, tmp_path, ORDERS, "--policy", policy, "--set", "limit=60 CNY",
                            "--by", "category", "--by", "at", "--sum", "amount", "--sample", "5")
    impact = book.simulate(policy, iter(ORDERS), set={"limit": "60 CNY"}, by=["category", "at"], sum=["amount"], sample=5)
    assert impact.to_json() == text and impact.report() == page
    assert impact.to_dict() == json.loads(text)
    assert (impact.records, impact.judged) == (201, 200) and impact.changed > 0
    for threads in (1, 3):
        other = book.simulate(policy, map(json.dumps, ORDERS), set={"limit": "60 CNY"}, by=["category", "at"],
                              sum=["amount"], sample=5, threads=threads)
        assert other.to_json() == text


def test_two_times(command, tmp_path):
    text, _, book = told(command, tmp_path, ORDERS, "--policy", "returns", "--at", "2023-12-31", "--at", "2024-01-02")
    impact = book.simulate("returns", ORDERS, at=("2023-12-31", dt.date(2024, 1, 2)))
    assert impact.to_json() == text and impact.changed > 0
    text, _, _ = told(command, tmp_path, ORDERS, "--policy", "returns", "--at", "2023-12-31")
    alone = book.simulate("returns", ORDERS, at="2023-12-31")
    assert alone.to_json() == text and alone.to_dict()["baseline"] is None


def test_another_rulebook(command, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for path, text in TEXTS.items():
        (other / path).write_text(text.replace("<= limit", "< 20 CNY"))
    text, _, book = told(command, tmp_path, ORDERS, "--policy", "returns", "--baseline", other)
    assert book.simulate("returns", ORDERS, baseline=rulebook.Rulebook.load(other)).to_json() == text


def test_a_shipped_policy(command, tmp_path):
    folder = ROOT / "policies/taobao"
    lines = [json.loads(line) for line in (folder / "data/return_treasure_savings.jsonl").read_text().splitlines()]
    text, page, book = told(command, tmp_path, lines, "--policy", "return_treasure_savings", "--set", "joined_share=80%",
                            "--by", "category", folder=folder)
    impact = book.simulate("return_treasure_savings", lines, set={"joined_share": "80%"}, by=["category"])
    assert impact.to_json() == text and impact.report() == page


@pytest.mark.parametrize("policy", ["returns", "habits"])
def test_a_table_is_told_as_its_rows(policy):
    rows = ORDERS[:-1]
    table = pa.Table.from_pylist(rows)
    wanted = BOOK.simulate(policy, rows, set={"limit": "60 CNY"}, by=["category"], sum=["amount"])
    impact = BOOK.simulate(policy, table, set={"limit": "60 CNY"}, by=["category"], sum=["amount"])
    assert impact.to_json() == wanted.to_json() and "60" in repr(impact.to_dict()["candidate"])
    assert impact.to_dict()["flips"][0]["input"] == rows[impact.to_dict()["flips"][0]["record"]]


def test_what_no_record_holds_is_rejected_where_it_is_declared():
    good = ORDERS[0]
    lines = [good | {"amount": amount} for amount in (float("nan"), 10**40, object(), Decimal("1.5"))]
    lines.append(good | {"surprise": object(), "noise": float("inf")})
    impact = BOOK.simulate("returns", lines, set={"limit": 1})
    assert (impact.records, impact.judged) == (5, 2)
    [side] = {json.dumps(impact.to_dict()[side]["rejections"]) for side in ("baseline", "candidate")}
    assert {error["path"] for error in json.loads(side)} == {"amount"}


def test_what_cannot_be_compared_is_told():
    for wrong in ({"by": ["amount"]}, {"sum": ["category"]}, {"by": ["nothing"]}, {"at": ("2024-01-01",)}, {"at": "soon"}):
        with pytest.raises(ValueError):
            BOOK.simulate("returns", ORDERS, **wrong)
    with pytest.raises(rulebook.UnknownPolicy):
        BOOK.simulate("return", ORDERS)
    with pytest.raises(rulebook.LoadError, match="limt"):
        BOOK.simulate("returns", ORDERS, set={"limt": 5})
    with pytest.raises(rulebook.SchemaError, match="amount"):
        BOOK.simulate("returns", pa.table({"id": ["a"]}))
    with pytest.raises(TypeError):
        BOOK.simulate("returns", 5)


def test_profiles_are_joined_on_both_sides():
    book = rulebook.Rulebook.from_texts({"a.policy": """
        record Shop { id: text  score: number }
        record Order { shop_id: text  shop: Shop by shop_id }
        parameter trusted: number = 4.8
        policy trust for Order {
          decide trusts: bool by first otherwise false
          rule good { when shop.score >= trusted then true }
        }"""}).with_profiles({"Shop": [{"id": "s1", "score": 4.5}]})
    impact = book.simulate("trust", [{"shop_id": "s1"}], set={"trusted": 4.5})
    assert (impact.judged, impact.changed) == (1, 1)


def test_the_interpreter_goes_on_meanwhile():
    done, count = threading.Event(), 0
    lines = [json.dumps(ORDERS[0])] * 100_000
    worker = threading.Thread(target=lambda: (BOOK.simulate("returns", lines, set={"limit": 9}, threads=1), done.set()))
    worker.start()
    while not done.wait(0.001):
        count += 1
    worker.join()
    assert count > 0
