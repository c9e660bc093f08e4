"""Mail: messages, the ways out (.eml, SMTP, Outlook), and the ledger that survives anything."""
