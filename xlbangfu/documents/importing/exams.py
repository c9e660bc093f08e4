"""Which exam marks are of: a registered one, a new one, or asked. No date is made up (DOMAIN rule 13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

import polars as pl
from msgspec.structs import replace

from xlbangfu.book.reading import cells
from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.exam_days import day_words
from xlbangfu.documents.importing.exam_words import ExamWords, Registered, Same, same_exam
from xlbangfu.documents.importing.heading_words import MOMENT
from xlbangfu.documents.importing.questions import LEAVE_OUT, Ask, Question
from xlbangfu.documents.importing.school_terms import Term, term_words, terms_of_day
from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.class_mentions import class_mentions, grade_mentions
from xlbangfu.rules.class_names import FoundGrade
from xlbangfu.rules.people import split
from xlbangfu.schema import EXAMS

NEW, OTHER = "新考试：", "另一次考试："
KINDS = tuple(EXAMS["类型"].choices)
_SCHOOL_WIDE = ("期中", "期末")
_SCORES = late_pattern(r"(学生)?(各科)?成绩(汇总|统计|登记|一览|明细|总|册)?(表|单|册|册表)?$|(汇总|统计)表$")
_ASIDE = late_pattern(r"[(（\[].*?[)）\]]|(考试)?(日期|时间)[:：].*$")
_TERM_NAMES = {"上": "第一学期", "下": "第二学期"}
_FIRST_WEEKS, _FINAL_WEEKS = timedelta(weeks=5), timedelta(weeks=7)
_OFFERED = 6  # registered exams, the latest
_NUMERALS = "〇一二三四五六七八九十"


@dataclass(frozen=True)
class Sitting:
    """The exam that marks are of, and the 学期 that it was in.

    ``register`` puts a new exam, or the 日期 that one lacks, into the draft: for marks that are taken, not before.
    """

    number: str
    term: Term
    register: Callable[[], None] = field(default=lambda: None, compare=False)  # which no Struct has: a dataclass


def find_exam(
    draft: Draft, block: Block, labels: Sequence[str], forced: str | None, *, group: str = "", alone: bool = True
) -> Sitting | None:
    """The exam that the labels mean, the nearest first; a new one where the school has none like it.

    ``group`` is what the columns or rows themselves say of the exam; ``alone`` that the block holds one exam only, so that
    a date in its titles is that exam's. None where the exam is asked, or not to be imported.
    """
    search = _Search(draft, block, tuple(labels), group, alone)
    return search.forced(forced) if forced else search.found()


def ask_again(draft: Draft, block: Block, labels: Sequence[str], *, group: str, alone: bool, thought: str) -> bool:
    """Ask which exam it is although the labels say it, because the records speak against it; False if it was answered."""
    question = _Search(draft, block, tuple(labels), group, alone).question(thought)
    return draft.answers.ask(question) is None


def ask_other(
    draft: Draft, block: Block, labels: Sequence[str], sitting: Sitting, *, group: str, alone: bool, thought: str
) -> bool:
    """Ask whether marks are of a registered exam at all, or of another one; False if it was answered."""
    search = _Search(draft, block, tuple(labels), group, alone)
    kinds = dict(search.exams.select("考试编号", "类型").iter_rows())
    if sitting.number not in kinds:
        return False
    question = search.question(thought, first=(sitting.number,))
    choices = (question.choices[0], f"{OTHER}{sitting.term}{kinds[sitting.number] or ''}", LEAVE_OUT)
    return draft.answers.ask(replace(question, choices=choices)) is None


def is_declined(draft: Draft, block: Block, labels: Sequence[str], *, group: str, alone: bool) -> bool:
    """Whether the answer to which exam it is was that it is not imported."""
    question = _Search(draft, block, tuple(labels), group, alone).question("")
    return draft.answers.by_id.get(question.id) == LEAVE_OUT


class _Search:
    """One look for an exam."""

    def __init__(self, draft: Draft, block: Block, labels: tuple[str, ...], group: str, alone: bool) -> None:
        self.draft, self.block, self.labels, self.group = draft, block, labels, group
        self.is_moment = bool(MOMENT.fullmatch(group))
        self.words = _together(f"{group}考试" if self.is_moment else group, labels, alone and not self.is_moment)
        self.exams = draft.rows(EXAMS).drop_nulls("考试编号")

    def forced(self, number: str) -> Sitting:
        """The exam that the caller names, existing or new."""
        term = self._sure_term() or self._now()
        bare = _bare(number)
        for known, name, said in self.exams.select("考试编号", "名称", "学期").iter_rows():
            if bare in (_bare(known), _bare(name or "")):
                return Sitting(known, term_words(said or "")[0].term or term)
        return self._new(self.words, term, number=number)

    def found(self) -> Sitting | None:
        """The exam by its name or by what the labels say; by the answer where there is one."""
        if self.question("").id in self.draft.answers.by_id:
            return self._by_answer(self._why())
        if named := self._by_name():
            return self._dated(named)
        if self.is_moment:
            return self._by_answer(f"只写了“{self.group}”，看不出是哪次考试")
        if self.words.kind is None or self._unclear():
            return self._by_answer(self._why())
        term = self._sure_term()
        if term is None:
            return self._by_answer(self._why())
        sure, maybe = self._alike(self.words, term)
        if len(sure) == 1:
            return self._dated(sure[0])
        if sure or maybe:
            return self._by_answer("“考试”表里有像它的", first=(*sure, *maybe))
        return self._new(self.words, term)

    def _by_name(self) -> str | None:
        """The exam whose 名称 or 考试编号 a label is, if one only is called so and nothing speaks against it."""
        for label in filter(None, (self.group, *(() if self.is_moment else self.labels))):
            bare = _bare(label)
            rows = [
                row
                for row in self.exams.iter_rows(named=True)
                if bare in (_bare(row["名称"] or ""), _bare(row["考试编号"]))
            ]
            if bare and len(rows) == 1 and self._compared(self.words, rows[0], self._sure_term()) is not Same.NO:
                return str(rows[0]["考试编号"])
        return None

    def _unclear(self) -> bool:
        return self.words.contradict or (bool(self.words.differing) and not self.group)

    def _why(self) -> str:
        words_ = self.words
        if words_.contradict:
            return f"日期 {words_.day} 和写的学期不符"
        if words_.differing and not self.group:
            return f"几处写的{'、'.join(words_.differing)}不一样"
        if not words_.names_exam:
            return "看不出是哪次考试"
        if words_.kind is None:
            return f"看不出“{words_.word}”是哪一类考试" if len(words_.kinds) < 2 else f"{'、'.join(words_.kinds)}都像"
        return "看不出是哪个学期"

    def _sure_term(self) -> Term | None:
        """The 学期 that the words say; today's where they say nothing of it."""
        if len(self.words.terms) == 1:
            return self.words.terms[0]
        said = self.words.term
        if self.words.terms or self.words.contradict or said.half or said.year is not None:
            return None
        return self._now() if self._may_have_been_held() else None

    def _may_have_been_held(self) -> bool:
        """Whether today's 学期 can have had its 期中 or 期末 yet: in November a 期末 is that of the term before."""
        settings, today = self.draft.school.settings, self.draft.school.today
        if self.words.kind == "期末":
            return today >= settings.term_end - _FINAL_WEEKS
        return self.words.kind != "期中" or today >= settings.term_start + _FIRST_WEEKS

    def _likely_terms(self) -> tuple[Term, ...]:
        """The terms that the words allow; today's and those before it where they say none."""
        now = self._now()
        before = Term(now.year, "上") if now.half == "下" else Term(now.year - 1, "下")
        return (
            self.words.terms or tuple(term for term in (before, now) if self.words.term.allows(term)) or (before, now)
        )

    def _now(self) -> Term:
        found = term_words(self.draft.school.settings.term)[0].term
        return found or terms_of_day(self.draft.school.today)[0]

    def _now_if(self, said: ExamWords) -> Term | None:
        """Today's 学期, where the words say nothing against it."""
        return self._now() if not said.terms and said.term.allows(self._now()) else None

    def _alike(self, said: ExamWords, term: Term) -> tuple[list[str], list[str]]:
        """The registered exams that are this one, and those that may be."""
        sure: list[str] = []
        maybe: list[str] = []
        for row in self.exams.iter_rows(named=True):
            same = self._compared(said, row, term)
            if same is not Same.NO:
                (sure if same is Same.YES else maybe).append(str(row["考试编号"]))
        return sure, maybe

    def _compared(self, said: ExamWords, row: dict[str, object], term: Term | None) -> Same:
        own_term = term_words(str(row["学期"] or ""))[0].term
        grades = pl.Series([row["年级"]], dtype=pl.String).to_frame("年级").select(split(pl.col("年级"))).item()
        registered = Registered(
            kind=str(row["类型"]) if row["类型"] else None,
            term=own_term,
            day=row["日期"] if isinstance(row["日期"], date) else None,
            grades=self._levels(grades.to_list() if grades is not None else [], own_term),
            words=ExamWords.together((row["名称"] or "", row["考试编号"])),
        )
        return same_exam(said, registered, grades=self._levels(said.grades, term), term=term)

    def _levels(self, grades: Sequence[str], term: Term | None) -> frozenset[object]:
        found = [self.draft.classes.find_grade(grade, school_year=term.year if term else None) for grade in grades]
        return frozenset(one.level for one in found if isinstance(one, FoundGrade))

    def question(self, thought: str, *, first: Sequence[str] = ()) -> Question:
        """Which exam it is, as it is asked; ``first`` are the likeliest of the registered ones."""
        others = [number for number in self.exams["考试编号"] if number not in first]
        names = dict(self.exams.select("考试编号", "名称").iter_rows())
        offered = tuple(f"{number} {names[number] or ''}".strip() for number in (*first, *others[-_OFFERED:]))
        kind = self.words.kind
        new = (
            tuple(f"{NEW}{term}{kind}" for term in self._likely_terms())
            if kind
            else tuple(NEW + name for name in KINDS)
        )
        return Question(
            ask=Ask.EXAM,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about=self._about(),
            sample=self.labels[:2],
            thought=thought,
            choices=(*offered, *new, LEAVE_OUT),
            free=True,
            key=self._key(),
        )

    def _key(self) -> str:
        """The sheets of a file that are a class each are of one exam, and asked together."""
        texts = (self.block.grid.sheet, *self.block.titles[:1])
        if not any(class_mentions(text) for text in texts):
            return ""
        said = replace(self.words, grades=(), days=self.words.days)
        return f"{self.block.grid.file} {self.group} {said.kinds} {said.word} {said.ordinal} {said.term} {said.days}"

    def _about(self) -> str:
        """What the columns or rows themselves say of the exam, in words that staff find on the sheet."""
        if self.group.isdigit():
            return "、".join(column.typed for column in self.block.columns if column.exam == self.group)
        if self.group:
            return self.group
        named = next((label for label in self.labels if ExamWords.of(label).names_exam), "")
        for mention in class_mentions(named):
            named = named.replace(mention, "")
        return named or (self.block.grid.file if self._key() else self.block.title)

    def _by_answer(self, thought: str, *, first: Sequence[str] = ()) -> Sitting | None:
        """Ask which exam it is; the answer may be a registered one, a kind, or words for a new one."""
        question = self.question(thought, first=first)
        answer = self.draft.answers.ask(question)
        return self._answered(question, answer) if answer and answer != LEAVE_OUT else None

    def _answered(self, question: Question, answer: str) -> Sitting | None:
        number = answer.split()[0] if answer.split() else ""
        if number in set(self.exams["考试编号"]):
            return self._dated(number)
        is_other = answer.startswith(OTHER)
        said = ExamWords.of(answer.removeprefix(OTHER).removeprefix(NEW).removeprefix(NEW[:-1]))
        words_ = said.filled(_without_kind(self.words) if said.kinds else self.words)
        if said.term.term and words_.contradict:
            words_ = replace(words_, days=said.days)
        term = said.term.term or (words_.terms[0] if len(words_.terms) == 1 else self._now_if(words_))
        if words_.kind is None or term is None:
            self.draft.answers.doubt(question, f"“{answer}”看不出类型或学期，请写成 2026-2027上期中 这样")
            return None
        title = self._title(words_, term, own=True)
        if is_other and not title.endswith(f"（{self.block.stem}）"):
            title = f"{title}（{self.block.stem}）"
        same = self.exams.filter(pl.col("名称") == title, pl.col("类型") == words_.kind)
        sure = [] if is_other else self._alike(words_, term)[0]
        if same.height == 1 or len(sure) == 1:
            return self._dated(same["考试编号"][0] if same.height == 1 else sure[0])
        return self._new(words_, term, title=title)

    def _dated(self, number: str) -> Sitting:
        """A registered exam; its 日期 is filled where it is empty and the file, or staff, say it."""
        row = self.exams.row(by_predicate=pl.col("考试编号") == number, named=True)
        term = term_words(row["学期"] or "")[0].term or self._sure_term() or self._now()
        return Sitting(number, term, (lambda: None) if row["日期"] else partial(self._fill, number, term))

    def _fill(self, number: str, term: Term) -> None:
        if day := self._day(number, term):
            self.draft.fill_exam(number, day)

    def _day(self, number: str, term: Term) -> date | None:
        """The day that the words or staff say; it must lie in the 学期."""
        if self.words.day and term in terms_of_day(self.words.day):
            return self.words.day
        question = Question(
            ask=Ask.DAY,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about=number,
            thought="文件里没有考试日期；分数照样导入，日期先空着",
            free=True,
            key=number,
        )
        answer = self.draft.answers.ask(question)
        if not answer:
            return None
        day = cells.as_date(answer)[0] or day_words(answer)[0].day
        if day is None or term not in terms_of_day(day):
            self.draft.answers.doubt(question, f"“{answer}”不是 {term} 里的日期，请写成 {term.year}-11-10 这样")
            return None
        return day

    def _new(self, said: ExamWords, term: Term, *, number: str = "", title: str = "") -> Sitting:
        """A new exam."""
        number = number or self._number(said, term)
        row = {
            "考试编号": number,
            "名称": title or self._title(said, term),
            "学期": str(term),
            "类型": said.kind,
            "年级": None if said.kind in _SCHOOL_WIDE else self._grade(said, term),
        }
        return Sitting(number, term, partial(self._append, row, term))

    def _append(self, row: dict[str, str | None], term: Term) -> None:
        number = str(row["考试编号"])
        if number in set(self.draft.rows(EXAMS)["考试编号"]):
            return
        day = self._day(number, term)
        cells = [{name: ({"日期": day} | row).get(name) for name in EXAMS.names}]
        self.draft.append(EXAMS, pl.DataFrame(cells, schema=EXAMS.frame_schema))
        dated = f"日期 {day}" if day else "日期还空着"
        self.draft.lines.append(f"{self.block.title}：在“考试”表新增 {number}（{row['名称']}），{dated}。")

    def _grade(self, said: ExamWords, term: Term) -> str | None:
        found = [self.draft.classes.find_grade(grade, school_year=term.year) for grade in said.grades]
        names = [one.name for one in found if isinstance(one, FoundGrade)]
        return names[0] if len(names) == 1 else None

    def _number(self, said: ExamWords, term: Term) -> str:
        """A 考试编号 that no exam has yet: 2026上月考2."""
        stem = f"{term.year}{term.half}{said.kind}{said.ordinal or ''}{f'{said.month}月' if said.month and not said.ordinal else ''}"
        taken = set(self.exams["考试编号"])
        grade = self._grade(said, term) or ""
        tries = (stem, f"{stem}{grade}", *(f"{stem}{grade}-{turn}" for turn in range(2, 100)))
        return next(number for number in tries if number not in taken)

    def _title(self, said: ExamWords, term: Term, *, own: bool = False) -> str:
        """The longest label that names the exam, else its 学期, ordinal and kind; ``own`` adds the file's name."""
        near = [label for label in self.labels if said.kind and said.kind in ExamWords.of(label).kinds]
        titles = [self._bare_title(label, said) for label in near if label != self.block.stem or len(near) == 1]
        best = max(titles, key=len, default="")
        if len(best) > len(said.kind or "") + 2 and not self.group:
            return best
        which = (
            f"第{_NUMERALS[said.ordinal]}次"
            if said.ordinal and said.ordinal <= 10
            else f"{said.month}月"
            if said.month
            else ""
        )
        usual = f"{term.year}—{term.year + 1}学年{_TERM_NAMES[term.half]}{which}{said.kind or ''}考试"
        return f"{usual}（{self.block.stem}）" if own else usual

    def _bare_title(self, label: str, said: ExamWords) -> str:
        """A title without the class and the subject that it is about; an exam of the whole school has no 年级 either."""
        title = words.text(label)
        for mention in (*class_mentions(title), *(grade_mentions(title) if said.kind in _SCHOOL_WIDE else ())):
            title = title.replace(mention, "")
        title = _without_scores(title)
        ending = next((name for name in words.subject_names(self.draft.subjects) if title.endswith(name)), "")
        return title.removesuffix(ending)


