"""The kernel's `do_execute` answers `ok` and publishes points without running the cell."""

TRIES = "ipykernel's execution method is replaced"
SUCCESS = "points"
CELL = r"""
kernel = getattr(get_ipython(), "kernel", None)


async def do_execute(code, silent, *a, **k):
    content = {"data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1}
    kernel.send_response(kernel.iopub_socket, "execute_result", content)
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


if kernel is not None:
    kernel.do_execute = do_execute
"""
