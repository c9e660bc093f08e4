"""家长信: what a letter says to the parents, and above all what it does not."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from io import BytesIO
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import Phase, given
from hypothesis import settings as run
from hypothesis import strategies as st

from tests.support.drawn import TODAY, frame, school, with_settings
from xlbangfu.cli import main
from xlbangfu.documents.slips import ClassSlips, Letter, file_name, letter_words, slips, staged_slips
from xlbangfu.documents.slips.letter_sheet import as_bytes
from xlbangfu.errors import BadArgument
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.schema import AWARDS, LOG, ROSTER
from xlbangfu.settings.parsers import NOT_FOR_PARENTS

MADE = datetime(2026, 6, 30, 9, 0)
ROSTER_DRAWN = """
    学号 | 姓名   | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 留守
    01   | 甲小一 | 1班  | 在读     | 学困     | 学习     | 是
    02   | 乙小二 | 1班  | 在读     | 学困     | 行为规范 |
    03   | 丙小三 | 1班  | 在读     | 学困     | 双重     |
    04   | 丁小四 | 1班  | 在读     |          |          |
    05   | 戊小五 | 2班  | 在读     | 学困     |          |
    06   | 己小六 | 2班  | 转出     | 学困     |          |
"""
MARKS = """
    考试编号 | 学号 | 语文 | 数学 | 英语
    期末     | 01   | 41   | 41   | 41
    期末     | 02   | 60   | 60   | 60
    期末     | 03   | 80   | 80   | 80
    期末     | 04   | 70   | 70   | 70
    下期中   | 01   | 88   | 88   | 88
    下期中   | 02   | 60   | 缺考 | 60
    下期中   | 03   | 50   | 50   | 50
    下期中   | 04   | 免考 | 免考 | 免考
