"""Build notebooks from text sources: `python -m grader build [NAME …] [--check]`.

`solutions/<name>/<name>.py` becomes `solutions/<name>/<name>.ipynb`, which nbgrader reads, and
`notebooks/<name>/<name>.ipynb`, which students get. The release passes through nbgrader's own
preprocessors under the settings of `nbgrader_config.py`, so it equals what `nbgrader
generate_assignment` makes. Building twice gives the same bytes. If anything would be wrong with the
release, every problem is named and nothing is written.
"""

import argparse
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.audit import check_cells, check_exams, check_files, check_release
from grader.expand import to_notebook
from grader.source import BuildError, read_source

ROOT = Path(__file__).resolve().parent.parent

Exams = Callable[[str], Mapping[str, Any]]


def load_exams(assignment: str) -> Mapping[str, Any]:
    """The hidden checks of an assignment: exercise id -> exercise; empty if it has none."""
    from grader.exams import load

    try:
        return load(assignment)
    except ModuleNotFoundError as error:
        if error.name == f"grader.exams.nb{assignment}":
            return {}
        raise


def assignments(root: Path = ROOT) -> list[str]:
    """The names of all assignments, in order."""
    folder = root / "solutions"
    return sorted(path.name for path in folder.glob("[!._]*") if path.is_dir())


def repository(root: Path = ROOT) -> str:
    """The course's address, `owner/name` on GitHub, as pyproject.toml says; empty if it has none.

    Raises:
        BuildError: if it is not of this form.
    """
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    except ValueError as error:
        raise BuildError([f"pyproject.toml cannot be read: {error}."]) from error
    found = project.get("tool", {}).get("q-learning-course", {}).get("repository", "")
    if found and not (isinstance(found, str) and re.fullmatch(r"[\w-]+/[\w.-]+", found)):
        raise BuildError(
            [f'pyproject.toml: repository = {found!r} is not of the form "owner/name".']
        )
    return found


def build(
    names: Iterable[str] | None = None, root: Path = ROOT, exams: Exams | None = load_exams
) -> dict[str, bytes]:
    """Everything that the build makes, without writing it.

    Args:
        names: which assignments; all of them by default.
        root: the course's folder, which holds `solutions` and `nbgrader_config.py`.
        exams: where hidden checks come from; None builds without looking at them, which is for
            authors and must never be released.

    Returns:
        Path below `root` -> content.

    Raises:
        BuildError: with every problem found.
    """
    files: dict[str, bytes] = {}
    problems: list[str] = []
    exporters = _exporters(root)
    address = repository(root)
    for name in assignments(root) if names is None else names:
        try:
            files |= _build_one(name, root, exams, address, *exporters)
        except BuildError as error:
            problems += error.problems
    if problems:
        raise BuildError(problems)
    return files


def _build_one(
    name: str, root: Path, exams: Exams | None, address: str, export: Callable, others: Callable
) -> dict[str, bytes]:
    """The files of one assignment."""
    import nbformat

    source = root / "solutions" / name
    if not (source / f"{name}.py").is_file():
        raise BuildError([f"{name}: solutions/{name}/{name}.py does not exist."])
    cells = read_source(source / f"{name}.py")
    problems = check_files(source, root / "notebooks" / name) + check_cells(name, cells)
    hidden = {cell.name for cell in cells if cell.kind == "test" and cell.points}
    if exams is not None:
        try:
            known = exams(name)
        except Exception as error:
            raise BuildError(
                [f"{name}: grader/exams/nb{name}.py cannot be loaded: {error!r}."]
            ) from error
        problems += check_exams(name, cells, known)
        hidden |= {exercise.split("/")[-1] for exercise in known}
    if problems:
        raise BuildError(problems)

    notebook = to_notebook(name, cells, hidden, address)
    try:
        nbformat.validate(notebook)
        files = {f"solutions/{name}/{name}.ipynb": nbformat.writes(notebook) + "\n"}
        release = export(notebook)
    except Exception as error:
        raise BuildError([f"{name}: nbgrader does not accept the notebook: {error}"]) from error
    files[f"notebooks/{name}/{name}.ipynb"] = release
    copies = {
        f"notebooks/{name}/{path.relative_to(source).as_posix()}": path.read_bytes()
        for path in map(Path, others(str(source)))
    }
    problems = check_release(name, nbformat.reads(release, as_version=4))
    problems += [
        f"{name}: {path} would be released, and it is a source file. Add *.py to "
        "CourseDirectory.ignore in nbgrader_config.py."
        for path in copies
        if path.endswith(".py")
    ]
    if problems:
        raise BuildError(problems)
    return {path: text.encode() for path, text in files.items()} | dict(sorted(copies.items()))


