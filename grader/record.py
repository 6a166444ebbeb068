"""Write outcomes to nbgrader's gradebook. The only writer.

The output folder becomes a course folder of nbgrader's: `source`, `release`, `submitted`,
`autograded`, `gradebook.db` and a `nbgrader_config.py` of its own, so formgrader, `nbgrader
generate_feedback` and `nbgrader export` work in it. Everything is stored by nbgrader's own
converter and preprocessors. Recording an outcome again changes nothing; manual scores and comments
stay.
"""

import contextlib
import functools
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from grader.autograded import RecordError, autograded, graded_cells
from grader.collect import Submission
from grader.keep import keep
from grader.marks import Marks, marks_of
from grader.neutral import neutralise_markdown
from grader.outcome import Outcome
from grader.store import StoreError, write_atomically

ROOT = Path(__file__).resolve().parent.parent

# nbgrader's own steps that work cell by cell, in its order. The one that executes the notebook is
# left out, and so is the one that checks metadata: they are the assignment's own, and `prepare`
# has checked them.
STEPS = ("OverwriteCells", "SaveAutoGrades")
_OWN = """
# This folder was made by `python -m grader grade` and is a course folder of its own.
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
c.HTMLExporter.sanitize_html = True
# `nbgrader generate_feedback` gives students the page that `grade` makes.
c.GenerateFeedback.post_convert_hook = "grader.plugins.our_pages"
# `nbgrader autograde` would run submissions without the sandbox.
c.Autograde.sanitize_preprocessors = ["grader.plugins.NoAutograde"]
"""


class _Cells:
    """What nbgrader's OverwriteCells asks a gradebook: the assignment's cells, read once.

    Args:
        gradebook: nbgrader's `Gradebook`.
    """

    def __init__(self, gradebook: Any):
        self._gradebook = gradebook
        self.find_source_cell = functools.cache(self._source_cell)
        self.find_graded_cell = functools.cache(self._graded_cell)

    def _source_cell(self, *place: str) -> SimpleNamespace:
        cell = self._gradebook.find_source_cell(*place)
        names = ("name", "cell_type", "locked", "checksum", "source")
        return SimpleNamespace(**{name: getattr(cell, name) for name in names})

    def _graded_cell(self, *place: str) -> SimpleNamespace:
        return SimpleNamespace(max_score=self._gradebook.find_graded_cell(*place).max_score)