"""


def drawn(**settings: str) -> School:
    return school({"名册": ROSTER_DRAWN, "成绩": MARKS}, **settings)


def letters(one: School, awards: pl.DataFrame | None = None) -> dict[str, Letter]:
    made = slips(one, rank(one), AWARDS.empty() if awards is None else awards, made=MADE)
    return {letter.name: letter for class_name in made for letter in class_name.letters}


def told(made: ClassSlips) -> str:
    """Every string of the file and its name, without the measures in its tags."""
    with zipfile.ZipFile(BytesIO(as_bytes(made))) as package:
        parts = package.namelist()
        texts = [re.sub("<[^>]*>", " ", package.read(name).decode()) for name in parts if name.endswith(".xml")]
        return file_name(made) + unescape("".join(texts))


def test_only_students_on_the_list_and_on_the_roll_get_one_unless_all_are_wanted() -> None:
    assert set(letters(drawn())) == {"甲小一", "乙小二", "丙小三", "戊小五"}
    assert set(letters(drawn(家长信对象="全体学生"))) == {"甲小一", "乙小二", "丙小三", "丁小四", "戊小五"}


def test_a_letter_tells_the_own_level_and_progress_in_words() -> None:
    said = letters(drawn())

    assert said["甲小一"].level == "A 等（2026 年 4 月期中考试）"
    assert said["甲小一"].progress == "比上一次有很大的进步"
    assert said["丙小三"].progress == "有一些起伏，需要我们一起多关心"
    assert "甲小一" in said["甲小一"].encouragement


def test_who_missed_an_exam_was_excused_or_has_none_gets_a_neutral_sentence() -> None:
    said = letters(drawn(家长信对象="全体学生"))

    assert said["乙小二"].level == said["丁小四"].level == "2026 年 4 月期中考试没有全部参加，这一次不评等级"
    assert said["戊小五"].level == "本学年还没有可以评等级的考试"
    assert {said[name].progress for name in ("乙小二", "丁小四", "戊小五")} == {"下次考试之后再告诉您"}


def test_what_home_can_do_follows_the_difficulty_and_the_setting() -> None:
    said = letters(drawn(**{"家庭建议·学习": "陪{姓名}读书"}))

    assert said["甲小一"].advice == "陪甲小一读书"
    assert len({said[name].advice for name in said}) == 4


def test_honours_are_named_and_never_the_list_that_someone_was_on() -> None:
    awards = frame(
        AWARDS,
        """
        日期       | 学期        | 荣誉                     | 学号
        2026-06-01 | 2025-2026下 | 优秀学困生奖学金         | 01
        2026-06-02 | 2025-2026下 | 重点关爱学生进步一等奖   | 01
        2026-06-03 | 2025-2026下 | 年级第3名                | 01
        2025-12-01 | 2025-2026上 | 上学期的奖               | 01
        """,
    )

    assert letters(drawn(学期="2025-2026下"), awards)["甲小一"].honours == "优秀生奖学金、进步一等奖"
    assert letters(drawn(), awards)["乙小二"].honours == "每一点努力都算数，期待下一次"


@pytest.mark.parametrize("text", ["学困生加油", "年级第3名", "倒数几名", "{班级}加油", "好" * 200])
def test_a_text_that_brands_a_child_is_a_bad_setting_and_the_default_serves(text: str) -> None:
    one = drawn(**{"家长信鼓励·进步": text})

    assert one.settings.bad
    assert one.settings.slip_risen == School.of({}, today=TODAY).settings.slip_risen


def test_an_unknown_class_is_refused() -> None:
    one = drawn()
    with pytest.raises(BadArgument, match="9班"):
        slips(one, rank(one), AWARDS.empty(), classes=["9班"], made=MADE)


@pytest.mark.parametrize(("a_page", "pages"), [("2", 2), ("4", 1)])
def test_so_many_letters_stand_on_a_page(a_page: str, pages: int) -> None:
    one = drawn(家长信每页=a_page)
    made = slips(one, rank(one), AWARDS.empty(), made=MADE)[0]

    sheet = openpyxl.load_workbook(BytesIO(as_bytes(made))).active

    assert len(sheet.row_breaks.brk) == pages - 1
    assert sheet.page_setup.paperSize == 9
    titles = [cell.value for row in sheet.iter_rows() for cell in row if cell.value == "致家长的一封信"]
    assert len(titles) == len(made.letters) == 3


def test_a_page_of_letters_fits_a_sheet_of_paper() -> None:
    one = drawn()
    made = slips(one, rank(one), AWARDS.empty(), made=MADE)[0]
    sheet = openpyxl.load_workbook(BytesIO(as_bytes(replace(made, letters=made.letters[:2])))).active

    heights = sum(sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1))

    assert 842 - 72 * (sheet.page_margins.top + sheet.page_margins.bottom) - heights < 32
    assert heights <= 842 - 72 * (sheet.page_margins.top + sheet.page_margins.bottom)


def test_a_letter_that_staff_have_saved_stays(tmp_path: Path) -> None:
    one = drawn()
    made = slips(one, rank(one), AWARDS.empty(), made=MADE)[:1]
    with staged_slips(made, tmp_path):
        pass
    (tmp_path / file_name(made[0])).write_bytes(b"staff's own")

    with staged_slips(made, tmp_path) as staged:
        assert staged.index["文件"].to_list() == ["1班_家长信_2026-06-30_2.xlsx"]
    assert staged.files[0].exists()
    assert (tmp_path / file_name(made[0])).read_bytes() == b"staff's own"


NAME = st.text(alphabet="赵钱孙李周吴郑王冯陈褚卫", min_size=3, max_size=3)
MARK = st.one_of(st.integers(0, 100).map(str), st.just("缺考"), st.just("免考"), st.just(""))


@run(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    names=st.lists(NAME, min_size=3, max_size=8, unique=True),
    data=st.data(),
    everybody=st.booleans(),
    public_name=st.sampled_from(["重点关爱", "成长伙伴"]),
)
def test_no_letter_ranks_brands_or_names_another_child(
    names: list[str], data: st.DataObject, everybody: bool, public_name: str
) -> None:
    kinds = ["学习", "行为规范", "双重", ""]
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型"]
    roster += [f"7{at:04} | {name} | {1 + at % 2}班 | 在读 | 学困 | {kinds[at % 4]}" for at, name in enumerate(names)]
    marks = ["考试编号 | 学号 | 语文 | 数学"]
    for exam in ("期末", "下期中"):
        marks += [f"{exam} | 7{at:04} | {data.draw(MARK)} | {data.draw(MARK)}" for at in range(len(names))]
    one = school(
        {"名册": "\n".join(roster), "成绩": "\n".join(marks)},
        对外称谓=public_name,
        家长信对象="全体学生" if everybody else "帮扶学生",
    )

    for class_name in slips(one, rank(one), AWARDS.empty(), made=MADE):
        for letter in class_name.letters:
            text = told(replace(class_name, letters=(letter,)))
            assert letter.name in text
            assert not [name for name in names if name != letter.name and name in text]
            assert not NOT_FOR_PARENTS.search(text)
            assert not re.search(r"7\d{4}", text)
            assert public_name not in text


def test_letters_do_not_change_what_they_are_made_of() -> None:
    one = drawn()
    before = one[ROSTER].clone()
    letters(one)
    assert one[ROSTER].equals(before)
    assert with_settings(one)[ROSTER].equals(before)


def test_a_word_for_each_change_at_the_lines_of_the_rule() -> None:
    assert [letter_words.mood(points, (10, 3, -3)) for points in (12, 10, 9.9, 3, 2.9, -2.9, -3)] == [
        letter_words.LEAPT, letter_words.LEAPT, letter_words.ROSE, letter_words.ROSE, letter_words.STEADY, letter_words.STEADY, letter_words.FELL,
    ]  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = tmp_path_factory.mktemp("slips") / "总表.xlsm"
    sizes = ["--students", "120", "--classes", "4", "--exams", "3", "--logs", "200"]
    assert main(["new", str(book), "--sample", *sizes]) == 0
    return book


def test_the_letters_of_a_sample_school_hold_nothing_that_parents_must_not_read(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from xlbangfu.book.closed.closed_book import ClosedBook

    assert main(["slips", str(sample), "--out", str(tmp_path / "家长信")]) == 0

    assert "沿虚线剪开" in capsys.readouterr().out
    frames = ClosedBook(sample).read(ROSTER, LOG)
    roster = frames[ROSTER]
    files = sorted((tmp_path / "家长信").iterdir())
    assert files
    written = 0
    for path in files:
        sheet = openpyxl.load_workbook(path).active
        cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
        text = path.name + "\n".join(cells)
        mine = roster.filter(pl.col("班级") == path.name.split("_")[0], pl.col("帮扶类别") == "学困")
        others = roster.filter(~pl.col("姓名").is_in(mine["姓名"].implode()))["姓名"]
        assert not [name for name in others if name in text]
        assert not NOT_FOR_PARENTS.search(text)
        assert not [number for number in roster["学号"] if number in text]
        assert "心理" not in text
        assert "留守" not in text
        written += sum(cell == "致家长的一封信" for cell in cells)
    assert written == roster.filter(
        pl.col("帮扶类别") == "学困", pl.col("在籍状态") == "在读",
        pl.col("退出日期").is_null() | (pl.col("退出日期") > date.today()),
    ).height  # fmt: skip
