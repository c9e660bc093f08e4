"""``python -m xlbangfu``: the command line."""

import sys

from xlbangfu.cli import main

sys.exit(main())
