"""Whom the work is about and who answers for each (DOMAIN rules 7 and 8).

The students are those tracked and on the roll today. The 一对一 teacher is the one of the first running pairing; who has
none is his 班主任's. 家访 is the 班主任's. 心理咨询 is that of the 心理教师 on duty who has the class among 任教班级, else of
the first 心理教师 on duty, else of the 班主任. Teachers are shown as "工号 姓名"; null where there is none.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules import people, roll
from xlbangfu.rules.school import STUDENT, School, asked_once
from xlbangfu.schema import CLASSES, NO, ONE_TO_ONE, PAIRINGS, ROSTER, RUNNING, TEACHERS, YES

TUTOR, HOMEROOM, COUNSELLOR = "_tutor", "_homeroom", "_counsellor"
SUBJECTS = (
    "_subjects"  # what the student is helped in, as a list: 帮扶学科 of the pairing, else 困难学科; null for none
)
COUNSELLING_ROLE = "心理教师"


@asked_once
def looked_after(school: School) -> pl.DataFrame:
    """One row a student, by 班级 and 学号: 学号, 姓名, 班级, 年级, 困难类型, 困难学科, 成因, 留守, 列入日期, 退出日期, ``_key``
    (whether 重点), SUBJECTS, TUTOR, HOMEROOM and COUNSELLOR."""
    today = pl.lit(school.today)
    listed = school[ROSTER].filter(roll.tracked(today) & roll.on_roll(today))
    rooms = school[CLASSES].select("班级", "年级", _typed="班主任").unique("班级", keep="first")
    tutors = _running(school)
    found = (
        listed.select(
            *("学号", "姓名", "班级", "困难类型", "困难学科", "成因", "留守", "列入日期", "退出日期"),
            _key=pl.col("重点") == YES,
        )
        .join(rooms, on="班级", how="left")
        .join(tutors, left_on="学号", right_on=STUDENT, how="left")
        .sort("班级", "学号")
    )
    named = labels(school, pl.concat([found["_typed"], found["_paired"]]))
    counsellors = _counsellors(school)
    anyone = counsellors.height > 0
    return (
        found.with_columns(pl.col("_key").fill_null(False))
        .join(named.rename({"_label": HOMEROOM}), on="_typed", how="left")
        .join(named.rename({"_label": TUTOR, "_typed": "_paired"}), on="_paired", how="left")
        .join(_by_class(counsellors), on="班级", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(TUTOR, HOMEROOM),
            pl.coalesce(people.split(pl.col("_helped_in")), people.split(pl.col("困难学科"))).alias(SUBJECTS),
            pl.coalesce(COUNSELLOR, pl.lit(counsellors["_label"][0] if anyone else None, dtype=pl.String), HOMEROOM),
        )
        .sort("班级", "学号")
        .drop("_typed", "_paired", "_helped_in")
    )


def labels(school: School, typed: pl.Series) -> pl.DataFrame:
    """Every different cell that names a teacher (``_typed``) beside "工号 姓名" (``_label``); those unknown left out."""
    cells = typed.drop_nulls().unique()
    known = people.teacher_label(school[TEACHERS]).select(_id="工号", _label="显示").unique("_id", keep="first")
    numbered = pl.DataFrame({"_typed": cells, "_id": people.teacher_ids(cells, school[TEACHERS])})
    return numbered.join(known, on="_id").select("_typed", "_label")


def _running(school: School) -> pl.DataFrame:
    """STUDENT beside the teacher and the 帮扶学科 of the first running 一对一, as typed."""
    ended = (pl.col("结束日期") < school.today).fill_null(False)
    running = (pl.col("类型") == ONE_TO_ONE) & (pl.col("状态") == RUNNING) & ~ended
    rows = school[PAIRINGS].filter(running & pl.col(STUDENT).is_not_null() & pl.col("教师").is_not_null())
    return rows.select(STUDENT, _paired="教师", _helped_in="帮扶学科").unique(
        STUDENT, keep="first", maintain_order=True
    )


def _counsellors(school: School) -> pl.DataFrame:
    """``_label`` and 任教班级 of the 心理教师 on duty, in the order of the sheet."""
    roles = people.split(pl.col("角色")).list.contains(COUNSELLING_ROLE).fill_null(False)
    on_duty = (pl.col("在岗") != NO).fill_null(True)
    found = school[TEACHERS].filter(roles & on_duty)
    return found.select("任教班级", _label=pl.concat_str("工号", "姓名", separator=" "))


def _by_class(counsellors: pl.DataFrame) -> pl.DataFrame:
    each = counsellors.select(_label="_label", 班级=people.split(pl.col("任教班级"))).explode("班级")
    return each.drop_nulls("班级").unique("班级", keep="first", maintain_order=True).rename({"_label": COUNSELLOR})
