"""Pages of classes and teachers that come back, collected into the master (DOMAIN, "Class pages").

Nothing is written here: ``plan_collect`` says what would be. Valid rows are taken once, however often and in whatever
state of sorting the same page is collected:

* A page is known by its id (school, class or teacher, edition), which is reckoned again from 页信息. An older edition handed in
  late is as good as the latest.
* What became of each row of a page is written in 收回记录, by codes, in the same save as the row itself. So a backup that
  is taken back takes both back, and a copy of the workbook knows what it holds.
* A row that the page brought before is known again by its content, else by its identity, else by its place (see
  ``settling``). If it was corrected on the page, the master's row is amended, unless someone changed it there since.
* An entry that stands in 记录 already, with the same content, is not added, whoever wrote it; a behaviour mark that is
  there from elsewhere and differs is reported.
"""

from xlbangfu.documents.collect.collect_plan import CollectPlan, plan_collect
from xlbangfu.documents.collect.page_opening import Decrypt

__all__ = ["CollectPlan", "Decrypt", "plan_collect"]
