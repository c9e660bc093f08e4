"""Page numbers as GB/T 9704 has them: 四号, between short dashes, one character in from the right on odd pages and from the
left on even ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

if TYPE_CHECKING:
    from docx.document import Document

_FIELD = '<w:fldSimple {ns} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def number_pages(paper: Document) -> None:
    paper.settings.odd_and_even_pages_header_footer = True
    section = paper.sections[0]
    _number(section.footer, "right")
    _number(section.even_page_footer, "left")


def _number(footer: Any, side: str) -> None:
    paragraph = footer.paragraphs[0]
    paragraph.style = "文书页码"
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:ind {nsdecls("w")} w:{side}Chars="100" w:{side}="280"/>'))
    properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{side}"/>'))
    paragraph.add_run("— ")
    paragraph._p.append(parse_xml(_FIELD.replace("{ns}", nsdecls("w"))))
    paragraph.add_run(" —")
