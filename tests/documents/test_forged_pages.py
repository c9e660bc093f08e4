"""A page is taken for what its code says it is; whatever the code does not vouch for is asked about or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from tests.support.class_page_school import EDITION
from tests.support.fake_book import FakeBook
from tests.support.returned_pages import (
    CALL,
    HERE,
    LESSON,
    MARKS,
    SECRET,
    TALK,
    THERE,
    book,
    collect,
    entries,
    facts,
    filled,
    page,
    put,
    said,
)
from xlbangfu.actions import collect_pages
from xlbangfu.actions.page_editions import PageEdition
from xlbangfu.documents.class_page.page import page_id
from xlbangfu.documents.class_page.page_template import INFO_SHEET
from xlbangfu.documents.collect.page_opening import Workbook
from xlbangfu.documents.page_code import CODE_NAME, Origin, code_of, new_secret, origin_of
from xlbangfu.errors import UnreadableFile
from xlbangfu.mail.encryption import encrypt
from xlbangfu.schema import LOG, PASSWORDS

Change = Callable[[openpyxl.Workbook], None]
OF_THERE = TALK | {"学生": "0201 郑二"}


def moved_to_another_class(workbook: openpyxl.Workbook) -> None:
    """As a 班主任 would who knows how ids are made: class and id fit each other again."""
    cells = facts(workbook)
    cells["班级"].value = THERE
    cells["页编号"].value = page_id(cells["学校"].value, THERE, EDITION)


def without_code(workbook: openpyxl.Workbook) -> None:
    cells = facts(workbook)
    cells[CODE_NAME].value = None
    moved_to_another_class(workbook)


def with_a_code_of_ones_own(workbook: openpyxl.Workbook) -> None:
    moved_to_another_class(workbook)
    cells = facts(workbook)
    own = {name: str(cell.value) for name, cell in cells.items() if name != CODE_NAME}
    cells[CODE_NAME].value = code_of(new_secret(), own, ["0201 郑二"])


def newer(workbook: openpyxl.Workbook) -> None:
    facts(workbook)["版次"].value = "999999"


def another_student(workbook: openpyxl.Workbook) -> None:
    workbook[INFO_SHEET]["D2"] = "0105 帮手甲"


def sealed_anew(workbook: openpyxl.Workbook) -> None:
    facts(workbook)["校验·重点关爱学生"].value = "0" * 12


CHANGES = [moved_to_another_class, without_code, with_a_code_of_ones_own, newer, another_student, sealed_anew]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("agrees", [True, False])
def test_a_changed_page_is_refused_whatever_staff_answer(change: Change, agrees: bool, tmp_path: Path) -> None:
    one = book()

    with pytest.raises(UnreadableFile, match=r"改过|防伪码被去掉或换掉"):
        collect(one, put(tmp_path, filled([OF_THERE], change=change)), agrees=agrees)

    assert entries(one) == []


def test_a_page_with_a_code_of_another_workbook_is_asked_about(tmp_path: Path) -> None:
    elsewhere = page(THERE, edition=EDITION + timedelta(days=1), secret=new_secret())
    one, file = book(), put(tmp_path, filled([OF_THERE], of=elsewhere))

    with pytest.raises(UnreadableFile, match="不是这个总表做的"):
        collect(one, file)

    assert entries(one) == []


def test_a_code_does_not_mind_what_programs_do_to_blanks() -> None:
    code = code_of("K1", {"班级": "初二 1班"}, ["0101  王明"])

    assert origin_of(code, ["K1"], {"班级": "初二1班_x000D_\n"}, ["0101 王明"]) is Origin.OURS


def test_what_is_printed_of_an_edition_or_a_file_holds_no_secret() -> None:
    edition = PageEdition(number=1, made=EDITION, secret="geheim")
    printed = repr([edition, page(secret="geheim"), Workbook({}, {}, password="geheim")])

    assert "geheim" not in printed
    assert "PageEdition(1" in printed


def test_no_part_of_a_page_holds_the_secret() -> None:
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(filled([TALK]))) as package:
        assert not [name for name in package.namelist() if SECRET.encode() in package.read(name)]


class Questions:
    """Answers yes and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, question: str) -> bool:
        self.asked.append(question)
        return True


def collect_asking(one: FakeBook, *files: Path) -> list[str]:
    questions = Questions()
    call = replace(CALL, files=files, agrees=questions)
    collect_pages.collect(one.at(files[0].parent), call)
    return questions.asked


