"""The seam of the doctor: all that its checks may ask a computer. ``this_machine`` is it; tests have a fake.

Registry keys are written as Windows shows them: ``HKCU\\Software\\…``. Nothing raises where something is not there:
the answer is None, False or empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Platform = Literal["windows", "macos", "linux"]


@dataclass(frozen=True)
class Interpreter:
    """The Python that runs."""

    path: Path
    version: tuple[int, ...]
    bits: int

    @property
    def version_said(self) -> str:
        return ".".join(str(number) for number in self.version)


class Machine(Protocol):
    """A computer as the checks see it."""

    @property
    def platform(self) -> Platform: ...

    @property
    def interpreter(self) -> Interpreter: ...

    @property
    def home(self) -> Path: ...

    def environment(self, name: str) -> str | None:
        """An environment variable."""

    def requirements(self) -> Sequence[str]:
        """What xlbangfu requires, as in pyproject.toml, the extras' too."""

    def package_version(self, package: str) -> str | None:
        """The version of an installed package."""

    def has_module(self, module: str) -> bool:
        """Whether a module can be imported, without importing it."""

    def has_avx2(self) -> bool | None:
        """Whether the processor has AVX2; None where that can't be told or does not matter."""

    def registry(self, key: str, name: str = "") -> str | int | None:
        """A value; the empty name is the key's own."""

    def registry_keys(self, key: str) -> Sequence[str]:
        """The names of the keys under a key."""

    def exists(self, path: Path) -> bool: ...

    def text(self, path: Path) -> str | None:
        """A small text file, or a stream of one (``book.xlsm:Zone.Identifier``)."""

    def program(self, name: str) -> Path | None:
        """A program on the path."""

    def told_by(self, *command: str) -> str | None:
        """What a command that answers at once prints; None if it fails."""

    def can_write(self, folder: Path) -> bool: ...

    def free_bytes(self, folder: Path) -> int | None: ...

    def macro(self, book: Path, module: str) -> str | None:
        """The text of a module of the workbook's macros."""

    def offer(self, book: Path) -> str | None:
        """What to tell of a workbook that another version of the program made, as a sentence with what to do after its
        colon; "" if this one did, None if that can't be told."""

    def flaw(self, book: Path) -> str | None:
        """Why a workbook can't be read, as a sentence; None if it can."""

    def place_waiting_files(self, book: Path) -> Sequence[str]:
        """Put in their place the files that a stopped action left; what came of it, as sentences; nothing where none waited."""

    def lost_buttons(self, book: Path) -> int | None:
        """How many buttons the workbook has lost by a save; None if that can't be told."""

    def sheets(self, book: Path) -> Sequence[str]:
        """The names of the workbook's sheets, hidden ones too."""

    def holder(self, book: Path) -> str | None:
        """Why a book can't be written now (it is open, it is read-only), as a sentence; None if it can."""
