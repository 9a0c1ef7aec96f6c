"""Rulebooks on Apache Spark: each executor judges its part of a data frame by the same rulebook.

    import rulebook.spark

    book = rulebook.Rulebook.load("policies/taobao")
    judged = rulebook.spark.judge(checkouts, book, "wechat_pay")
    decided, rejected = rulebook.spark.split(judged)

The rulebook travels with the job as its texts, and arrives as it was sent or not at all: see
`TravelError`. All that executors need is this package, in the version of the driver.
"""

import datetime as dt
import functools
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.errors import PySparkTypeError
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_type
from pyspark.sql.types import StructType

from ._rulebook import Error, Policy, Rulebook

__all__ = ["judge", "split"]


def judge(
    df: DataFrame,
    rulebook: Rulebook,
    policy: str,
    *,
    at: dt.datetime | dt.date | str | None = None,
    keep: Sequence[str] | None = None,
    rules: bool = False,
    reasons: bool = False,
    profiles: Mapping[str, Any] | None = None,
    whole_partitions: bool = False,
) -> DataFrame:
    """Decides about every row of a data frame: one row out for each row in.

    First come the columns to `keep` (`id`, where there is one, unless told otherwise), then `errors`,
    then what `Policy.decide_batch` gives: a column for each decision, `faults`, and `rules` and
    `reasons` where they are wanted. Names are strings, times have microseconds. A row that breaks the
    declared types of its record has all that is wrong with it in `errors`, and no outcome; `errors`
    is null where the row is decided.

    `now` is each row's own date, as on the command line, or the time `at`. For a policy without `dated
    by` it is the time of this call, so that a task that runs again decides alike.

    `profiles` are joined on the executors, see `Rulebook.with_profiles`: lists travel with the job,
    paths are those of files that every executor can read.

    A policy that reads counters needs all records that have a key of theirs in common in one partition,
    as after `df.repartition("buyer_id")`; `whole_partitions` says that it is so. Then each partition is
    judged as a whole, its records in the order of their times, in the memory of one executor. Of
    records of one time the one above comes first, which `sortWithinPartitions` settles.

    Raises `SchemaError` before anything runs, where the columns cannot hold the record.
    """
    chosen = rulebook.policy(policy)
    if chosen.counters and not whole_partitions:
        raise ValueError(
            f"the policy `{policy}` reads counters ({', '.join(chosen.counters)}), and each executor sees "
            "only its part of the records; bring those that count each other into one partition, as with "
            '`df.repartition("buyer_id")`, and say so with `whole_partitions=True`'
        )
    if at is None and not chosen.is_dated:
        at = dt.datetime.now(dt.timezone.utc)
    part = _Part(
        rulebook=rulebook,
        policy=policy,
        at=at if at is None or isinstance(at, str) else at.isoformat(),
        profiles=pickle.dumps(dict(profiles)) if profiles else None,
        keep=tuple(_kept(df, keep)),
        rules=rules,
        reasons=reasons,
        whole=whole_partitions,
    )
    # Spark would tell only later, and less clearly, what cannot travel.
    pickle.dumps(part)
    columns = _columns(df)
    # Neither profiles nor rows are needed to know the columns that come out.
    judged = part.rows(part.timed(chosen), _no_rows(columns))
    schema = StructType([df.schema[name] for name in part.keep])
    for field in from_arrow_schema(judged.schema)[len(part.keep) :]:
        schema.add(field)
    needed = {*part.keep, *chosen.columns(columns)} or set(df.columns[:1])
    return df.select(*[_column(name) for name in df.columns if name in needed]).mapInArrow(part, schema)


def split(judged: DataFrame) -> tuple[DataFrame, DataFrame]:
    """What `judge` gave, as the rows that were decided and the rows that were rejected: the latter
    with the columns that were kept, and `errors`.

    Each of the two judges all rows again, unless `judged` has been written or cached before.
    """
    at = judged.columns.index("errors")
    is_decided = _column("errors").isNull()
    rejected = [_column(name) for name in judged.columns[: at + 1]]
    return judged.where(is_decided).drop("errors"), judged.where(~is_decided).select(*rejected)


