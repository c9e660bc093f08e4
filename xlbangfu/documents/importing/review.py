"""The sheets of an import: 导入核对, what is asked and what could not be used, and 导入记忆, what was answered for good."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from xlbangfu.documents.importing.draft import Fault
from xlbangfu.documents.importing.import_plan import ImportPlan
from xlbangfu.documents.importing.questions import Answers, Ask, Question
from xlbangfu.schema import MEMORY, OPTIONS, REVIEW

OPEN, RECALLED, ANSWERED = "要回答", "按记忆", "已回答"
DISMISSED = "知道了"
_ASKED = (OPEN, RECALLED, ANSWERED)
_USED, _KEPT = ("已按“", "”导入"), "，记在“导入记忆”里"
_TOGETHER = 20  # so many faults of a kind in one sheet are one row


def answers_of(review: pl.DataFrame, memory: pl.DataFrame) -> Answers:
    """The answers that staff gave in 导入核对 and those that 导入记忆 keeps.

    An answer that was used and is in 导入记忆 counts from there only, so that a row deleted there is forgotten; one that
    staff changed since counts again.
    """
    used = pl.concat_str(pl.lit(_USED[0]), pl.col("您的回答"), pl.lit(_USED[1] + _KEPT))
    fresh = pl.col("您的回答").is_not_null() & (
        (pl.col("种类") != ANSWERED) | (pl.col("程序认为") != used).fill_null(True)
    )
    asked = review.filter(pl.col("种类").is_in(_ASKED), fresh).select("编号", "您的回答").drop_nulls()
    kinds = {ask.value: ask.name for ask in Ask}
    kept = memory.select("提问", "表头", "列或词", "回答").drop_nulls(["提问", "回答"])
    return Answers(
        by_id=dict(asked.iter_rows()),
        remembered={
            (kinds[ask], shape or "", about or ""): answer
            for ask, shape, about, answer in kept.iter_rows()
            if ask in kinds
        },
    )


def dismissed(review: pl.DataFrame) -> frozenset[str]:
    """The ids of errors and remarks that staff have seen and put aside."""
    return frozenset(
        review.filter(~pl.col("种类").is_in(_ASKED), pl.col("您的回答").is_not_null())["编号"].drop_nulls()
    )


def review_rows(plan: ImportPlan, before: pl.DataFrame, files: Collection[str]) -> pl.DataFrame:
    """导入核对 after an import of ``files``: what is open first; what is open of other files stays as it was."""
    answers = plan.answers
    rows = [_question_row(question, OPEN, answers.by_id.get(question.id)) for question in answers.open]
    rows += [row for row in _fault_rows(plan.faults) if row["编号"] not in dismissed(before)]
    rows += [
        _question_row(question, RECALLED, None, thought=f"按上次的回答：{answer}；不对就在右边另选")
        for question, answer in answers.recalled
    ]
    rows += [
        _question_row(question, ANSWERED, answer, thought=_used(question, answer)) for question, answer in answers.given
    ]
    mine = pl.DataFrame(rows, schema=REVIEW.frame_schema)
    once = (pl.col("种类") == ANSWERED) & ~pl.col("程序认为").str.ends_with(_KEPT).fill_null(False)
    others = before.select(REVIEW.names).filter(
        ~pl.col("文件").is_in(list(files)),
        pl.col("种类").is_in([OPEN, "错误", "提醒"]) | once,
        ~pl.col("编号").is_in(mine["编号"].implode()),
    )
    still_there = ~pl.col("编号").is_in(list(dismissed(before)))
    return pl.concat([mine, others.filter(still_there)])


def learned_rows(plan: ImportPlan, memory: pl.DataFrame, now: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What 导入记忆 learns: rows to append, and answers to amend."""
    rows = [
        {
            "提问": question.ask.value,
            "列或词": question.about,
            "回答": answer,
            "表头": question.shape,
            "来自文件": question.file,
            "时间": now.replace(microsecond=0),
        }
        for question, answer in plan.answers.learned()
    ]
    learned = pl.DataFrame(rows, schema=MEMORY.frame_schema).unique(
        subset=list(MEMORY.keys), keep="last", maintain_order=True
    )
    known = memory.select(MEMORY.names)
    new = learned.join(known, on=list(MEMORY.keys), how="anti", maintain_order="left")
    there = learned.join(known.select(*MEMORY.keys, pl.col("回答").alias("_was")), on=list(MEMORY.keys), how="inner")
    return new, there.filter(pl.col("回答") != pl.col("_was")).select(MEMORY.names)


def _used(question: Question, answer: str) -> str:
    return f"{_USED[0]}{answer}{_USED[1]}{_KEPT if question.shape else ''}"


def question_facts(question: Question) -> dict[str, Any]:
    """A question for machines."""
    return {
        "id": question.id,
        "kind": question.ask.name,
        "question": question.ask.value,
        "file": question.file,
        "sheet": question.sheet,
        "about": question.about,
        "sample": list(question.sample),
        "thought": question.thought,
        "choices": list(question.choices),
        "free": question.free or not question.choices,
        "remembered": bool(question.shape),
    }


def question_line(question: Question) -> str:
    """A question as staff read it in a message."""
    place = f"{question.file}·{question.sheet}" if question.sheet else question.file
    sample = f"（{'、'.join(question.sample)}）" if question.sample else ""
    choices = f"：{' / '.join(question.choices[:6])}" if question.choices else ""
    return f"{place} {question.ask.value}？“{question.about}”{sample}，{question.thought}{choices}"


def _question_row(question: Question, kind: str, answer: str | None, *, thought: str = "") -> dict[str, Any]:
    return {
        "种类": kind,
        "文件": question.file,
        "工作表": question.sheet or None,
        "问题": f"{question.ask.value}？",
        "列或词": question.about,
        "样子": "、".join(question.sample) or None,
        "程序认为": thought or question.thought,
        "您的回答": answer,
        **dict(zip(OPTIONS, question.choices, strict=False)),
        "编号": question.id,
    }


def _fault_rows(faults: Sequence[Fault]) -> Iterable[dict[str, Any]]:
    kinds: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.where, fault.kind or fault.what, fault.column if not fault.kind else ""), []).append(
            fault
        )
    for (_, kind, _), group in kinds.items():
        if len(group) > _TOGETHER and group[0].kind:
            yield _fault_row(
                group[0], what=f"{kind}，共 {len(group)} 行：{'、'.join(f.name or f.number or '' for f in group[:5])}等"
            )
        else:
            yield from (_fault_row(fault) for fault in group)


def _fault_row(fault: Fault, *, what: str = "") -> dict[str, Any]:
    file, _, sheet = fault.where.partition("·")
    said = what or fault.what
    digest = hashlib.sha256("\n".join((fault.where, fault.cell, said)).encode()).hexdigest()
    return {
        "种类": fault.level if fault.level == "错误" else "提醒",
        "文件": file,
        "工作表": sheet or None,
        "单元格": fault.cell or (f"第 {fault.row} 行" if fault.row else None),
        "问题": said,
        "列或词": fault.column or None,
        "程序认为": fault.remedy,
        "学号": None if what else fault.number,
        "姓名": None if what else fault.name,
        OPTIONS[0]: DISMISSED,
        "编号": f"F-{digest[:8]}",
    }
