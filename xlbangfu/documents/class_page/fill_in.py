"""填报记录, 填报评价 and 填报缺勤: the only cells that staff can write in, with drop-downs; what comes back is read from here.

One more sheet to fill in is a frame and rows as here, a ``PageSheet`` of ``page_sheets`` and a ``FillIn`` of ``collect.forms``.

The header is Excel row 3 of each sheet. Whole columns are unlocked, so a row added below the frame is no row lost.
``学生`` is "学号 姓名"; a group session may name several 学号, separated by 、.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from xlbangfu.documents.class_page.page import ClassPage, Edition
from xlbangfu.documents.class_page.template_tokens import DAY, FIRST_DAY, LAST_DAY, YEAR_END, YEAR_START
from xlbangfu.documents.look import FIRST_ROW, heading, new_sheet
from xlbangfu.house_look import LINE
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.row_xml import Row
from xlbangfu.schema import ABSENCES, CONDUCT, LOG, NO, YES

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LOG_SHEET, CONDUCT_SHEET, ABSENCE_SHEET = "填报记录", "填报评价", "填报缺勤"
LOG_ROWS, SPARE_MARKS, ABSENCE_ROWS = 60, 20, 40
STUDENT_LIST, TEACHER_LIST, PRIORITY_LIST, MONTH_LIST = "学生名单", "教师名单", "优先项名单", "月份名单"
ROLL_LIST = "缺勤学生名单"  # of whom absences may be told: on a class page the whole class
LISTS = {"D": STUDENT_LIST, "E": TEACHER_LIST, "F": PRIORITY_LIST, "G": MONTH_LIST, "H": ROLL_LIST}  # columns of 页信息
STUDENT_COLUMN = "学生"
LOG_COLUMNS = {
    "日期": 13,
    STUDENT_COLUMN: 16,
    "教师": 11,
    "类型": 9,
    "沟通对象": 8,
    "场所": 6,
    "优先类": 8,
    "时长": 6,
    "内容": 26,
    "优点": 12,
    "不足": 12,
    "效果": 6,
    "下次安排": 13,
}
OWN_LOG_COLUMNS = {name: width for name, width in LOG_COLUMNS.items() if name != "教师"} | {
    "内容": 37
}  # who helps is the teacher
CONDUCT_COLUMNS = {
    "月份": 11,
    STUDENT_COLUMN: 18,
    "评价人": 11,
    "评价人姓名": 12,
    "学习态度": 8,
    "作业": 7,
    "纪律": 7,
    "品德": 7,
    "参与": 7,
    "帮扶满意度": 9,
    "说明": 32,
}
ABSENCE_COLUMNS = {
    "日期": 13,
    STUDENT_COLUMN: 20,
    "节次": 9,
    "类型": 9,
    "已联系家长": 11,
    "去向": 26,
    "说明": 40,
}
_ROW_HEIGHT = 32
_REACH = 400  # rows that the drop-downs cover


def log_frame(workbook: Workbook, styles: dict[str, Format]) -> None:
    sheet = _log_frame(workbook, styles, LOG_COLUMNS)
    _validate(sheet, list(LOG_COLUMNS).index("教师"), _list(f"={TEACHER_LIST}", "别班教师写“工号 姓名”"))


def own_log_frame(workbook: Workbook, styles: dict[str, Format]) -> None:
    """Of a teacher's page: every contact is the teacher's own."""
    _log_frame(workbook, styles, OWN_LOG_COLUMNS)


def _log_frame(workbook: Workbook, styles: dict[str, Format], columns: dict[str, int]) -> Worksheet:
    kinds = {"dates": {"日期"}, "numbers": {"时长", "效果"}}
    sheet = _sheet(workbook, styles, LOG_SHEET, columns, **kinds, rows=LOG_ROWS)
    at = list(columns).index
    _validate(sheet, at("日期"), _school_year())
    _validate(sheet, at(STUDENT_COLUMN), _list(f"={STUDENT_LIST}", "可写多个学号，用、隔开"))
    _validate(sheet, at("类型"), _list(list(LOG["类型"].choices)))
    _validate(sheet, at("沟通对象"), _list(list(LOG["沟通对象"].choices), "可写多个，用、隔开"))
    _validate(sheet, at("场所"), _list(list(LOG["场所"].choices)))
    _validate(sheet, at("优先类"), _list(f"={PRIORITY_LIST}", "可写多个，用、隔开"))
    _validate(sheet, at("时长"), _between("decimal", 0, 1440, "时长是分钟数，0 到 1440。"))
    _validate(sheet, at("效果"), _between("integer", 1, 5, "效果是 1 到 5 的整数。"))
    return sheet


def log_rows(page: ClassPage) -> list[Row | None]:
    return _log_rows(page, LOG_COLUMNS, "日期、学生、教师、类型、内容必填。")


def own_log_rows(page: ClassPage) -> list[Row | None]:
    return _log_rows(page, OWN_LOG_COLUMNS, "只写自己做的，日期、学生、类型、内容必填。")


def _log_rows(page: ClassPage, columns: dict[str, int], needed: str) -> list[Row | None]:
    note = f"一次联系一行；{needed}效果 1 到 5；时长是分钟。心理咨询的内容写“已进行”即可。"
    return [*heading(f"{page.title}　{LOG_SHEET}", note, len(columns), style="fill_note"), _header(columns)]


def conduct_frame(workbook: Workbook, styles: dict[str, Format]) -> None:
    """As for a page without students; ``conduct_block`` says where a page's own block ends."""
    marks = [name for name in CONDUCT_COLUMNS if name in CONDUCT and CONDUCT[name].high]
    kinds = {"dates": set(), "numbers": set(marks)}
    sheet = _sheet(workbook, styles, CONDUCT_SHEET, CONDUCT_COLUMNS, **kinds, rows=SPARE_MARKS)
    at = list(CONDUCT_COLUMNS).index
    _validate(sheet, at("月份"), _list(f"={MONTH_LIST}", "写成 2025-09 的样子"))
    _validate(sheet, at(STUDENT_COLUMN), _list(f"={STUDENT_LIST}"))
    _validate(sheet, at("评价人"), _list(list(CONDUCT["评价人"].choices)))
    _validate(sheet, at(marks[0]), _between("decimal", 1, 5, "1 到 5 分。"), last=at(marks[-1]))


