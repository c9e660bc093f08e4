"""Import of the files that a school has already: rosters, teachers, classes, marks (DOMAIN rule 13).

Nothing is written here: the plan says what would be written and what is asked, and staff may look at it first. Reading the
same file twice changes nothing; what stands in the master is never overwritten, a difference is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from xlbangfu.documents.importing import people, scores, subjects
from xlbangfu.documents.importing.accounts import Paper, account
from xlbangfu.documents.importing.columns import MARKS, Block, Content
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.grid import Grid
from xlbangfu.documents.importing.hidden import visible
from xlbangfu.documents.importing.import_plan import ImportPlan
from xlbangfu.documents.importing.mark_ledger import Ledger
from xlbangfu.documents.importing.questions import Answers
from xlbangfu.documents.importing.reading import read_file
from xlbangfu.documents.importing.recognition import recognise
from xlbangfu.documents.importing.schools import ours
from xlbangfu.errors import UnreadableFile
from xlbangfu.rules.school import School
from xlbangfu.schema import DEFECTS, SCORES

__all__ = ["Answers", "ImportPlan", "plan_import"]

_BEFORE_MARKS = (Content.TEACHERS, Content.CLASSES, Content.ROSTER, Content.TEACHING)


def plan_import(
    paths: Sequence[Path], school: School, *, exam: str | None = None, answers: Answers | None = None
) -> ImportPlan:
    """Plan the import of files into a school; ``exam`` is the 考试编号 of all marks in them, existing or new, ``answers`` what
    staff said of them, now or before.

    The files may come in any order: teachers, classes and rosters are looked at before marks. Raises UnreadableFile where
    every file is no table, and BadArgument where ``exam`` is given for a sheet with several exams.
    """
    draft = Draft(school, answers or Answers())
    ledger = Ledger(school[SCORES], school[DEFECTS])

    grids = _grids(draft, paths)
    blocks = _blocks(draft, grids)
    for content in _BEFORE_MARKS:
        for block in blocks:
            if block.content is content:
                people.plan(draft, block)
    _plan_marks(draft, ledger, [block for block in blocks if block.content in MARKS], exam)
    return _plan(draft)


def _grids(draft: Draft, paths: Sequence[Path]) -> list[Grid]:
    """The sheets of all files; a file that cannot be read is named, and all others go on."""
    found: list[Grid] = []
    refused: list[UnreadableFile] = []
    for path in paths:
        try:
            file = read_file(path)
        except UnreadableFile as problem:
            refused.append(problem)
            draft.refuse(path.name, None, "", f"这份文件没有导入：{problem}".removesuffix("。"), "按上面说的改好再导入")
            continue
        found.extend(file.grids)
    if refused and not found:
        raise refused[0] if len(refused) == 1 else UnreadableFile("".join(map(str, refused)))
    return found


def _blocks(draft: Draft, grids: Sequence[Grid]) -> list[Block]:
    """What the sheets hold; a file in which nothing is known is refused, a sheet in which nothing is known is named."""
    found: list[Block] = []
    useful: set[str] = set()
    for grid in grids:
        every = recognise(grid, draft.subjects)
        blocks = [block for block in every if block.content is not Content.UNKNOWN]
        if not blocks and not grid.hidden:
            draft.lines.append(f"{grid.title}：没有认出表头，这张表没有导入。")
        for block in every if blocks and not grid.hidden else ():
            if block.content is Content.UNKNOWN:
                headings = "、".join(column.typed for column in block.columns if column.typed)
                draft.lines.append(
                    f"{grid.title}：第 {block.header_row} 行起的表（{headings}）没有写是谁的，没有导入。"
                )
        if blocks:
            useful.add(grid.file)
        found.extend(visible(draft, blocks))
    for file in dict.fromkeys(grid.file for grid in grids):
        if file not in useful:
            said = f"“{file}”里没有认出名册、教师、班级或成绩表，这份文件什么都没有导入"
            draft.refuse(file, None, "", said, _HEADINGS)
    if not useful:
        raise UnreadableFile(f"{'、'.join(f'“{name}”' for name in dict.fromkeys(g.file for g in grids))}{_NOTHING}")
    return found


_HEADINGS = "请让表头一行写着：名册 学号、姓名、班级；成绩 再加各科名称；班级 班级、班主任；教师 工号、姓名"
_NOTHING = f"里没有认出名册、教师、班级或成绩表，这次什么都没有写入；{_HEADINGS}。"


def _plan_marks(draft: Draft, ledger: Ledger, blocks: Sequence[Block], exam: str | None) -> None:
    sheets: list[tuple[Block, list[Paper]]] = [account(draft, ours(draft, block)) for block in blocks]
    subjects.learn(draft, [(block, scores.by_subject(draft, block, papers)) for block, papers in sheets])
    tallies = [scores.plan(draft, ledger, block, papers, exam, number) for number, (block, papers) in enumerate(sheets)]
    scores.ask_noughts(draft, ledger, tallies)
    resolved = ledger.resolve()
    scores.tell(draft, tallies, resolved)
    draft.append(SCORES, resolved.appended)
    draft.amend(SCORES, resolved.amended)
    draft.new_subjects = list(resolved.new_subjects)
    with_marks = {tally.block.grid.file for tally in tallies if tally.number in resolved.counts}
    expected = dict.fromkeys(tally.block.grid.file for tally in tallies if not tally.declined)
    draft.without_marks += [file for file in expected if file not in with_marks and file not in draft.without_marks]


def _plan(draft: Draft) -> ImportPlan:
    return ImportPlan(
        appends={table: pl.concat(frames, how="diagonal") for table, frames in draft.added.items()},
        amends={
            table: draft.named_as_typed(table, pl.concat(frames, how="diagonal"))
            for table, frames in draft.amended.items()
        },
        new_subjects=draft.new_subjects,
        lines=draft.lines,
        problems=draft.problems,
        faults=tuple(draft.faults),
        answers=draft.answers,
        without_marks=tuple(draft.without_marks),
        fills=tuple(draft.fills()),
    )
