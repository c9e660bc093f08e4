"""One workbook a class for its homeroom teacher, or one a teacher who helps: what to do this week, the students looked
after, a sheet to fill in.

``class_pages`` and ``teacher_pages`` decide on plain data what a page shows, already filtered for privacy; ``staged_pages`` and
``write_pages`` make the files.
"""

from xlbangfu.documents.class_page.group_note import NOTE_NAME
from xlbangfu.documents.class_page.index import INDEX_NAME
from xlbangfu.documents.class_page.page import ClassPage, Edition, ExamFigures, FigureRow, Student, Task, TeacherPage
from xlbangfu.documents.class_page.page_content import class_pages
from xlbangfu.documents.class_page.page_files import Staged, file_name, staged_pages, write_page, write_pages
from xlbangfu.documents.class_page.teacher_content import teacher_pages

__all__ = [
    "INDEX_NAME",
    "NOTE_NAME",
    "ClassPage",
    "Edition",
    "ExamFigures",
    "FigureRow",
    "Staged",
    "Student",
    "Task",
    "TeacherPage",
    "class_pages",
    "file_name",
    "staged_pages",
    "teacher_pages",
    "write_page",
    "write_pages",
]
