"""Write outcomes to nbgrader's gradebook. The only writer.

The output folder becomes a course folder of nbgrader's: `source`, `release`, `submitted`,
`autograded`, `gradebook.db` and a `nbgrader_config.py` of its own, so formgrader, `nbgrader
generate_feedback` and `nbgrader export` work in it. Everything is stored by nbgrader's own
converter and preprocessors. Recording an outcome again changes nothing; manual scores and comments
stay.
"""

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.autograded import RecordError, autograded, graded_cells
from grader.collect import Submission, read_regular
from grader.marks import Marks, marks_of
from grader.neutral import neutralise_markdown
from grader.outcome import Outcome
from grader.store import StoreError, write_atomically

ROOT = Path(__file__).resolve().parent.parent

# nbgrader's own steps, in its order, without the one that executes the notebook
STEPS = ("OverwriteCells", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata")
_OWN = """
# This folder was made by `python -m grader grade` and is a course folder of its own.
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
c.HTMLExporter.sanitize_html = True
"""


class StorageError(Exception):
    """The output folder cannot be written; the text says why and what to do."""


@contextlib.contextmanager
def storage(out: Path) -> Iterator[None]:
    """Turn what disks and databases complain about into a sentence.

    Raises:
        StorageError: with that sentence.
    """
    from sqlalchemy.exc import OperationalError

    try:
        yield
    except OSError as error:
        where = error.filename or out
        raise StorageError(f"{where} cannot be written: {error.strerror or error}.") from error
    except OperationalError as error:
        raise StorageError(
            f"{out / 'gradebook.db'} cannot be written: {error.orig}. If formgrader or another "
            "program has it open, close it."
        ) from error


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
        from nbgrader import preprocessors

        student, name = submission.id, outcome.assignment
        if outcome.status == "grader_error":
            raise RecordError("A fault of the grader is never recorded.")
        release = self.out / "release" / name / f"{name}.ipynb"
        notebook = autograded(outcome, self._sources[name], release)
        timestamp = self._copy_submission(submission)
        dated = {"timestamp": timestamp} if timestamp else {}
        self.gradebook.update_or_create_student(student)
        self.gradebook.update_or_create_submission(name, student, **dated)
        names = {"student": student, "assignment": name, "notebook": name, "db_url": self.db_url}
        resources = {"nbgrader": names}
        for step in STEPS:
            preprocessor = getattr(preprocessors, step)(config=self.config)
            notebook, resources = preprocessor.preprocess(notebook, resources)
        self.gradebook.db.expire_all()
        self._comment(outcome, student)
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

    def _copy_submission(self, submission: Submission) -> datetime | None:
        """Keep what was handed in; the time it was handed in, if that is noted."""
        from nbgrader.utils import parse_utc

        if submission.problem:
            return None
        folder = self.out / "submitted" / submission.id / submission.assignment
        content = read_regular(submission.path)
        if content is not None:
            write_atomically(folder / f"{submission.assignment}.ipynb", content)
        noted = read_regular(submission.path.with_name("timestamp.txt"), 100) or b""
        try:
            timestamp = parse_utc(noted.decode("ascii").strip())
        except (ValueError, OverflowError):
            return None
        write_atomically(folder / "timestamp.txt", noted)
        return timestamp

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
