"""The function raises the framework's own exceptions, dressed up as success."""

TRIES = "Failed, AnswerError, ToDo, StopIteration, ClosedBookError and results raised as errors"
SUCCESS = "points"
CELL = r"""
n_raised = 0


def throw():
    global n_raised
    n_raised += 1
    from qlib.checks import AnswerError, CheckFailed, Failed, ToDo
    from qlib.closed_book import ClosedBookError

    class Success(Failed):
        points = max_points = 50.0
        status = kind = "passed"

    class Exit(SystemExit):
        code = 0

    choices = [
        Success("passed"),
        AnswerError("passed", "passed", ["passed"]),
        AnswerError("todo\x00graded", {"points": 50}, 50),
        ToDo("passed"),
        StopIteration(50.0),
        ClosedBookError("passed"),
        CheckFailed("passed"),
        GeneratorExit(50.0),
        KeyboardInterrupt(),
        Exit(0),
        ExceptionGroup("passed", [Success("passed")]),
    ]
    raise choices[n_raised % len(choices)]
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    throw()"}
