"""What a student receives, as a table of files; `grader.release` writes it.

The bundle holds the student notebooks, `qlib` with its visible checks, and what is needed to
install it: environment.yml, requirements.txt, pyproject.toml, README.md. Nothing of the grader, the
solutions, the hidden checks or the tests. The notebooks are built afresh from their sources, under
the refusals of `grader.audit`.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from grader.audit import GRADER
from grader.build import ROOT, Exams, build, load_exams
from grader.source import BuildError

# Requirements are followed as for this Python, so that the list does not depend on the machine.
_LINUX = {
    "os_name": "posix",
    "platform_system": "Linux",
    "python_version": "3.11",
    "python_full_version": "3.11.0",
    "sys_platform": "linux",
}


def bundle(root: Path = ROOT, exams: Exams | None = load_exams) -> dict[str, bytes]:
    """The files of the student bundle: path -> content, in order.

    Args:
        root: the course's folder.
        exams: where hidden checks come from, for the release's refusals.

    Raises:
        BuildError: if a notebook cannot be released, or a file refers to the grader.
    """
    built = build(None, root, exams)
    files = {path: content for path, content in built.items() if path.startswith("notebooks/")}
    if not files:
        raise BuildError([f"{root / 'solutions'} holds no assignment."])
    for path in sorted((root / "qlib").rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and not any(p.startswith((".", "__pycache__")) for p in parts):
            files["/".join(parts)] = path.read_bytes()
    problems = [
        f"{path} refers to the grader, which students do not have."
        for path, content in files.items()
        if path.endswith(".py") and GRADER.search(content.decode())
    ]
    if problems:
        raise BuildError(problems)

    project = tomllib.loads(_read(root, "pyproject.toml"))["project"]
    pins = _pins(root)
    readme = (Path(__file__).parent / "student_readme.md").read_text(encoding="utf-8")
    first = next(iter(files)).split("/")[1]
    texts = {
        "README.md": readme.replace("{first}", first).replace("{torch}", pins.get("torch", "")),
        "environment.yml": _environment(root, project),
        "pyproject.toml": _pyproject(project),
        "requirements.txt": _requirements(project, pins),
    }
    files |= {path: text.encode() for path, text in texts.items()}
    return dict(sorted(files.items()))


def _read(root: Path, name: str) -> str:
    try:
        return (root / name).read_text(encoding="utf-8")
    except OSError:
        raise BuildError([f"{root / name} cannot be read; the bundle needs it."]) from None


def _plain(name: str) -> str:
    """A package name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(root: Path) -> dict[str, str]:
    """Package -> version of constraints.txt."""
    lines = _read(root, "constraints.txt").splitlines()
    pairs = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {_plain(name.strip()): version.strip() for name, version in pairs}


def _environment(root: Path, project: Mapping[str, Any]) -> str:
    """environment.yml without comments and without what only the grader needs."""
    extra = project.get("optional-dependencies", {}).get("grader", [])
    extra = {_plain(re.match(r"[\w.-]+", requirement)[0]) for requirement in extra}
    lines = []
    for line in _read(root, "environment.yml").splitlines():
        package = re.match(r"\s*-\s*([\w.-]+)", line)
        if not line.startswith("#") and not (package and _plain(package[1]) in extra):
            lines.append(line)
    return "\n".join(lines) + "\n"


def _pyproject(project: Mapping[str, Any]) -> str:
    dependencies = "".join(f"    {json.dumps(name)},\n" for name in project["dependencies"])
    return f"""\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "{project["name"]}-student"
version = "{project["version"]}"
description = "Notebooks of a Q-learning course and their library qlib."
readme = "README.md"
requires-python = "{project["requires-python"]}"
dependencies = [
{dependencies}]

[tool.setuptools.packages.find]
include = ["qlib*"]

[tool.setuptools.package-data]
"*" = ["*.css", "*.html", "*.j2", "*.js", "*.json", "*.md", "*.sh", "templates/*"]
"""


def _requirements(project: Mapping[str, Any], pins: Mapping[str, str]) -> str:
    """Everything the student's packages need, directly or not, in the pinned versions."""
    from packaging.requirements import Requirement

    todo = [Requirement(text) for text in project["dependencies"]]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        requirement = todo.pop()
        name, extras = _plain(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            texts = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            raise BuildError(
                [f"{name} is not installed, so what it needs is unknown. Run: make setup"]
            ) from None
        for further in map(Requirement, texts):
            wanted = [_LINUX | {"extra": extra} for extra in (*extras, "")]
            if further.marker is None or any(map(further.marker.evaluate, wanted)):
                todo.append(further)
    names = sorted({name for name, _ in seen} & set(pins))
    lines = [f"{name}=={pins[name]}" for name in names]
    return "\n".join(["# The versions this course was tested with.", *lines, "--editable .", ""])
