"""Who gets a class's page: its homeroom teacher and no one else, whatever the school looks like."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drawn import frame, looks_like
from tests.support.fake_book import FakeBook
from xlbangfu import actions
from xlbangfu.actions import Call
from xlbangfu.mail.ledger import SENT, Entry
from xlbangfu.mail.outlet import Result
from xlbangfu.mail.recipients import recipients
from xlbangfu.rules.mail_addresses import doubts, meant
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, OUTBOX, TEACHERS

CALL = Call(user="王老师", now=datetime(2026, 6, 30, 10, 20), agrees=lambda _: True)


def decided(teachers: str, classes: str) -> pl.DataFrame:
    frames = {TEACHERS: frame(TEACHERS, teachers), CLASSES: frame(CLASSES, classes)}
    return recipients(School.of(frames, today=CALL.today), frames)


def test_each_class_goes_to_its_own_homeroom_teacher_and_two_classes_may_have_one() -> None:
    looks_like(
        decided(
            """
            工号 | 姓名 | 邮箱               | 在岗
            T1   | 甲   | jia@school.edu.cn  | 是
            T2   | 乙   | yi@school.edu.cn   | 是
            """,
            """
            班级 | 年级 | 班主任
            1班  | 初一 | T1 甲
            2班  | 初一 | 乙
            3班  | 初一 | T1
            """,
        ),
        """
        班级 | 收件人 | 邮箱              | 拒绝
        1班  | 甲     | jia@school.edu.cn |
        2班  | 乙     | yi@school.edu.cn  |
        3班  | 甲     | jia@school.edu.cn |
        """,
    )


@pytest.mark.parametrize(
    ("teacher", "homeroom", "reason"),
    [
        ("T1 | 甲 | jia@school.edu.cn | 是", "", "没有班主任"),
        ("T1 | 甲 | jia@school.edu.cn | 是", "T9", "对不上"),
        ("T1 | 甲 | jia@school.edu.cn | 否", "T1", "不在岗"),
        ("T1 | 甲 | | 是", "T1", "没有邮箱"),
        ("T1 | 甲 | jia@qq.con | 是", "T1", "是不是 qq.com"),
        ("T1 | 甲 | jia@16.com | 是", "T1", "是不是 163.com"),
        ("T1 | 甲 | jia@school.edu.cn、yi@school.edu.cn | 是", "T1", "几个邮箱"),
        ("T1 | 甲 | jia @school.edu.cn | 是", "T1", "空格"),
        ("T1 | 甲 | jia＠school.edu.cn | 是", "T1", "全角"),
        ("T1 | 甲 | jia.school.edu.cn | 是", "T1", "不像邮箱地址"),
        ("T1 | 甲 | yi@school.edu.cn | 是", "T1", "和乙的一样"),
        ("T1 | 甲 | YI@School.edu.cn | 是", "T1", "和乙的一样"),
    ],
)
def test_a_class_is_refused_with_the_reason(teacher: str, homeroom: str, reason: str) -> None:
    teachers = f"工号 | 姓名 | 邮箱 | 在岗\n{teacher}\nT2 | 乙 | yi@school.edu.cn | 是"

    found = decided(teachers, f"班级 | 年级 | 班主任\n1班 | 初一 | {homeroom}")

    assert reason in found["拒绝"][0]


def test_an_address_that_someone_who_left_had_may_be_used_again() -> None:
    found = decided(
        "工号 | 姓名 | 邮箱 | 在岗\nT1 | 甲 | c1@school.edu.cn | 是\nT2 | 乙 | c1@school.edu.cn | 否",
        "班级 | 年级 | 班主任\n1班 | 初一 | T1",
    )

    assert found["拒绝"].to_list() == [None]


def test_a_domain_that_three_teachers_have_is_the_schools_own() -> None:
    few, many = ["a@1qq.com", "b@1qq.com"], ["a@1qq.com", "b@1qq.com", "c@1qq.com"]

    assert doubts(pl.Series(few)).null_count() == 0
    assert doubts(pl.Series(many)).null_count() == 3


@pytest.mark.parametrize("domain", ["qq.com", "163.com", "126.com", "263.com", "school.edu.cn", "sina.cn", "sina.com"])
def test_a_right_domain_is_left_alone(domain: str) -> None:
    assert meant(domain) == ""


class Recorder:
    """A way out that takes everything and remembers for which class to which address."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def deliver(self, entry: Entry, mail: bytes) -> Result:  # noqa: ARG002 - the shape of an outlet
        parsed = message_from_bytes(mail, policy=policy.default)
        (address,) = parsed["To"].addresses
        (name,) = [part.get_filename() for part in parsed.iter_attachments()]  # type: ignore[attr-defined]  # EmailMessage
        self.sent.append((name.split("_")[0], address.addr_spec))
        return Result(SENT, "250 ok")

    def close(self) -> None:
        return


