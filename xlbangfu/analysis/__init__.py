"""pandas at the door: the school's sheets as DataFrames, for whoever analyses them (DOMAIN, Privacy).

This package alone imports pandas, and nothing that a click loads imports this package.
"""

from xlbangfu.analysis.school_book import SchoolBook

__all__ = ["SchoolBook"]
