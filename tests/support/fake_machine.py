"""A computer made of dictionaries, for the doctor and the setup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlbangfu.doctor.machine import Interpreter, Platform

WINDOWS_PYTHON = Path(r"C:\Users\li\.xlbangfu\venv\Scripts\python.exe")


@dataclass
class FakeMachine:
    """Everything is well and nothing special unless a test says so."""

    platform: Platform = "windows"
    interpreter: Interpreter = field(default_factory=lambda: Interpreter(WINDOWS_PYTHON, (3, 12, 1), 64))
    home: Path = Path("home")
    variables: dict[str, str] = field(default_factory=dict)
    required: Sequence[str] = ("polars<3,>=1.30",)
    packages: dict[str, str] = field(default_factory=lambda: {"polars": "1.31.0", "xlwings": "0.37.8"})
    modules: frozenset[str] = frozenset({"tkinter", "_tkinter"})
    avx2: bool | None = True
    values: dict[tuple[str, str], str | int] = field(default_factory=dict)
    keys: dict[str, Sequence[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    programs: frozenset[str] = frozenset()
    answers: dict[str, str] = field(default_factory=dict)
    read_only: frozenset[str] = frozenset()
    free: int | None = 10**11
    held: str | None = None
    sheet_names: Sequence[str] = ()
    waiting: Sequence[str] = ()
    macros: dict[str, str] = field(default_factory=dict)
    other_version: str | None = None
    lost: int | None = None

    def environment(self, name: str) -> str | None:
        return self.variables.get(name)

    def requirements(self) -> Sequence[str]:
        return self.required

    def package_version(self, package: str) -> str | None:
        return self.packages.get(package)

    def has_module(self, module: str) -> bool:
        return module in self.modules

    def has_avx2(self) -> bool | None:
        return self.avx2

    def registry(self, key: str, name: str = "") -> str | int | None:
        return self.values.get((key, name))

    def registry_keys(self, key: str) -> Sequence[str]:
        return self.keys.get(key, ())

    def exists(self, path: Path) -> bool:
        return str(path) in self.files

    def text(self, path: Path) -> str | None:
        return self.files.get(str(path))

    def program(self, name: str) -> Path | None:
        return Path("/usr/bin") / name if name in self.programs else None

    def told_by(self, *command: str) -> str | None:
        return self.answers.get(Path(command[0]).name)

    def can_write(self, folder: Path) -> bool:
        return str(folder) not in self.read_only

    def free_bytes(self, folder: Path) -> int | None:  # noqa: ARG002 - the shape of Machine
        return self.free

    def macro(self, book: Path, module: str) -> str | None:  # noqa: ARG002 - the shape of Machine
        return self.macros.get(module)

    def offer(self, book: Path) -> str | None:  # noqa: ARG002 - the shape of Machine
        return self.other_version

    def flaw(self, book: Path) -> str | None:  # noqa: ARG002 - the shape of Machine
        return None

    def place_waiting_files(self, book: Path) -> Sequence[str]:  # noqa: ARG002 - the shape of Machine
        return self.waiting

    def lost_buttons(self, book: Path) -> int | None:  # noqa: ARG002 - the shape of Machine
        return self.lost

    def sheets(self, book: Path) -> Sequence[str]:  # noqa: ARG002 - the shape of Machine
        return self.sheet_names

    def holder(self, book: Path) -> str | None:  # noqa: ARG002 - the shape of Machine
        return self.held
