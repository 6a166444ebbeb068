"""What nbgrader's own commands call in a folder that `grade` wrote: its settings name them."""

import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float


class EachDay(LateSubmissionPlugin):
    """Takes off a share of the points for each day, begun or full, after the due date.

    In `nbgrader_config.py` of the folder that `grade` wrote:

        c.AssignLatePenalties.plugin_class = "grader.plugins.EachDay"
        c.EachDay.percent = 10
        c.EachDay.grace_minutes = 15
    """

    percent = Float(10.0, min=0.0, max=100.0, help="Of the points earned, for each day.").tag(
        config=True
    )
    grace_minutes = Float(0.0, min=0.0, help="Nothing is taken off until then.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to be taken off, between 0 and `score`; None for nothing."""
        if total_seconds_late <= 60 * self.grace_minutes:
            return None
        days = math.ceil(total_seconds_late / 86400)
        return round(min(1.0, days * self.percent / 100) * score, 6)


class NoAutograde(NbGraderPreprocessor):
    """Stops `nbgrader autograde`, and formgrader's button, which run submissions unprotected."""

    def preprocess(self, nb: Any, resources: Any) -> NoReturn:
        """Raise an error that says what to do."""
        raise RuntimeError(
            "nbgrader would run this notebook without the sandbox, with the grades in reach. Run "
            "in the course's folder: python -m grader grade"
        )


def our_pages(assignment: str, student: str, notebooks: Sequence[str]) -> None:
    """After `nbgrader generate_feedback`: the page of `grade`, made anew, in place of nbgrader's.

    So `nbgrader release_feedback` and formgrader hand out the page with expected and given values,
    with what the gradebook says now. Where there is no outcome, nbgrader's page stays.

    Args:
        assignment: not used: may be a pattern.
        student: not used: may be a pattern.
        notebooks: `OUT/autograded/<student>/<assignment>/<assignment>.ipynb`.
    """
    import nbformat
    from nbgrader.api import Gradebook

    from grader import feedback
    from grader.autograded import graded_cells
    from grader.marks import marks_of
    from grader.outcome import Outcome

    for notebook in map(Path, notebooks):
        name, who, out = notebook.stem, notebook.parents[1].name, notebook.resolve().parents[3]
        path = out / "outcomes" / name / f"{who}.json"
        if not path.is_file():
            continue
        outcome = Outcome.from_json(path.read_text(encoding="utf-8"))
        source = (out / "source" / name / f"{name}.ipynb").read_text(encoding="utf-8")
        given = nbformat.from_dict(json.loads(source))
        with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
            marks = marks_of(gradebook, name, who, list(graded_cells(given)))
        page = feedback.write(out, outcome, marks, who, given)
        shutil.copyfile(page, out / "feedback" / who / name / f"{name}.html")
