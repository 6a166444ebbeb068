"""Proofs to put in order: blocks with letters, a reason for every line, how far an order holds.

An answer is a list of `(letter, reason)` pairs, one for each line of the proof from top to bottom.
In JupyterLab it is a list in a code cell: Alt+Up and Alt+Down move its lines, reasons are typed by
name, so it needs no extension, is saved with the notebook, and is plain source for the grader.
`show_blocks` shows the blocks with their formulas, and an order as it reads.

An order is judged as a directed acyclic graph: each true line needs some others before it, and
every order that respects this is right. Which line needs which, which lines are false, and which
reasons fit is not here; it stands with the hidden checks. The letters were dealt at random, once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qlib.checks.compare import show
from qlib.checks.failure import Failed

REASONS: dict[str, str] = {
    "definition": "what a symbol stands for, written out",
    "split the sum": "a sum is its first term and the rest",
    "linearity": "the expectation of a sum is the sum of the expectations",
    "tower rule": "an expectation is an average over conditional expectations",
    "Markov": "given the present, the past does not change the future",
    "stationarity": "the same rules hold at every time step",
    "substitution": "earlier lines, put together",
    "sup inequality": "two maxima differ at most as much as the functions do somewhere",
    "average <= max": "an average is at most the maximum",
    "monotonicity": "a larger table has a larger backup",
    "contraction": "one backup shrinks every distance by the factor gamma",
    "geometric series": "1 + gamma + gamma^2 + ... = 1 / (1 - gamma)",
    "greedy": "a greedy policy picks an action that attains the maximum",
}
"""Name of a reason -> what it says."""


@dataclass(frozen=True)
class Proof:
    """A proof in pieces, as students see it.

    Attributes:
        name: the function that returns the order.
        claim: what is proved, Markdown.
        given: what may be used from the start, Markdown.
        blocks: letter -> line, Markdown; the letters A, B, C, ... in this order.
        reasons: names that can be given, keys of `REASONS`.
        starts: letters of the lines that use no other line.
    """

    name: str
    claim: str
    given: str
    blocks: Mapping[str, str]
    reasons: tuple[str, ...]
    starts: frozenset[str]


_SORTED = "The expectation that is left, sorted by the next state and the next action, is "
_NEXT = r"\sum_{s'} P(s' \mid s, a) \sum_{a'} \pi(a' \mid s')\,"
_PAST = r"s_0=s, a_0=a, s_1=s', a_1=a'"

PEEL = Proof(
    name="order_peel",
    claim=rf"$Q^\pi(s, a) = R(s, a) + \gamma {_NEXT} Q^\pi(s', a')$",
    given=r"Actions are drawn from $\pi$, next states from $P$, and "
    r"$\mathbb{E}[r_0 \mid s_0=s, a_0=a] = R(s, a)$.",
    blocks={
        "A": rf"{_SORTED}$\sum_{{s'}} P(s' \mid s, a) \sum_{{a'}} \pi(a' \mid s)\, "
        rf"\mathbb{{E}}[G_1 \mid {_PAST}]$.",
        "B": r"For all $s', a'$: $\mathbb{E}[G_1 \mid s_1=s', a_1=a'] = Q^\pi(s', a')$.",
        "C": r"$Q^\pi(s, a) = \mathbb{E}[G_0 \mid s_0=s, a_0=a]$, where "
        r"$G_0 = \sum_{k\ge0} \gamma^k r_k$.",
        "D": r"So $Q^\pi(s, a) = R(s, a) + \gamma\, \mathbb{E}[G_1 \mid s_0=s, a_0=a]$.",
        "E": rf"{_SORTED}${_NEXT} \mathbb{{E}}[G_1 \mid {_PAST}]$.",
        "F": rf"For all $s', a'$: $\mathbb{{E}}[G_1 \mid {_PAST}] = Q^\pi(s', a')$, even in a "
        "process whose future depends on its past.",
        "G": r"So $Q^\pi(s, a) = \gamma R(s, a) + \gamma\, \mathbb{E}[G_1 \mid s_0=s, a_0=a]$.",
        "H": rf"Therefore $Q^\pi(s, a) = R(s, a) + \gamma {_NEXT} Q^\pi(s', a')$.",
        "I": r"$G_0 = r_0 + \gamma G_1$, where $G_1 = \sum_{k\ge0} \gamma^k r_{k+1}$.",
        "J": rf"For all $s', a'$: $\mathbb{{E}}[G_1 \mid {_PAST}] = "
        r"\mathbb{E}[G_1 \mid s_1=s', a_1=a']$.",
    },
    reasons=(
        "definition",
        "split the sum",
        "linearity",
        "tower rule",
        "Markov",
        "stationarity",
        "substitution",
        "average <= max",
        "geometric series",
    ),
    starts=frozenset("C"),
)

OPTIMALITY = Proof(
    name="order_optimality",
    claim=r"$\mathcal T^*$ has exactly one fixed point. It is $Q^*$, and a policy that is greedy "
    r"with respect to it is optimal from every state.",
    given=r"$0 \le \gamma < 1$, $Q^*(s,a) = \sup_\pi Q^\pi(s,a)$, "
    r"$\lVert Q \rVert = \max_{s,a} |Q(s,a)|$, $Q_{k+1} = \mathcal T^* Q_k$ from any $Q_0$. "
    r"Inequalities between tables hold in every entry.",
    blocks={
        "A": r"So no policy exceeds $Q_\infty$ anywhere, and $\pi_g$ attains it everywhere: "
        r"$Q^* = Q_\infty = Q^{\pi_g}$.",
        "B": r"If also $\mathcal T^* Q = Q$, then $\lVert Q - Q_\infty \rVert \le \gamma \lVert "
        r"Q - Q_\infty \rVert$, so $Q = Q_\infty$. The limit is the same from every start.",
        "C": r"$\lVert \mathcal T^* Q_\infty - Q_{k+1} \rVert \le \gamma \lVert Q_\infty - Q_k "
        r"\rVert \to 0$, so $\mathcal T^* Q_\infty = Q_\infty$.",
        "D": r"So $\lVert Q_{k+m} - Q_k \rVert \le \frac{\gamma^k}{1-\gamma} \lVert Q_1 - Q_0 "
        r"\rVert$ for every $m$: the sequence is Cauchy and has a limit $Q_\infty$.",
        "E": r"Let $\pi_g$ be greedy for $Q_\infty$. Then $\mathcal T^{\pi_g} Q_\infty = "
        r"\mathcal T^* Q_\infty = Q_\infty$, so $Q_\infty = Q^{\pi_g}$ "
        r"($\mathcal T^{\pi_g}$ has one fixed point only, $Q^{\pi_g}$).",
        "F": r"For every policy $\pi$: $Q^\pi = \mathcal T^\pi Q^\pi \le \mathcal T^* Q^\pi$.",
        "G": r"$\lVert Q_{k+1} - Q_k \rVert \to 0$, and a sequence whose steps tend to 0 has a "
        r"limit $Q_\infty$.",
        "H": r"A policy that collects the most from $s_0$ takes a greedy action in every state, so "
        r"$Q^* = Q_\infty = Q^{\pi_g}$.",
        "I": r"Let $\pi_g$ be greedy for $Q_\infty$. Then $\mathcal T^{\pi_g} Q = \mathcal T^* Q$ "
        r"for every table $Q$, so $Q_\infty = Q^{\pi_g}$.",
        "J": r"$\lVert \mathcal T^* Q - \mathcal T^* Q' \rVert \le \gamma \lVert Q - Q' \rVert$: "
        r"each entry of the left side is $\gamma$ times an average of differences of maxima.",
        "K": r"$|\max_a f(a) - \max_a g(a)| \le \max_a |f(a) - g(a)|$ for all $f, g$.",
        "L": r"So $\lVert Q_{k+1} - Q_k \rVert \le \gamma^k \lVert Q_1 - Q_0 \rVert$.",
        "M": r"So $Q^\pi \le \mathcal T^* Q^\pi \le (\mathcal T^*)^2 Q^\pi \le \dots \to Q_\infty$ "
        r"for every policy $\pi$.",
        "N": r"$\lVert \mathcal T^* Q - \mathcal T^* Q' \rVert_2 \le \gamma \lVert Q - Q' "
        r"\rVert_2$, with the square root of the sum of squares in place of the maximum.",
    },
    reasons=(
        "definition",
        "linearity",
        "tower rule",
        "Markov",
        "sup inequality",
        "average <= max",
        "monotonicity",
        "contraction",
        "geometric series",
        "greedy",
    ),
    starts=frozenset("FK"),
)

PROOFS = {proof.name: proof for proof in (PEEL, OPTIMALITY)}


def valid_prefix(letters: Sequence[str], needs: Mapping[str, Iterable[str]]) -> int:
    """How many lines hold, from the top: the longest prefix in which every line may stand.

    A line may stand where it is if it is true (a key of `needs`), new, and everything it needs
    stands above it.

    Args:
        letters: an order of blocks.
        needs: true block -> the blocks that must come before it.
    """
    above: set[str] = set()
    for count, letter in enumerate(letters):
        if letter in above or letter not in needs or not above.issuperset(needs[letter]):
            return count
        above.add(letter)
    return len(letters)


def orders(needs: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """All right orders: the linear extensions of the graph.

    Args:
        needs: true block -> the blocks that must come before it.
    """
    if not needs:
        yield ()
        return
    for first in needs:
        if any(letter in needs for letter in needs[first]):
            continue
        rest = {letter: before for letter, before in needs.items() if letter != first}
        for order in orders(rest):
            yield (first, *order)


def lines_of(value: Any, proof: Proof) -> list[tuple[str, str]]:
    """An answer as `(letter, reason)` pairs in their plain form.

    Small letters, spaces around, and a pair written as a list are fine. A reason may be empty.

    Args:
        value: what the answer returned.
        proof: whose blocks and reasons are known.

    Raises:
        Failed: naming the first line that is no such pair, is not known, or stands there twice.
    """
    if value is None:
        raise Failed(
            "The result is None.", "Is there a `return`?", expected="a list of lines", stops=True
        )
    if not isinstance(value, list | tuple) or not value:
        raise Failed(
            "The result is not a list of lines.",
            expected='[("A", "a reason"), ...]',
            given=show(value),
            stops=True,
        )
    lines: list[tuple[str, str]] = []
    for number, line in enumerate(value, start=1):
        pair = (
            isinstance(line, list | tuple)
            and len(line) == 2
            and all(isinstance(part, str) for part in line)
        )
        if not pair:
            raise Failed(
                f"Line {number} is not a pair of a letter and a reason.",
                expected='("A", "a reason")',
                given=show(line),
                stops=True,
            )
        letter, reason = line[0].strip().upper(), " ".join(line[1].split())
        if letter not in proof.blocks:
            raise Failed(
                f"Line {number}: there is no block {show(line[0], 20)}.",
                expected=f"a letter from {min(proof.blocks)} to {max(proof.blocks)}",
                stops=True,
            )
        if letter in (seen for seen, _ in lines):
            raise Failed(
                f"Line {number}: block {letter} stands in the proof twice.",
                "Every block is used at most once.",
                stops=True,
            )
        known = {name.casefold(): name for name in proof.reasons} | {"": ""}
        if reason.casefold() not in known:
            raise Failed(
                f"Line {number}: the reason {show(reason, 40)} is not in the list.",
                expected="one of: " + ", ".join(proof.reasons),
                stops=True,
            )
        lines.append((letter, known[reason.casefold()]))
    return lines


class Sheet:
    """Text with formulas that shows itself in a notebook.

    Attributes:
        text: Markdown.
    """

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/markdown": self.text, "text/plain": self.text}


def show_blocks(name: str, lines: Any = None) -> Sheet:
    """The claim, the blocks and the reasons of a proof; with `lines`, that order as it reads.

    Nothing is judged here but the form: letters, reasons, and whether a proof can begin like this.

    Args:
        name: the exercise, `"order_peel"` or `"order_optimality"`.
        lines: what the exercise's function returned, or None.

    Returns:
        A sheet to end a cell with.

    Raises:
        KeyError: if there is no such proof.
    """
    proof = PROOFS[name]
    if lines is not None:
        return Sheet(_as_it_reads(proof, lines))
    parts = [f"**Claim.** {proof.claim}", f"**Given.** {proof.given}", "**Blocks.**"]
    parts.append("\n".join(f"- **{letter}**   {text}" for letter, text in proof.blocks.items()))
    reasons = "\n".join(f"- `{reason}`: {REASONS[reason]}" for reason in proof.reasons)
    return Sheet("\n\n".join([*parts, "**Reasons.**", reasons]))


def _as_it_reads(proof: Proof, value: Any) -> str:
    try:
        lines = lines_of(value, proof)
    except Failed as found:
        return " ".join(part for part in (found.symptom, found.cause) if part)
    read = [
        f"{number}. **{letter}**   {proof.blocks[letter]}   ({f'`{reason}`' if reason else '—'})"
        for number, (letter, reason) in enumerate(lines, start=1)
    ]
    can = "can begin with" if lines[0][0] in proof.starts else "cannot begin with"
    left = [letter for letter in proof.blocks if letter not in dict(lines)]
    unused = f"Not used: {', '.join(left)}." if left else "Every block is used."
    end = f"A proof {can} line 1. {unused}"
    return "\n\n".join([f"**Claim.** {proof.claim}", "\n".join(read), end])
