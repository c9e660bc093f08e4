"""A keyring that is a file: what a process of its own kept can be looked at. ``PYTHON_KEYRING_BACKEND`` names it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class FileKeyring(KeyringBackend):
    priority = 1.0

    @property
    def _file(self) -> Path:
        return Path(os.environ["HOME"]) / "keyring.json"

    def get_password(self, service: str, username: str) -> str | None:
        kept: dict[str, str] = json.loads(self._file.read_text(encoding="utf-8")) if self._file.exists() else {}
        return kept.get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file.write_text(json.dumps({f"{service} {username}": password}), encoding="utf-8")
