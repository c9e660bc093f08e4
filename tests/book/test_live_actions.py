"""Each action that writes sheets, in the open workbook and in a closed one: the same cells, the same answer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec.structs import replace

from xlbangfu import actions, sample
from xlbangfu.actions import Call, Outcome
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.port import Book
from xlbangfu.book.safety import journal
from xlbangfu.catalog import BY_NAME
from xlbangfu.documents.person import parts_naming
from xlbangfu.schema import CONSOLE, FILES, HONOURS, PROPOSALS, SCREENING, SUSPECTS, TABLES, Table

pytestmark = [pytest.mark.office, pytest.mark.slow]

NOW = datetime(2026, 6, 30, 10, 0)
CALL = Call(user="王老师", now=NOW, agrees=lambda _: True, clock=lambda: 0.0)
TICKED: dict[str, Table] = {
    "screen_accept": SCREENING,
    "dropouts_accept": SUSPECTS,
    "pair_accept": PROPOSALS,
    "honours_accept": HONOURS,
}
TERM = (
    "screen",
    "screen_accept",
    "pair",
    "pair_accept",
    "plan",
    "calendar",
    "follow",
    "honours",
    "honours_accept",
    "appraise",
    "slips",
    "return",
    "register",
    "mail",
    "run",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.support.live_office import office_in

    with office_in(tmp_path_factory.mktemp("office")) as app:
        yield app


@pytest.fixture(scope="module")
def both(office: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    """One master twice: open in LibreOffice, and on disk in another folder."""
    here, there = (tmp_path_factory.mktemp(name) / "总表.xlsm" for name in ("开着", "合上"))
    school = sample.make(students=120, classes=4, exams=3, logs=150)
    template.build(here, frames=school.frames, host="libreoffice", created=NOW)
    shutil.copy(here, there)
    opened = office.books.open(here)
    yield opened, there
    opened.close()


def live(opened: Any, action: str = "") -> Any:
    from xlbangfu.book.live.live_book import LiveBook

    return LiveBook(opened, action=action)


def tick(book: Book, table: Table) -> None:
    """A √ in the first five rows that can be accepted, as staff would type it."""
    rows = book.read(table)[table]
    wanted = rows.filter(pl.col("变化") != "保留") if "变化" in rows.columns else rows
    book.amend(table, wanted.head(5).select(*table.keys, pl.lit("√").alias("采纳")))
    book.save()


def without_place(outcome: Outcome | None) -> Outcome:
    """Where its files lie differs, their names do not."""
    assert outcome is not None
    return replace(outcome, files=tuple(Path(path.name) for path in outcome.files))


@pytest.fixture(autouse=True)
def one_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each workbook draws its own, and the codes of its pages with it."""
    monkeypatch.setattr("xlbangfu.documents.page_code.new_secret", lambda: "K0")


@pytest.mark.parametrize("action", TERM)
def test_the_same_action_gives_the_same_cells_live_and_closed(both: tuple[Any, Path], action: str) -> None:
    opened, closed = both
    if action in TICKED:
        tick(live(opened), TICKED[action])
        tick(ClosedBook(closed), TICKED[action])

    said = actions.perform(action, live(opened, action), CALL)
    also = actions.perform(action, ClosedBook(closed, action=action), CALL)

    assert without_place(said) == without_place(also)
    here, there = live(opened).read(*TABLES), ClosedBook(closed).read(*TABLES)
    for table in TABLES:
        if table is not CONSOLE:
            assert here[table].to_dicts() == there[table].to_dicts(), table.name
    assert {table.name for table in BY_NAME[action].fills if not opened.sheets[table.name].visible} == set()


def test_a_deleted_student_is_gone_from_the_open_workbook_its_saved_file_and_what_could_be_taken_back(
    both: tuple[Any, Path],
) -> None:
    opened, closed = both
    number = live(opened).read(FILES)[FILES]["学号"].drop_nulls()[0]
    asked = replace(CALL, asks=lambda _: number)
    place = Path(opened.fullname)

    said = actions.perform("person_delete", live(opened, "person_delete"), asked)
    also = actions.perform("person_delete", ClosedBook(closed, action="person_delete"), asked)

    assert said is not None and also is not None
    assert said.sentence == also.sentence
    opened.save()
    for workbook in (place, closed):
        assert parts_naming(workbook, (number,)) == []
        told = ClosedBook(workbook).read(*(table for table in TABLES if table is not CONSOLE))
        assert [table.name for table, frame in told.items() if number in str(frame.rows())] == []
        assert journal.read(workbook) is None
        assert not [path for path in workbook.parent.iterdir() if path.name.startswith("~")]
