Attribute VB_Name = "LaunchWps"
Option Explicit

Public Sub Launch(ByVal action As String)
    MsgBox "没有做成，工作簿没有改动：这个总表的按钮给 WPS 用。在 WPS 里请点“工具→开发工具→切换到 JS 环境”再点按钮；要在 Excel 里用，先关闭总表，运行 xlbangfu host 总表 excel。", vbInformation, "帮扶总表"
End Sub
