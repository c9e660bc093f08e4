"""What all COM objects share: members are counted and may be lacking, a busy or closed program answers as Excel does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.fake_excel.programs import Application

REJECTED, UNAVAILABLE, UNKNOWN_NAME, BAD_INDEX, EXCEPTION = (
    -2147418111,
    -2147023174,
    -2147352570,
    -2147352565,
    -2147352567,
)
_REFUSED = -2146827284  # Excel's error 1004


class com_error(Exception):
    """As pywin32 raises it."""

    def __init__(self, hresult: int, strerror: str = "", excepinfo: Any = None, argerror: Any = None) -> None:
        super().__init__(hresult, strerror, excepinfo, argerror)
        self.hresult, self.strerror, self.excepinfo, self.argerror = hresult, strerror, excepinfo, argerror


def refusal(text: str) -> com_error:
    """What Excel answers where it does not do what was asked."""
    return com_error(EXCEPTION, "发生意外。", (0, "Microsoft Excel", text, "xlmain11.chm", 0, _REFUSED), None)


class _Unnamed:
    """The IDispatch behind an object; pywin32 asks it for members that are not there."""

    def GetIDsOfNames(self, *_: object) -> None:
        raise com_error(UNKNOWN_NAME, "未知名称。")


class Com:
    """An object of the program. Names that begin with a capital are its members, all others are the fake's own."""

    _oleobj_ = _Unnamed()
    app: Application

    def __getattribute__(self, name: str) -> Any:
        if name[:1].isupper():
            object.__getattribute__(self, "app").answer(type(self).__name__, name)
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:1].isupper():
            self.app.answer(type(self).__name__, name)
            if not hasattr(type(self), name):
                raise AttributeError(f"Property '<unknown>.{name}' can not be set.")
        object.__setattr__(self, name, value)


def bare(value: Any) -> Any:
    """The object in xlwings's wrapper, else what it is."""
    return getattr(value, "_inner", value)
