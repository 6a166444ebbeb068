"""Displayed markdown with raw HTML and script links."""

TRIES = "text/markdown outputs"
SUCCESS = "harm"
CELL = r"""
from IPython.display import Markdown, display

display(Markdown("# x\n<script>'@MARK@'</script>\n[x](javascript:'@MARK@')"))
display(Markdown("![x](x\" onerror=\"'@MARK@')\n\n<https://example.invalid/@MARK@>"))
display(Markdown("[y]: javascript:'@MARK@'\n\n[y][y] <svg/onload='@MARK@'>"))
"""
