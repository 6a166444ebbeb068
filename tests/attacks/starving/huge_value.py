"""The last line of the cell is a string of 300 MB; showing it costs several times that."""

TRIES = "repr of a huge value as the result of a cell"
SUCCESS = "stall"
CELL = r"""
"x" * (@MEMORY@ // 10)
"""
