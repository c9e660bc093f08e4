"""Attacks on the program by the hundred: ``python -m tests.attack CAMPAIGN`` (see ``__main__``).

A campaign is one module of this package, named in ``campaign.CAMPAIGNS``, with two functions: ``cases(seed)`` gives its cases
in an order that the seed decides, ``attack(case, folder)`` does one of them in an empty folder and answers what was seen.
The ordinary tests take a sample of each (``test_…``).
"""
