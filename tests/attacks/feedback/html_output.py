"""Displayed HTML with scripts and event handlers."""

TRIES = "<script>, onerror, onload and onclick in text/html outputs"
SUCCESS = "harm"
CELL = r"""
from IPython.display import HTML, display

display(HTML("<script>window.title = '@MARK@'</script>"))
display(HTML("<img src=x onerror=\"window.title='@MARK@'\"><body onload=\"'@MARK@'\">"))
display(HTML("<details open ontoggle=\"'@MARK@'\"><a href=\"javascript:'@MARK@'\">x</a>"))
HTML("<div onclick=\"'@MARK@'\" style=\"position:fixed;inset:0\">@MARK@</div>")
"""
