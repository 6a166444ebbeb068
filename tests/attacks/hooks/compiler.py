"""The shell's compiler returns an empty module for everything that comes later."""

TRIES = "CachingCompiler.ast_parse is replaced"
SUCCESS = "points"
CELL = r"""
import ast

shell = get_ipython()
compiler = getattr(shell, "compile", None)
if compiler is not None:
    compiler.ast_parse = lambda *a, **k: ast.Module(body=[], type_ignores=[])
"""
