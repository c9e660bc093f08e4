"""One student's data as a workbook: each sheet's rows that are theirs, nothing of anybody else. What has few rows stands on
the first sheet, one table below the other, the rest on sheets of their own.

* Other students are blacked out, in group sessions and in prose.
* 心理咨询 only that it took place; the word 学困 becomes 「对外称谓」; ranks only where 「班级页名次显示」 is 名次, as the
  file goes to the parents (DOMAIN, Privacy).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import polars as pl
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu import house_look
from xlbangfu.documents.look import columns, lines
from xlbangfu.documents.person import blocks
from xlbangfu.documents.privacy import neutral
from xlbangfu.file_names import in_a_name
from xlbangfu.house_look import (
    A4,
    BODY,
    BRAND,
    CONFIDENTIAL,
    FONT,
    INK,
    LANDSCAPE,
    LINE,
    MUTED,
    PAPER_WIDTH,
    PORTRAIT,
    SECTION,
    TINT,
    TITLE,
    margins,
    row_height,
)
from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.people import plain, split
from xlbangfu.rules.personal import Belongings, Person
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    ACTIVITIES,
    KEY,
    LOG,
    PROBLEMS,
    ROSTER,
    ROW,
    SEPARATOR,
    STATE_SUFFIX,
    Kind,
    Table,
    Type,
)

NAME = "个人信息"
BLACK = "■■■"
COUNSELLING, UNTOLD = "心理咨询", "（内容保密）"
_PLACES = ("名次", "百分位", "进退", "标准分", "与班均差")
_WIDEST, _PROSE, _LEAST, _AROUND = 46.0, 24.0, 7.0, 3.0  # widths of columns, and what a text needs beside it
_UNBROKEN = late_pattern("[!-~]+")
_TITLE_ROW, _HIGHEST = 28, 400  # points
_REASONS = ("依据", "理由")


def file_name(person: Person, day: date) -> str:
    return f"{NAME}_{in_a_name(person.number)}_{day}.xlsx"


def as_bytes(school: School, person: Person, mine: Belongings, runs: pl.DataFrame, made: datetime) -> bytes:
    """The workbook; ``runs`` are the rows of 运行记录 that speak of the student."""
    others = _others(school, person)
    sheets = [(table, _as_exported(school, person, table, frame, others)) for table, frame in _tables(mine)]
    if runs.height:
        sheets.append((Table(name="运行记录", kind=Kind.LEDGER, columns=()), runs.drop(ROW, KEY, strict=False)))
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, **house_look.workbook_options()})
    house_look.put_theme(workbook)
    workbook.set_properties({"title": NAME, "created": made})
    styles = _styles(workbook)
    footer = house_look.footer(neutral(school.settings.school, school.settings.public_name), made.date())
    first = _paper(workbook, NAME, footer)
    long = [(table, frame) for table, frame in sheets if frame.height > blocks.FEW]
    row = _about(first, styles, school, person, made)
    row = _contents(first, styles, row, long, school.settings.public_name)
    for table, frame in sheets:
        if frame.height <= blocks.FEW:
            title = neutral(table.name, school.settings.public_name)
            row = blocks.write(first, row, title, _fields(table, frame), styles)
    for table, frame in long:
        _sheet(_paper(workbook, table.name, footer), styles, _fields(table, frame))
    workbook.close()
    return buffer.getvalue()


def _styles(workbook: Workbook) -> dict[str, Any]:
    base = {"font_name": FONT, "font_size": BODY, "font_color": INK, "valign": "top"}
    line = {"text_wrap": True, "bottom": 1, "bottom_color": LINE}
    made: dict[str, dict[str, Any]] = {
        "title": {"font_size": TITLE, "bold": True, "font_color": BRAND},
        "section": {"font_size": SECTION, "bold": True, "font_color": BRAND},
        "note": {"font_color": MUTED},
        "link": {"font_color": BRAND, "underline": 1},
        "head": {**line, "bold": True, "bg_color": TINT},
        "cell": line,
    }
    return {name: workbook.add_format(base | look) for name, look in made.items()}


def _tables(mine: Belongings) -> list[tuple[Table, pl.DataFrame]]:
    names = dict.fromkeys([*mine.own, *mine.shared])
    return [
        (table, pl.concat([frame for frame in (mine.own.get(table), mine.shared.get(table)) if frame is not None]))
        for table in names
        if table != PROBLEMS
    ]


def _others(school: School, person: Person) -> list[str]:
    """The names and numbers of all other students; a name within the student's own would black that out."""
    roster = school[ROSTER].filter(pl.col("学号") != person.number)
    words = [*roster["姓名"].drop_nulls().unique().sort(), *roster["学号"].drop_nulls().sort()]
    return [word for word in words if len(word) > 1 and word not in (person.name, person.number)]


