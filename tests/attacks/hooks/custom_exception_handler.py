"""`set_custom_exc` installs a handler that says nothing, so no cell shows an error."""

TRIES = "IPython's custom exception handler swallows failed asserts"
SUCCESS = "points"
CELL = r"""
shell = get_ipython()
shell._showtraceback = lambda *a, **k: None
shell.set_custom_exc((BaseException,), lambda shell, etype, value, tb, tb_offset=None: None)
"""
