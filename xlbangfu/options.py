"""What can be typed after a command, declared as values: the command line makes its flags of them, an action asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Option(Generic[T]):
    """One flag (``--class``), or one word in its place where ``flag`` has no dashes.

    ``default`` is what an action is told where it was not typed, and says what kind it is: a bool is there or not, a
    tuple may be typed several times, all else is followed by a value, which ``reads`` takes from what was typed.
    ``counted`` is how often it was typed, ``negatable`` has a second flag ``--no-…``; a word in its place may be left out unless it is ``required``.
    """

    flag: str
    help: str
    default: T
    metavar: str = ""
    reads: Callable[[str], Any] = str
    choices: tuple[str, ...] = ()
    negatable: bool = False
    counted: bool = False
    required: bool = False

    @property
    def key(self) -> str:
        """The name under which a parsed command line holds it.

        >>> Option(flag="--dry-run", help="", default=False).key
        'dry_run'
        """
        return self.flag.lstrip("-").replace("-", "_")
