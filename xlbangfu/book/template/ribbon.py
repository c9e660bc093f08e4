"""The tab 帮扶 on Excel's ribbon: the buttons of 控制台 within reach on every sheet. Other programs pass it over."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from xlbangfu import catalog
from xlbangfu.declarations import Action

PART = "customUI/customUI14.xml"
_NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_CALLBACK = "Bangfu_Ribbon"


def xml() -> bytes:
    """The part with the tab: a group for each part of the term, a button for each action."""
    groups = "".join(_group(number, name) for number, name in enumerate(catalog.GROUPS, start=1))
    tab = f'<tab id="bangfu" label="帮扶">{groups}</tab>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<customUI xmlns="{_NAMESPACE}"><ribbon><tabs>{tab}</tabs></ribbon></customUI>'
    ).encode()


def linked(relations: bytes) -> Iterator[bytes]:
    """The package's relationships with one to the part."""
    link = f'<Relationship Id="rIdBangfu" Type="{RELATION}" Target="{PART}"/>'.encode()
    yield relations.replace(b"</Relationships>", link + b"</Relationships>")


def _group(number: int, name: str) -> str:
    buttons = "".join(_button(action) for action in catalog.ACTIONS if action.group == name)
    return f'<group id="bangfu_group{number}" label={quoteattr(name)}>{buttons}</group>' if buttons else ""


def _button(action: Action) -> str:
    attributes = {
        "id": f"bangfu_{action.name}",
        "label": action.label,
        "size": "large",
        "imageMso": action.icon,
        "screentip": action.label,
        "supertip": action.help,
        "tag": action.name,
        "onAction": _CALLBACK,
    }
    return "<button " + " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items()) + "/>"
