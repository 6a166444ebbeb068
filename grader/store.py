"""The output folder: which class it belongs to, and the outcomes in it.

An outcome is written, whole or not at all, before anything is recorded. A marker beside it says
that gradebook, autograded notebook and feedback hold it. So after a kill at any moment the next run
knows what is done.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.outcome import Outcome
from qlib import COURSE

MARK = "class.json"


class StoreError(Exception):
    """The output folder cannot be used; the text says why and what to do."""


def write_atomically(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file so that a reader sees the old content or the new, and a crash loses neither.

    Args:
        path: the file; folders above it are made.
        content: all of it, or its pieces.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


class Store:
    """The output folder of one class.

    Args:
        out: the folder; made if it does not exist.
        directory: where the class's submissions stand. It tells one class from another.
        moved: the submissions have moved; accept the folder all the same.

    Raises:
        StoreError: if the folder holds something else, or another class.
    """

    def __init__(self, out: Path, directory: Path, *, moved: bool = False):
        self.out = out
        source = str(directory.resolve())
        mark = {"course": COURSE, "submissions": source}
        if out.exists() and not out.is_dir():
            raise StoreError(f"--out {out} is a file. Name a folder.")
        try:
            self._claim(mark, moved)
        except OSError as error:
            raise StoreError(f"--out {out} cannot be written: {error.strerror}.") from error

    def _claim(self, mark: dict[str, str], moved: bool) -> None:
        path = self.out / MARK
        if path.exists():
            try:
                found = json.loads(path.read_text(encoding="utf-8"))
                course, source = found["course"], found["submissions"]
            except (ValueError, KeyError, TypeError):
                raise StoreError(
                    f"--out {self.out} holds a damaged {MARK}. Choose another folder."
                ) from None
            if course != mark["course"]:
                raise StoreError(
                    f"--out {self.out} belongs to the course {course}. Choose another folder."
                )
            if source != mark["submissions"] and not moved:
                raise StoreError(
                    f"--out {self.out} holds another class: its submissions came from {source}. "
                    "Choose another folder, or add --moved if the same class has moved."
                )
            if source == mark["submissions"]:
                return
        elif self.out.exists() and any(self.out.iterdir()):
            raise StoreError(
                f"--out {self.out} is not empty and was not made by this command. "
                "Choose a new or an empty folder."
            )
        write_atomically(path, json.dumps(mark, indent=1).encode() + b"\n")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Only one run at a time works on the folder.

        Raises:
            StoreError: if another run does.
        """
        with contextlib.ExitStack() as held:
            try:
                file = held.enter_context(open(self.out / ".lock", "w"))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for part in self.out.rglob(".*.part"):  # of a run that was killed
                    part.unlink(missing_ok=True)
            except BlockingIOError:
                raise StoreError(f"Another run is writing to {self.out}. Wait for it.") from None
            except OSError as error:
                raise StoreError(
                    f"--out {self.out} cannot be written: {error.strerror}."
                ) from error
            yield

    def path(self, assignment: str, student: str) -> Path:
        """Where an outcome stands.

        Args:
            assignment: one of the course's.
            student: the id, not the name of the folder.
        """
        return self.out / "outcomes" / assignment / f"{student}.json"

    def save(self, outcome: Outcome, student: str) -> None:
        """Write an outcome."""
        write_atomically(self.path(outcome.assignment, student), outcome.to_json().encode())

    def load(self, assignment: str, student: str) -> Outcome | None:
        """Read an outcome; None if there is none, or none that can be read."""
        try:
            return Outcome.from_json(self.path(assignment, student).read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def students(self) -> set[str]:
        """The ids of all students with an outcome."""
        return {path.stem for path in (self.out / "outcomes").glob("*/*.json")}

    def recorded(self, assignment: str, student: str) -> tuple[bool, str]:
        """Whether this very outcome was recorded to the end, and what its page was made from."""
        try:
            text = self._marker(assignment, student).read_text(encoding="utf-8")
            digest, page = text.split()
            whole = (self.out / "autograded" / student / assignment).is_dir()
            if not (self.out / "feedback" / student / f"{assignment}.html").is_file():
                page = ""
            return whole and digest == self._digest(assignment, student), page
        except (OSError, ValueError):
            return False, ""

    def set_recorded(self, assignment: str, student: str, page: str) -> None:
        """Note that the outcome was recorded to the end, and what its page was made from."""
        mark = f"{self._digest(assignment, student)}\n{page}\n"
        write_atomically(self._marker(assignment, student), mark.encode())

    def _marker(self, assignment: str, student: str) -> Path:
        return self.out / "outcomes" / assignment / f"{student}.recorded"

    def _digest(self, assignment: str, student: str) -> str:
        return hashlib.sha256(self.path(assignment, student).read_bytes()).hexdigest()
