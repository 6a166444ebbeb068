"""Write what was measured as tables: `python -m tests.trust.table`.

`tests/trust/results.md` has all of it; the short table in the guide's page `book/pages/trust.md`
is made from the same figures.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.trust import diagnosis
from tests.trust.course import ASSIGNMENTS, ROOT
from tests.trust.kept import RESULTS
from tests.trust.mutants import EQUIVALENT, VERDICTS, equivalents, score

PAGE = Path(__file__).parent / "results.md"
SURVIVORS = Path(__file__).parent / "survivors.md"
GUIDE = ROOT / "book/pages/trust.md"
BEGIN, END = "<!-- measured: python -m tests.trust.table -->\n", "<!-- end -->"
FALSE_ALARMS = Path(__file__).parent / "false_alarms.json"


def result(kind: str, assignment: str) -> Any:
    """What a tool has measured of an assignment, None if nothing yet."""
    path = RESULTS / f"{kind}-{assignment}.json"
    return json.loads(path.read_text()) if path.exists() else None


def false_alarms() -> dict[str, list[dict[str, Any]]]:
    """Assignment -> checks that chance can fail: exercise, bound, how it is calculated."""
    return json.loads(FALSE_ALARMS.read_text())


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|" + "---|" * (lines[0].count("|") - 1))
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def totals(assignment: str) -> Counter:
    """Verdict -> mutants."""
    return sum(map(Counter, result("mutants", assignment)["exercises"].values()), Counter())


def fairness(assignment: str) -> dict[str, int]:
    """Gradings of right answers, and how many lost points."""
    rows = result("fairness", assignment).values()
    return {
        "reference": min(row["reference"]["runs"] for row in rows),
        "alternatives": sum(row["alternatives"] for row in rows),
        "fewest": min(row["alternatives"] for row in rows),
        "runs": sum(row["runs"] for row in rows),
        "lost": sum(len(row["lost"]) for row in rows),
    }


def verdicts(assignment: str, reader: str) -> Counter:
    """Verdict of a reader on a message -> recorded mistakes."""
    return Counter(row[reader] for row in diagnosis.read(assignment))


def agreed(assignment: str) -> int:
    """Recorded mistakes of which both readers say that the message names the cause."""
    rows = diagnosis.read(assignment)
    return sum(all(row[reader] == "cause" for reader in diagnosis.READERS) for row in rows)


def misled(assignment: str) -> int:
    """Recorded mistakes of which a reader says that the message names a wrong cause."""
    rows = diagnosis.read(assignment)
    return sum(any(row[reader] == "wrong" for reader in diagnosis.READERS) for row in rows)


def alarm(assignment: str) -> float:
    """The bound on the probability that chance fails a right answer somewhere in a notebook."""
    return sum(row["bound"] for row in false_alarms()[assignment])


def _short() -> str:
    rows = []
    for name in ASSIGNMENTS:
        counts, fair = totals(name), fairness(name)
        pairs = result("pairs", name)
        mistakes = counts["killed"] + counts["survivor"] + counts["sometimes"]
        rows.append(
            (
                f"`{name}`",
                f"{counts['killed']} of {mistakes}",
                f"{sum(pairs['exercises'].values()) - pairs['listed']} / {len(pairs['left'])}",
                f"{agreed(name)} of {len(diagnosis.read(name))} / {misled(name)}",
                f"{fair['reference']:,} / {fair['runs']:,} / {fair['lost']}",
                f"{alarm(name):.1g}",
            )
        )
    head = (
        "notebook",
        "small mistakes that lose points",
        "pairs of mistakes / that earn more than one of them",
        "recorded mistakes whose first message names the cause, say both readers / a wrong cause, "
        "says one",
        "gradings of the reference / of other right answers / that lost points",
        "false alarms by calculation, at most",
    )
    return table(head, rows)


def _mutants() -> str:
    rows, operators = [], {}
    for name in ASSIGNMENTS:
        content = result("mutants", name)
        counts = totals(name)
        rows.append((f"`{name}`", *(counts[v] for v in VERDICTS), f"{score(counts):.3f}"))
        for operator, found in content["operators"].items():
            operators.setdefault(operator, Counter()).update(found)
    text = table(("notebook", *VERDICTS, "score"), rows)
    text += "\nThe same by kind of mistake, all notebooks:\n\n"
    by_kind = sorted(operators.items())
    rows = [(name, *(c[v] for v in VERDICTS), f"{score(c):.3f}") for name, c in by_kind]
    return text + table(("mistake", *VERDICTS, "score"), rows)


def _fairness() -> str:
    rows = []
    for name in ASSIGNMENTS:
        for exercise, row in result("fairness", name).items():
            rows.append(
                (
                    f"`{exercise}`",
                    row["reference"]["runs"],
                    row["alternatives"],
                    row["runs"],
                    len(row["lost"]),
                )
            )
    head = ("exercise", "reference: seeds", "other answers", "their gradings", "lost points")
    return table(head, rows)


def _alarms() -> str:
    rows = []
    for name, checks in false_alarms().items():
        for row in checks:
            rows.append((f"`{name}`", row["check"], f"{row['bound']:.1g}", row["how"]))
    return table(("notebook", "check", "at most", "why"), rows)


def _diagnosis() -> str:
    rows = []
    for name in ASSIGNMENTS:
        counts = [verdicts(name, reader) for reader in diagnosis.READERS]
        total, both = counts[0].total(), agreed(name)
        said = [", ".join(str(c[v]) for v in diagnosis.VERDICTS) for c in counts]
        rows.append((f"`{name}`", total, *said, both, f"{both / total:.1%}"))
    head = "cause, symptom, wrong: "
    readers = (f"{head}first reader", f"{head}second reader")
    return table(("notebook", "mistakes", *readers, "cause, say both", "share"), rows)


def _pairs() -> str:
    rows = []
    for name in ASSIGNMENTS:
        content = result("pairs", name)
        total = sum(content["exercises"].values())
        rows.append((f"`{name}`", total, content["listed"], len(content["left"])))
    return table(
        ("notebook", "pairs", "listed: no two mistakes", "earn more than one of them"), rows
    )


def _versions() -> str:
    content = json.loads((RESULTS / "versions.json").read_text())
    names = list(content)
    packages = content[names[0]]["packages"]
    text = table(
        ("package", *names),
        [("Python", *(content[n]["python"] for n in names))]
        + [(p, *(content[n]["packages"][p] for n in names)) for p in packages],
    )
    rows = []
    for title in content[names[0]]["results"]:
        found = [content[n]["results"][title] for n in names]
        rows.append((title, *(_said(one) for one in found)))
    return text + "\n" + table(("what ran", *names), rows)


def _machines() -> str:
    rows = []
    for name in ASSIGNMENTS:
        content = result("machines", name)
        differs = [what for what, it in content["arithmetic differs"].items() if it]
        counts = content["answers"], content["checks"], len(content["verdict differs"])
        rows.append((f"`{name}`", *counts, ", ".join(differs) or "none"))
    head = ("notebook", "answers", "verdicts", "that differ", "arithmetic that differs")
    return table(head, rows)


def _said(one: dict[str, Any]) -> str:
    counts = ", ".join(f"{n} {what}" for what, n in one.items() if not isinstance(n, bool))
    return f"{'passed' if one['passed'] else '**failed**'}{': ' + counts if counts else ''}"


def page() -> str:
    """The whole page."""
    return f"""# How far a grade can be trusted: what was measured

