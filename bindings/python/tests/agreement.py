"""Whether one record at a time, a whole table, the command line and a cluster decide alike."""

import argparse
import datetime as dt
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import rulebook

ROOT = pathlib.Path(__file__).resolve().parents[3]
EARLIEST = dt.datetime.min.replace(tzinfo=dt.timezone.utc)
ORDERS_FOLDER, ORDERS_POLICY = ROOT / "policies/marketplace", "purchase_review"


@dataclass
class Judged:
    """What was made of records, by their numbers."""

    decided: dict[int, Any] = field(default_factory=dict)
    rejected: dict[int, list[dict[str, str]]] = field(default_factory=dict)

    def differing(self, other: "Judged") -> list[int]:
        """The numbers of the records of which something else was made."""
        mine, others = ({**judged.decided, **judged.rejected} for judged in (self, other))
        unlike = {record for record in mine.keys() | others.keys() if mine.get(record) != others.get(record)}
        return sorted(unlike | (self.decided.keys() ^ other.decided.keys()))


@dataclass
class Case:
    """Records, as lines and as a table, and the policy that judges them."""

    folder: pathlib.Path
    policy_name: str
    lines: list[str]
    table: pa.Table
    path: pathlib.Path
    title: str = ""

    @property
    def name(self) -> str:
        folder = self.folder.resolve()
        shown = folder.relative_to(ROOT / "policies") if folder.is_relative_to(ROOT / "policies") else folder
        return f"{shown} {self.policy_name}{self.title}"

    def profiles(self) -> dict[str, pathlib.Path]:
        """What `rulebook.yaml` names, which the command line reads by itself."""
        _, _, rest = (self.folder / "rulebook.yaml").read_text().partition("\nprofiles:\n")
        named = re.match(r"(?:  \w+: .*(?:\n|$))*", rest)[0]
        return {line.split(":")[0].strip(): self.folder / line.split(":")[1].strip() for line in named.splitlines()}

    def policy(self) -> rulebook.Policy:
        book = rulebook.Rulebook.load(self.folder)
        if profiles := self.profiles():
            book = book.with_profiles(profiles)
        return book.policy(self.policy_name).replaying()


def shipped() -> list[Case]:
    """The data of all shipped policies on whole records; those for each element have a call of their own."""
    return [
        Case(path.parent.parent, path.stem, lines := path.read_text().splitlines(), table_of(lines), path)
        for path in sorted(ROOT.glob("policies/**/data/*.jsonl"))
        if not is_for_each(path.parent.parent, path.stem)
    ]


def is_for_each(folder: pathlib.Path, policy_name: str) -> bool:
    head = re.compile(rf"^policy {policy_name} for each ", re.MULTILINE)
    return any(head.search(path.read_text()) for path in folder.rglob("*.policy"))


def table_of(lines: list[str]) -> pa.Table:
    """Records as typed columns; a column of which no type holds all values becomes texts."""
    records = [json.loads(line) for line in lines]
    names = dict.fromkeys(name for record in records for name in record)
    columns = {name: column_of([record.get(name) for record in records]) for name in names}
    # Other libraries have no columns that are of no type, and what is null everywhere is not there.
    return pa.table({name: column for name, column in columns.items() if column.type != pa.null()})


