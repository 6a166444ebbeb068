"""The first line of a cell that dies, by which messages name the cell, is full of codes."""

TRIES = "terminal codes, rich markup, HTML and a formula in the sentence about a crashed cell"
SUCCESS = "harm"
CELL = """\
# =1+1 \x1b]0;t\x07\x1b[2J [/bold] [link=x] <script>'@MARK@'</script> \u202e
import os

os._exit(0)
"""
