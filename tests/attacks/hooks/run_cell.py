"""`run_cell` and `run_cell_async` are replaced by versions that run nothing."""

TRIES = "the shell answers `ok` for each later cell without running it"
SUCCESS = "points"
CELL = r"""
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell


def nothing(self, raw_cell="", *a, **k):
    result = ExecutionResult(ExecutionInfo(raw_cell, False, False, False, None))
    result.execution_count = 1
    return result


async def nothing_async(self, raw_cell="", *a, **k):
    return nothing(self, raw_cell)


for cls in {InteractiveShell, type(get_ipython())}:
    cls.run_cell = nothing
    cls.run_cell_async = nothing_async
"""
