Attribute VB_Name = "LaunchLibreOffice"
Option Explicit

Public Sub Launch(ByVal action As String)
    Dim interpreter As String

    On Error GoTo Failed
    interpreter = Environ("XLBANGFU_PYTHON")
    If interpreter = "" Then
        MsgBox "请先保存并关闭本工作簿，再运行命令 xlbangfu " & action & " 加上文件名。", vbInformation, "帮扶总表"
        Exit Sub
    End If
    Shell interpreter, 0, "-m xlbangfu.buttons " & action & " " & Environ("XLBANGFU_PIPE")
    Exit Sub

Failed:
    MsgBox "没有做成，工作簿没有改动：请确认本机装好了 Python 和 xlbangfu，再点一次。", vbExclamation, "帮扶总表"
End Sub
