"""What teachers and classes are held to account for (DOMAIN rule 11).

Teachers are those who owe a contact (by 落实), those with log entries in the term, and those with a student: 一对一 or
帮扶小组, in force on a day of the term up to today. Four parts, each a share from 0 to 1, weighted by 「考核权重」 (of 100):

* 记录完整: log entries of the term with both 内容 and 下次安排 ÷ entries.
* 落实: contacts made ÷ owed of 落实's rows in the teacher's name, at most 1. Who made none of what is owed has 0 here.
* 学生进展: the mean of 「进展得分」 over the teacher's students, each by the row of 进展 with data of the term's latest exam.
* 满意度: the mean of 帮扶满意度 of the term over the teacher's students' rows of 评价 ÷ 5.

Who has fewer entries than 「考核最少记录」 comes after those who have more, whatever the score (where entries have a weight at all):
three good entries do not make anyone the first. 依据 says so, and which fields the entries lack.

A part without data is null and gives its weight to the others in proportion. What is shown is in tenths, and the parts
add up to 总分 exactly: each part is the rise of the rounded running sum.

Classes have no score: 转化率 (who left the list this term, still on the roll, ÷ who was on it), 进步率 (进步 or better ÷
students with data), 辍学率 (of the term ÷ on the roll when it began), and 一票否决 with the numbers that led to it. 依据 counts
those of any special group by themselves too, each student once.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import people, roll
from xlbangfu.rules.numbers import divided, half_up
from xlbangfu.rules.progress import BETTER, STEPS, UNKNOWN, latest
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.special_groups import members
from xlbangfu.rules.wording import percent, quoted
from xlbangfu.schema import (
    APPRAISAL,
    CLASSES,
    CONDUCT,
    EXAMS,
    GROUP,
    LOG,
    ON_ROLL,
    ONE_TO_ONE,
    PAIRINGS,
    ROSTER,
    RUNNING,
    TEACHERS,
    TRACKED,
)

TEACHER, CLASS = "教师", "班级"
WRITTEN = ("内容", "下次安排")  # what makes an entry whole
PARTS = ("记录完整", "落实", "学生进展", "满意度")
_MOST_CONTENT = 5


@asks_much
def appraise(school: School, contacts: pl.DataFrame, progress: pl.DataFrame) -> pl.DataFrame:
    """考核, APPRAISAL's columns: teachers by 总分 (the best first, those with few entries after them, those without data last),
    then classes as 班级 has them.

    ``contacts`` is 落实 and ``progress`` 进展 of the same school.
    """
    came = _came(school, progress)
    rows = pl.concat([_teachers(school, contacts, came), _classes(school, came)], how="diagonal_relaxed")
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in APPRAISAL.frame_schema.items()
    )


def _span(school: School) -> tuple[date, date]:
    """First and last day that count: the term, up to today."""
    return school.settings.term_start, min(school.settings.term_end, school.today)


def _came(school: School, progress: pl.DataFrame) -> pl.DataFrame:
    """学号 and 进展 of the students with data of the term."""
    held = school[EXAMS].filter(pl.col("日期").is_between(*_span(school)))
    of_term = progress.filter(pl.col("考试编号").is_in(held["考试编号"].implode()), pl.col("进展") != UNKNOWN)
    return latest(of_term).select("学号", "进展")


def _teachers(school: School, contacts: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    students = _students(school)
    logged, contacted = _logged(school), _contacted(school, contacts)
    who = pl.concat([frame.select("工号") for frame in (students, logged, contacted)]).unique()
    labels = people.teacher_label(school[TEACHERS]).select("工号", pl.col("显示").alias("名称"))
    known = who.join(labels, on="工号")
    for part in (logged, contacted, _progressed(school, students, came), _satisfied(school, students)):
        known = known.join(part, on="工号", how="left")
    fewest = school.settings.appraisal_fewest if school.settings.appraisal_weights[0] else 0
    few = pl.col("_entries").fill_null(0) < fewest
    return (
        _scored(known, school.settings.appraisal_weights)
        .with_columns(_few=few)
        .sort(pl.col("总分").is_null(), "_few", "总分", "工号", descending=[False, False, True, False])
        .select(pl.lit(TEACHER).alias("对象"), "名称", "总分", *PARTS, _teacher_evidence(fewest))
    )


def _students(school: School) -> pl.DataFrame:
    """工号 and 学号 of every student that a teacher answers for on a day of the term, once each."""
    first, last = _span(school)
    pairings = school[PAIRINGS].filter(
        pl.col("类型").is_in([ONE_TO_ONE, GROUP]),
        (pl.col("开始日期") <= last).fill_null(True),
        (pl.col("状态") == RUNNING) | (pl.col("结束日期") >= first),
    )
    named = people.teacher_ids(pairings["教师"], school[TEACHERS]).alias("工号")
    return pairings.select(named, pl.col(STUDENT).alias("学号")).drop_nulls().unique()


def _logged(school: School) -> pl.DataFrame:
    """工号, how many log entries of the term (_entries), how many of them are whole (_whole) and how many lack each of
    WRITTEN, and the share."""
    entries = school[LOG].filter(pl.col("日期").is_between(*_span(school)))
    named = people.teacher_ids(entries["教师"], school[TEACHERS]).alias("工号")
    whole = pl.all_horizontal(pl.col(WRITTEN).is_not_null()).sum().cast(pl.Int64)
    lacking = [pl.col(name).is_null().sum().cast(pl.Int64).alias(f"_缺{name}") for name in WRITTEN]
    return (
        entries.with_columns(named)
        .drop_nulls("工号")
        .group_by("工号")
        .agg(pl.len().cast(pl.Int64).alias("_entries"), whole.alias("_whole"), *lacking)
        .with_columns((pl.col("_whole") / pl.col("_entries")).alias("_记录完整"))
    )


def _contacted(school: School, contacts: pl.DataFrame) -> pl.DataFrame:
    named = people.teacher_ids(contacts["责任教师"], school[TEACHERS]).alias("工号")
    return (
        contacts.with_columns(named)
        .drop_nulls("工号")
        .group_by("工号")
        .agg(pl.sum("应做").alias("_owed"), pl.sum("已做").alias("_made"))
        .filter(pl.col("_owed") > 0)
        .with_columns((pl.col("_made") / pl.col("_owed")).clip(0, 1).alias("_落实"))
    )


def _progressed(school: School, students: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    worth = dict(zip(reversed(STEPS), school.settings.progress_worth, strict=True))
    counts = [(pl.col("进展") == step).sum().cast(pl.Int64).alias(step) for step in STEPS]
    each = pl.col("进展").replace_strict(worth, return_dtype=pl.Float64)
    return students.join(came, on="学号").group_by("工号").agg(*counts, each.mean().alias("_学生进展"))


def _satisfied(school: School, students: pl.DataFrame) -> pl.DataFrame:
    first, last = (f"{day:%Y-%m}" for day in _span(school))
    marks = (
        school[CONDUCT]
        .filter(pl.col("月份").is_between(pl.lit(first), pl.lit(last)))
        .select(pl.col(STUDENT).alias("学号"), "帮扶满意度")
        .drop_nulls()
    )
    content = pl.mean("帮扶满意度")
    return (
        students.join(marks, on="学号")
        .group_by("工号")
        .agg(
            pl.len().cast(pl.Int64).alias("_answers"),
            content.alias("_content"),
            (content / _MOST_CONTENT).clip(0, 1).alias("_满意度"),
        )
    )


def _scored(known: pl.DataFrame, weights: tuple[float, ...]) -> pl.DataFrame:
    """The rows with the points of each part and 总分, in tenths that add up, and what each part is out of."""
    weight = {part: pl.when(_share(part).is_not_null()).then(pl.lit(w)) for part, w in zip(PARTS, weights, strict=True)}
    whole = pl.sum_horizontal(weight.values())
    points = {part: (_share(part) * weight[part]).fill_null(0.0) * 100 / whole for part in PARTS}
    running, before = pl.lit(0.0), pl.lit(0, dtype=pl.Int64)
    tenths: dict[str, pl.Expr] = {}
    for part in PARTS:
        running = running + points[part]
        upto = half_up(running * 10).cast(pl.Int64, strict=False)
        tenths[part], before = upto - before, upto
    counted = {part: weight[part].is_not_null() & (whole > 0) for part in PARTS}
    return known.with_columns(
        *(pl.when(counted[part]).then(divided(tenths[part], 1)).alias(part) for part in PARTS),
        *(pl.when(counted[part]).then(weight[part] * 100 / whole).alias(f"_{part}满分") for part in PARTS),
        pl.when(whole > 0).then(divided(before, 1)).alias("总分"),
    )


def _share(part: str) -> pl.Expr:
    return pl.col(f"_{part}")


def _teacher_evidence(fewest: int) -> pl.Expr:
    steps = [pl.when(pl.col(step) > 0).then(pl.format("{} {} 人", pl.lit(step), step)) for step in reversed(STEPS)]
    sentences = {
        "记录完整": pl.concat_str(pl.format("记录 {} 条，写全 {} 条", "_entries", "_whole"), _lacking_fields()),
        "落实": pl.format("应做 {} 次，已做 {} 次", "_owed", "_made"),
        "学生进展": pl.format("学生：{}", pl.concat_str(steps, separator="、", ignore_nulls=True)),
        "满意度": pl.format("满意度 {} 分（{} 份）", quoted(pl.col("_content")), "_answers"),
    }
    shown = [pl.when(_share(part).is_not_null()).then(sentences[part]) for part in PARTS]
    lacking = pl.concat_str(
        [pl.when(_share(part).is_null()).then(pl.lit(part)) for part in PARTS], separator="、", ignore_nulls=True
    )
    without = pl.when(lacking != "").then(pl.format("{}没有数据，权重按比例分给其他部分", lacking))
    most = pl.concat_str([quoted(pl.col(f"_{part}满分")) for part in PARTS], separator="、", ignore_nulls=True)
    out_of = pl.when(most != "").then(pl.format("各项满分依次 {}", most))
    few = pl.when("_few").then(
        pl.coalesce(
            pl.format("记录只有 {} 条，不到 {} 条，排在后面", "_entries", pl.lit(fewest)), pl.lit("没有记录，排在后面")
        )
    )
    return pl.concat_str([*shown, few, without, out_of], separator="；", ignore_nulls=True).alias("依据")


def _lacking_fields() -> pl.Expr:
    """（缺下次安排 3 条）, or nothing."""
    each = [
        pl.when(pl.col(f"_缺{name}") > 0).then(pl.format("缺{} {} 条", pl.lit(name), f"_缺{name}")) for name in WRITTEN
    ]
    fields = pl.concat_str(each, separator="、", ignore_nulls=True)
    return pl.when(fields != "").then(pl.format("（{}）", fields)).otherwise(pl.lit(""))


def _classes(school: School, came: pl.DataFrame) -> pl.DataFrame:
    first, last = _span(school)
    listed = (pl.col("列入日期") <= last).fill_null(True) & (pl.col("退出日期") >= first).fill_null(True)
    here = roll.on_roll(pl.lit(first - timedelta(days=1)))
    was_tracked = (pl.col("帮扶类别") == TRACKED).fill_null(False) & listed & here
    left = was_tracked & (pl.col("退出日期") <= last).fill_null(False) & (pl.col("在籍状态") == ON_ROLL)
    better = pl.col("进展").is_in(BETTER)
    dropped = roll.dropped_out(pl.lit(first), pl.lit(last))
    special = pl.col("学号").is_in(members(school[ROSTER])["学号"].unique().implode()).fill_null(False)
    figures = (
        school[ROSTER]
        .join(came, on="学号", how="left")
        .group_by("班级")
        .agg(
            was_tracked.sum().cast(pl.Int64).alias("_tracked"),
            left.sum().cast(pl.Int64).alias("_left"),
            pl.col("进展").count().cast(pl.Int64).alias("_known"),
            better.sum().cast(pl.Int64).alias("_better"),
            dropped.sum().cast(pl.Int64).alias("_dropped"),
            here.sum().cast(pl.Int64).alias("_began"),
            (special & (was_tracked | dropped)).sum().cast(pl.Int64).alias("_special"),
            (special & was_tracked).sum().cast(pl.Int64).alias("_special_tracked"),
            (special & better).sum().cast(pl.Int64).alias("_special_better"),
            (special & dropped).sum().cast(pl.Int64).alias("_special_dropped"),
        )
    )
    rates = {"转化率": ("_left", "_tracked"), "进步率": ("_better", "_known"), "辍学率": ("_dropped", "_began")}
    known = (
        school[CLASSES]
        .select("班级")
        .unique(maintain_order=True)
        .join(figures, on="班级", how="left", maintain_order="left")
        .with_columns(pl.col("^_.*$").fill_null(0))
        .with_columns(
            pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole)).alias(name)
            for name, (part, whole) in rates.items()
        )
    )
    return known.select(
        pl.lit(CLASS).alias("对象"), pl.col("班级").alias("名称"), *rates, _veto(school), _class_evidence()
    )


def _veto(school: School) -> pl.Expr:
    """Why the class is out of the running, or null; a line is not crossed by being at it."""
    dropout, turnaround = school.settings.dropout_veto, school.settings.turnaround_veto
    reasons = [
        pl.when(pl.col("辍学率") > dropout).then(
            pl.format(
                "辍学率 {}（{} 人）超过否决线 {}",
                percent(pl.col("辍学率")), "_dropped", percent(pl.lit(dropout)),
            )
        )
    ]  # fmt: skip
    if turnaround is not None:
        low = pl.format(
            "转化率 {}（{} 人中 {} 人）低于否决线 {}",
            percent(pl.col("转化率")), "_tracked", "_left", percent(pl.lit(turnaround)),
        )  # fmt: skip
        reasons.append(pl.when(pl.col("转化率") < turnaround).then(low))
    sentences = pl.concat_str(reasons, separator="；", ignore_nulls=True)
    return pl.when(sentences != "").then(sentences).alias("一票否决")


def _class_evidence() -> pl.Expr:
    whole = pl.format(
        "本学期帮扶 {} 人，转化 {} 人；有成绩可比的 {} 人，进步 {} 人；学期初在籍 {} 人，辍学 {} 人",
        "_tracked", "_left", "_known", "_better", "_began", "_dropped",
    )  # fmt: skip
    counts = ("_special_tracked", "_special_better", "_special_dropped")
    special = pl.format("其中特殊群体帮扶 {} 人，进步 {} 人，辍学 {} 人", *counts)
    some = pl.when(pl.col("_special") > 0).then(special)
    return pl.concat_str(whole, some, separator="；", ignore_nulls=True).alias("依据")
