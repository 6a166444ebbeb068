"""`compile` is replaced by one that optimises asserts away."""

TRIES = "builtins.compile with optimize=2, for every later cell"
SUCCESS = "points"
CELL = r"""
import builtins
import codeop

real = builtins.compile


def optimised(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, **kwargs):
    return real(source, filename, mode, flags, dont_inherit, 2, **kwargs)


builtins.compile = optimised
codeop.compile = optimised
shell_module = __import__("sys").modules.get("IPython.core.interactiveshell")
if shell_module is not None:
    shell_module.compile = optimised
import IPython.core.compilerop

IPython.core.compilerop.compile = optimised
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return 0.0"}
