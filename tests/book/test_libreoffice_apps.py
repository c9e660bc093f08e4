"""Apps: LibreOffice processes."""

import os
import signal
import time
from typing import Any

import pytest

xlwings = pytest.importorskip("xlwings")
libreoffice = pytest.importorskip("xlbangfu.book.libreoffice", exc_type=ImportError)

pytest_plugins = ["tests.support.libreoffice_app"]
pytestmark = pytest.mark.office


def test_connecting_twice_gives_the_same_app(app: Any) -> None:
    assert libreoffice.connect(app.impl.pipe_name) == app
    assert xlwings.apps.active == app
    assert xlwings.apps[app.pid] == app
    assert app.engine.name == "libreoffice"
    assert app.version.major >= 7


def test_nobody_on_the_pipe_is_said_in_a_sentence() -> None:
    with pytest.raises(libreoffice.OfficeError, match="No LibreOffice listens on the pipe"):
        libreoffice.connect("xlbangfunobody", wait=0)


def test_settings_come_back_as_they_were(app: Any, book: Any) -> None:
    with app.properties(screen_updating=False, calculation="manual", display_alerts=False, status_bar="正在检查"):
        assert (app.screen_updating, app.calculation, app.status_bar) == (False, "manual", "正在检查")
        assert book.api.hasControllersLocked()
    assert (app.screen_updating, app.calculation, app.status_bar) == (True, "automatic", False)
    assert not book.api.hasControllersLocked()


def test_formulas_wait_while_calculation_is_manual(app: Any, book: Any) -> None:
    sheet = book.sheets[0]
    sheet["A1"].value = [[2, "=A1*2"]]
    with app.properties(calculation="manual"):
        sheet["A1"].value = 4
        assert sheet["B1"].value == 4.0
        app.calculate()
        assert sheet["B1"].value == 8.0


def test_a_closed_book_does_not_hold_the_screen(app: Any) -> None:
    book = app.books.add()
    app.screen_updating = False
    book.close()
    app.screen_updating = True
    assert app.screen_updating


def test_the_selection_is_a_range(app: Any, book: Any) -> None:
    book.activate()
    book.sheets[0]["B2:C3"].select()
    assert app.selection.address == "$B$2:$C$3"


def test_a_message_box_needs_a_window(app: Any, book: Any) -> None:
    with pytest.raises(libreoffice.OfficeError, match="visible window"):
        app.alert("完成")


def test_events_can_not_be_turned_off(app: Any) -> None:
    with pytest.raises(NotImplementedError, match="Turning events off"):
        app.enable_events = False


@pytest.mark.slow
def test_an_office_of_its_own_starts_quits_and_can_be_killed(monkeypatch: pytest.MonkeyPatch, app: Any) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    before = len(xlwings.apps)
    for end in ("quit", "kill"):
        own = xlwings.App(visible=False)
        assert len(xlwings.apps) == before + 1
        assert len(own.books) == 1
        book = own.books[0]
        getattr(own, end)()
        assert len(xlwings.apps) == before
        with pytest.raises(libreoffice.GONE):
            book.sheets[0]["A1"].value = 1
    app.activate()


@pytest.mark.slow
def test_an_office_that_dies_is_forgotten(monkeypatch: pytest.MonkeyPatch, app: Any) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    own = xlwings.App(visible=False)
    os.kill(own.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while own in list(xlwings.apps) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert own not in list(xlwings.apps)
    app.activate()
