"""What the engine lacks says so: a NotImplementedError with a sentence, never a wrong answer."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from xlbangfu.book.light_xlwings import base_classes, xlwings

Made = TypeVar("Made", bound=type)


class OfficeError(xlwings.XlwingsError):
    """LibreOffice refused what was asked, as Excel would have (there it is a com_error)."""


def lacking(what: str) -> NotImplementedError:
    return NotImplementedError(f"{what} is not available in the LibreOffice engine.")


def _refuser(what: str) -> Callable[..., NoReturn]:
    def refuse(*_args: object, **_options: object) -> NoReturn:
        raise lacking(what)

    return refuse


def says_what_it_lacks(made: Made) -> Made:
    """Class decorator: each member that xlwings's base class leaves open raises a sentence."""
    for base in made.__mro__:
        if base.__module__ != base_classes.__name__:
            continue
        for name, member in vars(base).items():
            if getattr(made, name) is member and _is_open(member):
                setattr(made, name, _closed(f"{made.__name__}.{name}", member))
    made.__getattr__ = _unknown  # type: ignore[attr-defined]  # a class has no declared __getattr__ of its own
    return made


def _is_open(member: object) -> bool:
    function = member.fget if isinstance(member, property) else member
    code = getattr(function, "__code__", None)
    return code is not None and "NotImplementedError" in code.co_names


def _closed(what: str, member: object) -> Any:
    refuse = _refuser(what)
    return property(refuse, refuse) if isinstance(member, property) else refuse


def _unknown(self: object, name: str) -> NoReturn:
    """xlwings asks for members that its base classes do not even declare."""
    if name.startswith("_"):
        raise AttributeError(name)
    raise lacking(f"{type(self).__name__}.{name}")
