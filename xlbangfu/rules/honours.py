"""Who could be honoured (DOMAIN rule 10), with the evidence; staff decide.

* The season is 「评优时段」; by itself it is 期末 once the term's 期末 was held, before that 期中.
* 期中: 班级十星 (``stars``).
* 期末: 学业进步生, the largest rises in percentile points in the term's 期末 against its baseline, in each class;
  品德优秀生, the highest mean of 品德 and 纪律 over the term, at least 「十星起评分」, in each class; the scholarship
  (优秀学困生奖学金 by its outward name 「奖学金名称」), the tracked students of each 年级 who rose and whose 进展 is 进步 or
  better, by percentile points. 顺序 is a competition rank, the best is 1; everyone tied with the last inside is inside.
* Only who is on the roll today.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import stars
from xlbangfu.rules.behaviour import CONDUCT_MARKS, MEAN, means
from xlbangfu.rules.prizes import FIRST, SECOND, THIRD
from xlbangfu.rules.progress import BETTER, latest, shown_change, with_changes
from xlbangfu.rules.school import School
from xlbangfu.rules.wording import quoted
from xlbangfu.schema import EXAMS, HONOURS

MIDTERM, FINAL = "期中", "期末"
BEST_PROGRESS, BEST_CONDUCT = "学业进步生", "品德优秀生"
AWARDED = (FIRST, SECOND, THIRD)
_REGULAR = (MIDTERM, FINAL, "月考")


@asks_much
def honours(school: School, ranking: pl.DataFrame, prizes: pl.DataFrame, progress: pl.DataFrame) -> pl.DataFrame:
    """评优, HONOURS's columns; by honour, 年级, 班级 and 顺序 (the stars by 年级, 班级, star)."""
    if season(school) == MIDTERM:
        found = stars.stars(school, _changes(school, ranking, _REGULAR))
    else:
        found = pl.concat(
            [
                _best_progress(school, ranking),
                _best_conduct(school),
                _scholars(school, prizes, progress),
            ]
        )
    return found.select(
        (pl.col(name) if name in found.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in HONOURS.frame_schema.items()
    )


def season(school: School) -> str:
    """期中 or 期末."""
    asked = school.settings.honours_season
    if asked != "自动":
        return asked
    return FINAL if _of_term(school, (FINAL,)).height else MIDTERM


def scholarship(school: School) -> str:
    """The outward name of 优秀学困生奖学金."""
    return school.settings.scholarship.replace("{对外称谓}", school.settings.public_name)


def won_prizes(school: School, prizes: pl.DataFrame) -> pl.DataFrame:
    """日期, 荣誉, 学号, 姓名, 班级, 依据 of the progress prizes of the term's 期中, 期末 and 月考."""
    exams = _of_term(school, _REGULAR).select("考试编号", "日期", "类型")
    return (
        prizes.filter(pl.col("奖项").is_in(AWARDED))
        .join(exams, on="考试编号", maintain_order="left")
        .select(
            "日期",
            pl.format("{}进步{}", "类型", "奖项").alias("荣誉"),
            "学号",
            "姓名",
            "班级",
            _gain(school).alias("依据"),
        )
    )


def _gain(school: School) -> pl.Expr:
    """What a prize is for: places gained, or the rise of the score rate where no place is to be told (DOMAIN rule 16)."""
    if school.settings.shows_places:
        return pl.format("{}：进步 {} 名", "考试编号", "进步名次")
    return pl.format("{}：得分率升 {} 个百分点", "考试编号", quoted((pl.col("得分率") - pl.col("基线得分率")) * 100))


def _of_term(school: School, kinds: tuple[str, ...]) -> pl.DataFrame:
    """The exams of this term up to today of those kinds, by date."""
    held = school[EXAMS].filter(pl.col("日期") <= school.today, pl.col("类型").is_in(kinds))
    return held.filter(pl.col("学期") == school.settings.term).sort("日期", "考试编号")


def _changes(school: School, ranking: pl.DataFrame, kinds: tuple[str, ...]) -> pl.DataFrame:
    """Each student's row of the term's latest exam of those kinds with a change against its baseline."""
    exams = _of_term(school, kinds).select("考试编号", "日期")
    rows = with_changes(ranking).drop_nulls("变化").join(exams, on="考试编号")
    return rows.sort("日期", maintain_order=True).unique("学号", keep="last", maintain_order=True)


def _best_progress(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    rose = _changes(school, ranking, (FINAL,)).filter(pl.col("变化") > 0)
    evidence = pl.format("{} 比 {} 升 {} 个百分点", "考试编号", "基线考试", quoted(shown_change()))
    rows = stars.present(school).join(
        rose.select("学号", "变化", evidence.alias("依据")), on="学号", maintain_order="left"
    )
    return _best(rows, BEST_PROGRESS, pl.col("变化"), "班级", school.settings.best_progress)


def _best_conduct(school: School) -> pl.DataFrame:
    marks = means(school, CONDUCT_MARKS, since=school.settings.term_start).drop_nulls(CONDUCT_MARKS)
    good = marks.filter(pl.col(MEAN) >= school.settings.star_score)
    evidence = pl.format(
        "本学期品德和纪律平均 {} 分（品德 {}、纪律 {}）",
        *(quoted(pl.col(name)) for name in (MEAN, "品德", "纪律")),
    )
    rows = stars.present(school).join(
        good.select("学号", MEAN, evidence.alias("依据")), on="学号", maintain_order="left"
    )
    return _best(rows, BEST_CONDUCT, pl.col(MEAN), "班级", school.settings.best_conduct)


def _scholars(school: School, prizes: pl.DataFrame, progress: pl.DataFrame) -> pl.DataFrame:
    """The tracked students who progressed most, with the prize of the same exam where they won one."""
    better = (
        latest(progress)
        .filter(pl.col("进展").is_in(BETTER), pl.col("变化") > 0)
        .join(_of_term(school, _REGULAR).select("考试编号"), on="考试编号", how="semi")
    )
    won = prizes.filter(pl.col("奖项").is_in(AWARDED)).select("考试编号", "学号", "奖项")
    known = better.join(won, on=["考试编号", "学号"], how="left")
    evidence = pl.format("{} {}，升 {} 个百分点", "考试编号", "进展", quoted(pl.col("变化")))
    evidence = pl.concat_str(evidence, pl.format("进步{}", "奖项"), separator="；", ignore_nulls=True)
    rows = stars.present(school).join(
        known.select("学号", "变化", evidence.alias("依据")), on="学号", maintain_order="left"
    )
    return _best(rows, scholarship(school), pl.col("变化"), "年级", school.settings.scholarships)


def _best(rows: pl.DataFrame, honour: str, worth: pl.Expr, within: str, most: int) -> pl.DataFrame:
    """The best ``most`` within each class or 年级, ties at the end included."""
    place = worth.rank("min", descending=True).over(within).cast(pl.Int64)
    return (
        rows.with_row_index("_at")
        .with_columns(place.alias("顺序"))
        .filter(pl.col("顺序") <= most)
        .sort(pl.col("_at").min().over(within), "顺序", "_at")
        .select(pl.lit(honour).alias("荣誉"), "学号", "姓名", "年级", "班级", "顺序", "依据")
    )
