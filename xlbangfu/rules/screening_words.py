"""The sentences of 排查: why a student is proposed, and on what evidence. Expressions over the columns of ``screening``."""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.numbers import half_up
from xlbangfu.rules.ranking import level_of
from xlbangfu.rules.recent_exams import COUNT, FAILED, MISSED, PASS_RATE, RATE, SHARE, UNFIT
from xlbangfu.rules.turnaround import LACKS, REASON
from xlbangfu.rules.wording import standing
from xlbangfu.schema import BORDERLINE, CARED, NEW
from xlbangfu.settings import Settings

PENDING, STAYS, LEAVES = "待定", "保留", "可退出"
STUDY, CONDUCT, BOTH = "学习", "行为规范", "双重"


def of_exam(settings: Settings) -> pl.Expr:
    """What one row of ``recent_exams`` says, such as 期中 2025-11-10：年级后 5%，不及格 2 科（数学、英语）.

    Where 「总表名次」 is 等级 it says the level and no place (DOMAIN rule 16), and so do the others here.
    """
    place = standing(pl.col(SHARE), (settings.screening_share, settings.key_share))
    level = pl.format("等级 {}", level_of(pl.col(RATE), settings.level_lines))
    parts = (
        pl.when(pl.col(SHARE).is_not_null()).then(place if settings.shows_places else level),
        pl.when(pl.col(MISSED) != "").then(pl.format("缺考 {}（按 0 分算）", MISSED)),
        pl.when(pl.col(COUNT) > 0).then(pl.format("不及格 {} 科（{}）", COUNT, FAILED)),
        pl.when(pl.col(UNFIT).is_not_null()).then(pl.format("{}，这次不算", UNFIT)),
    )
    return pl.format("{} {}：{}", "类型", "日期", _joined(parts, "，"))


def of_month() -> pl.Expr:
    """What one row of ``conduct.last_months`` says."""
    return pl.format("{} 纪律和品德平均 {} 分", "月份", _number(half_up(pl.col("_mean"), 2)))


def reason(settings: Settings) -> pl.Expr:
    """理由, one sentence for each way to be proposed."""
    meets = _joined((_study(settings), _conduct(settings), _key(settings)), "；")
    risk = _joined((_if("_left_behind", "留守"), _if("_hardship", "家庭困难")), "、")
    change, category = pl.col("变化"), pl.col("建议类别")
    return (
        pl.when(category == CARED)
        .then(pl.format("{}，学习和行为没有达到列入条件", risk))
        .when(category == BORDERLINE)
        .then(_borderline(settings))
        .when(change == LEAVES)
        .then(_joined((pl.format("进展建议转化：{}", REASON), _met_though_turned(meets)), "；"))
        .when(change == NEW)
        .then(meets)
        .when(change == PENDING)
        .then(_joined((_pending(settings), _key(settings)), "；"))
        .when(pl.col("_kind").is_not_null())
        .then(pl.format("仍达到列入条件：{}", meets))
        .otherwise(pl.format("{}，先保留；转化还差：{}", _not_yet(settings), LACKS))
    )


def evidence() -> pl.Expr:
    """依据: a line for each exam and month, and what 名册 says beside."""
    other = pl.col("_was").is_not_null() & (pl.col("_was") != pl.col("建议类别"))
    return _joined(
        (
            pl.col("_line"),
            pl.col("_marked"),
            pl.when(other).then(pl.format("名册现为“{}”", "_was")),
            pl.when(pl.col("_was").is_null()).then(pl.format("曾于 {} 退出", "退出日期")),
        ),
        "\n",
    )


def _study(settings: Settings) -> pl.Expr:
    return pl.when("_study").then(pl.format("最近 {} 次考试，{}", "_exams", _how(settings)))


def _how(settings: Settings) -> pl.Expr:
    """Which of the conditions were met in the exams that say anything."""
    each = pl.when(pl.col("_exams") > 1).then(pl.lit("都")).otherwise(pl.lit(""))
    below = _below(settings, settings.screening_share, "排查线")
    low = pl.format(f"{{}}{below}", each)
    failed = pl.format(f"{{}}有 {settings.screening_failing} 科及以上不及格", each)
    either = pl.format(
        f"{{}}达到条件（{below}，或 {settings.screening_failing} 科及以上不及格）",
        each,
    )
    return (
        pl.when(pl.col("_all_low") & pl.col("_all_failed"))
        .then(pl.concat_str(low, pl.lit("，也"), failed))
        .when("_all_low")
        .then(low)
        .when("_all_failed")
        .then(failed)
        .otherwise(either)
    )


