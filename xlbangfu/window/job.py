"""Long work beside the window: a thread that sends messages, so that the window stays alive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from msgspec import Struct

from xlbangfu.errors import Stopped
from xlbangfu.errors.messages import sentence_after

Progress = Callable[[str, float], None]
POINT_OF_NO_RETURN = 0.9  # the workbook is being written; from here on the work is finished, not stopped


class Moved(Struct, frozen=True):
    """The work has come so far: ``done`` from 0 to 1."""

    text: str
    done: float


class Finished(Struct, frozen=True):
    """What the work answered."""

    answer: Any


class Failed(Struct, frozen=True):
    """Why the work could not be done, as a sentence."""

    sentence: str


class Asked(Struct, frozen=True):
    """The work waits for a yes or no, or for a line of text where ``wants_text``; ``answer`` takes it."""

    question: str
    wants_text: bool
    answer: Callable[[Any], None]


Message = Moved | Asked | Finished | Failed


class Talk:
    """What the work is given: call it to say how far it has come, or put a question to staff and wait."""

    def __init__(self, progress: Progress, ask: Callable[[Asked], None]) -> None:
        self._progress, self._ask = progress, ask

    def __call__(self, text: str, done: float) -> None:
        self._progress(text, done)

    def agrees(self, question: str) -> bool:
        return bool(self._answer(question, wants_text=False))

    def asks(self, question: str) -> str:
        return str(self._answer(question, wants_text=True) or "").strip()

    def _answer(self, question: str, *, wants_text: bool) -> Any:
        given: SimpleQueue[Any] = SimpleQueue()
        self._ask(Asked(question, wants_text, given.put))
        return given.get()


class Job:
    """One piece of work, perhaps on a ``book``. ``work`` is given a ``Talk``; the last message is ``Finished`` or ``Failed``,
    which says whether the book was written before."""

    def __init__(self, work: Callable[[Talk], Any], book: Path | None = None) -> None:
        self._work, self._book = work, book
        self._messages: SimpleQueue[Message] = SimpleQueue()
        self._stop = Event()
        self._thread = Thread(target=self._run, name="xlbangfu", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop at the next moment when nothing has been written."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> None:
        self._thread.join(timeout)

    def messages(self) -> list[Message]:
        """What has come since the last time; never waits."""
        found: list[Message] = []
        while True:
            try:
                found.append(self._messages.get_nowait())
            except Empty:
                return found

    def _progress(self, text: str, done: float) -> None:
        if self._stop.is_set() and done < POINT_OF_NO_RETURN:
            raise Stopped("已停止，总表没有改动。")
        self._messages.put(Moved(text, done))

    def _run(self) -> None:
        from xlbangfu.book.safety.atomic_save import saves_of  # the window is there at once

        saved = saves_of(self._book)
        try:
            answer = self._work(Talk(self._progress, self._messages.put))
        except Exception as problem:  # the thread's outermost door: the window says it, the log gets what is unknown
            self._messages.put(Failed(sentence_after(problem, is_written=saves_of(self._book) > saved)))
        else:
            self._messages.put(Finished(answer))
