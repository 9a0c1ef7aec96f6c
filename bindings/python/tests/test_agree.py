"""What Python decides is what the command line writes, to the byte."""

import os
import pathlib
import pickle
import subprocess

import pytest

import rulebook
from conftest import ROOT
from rulebook import _travel

# What `rulebook.yaml` names, which only the command line reads.
PROFILES = {
    "marketplace": {"Seller": "data/sellers.csv"},
    "payments": {
        "Account": "profiles/accounts.csv",
        "Wallet": "profiles/wallets.csv",
        "PaidPart": "profiles/paid_parts.csv",
    },
    "taobao": {"Merchant": "profiles/merchants.csv"},
}
DATA = sorted(ROOT.glob("policies/**/data/*.jsonl"))


def lines_of_the_command(command, folder, policy, data, tmp_path):
    output, rejects = tmp_path / "out.jsonl", tmp_path / "rejects.jsonl"
    ran = subprocess.run(
        [command, "eval", folder, "--policy", policy, "--input", data, "--output", output,
         "--rejects", rejects],
        capture_output=True, text=True,
    )
    assert ran.returncode in (0, 1), ran.stderr
    return output.read_text().splitlines(), rejects.read_text().splitlines()


def lines_of_python(policy, data):
    """Decides in the order of the file."""
    decided, rejected = [], 0
    for record, line in enumerate(data.read_text().splitlines()):
        try:
            decided.append(policy.decide(line).to_json(record))
        except rulebook.Rejection:
            rejected += 1
    return decided, rejected


def lines_in_time(policy, data):
    """Decides in the order of the records' times and remembers them, as the command line counts."""
    records = list(enumerate(data.read_text().splitlines()))
    dates, rejected = {}, 0
    for record, line in records:
        try:
            dates[record] = policy.decide(line).dated
        except rulebook.Rejection:
            rejected += 1
    lines = {}
    for record in sorted(dates, key=lambda record: (dates[record], record)):
        lines[record] = policy.decide(records[record][1], remember=True).to_json(record)
    return [lines[record] for record in sorted(lines)], rejected


def counts(book):
    return any(text.lstrip().startswith("counter ") for text in
               b"\n".join(book.texts.values()).decode().splitlines())


@pytest.mark.parametrize("data", DATA, ids=lambda data: data.stem)
def test_shipped_policies_are_decided_alike(command, data, tmp_path):
    folder = data.parent.parent
    book = rulebook.Rulebook.load(folder)
    if profiles := PROFILES.get(str(folder.relative_to(ROOT / "policies"))):
        book = book.with_profiles({record: folder / file for record, file in profiles.items()})
    policy = book.policy(data.stem).replaying()
    wanted, wanted_rejects = lines_of_the_command(command, folder, data.stem, data, tmp_path)
    if counts(book):
        decided, rejected = lines_in_time(policy.with_history(rulebook.History()), data)
    else:
        decided, rejected = lines_of_python(policy, data)
    assert decided == wanted and rejected == len(wanted_rejects)


@pytest.mark.skipif("RULEBOOK_ORDERS" not in os.environ, reason="RULEBOOK_ORDERS names no file")
def test_real_orders_are_decided_alike(command, tmp_path):
    data = pathlib.Path(os.environ["RULEBOOK_ORDERS"])
    folder = ROOT / "policies/marketplace"
    policy = rulebook.Rulebook.load(folder).policy("purchase_review").replaying()
    wanted, wanted_rejects = lines_of_the_command(command, folder, policy.name, data, tmp_path)
    decided, rejected = lines_of_python(policy, data)
    assert decided == wanted and rejected == len(wanted_rejects) and decided


@pytest.mark.parametrize("settings", sorted(ROOT.glob("policies/**/rulebook.yaml")), ids=lambda p: p.parent.name)
def test_texts_make_the_same_rulebook(settings):
    book = rulebook.Rulebook.load(settings.parent)
    _travel._arrived.clear()
    again = pickle.loads(pickle.dumps(book))
    assert (again.name, again.version, again.digest, again.policies) == (
        book.name, book.version, book.digest, book.policies)
