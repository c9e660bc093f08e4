"""The class figures of a page: one mean and three shares a subject, the class beside its 年级, for the last two exams.

Highest and lowest marks stay inside: they are single students' results. The class's place among the classes is shown
only where ranks may be. A mean is rounded as it is shown, so that a difference is that of the figures beside it.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.documents.class_page.page import BY_RANK, ExamFigures, FigureRow
from xlbangfu.documents.privacy import neutral
from xlbangfu.rules.numbers import half_up
from xlbangfu.rules.school import School

LAST = 2
_SHOWN = ("平均分", "优秀率", "及格率", "低分率")


def class_results(
    school: School, known: pl.DataFrame, figures: pl.DataFrame, classes: list[str]
) -> dict[str, tuple[ExamFigures, ...]]:
    """By class, the latest exam first; ``known`` is the frame of ``progress.ranking_exams``."""
    public_name, ranked = school.settings.public_name, school.settings.shown_ranks == BY_RANK
    found: dict[str, dict[str, list[FigureRow]]] = {}
    for class_name, exam, day, subject, expected, sat, place, *means in _rows(known, figures, classes).iter_rows():
        title = f"{neutral(exam, public_name)}（{day}）"
        found.setdefault(class_name, {}).setdefault(title, []).append(
            FigureRow(
                subject=subject,
                expected=expected,
                sat=sat,
                own=(means[0], means[1], means[2], means[3]),
                grade=(means[4], means[5], means[6], means[7]),
                place=place if ranked else None,
            )
        )
    return {
        class_name: tuple(ExamFigures(title=title, rows=tuple(lines)) for title, lines in exams.items())
        for class_name, exams in found.items()
    }


def _rows(known: pl.DataFrame, figures: pl.DataFrame, classes: list[str]) -> pl.DataFrame:
    """班级, 名称, 日期, 科目, 应考, 实考, 年级排名, then the class's four figures and its 年级's."""
    rounded = figures.with_columns(half_up(pl.col("平均分"), 1))
    by_exam = rounded.join(known, on="考试编号", maintain_order="left")
    of_grade = by_exam.filter(pl.col("班级").is_null()).select(
        "考试编号", "年级", "科目", *(pl.col(name).alias("年级" + name) for name in _SHOWN)
    )
    return (
        by_exam.filter(pl.col("班级").is_in(classes))
        .filter(pl.col("_at").rank("dense", descending=True).over("班级") <= LAST)
        .join(of_grade, on=["考试编号", "年级", "科目"], how="left", maintain_order="left")
        .sort("_at", descending=True, maintain_order=True)
        .select(
            "班级", "名称", "日期", "科目", "应考", "实考", "年级排名", *_SHOWN, *("年级" + name for name in _SHOWN)
        )
    )
