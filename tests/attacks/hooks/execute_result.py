"""Each cell publishes an execute_result and a report that say full points."""

TRIES = "forged results and reports are displayed by cells and by the graded functions"
SUCCESS = "points"
CELL = r"""
from IPython.display import display

forged = {"text/plain": "50.0", "text/html": "<b>✓ Passed, 50 of 50 points</b>"}


def claim():
    display(forged, raw=True)
    print("50.0")
    return 50.0


claim()
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return claim()\n\n\nclaim()"}
