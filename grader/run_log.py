"""The log of one run: what was found as it was found, and in the end what to do, by student."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import qlib
from grader.collect import Submission, shown
from grader.outcome import Outcome, gist

FOLDER = "logs"
END = "End of the run."

# status -> what to do about it. A "graded" submission needs nobody.
ADVICE = {
    "tampered": "Nothing, usually: the originals of what was changed were used. What was changed "
    "is listed in outcomes/{assignment}/{id}.json under `ignored`.",
    "timeout": "Nothing, if the work is too slow. If your machine was busy, or the limit is too "
    "low: --student {student} --force, with --cell-seconds for more time.",
    "killed_memory": "Nothing, if the work needs too much memory. It is told to the student.",
    "crashed": "Nothing, usually. If it surprises you, run the notebook by hand: it stands in "
    "submitted/{id}/{assignment}/.",
    "unreadable": "Ask for the file again: what was handed in is not a notebook.",
    "wrong_assignment": "Ask for the right notebook: this one belongs to another assignment.",
    "missing": "Ask for the notebook: the folder is there, the file is not.",
    "grader_error": "Run the same command again. If it stays, report it with "
    "outcomes/{assignment}/{id}.json; nothing was recorded, an earlier grade stands.",
}


class RunLog:
    """Writes `OUT/logs/<date and time>.txt`, line by line; a context manager.

    Args:
        out: the output folder.
        command: the command line, for the reader.
        when: seconds since 1970.
    """

    def __init__(self, out: Path, command: Sequence[str], when: float | None = None):
        self._when = time.time() if when is None else when
        stamp = time.strftime("%Y-%m-%dT%H-%M-%S", time.gmtime(self._when))
        self.path = out / FOLDER / f"{stamp}.txt"
        self._command = " ".join(command)
        self._matters: list[tuple[str, str, str]] = []
        self._by_hand: list[str] = []
        self._notes: list[str] = []
        self._counts = {"examined": 0, "kept": 0}
        self._total = 0
        self._file: IO[str] | None = None
        self._ending = ""

    def __enter__(self) -> "RunLog":
        self.path.parent.mkdir(parents=True, exist_ok=True)
        while self.path.exists():
            self.path = self.path.with_stem(f"{self.path.stem}-")
        self._file = open(self.path, "w", encoding="utf-8", errors="replace")
        when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(self._when))
        self._say(f"{when}, grader {qlib.__version__}")
        self._say(f"Command: {self._command}")
        self._say(f'A log that does not close with "{END}" was cut off: run the command again.\n')
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            self._close(kind, error)
        except OSError:  # the disk is full; whoever raised the first error tells
            if kind is None:
                raise
        finally:
            self._file.close()

    def begin(self, total: int, kept: int) -> None:
        """How much there is to do."""
        self._total = total
        self._say(f"{total} to examine, {kept} unchanged since an earlier run.\n")

    def examined(self, outcome: Outcome, submission: Submission) -> None:
        """One submission was examined, and recorded if that is possible."""
        self._counts["examined"] += 1
        at = time.strftime("%H:%M:%S", time.gmtime())
        who = f"{shown(submission.student)}  {submission.assignment}"
        points = "" if outcome.status == "grader_error" else f"  {outcome.score:g} points"
        self._say(f"{at}  {who}  {outcome.status}{points}  ({outcome.seconds:.1f} s)")
        self._remember(outcome, submission)

    def kept(self, outcome: Outcome, submission: Submission) -> None:
        """One submission is unchanged; what was to be done about it still is."""
        self._counts["kept"] += 1
        self._remember(outcome, submission)

    def waiting(self, answers: Sequence[tuple[str, str, int]]) -> None:
        """What waits for a person: assignment, name of the answer, number of students."""
        for assignment, name, number in answers:
            self._by_hand.append(
                f"{assignment}, {name}: {number} to grade or to look at again, in formgrader."
            )

    def note(self, sentence: str) -> None:
        """Something to know that belongs to no single student."""
        self._notes.append(sentence)

    def _remember(self, outcome: Outcome, submission: Submission) -> None:
        advice = ADVICE.get(outcome.status)
        if advice is None:
            return
        told = gist(outcome.details) if outcome.status == "grader_error" else outcome.message
        student = shown(submission.student)
        names = {"student": student, "id": submission.id, "assignment": submission.assignment}
        lines = [
            f"{student}  {submission.assignment}: {outcome.status}",
            f"    what: {shown(told, 300)}",
            f"    do:   {advice.format(**names)}",
        ]
        self._matters.append((student, submission.assignment, "\n".join(lines)))

    def _close(self, kind: Any, error: Any) -> None:
        done = f"{self._counts['examined']} of {self._total} examined, {self._counts['kept']} kept."
        self._say(f"\n{done}")
        if kind is not None:
            self._say(f"The run stopped before its end: {error or kind.__name__}")
            self._say("    do:   Run the same command again. What is done is kept.")
        self._say("\nWhat to do, by student\n")
        self._say("\n".join(text for _, _, text in sorted(self._matters)) or "Nothing.")
        if self._by_hand:
            self._say("\nWhat to do by hand\n")
            self._say("\n".join(self._by_hand))
        if self._notes:
            self._say("\nGood to know\n")
            self._say("\n".join(self._notes))
        self._say(f"\n{END}")

    def _say(self, line: str) -> None:
        self._file.write(f"{line}\n")
        self._file.flush()
