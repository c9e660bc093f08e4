"""The one place that imports ``uno``, and the small words of it that the engine uses.

UNO objects are typed ``Any`` throughout: their interfaces are only known at run time.
"""

import builtins
import sys
from collections.abc import Mapping
from typing import Any

DEBIAN_PACKAGES = "/usr/lib/python3/dist-packages"  # where the package python3-uno puts it


def _import_uno() -> Any:
    """Import uno and take its hook off again: it would slow every later import of the program."""
    plain_import = builtins.__import__
    try:
        import uno
    except ImportError:
        sys.path.append(DEBIAN_PACKAGES)
        try:
            import uno
        finally:
            sys.path.remove(DEBIAN_PACKAGES)
    finally:
        builtins.__import__ = plain_import
    return uno


uno = _import_uno()

UnoException: type[Exception] = uno.getClass("com.sun.star.uno.Exception")
UnoRuntimeException: type[Exception] = uno.getClass("com.sun.star.uno.RuntimeException")
Disposed: type[Exception] = uno.getClass("com.sun.star.lang.DisposedException")
NoConnection: type[Exception] = uno.getClass("com.sun.star.connection.NoConnectException")
IllegalArgument: type[Exception] = uno.getClass("com.sun.star.lang.IllegalArgumentException")


def struct(name: str, **fields: Any) -> Any:
    made = uno.createUnoStruct(f"com.sun.star.{name}")
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def enum(kind: str, value: str) -> Any:
    return uno.Enum(f"com.sun.star.{kind}", value)


def properties(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """A media descriptor; what is None is left out."""
    return tuple(
        struct("beans.PropertyValue", Name=name, Value=value) for name, value in values.items() if value is not None
    )


def property_sequence(values: Mapping[str, Any]) -> Any:
    """Properties inside a property need their type spelt out."""
    return uno.Any("[]com.sun.star.beans.PropertyValue", properties(values))


def call_typed(uno_object: Any, method: str, *arguments: Any) -> Any:
    """A call whose arguments have their types spelt out, as those of ``property_sequence`` do."""
    return uno.invoke(uno_object, method, arguments)


def is_mixed(uno_object: Any, name: str) -> bool:
    """Whether the cells of a range differ in a property."""
    return bool(uno_object.getPropertyState(name).value == "AMBIGUOUS_VALUE")


def file_url(path: str) -> str:
    return str(uno.systemPathToFileUrl(path))


def file_path(url: str) -> str:
    return str(uno.fileUrlToSystemPath(url))
