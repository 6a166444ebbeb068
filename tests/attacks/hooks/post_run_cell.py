"""A silent showtraceback and a post-run hook that clears the error make every cell a success."""

TRIES = "errors of test cells are swallowed after the fact"
SUCCESS = "points"
CELL = r"""
shell = get_ipython()
type(shell).showtraceback = lambda self, *a, **k: None
type(shell).showsyntaxerror = lambda self, *a, **k: None


def after(result):
    result.error_in_exec = None
    result.error_before_exec = None


shell.events.register("post_run_cell", after)
"""
