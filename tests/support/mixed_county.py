"""A county as it comes in: returns of two terms and masters of schools of their own, some damaged, doubled or of an older
version; and its figures as one plain pandas computation gives them, which shares nothing with ours but the files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineWorkbook

from tests.support.mail_school import set_up
from xlbangfu import actions, sample
from xlbangfu.actions import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.county.made_county import TERMS, made_return, write_county

TERM, DAY = TERMS[1]
KEYS = ["学期", "编号", "群体"]
EVERY = 10  # of so many schools one hands in its master
_WHOLE = "全校"


def write_mixed(folder: Path, schools: int, every: int = EVERY) -> list[Path]:
    """``write_county``, where a small master stands in the place of the last return of one school in ``every``, every second
    with mistakes in it; the answer are the masters."""
    write_county(folder, schools)
    return [_master(folder / TERM, number) for number in range(7, schools, every)]


def _master(place: Path, number: int) -> Path:
    made = made_return(number)
    for old in place.glob(f"上报_{made.code}_*"):
        old.unlink()
    path = place / f"总表_{made.code}.xlsm"
    school = sample.make(students=120, classes=6, exams=2, logs=40, seed=number, with_problems=number % 20 == 7)
    template.build(path, frames=school.frames, created=made.made)
    set_up(path, 学校代码=made.code, 学校名称=made.school)
    return path


def own_return(master: Path, folder: Path) -> Path:
    """The return that the school itself would send: its button, clicked in a copy."""
    copy = folder / master.name
    shutil.copy(master, copy)
    done = actions.perform("return", ClosedBook(copy, action="return"), Call(user="", now=made_return(0).made))
    assert done is not None
    return done.files[0]


def plain_rows(folder: Path, place: Path) -> pd.DataFrame:
    """The rows of every 机读 sheet one under another, by pandas; of twice the first, the damaged left out. ``place`` is for the
    returns of masters."""
    files = [*sorted(folder.rglob("*.xlsx")), *(own_return(master, place) for master in sorted(folder.rglob("*.xlsm")))]
    rows = pd.concat(list(_sheets(files)))
    return rows.drop_duplicates(["学校代码", *KEYS]).astype({"分子": "Int64", "分母": "Int64"})


def _sheets(files: list[Path]) -> Iterator[pd.DataFrame]:
    for path in files:
        try:
            raw = pd.read_excel(path, sheet_name="机读", header=None, dtype=object, engine="calamine")
        except Exception:  # a damaged file fails in a way of its own
            continue
        head = dict(zip(raw[0][:11], raw[1][:11], strict=True))
        rows = raw.iloc[13:].copy()
        rows.columns = list(raw.iloc[12])
        yield rows.assign(学校代码=str(head["学校代码"]), 学期=head["学期"])


@dataclass(frozen=True)
class Shown:
    """What a 汇总.xlsx shows, as plain values; ``trend`` has 合计 or the rate, as the sheet has."""

    whole: dict[str, tuple[Any, ...]]  # 编号 → 合计, 分母合计, 率, 给了的学校
    groups: dict[tuple[str, str], Any]  # 编号, 特殊群体 → 合计
    schools: dict[str, list[Any]]  # 学校代码 → 分子 of every indicator
    trend: dict[tuple[str, str], Any]  # 编号, 学期 → 合计 or rate


def computed(rows: pd.DataFrame) -> Shown:
    """The same by pandas, of ``plain_rows``."""
    whole, now = rows[rows["群体"] == _WHOLE], rows[(rows["学期"] == TERM) & rows["分子"].notna()]
    own, split = now[now["群体"] == _WHOLE], now[now["群体"] != _WHOLE]
    wide = whole[whole["学期"] == TERM].pivot(index="学校代码", columns="编号", values="分子")
    return Shown(
        whole={str(number): _told(part) for number, part in own.groupby("编号")},
        groups={
            (str(number), str(group)): int(part.sum())
            for (number, group), part in split.groupby(["编号", "群体"])["分子"]
        },
        schools={str(code): [_plain(cell) for cell in wide.loc[code]] for code in wide.index},
        trend={
            (str(number), str(term)): _trend(part)
            for (number, term), part in whole.dropna(subset="分子").groupby(["编号", "学期"])
        },
    )


def _told(part: pd.DataFrame) -> tuple[Any, ...]:
    both = part.dropna(subset=["分子", "分母"])
    base = int(both["分母"].sum())
    return int(part["分子"].sum()), base or None, both["分子"].sum() / base if base else None, len(part)


def _trend(part: pd.DataFrame) -> Any:
    total, base, rate, _ = _told(part)
    return rate if base else total


def shown(book: Path) -> Shown:
    """What stands in the workbook."""
    opened = CalamineWorkbook.from_path(book)
    sheets: dict[str, list[list[Any]]] = {name: opened.get_sheet_by_name(name).to_python() for name in _SHEETS}
    whole = {row[0]: (*map(_plain, row[2:6]),) for row in sheets["汇总"][3:] if row[5]}
    names = [str(name).split()[0] if name else "" for name in sheets["各校"][2]]
    parts = [at for at, name in enumerate(names) if name]
    numbers = sorted(range(len(parts)), key=lambda at: names[parts[at]])
    trend_head = sheets["趋势"][2][2:]
    return Shown(
        whole=whole,
        groups=_groups(sheets["特殊群体"]),
        schools={row[0]: [_plain(row[parts[at]]) for at in numbers] for row in sheets["各校"][4:]},
        trend={
            (row[0], term): _plain(cell)
            for row in sheets["趋势"][3:]
            for term, cell in zip(trend_head, row[2:], strict=False)
            if cell != ""
        },
    )


_SHEETS = ("汇总", "各校", "特殊群体", "趋势")


def _groups(sheet: list[list[Any]]) -> dict[tuple[str, str], Any]:
    from xlbangfu.rules.indicators.indicators import SPLIT

    named = {one.name: one.number for one in SPLIT}
    columns = {named[name]: at for at, name in enumerate(sheet[2]) if name in named}
    return {(number, row[0]): _plain(row[at]) for row in sheet[3:] for number, at in columns.items() if row[at] != ""}


def _plain(cell: Any) -> Any:
    if cell is None or cell is pd.NA or cell == "":
        return None
    return int(cell) if float(cell).is_integer() else float(cell)


def differences(one: Shown, other: Shown) -> list[str]:
    """What differs, by more than rounding in the last places."""
    return [
        f"{part} {key}: {getattr(one, part).get(key)} / {getattr(other, part).get(key)}"
        for part in ("whole", "groups", "schools", "trend")
        for key in {**getattr(one, part), **getattr(other, part)}
        if not _same(getattr(one, part).get(key), getattr(other, part).get(key))
    ]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(map(_same, one, other))
    if one is None or other is None:
        return one is other
    return bool(abs(one - other) < 1e-9)
