"""The instructors' command line: `python -m grader COMMAND`."""

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Sequence

# Each of these modules adds its own commands.
COMMANDS = ("build", "release", "grade", "replay", "report", "export", "gradescope", "doctor")


def check_qlib() -> str:
    """Why `qlib` is not the course's, in a sentence; empty if it is.

    There is another package on PyPI that imports by this name.
    """
    try:
        import qlib
    except ImportError as error:
        if error.name and error.name != "qlib":
            return f"The package {error.name} is not installed. Run: pip install -e '.[grader]'"
        return "The course's package qlib is not installed. Run: pip install -e '.[grader]'"
    except Exception as error:
        return f"A package called qlib was found, and importing it failed: {error!r}"
    if not hasattr(qlib, "COURSE"):
        place = getattr(qlib, "__file__", None) or next(iter(qlib.__path__), "an unknown place")
        return (
            f"Another package called qlib was imported, from {place}. Uninstall it (pip uninstall "
            "pyqlib), rename it, or work in the course's own environment."
        )
    return ""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    complaint = check_qlib()
    if complaint:
        print(complaint, file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="python -m grader", description=__doc__)
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    try:
        for name in COMMANDS:
            importlib.import_module(f"grader.{name}").add_parser(subparsers)
        args = parser.parse_args(argv)
        return args.run(args)
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in ("grader", "qlib"):
            raise
        print(
            f"The package {error.name} is not installed. Run: pip install -e '.[grader]'",
            file=sys.stderr,
        )
        return 2


if __name__ == "__main__":
    sys.exit(main())
