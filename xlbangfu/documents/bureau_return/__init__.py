"""上报: the school's return to the bureau, one small workbook: two sheets for people, one for the bureau's program.

``BureauReturn`` is what it says, ``as_bytes`` makes the file, ``read_return`` reads one that came; ``staged_return`` makes it, looks
through it and puts it in its place.
"""

from xlbangfu.documents.bureau_return.bureau_return import BureauReturn
from xlbangfu.documents.bureau_return.return_files import staged_return
from xlbangfu.documents.bureau_return.return_reading import read_return
from xlbangfu.documents.bureau_return.return_sheets import as_bytes

__all__ = ["BureauReturn", "as_bytes", "read_return", "staged_return"]
