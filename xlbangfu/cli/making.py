"""Workbooks made from nothing: ``new`` and ``demo``."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, call_of, finish
from xlbangfu.errors import BadArgument


def new(options: Namespace, bar: Bar) -> int:
    """``new``: an empty workbook, or one of an invented school."""
    from xlbangfu import sample
    from xlbangfu.book import template

    book = _new_path(options.book)
    now = datetime.now().replace(microsecond=0)
    bar("新建总表", 0.1)
    if options.sample or options.with_problems:
        _sensible_sizes(options)
        school = sample.make(
            students=options.students,
            classes=options.classes,
            exams=options.exams,
            logs=options.logs,
            seed=options.seed,
            with_problems=options.with_problems,
        )
        bar("写入总表", 0.4)
        template.build(
            book,
            frames=school.frames,
            planted=school.planted,
            faults=school.faults,
            host=_host(options.host),
            created=now,
        )
    else:
        template.build(book, host=_host(options.host), created=now)
    answer(options, {"book": str(book)}, [f"已新建“{book}”。", "下一步：打开它，从“控制台”开始。"])
    return 0


def demo(options: Namespace, bar: Bar) -> int:
    """``demo``: an invented school, and the main job done on it."""
    from xlbangfu import sample
    from xlbangfu.actions.make_pages import run
    from xlbangfu.book import template
    from xlbangfu.book.closed.closed_book import ClosedBook

    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    if options.county:
        return _county_demo(options, bar)
    book = _new_path(folder / "帮扶总表.xlsm")
    call = replace(call_of(options), out=folder / "班级页")
    bar("做一所虚构学校", 0.05)
    school = sample.make()
    template.build(
        book, frames=school.frames, planted=school.planted, host=_host(None), created=call.now.replace(microsecond=0)
    )
    outcome = run(ClosedBook(book, action="run", progress=bar), call)
    first = max(outcome.files, key=lambda path: (path.name != "目录.xlsx", path.stat().st_size))
    advice = [
        f"打开“{book}”看总表：从“控制台”开始，再看“排名”“帮扶排名”“班级汇总”。",
        f"打开“{first}”看一个班的班级页。",
        "学校和学生都是虚构的；想用自己的数据：xlbangfu new 帮扶总表.xlsm，再 xlbangfu import。",
    ]
    return finish(options, outcome, advice)


def _county_demo(options: Namespace, bar: Bar) -> int:
    """``demo --county N``: the returns of invented schools, and what the bureau makes of them."""
    from xlbangfu.county.made_county import write_county
    from xlbangfu.county.rollup import Rollup, roll_up

    if not 1 <= options.county <= 100_000:
        raise BadArgument("--county 应当在 1 到 100000 之间。")
    came, out = options.folder / "收到的上报", options.folder / "汇总.xlsx"
    if came.exists():
        raise BadArgument(f"“{came}”已经有了，没有动它；请换一个文件夹。")
    bar("做各校的上报", 0.05)
    write_county(came, options.county)
    done = roll_up(Rollup(folders=(came,), out=out, keep=options.folder / "汇总_已读", workers=1), bar)
    again = f'xlbangfu county "{came}" --out "{out}"'
    lines = [*done.lines, f"打开“{out}”看汇总，“{came}”里是各校交来的；学校都是虚构的。", f"再做一次：{again}"]
    answer(options, {"out": str(out), "schools": done.schools, "asks": done.asks}, lines)
    return 0


def _new_path(path: Path) -> Path:
    if path.suffix.lower() != ".xlsm":
        raise BadArgument(f"总表里有按钮，文件名要以 .xlsm 结尾，例如 {path.with_suffix('.xlsm').name}。")
    if path.exists():
        raise BadArgument(f"“{path}”已经有了，没有动它；请换一个名字或文件夹。")
    if not path.parent.is_dir():
        raise BadArgument(f"没有“{path.parent}”这个文件夹，请先建好。")
    return path


def _sensible_sizes(options: Namespace) -> None:
    limits = {"students": (1, 100_000), "classes": (1, 2_000), "exams": (0, 60), "logs": (0, 1_000_000)}
    for name, (low, high) in limits.items():
        if not low <= getattr(options, name) <= high:
            raise BadArgument(f"--{name} 应当在 {low} 到 {high} 之间。")
    if options.classes > options.students:
        raise BadArgument("班级数不能比学生数多。")


def _host(wanted: str | None) -> Any:
    return wanted or ("libreoffice" if sys.platform.startswith("linux") else "excel")