def _as_exported(
    school: School, person: Person, table: Table, frame: pl.DataFrame, others: Sequence[str]
) -> pl.DataFrame:
    frame = frame.select(name for name in frame.columns if not name.startswith("_"))
    frame = _only_this_student(table, frame, person)
    if table == LOG:
        private = pl.col("类型") == COUNSELLING
        hidden = [
            name for name in ("沟通对象", "场所", "优先类", "优点", "不足", "下次安排", "教师") if name in frame.columns
        ]
        frame = frame.with_columns(
            pl.when(private).then(pl.lit(UNTOLD)).otherwise("内容").alias("内容"),
            *(pl.when(~private).then(name).alias(name) for name in hidden),
            pl.when(~private).then("效果").alias("效果"),
        )
    if school.settings.shown_ranks != "名次" and table.kind is not Kind.INPUT:
        frame = frame.drop([name for name in frame.columns if _tells_a_place(name)])
    prose = [name for name in frame.columns if name in table and _is_prose(table, name)]
    kept = [person.name] if person.name else []
    blacked = pl.col(prose).str.replace_many([*kept, *others], [*kept, *([BLACK] * len(others))], leftmost=True)
    return _neutral(frame.with_columns(blacked) if prose and others else frame, school.settings.public_name)


def _only_this_student(table: Table, frame: pl.DataFrame, person: Person) -> pl.DataFrame:
    """Lists of students with the others blacked out; in a pairing of somebody else all but that they helped."""

    def others_out(column: str, word: str) -> pl.Expr:
        parts = split(pl.col(column)).list.eval(
            pl.when(plain(pl.element()) == word).then(pl.element()).otherwise(pl.lit(BLACK))
        )
        return parts.list.join(SEPARATOR).alias(column)

    if table == LOG:
        several = split(pl.col("学号")).list.len() > 1
        return frame.with_columns(
            others_out("学号", person.number),
            pl.when(several).then(others_out("姓名", person.name)).otherwise("姓名").alias("姓名"),
        )
    if table == ACTIVITIES:
        return frame.with_columns(others_out("参与学生", person.number))
    if "学习帮手" in frame.columns:
        theirs = (pl.col("学号") == person.number) | (pl.col("学号").is_null() & (plain(pl.col("姓名")) == person.name))
        hidden = [name for name in ("学号", "姓名", "转化目标", "组名", "理由") if name in frame.columns]
        helper = (
            pl.when(pl.col("学习帮手").is_not_null() & theirs.fill_null(False))
            .then(pl.lit(BLACK))
            .otherwise("学习帮手")
        )
        blacked = [pl.when(theirs.fill_null(False)).then(name).otherwise(pl.lit(BLACK)).alias(name) for name in hidden]
        return frame.with_columns(*blacked, helper.alias("学习帮手"))
    return frame


def _is_prose(table: Table, name: str) -> bool:
    column = table[name]
    return column.type in (Type.LONG, Type.TEXT) and not column.refers and name not in ("姓名", "班级")


def _tells_a_place(name: str) -> bool:
    return any(word in name for word in _PLACES) or name in _REASONS


def _neutral(frame: pl.DataFrame, public_name: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.String).str.replace_all("学困", public_name, literal=True))


def _paper(workbook: Workbook, name: str, footer: str) -> Worksheet:
    sheet = workbook.add_worksheet(name)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.set_margins(**margins(PORTRAIT))
    sheet.set_footer(footer.replace(CONFIDENTIAL, NAME))
    return sheet