def conduct_rows(page: ClassPage) -> list[Row | None]:
    note = (
        "各项 1 到 5 分，5 分最好；没评的空着。下面的空行留给任课教师、家长、学生评，先选月份和学生；"
        "意见表照抄，“老师的帮助”填在“帮扶满意度”。"
    )
    return [
        *heading(f"{page.title}　{CONDUCT_SHEET}", note, len(CONDUCT_COLUMNS), style="fill_note"),
        _header(CONDUCT_COLUMNS),
        *_to_mark(page),
    ]


def _to_mark(page: ClassPage) -> Iterator[Row]:
    """A row for each student, to be marked by the homeroom teacher; the name cannot be changed."""
    for student in page.students:
        yield Row(
            _ROW_HEIGHT,
            [
                ("fill_text", page.edition.month),
                ("fill_name", student.label),
                ("fill_text", "班主任"),
                ("fill_text", page.homeroom),
            ],
        )


def conduct_block(students: int) -> str:
    """The last cell of the rows to mark, as ``$K$23``: room for a parent and the student below those of the 班主任."""
    return f"${letters(len(CONDUCT_COLUMNS) - 1)}${FIRST_ROW + students + max(SPARE_MARKS, 2 * students) - 1}"


def conduct_finish(page: ClassPage, before: str, after: str) -> tuple[str, str]:
    """The XML around the rows, with the lines as far as the page's rows to mark."""
    empty, full = (conduct_block(count).replace("$", "") for count in (0, len(page.students)))
    return before, after.replace(f':{empty}"', f':{full}"')


