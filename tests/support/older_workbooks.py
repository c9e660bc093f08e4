"""Workbooks as versions 0.1.0 and 0.2.0 made them, in use at a school: tests/data/总表-0.1.0.xlsm and 总表-0.2.0.xlsm.

A made-up school of 40 students after 一键完成. In 名册 a column stands elsewhere, one of the staff's own stands between
others and one at the end; 排名 has an own column too. On 名册 there are a picture, a shape, a chart, a comment and a
conditional format of the staff's; a sheet of theirs has a pivot table with a slicer; there are macros of theirs and a form.
In 0.2.0 they put a text box on 控制台, too.

They were made in two steps. The first runs under the old program (0.1.0: commit 1818f93, 0.2.0: commit 10fdaae), installed
into a folder OLD of its own; the second under this one::

    git archive 1818f93 | tar x -C SOURCE
    pip install --no-deps --target OLD SOURCE
    PYTHONPATH=OLD:. python -P -m tests.support.older_workbooks build tests/data/总表-0.1.0.xlsm
    python -m tests.support.older_workbooks furnish tests/data/总表-0.1.0.xlsm
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import polars as pl
from msgspec.structs import force_setattr

from tests.support.foreign_parts import OWN, decorate, inject, picture

DATA = Path(__file__).parents[1] / "data"
OLDER = {"0.1.0": DATA / "总表-0.1.0.xlsm", "0.2.0": DATA / "总表-0.2.0.xlsm"}
NOW = datetime(2026, 6, 30, 9, 0)
SEAT, REMARK, SEEN = "座号", "班主任留言", "已看"  # staff's own columns
MOVED = "性别"  # a column that stands elsewhere
NOTE = "教导处：周五前交"  # on 控制台
MODULE, FORM = "Mine", "Enrol"


def build(path: Path) -> None:
    """A school's workbook by the program that is installed, in use for a while."""
    from importlib import import_module

    from xlbangfu import sample, schema
    from xlbangfu.book import template

    actions, closed = (import_module(f"xlbangfu.{name}") for name in ("actions", "book.closed"))  # as they were then

    with TemporaryDirectory() as folder:
        school = sample.make(students=40, classes=2, exams=3, logs=60)
        roster = school.frames[schema.ROSTER]
        seats = pl.Series(SEAT, [str(number) for number in range(1, roster.height + 1)])
        school.frames[schema.ROSTER] = roster.with_columns(seats, pl.lit("家访过").alias(REMARK))
        with ExitStack() as stack:
            for change in (*_own_columns(schema), *_own_things(template, Path(folder))):
                stack.enter_context(change)
            template.build(path, frames=school.frames, created=NOW)
        call = actions.Call(user="王老师", now=NOW, clock=lambda: 0.0)
        actions.run(closed.ClosedBook(path, action="run"), call, out=Path(folder) / "班级页")


def furnish(path: Path) -> None:
    """A pivot table and its like, and macros: what Excel alone makes."""
    from pyopenvba import ExcelFile

    inject(path, "名册")
    with ExcelFile(path) as file:
        file.add_form(FORM, caption="登记")
        file.vba_project().add_module(MODULE, 'Public Sub Mine()\r\n    MsgBox "ok"\r\nEnd Sub\r\n')
        file.save()


def _own_columns(schema: Any) -> list[Any]:
    names = [name for name in schema.ROSTER.names if name != MOVED]
    orders = {
        schema.ROSTER: [*names[:2], SEAT, names[2], MOVED, *names[3:], REMARK],
        schema.RANKING: [*schema.RANKING.names, SEEN],
    }
    own = {name: schema.Column(name=name, width=10) for name in (SEAT, REMARK, SEEN)}
    return [
        changed_columns(table, tuple(own.get(name) or table[name] for name in order)) for table, order in orders.items()
    ]


@contextmanager
def changed_columns(table: Any, columns: tuple[Any, ...]) -> Iterator[None]:
    """The table with other columns, in place: many modules have it already."""
    old = table.columns
    force_setattr(table, "columns", columns)
    yield
    force_setattr(table, "columns", old)


def _own_things(template: Any, folder: Path) -> list[Any]:
    dot = folder / "点.png"
    dot.write_bytes(picture())
    write_lists, project = template.lists.write, template.vba_project

    def lists(workbook: Any, *more: Any) -> None:
        write_lists(workbook, *more)
        _own_sheet(workbook)
        for name in ("名册", OWN):
            decorate(workbook, workbook.get_worksheet_by_name(name), dot)
        if _has_charts(template):
            workbook.get_worksheet_by_name("控制台").insert_textbox("P4", NOTE, {"fill": {"color": "#DDEEFF"}})

    return [
        patch.object(template.lists, "write", lists),
        patch.object(template, "vba_project", lambda host, *, sheets: project(host, sheets=sheets + 1)),
    ]


def _has_charts(template: Any) -> bool:
    """Whether it is 0.2.0: the front page of 0.1.0 had none."""
    return hasattr(template.front_page, "trends")


def _own_sheet(workbook: Any) -> None:
    own = workbook.add_worksheet(OWN)
    own.write_column("A1", ["科目", "语文", "数学"])
    own.write_column("B1", ["人数", 3, 5])
    own.write_formula("C2", "=SUM(B2:B3)", workbook.add_format({"num_format": '0.00"人"', "bg_color": "#FFEE00"}), 8)
    own.write_formula("D2", "=COUNTA(名册!$A$2:$A$999)", None, 40)


if __name__ == "__main__":
    {"build": build, "furnish": furnish}[sys.argv[1]](Path(sys.argv[2]))
