"""A fresh master workbook on the desktop; one that is there is never touched."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from xlbangfu.doctor.desktop import master_folder
from xlbangfu.errors import BangfuError
from xlbangfu.setup_machine.place import Place
from xlbangfu.setup_machine.step import Step

NAME = "总表"
FILE = "帮扶总表.xlsm"


def write(place: Place) -> Step:
    """Build it where the buttons will find it: on a desktop that is synchronised they would not."""
    folder = folder_of(place)
    book = folder / FILE
    if book.exists():
        return Step(NAME, f"{book} 已经有了，没有动它。")
    from xlbangfu.book import template

    host: Literal["excel", "libreoffice"] = "libreoffice" if place.platform == "linux" else "excel"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        template.build(book, host=host, created=datetime.now().replace(microsecond=0))
    except (BangfuError, OSError) as problem:
        return Step(NAME, f"没有建成：{problem}", False)
    where = "桌面上" if folder == place.desktop else f"{folder}（桌面是同步盘，按钮在同步盘里可能不灵）"
    return Step(NAME, f"新的“{FILE}”放在{where}，打开它，从“控制台”开始。")


def folder_of(place: Place) -> Path:
    """The desktop, or a folder of the user's own where the desktop is synchronised with a cloud."""
    return master_folder(place.machine, place.desktop, FILE)
