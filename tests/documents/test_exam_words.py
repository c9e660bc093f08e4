"""What titles say of an exam: kind, ordinal, 学期, day, 年级; and whether two mean one exam."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from xlbangfu.documents.importing.exam_days import day_words
from xlbangfu.documents.importing.exam_words import ExamWords, Registered, Same, same_exam
from xlbangfu.documents.importing.school_terms import Term, term_words, terms_of_day
from xlbangfu.settings import Settings

SCHOOL = replace(
    Settings(),
    term="2026-2027下",
    year_start=date(2026, 8, 24),
    year_end=date(2027, 7, 15),
    term_start=date(2027, 2, 22),
    term_end=date(2027, 7, 10),
)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-02",
        "2026.7.2",
        "2026/7/2",
        "2026年7月2日",
        "2026年7月2号",
        "２０２６．７．２",
        "20260702",
        "26.7.2",
        "二〇二六年七月二日",
        "考试日期：2026-07-02",
        "期末（2026年7月2日）",
        "2026年7月2日—3日",
        "2026.7.2-7.4",
        "2026年7月2日至7月4日",
        "2026-07-02(星期四)",
        "期末成绩2026年07月02日制表",
    ],
)
def test_a_day_is_read_in_every_spelling_and_of_several_the_first(text):
    assert day_words(text)[0].day == date(2026, 7, 2)


@pytest.mark.parametrize("text", ["7月2日", "7月2号期末", "七月二日", "7月2日-3日", "（7月2日）"])
def test_a_day_without_a_year_takes_it_from_the_school_year(text):
    assert day_words(text)[0].open_day == (7, 2)
    assert ExamWords.of(f"2025-2026学年第二学期期末{text}").day == date(2026, 7, 2)
    assert ExamWords.of(f"期末{text}").day is None


@pytest.mark.parametrize("text", ["2026年13月1日", "2026-02-30", "2月30日"])
def test_a_day_that_does_not_exist_is_no_day_and_is_told(text):
    words = day_words(text)[0]
    assert (words.day, words.open_day) == (None, None)
    assert words.wrong


@pytest.mark.parametrize("text", ["2026-2027学年", "2026级1班", "初一月考1", "满分150", "第3周", "20260199人", "2026"])
def test_other_numbers_are_no_day(text):
    assert day_words(text)[0].day is None
    assert day_words(text)[0].open_day is None


@given(
    st.dates(date(2010, 1, 1), date(2089, 12, 31)),
    st.sampled_from(["{0}-{1:02}-{2:02}", "{0}年{1}月{2}日", "{0}.{1}.{2}", "{0}/{1}/{2}", "{0}{1:02}{2:02}"]),
)
def test_every_day_is_read_back(day, form):
    assert day_words("期末" + form.format(day.year, day.month, day.day))[0].day == day


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2025-2026学年下学期", "2025-2026下"),
        ("2025—2026学年度第一学期", "2025-2026上"),
        ("2025~2026学年(下)", "2025-2026下"),
        ("2025/2026学年第2学期", "2025-2026下"),
        ("2025-26学年上期", "2025-2026上"),
        ("25-26下初一期中", "2025-2026下"),
        ("2025-2026-2", "2025-2026下"),
        ("2025学年第一学期", "2025-2026上"),
        ("2026年春季学期", "2025-2026下"),
        ("2026春", "2025-2026下"),
        ("2026年春期期末", "2025-2026下"),
        ("2026秋期中", "2026-2027上"),
        ("2026年秋季", "2026-2027上"),
    ],
)
def test_a_term_is_read_in_every_spelling(text, term):
    assert str(term_words(text)[0].term) == term


@pytest.mark.parametrize(
    ("text", "half"),
    [("上学期", "上"), ("第二学期", "下"), ("高一（下）期末", "下"), ("八年级上期末", "上"), ("秋季期中", "上")],
)
def test_a_term_without_a_year_is_open(text, half):
    words = term_words(text)[0]
    assert (words.half, words.term) == (half, None)


def test_the_first_half_of_a_calendar_year_may_be_either_term():
    assert [str(term) for term in ExamWords.of("2026年上学期期末").terms] == ["2026-2027上", "2025-2026下"]
    assert [str(term) for term in ExamWords.of("2026年上学期期末（2026-07-02）").terms] == ["2025-2026下"]


@pytest.mark.parametrize(
    ("day", "terms"),
    [
        (date(2026, 7, 2), ["2025-2026下"]),
        (date(2026, 3, 1), ["2025-2026下"]),
        (date(2026, 8, 3), ["2026-2027上"]),
        (date(2026, 11, 10), ["2026-2027上"]),
        (date(2027, 1, 31), ["2026-2027上"]),
        (date(2026, 8, 28), ["2026-2027上", "2025-2026下"]),
        (date(2027, 2, 3), ["2026-2027上", "2026-2027下"]),
    ],
)
def test_the_month_says_the_term_but_for_february_and_late_august(day, terms):
    assert [str(term) for term in terms_of_day(day)] == terms


@pytest.mark.parametrize(
    ("day", "term"),
    [(date(2026, 8, 28), "2026-2027上"), (date(2027, 2, 3), "2026-2027上"), (date(2027, 2, 25), "2026-2027下")],
)
def test_the_schools_own_dates_say_what_the_month_leaves_open(day, term):
    assert [str(one) for one in terms_of_day(day, SCHOOL)] == [term]


def test_a_day_and_a_term_must_agree():
    assert ExamWords.of("2026-2027学年第一学期期末（2026-07-02）").contradict
    assert not ExamWords.of("2025-2026学年第二学期期末（2026-07-02）").contradict
    assert not ExamWords.of("2026-2027学年第二学期期初（2027-02-20）").contradict


@pytest.mark.parametrize(
    ("text", "kind", "ordinal"),
    [
        ("第六次月考", "月考", 6),
        ("月考1", "月考", 1),
        ("月考（二）", "月考", 2),
        ("第三单元测试", "单元", 3),
        ("Unit 4", "单元", 4),
        ("一模", "模拟", 1),
        ("九年级第二次模拟考试", "模拟", 2),
        ("高三模拟三", "模拟", 3),
        ("期中联考", "期中", None),
        ("半期考试", "期中", None),
        ("期末质量检测", "期末", None),
        ("入学摸底", "摸底", None),
        ("数学竞赛", "竞赛", None),
    ],
)
def test_a_known_word_is_a_kind_and_its_ordinal_is_kept(text, kind, ordinal):
    words = ExamWords.of(text)
    assert (words.kind, words.ordinal) == (kind, ordinal)


@pytest.mark.parametrize(
    ("text", "ordinal"),
    [("质检", None), ("第二次调研", 2), ("初三二检", 2), ("市联考", None), ("周测3", 3), ("一诊", 1), ("段考", None)],
)
def test_another_word_is_an_exam_whose_kind_is_asked(text, ordinal):
    words = ExamWords.of(text)
    assert (words.kind, words.ordinal, words.names_exam) == (None, ordinal, True)


def test_two_kinds_in_one_title_are_asked():
    assert ExamWords.of("期末模拟").kinds == ("期末", "模拟")
    assert ExamWords.of("期末模拟").kind is None


@pytest.mark.parametrize("text", ["成绩表", "学生名册", "Sheet1", "语文", "规模", "必修一模块", "初一", "七(1)班", ""])
def test_other_titles_name_no_exam(text):
    assert not ExamWords.of(text).names_exam


@pytest.mark.parametrize(
    ("text", "month"), [("10月月考", 10), ("十二月月考", 12), ("九月份月考", 9), ("月考2", None), ("初一月考1", None)]
)
def test_a_monthly_exam_is_called_by_its_month(text, month):
    assert ExamWords.of(text).month == month


def test_the_nearest_text_speaks_first_and_what_differs_is_told():
    words = ExamWords.together(["期中", "2026-2027学年第一学期期末考试", "初一"])
    assert words.kind == "期中"
    assert str(words.terms[0]) == "2026-2027上"
    assert words.grades == ("初一",)
    assert words.differing == ("类型",)
    assert ExamWords.together(["第二次月考", "第三次月考"]).differing == ("次序",)
    assert ExamWords.together(["第二次月考", "2026-2027学年第一学期月考"]).differing == ()


AUTUMN = Term(2026, "上")


def registered(name, *, kind, day=None, grades=()):
    return Registered(kind=kind, term=AUTUMN, day=day, grades=frozenset(grades), words=ExamWords.of(name))


@pytest.mark.parametrize(
    ("text", "exam", "answer"),
    [
        ("期中", registered("期中考试", kind="期中", day=date(2026, 11, 10)), Same.YES),
        ("期中（2026年11月11日）", registered("期中", kind="期中", day=date(2026, 11, 10)), Same.MAYBE),
        ("期中（2026年12月11日）", registered("期中", kind="期中", day=date(2026, 11, 10)), Same.NO),
        ("期末", registered("期中考试", kind="期中"), Same.NO),
        ("第六次月考", registered("第五次月考", kind="月考"), Same.NO),
        ("第六次月考", registered("第六次月考", kind="月考"), Same.YES),
        ("月考1", registered("月考", kind="月考"), Same.MAYBE),
        ("月考", registered("月考", kind="月考"), Same.MAYBE),
        ("第三单元测试", registered("第四单元测试", kind="单元"), Same.NO),
        ("10月月考", registered("月考", kind="月考", day=date(2026, 10, 9)), Same.YES),
        ("10月月考", registered("12月月考", kind="月考"), Same.NO),
        ("月考（2026年10月9日）", registered("月考", kind="月考", day=date(2026, 10, 9)), Same.YES),
        ("质检（2026年10月9日）", registered("月考", kind="月考", day=date(2026, 10, 9)), Same.MAYBE),
        ("质检", registered("期中考试", kind="期中"), Same.MAYBE),
    ],
)
def test_ordinal_day_and_kind_tell_exams_apart(text, exam, answer):
    assert same_exam(ExamWords.of(text), exam, term=AUTUMN) is answer


def test_an_exam_of_another_term_or_grade_is_another():
    exam = registered("期中", kind="期中", grades={7})
    assert same_exam(ExamWords.of("期中"), exam, term=Term(2025, "上")) is Same.NO
    assert same_exam(ExamWords.of("期中"), exam, term=AUTUMN, grades=frozenset({8})) is Same.NO
    assert same_exam(ExamWords.of("期中"), exam, term=AUTUMN, grades=frozenset({7})) is Same.YES
    assert same_exam(ExamWords.of("期中"), exam) is Same.MAYBE