class Recorder:
    """The gradebook of one output folder. A context manager.

    Args:
        out: the output folder.
        root: the course's folder.
    """

    def __init__(self, out: Path, root: Path = ROOT):
        self.out, self.root = out.resolve(), root
        self.db_url = f"sqlite:///{self.out / 'gradebook.db'}"
        self._sources: dict[str, Any] = {}
        self._cells: dict[str, _Cells] = {}
        self._held: dict[str, set[str]] = {}

    def __enter__(self) -> "Recorder":
        # nbgrader asks the program `alembic` for a version number; it stands beside Python.
        scripts = os.path.dirname(sys.executable)
        if scripts not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"
        import sqlalchemy
        from nbgrader.api import Gradebook
        from traitlets.config.loader import PyFileConfigLoader

        settings = (self.root / "nbgrader_config.py").read_text(encoding="utf-8") + _OWN
        path = self.out / "nbgrader_config.py"
        if not path.exists():  # the instructor may add to it
            write_atomically(path, settings.encode())
        # nbgrader's own warnings, about its own models
        warnings.filterwarnings("ignore", category=sqlalchemy.exc.SAWarning)
        # and its tracebacks: what the database says is said by `grader.storage`
        logging.getLogger("tornado.application").setLevel(logging.CRITICAL)
        logging.getLogger("traitlets").setLevel(logging.ERROR)  # who is late is in the gradebook
        self.config = PyFileConfigLoader(path.name, path=str(self.out)).load_config()
        self.config.CourseDirectory.root = str(self.out)
        self.config.Exporter.default_preprocessors = []
        self.gradebook = Gradebook(self.db_url, self.config.CourseDirectory.course_id)
        return self

    def __exit__(self, *exc: object) -> None:
        self.gradebook.close()

    def prepare(self, assignment: str) -> None:
        """Enter an assignment into the gradebook, as `nbgrader generate_assignment` does.

        Raises:
            StoreError: if the gradebook holds submissions for another version of the notebook.
        """
        import nbformat
        from nbgrader.converters import GenerateAssignment, NbGraderException
        from nbgrader.coursedir import CourseDirectory

        file = f"{assignment}.ipynb"
        source = (self.root / "solutions" / assignment / file).read_bytes()
        ours = self.out / "source" / assignment / file
        release = self.out / "release" / assignment / file
        known = assignment in {known.name for known in self.gradebook.assignments}
        if not (known and release.exists() and ours.exists() and ours.read_bytes() == source):
            write_atomically(ours, source)
            coursedir = CourseDirectory(config=self.config, assignment_id=assignment)
            coursedir.student_id = "."
            converter = GenerateAssignment(coursedir=coursedir, config=self.config, force=True)
            try:
                converter.start()
            except NbGraderException as error:
                ours.unlink()
                raise StoreError(
                    f"{self.out / 'gradebook.db'} holds submissions for an older {assignment} "
                    "with other cells. Grade into a new folder."
                ) from error
            self.gradebook.db.expire_all()
        self._sources[assignment] = nbformat.reads(source.decode(), as_version=4)
        self._cells[assignment] = _Cells(self.gradebook)

    def holds(self, assignment: str, student: str) -> bool:
        """Whether the gradebook has a submission of this student."""
        if assignment not in self._held:
            found = self.gradebook.assignment_submissions(assignment)
            self._held[assignment] = {submission.student_id for submission in found}
        return student in self._held[assignment]

    def given(self, assignment: str) -> Any:
        """The assignment's own notebook."""
        return self._sources[assignment]

    def record(self, outcome: Outcome, submission: Submission) -> None:
        """Record one outcome, in place of any earlier one.

        Raises:
            RecordError: if the outcome does not fit the assignment.
        """
        import nbformat
        from nbconvert.preprocessors import Preprocessor
        from nbgrader import preprocessors

        student, name = submission.id, outcome.assignment
        if outcome.status == "grader_error":
            raise RecordError("A fault of the grader is never recorded.")
        release = self.out / "release" / name / f"{name}.ipynb"
        notebook = autograded(outcome, self._sources[name], release)
        timestamp = keep(self.out, submission)
        dated = {"timestamp": timestamp} if timestamp else {}
        names = {"student": student, "assignment": name, "notebook": name, "db_url": self.db_url}
        resources = {"nbgrader": names}
        with self._at_once():
            self.gradebook.update_or_create_student(student)
            self.gradebook.update_or_create_submission(name, student, **dated)
            for step in STEPS:
                preprocessor = getattr(preprocessors, step)(config=self.config)
                preprocessor.notebook_id = preprocessor.assignment_id = name
                preprocessor.student_id, preprocessor.gradebook = student, self.gradebook
                if step == "OverwriteCells":
                    preprocessor.gradebook = self._cells[name]
                # nbgrader's own `preprocess` opens the gradebook, does this, and closes it
                notebook, resources = Preprocessor.preprocess(preprocessor, notebook, resources)
            self._comment(outcome, student)
        self.penalise(name, student)
        self.gradebook.db.expire_all()
        path = self.out / "autograded" / student / name / f"{name}.ipynb"
        write_atomically(path, (nbformat.writes(notebook) + "\n").encode())

    def marks(self, assignment: str, student: str) -> Marks:
        """What the gradebook says about a submission."""
        return marks_of(
            self.gradebook, assignment, student, graded_cells(self._sources[assignment])
        )

    def order(self) -> dict[str, list[str]]:
        """Grade ids of the graded cells of every assignment in the gradebook."""
        names = [assignment.name for assignment in self.gradebook.assignments]
        for name in names:
            if name not in self._sources:
                self.prepare(name)
        return {name: list(graded_cells(self._sources[name])) for name in names}

    def worth(self, assignment: str) -> dict[str, float]:
        """Exercise id -> points of what is graded by checks, in the order of the notebook."""
        return {
            f"{assignment}/{name.removeprefix('test-')}": points
            for name, points in graded_cells(self._sources[assignment]).items()
            if name.startswith("test-")
        }

    def penalise(self, assignment: str, student: str) -> None:
        """Set the penalty of a late submission, or take it back, as nbgrader's plugin says.

        The due date is the gradebook's: it may have been set, or moved, after the grading.
        """
        from nbformat.v4 import new_notebook
        from nbgrader.preprocessors import AssignLatePenalties

        found = self.gradebook.find_submission(assignment, student)
        if found.total_seconds_late > 0 or found.late_submission_penalty:
            names = {"student": student, "assignment": assignment, "notebook": assignment}
            late = AssignLatePenalties(config=self.config)
            late.preprocess(new_notebook(), {"nbgrader": {**names, "db_url": self.db_url}})
            self.gradebook.db.expire_all()

    @contextlib.contextmanager
    def _at_once(self) -> Iterator[None]:
        """What nbgrader commits in here, cell by cell, reaches the disk together or not at all."""
        from sqlalchemy.orm import scoped_session, sessionmaker

        gradebook, usual = self.gradebook, self.gradebook.db
        usual.commit()
        with gradebook.engine.connect() as connection, connection.begin():
            joining = {"join_transaction_mode": "rollback_only", "expire_on_commit": False}
            gradebook.db = scoped_session(sessionmaker(bind=connection, **joining))
            try:
                yield
            finally:
                gradebook.db.remove()
                gradebook.db = usual

    def _comment(self, outcome: Outcome, student: str) -> None:
        """Put the sentence for the student where nbgrader's own pages show it."""
        if not outcome.message:
            return
        name = outcome.assignment
        notebook = self.gradebook.find_submission_notebook(name, name, student)
        first = min(notebook.comments, key=lambda comment: comment.name, default=None)
        if first is not None:
            first.auto_comment = neutralise_markdown(outcome.message)
            self.gradebook.db.commit()
