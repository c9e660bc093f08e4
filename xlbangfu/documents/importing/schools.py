"""Files of a joint exam hold several schools: only the rows of ours are looked at; which it is, is asked once."""

from __future__ import annotations

from msgspec.structs import replace

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.questions import LEAVE_OUT, SCHOOL, Ask, Question

_HEADINGS = frozenset({"学校", "学校名称", "所在学校"})
_OFFERED = 11


def ours(draft: Draft, block: Block) -> Block:
    """The block with the records of our school only; none while it is asked which that is."""
    column = next((column for column in block.columns if words.bare(column.typed) in _HEADINGS), None)
    named = [words.text(cell) if cell is not None else "" for cell in block.cells(column)]
    schools = list(dict.fromkeys(filter(None, named)))
    if len(schools) < 2:
        return block
    own = words.text(draft.school.settings.school)
    answer = own if own in schools else _ask(draft, block, schools)
    rows = [row for row, name in zip(block.records, named, strict=True) if name == answer]
    draft.lines.append(
        f"{block.title}：有 {len(schools)} 所学校，只看“{answer or '还没有回答是哪一所'}”的 {len(rows)} 行。"
    )
    return replace(block, records=tuple(rows))


def _ask(draft: Draft, block: Block, schools: list[str]) -> str | None:
    return draft.answers.ask(
        Question(
            ask=Ask.CONTENT,
            file=block.grid.file,
            sheet=block.grid.sheet,
            about="哪一所是本校",
            sample=tuple(schools[:3]),
            thought=f"文件里有 {len(schools)} 所学校，没有一所叫“{draft.school.settings.school}”",
            choices=(*schools[:_OFFERED], LEAVE_OUT),
            free=True,
            shape=SCHOOL,
        )
    )
