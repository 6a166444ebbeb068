"""Many instances, one verdict: name a cause only if it explains everything that was seen."""

from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import ArrayLike

from qlib.checks import Failed, close, matches

Mistakes = Callable[[], Mapping[str, ArrayLike]]


class Evidence:
    """Compares an answer with an oracle on several instances, then gives the verdict.

    On one instance two mistakes may give the same number. So every wrong instance is kept, and a
    cause is named only if it gives the answer's value on all of them::

        evidence = Evidence("the return")
        for r in instances:
            evidence.see(answer(r), right(r), lambda: {"There is no discount.": r.sum()})
        evidence.conclude()

    Args:
        what: how messages name the value.
    """

    def __init__(self, what: str = "the result"):
        self.what = what
        self.first: Failed | None = None
        self.causes: dict[str, None] | None = None  # a set that keeps its order

    def see(
        self, given: Any, expected: ArrayLike, mistakes: Mistakes | None = None, *, what: str = ""
    ) -> None:
        """Compare one instance. The mistakes are computed only if it is wrong.

        Args:
            given: what the answer returned.
            expected: the oracle's value.
            mistakes: gives cause -> the value which that mistake gives on this instance.
            what: how the message names this value, if not as the others.

        Raises:
            Failed: at once for a wrong shape or type.
        """
        try:
            close(given, expected, what=what or self.what)
        except Failed as found:
            if found.stops:
                raise
            explained = {
                cause: None
                for cause, value in (mistakes() if mistakes else {}).items()
                if matches(given, value, rtol=1e-5, atol=1e-7)
            }
            if self.first is None:
                self.first, self.causes = found, explained
            else:
                self.causes = {c: None for c in self.causes or {} if c in explained}

    def conclude(self) -> None:
        """Raise for the first wrong instance, with the cause that explains all of them."""
        if self.first is None:
            return
        if self.causes:
            self.first.cause = next(iter(self.causes))
        raise self.first
