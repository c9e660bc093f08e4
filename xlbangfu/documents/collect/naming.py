"""Which students a cell of a page names: "学号 姓名", a 学号, or a name that only one of the page's own has; several apart by 、."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlbangfu.documents.class_page.fill_in import STUDENT_COLUMN
from xlbangfu.documents.collect.identity import Identity, owner_number
from xlbangfu.documents.page_code import Origin
from xlbangfu.rules.helpers import helpers
from xlbangfu.rules.page_kinds import CLASS_PAGE
from xlbangfu.rules.people import plain, split
from xlbangfu.rules.school import School
from xlbangfu.schema import ROSTER, ROW, SEPARATOR

NUMBERS, HOW_MANY, LOST, ELSEWHERE = "_numbers", "_count", "_lost", "_elsewhere"


def own_students(identity: Identity, school: School) -> pl.Series:
    """The 学号 of those whom a page may tell of: of the class today; of a teacher the own students, and those whom the
    teacher's page was made with."""
    if identity.kind == CLASS_PAGE:
        return school[ROSTER].filter(plain(pl.col("班级")) == identity.owner)["学号"].drop_nulls()
    helped = helpers(school).filter(pl.col("工号") == owner_number(identity, school))["学号"]
    carried = identity.students if identity.origin is Origin.OURS else ()
    given = pl.Series("学号", [label.split(" ")[0] for label in carried], dtype=pl.String)
    return pl.concat([helped, given]).unique()


def with_students(frame: pl.DataFrame, school: School, own: pl.Series, labels: Sequence[str] = ()) -> pl.DataFrame:
    """The frame with what its 学生 cells mean; ``own`` are the 学号 of those whom the page may tell of. ``labels`` are the students that the page carries ("学号 姓名"): one of them who
    is not in 名册 any more is nobody, however he is named, and never another of the same name or number.

    NUMBERS are the 学号 found, each once, apart by 、, HOW_MANY their count; LOST are the parts that name nobody
    or not one only; ELSEWHERE the parts that name a student who is not among ``own``, with where he is.
    """
    parts = (
        frame.select(ROW, _part=split(pl.col(STUDENT_COLUMN)))
        .explode("_part")
        .with_columns(_key=plain(pl.col("_part")))
        .filter(pl.col("_key") != "")
    )
    people = _people(school, own)
    keys = _keys(people).filter(~pl.col("_key").is_in(_gone(people, labels)))
    known = parts.join(keys, on="_key", how="left", maintain_order="left")
    there = pl.concat_str(pl.col("_part"), pl.lit("（在 "), pl.col("_room").fill_null("别处"), pl.lit("）"))
    meant = known.group_by(ROW).agg(
        pl.col("学号").drop_nulls().unique(maintain_order=True).str.join(SEPARATOR).alias(NUMBERS),
        pl.col("学号").drop_nulls().n_unique().alias(HOW_MANY),
        pl.col("_part").filter(pl.col("学号").is_null()).str.join(SEPARATOR).alias(LOST),
        there.filter(pl.col("学号").is_not_null() & ~pl.col("_own").fill_null(False))
        .str.join(SEPARATOR)
        .alias(ELSEWHERE),
    )
    return frame.join(meant, on=ROW, how="left", maintain_order="left")


def _gone(people: pl.DataFrame, labels: Sequence[str]) -> list[str]:
    """Every way to name those whom the page carries and 名册 does not have under that number and name."""
    here = set(people.select("学号", "_name").iter_rows())
    named = pl.DataFrame({"_": list(labels)}, schema={"_": pl.String()}).select(
        pl.col("_").str.extract(r"^(\S+)").alias("学号"), _name=plain(pl.col("_").str.extract(r"^\S+\s+(.*)$"))
    )
    gone = [(number, name) for number, name in named.drop_nulls().iter_rows() if (number, name) not in here]
    return [key for number, name in gone for key in (number, name, number + name)]


def _people(school: School, own: pl.Series) -> pl.DataFrame:
    """名册, each 学号 once: 学号, _name, _room, _own."""
    return (
        school[ROSTER]
        .filter(pl.col("学号").is_not_null())
        .select(
            "学号", _name=plain(pl.col("姓名")), _room=plain(pl.col("班级")), _own=pl.col("学号").is_in(own.implode())
        )
        .unique("学号", keep="first", maintain_order=True)
    )


def _keys(people: pl.DataFrame) -> pl.DataFrame:
    """Each way to name a student that means one only: _key, 学号, _room, _own."""
    told, alone = ("学号", "_room", "_own"), people.filter(pl.col("_own")).unique("_name", keep="none")
    return (
        pl.concat(
            [
                people.select(pl.col("学号").alias("_key"), *told),
                people.select(pl.concat_str("学号", "_name").alias("_key"), *told),
                alone.select(pl.col("_name").alias("_key"), *told),
            ]
        )
        .drop_nulls("_key")
        .unique("_key", keep="first", maintain_order=True)
    )
