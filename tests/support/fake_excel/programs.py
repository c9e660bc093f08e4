"""The program with its options, and the workbooks that it has open."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.fake_excel.com import BAD_INDEX, REJECTED, UNAVAILABLE, Com, com_error, refusal
from tests.support.fake_excel.lists import AutoCorrect
from tests.support.fake_excel.ranges import Range
from tests.support.fake_excel.sheets import VISIBLE, Names, Sheets, Worksheet

AUTOMATIC, MANUAL = -4105, -4135


class Application(Com):
    """``calls`` counts what was asked of it, by type and member, ``columns_written`` the columns of each write;
    ``lacking`` members do not answer.

    ``busy`` is how many calls are rejected from now on, as while a cell is edited; ``gone`` says that it was closed.
    """

    ScreenUpdating = True
    Calculation = AUTOMATIC
    StatusBar: Any = False
    DisplayAlerts = True
    EnableEvents = True

    def __init__(self, name: str = "Microsoft Excel", *, lacking: frozenset[str] = frozenset()) -> None:
        self.app = self
        self.calls: Counter[str] = Counter()
        self.columns_written = 0
        self.busy, self.gone, self.lacking = 0, False, lacking
        self.name, self.books = name, list[Workbook]()
        self.selected: Any = None
        self.correction = AutoCorrect(self)

    def answer(self, kind: str, member: str) -> None:
        """Count a call; raise as Excel does where it can't be answered."""
        if "calls" not in self.__dict__:
            return
        self.calls[f"{kind}.{member}"] += 1
        if self.gone:
            raise com_error(UNAVAILABLE, "RPC 服务器不可用。")
        if self.busy:
            self.busy -= 1
            raise com_error(REJECTED, "被呼叫方拒绝接收呼叫。")
        if member in self.lacking or f"{kind}.{member}" in self.lacking:
            raise AttributeError(f"<unknown>.{member}")

    @property
    def Name(self) -> str:
        return self.name

    @property
    def Hwnd(self) -> int:
        return id(self) % 2**31

    @property
    def Version(self) -> str:
        return "16.0"

    @property
    def Workbooks(self) -> Workbooks:
        return Workbooks(self)

    @property
    def ActiveWorkbook(self) -> Workbook | None:
        return self.books[0] if self.books else None

    @property
    def Selection(self) -> Any:
        return self.selected

    @property
    def AutoCorrect(self) -> AutoCorrect:
        return self.correction

    def Quit(self) -> None:
        self.books.clear()
        self.gone = True


class Workbook(Com):
    """``full_name`` is the path, or the address where the workbook lies in a synchronised folder.

    ``copies`` are those that were stored, each with the way of calculation that it keeps.
    """

    def __init__(self, app: Application, path: Path) -> None:
        self.app, self.path, self.full_name = app, path, str(path)
        self.sheets = list[Worksheet]()
        self.names = dict[str, str]()
        self.read_only, self.saved = False, True
        self.copies = list[tuple[str, int]]()

    @property
    def active(self) -> Worksheet:
        return self.front

    @active.setter
    def active(self, sheet: Worksheet) -> None:
        self.front = sheet
        self.app.selected = Range(sheet, (1, 1, 1, 1))

    def sheet(self, name: str) -> Worksheet:
        return next(sheet for sheet in self.sheets if sheet.name == name)

    @property
    def Name(self) -> str:
        return self.full_name.replace("\\", "/").rpartition("/")[2]

    @property
    def FullName(self) -> str:
        return self.full_name

    @property
    def Path(self) -> str:
        return self.full_name.rpartition("/")[0]

    @property
    def Application(self) -> Application:
        return self.app

    @property
    def Worksheets(self) -> Sheets:
        return Sheets(self)

    @property
    def ActiveSheet(self) -> Worksheet:
        return self.front

    @property
    def ReadOnly(self) -> bool:
        return self.read_only

    @property
    def Saved(self) -> bool:
        return self.saved

    @property
    def Names(self) -> Names:
        return Names(self)

    def Activate(self) -> None:
        self.app.books.sort(key=lambda book: book is not self)  # the first is in front

    def Close(self, SaveChanges: bool = True) -> None:
        if not SaveChanges or self.saved:
            self.app.books.remove(self)
            return
        raise refusal("类 Workbook 的 Close 方法无效")  # it would ask, and nobody answers

    def ExportAsFixedFormat(self, Filename: str, **_how: object) -> None:
        """No printer is faked: the file says which sheets would be printed."""
        shown = [sheet.name for sheet in self.sheets if sheet.state == VISIBLE]
        Path(Filename).write_bytes(b"%PDF-1.7\n%" + "、".join(shown).encode())

    def SaveCopyAs(self, path: str) -> None:
        self.copies.append((path, object.__getattribute__(self.app, "Calculation")))
        shutil.copy(self.path, path)


class Workbooks(Com):
    def __init__(self, app: Application) -> None:
        self.app = app

    @property
    def Count(self) -> int:
        return len(self.app.books)

    @property
    def Application(self) -> Application:
        return self.app

    def __iter__(self) -> Iterator[Workbook]:
        return iter(self.app.books)

    def Open(self, path: str, *_how: object) -> Workbook:
        from tests.support.fake_excel.loading import open_workbook

        return open_workbook(self.app, Path(path))

    def __call__(self, key: int | str) -> Workbook:
        for number, book in enumerate(self.app.books, start=1):
            name = book.full_name.replace("\\", "/").rpartition("/")[2]
            if key == number or (isinstance(key, str) and name.lower() == key.lower()):
                return book
        raise com_error(BAD_INDEX, "无效索引。")