def _about(sheet: Worksheet, styles: dict[str, Any], school: School, person: Person, made: datetime) -> int:
    """What this is; the answer is the row after it and a blank one."""
    blocks.set_up(sheet)
    sheet.set_row(0, _TITLE_ROW)
    sheet.write_string(0, 0, f"{person.name}　{person.number}　在学校的个人信息", styles["title"])
    told = [
        f"{neutral(school.settings.school, school.settings.public_name)}　{made:%Y-%m-%d %H:%M} 导出",
        "下面是学校总表里与该生有关的内容；别的学生用 ■■■ 代替。心理咨询只列出进行过，内容保密。空着的项不列。",
    ]
    if school.settings.shown_ranks != "名次":
        told.append("学校的成绩以等级告知，名次不列出。")
    for row, line in enumerate(told, 1):
        sheet.write_string(row, 0, line, styles["note"])
    return len(told) + 2


def _contents(
    sheet: Worksheet, styles: dict[str, Any], row: int, long: Sequence[tuple[Table, pl.DataFrame]], public_name: str
) -> int:
    """What stands on sheets of its own, with links; the answer is the row after it."""
    if not long:
        return row
    sheet.write_string(row, 0, "行数多的各有一张工作表（点名字跳过去）", styles["section"])
    for at, (table, frame) in enumerate(long, row + 1):
        sheet.write_url(at, 0, f"internal:'{table.name}'!A1", styles["link"], neutral(table.name, public_name))
        sheet.write_string(at, 1, f"{frame.height} 行", styles["note"])
    return row + len(long) + 2


def _fields(table: Table, frame: pl.DataFrame) -> list[blocks.Field]:
    return [(name, _texts(table, frame, name)) for name in _shown_columns(frame)]


def _sheet(sheet: Worksheet, styles: dict[str, Any], fields: Sequence[blocks.Field]) -> None:
    """A row a record."""
    sheet.set_landscape()
    sheet.set_margins(**margins(LANDSCAPE))
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    fields = [field for field in fields if not _says_who_only(field)] or fields
    widths = _side_by_side(fields)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for row, texts in enumerate(zip(*((name, *texts) for name, texts in fields), strict=True)):
        high = max(lines(text, width) for text, width in zip(texts, widths, strict=True))
        sheet.set_row(row, min(row_height(high), _HIGHEST))
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, styles["cell" if row else "head"])


def _says_who_only(field: blocks.Field) -> bool:
    """Whose the rows are stands on the first sheet; it is told again only where it is not the same in all rows."""
    name, texts = field
    return name in ("学号", "姓名", "班级") and len({text for text in texts if text}) == 1


def _side_by_side(fields: Sequence[blocks.Field]) -> list[float]:
    """Widths that go on paper side by side: the widest columns become narrower and wrap, that with most to say last; no date
    or number is broken."""
    wanted = [max(columns(text) for text in (name, *texts)) + _AROUND for name, texts in fields]
    needed = [
        max((len(one) for text in texts for one in _UNBROKEN.findall(text)), default=0) + _AROUND for _, texts in fields
    ]
    most = wanted.index(max(wanted))
    needed[most] = max(needed[most], min(wanted[most], _PROSE))
    widest = _WIDEST
    widths = [min(width, widest) for width in wanted]
    while widest > _LEAST and sum(widths) > PAPER_WIDTH:
        widest -= 1
        widths = [max(min(width, widest), least) for width, least in zip(wanted, needed, strict=True)]
    return widths


def _texts(table: Table, frame: pl.DataFrame, name: str) -> list[str]:
    """A column as it is read; 缺考 or 免考 in the place of a mark."""
    is_share = name in table and table[name].type is Type.RATE
    texts = [_text(value, is_share=is_share) for value in frame[name]]
    states = frame[name + STATE_SUFFIX] if name + STATE_SUFFIX in frame.columns else [None] * len(texts)
    return [state or text for state, text in zip(states, texts, strict=True)]


def _shown_columns(frame: pl.DataFrame) -> list[str]:
    """Those in which some row says something."""
    return [
        name
        for name in frame.columns
        if not name.endswith(STATE_SUFFIX)
        and not (
            frame[name].is_null().all() and frame.get_column(name + STATE_SUFFIX, default=frame[name]).is_null().all()
        )
    ]


def _text(value: object, *, is_share: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:.1%}" if is_share else f"{round(value, 2):g}"
    return str(value)
