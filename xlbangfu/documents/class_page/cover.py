"""封面, always one A4 page: what to do this week, what is overdue, the days to come, four figures, how to send the page back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from xlbangfu.documents.class_page.page import Appointment, ClassPage, Overdue, Task
from xlbangfu.documents.class_page.page_tasks import WEEK
from xlbangfu.documents.look import columns, cut, fitted, lines, new_sheet
from xlbangfu.ooxml.row_xml import Cell, Row
from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE, PageKind
from xlbangfu.rules.progress import BETTER, UNKNOWN

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

TITLE = "封面"
THINGS, STUDENTS = 3, 8
_WIDTHS = (12.0, 12.0, 12.0, 22.0, 10.0, 5.0)
_WIDTH = sum(_WIDTHS)
_TWO, _MIDDLE, _ALL_BUT_ONE = sum(_WIDTHS[:2]), sum(_WIDTHS[2:4]), sum(_WIDTHS[1:5])
_OWED = sum(_WIDTHS[2:5])
_HIGH = 800.0  # points of rows that a page holds with the smallest type at 8 points and more
_PARTS_OF_A_DAY = (3, 2, 1)  # appointments of a day that the page names
_WEEKDAYS = "一二三四五六日"


class Words(NamedTuple):
    """What the cover of a kind of page says."""

    who: str  # fills it in
    sheets: str  # to fill in
    last: str


_WORDS: dict[PageKind, Words] = {
    CLASS_PAGE: Words(
        "班主任",
        "“填报记录”“填报评价”",
        "任课教师的联系由班主任收齐，一次一行；有学生没来，写在“填报缺勤”；交帮扶页的教师自己报。本页只给本班班主任，不转发、不张贴；成绩和名次不得公布。",
    ),
    TEACHER_PAGE: Words(
        "教师",
        "“填报记录”",
        "只写自己做的联系，一次一行；别人做的由别人报；学生没来上您的课，写在“填报缺勤”。本页只给本人，不转发、不张贴；成绩和名次不得公布。",
    ),
}


class Line(NamedTuple):
    """A row, and which of its cells are one (first and last column, from 0)."""

    row: Row
    joined: tuple[tuple[int, int], ...] = ()


def frame(workbook: Workbook) -> None:
    sheet = new_sheet(workbook, TITLE, _WIDTHS, landscape=False, frozen=0, headed=False)
    sheet.fit_to_pages(1, 1)


def rows(laid_out: Sequence[Line]) -> list[Row | None]:
    return [line.row for line in laid_out]


def joined(laid_out: Sequence[Line]) -> list[str]:
    """The ranges of merged cells, as ``A4:B4``."""
    return [
        f"{chr(65 + first)}{number}:{chr(65 + last)}{number}"
        for number, line in enumerate(laid_out, 1)
        for first, last in line.joined
    ]


def with_merges(laid_out: Sequence[Line], before: str, after: str) -> tuple[str, str]:
    """The XML around the rows, with the merged cells."""
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in joined(laid_out))
    return before, after.replace("<printOptions", f"<mergeCells>{ranges}</mergeCells><printOptions", 1)


def laid_out(page: ClassPage) -> list[Line]:
    """The page; as many of the overdue students and appointments as it holds."""
    most = min(len(page.overdue or ()), STUDENTS)
    for shown in range(most, -1, -1):
        for parts in _PARTS_OF_A_DAY:
            made = list(_page(page, shown, parts))
            if sum(line.row.height for line in made) <= _HIGH:
                return made
    return made


def _page(page: ClassPage, shown: int, parts: int) -> Iterator[Line]:
    edition, words = page.edition, _WORDS[page.kind]
    about = (
        edition.school,
        edition.term,
        f"{words.who} {page.homeroom or '（未填）'}",
        f"制表 {edition.made:%Y-%m-%d %H:%M}",
    )
    yield _whole(30, "title", f"{page.title}　{edition.public_name}{page.kind.word}")
    yield _whole(18, "note", "　|　".join(about))
    if not page.students:
        yield from _without_students(page)
        return
    yield from _things(page)
    yield from _overdue(page.overdue, shown)
    yield from _coming(page.appointments, parts)
    yield _gap()
    yield _figures(page)
    yield _gap()
    yield _boxed(f"{_day(edition.due)} 前：填好{words.sheets}，保存，把这个文件发回原处（不另存、不改名）。")
    yield _whole(15.0 * lines(words.last, _WIDTH) + 5, "more", words.last)


def _without_students(page: ClassPage) -> Iterator[Line]:
    yield _gap()
    yield _boxed(f"本班目前没有{page.edition.public_name}学生：这份不用填，也不用交回。")
    if page.roll:
        yield _boxed("有学生旷课，写在“填报缺勤”，保存，把这个文件发回原处。")
    if page.honours:
        yield _gap()
        yield _section("本学期荣誉")
    for honour in page.honours:
        yield _whole(16.0 * lines(honour, _WIDTH) + 4, "more", honour)


def _things(page: ClassPage) -> Iterator[Line]:
    late = [_catching_up(page.overdue)] if page.overdue else []
    own = [*late, *(task for task in page.tasks if not task.gives_back)]
    last = [task for task in page.tasks if task.gives_back and len(own) < THINGS]
    shown, rest = [*own[:THINGS], *last], own[THINGS:]
    yield _gap()
    yield _section(f"本周{'一两三'[len(shown) - 1]}件事")
    yield _head((0, 1, "做什么"), (2, 3, "哪些学生"), (4, 4, "期限"), (5, 5, "完成"))
    for task in shown:
        yield _thing(task)
    if rest:
        others = "另外：" + "；".join(task.what for task in rest)
        yield _whole(15.0 * lines(others, _WIDTH) + 5, "more", others)


def _catching_up(overdue: Sequence[Overdue]) -> Task:
    """Who owes what stands below."""
    total = sum(one.count for one in overdue)
    return Task(what=f"先补上过期的 {total} 项", who=tuple(one.student for one in overdue))


def _thing(task: Task) -> Line:
    who = fitted(task.who, int(2 * (_MIDDLE - 4))) if task.who else ""
    due = (_short_day(task.due) if task.due else "尽快") + ("\n已过期" if task.late else "")
    return _line(
        max(lines(task.what, _TWO), lines(who, _MIDDLE), lines(due, _WIDTHS[4])),
        (0, 1, "strong", task.what),
        (2, 3, "text", who),
        (4, 4, "late" if task.late else "centre", due),
        (5, 5, "centre", "□"),
    )


def _overdue(overdue: Sequence[Overdue] | None, shown: int) -> Iterator[Line]:
    if overdue is None:
        return
    total = sum(one.count for one in overdue)
    yield _gap()
    yield _section(f"已经过期：{len(overdue)} 人 {total} 项" if total else "应做的都做了，没有过期的")
    if not total:
        return
    yield _head((0, 0, "学生"), (1, 1, "谁来做"), (2, 4, "补什么（距上次的天数）"), (5, 5, "完成"))
    for one in overdue[:shown]:
        yield _owed(one)
    left = sum(one.count for one in overdue[shown:])
    if left:
        yield _whole(18, "more", f"还有 {len(overdue) - shown} 人 {left} 项，见第 2 页的“过期未做”。")


def _owed(one: Overdue) -> Line:
    """A student's row: at most three lines, one a person."""
    kept = one.lines if len(one.lines) <= 3 else (*one.lines[:2], ("", f"还有 {len(one.lines) - 2} 位，见第 2 页"))
    who = "\n".join(cut(name, int(_WIDTHS[1] - 2)) for name, _ in kept)
    what = "\n".join(fitted(what.split("、"), int(_OWED - 4), unit="项") for _, what in kept)
    return _line(
        max(len(kept), lines(_starred(one), _WIDTHS[0])),
        (0, 0, "strong", _starred(one)),
        (1, 1, "text", who),
        (2, 4, "text", what),
        (5, 5, "centre", "□"),
    )


