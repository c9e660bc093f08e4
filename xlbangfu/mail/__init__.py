"""Mail: messages, the ways out (.eml, SMTP, Outlook), and the ledger that survives anything.

A ``Message`` becomes one .eml file (``outbox.write_eml``) and one row of the ledger (``ledger.Ledger.plan``); whatever
the way out, what is carried is that file. ``sending.send_all`` carries those that staff chose.
Nothing here reads a workbook.
"""
