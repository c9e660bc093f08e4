"""One law for all that leaves the workbook (DOMAIN, Privacy): pages, mails, calendars, letters, and the ledgers beside it.

Every cell that must not leave has a marker in it; then every byte that was made is unpacked and looked through.
"""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from tests.support.layers import Layer, layers, of_folder
from tests.support.mail_school import outbox, passwords, set_up, tick
from xlbangfu import actions, sample
from xlbangfu.actions import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety.permissions import as_private_as
from xlbangfu.catalog import PAPER
from xlbangfu.errors.messages import log
from xlbangfu.rules.helpers import helpers
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    CLASSES,
    EXAMS,
    FILES,
    INPUTS,
    LOG,
    PAIRINGS,
    PASSWORDS,
    PLANS,
    ROSTER,
    RUNS,
    TEACHERS,
    Table,
    View,
)

MARK = "闾丘"  # in what no paper of the school may tell
OWN = "濮阳"  # in what only the page of the teacher who helps may tell
PHONE = "13812345678"
CODES = ("闾丘口令一二三", "闾丘-Kq7-口令", "闾丘帮扶口令")
OUT = ("班级页", "帮扶页", "邮件", "日程", "家长信", "意见表", "文书")
PAPERS = ("计划", "总结")  # for outside
MAILED = ("pages", "teacher_pages", "mail", "send", "remind")
ACTIONS = ("plan", "follow", "refresh", "honours", "calendar", *MAILED, "slips", "opinions")
MADE = datetime(2026, 6, 30)


def marked(frames: dict[Table, pl.DataFrame]) -> dict[Table, pl.DataFrame]:
    """The school with a marker in every cell that must not leave, and 学困 in what staff may have written anywhere."""
    file, log = frames[FILES], frames[LOG]
    private = [name for name in file.columns if name not in ("学号", "姓名", "班级") and file[name].dtype == pl.String]
    said = ["内容", "优点", "不足", "下次安排"]
    counselled = log.with_row_index("_at").select((pl.col("_at") % 2 == 0) | (pl.col("类型") == "心理咨询")).to_series()
    rooms = frames[CLASSES]["班级"][:2]
    return frames | {
        FILES: file.with_columns(pl.lit(f"{MARK}{name}{PHONE}").alias(name) for name in private),
        LOG: log.with_columns(pl.when(counselled).then(pl.lit("心理咨询")).otherwise("类型").alias("类型"))
        .with_columns(pl.lit(f"{MARK}{name}").alias(name) for name in said)
        .with_columns(
            pl.when(pl.col("类型") == "心理咨询").then(name).otherwise(pl.lit(f"{OWN}{name}")).alias(name)
            for name in ("内容", "下次安排")
        ),
        ROSTER: frames[ROSTER].with_columns(成因=pl.lit(f"{MARK}成因"), 留守=pl.lit("是"), 家庭困难=pl.lit("是")),
        PLANS: frames[PLANS].with_columns(
            目标=pl.lit(f"学困生达标，家访{MARK}的奶奶，电话 {PHONE}"), 措施=pl.lit(f"{OWN}措施；〔内部：{MARK}措施〕")
        ),
        PAIRINGS: frames[PAIRINGS].with_columns(转化目标=pl.lit(f"{MARK}转化")),
        EXAMS: frames[EXAMS].with_columns(名称=pl.col("名称") + "学困"),
        PASSWORDS: pl.concat([passwords(rooms, CODES[:2]), _for_a_teacher(frames)]),
    }


