"""A sheet of one package put into another with all that hangs on it: drawings, charts, tables, looks, print set-up.

What is in the other package and not touched keeps its bytes.
"""
