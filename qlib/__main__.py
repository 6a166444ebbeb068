"""The students' command line: `python -m qlib check NOTEBOOK`."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from qlib.notebook import Notebook, NotebookError, read_notebook
from qlib.runner import SECONDS, run_notebook

_STYLES = {"✓": "green", "✗": "red", "○": "blue", "!": "magenta"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        0 if every exercise passes its visible checks, 1 if one does not, 2 for wrong usage.
    """
    parser = argparse.ArgumentParser(prog="python -m qlib", description=__doc__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    checking = commands.add_parser(
        "check",
        help="run the visible checks of a notebook",
        description="Run the visible checks of a notebook and print their reports. Experiments are "
        "left out, and the file is not changed.",
    )
    checking.add_argument("notebook", type=Path, metavar="NOTEBOOK", help="a file *.ipynb")
    checking.add_argument(
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
