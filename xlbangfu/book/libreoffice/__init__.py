"""An xlwings engine for LibreOffice over UNO: what runs against Excel elsewhere runs here unchanged.

    >>> app = register().apps.active                            # doctest: +SKIP
    >>> app = connect("the pipe's name")                        # doctest: +SKIP
    >>> app.books.active.sheets["名册"]["A1:B2"].value           # doctest: +SKIP

Values convert as on Excel. What the engine lacks raises NotImplementedError; what LibreOffice refuses, OfficeError; a
LibreOffice that went away, one of GONE.
"""

from xlbangfu.book.libreoffice.apps import ENGINE
from xlbangfu.book.libreoffice.bridge import Disposed, UnoRuntimeException
from xlbangfu.book.libreoffice.lacking import OfficeError
from xlbangfu.book.libreoffice.office_process import start_office
from xlbangfu.book.light_xlwings import xlwings

__all__ = ["GONE", "OfficeError", "connect", "register", "start_office"]

GONE = (Disposed, UnoRuntimeException)


def register() -> xlwings.Engine:
    """Make LibreOffice the active engine of xlwings; safe to call twice."""
    if ENGINE.name not in xlwings.engines.engines_by_name:
        xlwings.engines.add(xlwings.Engine(impl=ENGINE))
    engine = xlwings.engines[ENGINE.name]
    engine.activate()
    return engine


def connect(pipe_name: str, *, wait: float = 60.0) -> xlwings.App:
    """The LibreOffice that listens on the pipe, as the active app; waits `wait` seconds for it to come up."""
    register()
    return xlwings.App(impl=ENGINE.apps.connect(pipe_name, wait=wait))
