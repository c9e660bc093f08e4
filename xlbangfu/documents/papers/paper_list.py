"""The papers that there are, in the order of a school year. A new one is a module with a ``Paper``, and its line here."""

from __future__ import annotations

from xlbangfu.documents.papers.briefing import BRIEFING
from xlbangfu.documents.papers.paper import Paper
from xlbangfu.documents.papers.work_plan import WORK_PLAN
from xlbangfu.documents.papers.work_summary import WORK_SUMMARY

PAPERS: tuple[Paper, ...] = (WORK_PLAN, BRIEFING, WORK_SUMMARY)
BY_NAME: dict[str, Paper] = {paper.name: paper for paper in PAPERS}
