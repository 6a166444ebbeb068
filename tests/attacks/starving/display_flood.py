"""Thousands of rich outputs, updates and pictures."""

TRIES = "20,000 display messages with 20 kB each, update_display and clear_output among them"
SUCCESS = "stall"
CELL = r"""
from IPython.display import clear_output, display

handle = display("first", display_id=True)
for i in range(20000):
    display({"text/plain": "x" * 200, "text/html": "<p>" + "y" * 20000}, raw=True)
    if i % 100 == 0:
        handle.update({"text/plain": "z" * 200}, raw=True)
        clear_output(wait=True)
"""
