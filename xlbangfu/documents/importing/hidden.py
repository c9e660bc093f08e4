"""What a file hides: sheets, rows and columns that staff do not see are told, and taken only after a yes."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.profiles import first_values
from xlbangfu.documents.importing.questions import LEAVE_OUT, Ask, Question

TAKE = "导入"


def visible(draft: Draft, blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a sheet without what is hidden and was not said to be taken."""
    if not blocks:
        return []
    if blocks[0].grid.hidden and not _yes(draft, blocks[0], "隐藏的表", _names(blocks[0]), "这张表被隐藏了"):
        return []
    return [_without_columns(draft, _without_rows(draft, block)) for block in blocks]


def _without_rows(draft: Draft, block: Block) -> Block:
    rows = [row for row in block.records if row in block.grid.hidden_rows]
    if not rows or _yes(
        draft, block, f"隐藏的 {len(rows)} 行", tuple(f"第 {row + 1} 行" for row in rows[:3]), "这些行被隐藏或筛掉了"
    ):
        return block
    return replace(block, records=tuple(row for row in block.records if row not in rows))


def _without_columns(draft: Draft, block: Block) -> Block:
    """A hidden column of marks is asked; one of a person is read as if it was seen."""
    hidden = [column for column in block.columns if column.place in block.grid.hidden_columns and not column.meaning]
    marks = [column for column in hidden if column.subject and any(cell is not None for cell in block.cells(column))]
    if not marks or _yes(draft, block, "隐藏的列", tuple(column.typed for column in marks[:3]), "这些列被隐藏了"):
        return block
    return replace(block, columns=tuple(column for column in block.columns if column not in hidden))


def _names(block: Block) -> tuple[str, ...]:
    return first_values(block.cells(block.column(words.NAME)))


def _yes(draft: Draft, block: Block, about: str, sample: tuple[str, ...], thought: str) -> bool:
    answer = draft.answers.ask(
        Question(
            ask=Ask.HIDDEN,
            file=block.grid.file,
            sheet=block.grid.sheet,
            about=about,
            sample=sample,
            thought=f"{thought}；没有回答以前不导入",
            choices=(TAKE, LEAVE_OUT),
        )
    )
    return answer == TAKE
