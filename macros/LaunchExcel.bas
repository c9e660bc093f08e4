Attribute VB_Name = "LaunchExcel"
Option Explicit

Public Sub Launch(ByVal action As String)
    On Error GoTo Failed
    RunPython "import xlbangfu.buttons; xlbangfu.buttons.run('" & action & "')"
    Exit Sub

Failed:
    NotStarted
End Sub

Public Sub NotStarted()
    MsgBox "没有做成，总表没有改动：找不到 Python 或 xlbangfu，请先运行“体检”（xlbangfu doctor）。", vbExclamation, "帮扶总表"
End Sub

Public Sub Bangfu_Ribbon(ByVal control As Object)
    Launch control.Tag
End Sub
