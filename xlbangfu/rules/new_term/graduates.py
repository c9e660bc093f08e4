"""Who graduates is not left in the middle of being brought back to school."""

from __future__ import annotations

import polars as pl

from xlbangfu.errors import BadArgument
from xlbangfu.rules.people import STUDENT
from xlbangfu.schema import SEPARATOR

_SHOWN = 10


def check_graduates(still_away: pl.DataFrame, graduates: pl.Series) -> None:
    """Raise BadArgument where a row of an open case of 劝返 (with STUDENT) is of somebody among ``graduates``."""
    held = still_away.filter(pl.col(STUDENT).is_in(graduates.implode()))[STUDENT].unique(maintain_order=True)
    if held.len():
        more = f" 等 {held.len()} 名" if held.len() > _SHOWN else ""
        raise BadArgument(
            f"毕业班的学号 {SEPARATOR.join(held.head(_SHOWN))}{more}在“劝返”里还没有结果，没有做；请先写上结果（复学、转出或辍学），再做一次。"
        )
