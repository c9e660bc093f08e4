"""A process that stands by while a workbook is open in LibreOffice, all imports done, and takes the next click.

Where nobody stands by, or does not answer at once, a click does its own work as before. One process takes one click, so
that none finds what another left behind; meanwhile the next one makes itself ready. They meet on a socket in a folder of
this user only (``meeting``); ``hand_over`` is the side of the click, ``waiting`` the one that stands by, ``start`` makes
one. It goes when LibreOffice or its last workbook is closed, and when the program was changed (``freshness``).

Linux only, like the engine for LibreOffice; Excel keeps its own Python alive (``xlbangfu setup``).
"""
