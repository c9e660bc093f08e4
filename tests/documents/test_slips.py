"""家长信: what a letter says to the parents, and above all what it does not."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from html import unescape
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import Phase, given
from hypothesis import settings as run
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet

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


def test_a_letter_begins_with_good_news_and_ends_with_the_own_level() -> None:
    said = letters(drawn())

    assert said["甲小一"].good_news.startswith("4月期中考试比上一次有很大的进步，语文的进步最明显")
    assert said["甲小一"].level == "4月期中考试：A等。"
    assert [label for label, _ in said["甲小一"].paragraphs] == ["好消息", "老师的话", "在家可以", "学习等级"]
    assert said["丙小三"].level == "4月期中考试：D等，比自己的上一次有些起伏。"
    assert "起伏" not in said["丙小三"].good_news
    assert "甲小一" in said["甲小一"].words


def test_who_missed_an_exam_or_was_excused_is_told_so_and_nothing_is_said_where_nothing_is() -> None:
    said = letters(drawn(家长信对象="全体学生"))

    assert said["乙小二"].level == said["丁小四"].level == "4月期中考试没有全部参加，这一次不评等级。"
    assert [label for label, _ in said["戊小五"].paragraphs] == ["老师的话", "在家可以"]


def test_good_news_are_the_habits_marked_well_and_those_that_rose_and_what_the_child_took_part_in() -> None:
    one = school(
        {
            "名册": ROSTER_DRAWN,
            "成绩": MARKS,
            "评价": """
                月份    | 学号 | 评价人 | 作业 | 纪律 | 品德
                2026-04 | 02   | 班主任 | 2    | 4    | 3
                2026-05 | 02   | 班主任 | 3    | 4    | 5
                2026-05 | 03   | 班主任 | 3    | 2    | 3
            """,
            "活动": """
                日期       | 名称           | 类型     | 参与学生
                2026-05-08 | 五月合唱比赛   | 合唱     | 02、01
                2026-05-09 | 学困生口算赛   | 口算赛   | 02
                2026-05-10 | 甲小一等作诗会 | 兴趣小组 | 02
                2026-05-11 | 心理团辅       | 心理团辅 | 02
            """,
        }
    )

    assert letters(one)["乙小二"].good_news == "· 待人有礼、遵守纪律，写作业比上个月好\n· 参加了五月合唱比赛"
    assert letters(one)["丙小三"].good_news == ""


def test_contacts_of_the_term_are_counted_group_sessions_too_and_counselling_is_not_told() -> None:
    log = """
        日期       | 学号  | 教师 | 类型     | 内容
        2026-05-08 | 01    | T1   | 谈心     | 一
        2026-05-09 | 01、02 | T1   | 辅导     | 二
        2026-05-10 | 01    | T1   | 家访     | 三
        2026-05-11 | 01    | T1   | 家长沟通 | 四
        2026-05-11 | 01    | T1   | 心理咨询 | 五
        2025-10-11 | 01    | T1   | 谈心     | 六
    """
    said = letters(school({"名册": ROSTER_DRAWN, "成绩": MARKS, "记录": log}))

    assert said["甲小一"].school_did == "家校联系2次、谈心1次、辅导1次。"
    assert said["乙小二"].school_did == "辅导1次。"


def test_what_home_can_do_follows_the_weak_subject_the_difficulty_and_the_setting() -> None:
    said = letters(drawn(**{"家庭建议·学习": "陪{姓名}读书"}))
    weak = school({"名册": ROSTER_DRAWN.replace("困难类型 |", "困难类型 | 困难学科 |", 1).replace("学习     |", "学习 | 美术、数学 |")
                   .replace("行为规范 |", "行为规范 | |").replace("双重     |", "双重 | |").replace("|          |\n", "|  |  |\n")})  # fmt: skip

    assert said["甲小一"].advice == "陪甲小一读书"
    assert len({said[name].advice for name in said}) == 4
    assert letters(weak)["甲小一"].advice.startswith("· 数学：每天订正两道错题")


def test_two_who_are_alike_in_difficulty_and_progress_get_different_letters() -> None:
    alike = [f"7{at:04} | 甲{at} | 1班 | 在读 | 学困 | 学习" for at in range(9)]
    one = school({"名册": "\n".join(["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型", *alike])})

    said = letters(one).values()

    assert len({(letter.words.replace(letter.name, ""), letter.advice) for letter in said}) == 9
    assert all(len(letter.advice.split("\n")) == 2 for letter in said)


def test_what_teachers_do_next_follows_difficulty_and_weak_subjects_and_names_no_difficulty() -> None:
    rows = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 困难学科"]
    for at, (kind, subjects) in enumerate((("学习", "数学"), ("学习", ""), ("行为规范", "数学"), ("", "数学"))):
        rows.append(f"7{at:04} | 甲{at} | 1班 | 在读 | 学困 | {kind} | {subjects}")
    words = [letter.words for letter in letters(school({"名册": "\n".join(rows)})).values()]

    assert words[0].endswith("\n接下来，我们先陪甲0把数学一处一处补起来。")
    assert words[1].endswith("\n接下来，我们先陪甲1把薄弱的地方一处一处补起来。")
    assert words[2].endswith("\n接下来，我们先陪甲2守住一个约定，做到了再加下一个。")
    assert "接下来，我们" not in words[3]
    assert not any("行为规范" in said or "困难" in said for said in words)


@run(max_examples=10, deadline=None)
@given(kinds=st.lists(st.sampled_from(["学习", "行为规范", "双重", ""]), min_size=2, max_size=12))
def test_two_letters_that_lie_side_by_side_say_different_words(kinds: list[str]) -> None:
    rows = [f"7{at:04} | 甲{at:02} | 1班 | 在读 | 学困 | {kind}" for at, kind in enumerate(kinds)]
    words = [
        letter.words.replace(letter.name, "")
        for letter in letters(
            school({"名册": "\n".join(["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型", *rows])})
        ).values()
    ]

    assert all(one != other for one, other in pairwise(words))


def test_no_line_of_a_list_ends_with_a_sign_that_could_begin_the_next() -> None:
    said = letters(drawn(家长信对象="全体学生")).values()

    for text in (text for letter in said for text in (letter.good_news, letter.advice)):
        assert not [line for line in text.split("\n") if re.search(r"[，。；、：]$|^[，。；、：]", line)]


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

    assert letters(drawn(学期="2025-2026下"), awards)["甲小一"].good_news.startswith(
        "· 本学期获得优秀生奖学金、进步一等奖\n"
    )
    assert letters(drawn(), awards)["乙小二"].good_news == ""


@pytest.mark.parametrize("text", ["学困生加油", "年级第3名", "倒数几名", "{班级}加油", "好" * 200])
def test_a_text_that_brands_a_child_is_a_bad_setting_and_the_default_serves(text: str) -> None:
    one = drawn(**{"家长信鼓励·进步": text})

    assert one.settings.bad
    assert one.settings.slip_risen == School.of({}, today=TODAY).settings.slip_risen


def test_an_unknown_class_is_refused() -> None:
    one = drawn()
    with pytest.raises(BadArgument, match="9班"):
        slips(one, rank(one), AWARDS.empty(), classes=["9班"], made=MADE)


def workbook_of(made: ClassSlips) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(as_bytes(made))).active


@pytest.mark.parametrize(("a_page", "papers"), [("1", 3), ("2", 2)])
def test_so_many_letters_stand_on_a_sheet_of_paper(a_page: str, papers: int) -> None:
    one = drawn(家长信每页=a_page)
    made = slips(one, rank(one), AWARDS.empty(), made=MADE)[0]
    sheet = workbook_of(made)

    assert len(sheet.row_breaks.brk) == papers - 1
    assert sheet.page_setup.paperSize == 9
    titles = [cell.value for row in sheet.iter_rows() for cell in row if cell.value == "致家长的一封信"]
    assert len(titles) == len(made.letters) == 3


def test_four_on_a_page_as_earlier_versions_had_it_is_told_and_two_serve() -> None:
    one = drawn(家长信每页="4")

    assert [name for _, name, _ in one.settings.bad] == ["家长信每页"]
    assert slips(one, rank(one), AWARDS.empty(), made=MADE)[0].a_page == 2


def texts_of(most: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="好学生听说读写，。；3a", max_size=most)


LONGEST = tuple("好" * most for most in (170, 40, 130, 155, 40))
TEXTS = st.one_of(st.just(LONGEST), st.tuples(*(texts_of(len(text)) for text in LONGEST)))


@run(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(texts=st.lists(TEXTS, min_size=1, max_size=5), a_page=st.sampled_from([1, 2]))
def test_every_sheet_of_paper_is_as_high_and_is_cut_at_60_mm_whatever_the_letters_say(
    texts: list[tuple[str, ...]], a_page: int
) -> None:
    fields = ("good_news", "school_did", "words", "advice", "level")
    made = slips(drawn(), rank(drawn()), AWARDS.empty(), made=MADE)[0]
    written = tuple(Letter(name="甲", **dict(zip(fields, said, strict=True))) for said in texts)
    sheet = workbook_of(replace(made, letters=written, a_page=a_page))
    paper, margin = (595.28, 841.89)[a_page == 1], 72 * sheet.page_margins.top

    heights = [sheet.row_dimensions[row].height or 0.0 for row in range(1, sheet.max_row + 1)]
    starts = [0, *(at.id for at in sheet.row_breaks.brk)]
    for start, end in zip(starts, [*starts[1:], len(heights)], strict=True):
        above = sum(heights[start : end - 4])
        assert 60 <= (paper - margin - above) / 72 * 25.4 <= 60.4
        assert sum(heights[start:end]) <= paper - 2 * margin
        assert all(height <= 409 for height in heights[start:end])


def test_where_the_school_has_said_nothing_a_line_is_left_for_the_pen() -> None:
    one = drawn()
    made = slips(one, rank(one), AWARDS.empty(), made=MADE)[0]
    said = drawn(家长信电话="0000-1", 家长信接待时间="周一下午")

    assert "电话：＿＿" in told(made)
    text = told(slips(said, rank(said), AWARDS.empty(), made=MADE)[0])
    assert "电话：0000-1" in text
    assert "来电、来校的时间：周一下午" in text


def test_the_reply_names_the_child_and_the_day_it_is_due() -> None:
    made = slips(drawn(), rank(drawn()), AWARDS.empty(), made=MADE)[0]
    text = told(made)

    assert f"{made.due.month}月{made.due.day}日前交给班主任" in text
    assert (made.due - made.day).days == 7
    assert "1班　甲小一　□ 已读" in text


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

    assert "沿虚线裁开" in capsys.readouterr().out
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