def _for_a_teacher(frames: dict[Table, pl.DataFrame]) -> pl.DataFrame:
    """A 口令 for someone who helps and has no class."""
    homerooms = frames[CLASSES]["班主任"].implode()
    helping = frames[PAIRINGS].filter(pl.col("类型") == "一对一", ~pl.col("教师").is_in(homerooms))["教师"][0]
    return pl.DataFrame({"班级": [None], "口令": [CODES[2]], "教师": [helping]}, schema=PASSWORDS.frame_schema)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that only its owner may read, and everything made of it that leaves."""
    path = tmp_path_factory.mktemp("leaving") / "帮扶总表.xlsm"
    frames = dict(sample.make(students=160, classes=4, exams=4, logs=200).frames)
    template.build(path, frames=marked(frames), created=MADE)
    path.chmod(0o600)
    with as_private_as(path):
        set_up(path, 学校名称="学困实验中学", 发件邮箱="office@school.cn")
    for name in ACTIONS:
        if name == "send":
            with as_private_as(path):
                tick(path)
        late = name == "remind"
        call = Call(user="王老师", now=datetime(2027, 1, 30) if late else MADE, agrees=lambda _: True)
        assert actions.perform(name, ClosedBook(path, action=name), call) is not None
    call = Call(user="王老师", now=MADE, options={PAPER: PAPERS})
    assert actions.perform("paper", ClosedBook(path, action="paper"), call) is not None
    return path


@pytest.fixture(scope="module")
def told(book: Path) -> list[Layer]:
    """All that the folders of what leaves hold, the mail ledger and the list of backups."""
    return [
        *(layer for folder in OUT for layer in of_folder(book.parent / folder, CODES)),
        *(
            layer
            for path in (*book.parent.glob("*.sqlite"), *(book.parent / "备份").glob("*.jsonl"))
            for layer in layers(path.name, path.read_bytes())
        ),
    ]


def test_all_that_can_leave_was_made(book: Path) -> None:
    for folder in OUT:
        assert [path for path in (book.parent / folder).iterdir() if path.is_file()], folder
    assert {"班级页", "帮扶页", "催交"} <= set(outbox(book)["种类"])


def own_students(book: Path) -> dict[str, set[str]]:
    """By teacher the 学号 of the own students."""
    school = School.of(ClosedBook(book).read(*INPUTS), today=MADE.date())
    return {label: set(those) for label, those in helpers(school).group_by("教师").agg("学号").iter_rows()}


def test_what_only_who_helps_may_read_stands_on_that_teachers_page_alone(book: Path, told: list[Layer]) -> None:
    labels = own_students(book)
    there = [where for where, text in told if OWN in text]
    assert there
    assert [where for where in there if not any(label in where for label in labels)] == []


def test_what_a_teacher_gets_names_no_student_but_the_own(book: Path, told: list[Layer]) -> None:
    everyone = ClosedBook(book).read(ROSTER)[ROSTER]["学号"].to_list()
    seen = 0
    for label, own in own_students(book).items():
        for where, text in told:
            if label in where:
                there = {number for number in everyone if number in text}
                assert there <= own, where
                seen += len(there)
    assert seen > 50


@pytest.mark.parametrize("word", [MARK, PHONE, "学困", "留守", "家庭困难"])
def test_nothing_that_leaves_says_it(word: str, told: list[Layer]) -> None:
    assert [where for where, text in told if word in text] == []


def test_what_a_class_gets_names_no_student_of_another(book: Path, told: list[Layer]) -> None:
    frames = ClosedBook(book).read(ROSTER, TEACHERS)
    staff = set(frames[TEACHERS]["姓名"])
    rows = frames[ROSTER].select("学号", "姓名", "班级").rows()
    rooms = {class_name for *_, class_name in rows}
    labels = own_students(book)
    of_classes = [one for one in told if not any(label in one[0] for label in labels)]
    texts = [(where, text) for where, text in of_classes if any(class_name in where for class_name in rooms)]
    assert len(texts) > 100
    for number, name, class_name in rows:
        namesake = name in staff or sum(other == name for _, other, _ in rows) > 1 or len(name) < 3
        for where, text in texts:
            if class_name not in where:
                assert number not in text, where
                assert namesake or name not in text, where


@pytest.mark.parametrize("action", ["quality", "briefing"])
def test_what_the_head_reads_names_no_student_and_no_number_of_one(book: Path, action: str) -> None:
    shown: dict[View, bytes] = {}
    closed = ClosedBook(book, action=action)
    vars(closed)["show"] = shown.update
    call = Call(user="王老师", now=MADE)
    assert actions.perform(action, closed, call) is not None
    frames = ClosedBook(book).read(ROSTER, TEACHERS)
    staff = set(frames[TEACHERS]["姓名"])
    told = [text for view, content in shown.items() for _, text in layers(view.name, content)]

    assert shown
    for number, name in frames[ROSTER].select("学号", "姓名").iter_rows():
        assert not any(number in text for text in told), number
        assert name in staff or len(name) < 3 or not any(name in text for text in told), name
    for word in (MARK, PHONE):
        assert not any(word in text for text in told)


def test_the_ledger_of_runs_has_no_password_and_nothing_of_the_data(book: Path) -> None:
    said = "".join(ClosedBook(book).read(RUNS)[RUNS]["说明"].drop_nulls())
    assert MARK not in said
    assert PHONE not in said


def test_files_tell_nothing_of_the_machine_or_of_who_made_them(book: Path, told: list[Layer]) -> None:
    for word in ("王老师", str(book.parent), Path.home().name + "/", "openpyxl", "XlsxWriter"):
        assert [where for where, text in told if word in text and ".jsonl" not in where] == [], word


@pytest.mark.skipif(os.name == "nt", reason="folders' permissions do it there")
def test_what_is_made_of_a_workbook_is_as_private_as_it(book: Path) -> None:
    open_ones = [path for path in book.parent.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_ones == []


@pytest.mark.skipif(os.name == "nt", reason="folders' permissions do it there")
def test_colleagues_who_may_read_the_workbook_may_read_what_is_made_of_it(tmp_path: Path) -> None:
    shared = tmp_path / "总表.xlsm"
    shared.touch()
    shared.chmod(0o664)
    before = os.umask(0o002)
    try:
        with as_private_as(shared):
            (tmp_path / "副本").touch()
        with as_private_as(tmp_path / "没有"):
            (tmp_path / "别的").touch()
        assert os.umask(0o002) == 0o002
    finally:
        os.umask(before)
    for name in ("副本", "别的"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o664


@pytest.mark.skipif(os.name == "nt", reason="the user's own folder is private there")
def test_the_log_of_errors_which_may_quote_a_cell_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    path = log(ValueError("青石巷 3 号"))

    assert "青石巷" in path.read_text(encoding="utf-8")
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path.parent, path)] == [0o700, 0o600]
