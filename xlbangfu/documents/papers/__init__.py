"""文书: Word papers filled from the workbook (DOMAIN rule 12). ``paper_list`` has which there are, and how one is added."""
