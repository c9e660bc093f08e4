"""The styles of the papers: page and type of GB/T 9704, all of it in named styles, so that a school restyles a template by
changing these in Word or WPS.

Points, and millimetres where it says so. python-docx sets no font for Chinese, so each style has ``eastAsia`` set here and no
run has any. 22 lines are set twice, by the grid of the page and by exact lines, for not every program keeps to the grid. 28
characters are set by what is between them, for a grid of characters is something else in each program (LibreOffice puts 22 of
them in a line).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

TITLE_FACE, BODY_FACE, HEAD_FACE, SECOND_FACE, SMALL_FACE = "方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"
DIGITS = "Times New Roman"
OTHER_NAMES = {
    TITLE_FACE: "小标宋",
    BODY_FACE: "仿宋_GB2312",
    SECOND_FACE: "楷体_GB2312",
}  # what else a computer may have
SECOND, THIRD, FOURTH, SMALL_FOURTH, FIFTH = 22.0, 16.0, 14.0, 12.0, 10.5  # 二号 三号 四号 小四 五号
TEXT_WIDTH, TEXT_HEIGHT = 156.0, 225.0  # mm
LINES = 22
LINE = 28.95  # points: 22 of them are 225 mm; one twentieth more and there are 21
CLOSER = -0.25  # points between signs of 16: 28 of them are 156 mm; one twentieth more and there are 27


class Look(Struct, frozen=True, kw_only=True):
    """How a paragraph style looks. ``indent`` is of the first line and ``left``, ``right`` of all, in characters of its own size;
    ``level`` is that of a heading."""

    face: str = BODY_FACE
    size: float = THIRD
    align: str = "both"
    indent: float = 0
    left: float = 0
    right: float = 0
    line: float = LINE
    before: float = 0
    after: float = 0
    level: int = 0
    with_next: bool = False
    bold: bool = False
    exact: bool = True
    new_page: bool = False


class Page(Struct, frozen=True, kw_only=True):
    """A page in millimetres: its size, the margins, whether the 22 by 28 of GB/T 9704 hold, and where the number is."""

    width: float = 210
    height: float = 297
    top: float = 37
    bottom: float = 35
    left: float = 28
    right: float = 26
    has_grid: bool = True
    is_numbered: bool = True


OFFICIAL = Page()
FORM = Page(top=20, bottom=18, left=20, right=20, has_grid=False)
AWARD = Page(width=297, height=210, top=25, bottom=20, left=25, right=25, has_grid=False, is_numbered=False)

_TABLE = Look(face=SMALL_FACE, size=SMALL_FOURTH, align="left", line=18, exact=False)
LOOKS = {
    "文书标题": Look(face=TITLE_FACE, size=SECOND, align="center", line=36, after=LINE / 2, with_next=True),
    "文书标记": Look(face=HEAD_FACE, align="left"),
    "文书一级": Look(face=HEAD_FACE, indent=2, level=1, with_next=True),
    "文书二级": Look(face=SECOND_FACE, indent=2, level=2, with_next=True),
    "文书正文": Look(indent=2),
    "文书表题": Look(face=HEAD_FACE, size=FOURTH, align="center", before=6, with_next=True),
    "文书表头": replace(_TABLE, face=HEAD_FACE, align="center", with_next=True),
    "文书表格": _TABLE,
    "文书表数": replace(_TABLE, align="right"),
    "文书表中": replace(_TABLE, align="center"),
    "文书注": Look(face=SMALL_FACE, size=FIFTH, line=16, before=3, after=6),
    "文书图": Look(align="center", line=12, exact=False, before=3, after=6),
    "文书署名": Look(align="right", right=3, before=LINE, with_next=True),
    "文书日期": Look(align="right", right=4),
    "文书页码": Look(face=SMALL_FACE, size=FOURTH, line=18),
    "表单标题": Look(face=TITLE_FACE, size=SECOND, align="center", line=32, after=6, new_page=True, with_next=True),
    "文书表后": Look(size=FIFTH, line=6),
    "表单说明": Look(face=SMALL_FACE, size=FIFTH, align="center", line=16, after=4, with_next=True),
    "表单栏名": replace(_TABLE, face=HEAD_FACE, size=FIFTH, align="center", line=16),
    "表单文字": replace(_TABLE, size=FIFTH, line=16),
    "奖状标题": Look(face=TITLE_FACE, size=60, align="center", line=90, after=18, new_page=True),
    "奖状姓名": Look(face=SECOND_FACE, size=30, align="left", line=48),
    "奖状正文": Look(face=SECOND_FACE, size=28, indent=2, line=50),
    "奖状荣誉": Look(face=HEAD_FACE, size=36, align="center", line=64, before=6, after=6),
    "奖状落款": Look(face=SECOND_FACE, size=22, align="right", right=2, line=36),
}


def set_styles(paper: Document, page: Page) -> None:
    """Give an empty document the styles, its page, and nothing else of what it came with."""
    from xlbangfu.documents.papers.style_parts import clear, declare_faces, put_style

    clear(paper)
    for name, look in LOOKS.items():
        put_style(paper, name, look)
    declare_faces(paper)
    set_page(paper.sections[0], page)


def set_page(section: Section, page: Page) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    section.orientation = WD_ORIENT.LANDSCAPE if page.width > page.height else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
    section.header_distance, section.footer_distance = Mm(15), Mm(max(page.bottom - 12, 8))
    if page.has_grid:
        from xlbangfu.documents.papers.style_parts import put_grid

        put_grid(section)
