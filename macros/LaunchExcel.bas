Attribute VB_Name = "LaunchExcel"
Option Explicit

Public Sub Launch(ByVal action As String)
    On Error GoTo Failed
    RunPython "import xlbangfu.buttons; xlbangfu.buttons.run('" & action & "')"
    Exit Sub

Failed:
    MsgBox "没有做成，工作簿没有改动：请确认本机装好了 Python 和 xlbangfu，再点一次。", vbExclamation, "帮扶总表"
End Sub
