"""``demo``: an invented school with everything that a term's work makes, or the returns of many schools."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.catalog import BY_NAME, PAPER
from xlbangfu.cli.making import host_here, new_path
from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, call_of, finish
from xlbangfu.declarations import Option
from xlbangfu.errors import BadArgument

if TYPE_CHECKING:
    from xlbangfu.actions import Call, Outcome
    from xlbangfu.book.closed.closed_book import ClosedBook

_BOOK, _CAME_BACK = "帮扶总表.xlsm", "交回的页"
_PAPERS = ("计划", "简报", "月报", "总结", "奖状")
_STEPS: tuple[tuple[str, Mapping[Option[Any], Any]], ...] = (
    ("run", {}),
    ("teacher_pages", {}),
    ("screen", {}),
    ("dropouts", {}),
    ("honours", {}),
    ("honours_accept", {}),
    ("quality", {}),
    ("briefing", {}),
    ("paper", {PAPER: _PAPERS}),
    ("slips", {}),
    ("opinions", {}),
    ("return", {}),
)


class _Tour(Struct, frozen=True, kw_only=True):
    """What the demo made, as far as it is named: the workbook, and a class page that came back filled as well."""

    book: Path
    class_page: Path

    def lines(self) -> Iterator[str]:
        """For a newcomer: what lies where, and what to try."""
        yield f"打开“{self.book}”看总表：从“控制台”开始，再看“排查”“疑似辍学”“排名”“评优”“荣誉”“质量分析”“学校一页”。"
        yield f"打开“{self.class_page}”看一个班的班级页；文件夹“班级页”里每班一份，“帮扶页”里每位有结对的教师一份。"
        yield f"文件夹“文书”里是 Word 文书：{'、'.join(_PAPERS)}；一生一策、检查目录，点“文书”再选。"
        yield "文件夹“家长信”“意见表”是给家长和学生的，“上报”是交教育局的数，没有学生姓名。"
        came = self.book.with_name(_CAME_BACK)
        yield f"文件夹“{_CAME_BACK}”里是填好交回的一份班级页、一份帮扶页，还没有收。在总表里点“收回班级页”选它们，或者运行：{_collect(self.book, came)}"
        yield "文件夹“备份”里是每一步之前的总表。"
        yield "学校和学生都是虚构的；想用自己的数据：xlbangfu new 帮扶总表.xlsm，再 xlbangfu import。"


def demo(options: Namespace, bar: Bar) -> int:
    """``demo``: a school with two terms behind it, and every page and paper that its staff would make."""
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    if options.county:
        return _county(options, bar)
    book, call = new_path(folder / _BOOK), call_of(options)
    _is_free(folder)
    bar("做一所虚构学校", 0.02)
    _make_school(book, call)
    outcomes = dict(_do_all(book, call, bar))
    tour = _Tour(book=book, class_page=_send_back(folder, call, outcomes))
    *_, last = outcomes.values()
    return finish(options, replace(outcomes["run"], next_step=last.next_step), list(tour.lines()))


def _is_free(folder: Path) -> None:
    for name in dict.fromkeys([_CAME_BACK, *(BY_NAME[step].out for step, _ in _STEPS)]):
        if name and (folder / name).exists():
            raise BadArgument(f"“{folder / name}”已经有了，没有动它；请换一个文件夹。")


def _make_school(book: Path, call: Call) -> None:
    from xlbangfu import sample
    from xlbangfu.book import template

    frames = sample.make_example().frames
    template.build(book, frames=frames, host=host_here(None), created=call.now.replace(microsecond=0))


def _do_all(book: Path, call: Call, bar: Bar) -> Iterator[tuple[str, Outcome]]:
    """Each step as its button does it, with the folders that a button takes."""
    from xlbangfu import actions
    from xlbangfu.book.closed.closed_book import ClosedBook

    for place, (name, typed) in enumerate(_STEPS):
        if name == "honours_accept":
            _tick_the_first(ClosedBook(book, action=name))
        progress = _part_of(bar, 0.1 + 0.85 * place / len(_STEPS), 0.85 / len(_STEPS))
        asked = replace(call, options=typed, agrees=lambda _: True)
        outcome = actions.perform(name, ClosedBook(book, action=name, progress=progress), asked)
        if outcome:
            yield name, outcome


def _tick_the_first(book: ClosedBook) -> None:
    """What staff would tick in 评优: whoever stands first."""
    import polars as pl

    from xlbangfu.schema import HONOURS

    first = book.read(HONOURS)[HONOURS].filter(pl.col("顺序") == 1)
    book.amend(HONOURS, first.select(*HONOURS.keys, pl.lit("√").alias("采纳")))
    book.save()


def _part_of(bar: Bar, first: float, share: float) -> Any:
    return lambda text, done: bar(text, first + share * done)


def _send_back(folder: Path, call: Call, outcomes: Mapping[str, Outcome]) -> Path:
    """A filled class page and a filled teacher page into a folder of their own; the page as it went out."""
    from xlbangfu import sample
    from xlbangfu.sample.filled_page import fill_class_page, fill_teacher_page, fullest

    came, saved = folder / _CAME_BACK, call.now + timedelta(minutes=1)
    came.mkdir()
    class_page = fullest(outcomes["run"].files, sample.STILL_OUT)
    teacher_page = fullest(outcomes["teacher_pages"].files)
    fill_class_page(class_page, came / class_page.name, sample.TODAY, saved)
    fill_teacher_page(teacher_page, came / teacher_page.name, sample.TODAY, saved)
    return class_page


def _collect(book: Path, came: Path) -> str:
    return " ".join(["xlbangfu collect", f'"{book}"', *(f'"{path}"' for path in sorted(came.iterdir()))])


def _county(options: Namespace, bar: Bar) -> int:
    """``demo --county N``: the returns of invented schools, and what the bureau makes of them."""
    from xlbangfu.county.made_county import write_county
    from xlbangfu.county.rollup import Rollup, roll_up

    if not 1 <= options.county <= 100_000:
        raise BadArgument("--county 应当在 1 到 100000 之间。")
    came, out = options.folder / "收到的上报", options.folder / "汇总.xlsx"
    if came.exists():
        raise BadArgument(f"“{came}”已经有了，没有动它；请换一个文件夹。")
    bar("做各校的上报", 0.05)
    write_county(came, options.county)
    done = roll_up(Rollup(folders=(came,), out=out, keep=options.folder / "汇总_已读", workers=1), bar)
    again = f'xlbangfu county "{came}" --out "{out}"'
    lines = [*done.lines, f"打开“{out}”看汇总，“{came}”里是各校交来的；学校都是虚构的。", f"再做一次：{again}"]
    answer(options, {"out": str(out), "schools": done.schools, "asks": done.asks}, lines)
    return 0
