"""Keep what was handed in, and what nbgrader's exchange wrote beside it."""

import contextlib
import os
import secrets
from datetime import datetime
from pathlib import Path

from grader.collect import Submission, read_regular
from grader.store import write_atomically


def keep(out: Path, submission: Submission) -> datetime | None:
    """Copy a submission into the output folder; the time it was handed in, if that is noted.

    What the exchange wrote is kept beside the autograded notebook, too: `generate_feedback` takes
    it along, and nbgrader's `release_feedback` needs it to give the page back.

    Args:
        out: the output folder.
        submission: what was found.
    """
    from nbgrader.utils import parse_utc

    if submission.problem:
        return None
    student, assignment = submission.id, submission.assignment
    folder = out / "submitted" / student / assignment
    content = read_regular(submission.path)
    if content is not None:
        write_atomically(folder / f"{assignment}.ipynb", content)
    noted = read_regular(submission.path.with_name("timestamp.txt"), 100) or b""
    timestamp = None
    with contextlib.suppress(ValueError, OverflowError):
        timestamp = parse_utc(noted.decode("ascii").strip())
    beside = {"timestamp.txt": noted} if timestamp else {}
    secret = submission.path.with_name("submission_secret.txt")
    if os.path.lexists(secret):
        # an empty time, a new secret: release_feedback stops for the whole class at what is missing
        beside = {"timestamp.txt": b"", **beside, "submission_secret.txt": _secret(secret)}
    for name, content in beside.items():
        write_atomically(folder / name, content)
        write_atomically(out / "autograded" / student / assignment / name, content)
    return timestamp


def _secret(path: Path) -> bytes:
    """What only the student and the exchange know; a new one in place of what cannot be one."""
    found = read_regular(path, 1000) or b""
    return found if found.isascii() and found.strip() else secrets.token_hex().encode()
