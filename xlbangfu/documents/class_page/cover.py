"""封面: what to do this week, first; then how the class stands and how to send the page back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from xlsxwriter.workbook import Workbook

from xlbangfu.documents.class_page.page import ClassPage
from xlbangfu.documents.class_page.page_tasks import WEEK
from xlbangfu.documents.look import heading, height, new_sheet
from xlbangfu.ooxml.row_xml import Row
from xlbangfu.rules.progress import STEPS, UNKNOWN

TITLE = "封面"
_WIDTHS = (6, 30, 46, 16)
_WEEKDAYS = "一二三四五六日"


def frame(workbook: Workbook) -> None:
    new_sheet(workbook, TITLE, _WIDTHS, landscape=False, frozen=False)


def rows(page: ClassPage) -> list[Row | None]:
    edition = page.edition
    parts = (
        edition.school,
        edition.term,
        f"班主任 {page.homeroom or '（未填）'}",
        f"制表 {edition.made:%Y-%m-%d %H:%M}",
    )
    return [
        *heading(f"{page.name}　{edition.public_name}工作页", "　|　".join(parts)),
        None,
        *_overdue(page),
        _section("本周先做"),
        Row(22, [("head", name) for name in ("完成", "做什么", "谁", "期限")]),
        *_tasks(page),
        None,
        *_coming(page),
        _section("本班情况"),
        *_counts(page),
        None,
        _section("怎么填、怎么交回"),
        *(Row(20, [("prose", step)]) for step in _steps(page)),
        Row(30, [("warning", "本页只给本班班主任，请不要转发、张贴或发到家长群；成绩和名次不得公布。")]),
    ]


def _section(text: str) -> Row:
    return Row(26, [("section", text)])


def _overdue(page: ClassPage) -> Iterator[Row | None]:
    """What is late and by whom, before anything else."""
    if page.overdue is None or not page.students:
        return
    total = sum(one.count for one in page.overdue)
    yield _section(f"已经过期，先补上（{total} 项）" if total else "应做的都做了，没有过期的")
    if total:
        yield Row(22, [("head", name) for name in ("完成", "谁来做", "补什么、哪些学生", "最久")])
    for one in page.overdue:
        who, what = f"{one.who}\n{one.count} 项", "\n".join(one.lines)
        yield Row(
            height(34, (who, _WIDTHS[1]), (what, _WIDTHS[2])),
            [("centre", "□"), ("late", who), ("text", what), ("centre", one.longest)],
        )
    yield None


def _coming(page: ClassPage) -> Iterator[Row | None]:
    if not page.appointments:
        return
    yield _section("接下来七天")
    yield Row(22, [("head", name) for name in ("完成", "哪天", "做什么、哪些学生", "时间")])
    for one in page.appointments:
        day, what = (
            f"{one.day:%m-%d} 周{_WEEKDAYS[one.day.weekday()]}",
            f"{one.what}：{one.who}" if one.who else one.what,
        )
        yield Row(
            height(24, (what, _WIDTHS[2])),
            [("centre", "□"), ("centre", day), ("text", what), ("centre", one.time)],
        )
    yield None


def _tasks(page: ClassPage) -> Iterator[Row]:
    for task in page.tasks:
        due = _day(task.due) + ("\n已过期" if task.late else "")
        yield Row(
            height(26, (task.what, _WIDTHS[1]), (task.who, _WIDTHS[2]), (due, _WIDTHS[3])),
            [("centre", "□"), ("text", task.what), ("text", task.who), ("late" if task.late else "centre", due)],
        )


def _counts(page: ClassPage) -> Iterator[Row]:
    for label, value in _facts(page):
        yield Row(height(22, (value, _WIDTHS[2])), [("prose", None), ("text", label), ("text", value)])


def _facts(page: ClassPage) -> list[tuple[str, str]]:
    students, name = page.students, f"{page.edition.public_name}学生"
    honours = [("本学期荣誉", "\n".join(page.honours))] if page.honours else []
    if not students:
        return [(name, "本班目前没有"), *honours]
    steps = Counter(one.status.split("\n")[0] for one in students if one.status)
    best_first = [f"{step} {steps[step]} 人" for step in (*reversed(STEPS), UNKNOWN) if steps[step]]
    progress = [("进展", "、".join(best_first))] if best_first else []
    recent = sum(one.days_since is not None and one.days_since <= WEEK for one in students)
    taught, helped = (
        sum(bool(side) for side in sides) for sides in zip(*((s.teacher, s.helper) for s in students), strict=True)
    )
    return [
        (name, f"{len(students)} 人，其中 ★ 加倍关注 {sum(one.key for one in students)} 人"),
        ("结对", f"{taught} 人有一对一教师，{helped} 人有学习帮手"),
        ("联系", f"本学期 {sum(one.contacts for one in students)} 人次，最近 7 天联系过 {recent} 人"),
        *progress,
        *honours,
    ]


def _steps(page: ClassPage) -> tuple[str, ...]:
    return (
        "1. 只填“填报记录”“填报评价”两张表；其他表是锁住的，供查看和打印。",
        "2. 任课教师的联系由班主任收齐，一次一行；学生、教师、类型从下拉里选。",
        f"3. {_day(page.edition.due)} 前保存并发回原处；不要另存为别的格式，不要改表名。",
        "4. 同一份交两次也不会重复；写得不对的行会告诉您是哪一格。",
    )


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d} 周{_WEEKDAYS[day.weekday()]}" if day else ""
