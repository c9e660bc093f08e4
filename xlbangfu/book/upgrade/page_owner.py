"""Whether the old front page 控制台 holds nothing but what the program put there."""

from __future__ import annotations

import re

from xlbangfu.book.page_digest import digest
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.relations import Relation
from xlbangfu.book.upgrade.button_shapes import is_picture
from xlbangfu.late_pattern import late_pattern
from xlbangfu.schema import CONSOLE

# The digests of the front pages of workbooks that do not say themselves what theirs was like: 0.1.0 (twice) and 0.2.0.
UNSTAMPED_PAGES = frozenset({"350da0ed7dc1", "c2a2db113600", "4c90b7e9ba9e"})
_OURS = {"drawing", "vmlDrawing", "ctrlProp", "printerSettings"}
_MACRO = late_pattern(rb"""<x:FmlaMacro>([^<]*)</x:FmlaMacro>|\smacro=["']([^"']+)["']""")
_ANCHOR = late_pattern(
    rb"<xdr:(?:twoCell|oneCell|absolute)Anchor\b.*?</xdr:(?:twoCell|oneCell|absolute)Anchor>", re.DOTALL
)
_CELLS_OF_CHART = late_pattern(rb"<c:f>([^<]*)</c:f>")


def is_untouched(draft: Draft, stamped: str) -> bool:
    """Whether the old page holds nothing but what the program put there; ``stamped`` is its digest as it was made."""
    part = draft.package.sheets[CONSOLE.name].path
    found = digest(draft.package)
    if found != stamped and found not in UNSTAMPED_PAGES:
        return False
    return all(_is_ours(draft, relation) for relation in draft.relations(part))


def _is_ours(draft: Draft, relation: Relation) -> bool:
    if relation.external or relation.kind not in _OURS:
        return False
    content = draft.read(relation.path)
    if relation.kind == "drawing":
        return all(_is_our_chart(draft, relation.path, anchor) for anchor in _ANCHOR.findall(content))
    if relation.kind == "printerSettings":
        return True
    macros = [(one or other).decode(errors="replace") for one, other in _MACRO.findall(content)]
    shapes = len(re.findall(rb"<v:shape\s", content))
    return len(macros) >= shapes and all("Bangfu_" in macro for macro in macros)


def _is_our_chart(draft: Draft, drawing: str, anchor: bytes) -> bool:
    """A chart of the numbers on the page itself, or the picture of one of its buttons."""
    if is_picture(anchor):
        return True
    wanted = re.findall(rb'<c:chart\s[^>]*?r:id="([^"]*)"', anchor)
    paths = [relation.path for relation in draft.relations(drawing) if relation.identity.encode() in wanted]
    cells = [cell for path in paths for cell in _CELLS_OF_CHART.findall(draft.read(path))]
    return bool(cells) and all(cell.decode().replace("'", "").startswith(f"{CONSOLE.name}!") for cell in cells)
