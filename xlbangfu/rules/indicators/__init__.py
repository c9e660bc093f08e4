"""The figures of a school for the bureau (DOMAIN rule 14): what is counted, by whom it is split, what is not given.

``indicators`` declares them, ``school_figures`` counts them, ``small_cells`` says which numbers of a table by 特殊群体 would tell
of single children, ``contradictions`` what cannot be.
"""

from xlbangfu.rules.indicators.contradictions import contradictions
from xlbangfu.rules.indicators.indicators import (
    FIGURES,
    GIVEN,
    GROUPS,
    HIDDEN,
    INDICATORS,
    NO_TABLE,
    NOT_FILLED,
    WHOLE,
    Indicator,
)
from xlbangfu.rules.indicators.return_figures import return_figures
from xlbangfu.rules.indicators.school_figures import SchoolFigures, school_figures

__all__ = [
    "FIGURES",
    "GIVEN",
    "GROUPS",
    "HIDDEN",
    "INDICATORS",
    "NOT_FILLED",
    "NO_TABLE",
    "WHOLE",
    "Indicator",
    "SchoolFigures",
    "contradictions",
    "return_figures",
    "school_figures",
]
