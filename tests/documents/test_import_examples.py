"""The examples in the docstrings of the comparers hold."""

import doctest

import pytest

from xlbangfu.documents.importing import choices, code_words
from xlbangfu.documents.importing.people import class_places, people_values, student_keys
from xlbangfu.rules import class_mentions, class_names, class_spelling, class_texts, grades, numerals
from xlbangfu.rules.validation import short_keys

WITH_EXAMPLES = (
    *(class_mentions, class_names, class_spelling, class_texts, grades, numerals, short_keys),
    *(choices, code_words, class_places, student_keys, people_values),
)


@pytest.mark.parametrize("module", WITH_EXAMPLES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_examples_in_the_docstrings_hold(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted
    assert outcome.failed == 0