class TestPagesOfEarlierVersions:
    @pytest.fixture
    def files(self, tmp_path: Path) -> Iterator[list[Path]]:
        yield [
            put(tmp_path, filled([TALK], of=page(secret="")), "甲.xlsx"),
            put(tmp_path, filled([OF_THERE], of=page(THERE, secret="")), "乙.xlsx"),
        ]

    def test_all_of_them_are_asked_about_in_one_question(self, files: list[Path]) -> None:
        one = book(coded=False)

        (question,) = collect_asking(one, *files)

        assert "“甲.xlsx”（初二1班" in question
        assert "“乙.xlsx”（初二2班" in question
        assert "没有防伪码，是 0.3.0 以前的程序做的" in question
        assert len(entries(one)) == 2

    def test_the_very_same_file_is_not_asked_about_again(self, files: list[Path]) -> None:
        one = book(coded=False)
        collect_asking(one, *files)

        assert collect_asking(one, *files) == []
        assert len(entries(one)) == 2

    def test_another_state_of_it_is_asked_about_again(self, files: list[Path], tmp_path: Path) -> None:
        one = book(coded=False)
        collect_asking(one, *files)

        changed = put(tmp_path, filled([TALK, LESSON], of=page(secret="")), "甲2.xlsx")

        assert len(collect_asking(one, changed)) == 1

    def test_who_says_no_takes_none_and_each_is_named(self, files: list[Path], tmp_path: Path) -> None:
        one, ours = book(), put(tmp_path, filled([LESSON], of=page(edition=EDITION + timedelta(days=1))), "丙.xlsx")
        files = [put(tmp_path, filled([TALK], of=page(edition=EDITION - timedelta(days=9), secret="")), "甲.xlsx")]

        collect(one, *files, ours)

        assert [row["内容"] for row in entries(one)] == ["数学第三章"]
        assert "甲.xlsx" in said(one)


class TestClassesWithPassword:
    def with_passwords(self) -> FakeBook:
        one = book()
        one.sheets[PASSWORDS.name] += [[HERE, "桃李不言", ""], [THERE, "下自成蹊", ""]]
        return one

    def test_a_page_that_its_own_password_opens_is_taken_without_a_word(self, tmp_path: Path) -> None:
        one = self.with_passwords()

        assert collect_asking(one, put(tmp_path, encrypt(filled([TALK]), "桃李不言"))) == []
        assert len(entries(one)) == 1

    @pytest.mark.parametrize("password", ["", "下自成蹊"])
    def test_any_other_is_asked_about(self, password: str, tmp_path: Path) -> None:
        data = encrypt(filled([TALK]), password) if password else filled([TALK])

        (question,) = collect_asking(self.with_passwords(), put(tmp_path, data))

        assert "没有用本班或本人的口令加密" in question
        assert "桃李不言" not in question

    def test_a_page_is_asked_about_once_for_all_that_is_odd(self, tmp_path: Path) -> None:
        one = self.with_passwords()
        data = filled([TALK], of=page(edition=datetime(2026, 5, 1), secret=""))

        (question,) = collect_asking(one, put(tmp_path, data))

        assert "没有防伪码" in question
        assert "口令" in question


def test_a_page_corrects_only_rows_that_it_brought_itself(tmp_path: Path) -> None:
    """Another edition of the class, with a code that fits, brings the same entry with other words."""
    later = EDITION + timedelta(days=7)
    one = book(made=(EDITION, later))
    collect(one, put(tmp_path, filled([TALK], {"0102": MARKS})))
    was = [dict(row) for row in entries(one)]

    collect(
        one, put(tmp_path, filled([TALK | {"效果": 1}], {"0102": MARKS | {"作业": 1}}, of=page(edition=later))), days=8
    )

    assert entries(one)[:1] == was
    assert "没有覆盖" in said(one)


def test_a_deleted_student_is_not_taken_for_a_namesake(tmp_path: Path) -> None:
    """The page carries 0103 李想; he was deleted, and another 李想 has come to the class since."""
    one = book()
    roster = one.sheets["名册"]
    number = roster[0].index("学号")
    row = next(row for row in roster if row[number] == "0103")
    row[number] = "0199"

    collect(one, put(tmp_path, filled([TALK | {"学生": "李想"}, LESSON | {"学生": "0102"}])))

    assert [entry["学号"] for entry in entries(one)] == ["0102"]
    assert "李想" in said(one)
    assert "0199" not in [entry["学号"] for entry in one.read(LOG)[LOG].to_dicts()]
