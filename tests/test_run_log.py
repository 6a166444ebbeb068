"""What the log of a run tells an instructor, and how fast a run says it goes."""

import io

import pytest
from rich.console import Console

from grader.collect import Submission
from grader.outcome import STATUSES, Outcome
from grader.progress import duration, pace, progress
from grader.run_log import ADVICE, END, RunLog

NAME = "01_toy"
TRACEBACK = """Traceback (most recent call last):
  File "examine.py", line 1, in examine
    raise ValueError("no\\nat all")
ValueError: no
at all
"""


def submission(tmp_path, student):
    return Submission(student, NAME, tmp_path / "x.ipynb")


def outcome(student, status="graded", message="", details=""):
    return Outcome(student, NAME, status, message=message, details=details)


def test_what_to_do_is_listed_by_student(tmp_path):
    with RunLog(tmp_path, ["python -m grader grade in", "--out out"]) as log:
        log.begin(4, 1)
        fault = outcome("zoe", "grader_error", "Sorry.", TRACEBACK)
        log.examined(fault, submission(tmp_path, "zoe"))
        log.examined(outcome("ada"), submission(tmp_path, "ada"))
        late = outcome("eve\nroot", "timeout", "A cell was stopped after 60 s.")
        log.examined(late, submission(tmp_path, "eve\nroot"))
        log.kept(outcome("bob", "unreadable", "Not JSON."), submission(tmp_path, "bob"))
        log.waiting([(NAME, "why", 3)])
        log.note("Nobody else.")
    text = log.path.read_text()
    live, _, todo = text.partition("What to do, by student")
    assert "4 to examine, 1 unchanged" in live
    assert "zoe  01_toy  grader_error  (0.0 s)" in live
    assert "ada  01_toy  graded  0 points" in live
    assert "3 of 4 examined, 1 kept." in live
    assert [todo.index(name) for name in ("bob", "eve", "zoe")] == sorted(
        todo.index(name) for name in ("bob", "eve", "zoe")
    )
    assert "\nada" not in todo
    assert "what: ValueError: no\n" in todo
    assert "do:   Run the same command again." in todo
    assert "outcomes/01_toy/zoe.json" in todo
    assert "Ask for the file again" in todo
    assert "01_toy, why: 3 to grade" in todo
    assert "Nobody else." in todo
    assert "\nroot" not in text  # a name cannot fake a line
    assert text.endswith(f"{END}\n")


def test_every_status_that_needs_somebody_has_advice():
    assert set(ADVICE) == set(STATUSES) - {"graded"}


def test_a_log_of_a_run_that_was_cut_off_is_readable_and_does_not_end(tmp_path):
    log = RunLog(tmp_path, ["x"])
    log.__enter__()
    log.begin(1, 0)
    log.examined(outcome("ada"), submission(tmp_path, "ada"))
    text = log.path.read_text()
    assert "ada  01_toy  graded" in text
    assert "run the command again" in text
    assert not text.endswith(f"{END}\n")
    log._file.close()


def test_a_run_that_stopped_says_so(tmp_path):
    with pytest.raises(OSError, match="disk"), RunLog(tmp_path, ["x"]) as log:
        raise OSError("the disk is full")
    text = log.path.read_text()
    assert "stopped before its end: the disk is full" in text
    assert "Run the same command again." in text


def test_two_runs_of_one_second_have_two_logs(tmp_path):
    for _ in range(3):
        with RunLog(tmp_path, ["x"], when=0.0):
            pass
    assert len(list((tmp_path / "logs").iterdir())) == 3


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (90, "90 s"), (120, "2 min"), (5400, "90 min"), (9000, "2.5 h")],
)
def test_durations(seconds, words):
    assert duration(seconds) == words


def test_pace():
    assert pace(0, 10, 5.0) == ""
    assert pace(5, 10, 10.0) == "30.0 a minute, 10 s left"  # half a second each, five to go
    assert pace(20, 1000, 10.0) == "2.0 a second, 8 min left"
    assert pace(10, 10, 10.0) == "1.0 a second"


@pytest.mark.parametrize("terminal", [False, True])
def test_progress_shows_rate_and_time_left(terminal):
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=120)
    with progress(console, 10) as step:
        for _ in range(9):
            step("graded")
        step("timeout")
    text = file.getvalue()
    if not terminal:  # a bar leaves nothing behind
        assert "5 of 10 examined in 0 s (5 graded);" in text
        assert "a second, 0 s left" in text
        assert "10 of 10 examined in 0 s (9 graded, 1 timeout);" in text
    quiet = io.StringIO()
    with progress(Console(file=quiet), 10, quiet=True) as step:
        step("graded")
    assert quiet.getvalue() == ""
