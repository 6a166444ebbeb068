"""How far a run is, how fast it goes and how long it will take: a bar, or a line now and then."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from grader.console import LOOKS

EVERY = 30.0  # seconds between two lines at most, where there is no terminal


class Steps(Protocol):
    """Somebody to tell that a submission is done."""

    def __call__(self, status: str) -> None:
        """One more submission is examined and recorded."""


def pace(done: int, total: int, seconds: float) -> str:
    """Rate and time left, in words; empty before anything can be said.

    Args:
        done: submissions so far.
        total: all of them.
        seconds: since the start.
    """
    if done == 0 or seconds <= 0:
        return ""
    rate = done / seconds
    words = f"{rate:.1f} a second" if rate >= 1 else f"{60 * rate:.1f} a minute"
    return words if done >= total else f"{words}, {duration((total - done) / rate)} left"


def duration(seconds: float) -> str:
    """A time that a person can use: seconds below two minutes, then minutes, then hours."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


@contextmanager
def progress(console: Console, total: int, *, quiet: bool = False) -> Iterator[Steps]:
    """A progress bar, or a line now and then where there is no terminal.

    Args:
        console: for both.
        total: how many submissions there are to examine.
        quiet: show nothing.
    """
    if quiet or not total:
        yield lambda status: None
    elif console.is_terminal:
        with _bar(console, total) as step:
            yield step
    else:
        yield _lines(console, total)


def _words(counts: Counter[str]) -> str:
    return ", ".join(f"{n} {LOOKS[status][1]}" for status, n in sorted(counts.items()))


def _lines(console: Console, total: int) -> Steps:
    counts: Counter[str] = Counter()
    began = said = time.monotonic()
    every = max(5, total // 10)

    def line(status: str) -> None:
        nonlocal said
        counts[status] += 1
        now, done = time.monotonic(), counts.total()
        if done % every == 0 or done == total or now - said > EVERY:
            said = now
            console.print(
                f"{done} of {total} examined in {duration(now - began)} ({_words(counts)}); "
                f"{pace(done, total, now - began)}",
                soft_wrap=True,
            )

    return line


@contextmanager
def _bar(console: Console, total: int) -> Iterator[Steps]:
    counts: Counter[str] = Counter()
    bar = Progress(
        SpinnerColumn(),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[pace]}"),
        TextColumn("{task.fields[words]}", style="dim"),
        console=console,
        transient=True,
    )
    began = time.monotonic()
    with bar:
        task = bar.add_task("grade", total=total, words="starting", pace="")

        def advance(status: str) -> None:
            counts[status] += 1
            speed = pace(counts.total(), total, time.monotonic() - began)
            bar.update(task, advance=1, words=_words(counts), pace=speed)

        yield advance
