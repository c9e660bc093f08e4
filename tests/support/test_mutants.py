"""The faults that are planted in a rule."""

from __future__ import annotations

from tests.support.mutation.mutants import mutants

RULE = '''
def late(frame, day):
    """Who is late."""
    return frame.filter(pl.col("到") > day).with_columns(pl.when("急").then(1).when("缓").then(2).over("班级"))
'''


def test_each_mutant_has_one_fault_and_a_name_of_its_own() -> None:
    found = mutants("times", RULE)

    assert len({mutant.name for mutant in found}) == len({mutant.source for mutant in found}) == len(found)
    assert all(compile(mutant.source, "", "exec") for mutant in found)


def test_a_line_or_a_group_or_a_branch_or_a_step_goes_wrong() -> None:
    said = {mutant.name.removeprefix("times.late: ") for mutant in mutants("times", RULE)}

    assert said >= {
        "`pl.col('到') >= day` in place of `pl.col('到') > day`",
        "`.filter(pl.col('到') > day)` left out after `frame`",
        "`.over('班级')` left out after `pl.when('急').then(1).when('缓').then(2)`",
        "branch `.when('缓').then(2)` left out",
        "`3` in place of `2`",
    }
    assert not any("Who is late" in name for name in said)


def test_the_fault_stands_where_it_is_said_and_the_rest_reads_as_before() -> None:
    mutant = next(one for one in mutants("times", RULE) if ": `.over" in one.name)

    assert mutant.source == RULE.replace(
        'pl.when("急").then(1).when("缓").then(2).over("班级")', "(pl.when('急').then(1).when('缓').then(2))"
    )