def _pending(settings: Settings) -> pl.Expr:
    """Why it cannot be told yet whether the student should be on the list."""
    asked, held, exams = settings.screening_exams, pl.col("_held"), pl.col("_exams")
    few = (
        pl.when(held < asked)
        .then(pl.format(f"应看 {asked} 次，本年级只考过 {{}} 次", held))
        .otherwise(pl.format(f"应看 {asked} 次，能算的只有 {{}} 次", exams))
    )
    unknown = pl.format("最近 {} 次考试都没有能算的成绩，看不出该不该列入", held)
    return (
        pl.when(exams == 0)
        .then(unknown)
        .otherwise(pl.format("最近 {} 次能算的考试，{}（{}），还不能定", exams, _how(settings), few))
    )


def _conduct(settings: Settings) -> pl.Expr:
    every = "都" if settings.conduct_months > 1 else ""
    return pl.when("_conduct").then(
        pl.format(f"{{}} 纪律和品德平均{every}不高于 {settings.conduct_line:g} 分", "_which")
    )


def _key(settings: Settings) -> pl.Expr:
    several = pl.col("_risks") >= 2
    parts = (
        pl.when(pl.col("_low") & pl.col("_all_lowest")).then(pl.lit(_below(settings, settings.key_share, "重点线"))),
        pl.when(several & pl.col("_left_behind")).then(pl.lit("留守")),
        pl.when(several & pl.col("_hardship")).then(pl.lit("家庭困难")),
        pl.when(several & (pl.col("困难类型") == BOTH)).then(pl.lit(BOTH)),
    )
    return pl.when("_key").then(pl.format("重点：{}", _joined(parts, "、")))


def _met_though_turned(meets: pl.Expr) -> pl.Expr:
    """Said of who may leave by the class mean though the conditions are met: the school decides."""
    return pl.when(pl.col("_kind").is_not_null()).then(pl.format("但仍达到列入条件：{}，由学校定", meets))


def _not_yet(settings: Settings) -> pl.Expr:
    """Why a student who does not meet the conditions stays on the list."""
    asked, months = settings.screening_exams, settings.conduct_months
    exams_said = (
        pl.when(pl.col("_met") > 0)
        .then(pl.format("最近 {} 次考试有 {} 次达到列入条件", "_exams", "_met"))
        .when(pl.col("_held") == 0)
        .then(pl.lit("还没有考试"))
        .when(pl.col("_exams") == 0)
        .then(pl.format("最近 {} 次考试都没有能算的成绩", "_held"))
        .when(pl.col("_exams") < asked)
        .then(pl.format(f"能算的考试只有 {{}} 次，不够 {asked} 次", "_exams"))
        .otherwise(pl.format("最近 {} 次考试都没有达到列入条件", "_exams"))
    )
    months_said = (
        pl.when((pl.col("_bad") > 0) & (pl.col("_months") >= months))
        .then(pl.format("最近 {} 个月有 {} 个月行为评价达到列入条件", "_months", "_bad"))
        .when(pl.col("_months") == 0)
        .then(pl.lit("还没有行为评价"))
        .when(pl.col("_months") < months)
        .then(pl.format(f"行为评价只有 {{}} 个月，不够 {months} 个月", "_months"))
        .otherwise(pl.format(f"最近 {{}} 个月纪律和品德平均都高于 {settings.conduct_line:g} 分", "_months"))
    )
    return _joined((pl.when("_for_study").then(exams_said), pl.when("_for_conduct").then(months_said)), "；")


def _borderline(settings: Settings) -> pl.Expr:
    width = f"{settings.borderline:g}"
    rates = pl.format("总分得分率 {}，", _percent(pl.col(RATE)))
    line = _percent(pl.col(PASS_RATE))
    return (
        pl.when(pl.col(RATE).is_null())
        .then(pl.lit("没有可用的总分，先保留"))
        .when("_near")
        .then(pl.concat_str(rates, pl.format(f"在及格线 {{}} 上下 {width} 个百分点以内", line)))
        .when("_above")
        .then(pl.concat_str(rates, pl.format(f"已高出及格线 {{}} 超过 {width} 个百分点", line)))
        .otherwise(pl.concat_str(rates, pl.format(f"低于及格线 {{}} 超过 {width} 个百分点，先保留", line)))
    )


def _if(flag: str, text: str) -> pl.Expr:
    return pl.when(flag).then(pl.lit(text))


def _joined(parts: tuple[pl.Expr, ...], separator: str) -> pl.Expr:
    """The parts that there are."""
    return pl.concat_str(*parts, separator=separator, ignore_nulls=True)


def _number(value: pl.Expr) -> pl.Expr:
    return value.round(2).cast(pl.String).str.strip_suffix(".0")


def _percent(share: pl.Expr) -> pl.Expr:
    return pl.concat_str(_number(half_up(share * 100, 1)), pl.lit("%"))


def _below(settings: Settings, share: float, line: str) -> str:
    """That somebody is among the last of the 年级, by how many or, where no place is to be told, by the line's name."""
    return f"在年级后 {_share(share)}" if settings.shows_places else f"低于{line}"


def _share(share: float) -> str:
    """A share of 设置 as staff wrote it: 8%."""
    return f"{round(share * 100, 6):g}%"