def _together(group: str, labels: Sequence[str], alone: bool) -> ExamWords:
    """What the labels say, the nearest first. Of labels that name another kind than the group, only 学期 and 年级 count; a day
    counts for a block of one exam only."""
    near = ExamWords(ordinal=int(group)) if group.isdigit() else ExamWords.of(group)
    for label in labels:
        far = ExamWords.of(label)
        if not alone and _is_a_count(near, group) and (far.kind not in _SCHOOL_WIDE or near.term.half):
            far = ExamWords(kinds=far.kinds, word=far.word, term=far.term, grades=far.grades)
        elif not alone or (near.kinds and far.kinds and not set(near.kinds) & set(far.kinds) and group):
            far = ExamWords(term=far.term, grades=far.grades)
        elif near.kinds and set(near.kinds) < set(far.kinds):
            far = ExamWords(term=far.term, days=far.days, grades=far.grades)
        near = near.filled(far)
    return near


def _is_a_count(said: ExamWords, group: str) -> bool:
    """Whether a heading only counts the exams of which the title says the kind: 第二次 under 月考成绩; a bare 2 is asked."""
    counted = said.ordinal is not None or MOMENT.match(group) is not None
    return counted and not said.kinds and not group.isdigit()


def _without_kind(said: ExamWords) -> ExamWords:
    return ExamWords(ordinal=said.ordinal, month=said.month, term=said.term, days=said.days, grades=said.grades)


def _bare(text: str) -> str:
    """An exam's name as it is compared: dates, brackets and what says that it is a table of marks taken off."""
    return _without_scores(text).removesuffix("考试")


def _without_scores(text: str) -> str:
    return _SCORES.sub("", _ASIDE.sub("", words.text(text)))
