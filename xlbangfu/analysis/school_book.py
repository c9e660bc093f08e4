"""A school's workbook as pandas sees it: a DataFrame a sheet, read from the file, written only as the actions write."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from xlbangfu.analysis import withheld
from xlbangfu.analysis.dtypes import INDEX, as_pandas, choices_of, dtype_of
from xlbangfu.analysis.table_rows import table_rows
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety.permissions import as_private_as
from xlbangfu.errors import BadArgument
from xlbangfu.schema import BY_NAME, CONSOLE, DEFECTS, ROW, SEPARATOR, UNREAD, Kind, Table

if TYPE_CHECKING:
    from xlbangfu.actions import Outcome

_WRITTEN_BY = {Kind.INPUT: "学校", Kind.OUTPUT: "程序", Kind.LEDGER: "程序，只增不改", Kind.MEMORY: "程序，可以删"}


class SchoolBook:
    """The sheets of one master workbook (帮扶总表), as they were when it was opened.

    Nothing of Excel or LibreOffice is needed. A workbook that is open there is read as it was last saved, and cannot be
    written. Made by ``xlbangfu.open_book``.

    >>> book = xlbangfu.open_book("帮扶总表.xlsm")                       # doctest: +SKIP
    >>> book["成绩"].groupby("考试编号")["语文"].mean()                   # doctest: +SKIP
    """

    def __init__(self, path: str | Path) -> None:
        self._noted: set[Table] = set()
        self._book = ClosedBook(Path(path))
        self._book.read()  # a file that is no master is told of at once
        self._names = [table.name for table in BY_NAME.values() if table != CONSOLE and self._has(table)]

    def __repr__(self) -> str:
        return f"<帮扶总表“{self._book.title}”：{len(self._names)} 张表，book.tables 列出表名>"

    @property
    def path(self) -> Path:
        """Where the workbook is."""
        return self._book.path

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the sheets that ``book[name]`` gives, in the order of their tabs: without 口令, and without those that
        must be asked for by name (档案, 劝返)."""
        every = (BY_NAME[name] for name in self._names)
        return tuple(t.name for t in every if not withheld.is_secret(t) and not withheld.is_sensitive(t))

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        """``read(name)``: the sheet without what is sensitive."""
        return self.read(name)

    def read(self, name: str, *, sensitive: bool = False) -> pd.DataFrame:
        """One sheet: a row a record, blank rows left out, a column for each of the schema's in its order.

        The index (``行``) is the Excel row, dtypes are those of ``columns(name)``; 成绩 has further columns, for each 科目 its
        mark (``float64``) and ``科目·状态`` (缺考, 免考). Rates run from 0 to 1; 时长 is in minutes, 用时 in seconds. The
        staff's own columns are not in it. Each call makes a new DataFrame: changing it changes nothing in the workbook.

        A cell that could not be read as its type is missing and a row of ``unread``; a warning says so.

        ``sensitive=True`` also gives the sheets 档案 and 劝返, the columns that the schema calls sensitive (名册: 留守, 家庭困难,
        特殊群体) and what was said in 心理咨询; who read them and when is written to 运行记录 first, once for each sheet of this
        object. 口令 and the secret of 制页台账 are never given.

        Raises BadArgument for a sheet that is not there or not given so, BookLocked or WriteFailed where the reading could
        not be noted, NotAWorkbook where the file is damaged.
        """
        table = self._table(name)
        withheld.check_readable(table, sensitive=sensitive)
        frames = self._book.read(table)
        if sensitive and withheld.has_sensitive(table) and table not in self._noted:
            self._note(table, frames[table].height)
        self._warn_of(self._unread(frames[DEFECTS], table))
        return as_pandas(table, withheld.withhold(table, frames[table], sensitive=sensitive))

    def columns(self, name: str) -> pd.DataFrame:
        """What each column of a sheet is: one row a column, index ``列``; 类型 is the dtype, 可选 the choices of the schema,
        指向 the sheet whose key it holds, 可多个 whether 、 separates several, 敏感 whether ``sensitive=True`` is needed."""
        table = self._table(name)
        rows = [
            {
                "列": column.name,
                "类型": dtype_of(column),
                "必填": column.must_be_filled,
                "可选": SEPARATOR.join(column.choices or column.offers or choices_of(column)),
                "指向": column.refers,
                "可多个": column.many,
                "敏感": column.sensitive or withheld.is_sensitive(table),
                "说明": column.help,
            }
            for column in withheld.columns(table)
        ]
        return pd.DataFrame(rows).set_index("列")

    @property
    def overview(self) -> pd.DataFrame:
        """The sheets of ``tables``: one row each, index ``工作表``; 谁写 says whose it is, 说明 what it is for."""
        rows = [(name, _WRITTEN_BY[BY_NAME[name].kind], BY_NAME[name].help) for name in self.tables]
        return pd.DataFrame(rows, columns=["工作表", "谁写", "说明"]).set_index("工作表")

    @property
    def unread(self) -> pd.DataFrame:
        """The cells of ``tables`` that could not be read as the schema says and are missing: 工作表, 行, 列, 原值, 缺陷. Of a
        sensitive column 原值 is not told."""
        every = self._book.read(*(BY_NAME[name] for name in self.tables))[DEFECTS]
        found = pl.concat([self._unread(every, BY_NAME[name]) for name in self.tables])
        return pd.DataFrame(found.rename({ROW: INDEX}).to_dict(as_series=False))

    def write(self, name: str, rows: pd.DataFrame, *, overwrite: bool = False, dry_run: bool = False) -> Outcome:
        """Put rows into an input sheet: those that it lacks are appended, empty cells of those that it has are filled.

        A row is known by the keys of its sheet (成绩: 考试编号 and the student; 名册: 学号), a student by 学号 or by 姓名 with 班级.
        ``rows`` may lack columns, and a missing cell says nothing. A mark may be a number, 缺考 or 免考, or stand in two columns
        as ``read`` gives them. The same rows twice change nothing. With ``overwrite`` cells that say something else are
        changed; with ``dry_run`` nothing is written and the answer says what would be.

        All of it or nothing: validated first, backed up, one save, a row in 运行记录, and 撤销上次 takes it back. The answer's
        ``sentence`` says what was done; this object then sees the workbook as it is now.

        Raises BadArgument where rows are refused (unknown column, wrong value, differing cell, what 校验 would call 错误),
        BookLocked where a program has the workbook open, WriteFailed where it was changed since it was opened here.
        """
        from xlbangfu.actions import Call
        from xlbangfu.actions.operator_name import with_operator
        from xlbangfu.actions.write_rows import NAME, write_rows

        table = self._table(name)
        typed = table_rows(table, rows)
        with as_private_as(self.path):
            self._book.note_action(NAME)
            call = with_operator(self._book, Call.here(), may_ask=False)
            try:
                return write_rows(self._book, call, table, typed, overwrites=overwrite, writes=not dry_run)
            finally:
                self._book = ClosedBook(self.path)

    def _has(self, table: Table) -> bool:
        return table.name in self._book.package.sheets

    def _table(self, name: str) -> Table:
        table = BY_NAME.get(name)
        if table is None or name not in self._names:
            raise BadArgument(f"“{self._book.title}”没有工作表“{name}”；有的是：{SEPARATOR.join(self.tables)}。")
        return table

    def _note(self, table: Table, rows: int) -> None:
        from xlbangfu.actions import Call
        from xlbangfu.actions.note_reading import LABEL, note_reading

        self._book.note_action(LABEL)
        try:
            with as_private_as(self.path):
                note_reading(self._book, Call.here(), table, rows)
        finally:
            self._book = ClosedBook(self.path)
        self._noted.add(table)

    def _unread(self, defects: pl.DataFrame, table: Table) -> pl.DataFrame:
        given = {column.name for column in withheld.columns(table)}
        mine = defects.filter(pl.col("工作表") == table.name, pl.col("缺陷").is_in(UNREAD))
        told = pl.col("列").is_in([column.name for column in table if column.sensitive])
        hidden = withheld.is_sensitive(table)
        return mine.filter(pl.col("列").is_in(list(given)) | ~pl.col("列").is_in(table.names)).with_columns(
            pl.when(told | hidden).then(None).otherwise("原值").alias("原值")
        )

    @staticmethod
    def _warn_of(unread: pl.DataFrame) -> None:
        if unread.height:
            sheet = unread["工作表"][0]
            warnings.warn(f"“{sheet}”有 {unread.height} 格读不出来，是空的；book.unread 列出它们。", stacklevel=3)
