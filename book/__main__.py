"""`python -m book`: build the reader's site into out/book. See `python -m book --help`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from grader.build import ROOT


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the site was built."""
    parser = argparse.ArgumentParser(
        prog="python -m book",
        description="Build the reader's site from the text sources. Chapters are run once and "
        "their outputs remembered until their code, qlib or a package changes.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="chapter; all by default")
    parser.add_argument("--out", type=Path, default=ROOT / "out/book", help="the site's folder")
    parser.add_argument(
        "--work", type=Path, help="memory between builds; by default `book-work` beside OUT"
    )
    parser.add_argument("--jobs", type=int, default=2, help="chapters run at once (default 2)")
    parser.add_argument("--lax", action="store_true", help="show the book in spite of warnings")
    args = parser.parse_args(arguments)
    try:
        import myst_nb  # noqa: F401
        import sphinx  # noqa: F401
    except ImportError as error:
        print(
            f"{error.name} is not installed. Get the book's part: pip install -e '.[grader,book]'.",
            file=sys.stderr,
        )
        return 2
    from book.build import BookError, build
    from book.execute import ExecutionError
    from grader.source import BuildError

    out = args.out.resolve()
    work = (args.work or out.parent / "book-work").resolve()
    try:
        spent = build(out, work, args.names or None, args.jobs, strict=not args.lax)
    except (BookError, BuildError, ExecutionError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    for part, seconds in spent.items():
        print(f"{part:20s} {seconds:6.1f} s")
    print(f"Open {out / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
