"""The papers that there are, in the order of a school year. A new one is a module with a ``Paper``, and its line here."""

from __future__ import annotations

from xlbangfu.documents.papers.briefing import BRIEFING
from xlbangfu.documents.papers.paper import Paper

PAPERS: tuple[Paper, ...] = (BRIEFING,)
BY_NAME: dict[str, Paper] = {paper.name: paper for paper in PAPERS}