def absence_frame(workbook: Workbook, styles: dict[str, Format]) -> None:
    """Of any page: what it may tell of stands in the list ``ROLL_LIST``."""
    kinds: dict[str, set[str]] = {"dates": {"日期"}, "numbers": set()}
    sheet = _sheet(workbook, styles, ABSENCE_SHEET, ABSENCE_COLUMNS, **kinds, rows=ABSENCE_ROWS)
    at = list(ABSENCE_COLUMNS).index
    _validate(sheet, at("日期"), _school_year())
    _validate(sheet, at(STUDENT_COLUMN), _list(f"={ROLL_LIST}", "也可以写学号或姓名"))
    _validate(sheet, at("节次"), _list(list(ABSENCES["节次"].choices)))
    _validate(sheet, at("类型"), _list(list(ABSENCES["类型"].choices)))
    _validate(sheet, at("已联系家长"), _list([YES, NO]))


def absence_rows(page: ClassPage) -> list[Row | None]:
    note = (
        "没来的学生一人一天一行；整天没来选“全天”。旷课当天联系家长；连续旷课几天、开学没有返校的，先打电话告诉政教处。"
    )
    return [
        *heading(f"{page.title}　{ABSENCE_SHEET}", note, len(ABSENCE_COLUMNS), style="fill_note"),
        _header(ABSENCE_COLUMNS),
    ]


def months(edition: Edition) -> tuple[str, str]:
    """The edition's month and the one before it."""
    return edition.month, f"{edition.day.replace(day=1) - timedelta(days=1):%Y-%m}"


def _header(columns: dict[str, int]) -> Row:
    return Row(36, [("fill_head", name) for name in columns])


def _sheet(
    workbook: Workbook,
    styles: dict[str, Format],
    title: str,
    columns: dict[str, int],
    *,
    dates: set[str],
    numbers: set[str],
    rows: int,
) -> Worksheet:
    """Whole columns are open. The lines around the empty rows come from one format over the block, not cell by cell."""
    sheet = new_sheet(workbook, title, (), landscape=True, around=12)
    for column, (name, width) in enumerate(columns.items()):
        style = "fill_date" if name in dates else "fill_number" if name in numbers else "fill_text"
        sheet.set_column(column, column, width, styles[style])
    last_row, last_column = FIRST_ROW + rows - 2, len(columns) - 1
    lined = {
        "type": "formula",
        "criteria": "=TRUE",
        "format": workbook.add_format({"border": 1, "border_color": LINE}),
    }
    sheet.conditional_format(FIRST_ROW - 1, 0, last_row, last_column, lined)
    sheet.set_default_row(_ROW_HEIGHT)
    sheet.print_area(0, 0, last_row, last_column)
    return sheet


def _validate(sheet: Worksheet, column: int, rule: dict[str, Any], *, last: int | None = None) -> None:
    row = FIRST_ROW - 1
    sheet.data_validation(row, column, row + _REACH, column if last is None else last, rule)


def _list(source: Any, instead: str = "") -> dict[str, Any]:
    """A drop-down; ``instead`` says what else may be written, and then it only warns."""
    if not instead:
        return {
            "validate": "list",
            "source": source,
            "error_title": "请从下拉里选",
            "error_message": "点右边的箭头，从里面选一个。",
        }
    message = f"最好从下拉里选；{instead}。要保留现在写的吗？"
    return {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_title": "不在下拉里",
        "error_message": message,
    }


def _between(kind: str, low: Any, high: Any, message: str) -> dict[str, Any]:
    return {
        "validate": kind,
        "criteria": "between",
        "minimum": low,
        "maximum": high,
        "error_title": "请改一下",
        "error_message": message,
    }


def _school_year() -> dict[str, Any]:
    return _between("date", FIRST_DAY, LAST_DAY, f"日期写成 {DAY} 的样子，要在 {YEAR_START} 到 {YEAR_END} 之间。")
