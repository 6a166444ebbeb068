"""Answers that are suspiciously alike, by winnowing: a prompt to look, never a verdict.

Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003.
An answer's tokens, names replaced by one letter, are cut into runs of `K`; of every `WINDOW`
neighbouring runs the one with the smallest hash is kept. What the release, the model solution or
many students share is common code and does not count. What is left is rare; two notebooks that
share much of it are worth a look.
"""

import builtins
import io
import keyword
import math
import tokenize
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

K = 10
WINDOW = 4
COMMON = 0.04  # shared by a larger part of the class: an idiom
LEAST = 10  # rare fingerprints in common, below which nothing is said
SHARE = 0.5  # of the smaller notebook's rare fingerprints
_NOISE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER,
    tokenize.STRING, tokenize.INDENT, tokenize.DEDENT,
}  # fmt: skip
_WORDS = {*keyword.kwlist, *dir(builtins)}
MAX_SOURCE = 30_000


@dataclass(frozen=True)
class Pair:
    """Two students whose answers share rare code.

    Attributes:
        students: both ids.
        share: part of the smaller one's rare fingerprints that both have, in [0, 1].
        common: how many.
        exercises: where, most first.
    """

    students: tuple[str, str]
    share: float
    common: int
    exercises: tuple[str, ...]


def fingerprints(source: str) -> frozenset[int]:
    """The fingerprints of one answer; none if it is not Python."""
    tokens = _tokens(source[:MAX_SOURCE])
    hashes = [zlib.crc32(" ".join(tokens[i : i + K]).encode()) for i in range(len(tokens) - K + 1)]
    windows = (hashes[i : i + WINDOW] for i in range(max(1, len(hashes) - WINDOW + 1)))
    return frozenset(min(window) for window in windows if window)


def _tokens(source: str) -> list[str]:
    """Tokens without comments, strings and layout; a name is `v`, an attribute keeps its name."""
    found: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in _NOISE:
                continue
            named = token.type == tokenize.NAME and token.string not in _WORDS
            attribute = bool(found) and found[-1] == "."
            found.append("v" if named and not attribute else token.string)
    except (tokenize.TokenError, SyntaxError):
        return []
    return found


def pairs(
    answers: Mapping[str, Mapping[str, str]], common: Iterable[Mapping[str, str]] = ()
) -> list[Pair]:
    """Pairs of students worth a look, the most alike first.

    Args:
        answers: student -> exercise -> source of the answer.
        common: exercise -> source that everybody has seen: the release, the model solution.
    """
    known: dict[str, set[int]] = defaultdict(set)
    for sources in common:
        for name, source in sources.items():
            known[name] |= fingerprints(source)
    prints = {
        student: {
            (name, mark)
            for name, source in sources.items()
            for mark in fingerprints(source) - known[name]
        }
        for student, sources in answers.items()
    }
    spread = Counter(mark for marks in prints.values() for mark in marks)
    most = max(2, math.floor(COMMON * len(answers)))
    rare = {
        student: {mark for mark in marks if spread[mark] <= most}
        for student, marks in prints.items()
    }
    holders: dict[tuple[str, int], list[str]] = defaultdict(list)
    for student, marks in rare.items():
        for mark in marks:
            holders[mark].append(student)
    shared: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for (name, _), students in holders.items():
        ordered = sorted(students)
        for i, one in enumerate(ordered):
            for other in ordered[i + 1 :]:
                shared[one, other][name] += 1
    found = []
    for both, where in shared.items():
        count = where.total()
        share = count / min(len(rare[student]) for student in both)
        if count >= LEAST and share >= SHARE:
            exercises = tuple(name for name, _ in where.most_common())
            found.append(Pair(both, share, count, exercises))
    return sorted(found, key=lambda pair: (-pair.share, -pair.common, pair.students))
