Attribute VB_Name = "LaunchLibreOffice"
Option Explicit

Public Sub Launch(ByVal action As String)
    Dim interpreter As String
    Dim program As String

    On Error GoTo Failed
    interpreter = Environ("XLBANGFU_PYTHON")
    If interpreter = "" Then
        MsgBox "请先保存并关闭总表，再用命令 xlbangfu open 打开它，按钮才能用。", vbInformation, "帮扶总表"
        Exit Sub
    End If
    program = Environ("XLBANGFU_HOME") & "/buttons.py"
    If Dir(interpreter) = "" Or Dir(program) = "" Then GoTo Failed
    Shell interpreter, 0, "-P -m xlbangfu.buttons " & action & " " & Environ("XLBANGFU_PIPE") & " """ & ThisComponent.URL & """"
    Exit Sub

Failed:
    MsgBox "没有做成，总表没有改动：找不到 Python 或 xlbangfu，请先运行“体检”（xlbangfu doctor）。", vbExclamation, "帮扶总表"
End Sub

Public Sub Saving()
    On Error Resume Next
    ThisComponent.NamedRanges.getByName("控制台_保存").ReferredCells.getCellByPosition(0, 0).String = Format(Now, "yyyy-mm-dd hh:mm") & " 已经存进文件"
End Sub
