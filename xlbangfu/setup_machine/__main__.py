"""``python -P -m xlbangfu.setup_machine [--keep-alive] [--no-desktop]``: what the installers call."""

from __future__ import annotations

import sys

from xlbangfu.doctor import ThisMachine
from xlbangfu.setup_machine import Place, set_up
from xlbangfu.terminal import readable_streams, say


def main() -> int:
    readable_streams()
    place = Place.here(ThisMachine())
    keep_alive = True if "--keep-alive" in sys.argv else None
    failed = 0
    for step in set_up(place, keep_alive=keep_alive, on_desktop="--no-desktop" not in sys.argv):
        say([step.line])
        failed += not step.done
    return int(failed > 0)


sys.exit(main())