def _starred(one: Overdue) -> str:
    return one.student + (" ★" if one.key else "")


def _coming(appointments: Sequence[Appointment], parts: int) -> Iterator[Line]:
    if not appointments:
        return
    yield _gap()
    yield _section("接下来七天")
    for day, those in groupby(appointments, key=lambda one: one.day):
        text = _of_a_day(list(those), parts)
        yield _line(
            lines(text, _ALL_BUT_ONE),
            (0, 0, "centre", _short_day(day)),
            (1, 4, "text", text),
            (5, 5, "centre", "□"),
        )


def _of_a_day(appointments: Sequence[Appointment], parts: int) -> str:
    """A line or two for each, for so many of them; where only one is wanted it is a single line."""
    if len(appointments) <= parts:
        return "\n".join(_appointment(one, 1 if parts == 1 else 2) for one in appointments)
    shown = appointments[: parts - 1 or 1]
    more = f"（另 {len(appointments) - len(shown)} 项）"
    if parts == 1:
        return _appointment(shown[0], 1, less=columns(more)) + more
    return "\n".join([*(_appointment(one, 2) for one in shown), more])


def _appointment(one: Appointment, most: int, less: int = 0) -> str:
    """In so many lines at most."""
    what = f"{one.time} {one.what}" if one.time else one.what
    room = int(most * (_ALL_BUT_ONE - 6)) - less
    what = cut(what, room - 24 if one.who else room)
    return f"{what}：{fitted(one.who, room - columns(what) - 2, unit='组')}" if one.who else what


def _figures(page: ClassPage) -> Line:
    """Four figures in one line."""
    students = page.students
    recent = sum(one.days_since is not None and one.days_since <= WEEK for one in students)
    told = [one.step for one in students if one.step and one.step != UNKNOWN]
    better = f"有进步 {sum(step in BETTER for step in told)}（{len(told)} 人可比）" if told else ""
    figures = (
        f"学生 {len(students)} 人，★ {sum(one.key for one in students)} 人",
        f"有一对一教师 {sum(bool(one.teacher) for one in students)}" if page.kind == CLASS_PAGE else "",
        f"7天内联系过 {recent}",
        better,
    )
    text = "　｜　".join(figure for figure in figures if figure)
    return _whole(16.0 * ceil(columns(text) * 1.1 / _WIDTH) + 8, "figures", text)


def _gap() -> Line:
    return Line(Row(9, []))


def _section(text: str) -> Line:
    return _whole(24, "section", text)


def _boxed(text: str) -> Line:
    return _whole(16.0 * ceil(columns(text) * 1.2 / _WIDTH) + 14, "boxed", text)


def _whole(height: float, style: str, text: str) -> Line:
    last = len(_WIDTHS) - 1
    return Line(Row(height, [(style, text), *[(style, None)] * last]), ((0, last),))


def _head(*cells: tuple[int, int, str]) -> Line:
    styled = [(first, last, "head" if first == last == 5 else "head_left", text) for first, last, text in cells]
    return _line(1, *styled)


def _line(text_lines: int, *cells: tuple[int, int, str, str]) -> Line:
    made: list[Cell] = []
    for first, last, style, text in cells:
        made += [(style, text), *[(style, None)] * (last - first)]
    joins = tuple((first, last) for first, last, _, _ in cells if last > first)
    return Line(Row(15.0 * text_lines + 7, made), joins)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]}"


def _short_day(day: date) -> str:
    return f"{day:%m-%d} 周{_WEEKDAYS[day.weekday()]}"
