#!/bin/bash
# Double-click it (the first time: right click, Open). Works in the bash 3.2 of macOS, and on Linux too.
set -u
root="$(cd "$(dirname "$0")/.." && pwd)"
own="$HOME/.xlbangfu"
venv="$own/venv"
log="$own/install.log"
unset PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8 PYTHONSAFEPATH=1

finish() {
    echo
    if [ -t 0 ]; then
        echo "  按任意键结束，然后可以关掉这个窗口。"
        read -r -s -n 1
    fi
    exit "$1"
}

stop() {
    echo "  没有做成：$1"
    finish 1
}

fits() {
    [ -x "$1" ] && "$1" -c "import sys, venv; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1
}

# The first Python that fits. Apple's own /usr/bin/python3 is too old and offers to install something else.
find_python() {
    local candidate name
    for candidate in \
        /Library/Frameworks/Python.framework/Versions/3.1[1-9]/bin/python3 \
        /opt/homebrew/bin/python3.1[1-9] /usr/local/bin/python3.1[1-9] \
        "$HOME"/.pyenv/versions/3.1[1-9]*/bin/python3 \
        "$HOME"/miniconda3/bin/python3 "$HOME"/anaconda3/bin/python3 "$HOME"/miniforge3/bin/python3; do
        if fits "$candidate"; then
            echo "$candidate"
            return 0
        fi
    done
    for name in python3 python3.15 python3.14 python3.13 python3.12 python3.11 python; do
        candidate="$(command -v "$name" 2>/dev/null)" || continue
        if [ "$(uname)" = Darwin ] && [ "$candidate" = /usr/bin/python3 ]; then
            continue
        fi
        if fits "$candidate"; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

ask_for_python() {
    command -v osascript >/dev/null 2>&1 || return 1
    echo "      没有自动找到。装过的话，请在弹出的窗口里选中 python3；没有装过，点“取消”。" >&2
    local chosen
    chosen="$(osascript -e 'POSIX path of (choose file with prompt "请选中 python3（3.11 或更新）")' 2>/dev/null)" || return 1
    fits "$chosen" && echo "$chosen"
}

install() {
    "$venv/bin/python" -m pip install --quiet --progress-bar off --log "$log" --upgrade "$@"
}

echo
echo "  帮扶总表：安装程序。全程不用打字，大约需要几分钟。"
echo "  想停下来，关掉这个窗口就行，再双击一次会接着装。"
echo

echo "[1/5] 检查安装文件……"
[ -f "$root/pyproject.toml" ] || stop "安装文件不全。请先把下载的压缩包解开，再从解出来的文件夹里双击本文件。"
mkdir -p "$own" && cd "$own" || stop "建不了文件夹 $own，请检查磁盘空间和权限。"

echo "[2/5] 找 Python 3.11 或更新的版本……"
python="$(find_python)" || python="$(ask_for_python)" || {
    command -v open >/dev/null 2>&1 && open "https://www.python.org/downloads/macos/"
    stop "没有找到 Python 3.11 或更新的版本。请从打开的网页（python.org）下载安装，装好后再双击本文件。"
}
echo "      用 $python"

echo "[3/5] 在您自己的文件夹里准备运行环境……"
if ! "$venv/bin/python" -c "import sys, pip; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1; then
    "$python" -m venv --clear "$venv" || stop "运行环境建不起来。请删掉文件夹 $venv 再试；Linux 上先装 python3-venv。"
fi

echo "[4/5] 安装程序，要几分钟，请稍等……"
if ls "$root"/wheels/*.whl >/dev/null 2>&1; then
    install --no-index --find-links "$root/wheels" xlbangfu || stop "程序装不上，请检查 wheels 文件夹；详细原因在 $log"
elif ! install "$root"; then
    echo "      网络不太顺，慢慢再试一次……"
    install --retries 10 --timeout 60 "$root" || stop "程序装不上，请检查网络再双击一次；详细原因在 $log"
fi

echo "[5/5] 设置按钮、桌面快捷方式，放一个新的总表……"
"$venv/bin/python" -m xlbangfu.setup_machine || stop "上面打 × 的那一步没有做成；照它说的做，再双击一次本文件。"

echo
echo "  装好了。桌面上有“帮扶总表”“帮扶窗口”“帮扶体检”。"
echo "  下一步：打开“帮扶总表”，启用宏，从“控制台”开始。"
finish 0
