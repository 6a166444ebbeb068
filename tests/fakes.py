"""A tiny course and an examiner that does what a submission tells it, for tests of the batch."""

import base64
import contextlib
import functools
import json
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from grader import worker
from grader.collect import read_regular
from grader.outcome import ExerciseOutcome, Outcome
from qlib.checks import CheckResult, Report

# nbformat, nbgrader and jupytext are imported where they are needed: a worker needs none of them,
# and importing them costs it seconds.
ROOT = Path(__file__).resolve().parent.parent
NAME = "01_toy"
POINTS = {"double": 6.0, "half": 4.0}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SOURCE = '''\
# %% [markdown]
# # Toy

# %% tags=["setup"]
from qlib import ToDo, check

# %% [markdown] tags=["task:double"]
# Write `double`.

# %% tags=["answer:double"]
def double(x):
    """Twice `x`."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% tags=["test:double:6"]

# %% [markdown] tags=["task:half"]
# Write `half`.

# %% tags=["answer:half"]
def half(x):
    """Half of `x`."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% tags=["test:half:4"]

# %% [markdown] tags=["task:why"]
# Why?

# %% [markdown] tags=["manual:why:5"]
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION
'''


MORE = """
# %% [markdown] tags=["task:third"]
# Write `third`.

# %% tags=["answer:third"]
def third(x):
    ### BEGIN SOLUTION
    return x / 3
    ### END SOLUTION

# %% tags=["test:third:1"]
"""


@contextlib.contextmanager
def quick_gradebooks():
    """nbgrader starts a program for each new gradebook, to ask for its version; once is enough."""
    from nbgrader import api

    usual = api.get_alembic_version
    api.get_alembic_version = alembic_version
    yield
    api.get_alembic_version = usual


@functools.cache
def alembic_version():
    """The version, asked for in the usual way."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from nbgrader import api

    config = Config()
    config.set_main_option("script_location", str(Path(api.__file__).parent / "alembic"))
    return ScriptDirectory.from_config(config).get_current_head()


def make_course(root: Path, *, more: bool = False) -> Path:
    """A course folder with one assignment; `more` adds an exercise to it."""
    from grader.build import build, write

    (root / "solutions" / NAME).mkdir(parents=True)
    (root / "solutions" / NAME / f"{NAME}.py").write_text(SOURCE + MORE * more)
    (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    write(build(root=root, exams=None), root)
    return root


def hand_in(directory: Path, student: str, told: object = None, **points: float) -> Path:
    """A submission; `told` is what the fake examiner is told, or the file's content."""
    path = directory / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(told, bytes):
        path.write_bytes(told)
    else:
        path.write_text(json.dumps({"do": told or "grade", "points": points}))
    return path


def main(line):
    """The command line, with a version of the code that stays while somebody edits it."""
    worker._code = lambda assignment: "steady"
    from grader.__main__ import main

    return main(line)


def dask_setup(dask_worker):
    """What a Dask worker does with `--preload fakes`: take a version that stays."""
    version = os.environ.get("FAKE_CODE", "steady")
    worker._code = lambda assignment: version


@contextlib.contextmanager
def examining(**settings):
    """A fake of `grader.worker.examining`."""
    course, log = os.environ.get("FAKE_COURSE", ""), os.environ.get("FAKE_LOG")

    def work(job):
        if log:
            with open(log, "a") as file:
                file.write(f"{job.submission.student}\n")
        return worker.do(job, functools.partial(examine, course=course))

    yield work


def examine(path, student, assignment, seed=7, course="", only=()):
    """The outcome that the submission asks for, or that `FAKE_POINTS` says."""
    content = read_regular(path)
    names = {"student": student, "assignment": assignment, "seed": seed, "level": "full"}
    if content is None:
        return Outcome(**names, status="missing", message="No notebook was handed in.")
    try:
        told = json.loads(content)
        do = told["do"]
    except (ValueError, KeyError, TypeError):
        return Outcome(**names, status="unreadable", message="The file is not a notebook.")
    if do == "die":
        os._exit(9)
    if do == "die upstairs":  # and take whoever started this process along
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    if do == "raise":
        raise RuntimeError("a fault of the grader")
    if do.startswith("sleep"):
        time.sleep(float(do.split()[1]))
    if do in ("wrong_assignment", "missing"):
        return Outcome(**names, status=do, message="A sentence for the student.")
    status = do if do in ("timeout", "crashed", "tampered", "killed_memory") else "graded"
    points = told.get("points", {}) | json.loads(os.environ.get("FAKE_POINTS", "{}"))
    found = outcome(student, assignment, status, points, course, seed)
    chosen = (e for e in found.exercises if not only or e.hidden.name in only)
    return replace(found, exercises=tuple(chosen))


def outcome(student, assignment, status, points, course="", seed=7, cells=()) -> Outcome:
    """An outcome with these points."""
    exercises = tuple(
        ExerciseOutcome(
            f"{assignment}/{name}",
            Report(f"{assignment}/{name}", ()),
            Report(f"{assignment}/{name}", checks(points.get(name, 0.0), worth), seed),
        )
        for name, worth in POINTS.items()
    )
    notebook = None
    if course:
        path = Path(course) / "notebooks" / assignment / f"{assignment}.ipynb"
        notebook = json.loads(path.read_bytes())
        picture = {"output_type": "display_data", "data": {"image/png": PIXEL}, "metadata": {}}
        warning = {"output_type": "stream", "name": "stderr", "text": "a warning"}
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "answer-double":
                cell["source"] = "def double(x):\n    return 2 * x  # mine"
                cell["outputs"] = [picture, warning]
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "manual-why":
                cell["source"] = "Because I say so: $x < y$."
        notebook["cells"] += cells
    return Outcome(
        student,
        assignment,
        status,
        message="" if status == "graded" else "A sentence for the student.",
        seed=seed,
        seconds=0.1,
        level="full",
        exercises=exercises,
        notebook=notebook,
    )


def checks(points: float, worth: float) -> tuple[CheckResult, ...]:
    """Two checks, of which as many points are earned."""
    first = min(points, worth / 2)
    return tuple(
        CheckResult(
            title,
            "passed" if earned == worth / 2 else "not yet",
            earned,
            worth / 2,
            symptom="" if earned == worth / 2 else "3 was given for x = 2.",
            cause="" if earned == worth / 2 else "The sum is taken in place of the product.",
            expected="" if earned == worth / 2 else "4.0",
            given="" if earned == worth / 2 else "3.0",
            hint="" if earned == worth / 2 else "Try x = 2 by hand.",
        )
        for title, earned in (("hand values", first), ("random inputs", points - first))
    )


assert base64.b64decode(PIXEL).startswith(b"\x89PNG")
