"""Regular expressions of modules, compiled when they are first used: a command imports hundreds and uses some."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _LatePattern:
    def __init__(self, pattern: Any, flags: int) -> None:
        self._asked = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._asked), name)
        setattr(self, name, found)  # asked for again it is there, as fast as of a pattern itself
        return found


def late_pattern(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """``re.compile``, of which only attributes are used: no function of ``re`` takes the answer as its pattern.

    >>> late_pattern("[0-9]+").findall("a1b23")
    ['1', '23']
    """
    return cast("re.Pattern[AnyStr]", _LatePattern(pattern, flags))
