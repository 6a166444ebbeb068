"""A formatter shows every result, whatever it is, as full points."""

TRIES = "the text/plain formatter shows each value as points; each error too"
SUCCESS = "points"
CELL = r"""
shell = get_ipython()
plain = shell.display_formatter.formatters["text/plain"]
for kind in (object, float, int, str, bool, type(None)):
    plain.for_type(kind, lambda value, printer, cycle: printer.text("2.0"))
type(shell).showtraceback = lambda self, *a, **k: shell.displayhook(2.0)
"""