@dataclass(frozen=True)
class _Part:
    """How a part of a data frame is judged, batch by batch. It travels to the executors."""

    rulebook: Rulebook
    policy: str
    at: str | None
    profiles: bytes | None
    keep: tuple[str, ...]
    rules: bool
    reasons: bool
    whole: bool

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        book = _joined(self.rulebook, self.profiles) if self.profiles else self.rulebook
        policy = self.timed(book.policy(self.policy))
        for batch in self.together(batches) if self.whole else batches:
            yield self.rows(policy, batch)

    def together(self, batches: Iterator[pa.RecordBatch]) -> list[pa.RecordBatch]:
        """All rows of the partition as one batch."""
        all_of_it = list(batches)
        return pa.Table.from_batches(all_of_it).combine_chunks().to_batches() if all_of_it else []

    def timed(self, policy: Policy) -> Policy:
        return policy.replaying() if self.at is None else policy.at(self.at)

    def rows(self, policy: Policy, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A row for each row of a batch, in their order."""
        # Spark runs a task for each core.
        tables = policy.decide_batch(batch, rules=self.rules, reasons=self.reasons, threads=1)
        decisions, rejects = (table.to_pyarrow() for table in tables)
        if len(decisions) + len(rejects) != len(batch):
            raise Error(
                f"of {len(batch)} rows {len(decisions)} were decided and {len(rejects)} rejected; "
                "please report this"
            )
        rows = pa.array(range(len(batch)), pa.uint64())
        columns = [(name, batch.column(name)) for name in self.keep]
        columns.append(("errors", rejects["errors"].take(_places(rows, rejects))))
        # The first column numbers the rows.
        decided = decisions.select(range(1, decisions.num_columns)).take(_places(rows, decisions))
        for name, column in zip(decided.column_names, decided.columns):
            if name != "id" or name not in self.keep:
                columns.append((name, _plain(column)))
        names, arrays = zip(*columns)
        _unambiguous(names)
        return pa.RecordBatch.from_arrays([_whole(array) for array in arrays], names)


@functools.lru_cache(maxsize=4)
def _joined(book: Rulebook, profiles: bytes) -> Rulebook:
    """The rulebook with its profiles, which are read once in each process."""
    return book.with_profiles(pickle.loads(profiles))


def _places(rows: pa.Array, judged: pa.Table) -> pa.Array:
    """Where each row stands among those that were judged so; null where it does not."""
    return pc.index_in(rows, value_set=_whole(judged.column(0)))


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column in the types that Spark has."""
    # Nanoseconds are more than Spark keeps.
    return column.cast(_plain_type(column.type), safe=False)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    if pa.types.is_duration(kind):
        return pa.duration("us")
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_plain_type(kind.value_type)))
    return kind


def _columns(df: DataFrame) -> pa.Schema:
    """The columns of a data frame as executors get them, but for those that no record can hold."""
    fields = []
    for field in df.schema:
        try:
            fields.append(pa.field(field.name, to_arrow_type(field.dataType, timezone="UTC")))
        except PySparkTypeError:
            continue
    return pa.schema(fields)


def _no_rows(columns: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in columns], schema=columns)


def _kept(df: DataFrame, keep: Sequence[str] | None) -> Sequence[str]:
    _unambiguous(df.columns)
    if keep is None:
        return [name for name in df.columns if name == "id"]
    if unknown := [name for name in keep if name not in df.columns]:
        raise ValueError(f"no column {', '.join(unknown)} can be kept; there are {', '.join(df.columns)}")
    return keep


def _unambiguous(names: Sequence[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"there are two columns {', '.join(twice)}; rename one of each before `judge`")


def _column(name: str) -> Column:
    """A column by its very name, which may have points in it."""
    return F.col("`" + name.replace("`", "``") + "`")
