"""A Word template that is filled in once a class: what comes out the same each time is worked out once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

_MOST = 64  # parts that are known at a time: a paper has its text, two feet and what it says of itself


class WordTemplate(DocxTemplate):  # type: ignore[misc]  # docxtpl tells no types
    """docxtpl's; it frees the instructions of a part from what Word has put between them, once."""

    def patch_xml(self, src_xml: str) -> str:
        return _freed(src_xml)


@lru_cache(_MOST)
def _freed(part: str) -> str:
    return str(DocxTemplate(None).patch_xml(part))  # it looks at nothing but the part


class Sandbox(ImmutableSandboxedEnvironment):
    """Nothing in a template may reach out, a name that is not there is an error and no blank, and a text is compiled once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, **options)
        self._compiled = lru_cache(_MOST)(super().from_string)

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        return self._compiled(source, globals, template_class)
