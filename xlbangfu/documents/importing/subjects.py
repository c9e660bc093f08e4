"""Subjects and full marks that files of marks tell of, known before any mark is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.accounts import Paper
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.profiles import Profile
from xlbangfu.documents.importing.questions import LEAVE_OUT, Ask, Question
from xlbangfu.schema import SUBJECTS, YES

_SHARES = {
    "优秀线": 0.85,
    "及格线": 0.6,
    "低分线": 0.4,
}  # of the full mark, for a subject that the school does not have
_USUAL_FULL = (100, 120, 150, 50, 60, 70, 80, 90, 110, 160, 200, 240, 260, 300)
_OFFERED = 5


def full_marks(draft: Draft, grade: str = "") -> dict[str, float]:
    """The full mark of each subject in a 年级: its own, else the one for all, else the largest."""
    known = draft.rows(SUBJECTS).drop_nulls(["科目", "满分"])
    largest = dict(known.group_by("科目").agg(pl.col("满分").max()).iter_rows())
    for_all = dict(known.filter(pl.col("年级").is_null()).select("科目", "满分").iter_rows())
    for changed in draft.amended.get(SUBJECTS, []):
        for_all |= dict(changed.filter(pl.col("年级").is_null()).select("科目", "满分").iter_rows())
        largest |= dict(changed.select("科目", "满分").iter_rows())
    own = dict(known.filter(pl.col("年级") == grade).select("科目", "满分").iter_rows()) if grade else {}
    return {**largest, **for_all, **own}


def learn(draft: Draft, sheets: Iterable[tuple[Block, list[Paper]]]) -> None:
    """Append the subjects that the school lacks where they are usual and some file says their full mark; ask for the
    others, and where a heading says another full mark than 科目."""
    known = full_marks(draft)
    every = [(block, paper) for block, papers in sheets for paper in papers if paper.subject]
    said = {paper.subject: full for block, paper in reversed(every) if (full := _full_in_heading(block, paper))}
    for block, paper in every:
        if paper.subject in known:
            continue
        full = said.get(paper.subject)
        if full and words.is_usual_subject(paper.subject):
            _add(draft, block, paper.subject, full)
            known[paper.subject] = full
        elif answer := _ask_new(draft, block, paper, full):
            _add(draft, block, paper.subject, answer)
            known[paper.subject] = answer


def takes(draft: Draft, block: Block, paper: Paper) -> bool:
    """Whether the marks of a paper may be taken: its subject has a full mark, and the heading says no other one."""
    known = full_marks(draft)
    limit = known.get(paper.subject)
    if limit is None:
        return False
    said = _full_in_heading(block, paper)
    if not said or said == limit or said in set(draft.rows(SUBJECTS).filter(pl.col("科目") == paper.subject)["满分"]):
        return True
    thought = f"文件里满分写的是 {said:g}，“科目”表里是 {limit:g}"
    return ask_full(draft, block, paper, limit, said=said, thought=thought) is not None


def ask_full(draft: Draft, block: Block, paper: Paper, limit: float, *, said: float, thought: str) -> float | None:
    """Ask what the full mark of a subject is; 科目 is changed by the answer. None while it is asked, or not imported."""
    change = f"“科目”表改成满分 {said:g}"
    stay = f"仍是 {limit:g}，超过的不导入"
    question = Question(
        ask=Ask.FULL_MARK,
        file=block.grid.file,
        sheet=block.grid.sheet,
        about=paper.subject,
        sample=Profile(paper.cells(block)).sample,
        thought=thought,
        choices=(change, stay, LEAVE_OUT),
        free=True,
        key=f"{block.grid.file} 满分",
    )
    answer = draft.answers.ask(question)
    if not answer or answer == LEAVE_OUT:
        return None
    if answer == stay:
        return limit
    number = re.search(r"(\d+(?:\.\d+)?)", answer.replace("“科目”表", ""))
    if number is None:
        draft.answers.doubt(question, f"“{answer}”里没有满分的数字")
        return None
    _change(draft, paper.subject, float(number[1]), limit)
    return float(number[1])


def _full_in_heading(block: Block, paper: Paper) -> float | None:
    return paper.column.full or block.full.get(paper.column.place)


def _ask_new(draft: Draft, block: Block, paper: Paper, full: float | None) -> float | None:
    """Ask for the full mark of a subject that the school does not have yet, or whether there is such a subject."""
    sample = Profile(paper.cells(block))
    best = max(sample.numbers, default=0)
    likely = [full] if full else [number for number in _USUAL_FULL if number >= best][:_OFFERED]
    usual = words.is_usual_subject(paper.subject)
    answer = draft.answers.ask(
        Question(
            ask=Ask.FULL_MARK if usual else Ask.SUBJECT,
            file=block.grid.file,
            sheet=block.grid.sheet,
            about=paper.subject,
            sample=sample.sample,
            thought="“科目”表里没有这一科" + (f"，文件里满分是 {full:g}" if full else "，文件里没有写满分"),
            choices=(*(f"新科目，满分 {number:g}" for number in likely), LEAVE_OUT),
            free=True,
            key=f"科目 {paper.subject}",
        )
    )
    number = re.search(r"\d+(?:\.\d+)?", answer or "")
    return float(number[0]) if number else None


def _add(draft: Draft, block: Block, subject: str, full: float) -> None:
    lines = {name: full * share for name, share in _SHARES.items()}
    row = {"科目": subject, "满分": full, **lines, "计入总分": YES}
    draft.append(SUBJECTS, pl.DataFrame([{n: row.get(n) for n in SUBJECTS.names}], schema=SUBJECTS.frame_schema))
    draft.lines.append(f"{block.title}：“科目”表新增 {subject}，满分 {full:g}，分数线按 85%、60%、40% 先写上，请核对。")


def _change(draft: Draft, subject: str, full: float, limit: float) -> None:
    """The subject's full mark and its lines, in proportion, where they are those of the old full mark."""
    rows = draft.school[SUBJECTS].filter(pl.col("科目") == subject, pl.col("满分") == limit)
    scaled = [(pl.col(name) * full / limit).round(1).alias(name) for name in ("优秀线", "及格线", "低分线")]
    changed = rows.select("年级", "科目", pl.lit(full).alias("满分"), *scaled)
    if any(frame.equals(changed) for frame in draft.amended.get(SUBJECTS, [])):
        return
    draft.amend(SUBJECTS, changed)
    draft.lines.append(f"“科目”表 {subject} 的满分从 {limit:g} 改成 {full:g}，分数线按比例改，请核对。")
