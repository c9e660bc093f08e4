"""Honours: who could be honoured, and what staff ticked into the ledger."""

from __future__ import annotations

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import ranks, read_checked
from xlbangfu.actions.choose_rows import asked_with, hidden_ticks
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.errors import BadArgument
from xlbangfu.rules.school import School
from xlbangfu.rules.ticks import ticked
from xlbangfu.schema import AWARDS, HONOURS, NEW, PROBLEMS, RECORDED

_THERE = "已记入荣誉；"
_NAMED = 10  # rows that the answer names


class SeasonHonours(Struct, frozen=True):
    """The candidates, and the progress prizes of the term."""

    candidates: pl.DataFrame
    won: pl.DataFrame


class Confirmation(Struct, frozen=True):
    """What goes into 荣誉, the ticked rows that hold no more, and how many prizes are recorded as another one."""

    honours: pl.DataFrame
    prizes: pl.DataFrame
    gone: pl.DataFrame
    changed: int

    @property
    def rows(self) -> pl.DataFrame:
        return pl.concat([self.honours, self.prizes])


def honours(book: Book, call: Call) -> Outcome:
    """评优: the candidates of the season with the evidence beside each (DOMAIN rule 10)."""
    checked = read_checked(book, call)
    ledger = book.read(AWARDS)[AWARDS]

    sheet = _with_marks(find_honours(checked.school).candidates, ledger, checked.school)
    outcome = outcome_of(
        "honours", checked, call, rows=sheet.height, sentence=_candidates_summary(checked.school, sheet)
    )

    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet, HONOURS: sheet})


def honours_accept(book: Book, call: Call) -> Outcome | None:
    """确认荣誉: the ticked rows of 评优 that still hold, and the term's progress prizes, go to 荣誉 once.

    None if staff thought better of it. Raises BadArgument when a class has more ticked stars than 「十星人数」.
    """
    checked = read_checked(book, call)
    sheets = book.read(HONOURS, AWARDS)

    ledger, sheet = sheets[AWARDS].select(AWARDS.names), sheets[HONOURS]
    confirmed = confirm_ticks(checked.school, sheet, ledger, by=call.user)
    after = pl.concat([ledger, confirmed.rows])
    _check_stars(checked.school, after)
    hidden = hidden_ticks(book, HONOURS, ticked(sheet, HONOURS))
    if confirmed.rows.height and not call.agrees(asked_with(hidden, _question(confirmed))):
        return None
    counted = replace(checked, frames={**checked.frames, AWARDS: after})
    sentence = _acceptance_summary(confirmed) + hidden
    outcome = outcome_of("honours_accept", counted, call, rows=confirmed.rows.height, sentence=sentence)

    if confirmed.rows.height:
        book.append(AWARDS, confirmed.rows)
        book.reveal(AWARDS)  # staff are led there
    marked = {HONOURS: _with_marks(sheet, after, checked.school)} if sheet.height else {}
    return write(book, call, outcome, counted, {PROBLEMS: checked.sheet, **marked})


def find_honours(school: School) -> SeasonHonours:
    """The candidates and the prizes of a school that is without errors."""
    from xlbangfu.rules.honours import honours as candidates
    from xlbangfu.rules.honours import won_prizes
    from xlbangfu.rules.progress import progress

    ranked = ranks(school)
    came = progress(school, ranked.ranking)
    return SeasonHonours(candidates(school, ranked.ranking, ranked.prizes, came), won_prizes(school, ranked.prizes))


def confirm_ticks(school: School, sheet: pl.DataFrame, ledger: pl.DataFrame, *, by: str) -> Confirmation:
    """What the ticks of ``sheet`` (评优) and the prizes add to ``ledger`` (荣誉)."""
    from xlbangfu.rules.awards import changed_prizes, new_honours, new_prizes, recorded

    found, term = find_honours(school), school.settings.term
    chosen = ticked(sheet, HONOURS)
    key = ["荣誉", "学号"]
    held = chosen.join(found.candidates, on=key, how="semi", maintain_order="left")
    gone = chosen.join(found.candidates, on=key, how="anti", maintain_order="left")
    return Confirmation(
        new_honours(held, ledger, term=term, day=school.today, by=by),
        new_prizes(found.won, ledger, term=term, by=by),
        gone.filter(~recorded(gone, ledger, term)),
        changed_prizes(found.won, ledger),
    )


def _with_marks(sheet: pl.DataFrame, ledger: pl.DataFrame, school: School) -> pl.DataFrame:
    """The rows of 评优, those already in 荣誉 saying so."""
    from xlbangfu.rules.awards import recorded

    plain = pl.col("依据").str.strip_prefix(_THERE)
    there = recorded(sheet, ledger, school.settings.term)
    return sheet.with_columns(
        pl.when(there).then(_THERE + plain).otherwise(plain).alias("依据"),
        pl.when(there).then(pl.lit(RECORDED)).otherwise(pl.lit(NEW)).alias("状态"),
    )


def _check_stars(school: School, ledger: pl.DataFrame) -> None:
    """Refuse more stars of one class and term than 「十星人数」."""
    settings = school.settings
    mine = ledger.filter(pl.col("学期") == settings.term, pl.col("荣誉").is_in(list(settings.stars)))
    over = mine.group_by("班级").len().filter(pl.col("len") > settings.star_limit).sort("班级")
    if over.height:
        listed = "、".join(f"{name} {count} 颗" for name, count in over.iter_rows())
        raise BadArgument(
            f"每班最多 {settings.star_limit} 颗星，打 √ 的太多：{listed}；请在“评优”里去掉几个 √ 再确认。"
        )


def _question(confirmed: Confirmation) -> str:
    return (
        f"把 {confirmed.honours.height} 项荣誉、{confirmed.prizes.height} 个进步奖记进“荣誉”？"
        "荣誉只增不改，请先核对“评优”里的 √。"
    )


def _candidates_summary(school: School, sheet: pl.DataFrame) -> str:
    from xlbangfu.rules.honours import MIDTERM, season
    from xlbangfu.rules.stars import without_measure

    when = season(school)
    sentence = f"{when}评优有 {sheet.height} 名候选，看过依据，在“采纳”打 √，再点“确认荣誉”。"
    if not sheet.height:
        sentence = f"{when}评优还没有候选人：先填“评价”、导入成绩，或放宽设置里的「十星起评分」。"
    unmeasured = without_measure(school) if when == MIDTERM else []
    if unmeasured:
        sentence += f"{'、'.join(unmeasured)}没有写依据，请班主任推荐，或在设置「十星依据」里写上。"
    return sentence


def _acceptance_summary(confirmed: Confirmation) -> str:
    sentence = f"记进“荣誉”：{confirmed.honours.height} 项荣誉、{confirmed.prizes.height} 个进步奖。"
    if not confirmed.rows.height:
        sentence = "没有新的荣誉可记：在“评优”里打了 √ 的和进步奖都已经记过了。"
    if confirmed.gone.height:
        names = confirmed.gone.select(pl.concat_str("学号", "荣誉", separator=" ")).to_series().head(_NAMED)
        more = "等" if confirmed.gone.height > _NAMED else ""
        sentence += (
            f"有 {confirmed.gone.height} 项现在已不在候选之列，没有记，请重新点“评优”：{'、'.join(names)}{more}。"
        )
    if confirmed.changed:
        sentence += f"有 {confirmed.changed} 个进步奖和已记的奖项不同，没有改动。"
    return sentence
