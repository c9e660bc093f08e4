"""What a check finds: one sentence, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]
SIGNS: dict[Level, str] = {"ok": "√ 正常", "warn": "! 注意", "fail": "× 不行"}


@dataclass(frozen=True)
class Finding:
    """``remedy`` may be empty only where ``level`` is ok."""

    check: str
    level: Level
    said: str
    remedy: str = ""

    @property
    def lines(self) -> list[str]:
        """As it is shown on a terminal and in the window."""
        line = f"{SIGNS[self.level]}  {self.check}：{self.said}"
        return [line, f"        怎么办：{self.remedy}"] if self.remedy else [line]


def ok(check: str, said: str, remedy: str = "") -> Finding:
    return Finding(check, "ok", said, remedy)


def warn(check: str, said: str, remedy: str) -> Finding:
    return Finding(check, "warn", said, remedy)


def fail(check: str, said: str, remedy: str) -> Finding:
    return Finding(check, "fail", said, remedy)
