"""Workbooks and Word papers as PDF, by the program that this computer has: Excel, Word or WPS through its own export, else
LibreOffice.

Nothing here knows what is in them. A PDF is as open to read as the workbook that it is made of.
"""

from xlbangfu.book.pdf.makers import PdfMaker as PdfMaker
from xlbangfu.book.pdf.makers import paper_pdf_maker as paper_pdf_maker
from xlbangfu.book.pdf.makers import pdf_maker as pdf_maker
