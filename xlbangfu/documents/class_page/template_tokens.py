"""What stands in the template of pages, beside ``look.CLASS_NAME`` and ``look.SIGNED``, for what differs from page to page or
from edition to edition."""

from __future__ import annotations

PAGE_ID = "@页编号@"
SCHOOL, TERM, PUBLIC_NAME, NUMBER, MADE = "@学校@", "@学期@", "@对外称谓@", "@版次@", "@制表时间@"
CREATED = "2001-01-01T00:00:00Z"  # in the file's properties, which XlsxWriter wants to be a time
STUDENTS_TITLE = "＠学生＠"  # a sheet; wide signs, so that its names come after those of the other sheets
DAY, YEAR_START, YEAR_END = "@今天@", "@学年始@", "@学年终@"  # as people write them
FIRST_DAY, LAST_DAY = "@学年首日@", "@学年末日@"  # of the year, as Excel's numbers
