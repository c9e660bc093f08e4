"""档案册: everything on each tracked student, a page each, bound in one workbook for the office. It never leaves it.

``register_of`` gathers it as plain data; ``staged_register`` makes the file.
"""

from xlbangfu.documents.register.entry import Entry, Register, Section
from xlbangfu.documents.register.register_content import register_of
from xlbangfu.documents.register.register_files import file_name, staged_register

__all__ = ["Entry", "Register", "Section", "file_name", "register_of", "staged_register"]
