"""What the forms of a class say: plain frozen data, decided for those to whom letters go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from xlbangfu.documents.slips.letter_content import rooms
from xlbangfu.documents.slips.letter_facts import students_of
from xlbangfu.documents.slips.letter_words import unbranded
from xlbangfu.rules.school import School

SCORE = "老师的帮助"  # how parents and students read 帮扶满意度
PARENTS = {
    "学习态度": "孩子愿意学，肯动脑筋",
    "作业": "孩子按时写完作业",
    "纪律": "孩子守规矩，作息有规律",
    "品德": "孩子待人有礼、诚实",
    "参与": "孩子愿意参加班级和学校的活动",
    SCORE: "老师对孩子的关心和帮助",
}
STUDENTS = {
    "学习态度": "我愿意学，肯动脑筋",
    "作业": "我按时写完作业",
    "纪律": "我守纪律",
    "品德": "我待人有礼、诚实",
    "参与": "我愿意参加班级和学校的活动",
    SCORE: "老师对我的关心和帮助",
}


class ClassOpinions(Struct, frozen=True, kw_only=True):
    """The forms of one class: two for each of the ``names``. ``month`` is the 月份 under which the answers are entered."""

    class_name: str
    school: str
    term: str
    month: str
    day: date
    due: date
    made: datetime
    names: tuple[str, ...]


def opinion_forms(school: School, *, classes: Sequence[str] | None = None, made: datetime) -> list[ClassOpinions]:
    """The forms by class, in the order of 班级 and 学号, for those to whom 「家长信对象」 writes; classes without one are left out.

    ``school`` is without its errors. Raises BadArgument for a class that 班级 does not have.
    """
    wanted, settings = list(rooms(school, classes)), school.settings
    by_class: dict[str, list[str]] = {}
    for row in students_of(school, wanted).sort("学号").iter_rows(named=True):
        by_class.setdefault(row["班级"], []).append(row["姓名"] or "")
    return [
        ClassOpinions(
            class_name=name,
            school=unbranded(settings.school, settings.public_name),
            term=settings.term,
            month=f"{school.today:%Y-%m}",
            day=school.today,
            due=school.today + timedelta(days=settings.slip_days),
            made=made,
            names=tuple(by_class[name]),
        )
        for name in wanted
        if name in by_class
    ]
