"""One step of the setup: what it did, or why it could not and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """``said`` is one Chinese sentence; ``done`` is False where the step did not work."""

    name: str
    said: str
    done: bool = True

    @property
    def line(self) -> str:
        return f"{'√' if self.done else '×'} {self.name}：{self.said}"
