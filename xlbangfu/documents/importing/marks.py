"""The cells of a column of marks: numbers and 缺考 as they stand; words, noughts and what is above the full mark asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeGuard

from msgspec import Struct, field

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.accounts import Paper
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.grid import Value
from xlbangfu.documents.importing.mark_cells import NOT_ENTERED, Holds, mark_cell
from xlbangfu.documents.importing.questions import LEAVE_OUT, Ask, Question
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import letters
from xlbangfu.schema import ABSENT, EXEMPT

AS_NOUGHT, AS_READ = "是 0 分", "按程序的读法"
_REMARKS = ("备注", "说明")
_ABSENCE = late_pattern(r"缺|未考|没考|未参加|病假|事假|请假|缓考|旷考|休学|转学")
_STATES = {Holds.ABSENT: ABSENT, Holds.EXEMPT: EXEMPT}
_FEW_CELLS = 3  # so many marks above the full mark are slips; more put the full mark in question
_FEW_SHARE = 0.2


class Marks(Struct):
    """The marks of one paper, one a record: ``numbers`` and ``states``; ``bad`` counts the cells that cannot be used."""

    paper: Paper
    numbers: list[float | None] = field(default_factory=list)
    states: list[str | None] = field(default_factory=list)
    bad: int = 0


def read_marks(draft: Draft, block: Block, papers: Sequence[Paper], full: Mapping[str, float]) -> list[Marks]:
    """The marks of the papers of a block; a paper whose full mark is asked is left out."""
    reader = _Reader(draft, block)
    found = [reader.read(paper) for paper in papers]
    reader.ask_noughts(found)
    return [marks for marks in found if reader.within(marks, full)]


class _Reader:
    """One block while its cells are read."""

    def __init__(self, draft: Draft, block: Block) -> None:
        self.draft, self.block = draft, block
        self.words: dict[str, tuple[float | None, str | None]] = {}

    def read(self, paper: Paper) -> Marks:
        """The cells of one column; words are put to staff, once each."""
        marks, place = Marks(paper), paper.column.place
        cells = self._cells(place)
        unreadable = {row: why for (row, column), why in self.block.grid.unreadable.items() if column == place}
        unreadable |= self._merged_numbers(place)
        if _are_plain(cells) and not unreadable and paper.records is None:
            return Marks(paper, list(cells), [None] * len(cells))
        unread: list[tuple[int, str]] = []
        odd: list[tuple[int, str]] = []
        for index, (row, cell) in enumerate(zip(self.block.records, cells, strict=True)):
            number, state = None, None
            if not paper.has(index):
                pass
            elif why := unreadable.get(row):
                unread.append((row, why))
            elif type(cell) is float and cell >= 0:
                number = cell
            else:
                found = mark_cell(cell)
                number, state = found.number, _STATES.get(found.holds)
                if found.holds is Holds.ASK:
                    answer = self._word(found.word, found.thought)
                    number, state = answer or (None, None)
                    if answer is None and self._is_odd(found.word, found.thought):
                        odd.append((row, found.word))
                elif found.holds is Holds.UNREADABLE:
                    unread.append((row, f"错误值 {found.word}"))
            marks.numbers.append(number)
            marks.states.append(state)
        self._tell(paper, unread, "打开文件改好（公式的先用 Excel 打开、保存一次），再导入")
        self._tell(paper, odd, "填分数、缺考或免考，没有成绩就空着，改好再导入", odd=True)
        marks.bad = len(unread) + len(odd)
        return marks

    def _cells(self, place: int) -> list[Value]:
        """A column; a word merged over several cells counts for each of them."""
        grid = self.block.grid
        spread = {
            row: grid.value(area.top, area.left)
            for area in grid.merged
            if area.left <= place <= area.right and isinstance(grid.value(area.top, area.left), str)
            for row in range(area.top, area.bottom + 1)
        }
        lines = grid.rows
        cells = [line[place] if place < len(line := lines[row]) else None for row in self.block.records]
        if spread:
            return [spread.get(row, cell) for row, cell in zip(self.block.records, cells, strict=True)]
        return cells

    def _merged_numbers(self, place: int) -> dict[int, str]:
        """The rows of a column in which a number is merged over several cells: whose mark it is, nobody can say."""
        grid = self.block.grid
        return {
            row: f"合并的几格里只有一个数 {words.text(grid.value(area.top, area.left))}"
            for area in grid.merged
            if area.left <= place <= area.right and isinstance(grid.value(area.top, area.left), float)
            for row in range(area.top, area.bottom + 1)
        }

    @staticmethod
    def _is_odd(word: str, thought: str) -> bool:
        """Whether a text looks like a number that cannot be read, and not like a word that has a meaning."""
        return not thought and bool(re.search(r"\d", word)) and not word.startswith("-")

    def _word(self, word: str, thought: str) -> tuple[float | None, str | None] | None:
        """What a word means by the answer; None while it is asked. Numbers written oddly are one question together."""
        if self._is_odd(word, thought):
            return None
        if word not in self.words:
            written = bool(re.fullmatch(r"\d+(\.\d+)?", thought)) and thought != "0"
            question = self._written_question(word, thought) if written else self._word_question(word, thought)
            answer = self.draft.answers.ask(question)
            if answer is None:
                return None
            self.words[word] = self._meaning(answer, thought)
        return self.words[word]

    @staticmethod
    def _meaning(answer: str, thought: str) -> tuple[float | None, str | None]:
        if answer == AS_READ:
            return float(thought), None
        if answer in (ABSENT, EXEMPT):
            return None, answer
        number = re.fullmatch(r"(?:是 ?)?(\d+(?:\.\d+)?)(?: ?分)?", answer)
        return (float(number[1]) if number else None), None

    def _word_question(self, word: str, thought: str) -> Question:
        return Question(
            ask=Ask.WORD,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about=word,
            sample=self._rows_with(word),
            thought=f"大概是{thought if thought != '0' else ' 0 分'}" if thought else "不认识",
            choices=(ABSENT, EXEMPT, NOT_ENTERED, AS_NOUGHT),
            shape=self.block.shape,
        )

    def _written_question(self, word: str, thought: str) -> Question:
        return Question(
            ask=Ask.WORD,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about="写法特别的数字",
            sample=(f"{word} 读作 {thought}",),
            thought="小数点像是写成了别的符号",
            choices=(AS_READ, LEAVE_OUT),
        )

    def _rows_with(self, word: str) -> tuple[str, ...]:
        """The first rows in which a word stands."""
        grid = self.block.grid
        rows = (row for row in self.block.records if any(mark_cell(cell).word == word for cell in grid.rows[row]))
        return tuple(f"第 {row + 1} 行" for row, _ in zip(rows, range(3), strict=False))

    def _tell(self, paper: Paper, cells: Sequence[tuple[int, str]], remedy: str, *, odd: bool = False) -> None:
        """Cells that cannot be used: one by one where they are few, else the column as one."""
        for why, rows in _together(cells, few=_FEW_CELLS):
            address = "、".join(f"{letters(paper.column.place)}{row + 1}" for row in rows[:5])
            more = f"等 {len(rows)} 格" if len(rows) > 5 else ""
            said = f"{paper.subject} «{why}» 不是分数" if odd else f"{paper.subject}读不出：{why}"
            those = "这一格" if len(rows) == 1 else f"这 {len(rows)} 格"
            self.draft.refuse(
                self.block.title,
                rows[0] + 1,
                paper.column.typed,
                f"{said}，{those}没有导入",
                remedy,
                cell=address + more,
            )

    def ask_noughts(self, papers: Sequence[Marks]) -> None:
        """Columns of noughts: no mark goes in before staff say what they are."""
        for marks in papers:
            if not _column_of_noughts(marks):
                continue
            grid, about = self.block.grid, f"{marks.paper.column.typed} 整列都是 0"
            answer = self.draft.answers.ask(noughts_question(grid.file, grid.sheet, about, ()))
            _put(((marks, index) for index, number in enumerate(marks.numbers) if number == 0), answer)
        self._ask_remarked(papers)

    def _ask_remarked(self, papers: Sequence[Marks]) -> None:
        """Noughts of students of whom a remark says that they were absent."""
        remarks = {i: text for name in _REMARKS for i, text in enumerate(self.block.texts(name)) if text}
        absent = {i: text for i, text in remarks.items() if _ABSENCE.search(text)}
        noughts = [(marks, index) for marks in papers for index in absent if marks.numbers[index] == 0]
        if noughts:
            grid, sample = self.block.grid, [absent[index] for _, index in noughts]
            question = noughts_question(grid.file, grid.sheet, f"{len(noughts)} 个 0 分，备注像是缺考", sample)
            _put(noughts, self.draft.answers.ask(question))

    def within(self, marks: Marks, full: Mapping[str, float]) -> bool:
        """Whether a paper can be taken: single marks above the full mark are refused, many put the full mark in question."""
        limit = full.get(marks.paper.subject)
        if limit is None:
            return True
        above = [index for index, number in enumerate(marks.numbers) if number is not None and number > limit]
        count = sum(number is not None for number in marks.numbers)
        if len(above) > max(_FEW_CELLS, _FEW_SHARE * count) or (
            above and len(above) * 2 > count and count >= _FEW_CELLS
        ):
            return self._ask_full(marks, limit, above)
        self._refuse_above(marks, limit, above)
        return True

    def _refuse_above(self, marks: Marks, limit: float, above: Iterable[int]) -> None:
        for index in above:
            row, number = self.block.records[index], marks.numbers[index]
            self.draft.refuse(
                self.block.title,
                row + 1,
                marks.paper.column.typed,
                f"{marks.paper.subject} «{number:g}» 不在 0 到满分 {limit:g} 之间，这一格没有导入",
                "填分数、缺考或免考，没有成绩就空着，改好再导入",
                cell=f"{letters(marks.paper.column.place)}{row + 1}",
                学号=(self.block.texts("学号")[index]),
                姓名=(self.block.texts("姓名")[index]),
            )
            marks.numbers[index] = None
            marks.bad += 1

    def _ask_full(self, marks: Marks, limit: float, above: Sequence[int]) -> bool:
        """One question about the full mark instead of a refusal a cell."""
        from xlbangfu.documents.importing import subjects

        best = max(number for number in marks.numbers if number is not None)
        answer = subjects.ask_full(
            self.draft,
            self.block,
            marks.paper,
            limit,
            said=next((full for full in (100.0, 120.0, 150.0, 160.0, 200.0, 300.0) if full >= best), best),
            thought=f"有 {len(above)} 个分数超过“科目”表的满分 {limit:g}，最高 {best:g}",
        )
        if answer is None:
            return False
        if answer < best:
            self._refuse_above(
                marks, answer, [i for i, number in enumerate(marks.numbers) if number is not None and number > answer]
            )
        return True


def _are_plain(cells: Sequence[Value]) -> TypeGuard[Sequence[float | None]]:
    """Whether there are only marks and blanks."""
    numbers = [cell for cell in cells if isinstance(cell, float)]
    return len(numbers) + list(cells).count(None) == len(cells) and min(numbers, default=0.0) >= 0


def noughts_question(file: str, sheet: str, about: str, sample: Sequence[str]) -> Question:
    """What marks of 0 are; never remembered."""
    return Question(
        ask=Ask.NOUGHTS,
        file=file,
        sheet=sheet,
        about=about,
        sample=tuple(sample[:3]),
        thought="多半是缺考写成了 0；没有回答以前不导入这些 0",
        choices=(ABSENT, AS_NOUGHT, NOT_ENTERED),
    )


def _column_of_noughts(marks: Marks) -> bool:
    numbers = [number for number in marks.numbers if number is not None]
    return len(numbers) > _FEW_CELLS and not any(numbers)


def _put(cells: Iterable[tuple[Marks, int]], answer: str | None) -> None:
    """What noughts are by the answer; nothing while they are asked."""
    for marks, index in cells:
        if answer != AS_NOUGHT and marks.numbers[index] == 0:
            marks.numbers[index] = None
            marks.states[index] = ABSENT if answer == ABSENT else None


def _together(cells: Sequence[tuple[int, str]], *, few: int) -> list[tuple[str, list[int]]]:
    """Rows by what is wrong with them; each alone where they are few."""
    if len(cells) <= few:
        return [(why, [row]) for row, why in cells]
    kinds = Counter(why for _, why in cells)
    if len(kinds) > few:
        first = "、".join(list(kinds)[:3])
        return [(f"{first} 等", [row for row, _ in cells])]
    return [(why, [row for row, other in cells if other == why]) for why in kinds]
