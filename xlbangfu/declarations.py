"""How a button, a command and what can be typed after it are declared: values that ``catalog`` lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct

from xlbangfu.schema import Table, View

T = TypeVar("T")


class Option(Struct, Generic[T], frozen=True, kw_only=True):
    """One flag (``--class``), or one word in its place where ``flag`` has no dashes.

    ``default`` is what an action gets where it was not typed, and says what kind it is: a bool is there or not, a tuple
    may be typed several times (as words in their place, one after another), all else is followed by a value, which ``reads`` takes from what was typed. ``counted``
    is how often it was typed, ``negatable`` has a second flag ``--no-…``; a word in its place may be left out unless it
    is ``required``.
    """

    flag: str
    help: str
    default: T
    metavar: str = ""
    reads: Callable[[str], Any] = str
    choices: tuple[str, ...] = ()
    negatable: bool = False
    counted: bool = False
    required: bool = False

    @property
    def key(self) -> str:
        """The name under which a parsed command line holds it.

        >>> Option(flag="--dry-run", help="", default=False).key
        'dry_run'
        """
        return self.flag.lstrip("-").replace("-", "_")


class Variant(Struct, frozen=True, kw_only=True):
    """Another thing that the command of an action does where ``option`` is typed; it has no button."""

    option: Option[Any]
    run: str


class Action(Struct, frozen=True, kw_only=True):
    """One button: ``name`` is the argument of the macro, ``label`` is what staff see, ``icon`` is one of Excel's own.

    ``lands`` is the sheet that staff stand on afterwards, unless it is the last that it ``fills``. On Excel's ribbon the
    ``main`` one of a group is large, and those that have a ``menu`` stand in it.

    ``run`` is the function, "module:function" in ``xlbangfu.actions``; it is given the book and the call and imported
    when it runs. ``out`` is the folder, beside the workbook, that a click puts files in, ``draws`` the views that it draws; ``files`` are the kinds of file
    that it asks for.

    Its command is called as it is itself, or ``command``, which ``switch`` tells from another action of that command;
    ``usage`` is the help of the command where that of the button does not fit, ``asks`` says what ``--yes`` answers,
    ``command_run`` is a function in ``xlbangfu.cli`` where the command can do more than the button.
    """

    name: str
    label: str
    group: str
    help: str
    icon: str
    run: str
    fills: tuple[Table, ...] = ()
    lands: Table | None = None
    main: bool = False
    menu: str = ""
    draws: tuple[View, ...] = ()
    out: str = ""
    files: tuple[str, ...] = ()
    files_help: str = ""
    command: str = ""
    switch: Option[bool] | None = None
    usage: str = ""
    asks: str = ""
    command_run: str = ""
    options: tuple[Option[Any], ...] = ()
    variants: tuple[Variant, ...] = ()

    @property
    def macro(self) -> str:
        """The Sub that the button calls.

        >>> Action(name="import", label="", group="", help="", icon="", run="").macro
        'Bangfu_Import'
        """
        return "Bangfu_" + self.name.capitalize()

    @property
    def landing(self) -> Table | None:
        """The sheet on which staff see what came of it, if there is one."""
        return self.lands or next(iter(self.fills[1:] or self.fills), None)

    @property
    def command_name(self) -> str:
        """The command that does it, perhaps with a switch."""
        return self.command or self.name

    @property
    def own_options(self) -> tuple[Option[Any], ...]:
        """What can be typed for this action and no other of its command."""
        switch = (self.switch,) if self.switch else ()
        return (*switch, *self.options, *(variant.option for variant in self.variants))

    def run_with(self, options: Mapping[Option[Any], Any]) -> str:
        """The function for what was typed: a variant's, or its own."""
        return next((one.run for one in self.variants if options.get(one.option)), self.run)


class Tool(Struct, frozen=True, kw_only=True):
    """A command that is no button. ``run`` is the function, "module:function" in ``xlbangfu.cli``.

    ``label`` is what staff see where there is a button for it in the window. ``on_book`` has the workbook as the first
    word; of ``one_of`` one must be typed and no more. Where actions have it as
    their ``command``, it does them.
    """

    name: str
    group: str
    help: str
    run: str
    label: str = ""
    on_book: bool = False
    options: tuple[Option[Any], ...] = ()
    one_of: tuple[Option[Any], ...] = ()
