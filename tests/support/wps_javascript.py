"""WPS's macros run by Node.js: a click, and what they asked of WPS. The file system is real, WPS is made up."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

NODE = shutil.which("node")
_WPS = r"""
const fs = require("fs"), vm = require("vm"), given = JSON.parse(fs.readFileSync(0, "utf-8"));
const real = path => given.root + path.replace(/\\/g, "/").replace(/^C:/, "");
const seen = {shell: [], said: []};
const wps = {
    Application: {
        Env: {GetHomePath: () => given.home},
        FileSystem: {
            Exists: path => fs.existsSync(real(path)),
            WriteFile: (path, text) => { fs.writeFileSync(real(path), text, "latin1"); return true; },
        },
    },
    ThisWorkbook: {FullName: given.workbook},
    jsHide: 0,
    MsgBox: (text, buttons, title) => { seen.said.push(title + "|" + text); },
    Shell: (command, style) => { seen.shell.push([command, style]); },
};
for (const name of given.lacking) delete wps[name];
const context = vm.createContext(wps);
vm.runInContext(given.source, context);
vm.runInContext(given.button + "()", context);
console.log(JSON.stringify(seen));
"""


def clicked(source: str, button: str, *, root: Path, home: str, workbook: str, lacking: tuple[str, ...] = ()) -> Any:
    """What a click on a button did: ``shell`` the commands with how their window shows, ``said`` the message boxes.

    ``root`` stands for the drive C:, ``home`` is the user's folder on it as WPS names it.
    """
    given = {
        "source": source,
        "button": button,
        "root": str(root),
        "home": home,
        "workbook": workbook,
        "lacking": lacking,
    }
    assert NODE is not None
    done = subprocess.run(
        [NODE, "-e", _WPS], input=json.dumps(given), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
