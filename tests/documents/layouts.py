"""A school's marks written down in a random layout, as one of the many people in schools would.

Everything is drawn from the seed: which columns and in which order, one to three header rows, merged or not, what stands
beside the marks (ranks, levels, parts of marks), blocks one under another or side by side, sheets a class, a 年级, a
subject or an exam, long tables, how classes are spelled, titles, footers, sheets of ranks, the format and its encoding.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.documents.made_school import FULL, MadeSchool, Student
from tests.documents.made_tables import Areas, Heading, Table, beside, groups, header, merge_runs, under
from tests.documents.sheet_writers import Sheet, Shown, aligned, html, ods, separated, write, xls, xlsx, xml_2003

SHORT = {"语文": "语", "数学": "数", "英语": "英", "道德与法治": "政治", "历史": "史", "生物": "生物"}
NUMBER_WORDS = ("学号", "学号", "学生学号", "学 号")
NAME_WORDS = ("姓名", "姓名", "学生姓名", "姓 名")
CLASS_WORDS = ("班级", "班级", "行政班级", "班别")
GRADE_NUMBER = {"初一": ("七", "7", 2026), "初二": ("八", "8", 2025)}
SCORE_WORDS = ("得分", "分数", "成绩", "卷面分")
DAYS = {"期中": "2026年11月10日", "期末": "2027年1月20日"}
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
    "aligned": (".txt", aligned),
}
ONE_SHEET = ("html", "html gbk", "csv", "csv gbk", "tab", "semicolon", "aligned")
ARRANGEMENTS = (
    *("one",) * 5,
    *("stacked", "stacked with titles", "beside", "beside with gap", "beside with titles"),
    *("sheets", "grades", "subjects", "long", "exam column", "exam sheets"),
)
PEOPLE = (
    *(("number", "name", "class"),) * 3,
    *(("number", "name"), ("name", "class"), ("number", "class"), ("name",)),
)


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
    Beside(("班均分", "班平均"), lambda chance, mark, place, full: round(full * 0.7 + place / 100, 2)),
    Beside(("得分率",), lambda chance, mark, place, full: round(mark / full, 2)),
    Beside(("满分",), lambda chance, mark, place, full: float(full)),
    Beside(("上次", "上次成绩"), lambda chance, mark, place, full: float(chance.randint(full // 3, full))),
    Beside(("目标分",), lambda chance, mark, place, full: float(chance.randint(full // 2, full))),
    Beside(("作文", "实验", "口语", "附加题"), lambda chance, mark, place, full: float(chance.randint(1, full // 3))),
    Beside(("A卷", "Ⅰ卷", "第一卷", "选择"), lambda chance, mark, place, full: float(int(mark * 0.5))),
    Beside(("总评",), lambda chance, mark, place, full: float(int(mark * 0.7 + full * 0.3))),
    Beside(("折算分", "赋分"), lambda chance, mark, place, full: float(chance.randint(full // 2, full))),
    Beside(("听力",), lambda chance, mark, place, full: float(int(mark * 0.2))),
    Beside(("平时", "平时分"), lambda chance, mark, place, full: float(chance.randint(80, 100) * full // 120)),
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """What was written: the files, what is true of them (exam kind, 学号, 科目 -> mark), and the layout in words."""

    paths: tuple[Path, ...]
    truth: dict[tuple[str, str, str], float | str]
    words: str


class Layout:
    """The draws of one seed; ``write`` makes the files of them."""

    def __init__(self, seed: int, school: MadeSchool) -> None:
        self.chance = random.Random(f"layout {seed}")
        self.school = school
        pick = self.chance.choice
        self.format = pick(("xlsx",) * 4 + ("xls",) * 3 + tuple(WRITERS))
        self.arrangement = pick(ARRANGEMENTS)
        self.exams = self._exams()
        self.subjects = tuple(self.chance.sample(list(FULL), self.chance.randint(2, len(FULL))))
        self.scope = pick(("class", "grade", "grade", "all"))
        self.spelling = pick(("plain", "full", "brackets", "short", "digits", "entry", "entry digits", "apart"))
        self.number_word, self.name_word, self.class_word = pick(NUMBER_WORDS), pick(NAME_WORDS), pick(CLASS_WORDS)
        self.people = self._people()
        self.number_kind = pick(("text", "text", "number"))
        self.beside = self._beside()
        self.joined = pick(("{}{}", "{}({})", "{}（{}）", "{}-{}", "{}_{}", "{}\n{}"))
        self.flat = self._happens(0.4)  # one header row
        self.merged = self._happens(0.6)
        self.person_low = self._happens(0.15)
        self.subject_over_exam = self._happens(0.3)
        self.by_qualifier = self._happens(0.25)
        self.short = self._happens(0.2)
        self.spaced = self._happens(0.1)
        self.score_word = pick(("", "", *SCORE_WORDS)) if self.beside else pick(("", "", "", *SCORE_WORDS[:3]))
        self.full_in_heading = self._happens(0.2)
        self.score_first = self._happens(0.5)
        self.extras = self._extras()
        self.title = self._title(self.exams)
        self.title_in = pick(("sheet", "sheet", "sheet", "file"))
        self.unnamed = self.arrangement == "subjects" and self._happens(0.5)  # 成绩 instead of the 科目
        self.footer = self._happens(0.5)
        self.text_marks = self._happens(0.15)
        self.blank_rows = self._happens(0.15)
        self.header_again = self._happens(0.1)
        self.class_merged = self._happens(0.15) and self.format not in ONE_SHEET
        self.corner = (0, 0) if self._happens(0.85) or self.format == "aligned" else (1, 1)
        self.hidden = self._happens(0.05)
        self.summary = self._happens(0.12)
        self.rank_sheet = self._happens(0.15) and self.format not in ONE_SHEET

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _exams(self) -> tuple[str, ...]:
        both = tuple(self.school.marks)
        if self.arrangement in ("exam column", "exam sheets"):
            return both
        one = self.arrangement in ("subjects", "long") or self._happens(0.7)
        return (self.chance.choice(both),) if one else both

    def _people(self) -> tuple[str, ...]:
        people = list(self.chance.choice(PEOPLE))
        if self._happens(0.3):
            self.chance.shuffle(people)
        return tuple(people)

    def _beside(self) -> tuple[tuple[str, Beside], ...]:
        if self.arrangement == "long" or self._happens(0.4):
            return ()
        kinds = self.chance.sample(BESIDE, self.chance.randint(1, 3))
        return tuple((self.chance.choice(kind.words), kind) for kind in kinds)

    def _extras(self) -> tuple[str, ...]:
        shares = {
            "序号": 0.3,
            "考号": 0.2,
            "座号": 0.15,
            "总分": 0.5,
            "总分排名": 0.3,
            "平均分": 0.1,
            "备注": 0.2,
            "空列": 0.1,
        }
        return tuple(word for word, share in shares.items() if self._happens(share))

    def _title(self, exams: tuple[str, ...]) -> str:
        if len(exams) > 1:
            return self.chance.choice(("2026-2027学年第一学期成绩汇总", "2026—2027学年度上学期成绩"))
        exam = exams[0]
        return self.chance.choice(
            (
                f"2026-2027学年第一学期{exam}考试成绩",
                f"2026—2027学年度上学期{exam}考试成绩表",
                f"2026年秋季学期{exam}考试成绩统计表",
                f"{exam}考试成绩（{DAYS[exam]}）",
                f"某某中学2026-2027学年第一学期{exam}成绩（{DAYS[exam]}）",
            )
        )

    def write(self, folder: Path) -> Written:
        """Write the files."""
        students = self._students()
        sheets = [self._placed(sheet) for sheet in self._sheets(students)]
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
        if self._happens(0.4):
            self.chance.shuffle(chosen)
        return chosen

    def _sheets(self, students: list[Student]) -> list[Sheet]:
        """The sheets of the arrangement, and after them those that hold no marks."""
        sheets = self._sheets_of_marks(students)
        if self.rank_sheet:
            sheets.append(self._ranks(students))
        return sheets

    def _sheets_of_marks(self, students: list[Student]) -> list[Sheet]:
        name = self.chance.choice(("Sheet1", "成绩", self.exams[0] if len(self.exams) == 1 else "汇总"))
        rooms = groups(students, lambda one: one.class_name)
        titles = [self._spelled(room[0], whole=True) for room in rooms]
        match self.arrangement:
            case "sheets":
                return [self._sheet(t, [self._table(room)]) for t, room in zip(titles, rooms, strict=True)]
            case "grades":
                grades = groups(students, lambda one: one.grade)
                names = [self.chance.choice((g[0].grade, f"{GRADE_NUMBER[g[0].grade][0]}年级")) for g in grades]
                return [self._sheet(n, [self._table(grade)]) for n, grade in zip(names, grades, strict=True)]
            case "subjects":
                return [self._sheet(one, [self._table(students, (one,))]) for one in self.subjects]
            case "exam sheets":
                return [
                    self._sheet(exam, [self._table(students, exams=(exam,))], self._title((exam,)))
                    for exam in self.exams
                ]
            case "stacked":
                return [self._sheet(name, [self._table(room) for room in rooms])]
            case "stacked with titles":
                tables = [under([t], self._table(room)) for t, room in zip(titles, rooms, strict=True)]
                return [self._sheet(name, tables)]
            case "beside with titles" if len(rooms) > 1:
                left, right = (under([t], self._table(r)) for t, r in zip(titles[:2], rooms[:2], strict=True))
                rest = [under([t], self._table(r)) for t, r in zip(titles[2:], rooms[2:], strict=True)]
                return [self._sheet(name, [beside(left, right, 1), *rest])]
            case "beside" | "beside with gap":
                half = (len(students) + 1) // 2
                gap = 1 if self.arrangement == "beside with gap" else 0
                return [self._sheet(name, [beside(self._table(students[:half]), self._table(students[half:]), gap)])]
            case _:
                return [self._sheet(name, [self._table(students)])]

    def _sheet(self, name: str, tables: list[Table], title: str = "") -> Sheet:
        rows: list[list[Any]] = []
        merged: Areas = []
        if self.title_in == "sheet":
            rows.append([title or self.title])
            width = max(table.width for table in tables)
            merged += [(0, 0, 0, width - 1)] if self.merged and width > 1 else []
            rows += [[]] if self._happens(0.2) else []
        for number, table in enumerate(tables):
            rows += [[] for _ in range(self.chance.randint(1, 2) if number else 0)]
            merged += table.shifted(len(rows), 0)
            rows += table.rows
        return Sheet(name=name, rows=rows, merged=merged)

    def _placed(self, sheet: Sheet) -> Sheet:
        """The sheet with its corner elsewhere, or with something hidden."""
        down, right = self.corner
        rows = [*[[] for _ in range(down)], *([*[None] * right, *row] for row in sheet.rows)]
        hidden = [len(rows) - 2] if self.hidden else []
        return replace(sheet, rows=rows, merged=Table([], list(sheet.merged)).shifted(down, right), hidden_rows=hidden)

    def _table(self, students: list[Student], subjects: tuple[str, ...] = (), exams: tuple[str, ...] = ()) -> Table:
        if self.arrangement == "long":
            return self._long_table(students)
        exams = exams or self.exams
        if self.arrangement == "exam column":
            return self._exam_table(students)
        columns = self._columns(students, subjects or self.subjects, exams)
        head = header(columns, merged=self.merged, person_low=self.person_low)
        body = self._body(columns, students)
        if self.blank_rows and len(body) > 3:
            body.insert(3, [])
        if self.header_again and len(body) > 6:
            body[4:4] = [list(row) for row in head.rows]
        table = Table([*head.rows, *body], head.merged)
        if self.class_merged and not self.header_again:
            table = self._merge_classes(table, columns, len(head.rows))
        below = self._footers(columns, students) if self.footer else []
        below += self._summary(students) if self.summary and "beside" not in self.arrangement else []
        return Table([*table.rows, *below], table.merged)

    def _merge_classes(self, table: Table, columns: list[Heading], first: int) -> Table:
        place = next((p for p, column in enumerate(columns) if column.levels[0] == self.class_word), None)
        return table if place is None else merge_runs(table, place, first)

    def _body(self, columns: list[Heading], students: list[Student]) -> list[list[Any]]:
        return [[self._cell(column.value(one)) for column in columns] for one in students]

    def _long_table(self, students: list[Student]) -> Table:
        people = self._person_columns()
        exam = self.exams[0]
        head = [*(column.levels[0] for column in people), "科目", self.score_word or "成绩"]
        body = [
            [
                *(column.value(one) for column in people),
                subject,
                self._cell(self.school.marks[exam][one.number][subject]),
            ]
            for one in students
            for subject in self.subjects
        ]
        return Table([head, *body])

    def _exam_table(self, students: list[Student]) -> Table:
        """One row a student and an exam, which a column names."""
        rows: list[list[Any]] = []
        for exam in self.exams:
            columns = self._columns(students, self.subjects, (exam,))
            said = Heading(("考试名称",), lambda one, exam=exam: f"{exam}考试", True)
            columns.insert(len(self._person_columns()), said)
            head = header(columns, merged=False, person_low=False)
            rows += [] if rows else head.rows
            rows += self._body(columns, students)
        return Table(rows)

    def _cell(self, value: Any) -> Any:
        return f"{value:g}" if self.text_marks and isinstance(value, float) else value

    def _columns(self, students: list[Student], subjects: tuple[str, ...], exams: tuple[str, ...]) -> list[Heading]:
        first = [self._extra(word, students) for word in ("序号", "考号") if word in self.extras]
        middle = [self._extra("座号", students)] if "座号" in self.extras else []
        last = [
            self._extra(word, students)
            for word in ("总分", "总分排名", "平均分", "空列", "备注")
            if word in self.extras
        ]
        marks = self._mark_columns(students, subjects, exams)
        return [*first, *self._person_columns(), *middle, *marks, *last]

    def _mark_columns(
        self, students: list[Student], subjects: tuple[str, ...], exams: tuple[str, ...]
    ) -> list[Heading]:
        pairs = [(exam, subject) for exam in exams for subject in subjects]
        if self.subject_over_exam and len(exams) > 1:
            pairs = [(exam, subject) for subject in subjects for exam in exams]
        each = [self._subject_columns(exam, subject, students, several=len(exams) > 1) for exam, subject in pairs]
        if self.by_qualifier and self.beside and len(exams) == 1:
            return [columns[kind] for kind in range(len(each[0])) for columns in each]
        return [column for columns in each for column in columns]

    def _person_columns(self) -> list[Heading]:
        alone = self.arrangement in ("sheets", "stacked with titles", "beside with titles") and "number" in self.people
        made = {
            "number": [Heading((self.number_word,), self._number, True)],
            "name": [Heading((self.name_word,), lambda one: one.name, True)],
            "class": [] if alone else [Heading((self.class_word,), self._spelled, True)],
        }
        if self.spelling == "apart" and made["class"] and self.arrangement != "grades":
            made["class"] = [Heading(("年级",), lambda one: one.grade, True), *made["class"]]
        return [column for word in self.people for column in made[word]]

    def _number(self, one: Student) -> Any:
        if self.number_kind == "text":
            return one.number
        if one.number.startswith("0"):
            return Shown(float(one.number), "0" * len(one.number), one.number)
        return float(one.number)

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

    def _subject_columns(self, exam: str, subject: str, students: list[Student], *, several: bool) -> list[Heading]:
        marks = self.school.marks[exam]
        said = self._subject_word(subject)
        ranked = sorted((m for one in students if isinstance(m := marks[one.number][subject], float)), reverse=True)
        exams = (exam,) if several else ()
        word = self.score_word or (
            "分数" if self.by_qualifier and self.beside and not self.flat and not several else ""
        )
        score = Heading(self._levels(exams, said, word, FULL[subject]), lambda one: marks[one.number][subject])
        others = [
            Heading(self._levels(exams, said, word, 0), self._beside_value(kind, marks, subject, ranked))
            for word, kind in self.beside
        ]
        return [score, *others] if self.score_first else [*others, score]

    def _subject_word(self, subject: str) -> str:
        said = SHORT[subject] if self.short else subject
        return " ".join(said) if self.spaced and len(said) == 2 else said

    def _beside_value(self, kind: Beside, marks: Any, subject: str, ranked: list[float]) -> Callable[[Student], Any]:
        def value(one: Student) -> Any:
            mark = marks[one.number][subject]
            if not isinstance(mark, float):
                return None
            return kind.value(self.chance, mark, ranked.index(mark) + 1, FULL[subject])

        return value

    def _levels(self, exams: tuple[str, ...], subject: str, word: str, full: int) -> tuple[str, ...]:
        """The headings of a column, from top to bottom."""
        if self.full_in_heading and full and not word:
            subject = f"{subject}({full}分)"
        if self.unnamed:
            return (word or "成绩",)
        joined = self.joined.format(subject, word) if word else subject
        if self.flat:
            return ("".join(exams) + joined,)
        if self.by_qualifier and self.beside and not exams:
            return (word, subject)
        if self.subject_over_exam and exams:
            return (subject, *exams, word) if self.beside else (subject, *exams)
        return (*exams, subject, word) if self.beside else (*exams, joined)

    def _extra(self, word: str, students: list[Student]) -> Heading:
        place = {one.number: number for number, one in enumerate(students, 1)}
        totals = self._totals(students)
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

    def _totals(self, students: list[Student]) -> dict[str, float]:
        marks = self.school.marks[self.exams[0]]
        return {one.number: sum(m for m in marks[one.number].values() if isinstance(m, float)) for one in students}

    def _footers(self, columns: list[Heading], students: list[Student]) -> list[list[Any]]:
        def mean(column: Heading) -> Any:
            numbers = [value for one in students if isinstance(value := column.value(one), float)]
            return round(sum(numbers) / len(numbers), 2) if numbers and not column.person else None

        first = next(p for p, column in enumerate(columns) if column.levels[0] in (self.name_word, self.number_word))
        row = [mean(column) for column in columns]
        row[first] = self.chance.choice(("平均分", "平均", "最高分", "均分"))
        signed = ["制表人：教务处　　日期：2026年12月1日"]
        return self.chance.choice(([row], [row, signed], [signed], [[], row]))

    def _summary(self, students: list[Student]) -> list[list[Any]]:
        """A small table of the classes under the marks."""
        exam = self.exams[0]
        rows: list[list[Any]] = [[], ["各班平均分"], ["班级", "人数", *self.subjects]]
        for room in groups(students, lambda one: one.class_name):
            means = []
            for subject in self.subjects:
                marks = [m for one in room if isinstance(m := self.school.marks[exam][one.number][subject], float)]
                means.append(round(sum(marks) / len(marks), 2) if marks else None)
            rows.append([self._spelled(room[0], whole=True), float(len(room)), *means])
        return rows

    def _ranks(self, students: list[Student]) -> Sheet:
        """A sheet of the places in each subject, under the plain names of the subjects."""
        marks = self.school.marks[self.exams[0]]

        def place(subject: str) -> Callable[[Student], Any]:
            ranked = sorted((m for one in students if isinstance(m := marks[one.number][subject], float)), reverse=True)
            return lambda one: (
                float(ranked.index(m) + 1) if isinstance(m := marks[one.number][subject], float) else None
            )

        columns = [*self._person_columns(), *(Heading((subject,), place(subject)) for subject in self.subjects)]
        name = self.chance.choice(("名次", "各科名次", "排名"))
        title = self.chance.choice((f"{self.title}各科年级名次", "各科年级名次"))
        return Sheet(name=name, rows=[[title], [c.levels[0] for c in columns], *self._body(columns, students)])
