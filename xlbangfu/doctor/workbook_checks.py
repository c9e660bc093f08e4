"""Whether one workbook can be opened with its macros, and written, where it lies."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from xlbangfu.book.launch_sheets import launch_sheets
from xlbangfu.doctor.excel import expanded, office_version
from xlbangfu.doctor.finding import Finding, fail, ok, warn
from xlbangfu.doctor.machine import Machine
from xlbangfu.late_pattern import late_pattern

BACKUPS = "备份"
PLACED = "这次先放好了"
_MEGABYTE = 1024 * 1024
LITTLE, TOO_LITTLE = 500 * _MEGABYTE, 50 * _MEGABYTE
_CLOUD_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_CLOUD_FOLDERS = late_pattern(
    r"^(onedrive( - .*)?|sharepoint|cloudstorage|mobile documents|坚果云|nutstore.*|dropbox|wps云盘|wpsdrive|百度网盘.*)$",
    re.IGNORECASE,
)
_TEMPORARY = ("TEMP", "TMP", "TMPDIR")
_ARCHIVE = late_pattern(r"^(temp\d*_.*|.*\.(zip|rar|7z)|rar\$.*|7zo[0-9a-f]+.*|content\.outlook)$", re.IGNORECASE)
_TRUSTED = r"HKCU\Software\Microsoft\Office\{version}\Excel\Security\Trusted Locations"
SAFE_START = "xlbangfu.book.light_xlwings"  # what our macros since 0.3 start with
_FROM_INTERNET = 3  # zones 3 and 4: internet, restricted sites


def there(machine: Machine, book: Path) -> Finding | None:
    if not machine.exists(book):
        return fail("总表", f"找不到“{book}”", "检查文件名和文件夹；还没有总表的话运行 xlbangfu new 帮扶总表.xlsm。")
    if book.suffix.lower() != ".xlsm":
        remedy = "在 Excel 里另存为“启用宏的工作簿 (*.xlsm)”，或用 xlbangfu new 新建。"
        return warn("总表", f"“{book.name}”不是 .xlsm，里面不会有按钮", remedy)
    return None


def mark_of_the_web(machine: Machine, book: Path) -> Finding | None:
    """Excel runs no macro of a file that came from the internet or by mail, and gives no button to allow it."""
    if machine.platform == "macos":
        if machine.told_by("xattr", "-p", "com.apple.quarantine", str(book)):
            remedy = f'在“终端”运行 xattr -d com.apple.quarantine "{book}"，或者用 xlbangfu new 在本机新建一个总表。'
            return warn("文件来源", f"“{book.name}”是下载来的，macOS 可能拦住里面的宏", remedy)
        return None
    if machine.platform != "windows":
        return None
    stream = machine.text(Path(f"{book}:Zone.Identifier")) or ""
    zone = re.search(r"ZoneId\s*=\s*(\d+)", stream)
    if not zone or int(zone[1]) < _FROM_INTERNET:
        return ok("文件来源", "没有“来自网络”的标记")
    if in_trusted_location(machine, book):
        return ok("文件来源", "来自网络，但在受信任位置里，宏可以运行")
    remedy = "关闭总表，在文件上点右键→属性→勾选下方的“解除锁定”→确定，再打开。"
    return fail("文件来源", f"“{book.name}”带着“来自网络”的标记，Excel 会禁用里面的宏", remedy)


def in_trusted_location(machine: Machine, book: Path) -> bool:
    """Whether Excel trusts the folder (Excel's setting 受信任位置)."""
    root = _TRUSTED.format(version=office_version(machine))
    folder = PureWindowsPath(str(book)).parent
    for name in machine.registry_keys(root):
        text = machine.registry(rf"{root}\{name}", "Path")
        if not isinstance(text, str):
            continue
        trusted = PureWindowsPath(expanded(text, machine))
        below = bool(machine.registry(rf"{root}\{name}", "AllowSubFolders"))
        if folder == trusted or (below and trusted in folder.parents):
            return True
    return False


def unpacked(machine: Machine, book: Path) -> Finding | None:
    """What is opened inside an archive, or from a mail, is a copy in a temporary folder, which is thrown away."""
    kind = _kind(machine)
    parents = kind(str(book)).parents
    temporary = [kind(folder) for name in _TEMPORARY if (folder := machine.environment(name))]
    if any(_ARCHIVE.match(part.name) for part in parents) or any(folder in parents for folder in temporary):
        remedy = "先把压缩包解压到自己的文件夹（例如“文档\\帮扶”），从那里打开总表。"
        return fail("解压", f"“{book.name}”在压缩包或临时文件夹里，改动会丢，按钮也找不到它旁边的文件", remedy)
    return None


def name_fits(machine: Machine, book: Path) -> Finding | None:
    """xlwings tells Python the workbook's name up to the first "=" only."""
    name = _kind(machine)(str(book)).name
    if "=" not in name or machine.platform == "linux":
        return None
    return fail("文件名", f"“{name}”的名字里有“=”，按钮找不到它", "关闭总表，把文件名里的“=”去掉，再打开。")


def in_cloud(machine: Machine, book: Path) -> Finding:
    """xlwings sees a workbook in a synchronised folder as a web address, and two computers may write it at once."""
    if is_in_cloud(machine, book):
        remedy = "把总表移到本机不同步的文件夹（例如 D:\\帮扶），同步盘里只放要给别人的文件。"
        return warn("存放位置", f"“{book.parent}”是同步盘（OneDrive、SharePoint 等），按钮可能找不到文件", remedy)
    return ok("存放位置", str(book.parent))


def is_in_cloud(machine: Machine, path: Path) -> bool:
    text = str(path)
    if "://" in text or text.lower().startswith(("http:", "https:")):
        return True
    kind = _kind(machine)
    roots = [kind(root) for name in _CLOUD_VARIABLES if (root := machine.environment(name))]
    parents = kind(text).parents
    return any(root in parents for root in roots) or any(_CLOUD_FOLDERS.match(part.name) for part in parents)


def _kind(machine: Machine) -> type[PureWindowsPath] | type[PurePosixPath]:
    return PureWindowsPath if machine.platform == "windows" else PurePosixPath


def writable(machine: Machine, book: Path) -> Finding:
    """The workbook's folder, and 备份 in it, must take new files."""
    for folder in (book.parent, book.parent / BACKUPS):
        if machine.exists(folder) and not machine.can_write(folder):
            remedy = "把总表放到自己能写的文件夹（例如“文档”），或请电脑管理员给您这个文件夹的写权限。"
            return fail("写权限", f"“{folder}”不能写入，改动和备份都存不下来", remedy)
    return ok("写权限", "总表和备份的文件夹都能写入")


def space(machine: Machine, book: Path) -> Finding | None:
    free = machine.free_bytes(book.parent)
    if free is None or free >= LITTLE:
        return None
    found = fail if free < TOO_LITTLE else warn
    remedy = "清理磁盘，或减少设置「备份份数」“备份天数”，或把总表移到空间大的盘。"
    return found("磁盘空间", f"只剩 {free // _MEGABYTE} MB", remedy)


def macros_fit(machine: Machine, book: Path) -> Finding | None:
    """The xlwings module that Excel's buttons carry must be of the version that is installed here."""
    macro = machine.macro(book, "xlwings") or ""
    carried = re.search(r"^'Version: ([\d.]+)", macro, re.MULTILINE)
    installed = machine.package_version("xlwings")
    if carried is None or installed is None:
        return None
    remedy = f"关闭总表，先运行 xlbangfu host {book.name} libreoffice，再运行 xlbangfu host {book.name} excel，宏就换成新的。"
    if carried[1] == installed and SAFE_START not in macro:
        return warn("按钮版本", "总表里的宏是旧版的，点按钮时会运行总表所在文件夹里的 .py 文件", remedy)
    if carried[1] == installed:
        return ok("按钮版本", f"总表里的宏和程序都是 xlwings {installed}")
    return fail("按钮版本", f"总表里的宏是 xlwings {carried[1]} 的，装着的是 {installed}，按钮可能点不动", remedy)


def buttons_there(machine: Machine, book: Path) -> Finding | None:
    """LibreOffice loses the buttons by each save of its own."""
    lost = machine.lost_buttons(book)
    if lost is None:
        return None
    if not lost:
        return ok("控制台按钮", "都在")
    remedy = "关闭总表，在帮扶窗口点“打开总表”（或者运行 xlbangfu open 总表），打开之前会把按钮补回来。"
    return warn("控制台按钮", f"在保存时丢了 {lost} 个（用 LibreOffice 存过就会这样）", remedy)


def version(machine: Machine, book: Path) -> Finding | None:
    """Whether another version of the program made the workbook."""
    offer = machine.offer(book)
    if offer is None:
        return None
    if not offer:
        return ok("总表版本", "总表和程序是同一版")
    reason, _, remedy = offer.partition("：")
    return warn("总表版本", reason, remedy)


def readable(machine: Machine, book: Path) -> Finding | None:
    """Whether all parts that the program needs are there and whole; an encrypted or damaged workbook is not."""
    flaw = machine.flaw(book)
    if flaw is None:
        return None
    remedy = "在 Excel 里打开看看；打不开的话从“备份”文件夹取回一份：xlbangfu restore 总表 --take 1。"
    return fail("总表内容", f"程序读不了“{book.name}”：{flaw.rstrip('。')}", remedy)


def waiting_files(machine: Machine, book: Path) -> Finding | None:
    """Whether an action was stopped before all its files were in their place; they are put there where that is possible."""
    lines = machine.place_waiting_files(book)
    if any(PLACED not in line for line in lines):
        remedy = "照上面说的关掉占用的文件，再点任何一个按钮，或再体检一次，程序会接着放好。"
        return warn("没放完的文件", "".join(lines).rstrip("。"), remedy)
    return ok("没放完的文件", "".join(lines).rstrip("。")) if lines else None


def launches_nothing_else(machine: Machine, book: Path) -> Finding | None:
    """A sheet xlwings.conf, or one that is code, could make the macros of earlier versions start something else."""
    found = launch_sheets(machine.sheets(book))
    if not found:
        return None
    remedy = "问清是谁放的，在打开的总表里删掉它（看不到时先在任一工作表标签上点右键→取消隐藏），保存后再体检一次。"
    return fail("启动设置", f"总表里有工作表“{'”“'.join(found)}”，它能让按钮启动别的程序", remedy)


def free_to_write(machine: Machine, book: Path) -> Finding:
    holder = machine.holder(book)
    if holder is None:
        return ok("占用", "没有人开着总表，命令和帮扶窗口可以写它")
    return warn("占用", holder.rstrip("。"), "在打开的总表里请点里面的按钮；用命令和帮扶窗口时要先关闭它。")
