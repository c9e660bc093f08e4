"""``python -P -m xlbangfu.book.light_command [OPTIONS] -c CODE [ARGUMENTS]``: ``python -c``, with xlwings imported light.

On macOS the command that starts Python is put together by a script that all workbooks with xlwings share; the macros can
only choose the interpreter, and this stands for one. OPTIONS of the interpreter, which runs already, are passed over.
"""

from __future__ import annotations

import sys

from xlbangfu.book import light_xlwings  # noqa: F401, TID251 - imported so that CODE finds xlwings there already


def main(words: list[str]) -> None:
    """Run the code with the argv that ``python -c`` would have given it."""
    place = words.index("-c")
    sys.argv = ["-c", *words[place + 2 :]]
    exec(compile(words[place + 1], "<string>", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    main(sys.argv[1:])
