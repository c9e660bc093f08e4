"""An older workbook brought to this version: what it lacks is transplanted from a fresh master, part by part.

The fresh master is made by the template for the columns as they stand in the school's workbook, so that its formulas,
drop-downs and marks fit there as they are. What is in the workbook and not the program's keeps its bytes.
"""
