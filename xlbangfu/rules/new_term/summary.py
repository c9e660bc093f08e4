"""What staff are told before a new term is made, and what 往期 keeps of the one that is over: numbers, 学号, no name of a student."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import polars as pl

from xlbangfu.rules.new_term.carrying import Carried
from xlbangfu.rules.new_term.pairings import REASON
from xlbangfu.rules.new_term.students import FATE, GRADUATES, LEFT, ROOM, STAYS, WAS
from xlbangfu.rules.new_term.terms import SchoolTerm
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CLASSES, ON_LEAVE, PAIRINGS, PAST, ROSTER, ROW, SEPARATOR, Kind, Table

_FEW = 12  # classes that are listed one by one
_NAMED = 20


def lines(school: School, carried: Carried, term: SchoolTerm, days: tuple[date, date]) -> list[str]:
    """What will happen, a sentence a line, the largest first."""
    said = [
        f"新学期 {term.text}：{days[0]} 至 {days[1]}。",
        _classes(school, carried) if term.begins_a_year else "班级不变。",
        _graduates(school, carried),
        _moved(carried),
        _added(carried),
        _students(carried),
        *_ended(carried),
        f"考试留 {len(carried.exams)} 次：{SEPARATOR.join(carried.exams)}。" if carried.exams else "没有要留的考试。",
    ]
    return [line for line in said if line]


def _classes(school: School, carried: Carried) -> str:
    going = [move for move in carried.moves if move.name]
    if len(going) <= _FEW:
        return f"升级：{SEPARATOR.join(move.text for move in going)}。" if going else "没有升级的班。"
    grade_of = dict(school[CLASSES].select("班级", "年级").iter_rows())
    pairs: dict[tuple[str, str], int] = {}
    for move in going:
        pair = (grade_of.get(move.before) or "", move.grade)
        pairs[pair] = pairs.get(pair, 0) + 1
    return f"升级：{SEPARATOR.join(f'{was} {count} 个班 → {now}' for (was, now), count in pairs.items())}。"


def _graduates(school: School, carried: Carried) -> str:
    rows = carried.students.filter(pl.col(FATE) == GRADUATES)
    classes = [move.before for move in carried.moves if move.graduates]
    if not classes:
        return ""
    listed = school[ROSTER].filter(pl.col(ROW).is_in(rows[ROW].implode()), pl.col("帮扶类别").is_not_null()).height
    back = carried.students.filter(pl.col(WAS).is_in(classes), pl.col(FATE) == STAYS, pl.col("在籍状态") == ON_LEAVE)
    names = SEPARATOR.join(classes) if len(classes) <= _FEW else f"{len(classes)} 个班"
    kept = f"；休学的 {back.height} 人没有毕业，还在名册里，请给他们写上班级" if back.height else ""
    return f"毕业：{names}，{rows.height} 人（其中帮扶的 {listed} 人），资料留在旧总表{kept}。"


def _moved(carried: Carried) -> str:
    """Who does not go where the class goes."""
    usual = {move.before: move.name for move in carried.moves if move.name}
    rows = carried.students.filter(pl.col(FATE) == STAYS)
    other = rows.filter(pl.col(ROOM).ne_missing(pl.col(WAS).replace(usual)))
    return f"按分班名单换班 {other.height} 人。" if other.height else ""


def _added(carried: Carried) -> str:
    names = [move.name or "" for move in carried.division.added]
    return f"分班名单里的新班 {SEPARATOR.join(names)} 加进“班级”，请补上班主任。" if names else ""


def _students(carried: Carried) -> str:
    stays, left = (carried.students.filter(pl.col(FATE) == fate).height for fate in (STAYS, LEFT))
    gone = f"；转出的 {left} 人留在旧总表" if left else ""
    running = carried.pairings.filter(pl.col(REASON).is_null()).height
    return f"带过来：学生 {stays} 人、执行中的结对 {running} 对{gone}。"


def _ended(carried: Carried) -> Iterator[str]:
    """Which pairings end, by reason and teacher."""
    ended = carried.pairings.filter(pl.col(REASON).is_not_null())
    for (reason, teacher), rows in ended.group_by(REASON, "教师", maintain_order=True):
        whom = pl.coalesce(STUDENT, "班级")
        names = rows.select(whom.alias("_whom"))["_whom"].drop_nulls().to_list()
        more = f" 等 {len(names)} 个" if len(names) > _NAMED else ""
        who = f"{teacher}：" if teacher else ""
        yield f"结束结对（{reason}）：{who}{SEPARATOR.join(names[:_NAMED])}{more}。"


def past_rows(before: Mapping[Table, int], carried: Carried, *, term: str, title: str, now: datetime) -> pl.DataFrame:
    """PAST's rows for the term that is over. ``before`` is how many records each sheet had."""
    fates = dict(carried.students[FATE].value_counts().iter_rows())
    running = carried.pairings.filter(pl.col(REASON).is_null()).height
    ended = carried.pairings.height - running
    rows = [
        ("学生", fates.get(STAYS, 0), fates.get(GRADUATES, 0) + fates.get(LEFT, 0), _left_note(fates)),
        ("结对", running, before.get(PAIRINGS, 0) - running, f"带过来又结束的 {ended} 对" if ended else None),
        *_others(before, carried),
    ]
    stamp = now.replace(microsecond=0)
    return pl.DataFrame(
        [
            {
                "学期": term,
                "项目": name,
                "带过来": kept,
                "留在旧总表": left,
                "说明": note,
                "旧总表": title,
                "时间": stamp,
            }
            for name, kept, left, note in rows
        ],
        schema=PAST.frame_schema,
    )


def _left_note(fates: Mapping[str, int]) -> str | None:
    parts = [f"{word} {fates[fate]} 人" for fate, word in ((GRADUATES, "毕业"), (LEFT, "转出")) if fate in fates]
    return SEPARATOR.join(parts) or None


def _others(before: Mapping[Table, int], carried: Carried) -> Iterator[tuple[str, int, int, str | None]]:
    for table, height in before.items():
        if table in (ROSTER, PAIRINGS) or not height:
            continue
        kept = carried.sheets[table].height if table in carried.sheets else height * (table.kind is Kind.INPUT)
        yield table.name, kept, height - kept, None
