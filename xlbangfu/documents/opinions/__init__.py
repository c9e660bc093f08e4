"""意见表: a half-page form for the parents' answers and one for the student's, two a sheet of A4, one workbook a class.

The answers are the columns of 评价, entered by 家长 and 学生 on the page of the class; nothing on the form ranks, brands or tells
on which list the child is (DOMAIN, Privacy).
"""

from xlbangfu.documents.opinions.opinion_files import file_name, staged_opinions
from xlbangfu.documents.opinions.opinion_forms import ClassOpinions, opinion_forms

__all__ = ["ClassOpinions", "file_name", "opinion_forms", "staged_opinions"]
