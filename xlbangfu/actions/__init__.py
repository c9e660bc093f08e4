"""One function an action: read, decide, write, with a blank line between the three.

Each takes any ``Book`` and a ``Call`` (who asked, when), and answers with an ``Outcome``. Each refreshes the front page
控制台 and adds one row to 运行记录. Import late what only one action needs.
"""

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.importing import import_files, plan_import
from xlbangfu.actions.season import pages, refresh, run, validate
from xlbangfu.actions.undoing import undo

__all__ = ["Call", "Outcome", "import_files", "pages", "plan_import", "refresh", "run", "undo", "validate"]
