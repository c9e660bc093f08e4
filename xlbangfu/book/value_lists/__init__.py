"""The hidden sheet 名单, which drop-downs take their lists from: its formulas and what they come to.

Excel in protected view and WPS show the values that are stored; LibreOffice trusts them. So whoever writes the file stores
the right ones, and none where it can't say.
"""

SHEET = "名单"
