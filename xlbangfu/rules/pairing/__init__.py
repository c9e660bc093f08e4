"""结对建议: who should answer for whom (DOMAIN rule 6).

* 一对一: every tracked student on the roll without a running one gets a teacher on duty; most students covered, then
  least preference cost, then least Σ load². No teacher gets more than 帮扶上限 (else 「每师上限」).
* 学习帮手 (``helpers``), 代管家长 for left-behind students and 包班 for classes (``patrons``) likewise.
* Running pairings stay and count as load, but for those of a teacher who is no longer 在岗: their student or class gets a
  successor, and 理由 says whose. So does a proposal that staff have ticked and that still holds: it is proposed
  again as it is. Everything else is worked out anew, in the order of 学号 and 工号, so that sorting a sheet changes nothing.
* Whoever cannot be covered is a row without 教师 that says so.
"""

from __future__ import annotations

import polars as pl
from msgspec import Struct

from xlbangfu.rules.pairing import wards
from xlbangfu.rules.pairing.balance import Balance
from xlbangfu.rules.pairing.helpers import helpers_for
from xlbangfu.rules.pairing.pairing_acceptance import REFUSED, Accepted, accept, judged
from xlbangfu.rules.pairing.pairing_staff import Staff
from xlbangfu.rules.pairing.patrons import NO_PATRON, patrons_for, proxies_for
from xlbangfu.rules.pairing.running import AWAY, HELPER, TEACHER, WHOM, Running
from xlbangfu.rules.pairing.shortage import short_of_helpers, short_of_patrons, short_of_teachers
from xlbangfu.rules.pairing.teachers import teachers_for
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.ticks import is_tick
from xlbangfu.schema import CLASS_PATRON, ONE_TO_ONE, PEER, PROPOSALS, PROXY_PARENT

__all__ = ["Accepted", "Balance", "Proposed", "accept", "propose"]

_ORDER = PROPOSALS["类型"].choices


class Proposed(Struct, frozen=True):
    """``rows`` are PROPOSALS; ``short`` says what cannot be covered and what would cover it, a sentence each."""

    rows: pl.DataFrame
    short: tuple[str, ...]
    balance: Balance

    def count(self, kind: str) -> int:
        """How many are proposed of a 类型."""
        return self.rows.filter(
            pl.col("类型") == kind, pl.any_horizontal(pl.col("教师", "学习帮手").is_not_null())
        ).height


def propose(school: School, sheet: pl.DataFrame | None = None) -> Proposed:
    """The proposals for a school without errors; ``sheet`` is 结对建议 as it stands, with staff's ticks and remarks.

    Rows come by 类型, 班级, 学号.
    """
    stands = judged(school, PROPOSALS.empty() if sheet is None else sheet)
    chosen = stands.filter(is_tick(pl.col("采纳")), pl.col("_why").is_null())
    before = stands.select(pl.col(STUDENT).alias("学号"), "类型", TEACHER, HELPER).drop_nulls("学号")
    running = Running.of(school).with_rows(chosen.with_columns(pl.coalesce("_class", "班级").alias("班级")))
    staff, here = Staff.of(school), wards.students(school)

    to_teach = wards.without_teacher(here, running)
    teachers = teachers_for(school, to_teach, staff, running, _last(before, ONE_TO_ONE))
    helped = helpers_for(school, wards.without_helper(here, running), here, running, _last(before, PEER))
    proxies = proxies_for(school, wards.without_proxy_parent(here, running), staff, running)
    patrons = patrons_for(wards.without_patron(staff.classes, running), staff, running)

    uncovered = [short_of_teachers(ONE_TO_ONE, teachers, staff), short_of_teachers(PROXY_PARENT, proxies, staff)]
    parts = [
        _still_chosen(chosen),
        teachers.rows,
        helped.rows,
        proxies.rows,
        patrons.rows,
        *(part.rows for part in uncovered),
    ]
    shortages = [*(part.sentence for part in uncovered), short_of_helpers(helped), short_of_patrons(patrons)]
    return Proposed(
        _sheet(parts, stands, running.ending),
        tuple(text for text in shortages if text),
        Balance(teachers.load, teachers.after),
    )


def _last(before: pl.DataFrame, kind: str) -> pl.DataFrame:
    """学号 with TEACHER and HELPER of the last proposal of a 类型, each student once."""
    return before.filter(pl.col("类型") == kind).unique("学号", keep="first")


def _sheet(parts: list[pl.DataFrame], stands: pl.DataFrame, ending: pl.DataFrame) -> pl.DataFrame:
    """The rows as the sheet has them; a remark stays with its student though another teacher is proposed."""
    key = ["类型", "班级", "学号"]
    remarks = stands.filter(pl.col("备注").is_not_null()).select(*key, _remark="备注").unique(key, keep="first")
    rows = pl.concat([PROPOSALS.empty(), *(part.select(_held(part)) for part in parts)], how="diagonal")
    return (
        _as_successors(rows, ending)
        .join(remarks, on=key, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.coalesce("备注", "_remark").alias("备注"))
        .sort(
            pl.col("类型").replace_strict(_ORDER, list(range(len(_ORDER)))),
            wards.as_counted(pl.col("班级")),
            "学号",
            nulls_last=True,
        )
        .select(PROPOSALS.names)
    )


def _as_successors(rows: pl.DataFrame, ending: pl.DataFrame) -> pl.DataFrame:
    """The rows; 理由 says first whose place is taken."""
    named = ending.group_by("类型", WHOM).agg(pl.col(AWAY).drop_nulls().unique(maintain_order=True).str.join("、"))
    whom = pl.when(pl.col("类型") == CLASS_PATRON).then("班级").otherwise("学号").alias(WHOM)
    found = rows.with_columns(whom).join(named, on=["类型", WHOM], how="left", maintain_order="left")
    why = pl.col("理由").str.replace(r"^接替[^；]*；", "").str.strip_prefix(NO_PATRON)
    told = pl.format("接替 {}（已不在岗）；{}", AWAY, why)
    return found.with_columns(pl.when(pl.col(AWAY).is_not_null()).then(told).otherwise("理由").alias("理由"))


def _still_chosen(chosen: pl.DataFrame) -> pl.DataFrame:
    """What staff ticked, without an earlier refusal that no longer applies."""
    refused = pl.col("理由").str.starts_with(REFUSED)
    return chosen.with_columns(理由=pl.when(refused).then(pl.lit("已打 √，现在可以采纳")).otherwise("理由"))


def _held(part: pl.DataFrame) -> list[str]:
    return [name for name in PROPOSALS.names if name in part.columns]
