"""使用说明 of five pages, as Word and PDF: ``python -m workbooks.guide`` (needs python-docx and LibreOffice Writer).

The pictures are those of ``python -m workbooks.pictures``. Fonts are set in the styles only, for Chinese too: what
python-docx sets on a run is not what Word uses for Chinese.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shape import InlineShape
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

HERE = Path(__file__).parent
WORD, PDF = "使用说明.docx", "使用说明.pdf"
TITLE = "帮扶总表：从下载到第一份班级页"
FONT = "Microsoft YaHei"
MADE = datetime(2026, 6, 30, 9)
WIDTH, TALLEST = 16.5, 15.0  # cm, of a picture and of those of a page together
DEEP = RGBColor(0x1F, 0x4E, 0x78)


@dataclass(frozen=True)
class Page:
    """``pictures`` are names in 图/ and what they show."""

    title: str
    words: str
    steps: Sequence[str]
    pictures: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()


PAGES = (
    Page(
        "一、解压，双击",
        "要一台 Windows 10 或更新的电脑（64 位）。用离线安装包：不用网络，不用管理员，全程不用打字，几分钟。",
        (
            "在压缩包上点右键，选“全部解压缩”。不要在压缩包里面直接双击。",
            "打开解压出来的“帮扶总表”文件夹，双击“安装-Windows.bat”。Windows 问要不要运行时，点“更多信息”“仍要运行”。",
            "黑色窗口里数到 [5/5]、说“装好了”，按任意键关闭。解压出来的文件夹可以删掉。",
            "桌面上有了三样：“帮扶总表”“帮扶窗口”“帮扶体检”。",
        ),
        (("窗口", "帮扶窗口：总表里的按钮，这里都有；用 WPS 的、不想用宏的，都用它"),),
        (
            "没有装上：照黑色窗口里那一句说的做，再双击一次，它接着装。",
            "按钮不灵：双击桌面上的“帮扶体检”，它说是什么原因、怎么办。",
        ),
    ),
    Page(
        "二、第一份总表",
        "只打一次字：学校名称。",
        (
            "双击桌面上的“帮扶窗口”。第一次打开，它问下面几样。",
            "写学校名称。学期、开始和结束的日期已经照今天写好，不对再改。",
            "有现成的名册文件（xlsx、xls、et、ods、csv），点“选名册…”选上；没有就空着。",
            "点“开始”。",
        ),
        (("第一次", "第一次打开帮扶窗口：写学校名称，选名册"),),
        ("以后再做一份新的总表，点“新建…”。学校已经有总表的，点“取消”，再点“选择…”。",),
    ),
    Page(
        "三、第一次导入",
        "程序先说认出了什么，您点了“写入总表”才写。看不准的不猜，会问。",
        (
            "看清楚每个文件写了几行、用了哪几列，点“写入总表”。",
            "有问的，在右边选一个答案；拿不准就空着，那一部分先不导入，留在“导入核对”里。",
            "成绩也一样导入：在帮扶窗口点“导入”，选成绩文件，可以一次选几个。",
            "导错了，点“撤销上次”，退回导入以前的样子。",
        ),
        (("名册", "导入：先看认出了什么，再写"), ("导入核对", "导入核对：看不准的每样一行，在“您的回答”里选")),
    ),
    Page(
        "四、第一份班级页",
        "名册写进总表以后，程序接着做好每班一份班级页，放在总表旁边的“班级页”文件夹里。",
        (
            "点“打开班级页文件夹”，打开一份看看：第一张就是班主任本周要做的事。",
            "点“打开总表”，在“教师”里填班主任和邮箱；“控制台”最上面的“下一步”说接着做什么。",
            "有了成绩，点“排查”，在“采纳”一列打 √，点“采纳排查”；再点“一键完成”，班级页就换成新的。",
            "要寄给班主任：点“发件邮箱”，填邮箱和授权码（只填一次），它寄一封测试信给您自己；再点“预览邮件”“发送邮件”。",
        ),
        (("班级页", "一份班级页"), ("发件邮箱", "发件邮箱：授权码只存在这台电脑的钥匙串里")),
        ("用窗口以前，先在 Excel 或 WPS 里保存并关闭总表。每次写入以前都自动备份。",),
    ),
    Page(
        "五、一学期里还有这些事",
        "用到哪一样，再点哪一样；不知道该做什么，看“控制台”的“下一步”。",
        (
            "帮扶的教师：点“帮扶页”，每位有结对的教师一份，只有自己的学生。填好的班级页、帮扶页交回来，点“收回班级页”选上。",
            "有学生没来：写在“缺勤”，班主任和教师也可以写在自己那一页的“填报缺勤”里。点“控辍保学”，看谁疑似辍学，打 √ 后点“采纳控辍”。",
            "要材料：点“文书”，写要计划、简报、月报、总结、一生一策、奖状、案例、检查目录里的哪几份，或者“全部”，用 Word 或 WPS 打开，字可以改。",
            "期末：点“意见表”，发给家长和学生，交回的由班主任填进班级页的“填报评价”；点“家长信”，一名学生一封。",
            "教育局要数：先在“设置”填「学校代码」，点“上报”，看过再交。教育局、集团校点“汇总上报”，把各校的合成一份。",
            "放假或开学：点“新学期”，先看清楚哪些班升级、毕业，答应了才做；新总表放在旧总表旁边，旧的不动。",
        ),
        notes=(
            "先看一眼再用：解压出来的 workbooks 文件夹里有“帮扶总表-示例.xlsm”，是一所虚构学校。把它复制到桌面，在帮扶窗口点“选择…”选上，随便试。",
            "点错了，点“撤销上次”。",
        ),
    ),
)


def build(folder: Path) -> list[Path]:
    """Write both files into a folder and name them."""
    word = folder / WORD
    paper = Document()
    _set_up(paper)
    for number, page in enumerate(PAGES):
        _write(paper, page, first=number == 0)
    paper.save(str(word))
    return [word, as_pdf(word)]


def as_pdf(word: Path) -> Path:
    """The same paper as PDF, beside it."""
    with tempfile.TemporaryDirectory() as profile:
        office = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", "pdf"]
        subprocess.run([*office, "--outdir", str(word.parent), str(word)], check=True, capture_output=True, timeout=300)
    return word.with_suffix(".pdf")


def _set_up(paper: Paper) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    about = paper.core_properties
    about.title, about.author, about.created, about.modified, about.language = TITLE, "", MADE, MADE, "zh-CN"
    for name, size, bold in (
        ("Normal", 11, False),
        ("Title", 20, True),
        ("Heading 1", 16, True),
        ("Caption", 9.5, False),
    ):
        _dress(paper, name, size, bold=bold)
    paper.styles.add_style("提示", WD_STYLE_TYPE.PARAGRAPH).base_style = paper.styles["Normal"]


def _dress(paper: Paper, name: str, size: float, *, bold: bool) -> None:
    style = paper.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    style.font.color.rgb = DEEP if bold else RGBColor(0x22, 0x22, 0x22)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(5)
    style.paragraph_format.line_spacing = 1.25


def _write(paper: Paper, page: Page, *, first: bool) -> None:
    if first:
        paper.add_paragraph(TITLE, style="Title")
    paper.add_paragraph(page.title, style="Heading 1").paragraph_format.page_break_before = not first
    paper.add_paragraph(page.words)
    for number, step in enumerate(page.steps, start=1):
        paper.add_paragraph(f"{number}. {step}").paragraph_format.left_indent = Cm(0.5)
    shapes = [_picture(paper, name, shows) for name, shows in page.pictures]
    for shape, height in zip(shapes, shared([shape.height for shape in shapes], Cm(TALLEST)), strict=True):
        shape.width, shape.height = int(shape.width * height / shape.height), height
    for note in page.notes:
        paper.add_paragraph(note, style="提示")


def shared(heights: Sequence[int], room: int) -> list[int]:
    """As tall as each is, unless together they need more room: what flat ones leave of their share, tall ones get.

    >>> shared([10, 2], 15), shared([12, 12], 15), shared([14, 2], 15)
    ([10, 2], [7, 8], [13, 2])
    """
    taken: dict[int, int] = {}
    for place in sorted(range(len(heights)), key=heights.__getitem__):
        share = (room - sum(taken.values())) // (len(heights) - len(taken))
        taken[place] = min(heights[place], share)
    return [taken[place] for place in range(len(heights))]


def _picture(paper: Paper, name: str, shows: str) -> InlineShape:
    """As wide as the page; what it shows is read aloud too."""
    shape = paper.add_paragraph().add_run().add_picture(str(HERE / "图" / f"{name}.png"), width=Cm(WIDTH))
    shape._inline.docPr.set("descr", shows)
    paper.add_paragraph(shows, style="Caption")
    return shape


if __name__ == "__main__":
    for path in build(HERE):
        sys.stdout.write(f"{path.name} {path.stat().st_size // 1024} KB\n")
