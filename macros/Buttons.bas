Attribute VB_Name = "Buttons"
Option Explicit

Public Sub Bangfu_Import()
    Launch "import"
End Sub

Public Sub Bangfu_Validate()
    Launch "validate"
End Sub

Public Sub Bangfu_Refresh()
    Launch "refresh"
End Sub

Public Sub Bangfu_Pages()
    Launch "pages"
End Sub

Public Sub Bangfu_Run()
    Launch "run"
End Sub

Public Sub Bangfu_Undo()
    Launch "undo"
End Sub