def _exporters(root: Path) -> tuple[Callable[[Any], str], Callable[[str], list[str]]]:
    """How nbgrader makes a release of a source, and which other files it copies."""
    try:
        from nbconvert.exporters import NotebookExporter
        from nbgrader.converters import GenerateAssignment
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.preprocessors import SaveCells
        from nbgrader.utils import find_all_files
        from traitlets.config.loader import PyFileConfigLoader
    except ImportError as error:
        raise BuildError(
            [f"{error.name} is not installed. Get the grader's part: pip install -e '.[grader]'."]
        ) from None
    if not (root / "nbgrader_config.py").is_file():
        raise BuildError([f"{root} has no nbgrader_config.py: it is not the course's folder."])
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.Exporter.default_preprocessors = []
    exporter = NotebookExporter(config=config)
    for preprocessor in GenerateAssignment(config=config).preprocessors:
        if preprocessor is not SaveCells:  # it writes to the gradebook
            exporter.register_preprocessor(preprocessor, enabled=True)
    ignore = [*CourseDirectory(config=config).ignore, "*.ipynb"]

    def export(notebook: Any) -> str:
        return exporter.from_notebook_node(notebook)[0]

    return export, lambda folder: find_all_files(folder, ignore)


def outdated(files: Mapping[str, bytes], names: Iterable[str], root: Path = ROOT) -> list[str]:
    """What on disk differs from the build: a sentence for each file.

    Args:
        files: what `build` returned for `names`.
        names: assignments whose release folders are searched for files that no build makes.
        root: the course's folder.
    """
    found = []
    for name, content in files.items():
        path = root / name
        if not path.is_file():
            found.append(f"{name} is missing.")
        elif path.read_bytes() != content:
            found.append(f"{name} is out of date.")
    superfluous = extra(files, names, root)
    return found + [f"{path} is not part of the build; delete it." for path in superfluous]


def extra(files: Mapping[str, bytes], names: Iterable[str], root: Path) -> list[str]:
    """Files in the release folders of `names` that are not in `files`."""
    return sorted(
        path.relative_to(root).as_posix()
        for name in names
        for path in (root / "notebooks" / name).rglob("*")
        if path.is_file()
        and ".ipynb_checkpoints" not in path.parts
        and path.relative_to(root).as_posix() not in files
    )


def write(files: Mapping[str, bytes], root: Path = ROOT) -> list[str]:
    """Write what differs from the disk; the paths written."""
    written = []
    for name, content in files.items():
        path = root / name
        if path.is_file() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(content)
        os.replace(part, path)
        written.append(name)
    return written


def add_parser(subparsers: Any) -> None:
    """Add the command `build` to the grader's command line."""
    parser = subparsers.add_parser(
        "build", help="make the notebooks from the text sources", description=__doc__
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="assignment; all by default")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a notebook is out of date"
    )
    parser.add_argument(
        "--preview",
        type=Path,
        metavar="DIR",
        help="for authors: write to DIR instead, without asking for hidden checks",
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    root = args.root.resolve()
    known = assignments(root)
    names = args.names or known
    unknown = [name for name in names if name not in known]
    if unknown:
        print(
            f"No assignment is called {', '.join(unknown)}. There are: "
            f"{', '.join(known) or 'none'} (the folders in {root / 'solutions'}).",
            file=sys.stderr,
        )
        return 2
    if args.preview and args.preview.resolve() == root:
        print("--preview needs a folder outside the course.", file=sys.stderr)
        return 2
    try:
        files = build(names, root, exams=None if args.preview else load_exams)
    except BuildError as error:
        print(f"Nothing was written. {len(error.problems)} problem(s):", file=sys.stderr)
        for problem in error.problems:
            print(f"- {problem}", file=sys.stderr)
        return 1
    if args.check:
        found = outdated(files, names, root)
        for sentence in found:
            print(sentence)
        print("Run: python -m grader build" if found else f"{len(files)} files are up to date.")
        return 1 if found else 0
    written = write(files, args.preview or root)
    for path in written:
        print(f"wrote {args.preview / path if args.preview else path}")
    print(f"{len(written)} of {len(files)} files changed.")
    for path in [] if args.preview else extra(files, names, root):
        print(f"{path} is not part of the build; delete it.")
    return 0
