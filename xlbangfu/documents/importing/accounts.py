"""The account of every column of a sheet of marks: which are marks of which exam and subject, which are left out, which
are asked. Nothing is decided by which stands first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block, Column, Content, Fate
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.grid import Value
from xlbangfu.documents.importing.heading_words import Score
from xlbangfu.documents.importing.profiles import Profile
from xlbangfu.documents.importing.questions import LEAVE_OUT, SCHOOL, Ask, Question
from xlbangfu.late_pattern import late_pattern

RAW_MARKS, CONVERTED_MARKS = "原始分", "赋分（折算分）"
AS_MARKS = "是分数"
_MARKS = (Score.BARE, Score.MARK, Score.RAW)
_WHY = {
    Score.NOT: "名次、等级之类",
    Score.PART: "只是一部分的分",
    Score.CONVERTED: "赋分、折算分",
    Score.UNKNOWN: "不认识",
}
TOTALS, EMPTY, ASIDE = "总分和名次", "整列空着", "不用"
_PLACES = late_pattern(r"(名次|排名|位次|名次表|排名表|名次统计表?|排名统计表?)$")
_USED = frozenset({*words.IDENTITY, words.CLASS, words.GRADE, words.EXAM, words.SUBJECT, "考试日期"})


class Paper(Struct, frozen=True, kw_only=True):
    """A column of marks: of one exam (as the headings say, empty where they do not) and one subject.

    ``records`` are the indexes of the records that are about the subject; None for all, as everywhere but in long tables.
    """

    column: Column
    exam: str
    subject: str
    records: frozenset[int] | None = None

    def cells(self, block: Block) -> list[Value]:
        """The cells of its own records."""
        cells = block.cells(self.column)
        return cells if self.records is None else [cells[index] for index in sorted(self.records)]

    def has(self, index: int) -> bool:
        return self.records is None or index in self.records


def account(draft: Draft, block: Block) -> tuple[Block, list[Paper]]:
    """The block with the account of every column, and the columns that are marks; what is unclear is asked."""
    reader = _Accounts(draft, block)
    for column in block.columns:
        reader.look_at(column)
    papers = reader.papers()
    columns = tuple(reader.accounts[column.place] for column in block.columns)
    return replace(block, columns=columns), papers


def subject_of(draft: Draft, block: Block) -> str:
    """The subject that the sheet's name, the titles or the file's name is about; empty where they name none or several."""
    for text in (block.grid.sheet, *block.titles, block.stem):
        found = {subject for name in words.subject_names(draft.subjects) if len(name) > 1 and name in words.text(text)
                 for subject in [words.subject(name, draft.subjects)] if subject}  # fmt: skip
        if len(found) == 1:
            return found.pop()
        if found:
            return ""
    return ""


class _Accounts:
    """The columns of one block while they are looked at."""

    def __init__(self, draft: Draft, block: Block) -> None:
        self.draft, self.block = draft, block
        self.accounts: dict[int, Column] = {}
        self.candidates: dict[tuple[str, str], list[Column]] = {}
        self.converted: dict[tuple[str, str], list[Column]] = {}
        self.profiles = {column.place: Profile(block.cells(column)) for column in block.columns}

    def look_at(self, column: Column) -> None:
        """Put a column among the candidates, or account for it at once."""
        if column.meaning:
            used = column.meaning in _USED
            self._account(column, Fate.TAKEN if used else Fate.LEFT_OUT, "" if used else ASIDE)
        elif not column.typed and not self.profiles[column.place].empty:
            self._unheaded(column)
        elif self.profiles[column.place].empty and not self._is_unreadable(column):
            self._account(column, Fate.LEFT_OUT, EMPTY)
        elif column.subject:
            self._of_subject(column)
        else:
            self._of_none(column)

    def _is_unreadable(self, column: Column) -> bool:
        return any((row, column.place) in self.block.grid.unreadable for row in self.block.records)

    def _unheaded(self, column: Column) -> None:
        if not self.profiles[column.place].numeric:
            self._account(column, Fate.LEFT_OUT, "没有表头")
            return
        if (subject := self._subject_before(column)) and self._lost_headings():
            self.candidates.setdefault((subject.exam, subject.subject), []).append(column)
        else:
            self._ask_meaning(column, "有数字，但没有表头")

    def _subject_before(self, column: Column) -> Column | None:
        """The column of marks of a subject that numbers without a heading stand right of, if they are no places."""
        before = [other for other in self.block.columns if other.place < column.place and other.typed]
        is_of_marks = bool(before) and bool(before[-1].subject) and before[-1].score in _MARKS
        return before[-1] if is_of_marks and not self.profiles[column.place].counts else None

    def _lost_headings(self) -> bool:
        """Whether numbers without a heading stand right of each subject: what was merged across is so no more."""
        following = zip(self.block.columns, self.block.columns[1:], strict=False)
        found = [self._is_unheaded(after) for one, after in following if one.subject and one.score in _MARKS]
        last = self.block.columns[-1]
        unheaded = sum(map(self._is_unheaded, self.block.columns))
        return all(found) and not last.subject and unheaded > 1

    def _is_unheaded(self, column: Column) -> bool:
        return not column.typed and self.profiles[column.place].numeric

    def _of_subject(self, column: Column) -> None:
        key = (column.exam, column.subject)
        if column.score in _MARKS:
            self.candidates.setdefault(key, []).append(column)
        elif column.score is Score.CONVERTED:
            self.converted.setdefault(key, []).append(column)
        elif column.score is Score.UNKNOWN and self.profiles[column.place].numeric:
            question = self._question(
                Ask.COLUMN,
                column,
                f"“{column.qualifier}”不认识，不知道是不是{column.subject}的分数",
                (AS_MARKS, LEAVE_OUT),
            )
            self._by_answer(column, key, self.draft.answers.ask(question))
        else:
            self._account(column, Fate.LEFT_OUT, _WHY[column.score])

    def _by_answer(self, column: Column, key: tuple[str, str], answer: str | None) -> None:
        if answer == AS_MARKS:
            self.candidates.setdefault(key, []).append(column)
        elif answer == LEAVE_OUT:
            self._account(column, Fate.LEFT_OUT, "回答是不导入")
        else:
            self._account(column, Fate.ASKED, "")

    def _of_none(self, column: Column) -> None:
        """A column that names no subject: all subjects together, marks of the sheet's subject, or unknown."""
        if column.total and column.score in (Score.MARK, Score.RAW) and self._is_one_subject():
            self._of_sheet(column)
        elif column.total or column.score in (Score.NOT, Score.CONVERTED):
            self._account(column, Fate.LEFT_OUT, TOTALS)
        elif column.score is Score.PART:
            self._account(column, Fate.LEFT_OUT, _WHY[Score.PART])
        elif column.score in _MARKS and (column.score is not Score.BARE or column.exam):
            self._of_sheet(column)
        elif self.profiles[column.place].numeric:
            self._ask_meaning(column, "不认识这个表头")
        else:
            self._account(column, Fate.LEFT_OUT, _WHY[Score.UNKNOWN])

    def _is_one_subject(self) -> bool:
        """Whether the whole sheet is about one subject: then its total is the mark."""
        return not any(other.subject for other in self.block.columns) and bool(subject_of(self.draft, self.block))

    def _of_sheet(self, column: Column) -> None:
        """Marks of the subject that the sheet is about; 成绩 beside columns of subjects is the total."""
        if self.block.content is Content.LONG_SCORES:
            self.candidates.setdefault((column.exam, ""), []).append(column)
        elif any(other.subject for other in self.block.columns):
            self._account(column, Fate.LEFT_OUT, TOTALS)
        elif subject := subject_of(self.draft, self.block):
            self.candidates.setdefault((column.exam, subject), []).append(column)
        else:
            self._ask_meaning(column, "看不出是哪一科的成绩")

    def _ask_meaning(self, column: Column, thought: str) -> None:
        """Ask which subject a column of numbers is; the answer may be a new one."""
        name = words.bare(column.typed)
        new = (f"新科目 {name}",) if name and column.score is not Score.MARK and len(name) <= 6 else ()
        choices = (LEAVE_OUT, *sorted(self.draft.subjects), *new)
        answer = self.draft.answers.ask(self._question(Ask.COLUMN, column, thought, choices, free=True))
        if answer is None:
            self._account(column, Fate.ASKED, "")
        elif answer == LEAVE_OUT:
            self._account(column, Fate.LEFT_OUT, "回答是不导入")
        else:
            subject = words.bare(answer.removeprefix("新科目"))
            key = (column.exam, words.subject(subject, self.draft.subjects) or subject)
            self.candidates.setdefault(key, []).append(column)

    def _offer_parts(self) -> None:
        """The parts of a subject of which there is nothing else are its candidates: asked which of them is the mark."""
        whole = {subject for _, subject in (*self.candidates, *self.converted)}
        whole |= {column.subject for column in self.accounts.values() if column.fate is Fate.ASKED}
        for subject in dict.fromkeys(column.subject for column in self.block.columns):
            parts = [column for column in self.block.columns if column.subject == subject and self._is_part(column)]
            if subject and subject not in whole and parts:
                self._ask_parts(subject, parts)

    def _is_part(self, column: Column) -> bool:
        return column.score is Score.PART and self.profiles[column.place].numeric

    def _ask_parts(self, subject: str, parts: Sequence[Column]) -> None:
        names = self._names(parts)
        question = Question(
            ask=Ask.SCORE,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about=subject,
            sample=tuple(
                f"{name}：{'、'.join(self.profiles[c.place].sample)}" for name, c in zip(names, parts, strict=True)
            ),
            thought=f"只有一部分的分，没有{subject}整科的分数",
            choices=(LEAVE_OUT, *names),
            shape=self.block.shape,
        )
        answer = self.draft.answers.ask(question)
        chosen = next((column for name, column in zip(names, parts, strict=True) if name == answer), None)
        if answer is None:
            self._asked(parts)
        elif chosen:
            self.candidates.setdefault((chosen.exam, subject), []).append(chosen)

    def papers(self) -> list[Paper]:
        """The marks, once every column was looked at."""
        self._offer_parts()
        found: list[Paper] = []
        for key in dict.fromkeys((*self.candidates, *self.converted)):
            column = self._chosen(key, self._of_kind(key))
            if column and self._is_mark(column):
                self._account(column, Fate.TAKEN, "")
                found.append(Paper(column=column, exam=key[0], subject=key[1]))
        return found

    def _of_kind(self, key: tuple[str, str]) -> list[Column]:
        """The candidates of one exam and subject: those of the kind of marks that the school takes."""
        plain, converted = self.candidates.get(key, []), self.converted.get(key, [])
        if not converted:
            return plain
        raw = [column for column in plain if column.score is Score.RAW] or plain
        if plain and not any(column.score is Score.RAW for column in plain):
            self._leave_out(converted, _WHY[Score.CONVERTED])
            return plain
        shown = " ".join(
            f"{column.typed} {'、'.join(self.profiles[column.place].sample)}" for column in (*raw, *converted)
        )
        question = Question(
            ask=Ask.CONVERTED,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about="原始分和赋分" if raw else "只有赋分（折算分）",
            sample=(shown,),
            thought="全校只问一次：成绩用哪一种分",
            choices=(RAW_MARKS, CONVERTED_MARKS) if raw else (CONVERTED_MARKS, LEAVE_OUT),
            shape=SCHOOL,
        )
        answer = self.draft.answers.ask(question)
        chosen = {RAW_MARKS: raw, CONVERTED_MARKS: converted}.get(answer or "", [])
        others = [column for column in (*plain, *converted) if column not in chosen]
        self._leave_out(others, "回答是用另一种分") if answer else self._asked(others)
        return chosen

    def _chosen(self, key: tuple[str, str], columns: Sequence[Column]) -> Column | None:
        """The one candidate; where there are several, the one that staff chose. Columns alike in every cell are one."""
        if len(columns) < 2:
            return columns[0] if columns else None
        first, *rest = columns
        if all(self.block.cells(other) == self.block.cells(first) for other in rest):
            self._leave_out(rest, f"与“{first.typed}”每一格都相同")
            return first
        names = self._names(columns)
        question = Question(
            ask=Ask.SCORE,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about="·".join(part for part in key if part),
            sample=tuple(
                f"{name}：{'、'.join(self.profiles[c.place].sample)}" for name, c in zip(names, columns, strict=True)
            ),
            thought=f"有 {len(columns)} 列都像{key[1]}的分数",
            choices=(*names, LEAVE_OUT),
            shape=self.block.shape,
        )
        answer = self.draft.answers.ask(question)
        chosen = next((column for name, column in zip(names, columns, strict=True) if name == answer), None)
        others = [column for column in columns if column is not chosen]
        self._leave_out(others, "回答是用另一列") if answer else self._asked(others)
        return chosen

    def _names(self, columns: Sequence[Column]) -> list[str]:
        """The headings, with the column's letters where two are alike."""
        from xlbangfu.ooxml.addresses import letters

        alike = len({column.typed for column in columns}) < len(columns) or any(not column.typed for column in columns)
        return [f"{letters(column.place)} 列 {column.typed}".rstrip() if alike else column.typed for column in columns]

    def _is_mark(self, column: Column) -> bool:
        """Whether the cells bear out that the column is marks; what may be places is asked."""
        profile = self.profiles[column.place]
        if profile.counts:
            thought = "数字从 1 排到末尾，像名次，不像分数"
        elif profile.whole and self._is_about_places():
            thought = "表名或标题写着名次，不知道这一列是名次还是分数"
        elif profile.rates:
            thought = "数字都在 0 到 1 之间，像得分率，不像分数"
        else:
            return True
        ask = Ask.COLUMN if profile.rates else Ask.COUNTING
        question = self._question(ask, column, thought, (LEAVE_OUT, AS_MARKS), remembered=False)
        answer = self.draft.answers.ask(question)
        if answer == AS_MARKS:
            return True
        self._account(column, Fate.LEFT_OUT if answer else Fate.ASKED, "回答是不导入" if answer else "")
        return False

    def _is_about_places(self) -> bool:
        """Whether the sheet or its title is about places, and no column says that it is the one that holds them."""
        said = any(_PLACES.search(text) for text in (self.block.grid.sheet, *self.block.titles[:1]))
        return said and not any(_PLACES.search(column.typed) for column in self.block.columns)

    def _question(
        self,
        ask: Ask,
        column: Column,
        thought: str,
        choices: tuple[str, ...],
        *,
        free: bool = False,
        remembered: bool = True,
    ) -> Question:
        return Question(
            ask=ask,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about=column.typed or self._names([column, column])[0],
            sample=self.profiles[column.place].sample,
            thought=thought,
            choices=choices,
            free=free,
            shape=self.block.shape if remembered else "",
        )

    def _leave_out(self, columns: Iterable[Column], why: str) -> None:
        for column in columns:
            self._account(column, Fate.LEFT_OUT, why)

    def _asked(self, columns: Iterable[Column]) -> None:
        for column in columns:
            self._account(column, Fate.ASKED, "")

    def _account(self, column: Column, fate: Fate, why: str) -> None:
        self.accounts[column.place] = replace(column, fate=fate, why=why)
