"""xlwings's Windows engine on this computer: pywin32's modules stand in while it is imported, and go again."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from functools import cache
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, patch

from tests.support.fake_excel.com import Com, com_error
from tests.support.fake_excel.programs import Workbook
from tests.support.fake_excel.typed import Time
from xlbangfu.book.light_xlwings import HEAVY, hidden, xlwings

SHOWN: list[str] = []
"""What was said in message boxes, oldest first; a test empties it."""
_OK = 1


def as_xlwings(book: Workbook) -> xlwings.Book:
    """An open workbook as xlwings hands it out on Windows."""
    windows = engine()
    return xlwings.Book(impl=windows.Book(xl=windows.COMRetryObjectWrapper(book)))


@cache
def engine() -> Any:
    """``xlwings._xlwindows``."""
    with _windows(), hidden(HEAVY):
        windows = import_module("xlwings._xlwindows")
    windows.__dict__["WindowsError"] = OSError  # a built-in name on Windows
    return windows


@contextmanager
def _windows() -> Iterator[None]:
    modules = {name: _module(name, members) for name, members in _MEMBERS.items()}
    modules["win32com"].__dict__["client"] = modules["win32com.client"]
    with (
        patch.dict(sys.modules, modules),
        patch.object(ctypes, "windll", MagicMock(), create=True),
        patch.object(ctypes, "oledll", MagicMock(), create=True),
        patch.object(ctypes, "PyDLL", MagicMock()),
    ):
        yield


def _module(name: str, members: dict[str, Any]) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(members)
    return module


def _message_box(_window: int, text: str, _title: str, _style: int) -> int:
    SHOWN.append(text)
    return _OK


def _find_no_window(*_: object) -> int:
    """Whatever is in front, it is not Excel."""
    raise OSError("1400")


class _Other:
    """Kinds of COM objects that the fake has none of."""


_MEMBERS: dict[str, dict[str, Any]] = {
    "pywintypes": {"com_error": com_error, "error": OSError, "TimeType": Time, "IID": str},
    "pythoncom": {"CoInitialize": lambda: None, "ole_error": com_error, "com_error": com_error, "__file__": "pythoncom"},
    "win32api": {"MessageBox": _message_box},
    "win32con": {
        "MB_OK": 0, "MB_OKCANCEL": 1, "MB_YESNOCANCEL": 3, "MB_YESNO": 4, "MB_ICONWARNING": 48, "MB_ICONINFORMATION": 64,
    },
    "win32gui": {"FindWindowEx": _find_no_window},
    "win32process": {"GetWindowThreadProcessId": lambda window: (1, window)},
    "win32timezone": {"TimeZoneInfo": SimpleNamespace(utc=lambda: UTC)},
    "win32com": {},
    "win32com.client": {
        "CDispatch": Com, "DispatchBaseClass": _Other, "CoClassBaseClass": _Other, "Dispatch": None, "DispatchEx": None,
    },
}  # fmt: skip
