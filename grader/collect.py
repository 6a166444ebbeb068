"""Find what was handed in, in a folder whose names and contents nobody vouches for.

The name of a student's folder is whatever a person or a web form typed. It is kept as it is for
people to read, but never used in a path, a database or a page: `student_id` is.
"""

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

LAYOUT = "DIR/<student>/<assignment>/<assignment>.ipynb"
MAX_BYTES = 64 * 2**20  # of a file that is read or copied

_PUNCTUATION = "._@- "
_LONGEST = 64


@dataclass(frozen=True)
class Submission:
    """One notebook of one student.

    Attributes:
        student: the name of the student's folder, as it is.
        assignment: one of the course's assignments.
        path: where the notebook stands, or should stand.
        problem: why there is nothing to open, a sentence for the student; empty if there is.
        status: the outcome's status if there is a problem.
    """

    student: str
    assignment: str
    path: Path
    problem: str = ""
    status: str = "unreadable"

    @property
    def id(self) -> str:
        """The student's id in paths, the gradebook, tables of grades and pages."""
        return student_id(self.student)


@dataclass
class Found:
    """What a folder holds.

    Attributes:
        submissions: sorted by student and assignment.
        students: every student's folder, with or without a submission.
        notes: a sentence for each thing that was left out.
        unknown: names of folders that are no assignment of this course.
    """

    submissions: list[Submission] = field(default_factory=list)
    students: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


def student_id(name: str) -> str:
    """A name that is safe in a path, in SQL, in CSV and in HTML; different for different names.

    An ordinary name (letters of any script, digits, spaces and `._@-`, at most 64 characters) stays
    as it is. Any other becomes a readable stem, `~` and a hash.
    """
    plain = (
        0 < len(name) <= _LONGEST
        and unicodedata.normalize("NFC", name) == name
        and all(_ordinary(c) for c in name)
        and name[0].isalnum()
        and name[-1] not in ". "
    )
    if plain:
        return name
    text = unicodedata.normalize("NFC", name)
    stem = "".join(c if _ordinary(c) and c != " " else "-" for c in text)[:32]
    stem = re.sub("-+", "-", stem).lstrip("-._@").rstrip("-. ")
    digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:10]
    return f"{stem if stem[:1].isalnum() else 'student'}~{digest}"


def _ordinary(c: str) -> bool:
    return c in _PUNCTUATION or unicodedata.category(c)[0] in "LMN"


def shown(name: str, width: int = 28) -> str:
    """A name for a person to read: no control or direction characters, not too long."""
    text = "".join("\ufffd" if unicodedata.category(c)[0] == "C" else c for c in name)
    return text if len(text) <= width else text[: width - 1] + "…"


def discover(directory: Path, known: Collection[str]) -> Found:
    """Every submission below `directory` in nbgrader's layout. Links are never followed.

    Args:
        directory: holds a folder for each student.
        known: the course's assignments.
    """
    found = Found()
    for entry in _entries(directory):
        if entry.is_symlink():
            found.notes.append(f"{shown(entry.name)} is a symbolic link and was not followed.")
            continue
        if not entry.is_dir(follow_symlinks=False):
            continue
        found.students.append(entry.name)
        try:
            folders = _entries(entry.path)
        except OSError as error:
            found.notes.append(f"{shown(entry.name)} cannot be opened: {error.strerror}.")
            continue
        for folder in folders:
            if folder.name not in known:
                if folder.is_dir(follow_symlinks=False):
                    found.unknown.add(folder.name)
                continue
            found.submissions.append(_submission(entry.name, folder))
    return found


def _submission(student: str, folder: os.DirEntry) -> Submission:
    """What stands in a student's folder under an assignment's name."""
    name = folder.name
    path = Path(folder.path) / f"{name}.ipynb"
    if folder.is_symlink():
        problem = "The assignment's folder is a symbolic link. Hand in a real folder."
        return Submission(student, name, path, problem)
    if not folder.is_dir(follow_symlinks=False):
        problem = f"`{name}` is a file. Hand in a folder of that name with the notebook in it."
        return Submission(student, name, path, problem)
    if os.path.lexists(path):
        return Submission(student, name, path)
    others = [other for other in os.listdir(folder.path) if other.endswith(".ipynb")]
    problem = f"There is no {name}.ipynb in the folder that was handed in."
    if others:
        problem += f" It holds {len(others)} other notebook(s); the name must be exactly this."
    return Submission(student, name, path, problem, "missing")


def _entries(directory: Path | str) -> list[os.DirEntry]:
    with os.scandir(directory) as entries:
        visible = [entry for entry in entries if not entry.name.startswith((".", "__"))]
    return sorted(visible, key=lambda entry: entry.name)


def read_regular(path: Path, limit: int = MAX_BYTES) -> bytes | None:
    """The content of a regular file of at most `limit` bytes, else None. Follows no link."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_size > limit:
            return None
        with open(handle, "rb", closefd=False) as file:
            content = file.read(limit + 1)
    except OSError:
        return None
    finally:
        os.close(handle)
    return content if len(content) <= limit else None


def digest(submission: Submission) -> str:
    """A hash that changes when the submission does."""
    if submission.problem:
        return submission.problem
    content = read_regular(submission.path)
    if content is not None:
        return hashlib.sha256(content).hexdigest()
    try:
        state = submission.path.lstat()
    except OSError:
        return "missing"
    return f"not read: mode {stat.S_IFMT(state.st_mode):o}, {state.st_size} bytes"
