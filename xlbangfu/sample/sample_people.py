"""Who is in the sample school: classes, teachers and students, with an ability that lasts from exam to exam."""

from __future__ import annotations

from datetime import date

from msgspec import Struct, field

from xlbangfu.sample.chance import Chance
from xlbangfu.sample.sample_names import full_name
from xlbangfu.schema import (
    DROPPED_OUT,
    ON_ROLL,
    TRANSFERRED,
)

FULL_MARKS = {
    "语文": 120,
    "数学": 120,
    "英语": 120,
    "物理": 100,
    "化学": 100,
    "道德与法治": 100,
    "历史": 100,
    "地理": 100,
    "生物": 100,
}
SUBJECTS = tuple(FULL_MARKS)
TAUGHT = {
    "初一": ("语文", "数学", "英语", "道德与法治", "历史", "地理", "生物"),
    "初二": ("语文", "数学", "英语", "物理", "道德与法治", "历史", "地理", "生物"),
    "初三": ("语文", "数学", "英语", "物理", "化学", "道德与法治", "历史"),
}
GRADES = tuple(TAUGHT)
_LOAD = {"语文": 2, "数学": 2, "英语": 2, "物理": 3, "化学": 3}  # classes a teacher has; 4 in the other subjects
_LEFT_ON = ((11, 24), (2, 23), (3, 16), (5, 11))  # month, day


class Teacher(Struct):
    number: str
    name: str
    roles: list[str]
    subject: str = ""
    classes: list[str] = field(default_factory=list)
    on_duty: bool = True
    load: int = 0  # students paired one to one

    @property
    def label(self) -> str:
        return f"{self.number} {self.name}"


class SchoolClass(Struct):
    name: str
    grade: str
    entry: int  # the year in which its students came
    teachers: dict[str, Teacher] = field(default_factory=dict)  # by subject
    homeroom: Teacher | None = None
    patron: Teacher | None = None


class Student(Struct):
    number: str
    name: str
    sex: str
    school_class: SchoolClass
    ability: float
    leaning: tuple[float, ...]  # one for each of SUBJECTS
    trend: float = 0.0  # rise of the ability from exam to exam
    turn: float = 0.0  # of the ability, from the latest term on
    status: str = ON_ROLL
    left: date | None = None
    came: date | None = None
    moved: date | None = None
    former_class: str | None = None
    kind: str | None = None
    difficulty: str | None = None
    key: bool = False
    weak: tuple[str, ...] = ()
    cause: str | None = None
    left_behind: bool = False
    hardship: bool = False
    boarder: bool = False
    groups: tuple[str, ...] = ()
    listed: date | None = None


class Staff(Struct):
    teachers: list[Teacher]
    administrators: list[Teacher]
    counsellor: Teacher


def make_classes(count: int, year: int) -> list[SchoolClass]:
    """The classes, spread evenly over the grades."""
    grades = GRADES[: max(1, min(count, len(GRADES)))]
    sizes = [count // len(grades) + (place < count % len(grades)) for place in range(len(grades))]
    return [
        SchoolClass(f"{grade}{number + 1}班", grade, year - GRADES.index(grade))
        for grade, size in zip(grades, sizes, strict=True)
        for number in range(size)
    ]


def make_staff(chance: Chance, classes: list[SchoolClass]) -> Staff:
    """A teacher for every subject of every class, a 班主任 for each class, and those who run the school."""
    teachers: list[Teacher] = []

    def hire(roles: list[str], subject: str = "") -> Teacher:
        name = full_name(chance, chance.pick("男女"))
        teachers.append(Teacher(f"{len(teachers) + 1:04d}", name, roles, subject))
        return teachers[-1]

    hire(["校长"])
    hire(["行政", "政教处"])
    counsellor = hire(["心理教师"])
    administrators = [teachers[1], *(hire(["行政"]) for _ in range(max(1, len(classes) // 4 - 1)))]
    for grade in GRADES:
        school_classes = [school_class for school_class in classes if school_class.grade == grade]
        for subject in TAUGHT[grade]:
            load = _LOAD.get(subject, 4)
            for first in range(0, len(school_classes), load):
                teacher = hire(["任课教师"], subject)
                teacher.classes = [school_class.name for school_class in school_classes[first : first + load]]
                for school_class in school_classes[first : first + load]:
                    school_class.teachers[subject] = teacher
        for place, school_class in enumerate(school_classes):
            school_class.homeroom = school_class.teachers["数学" if place % 2 else "语文"]
            school_class.homeroom.roles.insert(0, "班主任")
    for place, school_class in enumerate(classes):
        school_class.patron = administrators[place % len(administrators)]
    administrators[-1].roles.append("任课教师")
    administrators[-1].subject, administrators[-1].classes = "历史", [classes[-1].name]
    hire(["任课教师"], "英语").on_duty = False
    return Staff(teachers, administrators, counsellor)


def make_students(chance: Chance, count: int, classes: list[SchoolClass], year: int) -> list[Student]:
    """The students class by class; two of one name only in different classes."""
    students: list[Student] = []
    width = max(2, len(str(-(-count // len(classes)))))
    class_width = max(2, len(str(len(classes))))
    for place, school_class in enumerate(classes):
        size = count // len(classes) + (place < count % len(classes))
        number = int(school_class.name.removeprefix(school_class.grade).removesuffix("班"))
        strength = 0.15 * chance.normal()
        taken: set[str] = set()
        for seat in range(1, size + 1):
            sex = chance.pick("男女")
            name = full_name(chance, sex)
            while name in taken:
                name = full_name(chance, sex)
            taken.add(name)
            students.append(
                Student(
                    f"0{school_class.entry % 100:02d}{number:0{class_width}d}{seat:0{width}d}",
                    name,
                    sex,
                    school_class,
                    strength + chance.normal(),
                    tuple([chance.normal() for _ in SUBJECTS]),
                    boarder=chance.happens(0.3),
                )
            )
    _share_names(chance, students)
    _move(chance, students, classes, year)
    return students


def _share_names(chance: Chance, students: list[Student]) -> None:
    """Two students of one name in different classes, a few times."""
    for student in chance.some(students, len(students) // 300):
        twin = chance.pick(students)
        classmates = {other.name for other in students if other.school_class is student.school_class}
        if twin.school_class is not student.school_class and twin.name not in classmates:
            student.name, student.sex = twin.name, twin.sex


def school_day(year: int, month: int, day: int) -> date:
    """A day of the school year that began in September of ``year``."""
    return date(year if month > 8 else year + 1, month, day)


def _move(chance: Chance, students: list[Student], classes: list[SchoolClass], year: int) -> None:
    """Transfers out, drop-outs, transfers in, changes of class."""
    out, dropped, new = len(students) // 150, min(len(students) // 100, 1 + len(students) // 1200), len(students) // 200
    moved = chance.some(students, out + dropped + new + len(students) // 400)
    for place, student in enumerate(moved):
        day = school_day(year, *_LEFT_ON[place % len(_LEFT_ON)])
        siblings = [
            school_class
            for school_class in classes
            if school_class.grade == student.school_class.grade and school_class is not student.school_class
        ]
        if place < out:
            student.status, student.left = TRANSFERRED, day
        elif place < out + dropped:
            student.status, student.left = DROPPED_OUT, day
        elif place < out + dropped + new:
            student.came = day
        elif siblings:
            student.moved, student.former_class = school_day(year, 2, 23), chance.pick(siblings).name
