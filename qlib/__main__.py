"""The students' command line: `python -m qlib check NOTEBOOK`, `python -m qlib progress`."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console
from rich.text import Text

from qlib.checks.index import EXERCISES
from qlib.notebook import Notebook, NotebookError, read_notebook
from qlib.progress import Chapter, digest, load, notebooks_in, save, what_next
from qlib.runner import SECONDS, run_notebook

_STYLES = {"✓": "green", "✗": "red", "○": "blue", "!": "magenta"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        0 if every exercise passes its visible checks, 1 if one does not, 2 for wrong usage.
    """
    parser = argparse.ArgumentParser(prog="python -m qlib", description=__doc__)
    commands = parser.add_subparsers(
        title="commands", required=True, dest="command", metavar="COMMAND"
    )
    checking = commands.add_parser(
        "check",
        help="run the visible checks of a notebook",
        description="Run the visible checks of a notebook and print their reports. Experiments are "
        "left out, and the file is not changed.",
    )
    checking.add_argument("notebook", type=Path, metavar="NOTEBOOK", help="a file *.ipynb")
    standing = commands.add_parser(
        "progress",
        help="show where you stand in the whole course",
        description="Run the visible checks of the notebooks that have changed since the last "
        "time, and show which exercises pass, the points so far, and what comes next.",
    )
    standing.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="FOLDER",
        help="where your notebooks are (default: lab, notebooks or this folder)",
    )
    for command in (checking, standing):
        command.add_argument(
            "--seconds",
            type=_seconds,
            default=SECONDS,
            metavar="N",
            help="time limit of one cell (default: %(default)g)",
        )
    args = parser.parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console without the sign ✓ shows a ?
    try:
        if args.command == "progress":
            return _progress(args.folder, args.seconds)
        notebook = read_notebook(args.notebook)
    except NotebookError as error:
        print(error, file=sys.stderr)
        return 2
    return _check(notebook, args.seconds)


def _check(notebook: Notebook, seconds: float) -> int:
    """Print the reports of a notebook and the summary."""
    console = Console(highlight=False, soft_wrap=True)
    beside = notebook.path.resolve().parent / "qlib"
    if any(path.exists() and path != Path(__file__).parent for path in (beside, _py(beside))):
        console.print(
            f"Note: there is a `qlib` beside the notebook, in {beside.parent}. Jupyter imports "
            "that one instead of the course's; rename it.",
            markup=False,
        )
    status: dict[str, str] = {}
    errors = 0
    for message in run_notebook(notebook, seconds):
        for line in message.text.splitlines():
            console.print(Text(line, style=_STYLES.get(line.strip()[:1], "")))
        if message.exercise:
            status[message.exercise] = message.status
        else:
            errors += message.status == "error"
    console.print()
    for sentence in _summary(notebook, status):
        console.print(sentence, markup=False)
    return 1 if errors or set(status.values()) - {"passed"} else 0


def _progress(folder: Path | None, seconds: float) -> int:
    """Check what has changed, print a line for each notebook and what comes next."""
    console = Console(highlight=False, soft_wrap=True)
    if folder is None:
        folder = next((path for path in (Path("lab"), Path("notebooks")) if path.is_dir()), Path())
    paths = notebooks_in(folder)
    known = load(folder)
    for name in EXERCISES:
        if name not in paths:
            known.pop(name, None)
            console.print(f"  {name:20} no notebook in {folder}", style="dim", markup=False)
            continue
        try:
            known[name] = _chapter(name, paths[name], known.get(name), seconds, console)
        except NotebookError as error:
            known.pop(name, None)
            console.print(f"! {name:20} {error}", style=_STYLES["!"], markup=False)
            continue
        chapter = known[name]
        sign, style = ("✓", "green") if chapter.done else ("·", "")
        console.print(f"{sign} {name:20} {chapter.line()}", style=style, markup=False)
    if not save(folder, known):
        console.print(f"Note: {folder} cannot be written to, so nothing is remembered.")
    chapters = [known[name] for name in EXERCISES if name in known]
    earned, total = (sum(getattr(c, what) for c in chapters) for what in ("earned", "total"))
    console.print(
        f"\n{earned:g} of {total:g} points by the visible checks; hidden ones look further."
    )
    console.print(what_next(chapters), markup=False)
    return 0 if len(chapters) == len(paths) and all(c.done for c in chapters) else 1


def _chapter(
    name: str, path: Path, known: Chapter | None, seconds: float, console: Console
) -> Chapter:
    """What the checks of a notebook say, now or when its cells were last as they are."""
    notebook = read_notebook(path)
    now = digest(notebook)
    if known is not None and known.digest == now:
        return Chapter(name, known.status, notebook.points, now, str(path))
    with console.status(f"{name}: running its checks") if console.is_terminal else nullcontext():
        said = {m.exercise: m.status for m in run_notebook(notebook, seconds) if m.exercise}
    status = {exercise: said.get(exercise, "") for exercise in EXERCISES[name]}
    return Chapter(name, status, notebook.points, now, str(path))


def _py(path: Path) -> Path:
    return path.with_suffix(".py")


def _summary(notebook: Notebook, status: dict[str, str]) -> list[str]:
    """The last lines: how many exercises pass, and what is known about points."""
    count = Counter(status.values())
    if not status:
        return ["This notebook has no exercises to check."]
    head = f"{count['passed']} of {len(status)} exercises pass their visible checks"
    total = sum(notebook.points.values())
    if total:
        passed = sum(notebook.points.get(name, 0) for name in status if status[name] == "passed")
        head += f", worth {passed:g} of {total:g} points"
    rest = [
        f"{count[key]} {word}"
        for key, word in (("not yet", "not yet"), ("to do", "to do"), ("error", "with an error"))
        if count[key]
    ]
    lines = [f"{head}{'; ' if rest else ''}{', '.join(rest)}."]
    if total:
        lines.append("Hidden checks decide the grade.")
    if notebook.by_hand:
        lines.append(f"Written answers ({notebook.by_hand:g} points) are read by a person.")
    return lines


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"a positive number of seconds is expected, not {text!r}")
    return value


if __name__ == "__main__":
    sys.exit(main())
