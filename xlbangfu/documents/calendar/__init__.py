"""日程 as calendar files (.ics), one a teacher, which Outlook and phones open.

A file holds the teacher's own tasks with the names of his students, in neutral words: no reason why, no list they are
on. Made again, it updates what a calendar already has, for the events keep their numbers (UID); an event that is no longer
due is called off if the file of the last time still stands in the folder.
"""

from xlbangfu.documents.calendar.calendar_files import Staged, staged_calendars
from xlbangfu.documents.calendar.events import Edition, TeacherCalendar, teacher_calendars

__all__ = ["Edition", "Staged", "TeacherCalendar", "staged_calendars", "teacher_calendars"]
