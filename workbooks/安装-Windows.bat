@echo off
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul 2>nul
rem UTF-8 without a byte order mark, CRLF. No block in brackets holds a path: paths may hold brackets themselves.
title 帮扶总表 安装
for %%R in ("%~dp0..") do set "ROOT=%%~fR"
set "OWN=%USERPROFILE%\.xlbangfu"
set "VENV=%OWN%\venv"
set "VPY=%VENV%\Scripts\python.exe"
set "LOG=%OWN%\install.log"
set "PYTHON="
set "PYTHONPATH="
set "PYTHONHOME="
set "PYTHONSAFEPATH=1"
set "PYTHONIOENCODING=utf-8"
set "PIP_DISABLE_PIP_VERSION_CHECK=1"

echo.
echo   帮扶总表：安装程序。全程不用打字，大约需要几分钟。
echo   想停下来，关掉这个窗口就行，再双击一次会接着装。
echo.

:step_files
echo [1/5] 检查安装文件……
if not exist "%ROOT%\pyproject.toml" goto no_files
if not exist "%OWN%" mkdir "%OWN%"
if not exist "%OWN%" goto no_folder
cd /d "%OWN%"
if errorlevel 1 goto no_folder

:step_python
echo [2/5] 找 Python 3.11 或更新的版本（64 位）……
for /f "usebackq delims=" %%P in (`py -3 -c "import sys; print(sys.executable)" 2^>nul`) do call :try "%%P"
for /f "usebackq delims=" %%P in (`where python 2^>nul`) do call :try "%%P"
for %%V in (315 314 313 312 311) do call :try "%LOCALAPPDATA%\Programs\Python\Python%%V\python.exe"
for %%V in (315 314 313 312 311) do call :try "%ProgramFiles%\Python%%V\python.exe"
for %%V in (315 314 313 312 311) do call :try "%SystemDrive%\Python%%V\python.exe"
for %%D in (miniconda3 anaconda3 miniforge3) do call :try "%USERPROFILE%\%%D\python.exe"
if defined PYTHON goto step_venv
echo       没有自动找到。装过的话，请在弹出的窗口里选中 python.exe；没有装过，点“取消”。
set "PICKED=%OWN%\python.txt"
if exist "%PICKED%" del "%PICKED%"
powershell -NoProfile -STA -ExecutionPolicy Bypass -Command "Add-Type -AssemblyName System.Windows.Forms; $d = New-Object System.Windows.Forms.OpenFileDialog; $d.Title = '请选中 python.exe'; $d.Filter = 'python.exe|python.exe'; if ($d.ShowDialog() -eq 'OK') { [IO.File]::WriteAllText($env:PICKED, $d.FileName + [Environment]::NewLine, (New-Object Text.UTF8Encoding $false)) }" >nul 2>nul
if not exist "%PICKED%" goto no_python
set /p CANDIDATE=<"%PICKED%"
del "%PICKED%"
call :try "%CANDIDATE%"
if not defined PYTHON goto no_python

:step_venv
echo       用 %PYTHON%
echo [3/5] 在您自己的文件夹里准备运行环境……
if not exist "%VPY%" goto make_venv
"%VPY%" -c "import sys, pip; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if not errorlevel 1 goto step_install
:make_venv
"%PYTHON%" -m venv --clear "%VENV%"
if errorlevel 1 goto no_venv
if not exist "%VPY%" goto no_venv

:step_install
echo [4/5] 安装程序，要几分钟，请稍等……
if not exist "%ROOT%\wheels\*.whl" goto online
"%VPY%" -m pip install --quiet --progress-bar off --log "%LOG%" --no-index --find-links "%ROOT%\wheels" --upgrade xlbangfu
if errorlevel 1 goto no_install
goto step_setup
:online
"%VPY%" -m pip install --quiet --progress-bar off --log "%LOG%" --upgrade "%ROOT%"
if not errorlevel 1 goto step_setup
echo       网络不太顺，慢慢再试一次……
"%VPY%" -m pip install --quiet --progress-bar off --log "%LOG%" --retries 10 --timeout 60 --upgrade "%ROOT%"
if errorlevel 1 goto no_install

:step_setup
echo [5/5] 设置按钮、桌面快捷方式，放一个新的总表……
"%VPY%" -m xlbangfu.setup_machine
if errorlevel 1 goto no_setup
echo.
echo   装好了。桌面上有“帮扶总表”“帮扶窗口”“帮扶体检”。
echo   下一步：打开“帮扶总表”，点“启用内容”，从“控制台”开始。
set "CODE=0"
goto finish

:no_files
echo   没有做成：安装文件不全。请先把下载的压缩包“全部解压缩”，再从解压出来的文件夹里双击本文件。
set "CODE=1"
goto finish

:no_folder
echo   没有做成：建不了文件夹 %OWN%，请检查磁盘空间和权限。
set "CODE=1"
goto finish

:no_python
echo   没有找到 Python 3.11 或更新的 64 位版本，现在打开下载网页。
echo   请下载“Windows installer (64-bit)”，安装时勾选“Add python.exe to PATH”，装好后再双击本文件。
start "" "https://www.python.org/downloads/windows/"
set "CODE=1"
goto finish

:no_venv
echo   没有做成：运行环境建不起来。请关闭 Excel 和帮扶窗口，再双击一次；还不行就删掉文件夹 %VENV% 再试。
set "CODE=1"
goto finish

:no_install
echo   没有做成：程序装不上。请关闭 Excel 和帮扶窗口，检查网络，再双击一次；详细原因在 %LOG%
set "CODE=1"
goto finish

:no_setup
echo   程序装好了，但上面打 ✗ 的那一步没有做成；照它说的做，再双击一次本文件。
set "CODE=1"
goto finish

:finish
echo.
echo   按任意键关闭这个窗口。
pause >nul
exit /b %CODE%

:try
if defined PYTHON exit /b 0
if not exist "%~1" exit /b 0
"%~1" -c "import sys, struct, venv; sys.exit(sys.version_info < (3, 11) or struct.calcsize('P') < 8)" >nul 2>nul
if errorlevel 1 exit /b 0
set "PYTHON=%~1"
exit /b 0
