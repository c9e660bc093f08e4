"""Terms in their order: 2025-2026上, 2025-2026下, 2026-2027上 …, and the days on which they usually begin and end."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from xlbangfu.late_pattern import late_pattern

AUTUMN, SPRING = HALVES = ("上", "下")
_TEXT = late_pattern(r"(20\d\d)\s*[-—–~至]\s*(20\d\d)\s*(?:学年)?\s*(?:第?([上下一二])学?期?)")
_SIGNS = {"一": AUTUMN, "二": SPRING}


class SchoolTerm(Struct, frozen=True, order=True):
    """One term; ``year`` is that in which its school year begins."""

    year: int
    half: str

    @classmethod
    def of(cls, text: str) -> SchoolTerm | None:
        """The term that a text names; None where it names none.

        >>> SchoolTerm.of("2025-2026下"), SchoolTerm.of("下学期")
        (SchoolTerm(year=2025, half='下'), None)
        """
        found = _TEXT.fullmatch(text.strip())
        if not found or int(found[2]) != int(found[1]) + 1:
            return None
        return cls(int(found[1]), _SIGNS.get(found[3], found[3]))

    @property
    def next(self) -> SchoolTerm:
        """The term after it.

        >>> SchoolTerm(2025, "下").next.text
        '2026-2027上'
        """
        return SchoolTerm(self.year, SPRING) if self.half == AUTUMN else SchoolTerm(self.year + 1, AUTUMN)

    @property
    def begins_a_year(self) -> bool:
        """Whether a school year begins with it, so that classes move up."""
        return self.half == AUTUMN

    @property
    def school_year(self) -> str:
        return f"{self.year}-{self.year + 1}"

    @property
    def text(self) -> str:
        return self.school_year + self.half

    @property
    def usual_days(self) -> tuple[date, date]:
        """The first and the last day, where the school says nothing else."""
        if self.half == AUTUMN:
            return date(self.year, 9, 1), date(self.year + 1, 1, 31)
        return date(self.year + 1, 2, 20), date(self.year + 1, 7, 15)

    def may_begin(self, day: date) -> bool:
        """Whether the term can begin on that day: 上 from August to October, 下 from January to April."""
        year, months = (self.year, (8, 9, 10)) if self.half == AUTUMN else (self.year + 1, (1, 2, 3, 4))
        return day.year == year and day.month in months
