"""Who asked for an action and with what, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from msgspec import Struct, field
from msgspec.structs import force_setattr

from xlbangfu.catalog import BY_NAME
from xlbangfu.declarations import Option

if TYPE_CHECKING:
    from xlbangfu.book.port import Book

P = ParamSpec("P")
T = TypeVar("T")


def _nobody_agrees(question: str) -> bool:  # noqa: ARG001 - the shape of a question
    return False


def _nobody_answers(question: str) -> str:  # noqa: ARG001
    return ""


def _nobody_chooses(title: str, patterns: Sequence[str]) -> Sequence[Path]:  # noqa: ARG001
    return ()


class Call(Struct, frozen=True, kw_only=True):
    """Who asked for an action, and when; ``agrees`` puts a question back to them, ``asks`` wants a line of text,
    ``chooses`` wants files of some kinds, for an action that turns out to read some.

    The time that a person takes to answer is not counted in ``seconds``.

    Where nobody can be asked the answer is no, the text is empty, and no file is chosen. ``files`` are those to read, ``out`` is the folder
    for what is made where someone chose one, ``options`` is what was typed after the command.
    """

    user: str
    now: datetime
    agrees: Callable[[str], bool] = _nobody_agrees
    asks: Callable[[str], str] = _nobody_answers
    chooses: Callable[[str, Sequence[str]], Sequence[Path]] = _nobody_chooses
    files: tuple[Path, ...] = ()
    out: Path | None = None
    options: Mapping[Option[Any], Any] = field(default_factory=dict)
    is_named: bool = True  # ``user`` is a person's name, not the computer's login
    clock: Callable[[], float] = perf_counter
    started: float = 0.0
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        force_setattr(self, "started", self.clock())
        force_setattr(self, "waits", [])  # its own after a ``replace``, too
        for name in ("agrees", "asks", "chooses"):
            force_setattr(self, name, self.off_the_clock(getattr(self, name)))

    @classmethod
    def here(
        cls,
        *,
        agrees: Callable[[str], bool] = _nobody_agrees,
        asks: Callable[[str], str] = _nobody_answers,
        chooses: Callable[[str, Sequence[str]], Sequence[Path]] = _nobody_chooses,
        files: Sequence[Path] = (),
        out: Path | None = None,
        options: Mapping[Option[Any], Any] | None = None,
    ) -> Call:
        """Whoever is logged in at this computer, now; 设置 may know a name (``operator_name``)."""
        from getpass import getuser

        try:
            user = getuser()
        except (OSError, KeyError, ImportError):
            user = "未知"
        return cls(
            user=user,
            now=datetime.now(),
            agrees=agrees,
            asks=asks,
            chooses=chooses,
            files=tuple(files),
            out=out,
            options=options or {},
            is_named=False,
        )

    def option(self, wanted: Option[T]) -> T:
        """What was typed for an option, else its default."""
        value: T = self.options.get(wanted, wanted.default)
        return value

    def folder(self, book: Book, action: str) -> Path:
        """Where the files of an action go: where someone chose, else the action's own folder beside the workbook."""
        return self.out or folder_beside(book.path, action)

    @property
    def can_ask(self) -> bool:
        """Whether somebody is there to type an answer."""
        asked: Any = self.asks
        while hasattr(asked, "__wrapped__"):  # off the clock, once a ``replace``
            asked = asked.__wrapped__
        return asked is not _nobody_answers

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def seconds(self) -> float:
        """How long the program has worked, in seconds: without the time in which it waited for an answer."""
        return round(self.clock() - self.started - sum(self.waits), 2)

    def off_the_clock(self, ask: Callable[P, T]) -> Callable[P, T]:
        """``ask``, whose time is a person's and not the program's."""

        @wraps(ask)
        def asked(*args: P.args, **options: P.kwargs) -> T:
            since = self.clock()
            try:
                return ask(*args, **options)
            finally:
                self.waits.append(self.clock() - since)

        return asked


class Outcome(Struct, frozen=True, kw_only=True):
    """What an action did: ``sentence`` and ``next_step`` are for staff, the rest for machines.

    ``sheet`` is the one to look at, where it is another than the action usually ends on; ``next_sheets`` are those that
    the next step is about. ``presses`` is the action that was due and found no file to read.
    """

    action: str
    sentence: str
    next_step: str
    rows: int = 0
    errors: int = 0
    warnings: int = 0
    files: tuple[Path, ...] = ()
    details: tuple[str, ...] = ()
    asked: bool = False  # something waits for an answer, or could not be done
    sheet: str = ""
    next_sheets: tuple[str, ...] = ()
    presses: str = ""
    seconds: float = 0.0

    @property
    def problems(self) -> int:
        return self.errors + self.warnings

    @property
    def landing(self) -> str:
        """The sheet on which staff see what came of it; none where nothing did."""
        action = BY_NAME.get(self.action)
        if self.sheet or action is None:
            return self.sheet
        first = action.fills[0] if self.asked and action.fills else action.landing
        return first.name if first and (self.rows or self.asked) else ""

    @property
    def exit_code(self) -> int:
        """0 fine, 1 when there are 错误 (a 警告 is usable and does not count) or something waits for an answer or could not be done."""
        return 1 if self.errors or self.asked else 0


def folder_beside(workbook: Path, action: str) -> Path:
    """Where a click puts the files of an action."""
    return workbook.parent / BY_NAME[action].out


def first_lines(lines: Sequence[str], most: int = 15) -> list[str]:
    """As many as a message box can show."""
    left = len(lines) - most
    return [*lines[:most], f"……另有 {left} 行，写在“运行记录”里。"] if left > 0 else list(lines)
