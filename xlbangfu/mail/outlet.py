"""The small protocol behind which all ways out are alike: hand one mail over, say what became of it."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from xlbangfu.errors import BangfuError
from xlbangfu.mail.ledger import FAILED, SENT, UNKNOWN, WAITING, Entry

LATER, STOP = "稍后", "停下"


class CannotSend(BangfuError):
    """Nothing can be sent: no server, a wrong 授权码, no Outlook. The sentence says what to do."""


class Result(Struct, frozen=True):
    """What became of one mail. ``state`` is one that the ledger keeps, or LATER (not taken this time, safe to hand over
    again), or STOP (nor would any other be taken; this one was not). ``answer`` is the server's, or a sentence."""

    state: str
    answer: str

    @property
    def kept(self) -> str:
        """The state that the ledger keeps: what was not taken waits on."""
        return WAITING if self.state in (LATER, STOP) else self.state


class Outlet(Protocol):
    """One way out. Used in a ``with`` block, in which it is connected; nothing is raised while mails are handed over."""

    def deliver(self, entry: Entry, mail: bytes) -> Result:
        """Hand over one mail, ``mail`` as ``message.as_bytes`` made it."""

    def close(self) -> None:
        """Done with it."""


__all__ = ["FAILED", "LATER", "SENT", "STOP", "UNKNOWN", "CannotSend", "Outlet", "Result"]
