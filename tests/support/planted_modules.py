"""Modules in places where none should be found, and the libraries that a click has no use for; each leaves a mark when imported."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

MARKS = "imported.txt"
# What may lie beside a workbook: a library, a pupil's homework, a table of marks that someone called a module.
BESIDE = ("polars", "secrets", "csv", "statistics", "xlwings", "zipfile", "json")
HEAVY = ("PIL", "matplotlib", "numpy", "pandas", "plotly", "pyarrow", "scipy")


def plant(folder: Path, names: Iterable[str]) -> Path:
    """Put modules there that note their names, and fail as what they stand for would be missing; the answer is the folder."""
    folder.mkdir(exist_ok=True)
    for name in names:
        source = f"open({str(folder / MARKS)!r}, 'a').write('{name} ')\nraise SystemExit('{name} was imported')\n"
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    return folder


def imported(folder: Path) -> list[str]:
    """The names of those that were imported."""
    marks = folder / MARKS
    return marks.read_text(encoding="utf-8").split() if marks.exists() else []
