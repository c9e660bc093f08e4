"""The options that the catalog declares, as arguments of argparse."""

from __future__ import annotations

from argparse import SUPPRESS, BooleanOptionalAction, Namespace
from collections.abc import Iterable
from typing import Any, Protocol

from xlbangfu.declarations import Option


class Arguments(Protocol):
    """A parser, or a group of one."""

    def add_argument(self, *names: str, **settings: Any) -> Any: ...


def add_option(arguments: Arguments, option: Option[Any]) -> None:
    """Add one flag, or one word in its place."""
    arguments.add_argument(option.flag, help=option.help, **_settings(option))


def values(options: Namespace, wanted: Iterable[Option[Any]]) -> dict[Option[Any], Any]:
    """What was typed for these options, or their defaults."""
    return {option: _value(getattr(options, option.key), option) for option in wanted}


def _value(typed: Any, option: Option[Any]) -> Any:
    return tuple(typed) if isinstance(option.default, tuple) else typed


def _settings(option: Option[Any]) -> dict[str, Any]:
    if option.counted:
        return {"action": "count", "default": option.default}
    if option.negatable:
        return {"action": BooleanOptionalAction}
    if isinstance(option.default, bool):
        return {"action": "store_true"}
    settings: dict[str, Any] = {"type": option.reads, "default": option.default}
    if option.metavar:
        settings["metavar"] = option.metavar
    if option.choices:
        settings["choices"] = option.choices
    if isinstance(option.default, tuple) and not option.flag.startswith("-"):
        return settings | ({"nargs": "+", "default": SUPPRESS} if option.required else {"nargs": "*"})
    if isinstance(option.default, tuple):
        return settings | {"action": "append", "default": [*option.default]}
    if option.flag.startswith("-"):
        return settings
    return settings | ({"default": SUPPRESS} if option.required else {"nargs": "?"})
