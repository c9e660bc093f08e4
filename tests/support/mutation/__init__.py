"""Faults planted one at a time in a rule, to see whether its tests notice: ``python -m tests.support.mutation prizes``.

Why not a package of PyPI, as tried in November 2026: mutmut 3.8 forks after polars has run, and every mutant hangs in the
child until its time is up; cosmic-ray 8.7 writes each mutant into the working copy, starts Python anew for each, and nine of
ten are an operator in place of another that polars refuses. Neither leaves out a step of a chain (``.over(group)``,
``.fill_null(True)``), an argument or a branch, which is how a rule in polars goes wrong.
"""
