"""Which pages are taken as they come, which are asked about, and which are none of this workbook's.

A page whose code fits is this workbook's. One without a code may be of a version before there were codes; one whose code
nobody here knows is of another workbook; whoever has a 口令 hands in files that it opens. Whatever is not so, staff
are asked about, once for all pages of one kind. A state of a page that was collected before brings nothing new and is not
asked about again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from enum import Enum

import polars as pl
from msgspec import Struct

from xlbangfu.documents.collect.arriving import Arrived
from xlbangfu.documents.collect.identity import Identity
from xlbangfu.documents.collect.prior import Before
from xlbangfu.documents.page_code import Origin
from xlbangfu.schema import SEPARATOR

_NAMED = 8  # pages that a question names


class Doubt(Enum):
    """Why a page is asked about, in words for staff."""

    FOREIGN = "不是这个总表做的，可能是另一份总表或上学期做的"
    NOT_REMEMBERED = "没有防伪码，也不在这个总表的“运行记录”里，可能是另一份总表或上学期做的"
    UNCODED = "没有防伪码，是 0.3.0 以前的程序做的，班级和内容有没有被人改过认不出来"
    UNLOCKED = "没有用本班或本人的口令加密，而“口令”表里有口令，不一定是本人交的"


class Editions(Struct, frozen=True, kw_only=True):
    """What 制页台账 knows: the secrets, and when pages with a code were made."""

    secrets: tuple[str, ...]
    coded: frozenset[datetime]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Editions:
        """From the frame of 制页台账."""
        return cls(
            secrets=tuple(frame["密钥"].drop_nulls()),
            coded=frozenset(moment.replace(microsecond=0) for moment in frame["制表时间"].drop_nulls()),
        )


class Asked(Struct, frozen=True, kw_only=True):
    """A page that is asked about, and why."""

    file: Arrived
    identity: Identity
    doubts: tuple[Doubt, ...]

    @property
    def named(self) -> str:
        made = f"{self.identity.made:%Y-%m-%d %H:%M} 制"
        return f"“{self.file.name}”（{self.identity.owner}，{self.identity.term}，{made}）"

    @property
    def refusal(self) -> str:
        return f"{self.named}{_why(self.doubts)}，没有收。"


def code_was_taken_off(identity: Identity, editions: Editions) -> bool:
    """Whether the page was made here with a code, by when it was made, and has none or one that nobody here knows."""
    return identity.origin is not Origin.OURS and identity.made in editions.coded


def doubts_of(identity: Identity, password: str, before: Before, passwords: Mapping[str, str]) -> tuple[Doubt, ...]:
    """What is to be asked about a page that ``password`` opened; ``passwords`` are those of 口令 by class or teacher."""
    found = []
    if identity.origin is Origin.FOREIGN:
        found.append(Doubt.FOREIGN)
    if identity.origin is Origin.UNCODED:
        found.append(Doubt.UNCODED if identity.made in before.runs else Doubt.NOT_REMEMBERED)
    if passwords.get(identity.owner, password) != password:
        found.append(Doubt.UNLOCKED)
    return tuple(found)


def refused(asked: Sequence[Asked], agrees: Callable[[str], bool]) -> list[Asked]:
    """Those that staff do not want, asked once for all pages with the same doubts."""
    kinds = dict.fromkeys(one.doubts for one in asked)
    alike = [[one for one in asked if one.doubts == doubts] for doubts in kinds]
    return [one for those in alike if not agrees(_question(those)) for one in those]


def _question(those: Collection[Asked]) -> str:
    named = SEPARATOR.join(one.named for one in list(those)[:_NAMED])
    more = f" 等 {len(those)} 份" if len(those) > _NAMED else ""
    return f"{named}{more}{_why(next(iter(those)).doubts)}。问过填表人、确是本人交来的，才收。要收回吗？"


def _why(doubts: Sequence[Doubt]) -> str:
    return "；".join(doubt.value for doubt in doubts)