NAMES = ["甲", "乙", "丙", "丁"]
ADDRESSES = [
    *(f"t{number}@school.edu.cn" for number in range(4)),
    "T1@school.edu.cn",
    "one@qq.com",
    "two@qq.con",
    "几个@x.cn",
    "a@b.cn,c@d.cn",
    "",
]
TEACHER = st.tuples(st.sampled_from(NAMES), st.sampled_from(ADDRESSES), st.sampled_from(["是", "是", "是", "否"]))


@st.composite
def schools(draw: st.DrawFn) -> tuple[list[tuple[str, str, str, str]], dict[str, str]]:
    """Teachers (工号, 姓名, 邮箱, 在岗) and for each class what stands in 班主任."""
    staff = [(f"T{number}", *one) for number, one in enumerate(draw(st.lists(TEACHER, max_size=5)))]
    numbers = [number for number, *_ in staff]
    labels = [f"{number} {name}" for number, name, *_ in staff]
    rooms = draw(st.lists(st.sampled_from([*numbers, *labels, *NAMES, "T9", ""]), min_size=1, max_size=5))
    return staff, {f"初一{place}班": typed for place, typed in enumerate(rooms, 1)}


def wanted(staff: list[tuple[str, str, str, str]], rooms: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What 班级 and 教师 say, read as a person would."""
    for class_name, typed in rooms.items():
        found = [one for one in staff if typed in (one[0], one[1], f"{one[0]} {one[1]}")]
        if len(found) != 1 or found[0][3] != "是":
            continue
        number, _, address, _ = found[0]
        others = [one[2].lower() for one in staff if one[0] != number and one[3] == "是"]
        plain = unicodedata.normalize("NFKC", address)
        if plain.isascii() and plain.count("@") == 1 and not plain.endswith(".con") and plain.lower() not in others:
            yield class_name, plain


@given(schools())
@settings(max_examples=12, deadline=None)
def test_what_is_sent_is_what_班级_and_教师_say(
    drawn: tuple[list[tuple[str, str, str, str]], dict[str, str]],
) -> None:
    staff, rooms = drawn
    outlet = Recorder()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("xlbangfu.actions.send_mail.outlet_of", lambda _: outlet)
        book = school_book(staff, rooms).at(Path(folder))
        actions.perform("mail", book, CALL)
        tick_all(book)
        actions.perform("send", book, CALL)
        actions.perform("send", book, CALL)

    assert Counter(outlet.sent) == Counter(wanted(staff, rooms))
    assert [row[0] for row in book.sheets["发件箱"][1:]] == list(rooms)


def school_book(staff: list[tuple[str, str, str, str]], rooms: dict[str, str]) -> FakeBook:
    students = [[f"0{place}", f"生{place}", "男", class_name, "在读"] for place, class_name in enumerate(rooms, 1)]
    return FakeBook(
        {
            "教师": [
                ["工号", "姓名", "角色", "任教科目", "任教班级", "邮箱", "帮扶上限", "在岗"],
                *([number, name, "班主任", "", "", address, "", duty] for number, name, address, duty in staff),
            ],
            "班级": [
                ["班级", "年级", "班主任", "包班行政"],
                *([class_name, "初一", typed, ""] for class_name, typed in rooms.items()),
            ],
            "名册": [["学号", "姓名", "性别", "班级", "在籍状态"], *students],
            "科目": [
                ["年级", "科目", "满分", "优秀线", "及格线", "低分线", "计入总分"],
                ["", "语文", 100.0, 85.0, 60.0, 40.0, "是"],
            ],
        }
    )


def tick_all(book: FakeBook) -> None:
    grid = book.sheets[OUTBOX.name]
    place = grid[0].index("发送")
    for row in grid[1:]:
        row[place] = "√"
