@echo off & if not exist "%~dp0python\python.exe" echo The ZIP is not unpacked. Unpack all of it, then double-click this file there. & pause & exit /b 1
"%~dp0python\python.exe" -I "%~dp0workbooks\install_windows.py"
