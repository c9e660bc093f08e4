Attribute VB_Name = "Buttons"
Option Explicit

Public Sub Bangfu_Import()
    Launch "import"
End Sub

Public Sub Bangfu_Screen()
    Launch "screen"
End Sub

Public Sub Bangfu_Screen_accept()
    Launch "screen_accept"
End Sub

Public Sub Bangfu_Pair()
    Launch "pair"
End Sub

Public Sub Bangfu_Pair_accept()
    Launch "pair_accept"
End Sub

Public Sub Bangfu_Plan()
    Launch "plan"
End Sub

Public Sub Bangfu_Calendar()
    Launch "calendar"
End Sub

Public Sub Bangfu_Validate()
    Launch "validate"
End Sub

Public Sub Bangfu_Follow()
    Launch "follow"
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

Public Sub Bangfu_Mail()
    Launch "mail"
End Sub

Public Sub Bangfu_Send()
    Launch "send"
End Sub

Public Sub Bangfu_Collect()
    Launch "collect"
End Sub

Public Sub Bangfu_Remind()
    Launch "remind"
End Sub

Public Sub Bangfu_Honours()
    Launch "honours"
End Sub

Public Sub Bangfu_Honours_accept()
    Launch "honours_accept"
End Sub

Public Sub Bangfu_Appraise()
    Launch "appraise"
End Sub

Public Sub Bangfu_Slips()
    Launch "slips"
End Sub

Public Sub Bangfu_Register()
    Launch "register"
End Sub

Public Sub Bangfu_Person_export()
    Launch "person_export"
End Sub

Public Sub Bangfu_Person_delete()
    Launch "person_delete"
End Sub

Public Sub Bangfu_Undo()
    Launch "undo"
End Sub
