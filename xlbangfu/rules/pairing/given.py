"""What one kind of pairing comes to: the rows to propose, who got nobody, and how the loads lie."""

from __future__ import annotations

import numpy as np
import polars as pl
from msgspec import Struct

from xlbangfu.rules.pairing.assignment import NOBODY, Whole


class Given(Struct, frozen=True):
    """``rows`` are rows of 结对建议, ``left`` the students or classes without; ``load``, ``limit``: a number a teacher."""

    rows: pl.DataFrame
    left: pl.DataFrame
    load: Whole
    limit: Whole
    chosen: Whole  # the place of the teacher of each student or class, or NOBODY

    @property
    def after(self) -> Whole:
        """The loads when all is accepted."""
        mine = self.chosen[self.chosen != NOBODY]
        return self.load + np.bincount(mine, minlength=len(self.load))

    def limit_that_covers(self, own: pl.Series) -> int | None:
        """The lowest usual limit at which everyone would be covered; None if it cannot be by that.

        ``own`` is each teacher's 帮扶上限, null where the usual limit holds.
        """
        wanted = len(self.chosen)
        usual = own.is_null().to_numpy()
        if not usual.any():
            return None
        fixed = int(np.maximum(self.limit - self.load, 0)[~usual].sum())
        limit = int(self.limit[usual].max())
        while fixed + int(np.maximum(limit - self.load[usual], 0).sum()) < wanted:
            limit += 1
        return limit
