"""The tab 帮扶 on Excel's ribbon: the buttons of 控制台 within reach on every sheet. Other programs pass it over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlbangfu import catalog
from xlbangfu.declarations import Action
from xlbangfu.ooxml.attributes import quoted

PART = "customUI/customUI14.xml"
_NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_CALLBACK = "Bangfu_Ribbon"


def xml() -> bytes:
    """The part with the tab: a group for each part of the term, one large button in it, a button for each action."""
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
    """The main button large and first, the others small, those of a menu in it at the end."""
    actions = [action for action in catalog.ACTIONS if action.group == name]
    ordered = sorted(actions, key=lambda action: not action.main)
    buttons = "".join(_button(action, size=True) for action in ordered if not action.menu)
    menus = dict.fromkeys(action.menu for action in actions if action.menu)
    made = buttons + "".join(_menu(f"{number}_{place}", menu, actions) for place, menu in enumerate(menus, start=1))
    return f'<group id="bangfu_group{number}" label={quoted(name)}>{made}</group>' if made else ""


def _menu(number: str, label: str, actions: Sequence[Action]) -> str:
    """Apart from the buttons, so that none of it is hit by mistake."""
    buttons = "".join(_button(action, size=False) for action in actions if action.menu == label)
    return f'<menu id="bangfu_menu{number}" label={quoted(label)} size="normal">{buttons}</menu>'


def _button(action: Action, *, size: bool) -> str:
    attributes = {
        "id": f"bangfu_{action.name}",
        "label": action.label,
        "imageMso": action.icon,
        "screentip": action.label,
        "supertip": action.help,
        "tag": action.name,
        "onAction": _CALLBACK,
    }
    if size:  # a button in a menu has none
        attributes["size"] = "large" if action.main else "normal"
    return "<button " + " ".join(f"{name}={quoted(value)}" for name, value in attributes.items()) + "/>"
