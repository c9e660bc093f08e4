"""家长信: for each student a letter to the parents, several on a sheet of paper, one workbook a class.

``slips`` decides on plain data what a letter says; ``staged_slips`` makes the files. A letter has the student's own
level and progress in words and nothing that ranks, brands, or tells of anybody else (DOMAIN, Privacy).
"""

from xlbangfu.documents.slips.letter import ClassSlips, Letter
from xlbangfu.documents.slips.letter_content import slips
from xlbangfu.documents.slips.letter_files import file_name, staged_slips

__all__ = ["ClassSlips", "Letter", "file_name", "slips", "staged_slips"]
