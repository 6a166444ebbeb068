"""A formatter shows every result, whatever it is, as full points."""

TRIES = "the text/plain formatter and sys.displayhook print 50.0 for each value; errors are muted"
SUCCESS = "points"
CELL = r"""
import sys

shell = get_ipython()
plain = shell.display_formatter.formatters["text/plain"]
for kind in (object, float, int, str, bool, type(None)):
    plain.for_type(kind, lambda value, printer, cycle: printer.text("50.0"))
sys.displayhook = lambda value: print("50.0")
type(shell).showtraceback = lambda self, *a, **k: shell.displayhook(50.0)
"""
