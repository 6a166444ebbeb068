"""Read a submitted notebook. Nothing in it is believed; only sources and identities are kept."""

import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MAX_BYTES = 20 << 20
MAX_DEPTH = 64  # of JSON; nbformat needs about 8
MAX_ELEMENTS = 2_000_000  # values, roughly: commas outside strings
MAX_BRACKETS = 400_000
MAX_CELLS = 2_000
MAX_SOURCE = 1_000_000  # characters of one cell

# Possessive, and an unterminated string is one match too: linear whatever the file holds.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_IMAGES = ("image/png", "image/jpeg", "image/gif")


class Unreadable(Exception):  # noqa: N818 (a finding, not an error)
    """The file is not a notebook that can be read; the text is a sentence for the student."""


@dataclass(frozen=True)
class SubmittedCell:
    """What is kept of one submitted cell.

    Attributes:
        kind: `code`, `markdown` or `raw`.
        source: its text.
        id: its id; empty before nbformat 4.5.
        nbgrader: its nbgrader metadata, or None.
        tags: its tags.
        attachments: images pasted into a text cell.
    """

    kind: str
    source: str
    id: str = ""
    nbgrader: dict[str, Any] | None = None
    tags: tuple[str, ...] = ()
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def grade_id(self) -> str:
        """The id that nbgrader knows it by, or an empty string."""
        found = (self.nbgrader or {}).get("grade_id")
        return found if isinstance(found, str) else ""


@dataclass(frozen=True)
class Submission:
    """A submitted notebook.

    Attributes:
        cells: in the order of the file.
        assignment: which assignment its metadata name, or an empty string.
    """

    cells: tuple[SubmittedCell, ...]
    assignment: str = ""


def read(path: Path, limit: int = MAX_BYTES) -> Submission:
    """Read a notebook of nbformat 3 or 4 from a regular file that no link leads to.

    Args:
        path: the file. Neither it nor the two folders above it may be a link.
        limit: longest file to accept, in bytes.

    Raises:
        Unreadable: for anything else.
    """
    return parse(read_bytes(path, limit))


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file, following no link.

    Raises:
        Unreadable: for a link, a folder, a device, a missing, empty or too large file.
    """
    path = Path(os.path.abspath(path))
    parts = path.parts[-3:] if len(path.parts) > 3 else path.parts[1:]
    opened: list[int] = []
    try:
        opened.append(os.open(str(path.parents[len(parts) - 1]), os.O_RDONLY | os.O_DIRECTORY))
        for part in parts[:-1]:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            opened.append(os.open(part, flags, dir_fd=opened[-1]))
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        opened.append(os.open(parts[-1], flags, dir_fd=opened[-1]))
        state = os.fstat(opened[-1])
        if stat.S_ISDIR(state.st_mode):
            raise Unreadable(f"{path.name} is a folder, not a notebook.")
        if not stat.S_ISREG(state.st_mode):
            raise Unreadable(f"{path.name} is not a regular file.")
        if state.st_size > limit:
            raise Unreadable(
                f"{path.name} has {state.st_size / 2**20:.0f} MB; at most {limit / 2**20:.0f} MB "
                "can be graded. Clear its outputs and hand it in again."
            )
        with os.fdopen(opened.pop(), "rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path.name}.") from None
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened, or is a link.") from error
    finally:
        for fd in opened:
            os.close(fd)
    if not data.strip():
        raise Unreadable(f"{path.name} is empty.")
    if len(data) > limit:
        raise Unreadable(f"{path.name} is too large.")
    return data


def parse(data: bytes) -> Submission:
    """A notebook's cells from the bytes of its file.

    Raises:
        Unreadable: if they are not a notebook.
    """
    notebook = _json(data)
    if not isinstance(notebook, dict):
        raise Unreadable("The file is JSON, but not a notebook.")
    version = notebook.get("nbformat")
    cells = notebook.get("cells")
    if version == 3 and isinstance(notebook.get("worksheets"), list):
        sheets = (sheet for sheet in notebook["worksheets"] if isinstance(sheet, dict))
        cells = [cell for sheet in sheets for cell in _list(sheet.get("cells"))]
    if not isinstance(cells, list) or not isinstance(version, int):
        raise Unreadable("The file is JSON, but not a notebook of nbformat 3 or 4.")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"The notebook has {len(cells):,} cells; at most {MAX_CELLS:,} are read.")
    course = _dict(_dict(notebook.get("metadata")).get("q_learning_course"))
    name = course.get("assignment")
    return Submission(
        tuple(_cell(cell) for cell in cells if isinstance(cell, dict)),
        _clean(name) if isinstance(name, str) else "",
    )


def _json(data: bytes) -> Any:
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if b"\0" in data:
        raise Unreadable("The file is not text: a binary file, or saved in another encoding.")
    bare = _STRING.sub(b"", data)
    brackets = bare.translate(None, _NOT_BRACKETS)
    if (
        bare.count(b",") > MAX_ELEMENTS
        or len(brackets) > MAX_BRACKETS
        or _depth(brackets) > MAX_DEPTH
    ):
        raise Unreadable("The file is nested too deeply or has too many parts for a notebook.")
    try:
        return json.loads(data.decode("utf-8"), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The file is not valid JSON. Save the notebook again.") from error


def _depth(brackets: bytes) -> int:
    depth = deepest = 0
    for sign in brackets:
        depth += 1 if sign in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _cell(cell: dict[str, Any]) -> SubmittedCell:
    kind = cell.get("cell_type")
    metadata = _dict(cell.get("metadata"))
    source = cell.get("input", cell.get("source", "")) if kind == "code" else cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    source = _clean(source) if isinstance(source, str) else ""
    if kind == "heading":
        level = cell.get("level")
        source = "#" * (level if level in (1, 2, 3, 4, 5, 6) else 1) + " " + source
    nbgrader = metadata.get("nbgrader")
    cell_id = cell.get("id")
    return SubmittedCell(
        kind=kind if kind in ("code", "raw") else "markdown",
        source=source[:MAX_SOURCE],
        id=_clean(cell_id)[:64] if isinstance(cell_id, str) else "",
        nbgrader=nbgrader if isinstance(nbgrader, dict) else None,
        tags=tuple(tag for tag in _list(metadata.get("tags")) if isinstance(tag, str)),
        attachments=_attachments(cell.get("attachments")),
    )


def _attachments(given: Any) -> dict[str, dict[str, str]]:
    kept = {}
    for name, bundle in _dict(given).items():
        images = {
            mime: data
            for mime, data in _dict(bundle).items()
            if mime in _IMAGES
            and isinstance(data, str)
            and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data)
        }
        if images and re.fullmatch(r"[\w .()-]{1,120}", name):
            kept[name] = images
    return kept


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _clean(text: str) -> str:
    """Without the half characters that JSON can hold and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
