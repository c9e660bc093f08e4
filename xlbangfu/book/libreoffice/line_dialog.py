"""A small dialog of LibreOffice's own in which staff type one line; sizes are in its dialog units."""

from collections.abc import Callable
from typing import Any

WIDTH, EDGE, LINE, BUTTON = 220, 8, 9, 50
_A_LINE_HOLDS = 26  # Chinese characters
_OK, _CANCEL = 1, 2  # PushButtonType


def typed_line(service: Callable[[str], Any], window: Any, title: str, question: str) -> str:
    """The line without the blanks around it; empty where staff pressed 取消 or closed the dialog.

    ``service`` makes LibreOffice's services by name, ``window`` is the one that the dialog belongs to.
    """
    text_height = sum(-(-max(len(line), 1) // _A_LINE_HOLDS) for line in question.splitlines()) * LINE + 2
    model = service("awt.UnoControlDialogModel")
    _set(model, Title=title, Width=WIDTH, Height=text_height + 58, PositionX=60, PositionY=60)
    inner, field, foot = WIDTH - 2 * EDGE, text_height + 2 * EDGE - 4, text_height + 38
    # NoLabel, or LibreOffice puts a letter to press with Alt, such as (A), into the question
    _add(model, "FixedText", "question", EDGE, EDGE, inner, text_height, Label=question, MultiLine=True, NoLabel=True)
    _add(model, "Edit", "line", EDGE, field, inner, 14)
    ok = {"Label": "确定", "PushButtonType": _OK, "DefaultButton": True}
    _add(model, "Button", "ok", WIDTH - 2 * BUTTON - EDGE - 4, foot, BUTTON, 15, **ok)
    _add(model, "Button", "cancel", WIDTH - BUTTON - EDGE, foot, BUTTON, 15, Label="取消", PushButtonType=_CANCEL)
    dialog = service("awt.UnoControlDialog")
    dialog.setModel(model)
    dialog.createPeer(service("awt.Toolkit"), window)
    dialog.getControl("line").setFocus()
    try:
        return str(dialog.getControl("line").getText()).strip() if dialog.execute() else ""
    finally:
        dialog.dispose()


def _add(model: Any, kind: str, name: str, x: int, y: int, width: int, height: int, **more: Any) -> None:
    control = model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
    _set(control, PositionX=x, PositionY=y, Width=width, Height=height, **more)
    model.insertByName(name, control)


def _set(model: Any, **values: Any) -> None:
    for name, value in values.items():
        model.setPropertyValue(name, value)
