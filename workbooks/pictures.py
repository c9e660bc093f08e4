"""The pictures of the README, from a real LibreOffice and the real window: ``python -m workbooks.pictures``.

Run by hand on Linux when what they show has changed, and look at each. What the tests click with is used here too
(Xvfb, xdotool, ImageMagick).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from tests.support import clicking, screen
from xlbangfu import actions, sample
from xlbangfu.actions import Call, Outcome
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.schema import OUTBOX, PRIZES, ROSTER, SCREENING, SETTINGS, Table

HERE = Path(__file__).parent / "图"
NOW = datetime(2026, 6, 30, 9, 0)
WIDTH, HEIGHT = 2000, 1000
TOP = 107  # pixels above the column letters
COLOURS = 64
ANSWERS, SECOND_ANSWER = "1980x250", (1050, TOP + 95)  # the size of the picture, where the second row is answered
BOX = "帮扶总表"
ANSWERED = 6  # lines of the form of a first workbook
BY_VALUE = 3  # DocumentZoomType.BY_VALUE of UNO


def make(folder: Path) -> list[Path]:
    """Every picture, by the name it has in the README."""
    desk = Path(tempfile.gettempdir()) / "学校" / "帮扶"  # the window shows this path
    desk.mkdir(parents=True)
    try:
        desk.with_name("home").mkdir()
        book = school(desk)
        first = of_the_first_start(desk.with_name("first"), folder)
        return [*in_libreoffice(book, desk, folder), of_the_window(book, desk, folder), *first]
    finally:
        shutil.rmtree(desk.parent)


@cache
def frames() -> Mapping[Table, pl.DataFrame]:
    """The one school of all pictures, which is that of 帮扶总表-示例.xlsm: whoever has seen one finds the same names in the next."""
    return sample.make().frames


def school(desk: Path) -> Path:
    """The school in the middle of its work: proposals ticked, pages made, mails listed."""
    book = desk / "帮扶总表.xlsm"
    template.build(book, frames=frames(), host="libreoffice", created=NOW)
    amend(book, SETTINGS, pl.DataFrame({"项目": ["学校名称"], "值": ["示范学校"]}))
    for name in ("screen", "run", "mail"):
        perform(book, name)
    unclear(book, desk)
    tick(book, SCREENING, "采纳", (pl.col("变化") == "新增") & (pl.col("建议类别") == "学困"))
    tick(book, OUTBOX, "发送", pl.col("状态") == "待发")
    return book


def unclear(book: Path, desk: Path) -> None:
    """Import a file with two columns and a word that are not clear, for the picture of 导入核对."""
    roster = ClosedBook(book).read(ROSTER)[ROSTER].filter(pl.col("班级").str.starts_with("初三")).head(30)
    head = [
        "学号",
        "姓名",
        "班级",
        "语文(得分)",
        "语文(班次)",
        "数学",
        "数学(附卷)",
        "英语(卷一得分)",
        "英语(赋分)",
        "总分",
    ]
    rows = [
        [*who, 60 + n % 40, n + 1, "缓考" if n == 4 else 50 + n, n % 10, 60 + n % 30, 70 + n % 20, 0]
        for n, who in enumerate(roster.select("学号", "姓名", "班级").rows())
    ]
    file = desk / "初三月考成绩.csv"
    lines = [["初三第二次月考成绩"], head, *rows]
    file.write_text("\n".join(",".join(map(str, line)) for line in lines), encoding="utf-8")
    call = Call(user="教务处", now=NOW, agrees=lambda _: True, files=(file,), clock=lambda: 0.0)
    actions.perform("import", ClosedBook(book, action="import"), call)
    file.unlink()


def perform(book: Path, name: str) -> Outcome | None:
    call = Call(user="教务处", now=NOW, clock=lambda: 0.0)
    return actions.perform(name, ClosedBook(book, action=name), call)


def tick(book: Path, table: Table, column: str, which: pl.Expr) -> None:
    rows = ClosedBook(book).read(table)[table].filter(which)
    amend(book, table, rows.select(*table.keys, pl.lit("√").alias(column)))


def amend(book: Path, table: Table, rows: pl.DataFrame) -> None:
    opened = ClosedBook(book)
    opened.amend(table, rows)
    opened.save()


def in_libreoffice(book: Path, desk: Path, folder: Path) -> list[Path]:
    clicking.WIDTH, clicking.HEIGHT = WIDTH, HEIGHT
    os.environ["LOGNAME"] = "教务处"  # the front page names who clicked
    with clicking.screen_in(desk / "截图") as display:
        opened = clicking.OpenBook(book, desk.parent / "home", display)
        try:
            look = Look(opened, folder)
            return [
                look.at("控制台", "控制台", "1432x836"),
                of_an_answer(opened, look),
                *with_a_mistake(opened, look),
                look.at("排查", "排查", "1980x400", zoom=80),
                look.at("帮扶排名", "帮扶排名", "1700x360", zoom=80, top=first_prize(book)),
                look.at("发件箱", "发件箱", "1980x300", zoom=80),
                of_a_page(opened, desk, look),
            ]
        finally:
            opened.quit()


def first_prize(book: Path) -> int:
    """The row, from 0, of the first 一等奖."""
    prizes = ClosedBook(book).read(PRIZES)[PRIZES]["奖项"]
    return (prizes == "一等奖").arg_max() or 0


class Look:
    """Pictures of what an open workbook shows, without menus and bars."""

    def __init__(self, opened: clicking.OpenBook, folder: Path) -> None:
        self.opened, self.folder = opened, folder

    def at(self, name: str, sheet: str, size: str, *, book: Any = None, top: int = 1, zoom: int = 100) -> Path:
        """A picture of a sheet scrolled to a row (from 0), of a size in pixels."""
        book = book or self.opened.book
        book.sheets[sheet].activate()
        book.sheets[sheet].range("A1").select()
        controller = book.api.getCurrentController()
        controller.getSidebar().setVisible(False)
        controller.ZoomType, controller.ZoomValue = BY_VALUE, zoom
        for index in range(controller.getCount()):
            controller.getByIndex(index).setFirstVisibleRow(top)
        time.sleep(3)
        return self.cut(self.opened.screen.shot(name), f"{size}+0+{TOP}", name)

    def cut(self, shot: Path, area: str, name: str) -> Path:
        return cut(shot, area, self.folder / f"{name}.png")


def of_an_answer(opened: clicking.OpenBook, look: Look) -> Path:
    """导入核对 while staff choose an answer in its drop-down."""
    look.at("导入核对", "导入核对", ANSWERS, zoom=90)
    opened.screen.click(*SECOND_ANSWER)
    time.sleep(1)
    opened.screen.do("key", "alt+Down")
    time.sleep(2)
    return look.cut(opened.screen.shot("导入核对"), f"{ANSWERS}+0+{TOP}", "导入核对")


def with_a_mistake(opened: clicking.OpenBook, look: Look) -> list[Path]:
    """Staff type two wrong things and click 校验; the sheet of problems, and a cell that is lit."""
    opened.book.sheets["成绩"].range("F5").value = 980.0
    opened.book.sheets["成绩"].range("H8").value = "缺"
    opened.book.sheets["控制台"].activate()
    opened.click("校验")
    clicking.wait_for(lambda: opened.screen.window(BOX))
    opened.screen.confirm(BOX)
    clicking.wait_for(lambda: opened.screen.window(BOX) is None)
    return [look.at("校验", "校验", "1980x130"), look.at("变色的格子", "成绩", "1480x250")]


def of_a_page(opened: clicking.OpenBook, desk: Path, look: Look) -> Path:
    page = next(path for path in sorted((desk / "班级页").glob("*.xlsx")) if path.name.startswith(sample.STILL_OUT))
    opened.book.close()
    book = opened.app.books.open(str(page))
    return look.at("班级页", book.sheets[0].name, "1100x800", book=book, top=0)


def of_the_window(book: Path, desk: Path, folder: Path) -> Path:
    with screen.screen() as display:
        driver = screen.Driver(display, book, desk)
        try:
            driver.click("校验")
            driver.wait(lambda seen: "用时" in seen["result"])
            time.sleep(1)
            return cut(driver.picture("窗口"), "1024x768+0+0", folder / "窗口.png", trim=True)
        finally:
            driver.end()


def of_the_first_start(desk: Path, folder: Path) -> list[Path]:
    """What a school sees that opens the window for the first time, and the mailbox, as the guide shows them."""
    (desk / "Desktop").mkdir(parents=True)
    roster = desk / "roster.csv"
    students = frames()[ROSTER].select("学号", "姓名", "班级")
    roster.write_text(students.write_csv(), encoding="utf-8")
    with screen.screen() as display:
        driver = screen.Driver(display, None, desk)
        try:
            seen = driver.wait(lambda seen: len(seen["entries"]) >= ANSWERED)
            for letter in "示范学校":  # typed in one go, xdotool repeats some
                driver.type_into(seen["entries"][-ANSWERED], letter)
            driver.type_into(seen["entries"][-1], str(roster))
            made = [seen_now(driver, "第一次", folder)]
            driver.click("开始")
            driver.wait(lambda seen: "写入总表" in seen["buttons"])
            made.append(seen_now(driver, "名册", folder))
            driver.click("写入总表")
            driver.wait(lambda seen: "个班级页" in seen["result"] and seen["buttons"]["发件邮箱"][2])
            driver.click("发件邮箱")
            seen = driver.wait(lambda seen: "登录并寄测试信给自己" in seen["buttons"])
            driver.type_into(seen["entries"][-3], "school@example.cn")
            driver.type_into(seen["entries"][-2], "abcdabcdabcdabcd")
            return [*made, seen_now(driver, "发件邮箱", folder)]
        finally:
            driver.end()


def seen_now(driver: screen.Driver, name: str, folder: Path) -> Path:
    time.sleep(1)
    return cut(driver.picture(name), "1024x768+0+0", folder / f"{name}.png", trim=True)


def cut(shot: Path, area: str, to: Path, *, trim: bool = False) -> Path:
    """The area of a screenshot, in few colours, as a small PNG."""
    what = ["-trim", "+repage"] if trim else []
    command = ["convert", str(shot), "-crop", area, "+repage", *what, "-bordercolor", "#b0b0b0", "-border", "1"]
    subprocess.run([*command, "+dither", "-colors", str(COLOURS), "-strip", f"PNG8:{to}"], check=True)
    return to


if __name__ == "__main__":
    for path in make(HERE):
        sys.stdout.write(f"{path.name} {path.stat().st_size // 1024} KB\n")
