"""What a part of a package refers to, and the small changes that are made to such lists and to the list of content types."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from xlbangfu.errors import WrongWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.package import elements

_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
NONE = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_NAMESPACE}"></Relationships>'
_ATTRIBUTE = late_pattern(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")


class Relation(Struct, frozen=True):
    """What a part refers to: ``kind`` is the last word of ``type``, ``path`` the part meant (an external one as written)."""

    identity: str
    type: str
    path: str
    external: bool = False

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]


def relations_of(part: str) -> str:
    """The path of a part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def read_relations(part: str, xml: bytes) -> Iterator[Relation]:
    folder = posixpath.dirname(part)
    for element in elements(xml):
        if element.name != "Relationship":
            continue
        attributes, target = element.attributes, element.attributes.get("Target", "")
        external = attributes.get("TargetMode") == "External"
        path = target if external else posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        yield Relation(attributes.get("Id", ""), attributes.get("Type", ""), path, external)


def before_end(xml: bytes, name: bytes, addition: bytes) -> bytes:
    """The XML with something put before the end of its root element."""
    at = xml.rfind(b"</" + name + b">")
    if at >= 0:
        return xml[:at] + addition + xml[at:]
    empty = re.search(rb"<%b\b[^>]*/>" % name, xml)
    if empty is None:
        raise WrongWorkbook("总表的内部写法不认识，没有改动；请用 Excel 打开总表另存一次，再做一次。")
    opened = empty[0][:-2] + b">" + addition + b"</" + name + b">"
    return xml[: empty.start()] + opened + xml[empty.end() :]


def without(xml: bytes, name: bytes, gone: Callable[[dict[str, str]], bool]) -> bytes:
    """The XML without the empty elements of a name that are to go."""

    def kept(found: re.Match[bytes]) -> bytes:
        return b"" if gone(dict(_ATTRIBUTE.findall(found[0].decode()))) else found[0]

    return re.sub(rb"<%b\s[^>]*?(?:/>|>\s*</%b>)" % (name, name), kept, xml)
