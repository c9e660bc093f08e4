"""The workbook door: what actions know of a workbook, be it open in a spreadsheet program or a file on disk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import polars as pl

from xlbangfu.schema import RowChoice, Table, View

if TYPE_CHECKING:
    from xlbangfu.book.paper_signature import Signature
    from xlbangfu.book.safety.backup import Backup


class Book(Protocol):
    """A master workbook.

    Writes are gathered and take effect together in ``save``: all of them or none. Reading sees the book as it was.
    """

    @property
    def path(self) -> Path:
        """Where the workbook is; its journal, its mail ledger and the folders of its papers are beside it."""

    @property
    def title(self) -> str:
        """The file name of the workbook, for messages."""

    def as_file(self) -> bytes:
        """The workbook as a file, unsaved work included; it stays as it is. Raises WriteFailed where no copy can be made."""

    def read(self, *tables: Table) -> dict[Table, pl.DataFrame]:
        """The tables as frames typed by the schema, with ``ROW`` and ``KEY``, blank rows left out.

        The answer also holds ``DEFECTS`` and ``LAYOUT`` for the tables read. A missing sheet is an empty frame and a
        defect. Columns come in the schema's order; columns of the staff's own are not in the frame, except the subject
        columns of 成绩 (every column of it that the schema does not name and that has a heading).
        """

    def replace(self, frames: Mapping[Table, pl.DataFrame]) -> None:
        """Rewrite output sheets whole and show them; what staff ticked or wrote in ``kept`` columns stays, by row key.

        ``CONSOLE`` is special: its frame (项目, 值) sets the named cells of the front page.
        """

    def show(self, views: Mapping[View, bytes]) -> None:
        """Put each view in the place of its sheet, or, where there is none, after the front page, and show it. What comes is
        a workbook of that one sheet, with its charts and print set-up; the sheet has no formulas.

        ``save`` raises WrongWorkbook where a sheet by that name is the staff's own (``View.signature``).
        """

    def sign(self, signature: Signature) -> None:
        """Let the footers of the sheets that ``save`` writes say whose they are and of when; those of the staff's own stay."""

    def append(self, table: Table, frame: pl.DataFrame) -> None:
        """Add rows after the last record of an input or ledger sheet. Columns that the frame lacks stay empty."""

    def amend(self, table: Table, frame: pl.DataFrame) -> None:
        """Set the frame's other columns in the rows that its key columns (``table.keys``) name; no other cell moves.

        A frame with ROW and KEY names rows as they were read, also where a key is to be set; it takes effect before those
        that name rows by keys, and spares cells that hold a formula.
        """

    def delete(self, table: Table, keys: pl.DataFrame) -> None:
        """Empty the rows that the key columns name, so that nothing of them is left on the sheet."""

    def reveal(self, *tables: Table) -> None:
        """Take these sheets out of hiding; one that the workbook lacks is passed over."""

    def hide(self, *tables: Table) -> None:
        """Put these sheets away; what is on them stays, and what is written to them later is seen again."""

    def hidden(self) -> set[Table]:
        """The sheets that are there and that are hidden once the gathered writes are made."""

    def show_only(self, table: Table, rows: RowChoice) -> None:
        """Let a filter in the sheet's own list leave only these rows in sight, instead of any filter that is there; no cell
        changes. What is written to a sheet takes its filter off: nothing that was filtered is kept from a write.

        ``save`` raises WrongWorkbook where the sheet has no list (Excel table) any more.
        """

    def show_all(self, *tables: Table) -> None:
        """Take the filters off these sheets."""

    def filtered(self, *tables: Table) -> set[Table]:
        """Those of the sheets where a filter is in force."""

    def out_of_sight(self, table: Table, rows: Collection[int]) -> set[int]:
        """Those of the rows (``ROW``) of a sheet that are hidden, be it by a filter or by hand."""

    def note_action(self, name: str) -> None:
        """What is being done from now on, where it is found out after the book was opened: for the backup, and for
        taking it back."""

    def forget(self) -> None:
        """Let no save from now on leave what it takes away where it could be found again: not among the texts that
        cells of a file share, nor in the journal from which an action is taken back. Backups are not touched."""

    def progress(self, text: str, done: float) -> None:
        """Say how far a long piece of work is; ``done`` runs from 0 to 1."""

    def apply(self) -> None:
        """Let reads see the gathered writes as ``save`` would make them, so that what an action writes can be checked
        within its one save; a closed file changes only at ``save``, an open workbook at once. Raises as ``save`` does."""

    def save(self) -> None:
        """Make all gathered writes, or none.

        Raises BookLocked, WrongWorkbook or WriteFailed; the book is then as it was.
        """

    @property
    def can_go_back(self) -> bool:
        """Whether a copy can take the file's place, as no program has the workbook open."""

    def go_back(self, copy: Backup) -> Book:
        """The book as a copy has it, which is read and written from there; its ``save`` puts it in the file's place, which
        is copied itself.

        Raises BookLocked where a program has the workbook open.
        """
