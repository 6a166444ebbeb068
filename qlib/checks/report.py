"""What a check run found, as data, as plain text and as HTML."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qlib.checks.exercise import Check

# status -> (sign, word). Sign and word, never colour alone.
WORDS = {
    "passed": ("✓", "Passed"),
    "not yet": ("✗", "Not yet"),
    "to do": ("○", "To do"),
    "error": ("!", "Error"),
    "not run": ("–", "Not run"),
}
_COLOURS = {
    "passed": "#009E73",
    "not yet": "#D55E00",
    "to do": "#0072B2",
    "error": "#CC79A7",
    "not run": "#888888",
}


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    Attributes:
        title: the property.
        status: a key of `WORDS`.
        points: earned.
        max_points: worth.
        symptom: what was seen.
        cause: the probable mistake, or empty.
        expected: short text, or empty.
        given: short text, or empty.
        where: lines of the answer in which an error happened.
        hint: where to look.
    """

    title: str
    status: str
    points: float
    max_points: float
    symptom: str = ""
    cause: str = ""
    expected: str = ""
    given: str = ""
    where: tuple[str, ...] = ()
    hint: str = ""

    @classmethod
    def of(cls, check: Check, status: str, **found: object) -> CheckResult:
        """The result of `check` with this status."""
        passed = status == "passed"
        return cls(
            check.title,
            status,
            check.points if passed else 0.0,
            check.points,
            hint="" if passed else check.hint,
            **found,
        )

    @property
    def passed(self) -> bool:
        """Whether the property holds."""
        return self.status == "passed"

    @property
    def message(self) -> str:
        """Symptom and cause in one line; empty when passed."""
        return " ".join(part for part in (self.symptom, self.cause) if part)

    def shortened(self, symptom: str) -> CheckResult:
        """The same result with one sentence in place of all details."""
        return replace(self, symptom=symptom, cause="", where=(), hint="")


@dataclass(frozen=True)
class Report:
    """What all checks of one exercise found. Shows itself in a notebook.

    Attributes:
        id: `<assignment>/<function name>`.
        results: one a check.
        seed: the seed from which every check can be replayed.
    """

    id: str
    results: tuple[CheckResult, ...]
    seed: int = 0

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.id.split("/")[1]

    @property
    def points(self) -> float:
        """Points earned, rounded so that sums of decimals print well."""
        return round(sum(result.points for result in self.results), 6)

    @property
    def max_points(self) -> float:
        """Points to be earned."""
        return round(sum(result.max_points for result in self.results), 6)

    @property
    def status(self) -> str:
        """`passed`, or the first thing that is in the way."""
        for status in ("to do", "error", "not yet"):
            if any(result.status == status for result in self.results):
                return status
        return "passed"

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return self.status == "passed"

    def summary(self) -> str:
        """One line."""
        sign, word = WORDS[self.status]
        parts = [f"{sign} {self.name}: {word}"]
        if self.max_points:
            parts.append(f"{self.points:g} of {self.max_points:g} points")
        elif self.status == "not yet":
            n = sum(result.passed for result in self.results)
            parts.append(f"{n} of {len(self.results)} checks")
        return ", ".join(parts)

    def text(self, width: int = 88) -> str:
        """The report as plain text."""
        lines = [self.summary()]
        if self.status == "to do":
            return "\n".join([*lines, f"    Write `{self.name}` above, then run this check again."])
        for result in self.results:
            sign, word = WORDS[result.status]
            worth = f" ({result.points:g}/{result.max_points:g})" if result.max_points else ""
            lines.append(f"  {sign} {word}: {result.title}{worth}")
            details = [result.symptom, result.cause, *result.where]
            details += [f"expected: {result.expected}"] if result.expected else []
            details += [f"given:    {result.given}"] if result.given else []
            details += (
                [f"hint: {result.hint}"] if result.hint and result.status != "not run" else []
            )
            for detail in details:
                for line in detail.splitlines():
                    lines += textwrap.wrap(
                        line, width, initial_indent="      ", subsequent_indent="        "
                    )
        return "\n".join(lines)

    def html(self) -> str:
        """The report as HTML; every text in it is escaped."""
        rows = [] if self.status == "to do" else [_row(result) for result in self.results]
        if self.status == "to do":
            name = html.escape(self.name)
            rows = [
                f'<div style="margin:.2em 0 .2em 1.4em">Write <code>{name}</code> above, '
                "then run this check again.</div>"
            ]
        colour = _COLOURS[self.status]
        return (
            f'<div role="status" style="border-left:4px solid {colour};padding:.3em .8em;'
            f'margin:.3em 0;max-width:56em">'
            f"<div><strong>{html.escape(self.summary())}</strong></div>{''.join(rows)}</div>"
        )

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}

    def __repr__(self) -> str:
        return self.text()


def _row(result: CheckResult) -> str:
    sign, word = WORDS[result.status]
    worth = f" ({result.points:g}/{result.max_points:g})" if result.max_points else ""
    head = (
        f'<span style="color:{_COLOURS[result.status]};font-weight:bold">{sign}</span> '
        f"<strong>{word}:</strong> {html.escape(result.title)}{worth}"
    )
    parts = []
    if result.symptom or result.cause:
        text = html.escape(result.symptom)
        if result.cause:
            text += f" <em>{html.escape(result.cause)}</em>"
        parts.append(f"<div>{text}</div>")
    if result.where:
        parts.append(_pre("\n".join(result.where)))
    if result.expected or result.given:
        lines = [f"expected  {result.expected}"] if result.expected else []
        lines += [f"given     {result.given}"] if result.given else []
        parts.append(_pre("\n".join(lines)))
    if result.hint and result.status not in ("passed", "not run"):
        parts.append(
            f"<details><summary>Hint</summary><div>{html.escape(result.hint)}</div></details>"
        )
    body = f'<div style="margin:.1em 0 .4em 1.4em">{"".join(parts)}</div>' if parts else ""
    return f'<div style="margin:.2em 0">{head}{body}</div>'


def _pre(text: str) -> str:
    return (
        '<pre style="margin:.3em 0;padding:.3em .6em;white-space:pre-wrap;'
        f'background:rgba(128,128,128,.12)">{html.escape(text)}</pre>'
    )
