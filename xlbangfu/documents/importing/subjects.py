"""Subjects and full marks that files of marks tell of, known before any mark is read."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from xlbangfu.documents.importing.body import Sheet
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.headings import Column
from xlbangfu.schema import SUBJECTS, YES

_SHARES = {
    "优秀线": 0.85,
    "及格线": 0.6,
    "低分线": 0.4,
}  # of the full mark, for a subject that the school does not have


def full_marks(draft: Draft) -> dict[str, float]:
    """The largest full mark of each subject of the school."""
    known = draft.rows(SUBJECTS).drop_nulls(["科目", "满分"])
    return dict(known.group_by("科目").agg(pl.col("满分").max()).iter_rows())


def learn(draft: Draft, sheets: Iterable[Sheet]) -> None:
    """Append the subjects that the school lacks, where some file says their full mark; else ask for it, once."""
    known = full_marks(draft)
    lacking: dict[str, tuple[Sheet, Column]] = {}
    for sheet in sheets:
        for column in sheet.header.marks:
            said = column.full or sheet.body.full.get(column.place)
            if said and column.subject not in known:
                known[column.subject] = said
                _add(draft, sheet, column.subject, said)
            elif said and said != known[column.subject]:
                what = f"{column.subject}在文件里满分 {said:g}，“科目”表里是 {known[column.subject]:g}"
                remedy = "核对是不是同一种试卷，要改就改“科目”表"
                draft.warn(sheet.title, sheet.header_row, column.typed, what, remedy)
            elif not said:
                lacking.setdefault(column.subject, (sheet, column))
    for subject, (sheet, column) in lacking.items():
        if subject not in known:
            what = f"“科目”表没有 {subject}，分数先照样导入，但不会计算"
            draft.warn(sheet.title, sheet.header_row, column.typed, what, f"在“科目”表加上 {subject} 的满分和分数线")


def _add(draft: Draft, sheet: Sheet, subject: str, full: float) -> None:
    lines = {name: full * share for name, share in _SHARES.items()}
    row = {"科目": subject, "满分": full, **lines, "计入总分": YES}
    draft.append(SUBJECTS, pl.DataFrame([{n: row.get(n) for n in SUBJECTS.names}], schema=SUBJECTS.frame_schema))
    draft.lines.append(f"{sheet.title}：“科目”表新增 {subject}，满分 {full:g}，分数线按 85%、60%、40% 先写上，请核对。")
