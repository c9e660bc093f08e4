"""Views: sheets that are read and printed, drawn as a whole. Each is made as a workbook of its one sheet, which the workbook
takes over and of which a PDF can be made as it is. None names a student."""

from xlbangfu.documents.views.quality_sheet import quality_view as quality_view
from xlbangfu.documents.views.school_sheet import school_view as school_view
