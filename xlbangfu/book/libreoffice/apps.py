"""The engine and its apps: an app is one LibreOffice process, known by its process id."""

import atexit
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import Any
from uuid import uuid4

from xlbangfu.book.libreoffice.books import Book, Books
from xlbangfu.book.libreoffice.bridge import Disposed, UnoException, UnoRuntimeException, enum, struct
from xlbangfu.book.libreoffice.lacking import OfficeError, lacking, says_what_it_lacks
from xlbangfu.book.libreoffice.office_process import context_of, process_at, start_office
from xlbangfu.book.libreoffice.ranges import Range
from xlbangfu.book.libreoffice.uno_values import cleaned, prepared
from xlbangfu.book.light_xlwings import base_classes

_START_SECONDS = 120.0
_STOP_SECONDS = 20.0
_VERSION_AT = "/org.openoffice.Setup/Product"
_BUTTONS = {None: 1, "ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
_ANSWERS = {0: "cancel", 1: "ok", 2: "yes", 3: "no"}
_BOXES = {None: "MESSAGEBOX", "info": "INFOBOX", "critical": "WARNINGBOX"}
_RANGE_SERVICE = "com.sun.star.sheet.SheetCellRange"


class Engine:
    """What xlwings knows an engine by."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        return prepared(value)

    @staticmethod
    def clean_value_data(
        data: Any,
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> list[list[Any]]:
        return cleaned(data, datetime_builder, empty_as, number_builder, errors_as_text=err_to_str)


@says_what_it_lacks
class Apps(base_classes.Apps):
    """The apps that this process started or connected to; the active one comes first."""

    def __init__(self) -> None:
        self._apps: list[App] = []
        atexit.register(self._stop_unseen)

    def connect(self, pipe_name: str, *, wait: float) -> "App":
        """The app that listens on the pipe, as the active one."""
        for app in self:
            if app.pipe_name == pipe_name:
                return self.put_first(app)
        return self.put_first(App(self, pipe_name, wait=wait))

    def add(self, spec: Any = None, add_book: bool | None = None, xl: Any = None, visible: bool | None = None) -> "App":
        """A new office with a profile of its own, which goes when the app quits."""
        if spec is not None or xl is not None:
            raise lacking("Choosing the program of a new app")
        pipe_name = f"xlbangfu{uuid4().hex}"
        profile = Path(tempfile.mkdtemp(prefix="xlbangfu"))
        process = start_office(pipe_name, profile, headless=not os.environ.get("DISPLAY"))
        app = App(self, pipe_name, wait=_START_SECONDS, process=process, profile=profile)
        app.shows_new_books = visible is None or visible
        if add_book or add_book is None:
            app.books.add()
        return self.put_first(app)

    def put_first(self, app: "App") -> "App":
        self._apps = [app, *(other for other in self._apps if other is not app)]
        return app

    def forget(self, app: "App") -> None:
        self._apps = [other for other in self._apps if other is not app]

    def _stop_unseen(self) -> None:
        """Stop the offices that this process started and that nobody sees."""
        for app in list(self._apps):
            if app.process is not None and not (app.shows_new_books and os.environ.get("DISPLAY")):
                app.kill()

    def keys(self) -> list[int]:
        return [app.pid for app in self]

    def __iter__(self) -> "Iterator[App]":
        for app in list(self._apps):
            if app.is_alive():
                yield app
            else:
                self.forget(app)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, pid: int) -> "App":
        for app in self:
            if app.pid == pid:
                return app
        raise KeyError(pid)


@says_what_it_lacks
class App(base_classes.App):
    """One LibreOffice. `api` is its UNO desktop."""

    xl: Any = None

    def __init__(
        self,
        apps: Apps,
        pipe_name: str,
        *,
        wait: float,
        process: "Popen[bytes] | None" = None,
        profile: Path | None = None,
    ) -> None:
        self._apps = apps
        self.pipe_name = pipe_name
        self.process = process
        self._profile = profile
        self._context = context_of(pipe_name, wait=wait)
        self.xl = self.service("frame.Desktop")
        self._pid = process_at(pipe_name)
        self.shows_new_books = True
        self._alerts = True
        self._locked: list[Any] | None = None
        self._indicators: list[Any] = []
        self._status: str | bool = False
        self.manual_calculation: bool | None = None

    def service(self, name: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(f"com.sun.star.{name}", self._context)

    def is_alive(self) -> bool:
        try:
            self.xl.getCurrentComponent()
        except (Disposed, UnoRuntimeException):
            return False
        return True

    @property
    def engine(self) -> Engine:
        return ENGINE

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def version(self) -> str:
        provider = self.service("configuration.ConfigurationProvider")
        at = struct("beans.PropertyValue", Name="nodepath", Value=_VERSION_AT)
        access = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (at,))
        return str(access.getByName("ooSetupVersionAboutBox"))

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def selection(self) -> Range | None:
        book = self.books.active
        chosen = book.controller.getSelection()
        if chosen is None or not chosen.supportsService(_RANGE_SERVICE):
            return None
        return book.range_at(chosen.getRangeAddress())

    def activate(self, steal_focus: bool = False) -> None:
        self._apps.put_first(self)
        if steal_focus and (frame := self.xl.getCurrentFrame()) is not None:
            frame.getContainerWindow().toFront()

    @property
    def visible(self) -> bool:
        windows = [book.window for book in self.books]
        return any(window.isVisible() for window in windows) if windows else self.shows_new_books

    @visible.setter
    def visible(self, value: bool) -> None:
        if value and self.process is not None and not os.environ.get("DISPLAY"):
            raise lacking("Showing an office that was started without a display")
        self.shows_new_books = bool(value)
        for book in self.books:
            book.window.setVisible(bool(value))

    def quit(self) -> None:
        """Quit without saving."""
        for book in list(self.books):
            book.close()
        with suppress(UnoException, UnoRuntimeException):  # the connection may end before the answer comes
            self.xl.terminate()
        self._gone()

    def kill(self) -> None:
        """End the process; the locks on its files, which would outlive it, go too."""
        locks = [lock for book in self.books if (lock := book.lock_file()) is not None] if self.is_alive() else []
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        self._gone()
        for lock in locks:
            lock.unlink(missing_ok=True)

    def _gone(self) -> None:
        self._apps.forget(self)
        deadline = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < deadline and self.is_alive():
            time.sleep(0.05)
        if self.process is not None:
            self.process.wait(_STOP_SECONDS)
        if self._profile is not None:
            shutil.rmtree(self._profile, ignore_errors=True)

    @property
    def screen_updating(self) -> bool:
        return self._locked is None

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if value and self._locked is not None:
            for document in self._locked:
                with suppress(Disposed, UnoRuntimeException):  # closed meanwhile
                    document.unlockControllers()
            self._locked = None
        elif not value and self._locked is None:
            self._locked = [book.xl for book in self.books]
            for document in self._locked:
                document.lockControllers()

    @property
    def display_alerts(self) -> bool:
        """LibreOffice asks nothing of a program, so this is only remembered."""
        return self._alerts

    @display_alerts.setter
    def display_alerts(self, value: bool) -> None:
        self._alerts = bool(value)

    @property
    def enable_events(self) -> bool:
        return True

    @enable_events.setter
    def enable_events(self, value: bool) -> None:
        if not value:
            raise lacking("Turning events off")

    @property
    def interactive(self) -> bool:
        return all(book.window.isEnabled() for book in self.books)

    @interactive.setter
    def interactive(self, value: bool) -> None:
        for book in self.books:
            book.window.setEnable(bool(value))

    @property
    def calculation(self) -> str:
        if not len(self.books):
            return "manual" if self.manual_calculation else "automatic"
        return "automatic" if self.books.active.xl.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        if value not in ("automatic", "manual"):
            raise lacking(f"The calculation mode {value!r}")
        self.manual_calculation = value == "manual"
        for book in self.books:
            book.xl.calculate()  # what is still to be computed would stay so
            book.xl.enableAutomaticCalculation(not self.manual_calculation)

    def calculate(self) -> None:
        for book in self.books:
            book.xl.calculate()

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        if value is True:
            raise ValueError("The status bar shows a text; False gives it back to LibreOffice.")
        self._status = value
        if value is not False and not self._indicators:
            self._indicators = [book.frame.createStatusIndicator() for book in self.books]
        for indicator in self._indicators:
            with suppress(Disposed, UnoRuntimeException):  # its window was closed meanwhile
                indicator.end() if value is False else indicator.start(str(value), 0)
        if value is False:
            self._indicators = []

    def alert(self, prompt: str | None, title: str | None, buttons: str | None, mode: str | None, callback: Any) -> str:
        """A message box over the active book; returns when someone has answered."""
        if callback is not None:
            raise lacking("An alert with a callback")
        window = self.books.active.window
        if not window.isVisible():
            raise OfficeError("A message box needs a visible window; make the app visible first.")
        box = self.service("awt.Toolkit").createMessageBox(
            window, enum("awt.MessageBoxType", _BOXES[mode]), _BUTTONS[buttons], title or "", prompt or ""
        )
        return _ANSWERS[box.execute()]

    def book_closed(self, book: Book) -> None:
        """A closed document can't be unlocked any more."""
        if self._locked is not None:
            self._locked = [document for document in self._locked if document != book.xl]


ENGINE = Engine()
