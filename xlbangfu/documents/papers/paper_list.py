"""The papers that there are, in the order of a school year. A new one is a module with a ``Paper``, and its line here."""

from __future__ import annotations

from xlbangfu.documents.papers.award import AWARD_PAPER
from xlbangfu.documents.papers.briefing import BRIEFING
from xlbangfu.documents.papers.dropout_report import DROPOUT_REPORT
from xlbangfu.documents.papers.inspection_list import INSPECTION_LIST
from xlbangfu.documents.papers.paper import Paper
from xlbangfu.documents.papers.student_plan import STUDENT_PLAN
from xlbangfu.documents.papers.turned_case import TURNED_CASE
from xlbangfu.documents.papers.work_plan import WORK_PLAN
from xlbangfu.documents.papers.work_summary import WORK_SUMMARY

PAPERS: tuple[Paper, ...] = (
    WORK_PLAN,
    STUDENT_PLAN,
    BRIEFING,
    DROPOUT_REPORT,
    AWARD_PAPER,
    WORK_SUMMARY,
    TURNED_CASE,
    INSPECTION_LIST,
)
BY_NAME: dict[str, Paper] = {paper.name: paper for paper in PAPERS}
