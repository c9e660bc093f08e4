"""Reminders: classes whose page is later than 「收回期限」, and one mail ready for each."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import polars as pl
from msgspec.structs import replace

from tests.support.class_page_school import EDITION
from tests.support.fake_book import FakeBook
from tests.support.returned_pages import CALL, HERE, TALK, THERE, book, collect, filled, put, rows, school
from xlbangfu.actions import Outcome, remind_classes
from xlbangfu.mail.ledger import SENT, Ledger
from xlbangfu.rules import returns
from xlbangfu.rules.page_kinds import CLASS_PAGE
from xlbangfu.schema import COLLECTED, OUTBOX, RUNS, TEACHERS

LATE = EDITION + timedelta(days=9)


def with_addresses(one: FakeBook) -> FakeBook:
    grid = one.sheets[TEACHERS.name]
    at = grid[0].index("邮箱")
    for row in grid[1:]:
        row[at] = f"{row[0].lower()}@school.example.cn"
    return one


def remind(one: FakeBook, folder: Path, now: datetime = LATE) -> Outcome:
    return remind_classes.remind(one.at(folder), replace(CALL, now=now))


def outbox(one: FakeBook) -> dict[str, str]:
    return {row["班级"]: row["状态"] for row in rows(one, OUTBOX) if row["种类"] == "催交"}


def test_a_class_is_late_the_day_after_its_time_is_over() -> None:
    def late(days: int) -> list[Any]:
        out = pl.DataFrame({"班级": [HERE], "时间": [EDITION]}, schema=returns.out_schema(CLASS_PAGE))
        waiting = returns.waiting(school(), out, COLLECTED.empty())
        return returns.late(school(), waiting, EDITION.date() + timedelta(days=days)).select("班级", "逾期天数").rows()

    assert late(7) == []
    assert late(8) == [(HERE, 1)]


def test_only_classes_with_students_looked_after_owe_a_page() -> None:
    everyone = pl.DataFrame(
        {"班级": [HERE, THERE, "初三1班"], "时间": [EDITION] * 3}, schema=returns.out_schema(CLASS_PAGE)
    )

    assert returns.waiting(school(), everyone, COLLECTED.empty())["班级"].to_list() == [HERE, THERE]


def test_what_went_out_is_read_from_the_run_ledger() -> None:
    made = returns.made(book(made=(EDITION, LATE)).read(RUNS)[RUNS])

    assert dict(made.iter_rows()) == {HERE: LATE, THERE: LATE, "初三1班": LATE}


def test_it_is_read_from_the_codes_and_from_the_words_of_versions_that_had_none() -> None:
    words = f"班级页 2 份（班级:校验码）{HERE}:0123456789ab、{THERE}:0123456789ab"
    runs = pl.DataFrame(
        [
            {"时间": EDITION, "操作": "班级页", "说明": words, "校验码": None},
            {"时间": LATE, "操作": "一键完成", "说明": "班级页 1 份", "校验码": f"{HERE}:ba9876543210"},
        ],
        schema=RUNS.frame_schema,
    )

    assert dict(returns.made(runs).iter_rows()) == {HERE: LATE, THERE: EDITION}


def test_each_late_class_gets_one_mail_without_students_names(tmp_path: Path) -> None:
    one = with_addresses(book())
    collect(one, put(tmp_path, filled([TALK])))

    outcome = remind(one, tmp_path)

    assert [path.name for path in outcome.files] == ["初二2班_催交_2026-05-29.eml"]
    mail = message_from_bytes(outcome.files[0].read_bytes(), policy=policy.default)
    assert mail["To"].addresses[0].addr_spec == "t02@school.example.cn"
    assert mail["Subject"] == "初二2班 班级页还没有收到，原定 5月27日 前交"
    text = mail.get_body(("plain",)).get_content()
    assert text.startswith("钱老师：初二2班")
    assert not any(word in text for word in ("郑二", "吴二", "学困", "附件"))
    assert outbox(one) == {THERE: "待发"}
    assert "初二2班" in outcome.sentence


def test_nobody_late_is_said_and_makes_no_mail(tmp_path: Path) -> None:
    outcome = remind(with_addresses(book()), tmp_path, EDITION + timedelta(days=7))

    assert outcome.sentence.startswith("没有过了期限还没交回的。")
    assert not (tmp_path / "邮件").exists()


def test_a_class_without_an_address_is_named_with_the_reason(tmp_path: Path) -> None:
    one = book()

    outcome = remind(one, tmp_path)

    assert outbox(one) == {HERE: "拒绝", THERE: "拒绝"}
    assert "2 份寄不了" in outcome.sentence


def test_who_was_reminded_is_left_in_peace_for_a_while_and_then_reminded_again(tmp_path: Path) -> None:
    one = with_addresses(book())
    remind(one, tmp_path)
    with Ledger.opened(tmp_path / "帮扶总表.xlsm") as ledger:
        for entry in ledger.entries():
            ledger.finish(entry.key, SENT, "", LATE)

    assert remind(one, tmp_path, LATE + timedelta(days=3)).files == ()
    again = remind(one, tmp_path, LATE + timedelta(days=8))

    assert len(again.files) == 2
    with Ledger.opened(tmp_path / "帮扶总表.xlsm") as ledger:
        assert [entry.state for entry in ledger.entries()] == [SENT, SENT, "待发", "待发"]


def test_a_page_that_came_back_takes_its_reminder_out_of_the_outbox(tmp_path: Path) -> None:
    one = with_addresses(book())
    remind(one, tmp_path)

    collect(one, put(tmp_path, filled([TALK])), days=8)
    remind(one, tmp_path, LATE + timedelta(days=2))

    assert outbox(one) == {THERE: "待发"}
