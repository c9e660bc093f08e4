"""The VBA of the buttons as text; a package only so that it ships with the wheel (as ``xlbangfu.macros``)."""