def column_of(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([value if value is None or isinstance(value, str) else json.dumps(value) for value in values])


def one_by_one(case: Case) -> tuple[Judged, Judged]:
    """Decides about each line: as the lines that the command line writes, and as rows of columns."""
    policy = case.policy()
    order = list(range(len(case.lines)))
    if counts := bool(policy.counters):
        dates = {}
        for record in order:
            try:
                dates[record] = policy.with_history(rulebook.History()).decide(case.lines[record]).dated
            except rulebook.Rejection:
                pass
        # What is rejected counts nowhere.
        order.sort(key=lambda record: (dates[record], record) if record in dates else (EARLIEST, record))
        policy = policy.with_history(rulebook.History())
    lines, rows = Judged(), Judged()
    for record in order:
        try:
            decision = policy.decide(case.lines[record], remember=counts)
        except rulebook.Rejection as rejection:
            lines.rejected[record] = rows.rejected[record] = rejection.errors
        else:
            lines.decided[record] = decision.to_json(record)
            rows.decided[record] = row_of(decision)
    return lines, rows


def row_of(decision: rulebook.Decision) -> dict[str, Any]:
    """A decision as its row of a table tells it."""
    told = []
    for fault in decision.faults:
        owner = f"rule {fault['rule']}" if fault.get("rule") else f"decision {fault.get('decision') or ''}"
        told.append(f"{owner}: {fault['message']} ({fault['code']})")
    parts = {"faults": told or None, "rules": decision.rules, "reasons": decision.reasons}
    return {"id": decision.id, **decision.outcomes, **parts}


def by_command(case: Case, command: str) -> Judged:
    """What `rulebook eval` writes."""
    with tempfile.TemporaryDirectory() as folder:
        output, rejects = pathlib.Path(folder) / "decided.jsonl", pathlib.Path(folder) / "rejects.jsonl"
        ran = subprocess.run(
            [command, "eval", case.folder, "--policy", case.policy_name, "--input", case.path,
             "--output", output, "--rejects", rejects],
            capture_output=True, text=True,
        )
        if ran.returncode not in (0, 1):
            raise RuntimeError(f"`rulebook eval` failed: {ran.stderr}")
        judged = Judged()
        for line in output.read_text().splitlines():
            judged.decided[json.loads(line)["record"]] = line
        for line in map(json.loads, rejects.read_text().splitlines()):
            judged.rejected[line["record"]] = [{"count": 1, **error} for error in line["errors"]]
        return judged


def by_batch(case: Case) -> Judged:
    """What `decide_batch` makes of the whole table."""
    decisions, rejects = case.policy().decide_batch(case.table, rules=True, reasons=True)
    judged = Judged()
    for row in decisions.to_pyarrow().to_pylist():
        record = row.pop("record")
        judged.decided[record] = {"id": None, **row}
    for row in rejects.to_pyarrow().to_pylist():
        judged.rejected[row["record"]] = row["errors"]
    return judged


def by_spark(case: Case, session: Any) -> Judged:
    """What a cluster makes of the table, in parts; in one part where records count each other."""
    import rulebook.spark

    numbered = case.table.append_column("row number", pa.array(range(len(case.lines))))
    df = session.createDataFrame(numbered)
    book = rulebook.Rulebook.load(case.folder)
    counts = bool(book.policy(case.policy_name).counters)
    # Of records of one time, the one above is the earlier one.
    df = df.repartition(1).sortWithinPartitions("row number") if counts else df
    out = rulebook.spark.judge(
        df, book, case.policy_name, keep=["row number"], rules=True, reasons=True,
        profiles=case.profiles(), whole_partitions=counts,
    )
    judged = Judged()
    for row in out.toArrow().to_pylist():
        record, errors = row.pop("row number"), row.pop("errors")
        if errors is None:
            judged.decided[record] = {"id": None, **row}
        else:
            judged.rejected[record] = errors
    return judged


def cluster(short: bool = True) -> Any:
    """A session with a cluster of three workers, each with processes of its own; for a short run, what
    Java runs is compiled quickly rather than well."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    local = ("spark.driver.host", "spark.driver.bindAddress")
    builder = SparkSession.builder.master("local-cluster[3,1,1024]").config("spark.ui.enabled", "false")
    for key in local:
        builder = builder.config(key, "127.0.0.1")
    for who in ("driver", "executor") if short else ():
        builder = builder.config(f"spark.{who}.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    # Each file is a part of its own, however small.
    builder = builder.config("spark.sql.files.maxPartitionBytes", "4m")
    # A zone that is neither that of a shipped rulebook nor UTC.
    session = builder.config("spark.sql.session.timeZone", "America/New_York").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def executors(session: Any) -> Iterator[int]:
    """The processes of the executors of a session."""
    app = session.sparkContext.applicationId.encode()
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if app in words and any(word.endswith(b"ExecutorBackend") for word in words):
            yield int(process.name)


def command() -> str | None:
    """The `rulebook` binary: the one that RULEBOOK names, else the last that was built."""
    built = [ROOT / "target" / profile / "rulebook" for profile in ("release", "debug")]
    built = sorted((path for path in built if path.exists()), key=lambda path: path.stat().st_mtime)
    return os.environ.get("RULEBOOK") or (str(built[-1]) if built else None)


def compared(case: Case, binary: str, session: Any) -> dict[str, int]:
    """How many records there are, were decided and rejected, and of how many each way makes something
    else than deciding about one record after another."""
    lines, rows = one_by_one(case)
    counts = {"records": len(case.lines), "decided": len(rows.decided), "rejected": len(rows.rejected)}
    counts["eval differs"] = len(lines.differing(by_command(case, binary)))
    counts["table differs"] = len(rows.differing(by_batch(case)))
    if session:
        counts["Spark differs"] = len(rows.differing(by_spark(case, session)))
    return counts


def orders(parser: argparse.ArgumentParser, given: argparse.Namespace) -> Case | None:
    """The orders that are given, if any."""
    if bool(given.orders) != bool(given.parquet):
        parser.error("`--orders` and `--parquet` name the same orders; give both")
    if not given.orders:
        return None
    for path in (given.orders, given.parquet):
        if not path.is_file():
            parser.error(f"there is no file {path}")
    lines, table = given.orders.read_text().splitlines(), pq.read_table(given.parquet)
    return Case(given.rulebook, given.policy, lines, table, given.orders, f", {given.orders.name}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="agree",
        description="Decides about the data of all shipped policies, and about orders of your own, in four ways: "
        "one record at a time, by the command line, as a table and on a cluster of Spark. Prints of how many "
        "records each makes something else than the first, to the last reason; 1 is the exit code if any does.",
    )
    named = {name: os.environ.get(name) for name in ("RULEBOOK_ORDERS", "RULEBOOK_ORDERS_PARQUET")}
    lines, table = (pathlib.Path(path) if path else None for path in named.values())
    parser.add_argument("--orders", type=pathlib.Path, default=lines, metavar="FILE.jsonl",
                        help="orders, as lines [RULEBOOK_ORDERS]")
    parser.add_argument("--parquet", type=pathlib.Path, default=table, metavar="FILE.parquet",
                        help="the same orders, as a table [RULEBOOK_ORDERS_PARQUET]")
    parser.add_argument("--rulebook", type=pathlib.Path, default=ORDERS_FOLDER,
                        help="what judges the orders [policies/marketplace]")
    parser.add_argument("--policy", default=ORDERS_POLICY, help=f"its policy [{ORDERS_POLICY}]")
    parser.add_argument("--without-spark", action="store_true", help="leave the cluster out")
    given = parser.parse_args(arguments)
    binary = command()
    if not binary:
        parser.error("no `rulebook` binary is built, and RULEBOOK names none")
    if not given.without_spark and not shutil.which("java"):
        parser.error("Spark needs Java (apt-get install openjdk-17-jre-headless); `--without-spark` leaves it out")
    own = orders(parser, given)
    cases = shipped() + ([own] if own else [])
    session = None if given.without_spark else cluster()
    width = max(len(case.name) for case in cases)
    total: dict[str, int] = {}
    for case in cases:
        counts = compared(case, binary, session)
        if not total:
            total = dict.fromkeys(counts, 0)
            print(f"{'':{width}}  " + "  ".join(f"{name:>8}" for name in counts))
        print(told(case.name, width, counts), flush=True)
        total = {name: total[name] + count for name, count in counts.items()}
    print(told("all", width, total))
    if session:
        session.stop()
    differing = list(total.values())[3:]
    print(f"{total['records'] * len(differing)} decisions and rejections compared, {sum(differing)} differences")
    return 1 if any(differing) else 0


def told(case: str, width: int, counts: dict[str, int]) -> str:
    return f"{case:{width}}  " + "  ".join(f"{count:{max(len(name), 8)}}" for name, count in counts.items())


if __name__ == "__main__":
    sys.exit(main())
