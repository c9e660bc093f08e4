"""How evenly the students are spread over the teachers on duty."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from xlbangfu.rules.pairing.assignment import Whole


class Balance(Struct, frozen=True):
    """Students each teacher has one to one, ``before`` and ``after`` all is accepted."""

    before: Whole
    after: Whole

    @property
    def sentence(self) -> str:
        """Least, median and most, for staff; empty of a school without teachers."""
        if not len(self.before):
            return ""
        return f"每位在岗教师一对一的学生：现在{_spread(self.before)}；全部采纳后{_spread(self.after)}。"


def _spread(loads: Whole) -> str:
    return f"最少 {loads.min()}、居中 {np.median(loads):g}、最多 {loads.max()}"
