"""One student's data as a workbook: each sheet's rows that are theirs, nothing of anybody else.

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

from xlbangfu.documents.look import BLUE, FONT, GREY, LINES, columns
from xlbangfu.documents.privacy import neutral
from xlbangfu.file_names import in_a_name
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
_FEW, _WIDEST = 3, 46
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
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": NAME, "created": made})
    base = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True}
    styles = {
        "title": workbook.add_format(base | {"font_size": 16, "bold": True, "font_color": BLUE, "text_wrap": False}),
        "note": workbook.add_format(base | {"font_color": GREY}),
        "head": workbook.add_format(base | {"bold": True, "bg_color": "#DDEBF7", "border": 1, "border_color": LINES}),
        "cell": workbook.add_format(base | {"border": 1, "border_color": LINES}),
    }
    _cover(workbook, styles, school, person, sheets, made)
    for table, frame in sheets:
        _sheet(workbook, styles, table, frame)
    workbook.close()
    return buffer.getvalue()


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


def _cover(
    workbook: Workbook,
    styles: dict[str, Any],
    school: School,
    person: Person,
    sheets: Sequence[tuple[Table, pl.DataFrame]],
    made: datetime,
) -> None:
    sheet = workbook.add_worksheet("说明")
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 60)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    public_name = school.settings.public_name
    sheet.write_string(0, 0, f"{person.name}　{person.number}　在学校的个人信息", styles["title"])
    lines = [
        f"{neutral(school.settings.school, public_name)}　{made:%Y-%m-%d %H:%M} 导出",
        "每张工作表是学校总表里与该生有关的行；别的学生用 ■■■ 代替。心理咨询只列出进行过，内容保密。空着的项不列。",
    ]
    if school.settings.shown_ranks != "名次":
        lines.append("学校的成绩以等级告知，名次不列出。")
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line, workbook.add_format({"font_name": FONT, "font_size": 10, "font_color": GREY}))
    top = len(lines) + 2
    for column, name in enumerate(("工作表", "行数")):
        sheet.write_string(top, column, name, styles["head"])
    for row, (table, frame) in enumerate(sheets, top + 1):
        sheet.write_url(row, 0, f"internal:'{table.name}'!A1", styles["cell"], neutral(table.name, public_name))
        sheet.write_number(row, 1, frame.height, styles["cell"])


def _sheet(workbook: Workbook, styles: dict[str, Any], table: Table, frame: pl.DataFrame) -> None:
    """One sheet: a row a record, or where there are few of them a column each, which reads better on paper."""
    grid = [[name, *_texts(table, frame, name)] for name in _shown_columns(frame)]
    upright = frame.height <= _FEW
    lines = grid if upright else [list(line) for line in zip(*grid, strict=True)]
    sheet = workbook.add_worksheet(table.name)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    if not upright:
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
    for column, texts in enumerate(zip(*lines, strict=True)):
        sheet.set_column(column, column, min(max(columns(text) for text in texts) + 4, _WIDEST))
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            heads = column == 0 if upright else row == 0
            sheet.write_string(row, column, text, styles["head" if heads else "cell"])


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
