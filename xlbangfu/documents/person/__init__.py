"""One student's data: as a file for those whom they belong to, and where outside the workbook they still are."""

from xlbangfu.documents.person.export_sheets import as_bytes, file_name
from xlbangfu.documents.person.mark import new_mark
from xlbangfu.documents.person.traces import Trace, files_beside, parts_naming, traces

__all__ = ["Trace", "as_bytes", "file_name", "files_beside", "new_mark", "parts_naming", "traces"]
