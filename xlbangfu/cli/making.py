"""Workbooks made from nothing: ``new``."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer
from xlbangfu.errors import BadArgument


def new(options: Namespace, bar: Bar) -> int:
    """``new``: an empty workbook, or one of an invented school."""
    from xlbangfu import sample
    from xlbangfu.book import template

    book = new_path(options.book)
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
            with_awards=True,
        )
        bar("写入总表", 0.4)
        template.build(
            book,
            frames=school.frames,
            planted=school.planted,
            faults=school.faults,
            host=host_here(options.host),
            created=now,
        )
    else:
        template.build(book, host=host_here(options.host), created=now)
    answer(options, {"book": str(book)}, [f"已新建“{book}”。", "下一步：打开它，从“控制台”开始。"])
    return 0


def new_path(path: Path) -> Path:
    """The path of a workbook to make. Raises BadArgument where it is none, is taken or has no folder."""
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


def host_here(wanted: str | None) -> Any:
    """Whose buttons a new workbook gets where nobody says it."""
    return wanted or ("libreoffice" if sys.platform.startswith("linux") else "excel")
