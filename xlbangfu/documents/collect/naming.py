"""Which students a cell of a page names: "学号 姓名", a 学号, or a name that only one of the class has; several apart by 、."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlbangfu.documents.class_page.fill_in import STUDENT_COLUMN
from xlbangfu.rules.people import plain, split
from xlbangfu.rules.school import School
from xlbangfu.schema import ROSTER, ROW, SEPARATOR

NUMBERS, HOW_MANY, LOST, ELSEWHERE = "_numbers", "_count", "_lost", "_elsewhere"


def with_students(frame: pl.DataFrame, school: School, class_name: str, labels: Sequence[str] = ()) -> pl.DataFrame:
    """The frame with what its 学生 cells mean. ``labels`` are the students that the page carries ("学号 姓名"): one of them who
    is not in 名册 any more is nobody, however he is named, and never another of the same name or number.

    NUMBERS are the 学号 found, each once, apart by 、, HOW_MANY their count; LOST are the parts that name nobody
    or not one only; ELSEWHERE the parts that name a student who is not of the class today, with where he is.
    """
    parts = (
        frame.select(ROW, _part=split(pl.col(STUDENT_COLUMN)))
        .explode("_part")
        .with_columns(_key=plain(pl.col("_part")))
        .filter(pl.col("_key") != "")
    )
    people = _people(school)
    keys = _keys(people, class_name).filter(~pl.col("_key").is_in(_gone(people, labels)))
    known = parts.join(keys, on="_key", how="left", maintain_order="left")
    here = pl.col("_room") == class_name
    there = pl.concat_str(pl.col("_part"), pl.lit("（在 "), pl.col("_room").fill_null("别处"), pl.lit("）"))
    meant = known.group_by(ROW).agg(
        pl.col("学号").drop_nulls().unique(maintain_order=True).str.join(SEPARATOR).alias(NUMBERS),
        pl.col("学号").drop_nulls().n_unique().alias(HOW_MANY),
        pl.col("_part").filter(pl.col("学号").is_null()).str.join(SEPARATOR).alias(LOST),
        there.filter(pl.col("学号").is_not_null() & ~here.fill_null(False)).str.join(SEPARATOR).alias(ELSEWHERE),
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


def _people(school: School) -> pl.DataFrame:
    """名册, each 学号 once: 学号, _name, _room."""
    return (
        school[ROSTER]
        .filter(pl.col("学号").is_not_null())
        .select("学号", _name=plain(pl.col("姓名")), _room=plain(pl.col("班级")))
        .unique("学号", keep="first", maintain_order=True)
    )


def _keys(people: pl.DataFrame, class_name: str) -> pl.DataFrame:
    """Each way to name a student that means one only: _key, 学号, _room."""
    classmates = people.filter(pl.col("_room") == class_name).unique("_name", keep="none")
    return (
        pl.concat(
            [
                people.select(pl.col("学号").alias("_key"), "学号", "_room"),
                people.select(pl.concat_str("学号", "_name").alias("_key"), "学号", "_room"),
                classmates.select(pl.col("_name").alias("_key"), "学号", "_room"),
            ]
        )
        .drop_nulls("_key")
        .unique("_key", keep="first", maintain_order=True)
    )
