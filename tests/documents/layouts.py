"""A school's marks written down in a random layout, as one of the many people in schools would.

Everything is drawn from the seed: which columns and in which order, one to three header rows, merged or not, what stands
beside the marks (ranks, levels, parts of marks), blocks one under another or side by side, sheets a class, a 年级 or a
subject, long tables, how classes are spelled, titles, footers, the format and its encoding.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.documents.made_school import FULL, MadeSchool, Student
from tests.documents.sheet_writers import Sheet, html, ods, separated, write, xls, xlsx, xml_2003

SHORT = {"语文": "语", "数学": "数", "英语": "英", "道德与法治": "政治", "历史": "史", "生物": "生物"}
NUMBER_WORDS = ("学号", "学号", "学生学号", "学 号")
NAME_WORDS = ("姓名", "姓名", "学生姓名", "姓 名")
CLASS_WORDS = ("班级", "班级", "行政班级", "班别")
GRADE_NUMBER = {"初一": ("七", "7", 2026), "初二": ("八", "8", 2025)}
SCORE_WORDS = ("得分", "分数", "成绩", "卷面分")
WRITERS: dict[str, tuple[str, Callable[[Sequence[Sheet]], bytes]]] = {
    "xlsx": (".xlsx", xlsx),
    "xls": (".xls", xls),
    "ods": (".ods", ods),
    "xml": (".xls", xml_2003),
    "html": (".xls", html),
    "html gbk": (".xls", lambda sheets: html(sheets, "gb18030")),
    "csv": (".csv", separated(",", "utf-8-sig")),
    "csv gbk": (".csv", separated(",", "gb18030")),
    "tab": (".txt", separated("\t", "utf-16")),
    "semicolon": (".csv", separated(";", "utf-8")),
}
ONE_SHEET = ("html", "html gbk", "csv", "csv gbk", "tab", "semicolon")


@dataclass(frozen=True)
class Beside:
    """A column that is no mark but stands beside one: its words, and its value from the mark, the place and the full mark."""

    words: tuple[str, ...]
    value: Callable[[random.Random, float, int, int], Any]


BESIDE = (
    Beside(("班名次", "班排", "班级排名", "班次"), lambda chance, mark, place, full: float(place)),
    Beside(("校名次", "年级排名", "级次", "校次", "级名"), lambda chance, mark, place, full: float(place + chance.randint(0, 3))),
    Beside(("等级",), lambda chance, mark, place, full: "ABCDE"[min(4, int((1 - mark / full) * 5))]),
    Beside(("标准分", "Z值"), lambda chance, mark, place, full: round(chance.uniform(-2, 2), 2)),
    Beside(("进退", "进步"), lambda chance, mark, place, full: float(chance.randint(-5, 5))),
    Beside(("客观题", "客观分", "选择题"), lambda chance, mark, place, full: float(int(mark * 0.4))),
    Beside(("主观题", "笔试", "非选择题"), lambda chance, mark, place, full: float(int(mark * 0.6))),
    Beside(("听力",), lambda chance, mark, place, full: float(int(mark * 0.2))),
    Beside(("平时", "平时分"), lambda chance, mark, place, full: float(chance.randint(80, 100) * full // 120)),
)  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """One column: its headings from top to bottom (exam, subject, qualifier; empty where it has none) and its cells."""

    levels: tuple[str, ...]
    value: Callable[[Student], Any]
    person: bool = False


@dataclass(frozen=True)
class Written:
    """What was written: the files, what is true of them (exam kind, 学号, 科目 -> mark), and the layout in words."""

    paths: tuple[Path, ...]
    truth: dict[tuple[str, str, str], float | str]
    words: str


class Layout:
    """The draws of one seed, in the order in which they are needed."""

    def __init__(self, seed: int, school: MadeSchool) -> None:
        self.chance = random.Random(f"layout {seed}")
        self.school = school
        pick = self.chance.choice
        self.format = pick(("xlsx", "xlsx", "xlsx", "xls", "xls", *WRITERS))
        self.arrangement = pick(
            ("one", "one", "one", "stacked", "stacked with titles", "beside", "beside with gap", "sheets", "grades", "subjects", "long")
        )  # fmt: skip
        one_exam = self.arrangement in ("subjects", "long") or self.chance.random() < 0.75
        self.exams = (pick(tuple(school.marks)),) if one_exam else tuple(school.marks)
        self.subjects = self._subjects()
        self.scope = pick(("class", "grade", "grade", "all"))
        self.spelling = pick(("plain", "full", "brackets", "short", "digits", "entry", "entry digits", "apart"))
        self.number_word, self.name_word, self.class_word = pick(NUMBER_WORDS), pick(NAME_WORDS), pick(CLASS_WORDS)
        self.people = self._people()
        self.beside = self._beside()
        self.joined = pick(("{}{}", "{}({})", "{}（{}）", "{}-{}", "{}_{}"))
        self.flat = self.chance.random() < 0.4  # one header row
        self.merged = self.chance.random() < 0.6
        self.short = self.chance.random() < 0.2
        self.score_word = pick(("", "", *SCORE_WORDS)) if self.beside else pick(("", "", "", *SCORE_WORDS[:3]))
        self.full_in_heading = self.chance.random() < 0.2
        self.score_first = self.chance.random() < 0.5
        self.extras = self._extras()
        self.title = self._title()
        self.title_in = pick(("sheet", "sheet", "sheet", "file"))
        self.unnamed = self.arrangement == "subjects" and self.chance.random() < 0.5  # 成绩 instead of the 科目
        self.footer = self.chance.random() < 0.5
        self.text_marks = self.chance.random() < 0.15
        self.blank_rows = self.chance.random() < 0.15

    def _subjects(self) -> tuple[str, ...]:
        subjects = list(FULL)
        self.chance.shuffle(subjects)
        return tuple(subjects[: self.chance.randint(2, len(subjects))])

    def _people(self) -> tuple[str, ...]:
        people = list(self.chance.choice((("number", "name", "class"), ("number", "name", "class"), ("number", "name"), ("name", "class"), ("number", "class"))))  # fmt: skip
        if self.chance.random() < 0.3:
            self.chance.shuffle(people)
        return tuple(people)

    def _beside(self) -> tuple[tuple[str, Beside], ...]:
        if self.arrangement == "long" or self.chance.random() < 0.4:
            return ()
        kinds = self.chance.sample(BESIDE, self.chance.randint(1, 3))
        return tuple((self.chance.choice(kind.words), kind) for kind in kinds)

    def _extras(self) -> tuple[str, ...]:
        return tuple(
            word
            for word, share in (("序号", 0.3), ("考号", 0.2), ("座号", 0.15), ("总分", 0.5), ("总分排名", 0.3), ("平均分", 0.1), ("备注", 0.2), ("空列", 0.1))
            if self.chance.random() < share
        )  # fmt: skip

    def _title(self) -> str:
        if len(self.exams) > 1:
            return self.chance.choice(("2026-2027学年第一学期成绩汇总", "2026—2027学年度上学期成绩"))
        exam = self.exams[0]
        day = {"期中": "2026年11月10日", "期末": "2027年1月20日"}[exam]
        return self.chance.choice(
            (
                f"2026-2027学年第一学期{exam}考试成绩",
                f"2026—2027学年度上学期{exam}考试成绩表",
                f"2026年秋季学期{exam}考试成绩统计表",
                f"{exam}考试成绩（{day}）",
                f"某某中学2026-2027学年第一学期{exam}成绩（{day}）",
            )
        )

    def write(self, folder: Path) -> Written:
        """Write the files."""
        students = self._students()
        sheets = self._sheets(students)
        ending, writer = WRITERS[self.format]
        stem = self.title if self.title_in == "file" else self.chance.choice(("成绩", "Sheet1导出", self.title))
        if self.format in ONE_SHEET:
            names = [stem if len(sheets) == 1 else f"{stem}{sheet.name}" for sheet in sheets]
            paths = [write(folder / f"{n}{ending}", writer([s])) for n, s in zip(names, sheets, strict=True)]
        else:
            paths = [write(folder / f"{stem}{ending}", writer(sheets))]
        truth = {
            (exam, one.number, subject): mark
            for exam in self.exams
            for one in students
            for subject in self.subjects
            if (mark := self.school.marks[exam][one.number][subject]) is not None
        }
        return Written(tuple(paths), truth, self._in_words())

    def _in_words(self) -> str:
        told = {name: value for name, value in vars(self).items() if name not in ("chance", "school", "beside")}
        return f"{told} beside={[word for word, _ in self.beside]}"

    def _students(self) -> list[Student]:
        grade, room = self.chance.choice(("初一", "初二")), self.chance.choice("12")
        everyone = [one for one in self.school.students if self.scope == "all" or one.grade == grade]
        chosen = [one for one in everyone if self.scope != "class" or one.room == room]
        if self.chance.random() < 0.4:
            self.chance.shuffle(chosen)
        return chosen

    def _sheets(self, students: list[Student]) -> list[Sheet]:
        """The sheets of the arrangement; the title stands on each."""
        name = self.chance.choice(("Sheet1", "成绩", self.exams[0]))
        match self.arrangement:
            case "sheets":
                groups = _groups(students, lambda one: one.class_name)
                return [self._sheet(self._spelled(group[0], whole=True), [self._table(group)]) for group in groups]
            case "grades":
                groups = _groups(students, lambda one: one.grade)
                names = [
                    self.chance.choice((group[0].grade, f"{GRADE_NUMBER[group[0].grade][0]}年级")) for group in groups
                ]
                return [self._sheet(name, [self._table(group)]) for name, group in zip(names, groups, strict=True)]
            case "subjects":
                return [self._sheet(subject, [self._table(students, (subject,))]) for subject in self.subjects]
            case "stacked" | "stacked with titles":
                groups = _groups(students, lambda one: one.class_name)
                titles = [[self._spelled(group[0], whole=True)] for group in groups]
                tables = [self._table(group) for group in groups]
                if self.arrangement == "stacked with titles":
                    tables = [_under(title, table) for title, table in zip(titles, tables, strict=True)]
                return [self._sheet(name, tables)]
            case "beside" | "beside with gap":
                half = (len(students) + 1) // 2
                gap = 1 if self.arrangement == "beside with gap" else 0
                return [self._sheet(name, [_beside(self._table(students[:half]), self._table(students[half:]), gap)])]
            case _:
                return [self._sheet(name, [self._table(students)])]

    def _sheet(self, name: str, tables: list[Table]) -> Sheet:
        rows: list[list[Any]] = []
        merged: list[tuple[int, int, int, int]] = []
        width = max(len(row) for table in tables for row in table.rows)
        if self.title_in == "sheet":
            rows.append([self.title])
            if self.merged and width > 1:
                merged.append((0, 0, 0, width - 1))
            if self.chance.random() < 0.2:
                rows.append([])
        for number, table in enumerate(tables):
            rows += [[]] * (number > 0) * self.chance.randint(1, 2)
            merged += [(t + len(rows), left, b + len(rows), right) for t, left, b, right in table.merged]
            rows += table.rows
        return Sheet(name=name.replace("/", ""), rows=rows, merged=merged)

    def _table(self, students: list[Student], subjects: tuple[str, ...] = ()) -> Table:
        if self.arrangement == "long":
            return self._long_table(students)
        columns = self._columns(students, subjects or self.subjects)
        depth = max(len(column.levels) for column in columns)
        headings = [[*column.levels, *[""] * (depth - len(column.levels))] for column in columns]
        header = [[heading[level] or None for heading in headings] for level in range(depth)]
        merged = _merge_header(header, columns, depth) if self.merged and depth > 1 else []
        if not self.merged:
            header = _once(header)
        body = [[self._cell(column.value(one)) for column in columns] for one in students]
        if self.blank_rows and len(body) > 3:
            body.insert(3, [])
        if self.footer:
            body += self._footers(columns, students)
        return Table([*header, *body], merged)

    def _long_table(self, students: list[Student]) -> Table:
        people = self._person_columns()
        exam = self.exams[0]
        header = [*(column.levels[0] for column in people), "科目", self.score_word or "成绩"]
        body = [
            [
                *(column.value(one) for column in people),
                subject,
                self._cell(self.school.marks[exam][one.number][subject]),
            ]
            for one in students
            for subject in self.subjects
        ]
        return Table([header, *body], [])

    def _cell(self, value: Any) -> Any:
        return f"{value:g}" if self.text_marks and isinstance(value, float) else value

    def _columns(self, students: list[Student], subjects: tuple[str, ...]) -> list[Heading]:
        columns = [
            column for word in ("序号", "考号") if word in self.extras for column in [self._extra(word, students)]
        ]
        columns += self._person_columns()
        columns += [self._extra("座号", students)] if "座号" in self.extras else []
        for exam in self.exams:
            for subject in subjects:
                columns += self._subject_columns(exam, subject, students)
        rest = [
            self._extra(word, students)
            for word in ("总分", "总分排名", "平均分", "空列", "备注")
            if word in self.extras
        ]
        return [*columns, *rest]

    def _person_columns(self) -> list[Heading]:
        alone = self.arrangement in ("sheets", "stacked with titles") and "number" in self.people
        made = {
            "number": [Heading((self.number_word,), lambda one: one.number, True)],
            "name": [Heading((self.name_word,), lambda one: one.name, True)],
            "class": [] if alone else [Heading((self.class_word,), self._spelled, True)],
        }
        if self.spelling == "apart" and made["class"] and self.arrangement != "grades":
            made["class"] = [Heading(("年级",), lambda one: one.grade, True), *made["class"]]
        return [column for word in self.people for column in made[word]]

    def _spelled(self, one: Student, whole: bool = False) -> str:
        chinese, digit, entry = GRADE_NUMBER[one.grade]
        bare = f"{one.room}班" if not whole else one.class_name
        return {
            "plain": one.class_name,
            "full": f"{chinese}年级{one.room}班",
            "brackets": f"{chinese}({one.room})班",
            "short": f"{chinese}{one.room}" + ("班" if whole else ""),
            "digits": f"{digit}0{one.room}" + ("班" if whole else ""),
            "entry": f"{entry}级{one.room}班",
            "entry digits": f"{entry % 100}0{one.room}班",
            "apart": bare,
        }[self.spelling]

    def _subject_columns(self, exam: str, subject: str, students: list[Student]) -> list[Heading]:
        marks = self.school.marks[exam]
        said = SHORT[subject] if self.short else subject
        ranked = sorted((m for one in students if isinstance(m := marks[one.number][subject], float)), reverse=True)
        score = Heading(
            self._levels(exam, said, self.score_word, FULL[subject]), lambda one: marks[one.number][subject]
        )
        others = [
            Heading(self._levels(exam, said, word, 0), self._beside_value(kind, marks, subject, ranked))
            for word, kind in self.beside
        ]
        return [score, *others] if self.score_first else [*others, score]

    def _beside_value(self, kind: Beside, marks: Any, subject: str, ranked: list[float]) -> Callable[[Student], Any]:
        def value(one: Student) -> Any:
            mark = marks[one.number][subject]
            if not isinstance(mark, float):
                return None
            return kind.value(self.chance, mark, ranked.index(mark) + 1, FULL[subject])

        return value

    def _levels(self, exam: str, subject: str, word: str, full: int) -> tuple[str, ...]:
        """The headings of a column, from top to bottom."""
        if self.full_in_heading and full:
            subject = f"{subject}({full}分)" if not word else subject
        exams = (exam,) if len(self.exams) > 1 else ()
        if self.unnamed:
            return (word or "成绩",)
        if self.flat:
            return ("".join(exams) + (self.joined.format(subject, word) if word else subject),)
        if self.beside:
            return (*exams, subject, word)
        return (*exams, self.joined.format(subject, word) if word else subject)

    def _extra(self, word: str, students: list[Student]) -> Heading:
        place = {one.number: number for number, one in enumerate(students, 1)}
        totals = {
            one.number: sum(m for m in self.school.marks[self.exams[0]][one.number].values() if isinstance(m, float))
            for one in students
        }
        ranked = sorted(totals.values(), reverse=True)
        values: dict[str, Callable[[Student], Any]] = {
            "序号": lambda one: float(place[one.number]),
            "考号": lambda one: f"2611{place[one.number]:04d}",
            "座号": lambda one: float((place[one.number] * 7) % 40 + 1),
            "总分": lambda one: totals[one.number],
            "总分排名": lambda one: float(ranked.index(totals[one.number]) + 1),
            "平均分": lambda one: round(totals[one.number] / len(FULL), 2),
            "备注": lambda one: "转入" if place[one.number] == 2 else None,
            "空列": lambda one: None,
        }
        return Heading(("家长签字" if word == "空列" else word,), values[word], True)

    def _footers(self, columns: list[Heading], students: list[Student]) -> list[list[Any]]:
        def mean(column: Heading) -> Any:
            numbers = [value for one in students if isinstance(value := column.value(one), float)]
            return round(sum(numbers) / len(numbers), 2) if numbers and not column.person else None

        first = next(place for place, column in enumerate(columns) if column.person and not isinstance(column.value(students[0]), float))  # fmt: skip
        row = [mean(column) for column in columns]
        row[first] = self.chance.choice(("平均分", "平均", "最高分", "均分"))
        signed = ["制表人：教务处　　日期：2026年12月1日"]
        return self.chance.choice(([row], [row, signed], [signed], [[], row]))


@dataclass(frozen=True)
class Table:
    """Rows with header, from its own corner."""

    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]]


def _groups(students: list[Student], key: Callable[[Student], str]) -> list[list[Student]]:
    return [[one for one in students if key(one) == name] for name in sorted({key(one) for one in students})]


def _under(title: list[Any], table: Table) -> Table:
    return Table([title, *table.rows], [(t + 1, left, b + 1, right) for t, left, b, right in table.merged])


def _beside(left: Table, right: Table, gap: int) -> Table:
    width = max(map(len, left.rows)) + gap
    height = max(len(left.rows), len(right.rows))

    def row(table: Table, number: int) -> list[Any]:
        return list(table.rows[number]) if number < len(table.rows) else []

    rows = [[*(line := row(left, n)), *[None] * (width - len(line)), *row(right, n)] for n in range(height)]
    return Table(rows, [*left.merged, *((t, at + width, b, end + width) for t, at, b, end in right.merged)])


def _merge_header(header: list[list[Any]], columns: list[Heading], depth: int) -> list[tuple[int, int, int, int]]:
    """Merge equal headings across, and a heading with nothing below it down; only the first cell keeps its value."""
    merged = []
    for level in range(depth):
        at = 0
        while at < len(columns):
            end = at
            same = header[level][at]
            while same and end + 1 < len(columns) and _path(columns[end + 1], level) == _path(columns[at], level):
                end += 1
            below = level
            while below + 1 < depth and same and not any(header[below + 1][at : end + 1]):
                below += 1
            if same and (end > at or below > level):
                merged.append((level, at, below, end))
                header[level][at + 1 : end + 1] = [None] * (end - at)
            at = end + 1
    return merged


def _path(column: Heading, level: int) -> tuple[str, ...]:
    if column.person or len(column.levels) <= level + 1:
        return (str(id(column)),)
    return column.levels[: level + 1]


def _once(header: list[list[Any]]) -> list[list[Any]]:
    """Upper headings once, above the first of their columns, as in a sheet from which the merging was taken out."""
    rows = []
    for level, line in enumerate(header[:-1]):
        paths = [tuple(row[place] for row in header[: level + 1]) for place in range(len(line))]
        rows.append([None if p and paths[p - 1] == paths[p] and line[p] else cell for p, cell in enumerate(line)])
    return [*rows, header[-1]]
