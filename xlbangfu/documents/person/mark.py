"""What stands in 运行记录 for a student who was deleted.

Nothing that is made of a 学号 will do, however slow or salted: a school has a few thousand of them, and all can be tried in
minutes. So the mark is drawn by chance. It ties the rows about one deletion together; whose it was is known only to the
paper on which the deletion was asked for, where staff write it down.
"""

from __future__ import annotations

import secrets

_BYTES = 4


def new_mark() -> str:
    """A mark that no other student has, such as ``删-9f2c41d7``."""
    return f"删-{secrets.token_hex(_BYTES)}"
