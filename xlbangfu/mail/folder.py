"""The way out that needs nothing: the mails stay in their folder, to be sent from any mail program."""

from __future__ import annotations

from xlbangfu.mail.ledger import SAVED, Entry
from xlbangfu.mail.outlet import Result


class FolderOutlet:
    """The file lies there since the preview; the mail program does the rest."""

    def deliver(self, entry: Entry, mail: bytes) -> Result:  # noqa: ARG002 - the shape of an outlet
        return Result(SAVED, f"双击“{entry.file}”，在邮件软件里点发送")

    def close(self) -> None:
        return
