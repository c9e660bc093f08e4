"""The Machine that this computer is."""

from __future__ import annotations

import locale
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from xlbangfu.book.safety import locks
from xlbangfu.doctor.machine import Interpreter, Platform
from xlbangfu.errors import BangfuError

_PATIENCE = 20  # seconds for a command that should answer at once
_AVX2 = 40  # PF_AVX2_INSTRUCTIONS_AVAILABLE
_INTEL = ("x86_64", "amd64")


class ThisMachine:
    """See ``machine.Machine``."""

    @property
    def platform(self) -> Platform:
        return "windows" if sys.platform == "win32" else "macos" if sys.platform == "darwin" else "linux"

    @property
    def interpreter(self) -> Interpreter:
        return Interpreter(Path(sys.executable), tuple(sys.version_info[:3]), 64 if sys.maxsize > 2**32 else 32)

    @property
    def home(self) -> Path:
        return Path.home()

    def environment(self, name: str) -> str | None:
        return os.environ.get(name)

    def requirements(self) -> Sequence[str]:
        try:
            return metadata.requires("xlbangfu") or ()
        except metadata.PackageNotFoundError:
            return ()

    def package_version(self, package: str) -> str | None:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return None

    def has_module(self, module: str) -> bool:
        return find_spec(module) is not None

    def has_avx2(self) -> bool | None:
        import platform

        if platform.machine().lower() not in _INTEL:
            return None
        if sys.platform == "win32":
            import ctypes

            return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(_AVX2))
        if sys.platform == "darwin":
            answer = self.told_by("sysctl", "-n", "machdep.cpu.leaf7_features")
        else:
            answer = self.text(Path("/proc/cpuinfo"))
        return "avx2" in answer.lower() if answer else None

    def registry(self, key: str, name: str = "") -> str | int | None:
        if sys.platform == "win32":
            with suppress(OSError), _opened(key) as opened:
                value = winreg.QueryValueEx(opened, name)[0]
                return value if isinstance(value, str | int) else None
        return None

    def registry_keys(self, key: str) -> Sequence[str]:
        if sys.platform == "win32":
            with suppress(OSError), _opened(key) as opened:
                return [winreg.EnumKey(opened, place) for place in range(winreg.QueryInfoKey(opened)[0])]
        return ()

    def exists(self, path: Path) -> bool:
        try:
            return path.exists()
        except OSError:
            return False

    def text(self, path: Path) -> str | None:
        try:
            data = path.read_bytes()
        except OSError:
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode(locale.getencoding(), errors="replace")

    def program(self, name: str) -> Path | None:
        found = shutil.which(name)
        return Path(found) if found else None

    def told_by(self, *command: str) -> str | None:
        try:
            done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.decode("utf-8", errors="replace").strip()

    def can_write(self, folder: Path) -> bool:
        try:
            with tempfile.TemporaryFile(dir=folder):
                return True
        except OSError:
            return False

    def free_bytes(self, folder: Path) -> int | None:
        try:
            return shutil.disk_usage(folder).free
        except OSError:
            return None

    def macro(self, book: Path, module: str) -> str | None:
        with suppress(ImportError):  # a missing package is told by another check
            from xlbangfu.book.macros.vba import macro_in

            return macro_in(book, module)
        return None

    def offer(self, book: Path) -> str | None:
        from xlbangfu.book.version import version_in

        version = version_in(book)
        return version.offer if version else None

    def flaw(self, book: Path) -> str | None:
        with suppress(OSError, ImportError):  # each is told by another check
            from xlbangfu.book.closed.whole_copy import whole_package

            try:
                whole_package(book.read_bytes())
            except BangfuError as problem:
                return str(problem)
        return None

    def place_waiting_files(self, book: Path) -> Sequence[str]:
        with suppress(OSError, ImportError):  # each is told by another check
            from xlbangfu.actions.waiting_files import place_waiting_files
            from xlbangfu.book.closed.closed_book import ClosedBook
            from xlbangfu.documents.placement import placements_of

            closed = ClosedBook(book)
            labels = "、".join(dict.fromkeys(placement.label for placement in placements_of(closed.path)))
            try:
                closed.check_free()
                return place_waiting_files(closed)
            except BangfuError as problem:
                return (f"上次的{labels}还没有放好：{problem}",) if labels else ()
        return ()

    def lost_buttons(self, book: Path) -> int | None:
        with suppress(BangfuError, OSError, ImportError):  # each is told by another check
            from xlbangfu.book.upgrade.button_repair import lost_buttons

            return lost_buttons(book)
        return None

    def sheets(self, book: Path) -> Sequence[str]:
        with suppress(BangfuError, OSError, ImportError):  # each is told by another check, or by whoever reads the book
            from xlbangfu.ooxml.package import Package

            return tuple(Package(book.read_bytes()).sheets)
        return ()

    def holder(self, book: Path) -> str | None:
        try:
            locks.check_free(book)
        except BangfuError as problem:
            return str(problem)
        return None


if sys.platform == "win32":
    import winreg

    def _opened(key: str) -> winreg.HKEYType:
        """A registry key for reading, of the 64-bit view."""
        root, _, rest = key.partition("\\")
        roots = {
            "HKCU": winreg.HKEY_CURRENT_USER,
            "HKLM": winreg.HKEY_LOCAL_MACHINE,
            "HKCR": winreg.HKEY_CLASSES_ROOT,
        }
        return winreg.OpenKey(roots[root], rest, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
