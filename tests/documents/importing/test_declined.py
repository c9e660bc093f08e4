"""A file that staff do not want: its question is answered, and nothing of it is asked or missed any more."""

from __future__ import annotations

import pytest

from tests.documents.importing.school import Files, answered
from xlbangfu.schema import SCORES


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_file_whose_exam_is_not_imported_is_answered(tmp_path, form):
    files, lines = Files(tmp_path), [["学号", "姓名", "语文"], ["260101", "程一", 61], ["260102", "杜二", 93]]
    plan = files.plan(*lines, form=form)
    assert plan.exit_code == 1
    done = files.plan(*lines, form=form, answers=answered(plan, "不导入"))
    assert (done.exit_code, done.without_marks, SCORES in done.appends) == (0, (), False)
    assert "回答是不导入" in done.lines[-1]
