"""What cannot be covered, and what would cover it, in words."""

from __future__ import annotations

import polars as pl
from msgspec import Struct

from xlbangfu.rules.pairing.given import Given
from xlbangfu.rules.pairing.helpers import Helped
from xlbangfu.rules.pairing.pairing_staff import Staff
from xlbangfu.rules.pairing.wards import as_counted
from xlbangfu.rules.people import split
from xlbangfu.schema import ONE_TO_ONE, SEPARATOR

_LIMIT = {ONE_TO_ONE: "每师上限"}
_PROXY_LIMIT = "代管上限"


class Short(Struct, frozen=True):
    """``rows`` of 结对建议 without 教师, one for each who got nobody, and one sentence about all; empty where none."""

    rows: pl.DataFrame
    sentence: str


def short_of_teachers(kind: str, given: Given, staff: Staff) -> Short:
    """The students for whom no teacher has a place left."""
    missing = given.left.height
    rows = given.left.select(
        "学号",
        "姓名",
        "班级",
        pl.lit(kind).alias("类型"),
        pl.lit(f"排不上：在岗教师的名额已满，全校还差 {missing} 个").alias("理由"),
    )
    if not missing:
        return Short(rows, "")
    where = _counts(given.left["年级"].fill_null("年级不明"))
    subjects = _counts(given.left.select(split(pl.col("困难学科")).explode())["困难学科"].drop_nulls())
    about = f"{where}；困难学科 {subjects}" if kind == ONE_TO_ONE and subjects else where
    return Short(rows, f"{kind}还差 {missing} 个名额（{about}）：{_remedy(kind, given, staff)}。")


def short_of_helpers(helped: Helped) -> str:
    """A sentence about the students for whom no classmate is free."""
    if not helped.left.height:
        return ""
    if not helped.marked:
        return f"{helped.left.height} 名学生的学习帮手没有排：还没有他们困难学科的成绩，导入成绩后再点一次。"
    alone = pl.col("学号").is_in(helped.alone.implode())
    why = {"本班该科靠前的同学都已在帮别人": ~alone, "本班该科靠前的没有不在帮扶名单里的同学": alone}
    parts = {reason: helped.left.filter(who) for reason, who in why.items()}
    sentences = [
        f"{left.height} 名学生没有学习帮手（{_counts(left['班级'].fill_null('班级不明'))}）：{reason}，"
        "可在“设置”放宽「帮手名次」，或自己在“结对”指定。"
        for reason, left in parts.items()
        if left.height
    ]
    return "".join(sentences)


def short_of_patrons(given: Given) -> str:
    """A sentence about the classes that nobody can answer for."""
    if not given.left.height:
        return ""
    return f"{given.left.height} 个班没有包班行政：在“教师”表给在岗的行政或校长填上“角色”。"


def _remedy(kind: str, given: Given, staff: Staff) -> str:
    setting = _LIMIT.get(kind, _PROXY_LIMIT)
    own = staff.people["帮扶上限"] if kind == ONE_TO_ONE else pl.repeat(None, staff.people.height, eager=True)
    limit = given.limit_that_covers(own)
    if not staff.people.height:
        return "“教师”表里没有在岗的教师"
    if limit is None:
        return "提高“教师”表里的“帮扶上限”，或增加在岗教师"
    return f"把“设置”的「{setting}」提到 {limit} 就够，或增加在岗教师"


def _counts(names: pl.Series) -> str:
    """初一 5、初二 7."""
    counted = names.alias("_name").value_counts(name="_count").sort(as_counted(pl.col("_name")))
    return SEPARATOR.join(f"{name} {count}" for name, count in counted.iter_rows())
