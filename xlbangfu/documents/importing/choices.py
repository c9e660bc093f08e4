"""选科: which subjects of 高中 a student has chosen, from 选科组合 or from the dashes under those not chosen (DOMAIN rule 2)."""

from __future__ import annotations

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block, Column
from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.numerals import half_width

OPTIONAL = ("物理", "历史", "化学", "生物", "政治", "地理")
_SIGNS = {
    "物": "物理",
    "理": "物理",
    "化": "化学",
    "生": "生物",
    "政": "政治",
    "史": "历史",
    "历": "历史",
    "地": "地理",
}
_SIGNS |= {"技": "技术"}
_NAMES = late_pattern("思想政治|物理|化学|生物学|生物|政治|历史|地理|信息技术|通用技术|技术|[物理化生政史历地技]")
_REST = late_pattern("[-+/、,，;；·|和与方向类组合选科]*")


def chosen_subjects(text: str, known: frozenset[str]) -> list[str] | None:
    """The subjects that a 选科组合 names, as the school calls them; [] for none, None where it cannot be read.

    >>> chosen_subjects("物化生", frozenset()), chosen_subjects("历史+政治+地理", frozenset()), chosen_subjects("-", frozenset())
    (['物理', '化学', '生物'], ['历史', '政治', '地理'], [])
    >>> chosen_subjects("艺术班", frozenset()) is None
    True
    """
    plain = half_width(text)
    found = _NAMES.findall(plain)
    if _REST.fullmatch(_NAMES.sub("", plain)) is None:
        return None
    named = [_SIGNS.get(name, name) for name in found]
    return list(dict.fromkeys(words.subject(name, known) or name for name in named))


def choice_columns(block: Block) -> list[Column]:
    """The columns that say 选科: 选科组合, else 首选科目 with the 再选科目 beside it; of one of these alone nothing is known."""
    if whole := block.column(words.CHOSEN):
        return [whole]
    parts = [one for one in block.columns if one.meaning in (words.FIRST_CHOICE, words.OTHER_CHOICES)]
    return parts if len({one.meaning for one in parts}) > 1 else []


def choice_texts(block: Block) -> list[str | None]:
    """What each record says of 选科; None where one of its columns is blank."""
    rows = zip(*map(block.cells, choice_columns(block)), strict=True)
    texts = [[words.text(cell) if cell is not None else "" for cell in cells] for cells in rows]
    return ["+".join(parts) if all(parts) else None for parts in texts] or [None] * len(block.records)
