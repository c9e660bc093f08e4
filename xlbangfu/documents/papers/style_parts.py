"""The XML of styles, fonts and the grid, for which python-docx has no words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from xlbangfu.documents.papers.paper_styles import (
    BODY_FACE,
    CLOSER,
    DIGITS,
    LINES,
    OTHER_NAMES,
    TEXT_HEIGHT,
    THIRD,
    Look,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.text.paragraph import Paragraph

_MM = 72 / 25.4 * 20  # twips in a millimetre
_KEPT = ("Normal", "Default Paragraph Font", "Normal Table", "No List")
_EFFECTS = "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"


def clear(paper: Document) -> None:
    """Take away the styles that the empty document came with, and the parts that only they need; 仿宋三号 is the default."""
    part: Any = paper.part
    for key, link in list(part.rels.items()):
        if link.reltype == _EFFECTS or link.reltype == RELATIONSHIP_TYPE.NUMBERING:
            del part.rels[key]
    package: Any = part.package
    for key, link in list(package.rels.items()):
        if link.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]
    sheet = paper.styles.element
    for style in list(sheet.style_lst):
        if style.name_val not in _KEPT:
            sheet.remove(style)
    normal = sheet.find(f'{qn("w:style")}[@{qn("w:styleId")}="Normal"]')
    for child in list(normal):
        if child.tag in (qn("w:rPr"), qn("w:pPr")):
            normal.remove(child)
    defaults = sheet.find(qn("w:docDefaults"))
    sheet.replace(defaults, parse_xml(_defaults()))


def put_style(paper: Document, name: str, look: Look) -> None:
    paper.styles.element.append(parse_xml(_style(name, look)))


def in_style(paragraph: Paragraph, name: str) -> Paragraph:
    """The paragraph in a style of ``put_style``, whose id is its name: python-docx would look through all styles for it."""
    paragraph._p.style = name
    return paragraph


def declare_faces(paper: Document) -> None:
    """What a computer takes where it lacks a face."""
    for link in paper.part.rels.values():
        if link.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            faces = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
                for name, other in OTHER_NAMES.items()
            )
            part: Any = link.target_part
            part._blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{faces}</w:fonts>'.encode()


def put_grid(section: Section) -> None:
    """22 lines, on the text area of the standard."""
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    pitch = int(TEXT_HEIGHT * _MM / LINES)
    section._sectPr.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{pitch}"/>'))


def _defaults() -> str:
    faces = f'w:ascii="{DIGITS}" w:hAnsi="{DIGITS}" w:eastAsia="{BODY_FACE}" w:cs="{DIGITS}"'
    return (
        f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr><w:rFonts {faces}/><w:kern w:val="2"/>'
        f'<w:sz w:val="{int(THIRD * 2)}"/><w:szCs w:val="{int(THIRD * 2)}"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )


def _style(name: str, look: Look) -> str:
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{_paragraph(look)}</w:pPr><w:rPr>{_letters(look)}</w:rPr></w:style>'
    )


def _paragraph(look: Look) -> str:
    """In the order of the schema."""
    kept = "<w:keepNext/><w:keepLines/>" if look.with_next else ""
    kept += "<w:pageBreakBefore/>" if look.new_page else ""
    rule = "exact" if look.exact else "atLeast"
    space = f'w:before="{_twips(look.before)}" w:after="{_twips(look.after)}" w:line="{_twips(look.line)}" w:lineRule="{rule}"'
    level = f'<w:outlineLvl w:val="{look.level - 1}"/>' if look.level else ""
    grid = "" if look.exact and look.size == THIRD else '<w:snapToGrid w:val="0"/>'
    return f'{kept}<w:widowControl w:val="0"/>{grid}<w:spacing {space}/>{_indents(look)}<w:jc w:val="{look.align}"/>{level}'


def _indents(look: Look) -> str:
    """In hundredths of a character, which follow the size, and in twips for programs that do not know them."""
    size = look.size * 20
    sides = {"left": look.left, "right": look.right, "firstLine": look.indent}
    told = [
        f'w:{name}Chars="{int(chars * 100)}" w:{name}="{int(chars * size)}"' for name, chars in sides.items() if chars
    ]
    return f"<w:ind {' '.join(told)}/>" if told else ""


def _letters(look: Look) -> str:
    faces = f'<w:rFonts w:ascii="{DIGITS}" w:hAnsi="{DIGITS}" w:eastAsia="{look.face}" w:cs="{DIGITS}"/>'
    bold = "<w:b/>" if look.bold else ""
    closer = f'<w:spacing w:val="{_twips(CLOSER)}"/>' if look.size == THIRD else ""
    return f'{faces}{bold}{closer}<w:sz w:val="{int(look.size * 2)}"/><w:szCs w:val="{int(look.size * 2)}"/>'


def _twips(points: float) -> int:
    return int(points * 20)
