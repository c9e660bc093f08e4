"""A fake Excel behind xlwings's real Windows engine: what runs in a test is what ships, down to the COM calls.

``com`` is what all its objects share (calls are counted, members can be lacking), ``typed`` how a cell takes what is
written, ``ranges``, ``lists``, ``sheets`` and ``programs`` Excel's object model as far as the program uses it, ``loading``
fills it from a workbook file, ``engine`` puts it under xlwings in the place of pywin32.

It keeps to Microsoft's documented object model and to what was met in use; nobody has compared it with Excel.
"""

import pickle

from tests.support.fake_excel.com import com_error
from tests.support.fake_excel.engine import as_xlwings
from tests.support.fake_excel.loading import open_workbook
from tests.support.fake_excel.programs import Application, Workbook

__all__ = ["Application", "Workbook", "another", "as_xlwings", "com_error", "open_workbook"]


def another(opened: Workbook) -> Workbook:
    """The same workbook in a program of its own."""
    (place,) = (at for at, one in enumerate(opened.app.books) if one is opened)
    twin: Application = pickle.loads(pickle.dumps(opened.app, pickle.HIGHEST_PROTOCOL))
    return list(twin.books)[place]