Made by `python -m tests.trust.table` from `tests/trust/results/`. The tools, each with its command,
are described in `tests/trust/__init__.py`. They grade with the hidden checks, in forked processes
without the sandbox.

## Small mistakes in the reference answers

`python -m tests.trust.mutants`. *killed*: it loses points, with two seeds. *raises*, *stopped*: it
ends by an exception, or takes ten times as long; any test would see that, so it is not counted in
the score. *equivalent*: no mistake; `survivors.md` says why for each. *sometimes*: with one seed of
two. *survivor*: it keeps all points. The score is killed ÷ (killed + sometimes + survivor).

{_mutants()}
## Two mistakes at once

`python -m tests.trust.pairs`. Pairs drawn from the mutants that lose points, graded each and both
with the same seed.

{_pairs()}
## Do messages name the cause?

`python -m tests.trust.diagnosis`; mistakes, messages, verdicts stand in `tests/trust/diagnosis/`.
Both readers judged from the code of each answer. The first had improved messages before; the second
had written none and did not see the first one's verdicts. *symptom*: true, but leaves the student
searching.

{_diagnosis()}
## Right answers, many seeds

`python -m tests.trust.fairness`. Every alternative is to see 50 seeds, the reference 2,000 in a
tabular notebook and 200 in a deep one; where fewer stand here, a run goes on from there.

{_fairness()}
Checks that chance can fail, and how often at most:

{_alarms()}
## Oldest and newest packages

`python -m tests.trust.versions`.

{_versions()}
## Another processor

`python -m tests.trust.machines`. References and recorded answers, each graded with the same seed as
the libraries calculate here, and without all that newer x86-64 processors have added in NumPy,
OpenBLAS, torch and MKL (of answers that train: the right ones).

{_machines()}"""


def survivors() -> str:
    """Every mutant that keeps all points because it is no mistake, with the reason."""
    text = [
        "# Mutants that are no mistakes\n\nMade by `python -m tests.trust.table` from "
        "`tests/trust/equivalent/`. What was, what stands there instead, and why it is still a "
        "right answer.\n"
    ]
    for name in ASSIGNMENTS:
        text.append(f"## {name}\n")
        for exercise, found in equivalents(name).items():
            text.append(f"**`{exercise.split('/')[1]}`**\n")
            for mutant, why in found.items():
                was, _, now = mutant.partition(" → ")
                text.append(f"- `{was or '(nothing)'}`\n  → `{now or '(nothing)'}`: {why}")
            text.append("")
        path = EQUIVALENT / f"{name}.json"
        pairs = json.loads(path.read_text()).get("pairs", {}) if path.exists() else {}
        if pairs:
            text.append(
                "Pairs that are no two mistakes: they cancel, or one takes away what the other "
                "was about.\n"
            )
        for exercise, rows in pairs.items():
            for row in rows:
                both = "\n  and ".join(f"`{m}`" for m in row["mutants"])
                text.append(f"- {exercise.split('/')[1]}: {both}: {row['why']}")
        text.append("")
    return "\n".join(text).replace("\n\n\n", "\n\n").rstrip() + "\n"


def guide() -> str:
    """The guide's page with the present figures."""
    text = GUIDE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    return head + BEGIN + "\n" + _short() + "\n" + END + rest.partition(END)[2]


def main() -> int:
    """Command line."""
    PAGE.write_text(page(), encoding="utf-8")
    SURVIVORS.write_text(survivors(), encoding="utf-8")
    GUIDE.write_text(guide(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
