"""What an agent has seen: episodes, many episodes side by side, and loose transitions."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlib.closed_book import finished_version_of


class Transitions(NamedTuple):
    """Steps without their order, as batch methods want them: `s, a, r, s_next, terminated = batch`.

    Attributes:
        s: states, (N,) int.
        a: actions, (N,) int.
        r: rewards, (N,) float.
        s_next: states that followed, (N,) int. After a truncation it is the real next state.
        terminated: whether `s_next` is terminal, (N,) bool. Only this stops a bootstrap.
    """

    s: NDArray[np.intp]
    a: NDArray[np.intp]
    r: NDArray[np.float64]
    s_next: NDArray[np.intp]
    terminated: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Episode:
    """One episode of T steps: s_0, a_0, r_0, s_1, ..., a_{T-1}, r_{T-1}, s_T.

    There are T actions, T rewards and T + 1 states; the reward of the last step is kept. Nothing is
    checked here: an `Episode` may hold a wrong answer, and a check must be able to look at it.

    Attributes:
        s: states, (T+1,) int.
        a: actions, (T,) int.
        r: rewards, (T,) float.
        terminated: s_T is terminal. The value after the end is 0.
        truncated: the step limit cut the episode at a state that is not terminal. There is a
            value after the end. Never true together with `terminated`.
    """

    s: NDArray[np.intp]
    a: NDArray[np.intp]
    r: NDArray[np.float64]
    terminated: bool
    truncated: bool

    def __len__(self) -> int:
        """T, the number of steps."""
        return len(self.a)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Episode):
            return NotImplemented
        flags = (self.terminated, self.truncated) == (other.terminated, other.truncated)
        pairs = ((self.s, other.s), (self.a, other.a), (self.r, other.r))
        return flags and all(np.array_equal(mine, theirs) for mine, theirs in pairs)

    __hash__ = None  # its arrays can change


@dataclass(frozen=True, eq=False)
class Episodes:
    """N episodes, stored one after the other; their lengths may differ.

    `episodes[i]` is one `Episode`, and iterating gives them all. Methods work on all at once.

    Attributes:
        s: states of all episodes, each with its last state, (M + N,) int; M is the number of steps.
        a: actions, (M,) int.
        r: rewards, (M,) float.
        lengths: steps of each episode, (N,) int.
        terminated: (N,) bool, as in `Episode`.
        truncated: (N,) bool, as in `Episode`.
    """

    s: NDArray[np.intp]
    a: NDArray[np.intp]
    r: NDArray[np.float64]
    lengths: NDArray[np.intp]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]

    def __len__(self) -> int:
        """N, the number of episodes."""
        return len(self.lengths)

    def __getitem__(self, i: int) -> Episode:
        """Episode `i`, as views of the stored arrays."""
        i = range(len(self))[i]
        begin, n = self.begin[i], self.lengths[i]
        return Episode(
            self.s[begin + i : begin + i + n + 1],
            self.a[begin : begin + n],
            self.r[begin : begin + n],
            bool(self.terminated[i]),
            bool(self.truncated[i]),
        )

    @cached_property
    def begin(self) -> NDArray[np.intp]:
        """Index in `a` and `r` of the first step of each episode, (N,); in `s`, add i."""
        return np.cumsum(self.lengths) - self.lengths

    @property
    def episode(self) -> NDArray[np.intp]:
        """The episode each step belongs to, (M,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def t(self) -> NDArray[np.intp]:
        """The time of each step in its episode, (M,), from 0."""
        return np.arange(len(self.a)) - self.begin[self.episode]

    def returns(self, gamma: float) -> NDArray[np.float64]:
        """Discounted return of each episode from its start, (N,): the sum of gamma^t r_t.

        Nothing is added for what a truncated episode would still have earned.
        """
        powers = gamma ** np.arange(self.lengths.max(initial=0))
        weighted = powers[self.t] * self.r
        return np.bincount(self.episode, weighted, minlength=len(self))

    def transitions(self) -> Transitions:
        """All steps of all episodes, in order: the input of batch methods."""
        at = np.arange(len(self.a)) + self.episode
        terminated = np.zeros(len(self.a), dtype=bool)
        ended = self.terminated & (self.lengths > 0)
        terminated[(self.begin + self.lengths - 1)[ended]] = True
        return Transitions(self.s[at], self.a, self.r, self.s[at + 1], terminated)

    def padded(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """`(s, a, r)` as rectangles (N, T+1), (N, T), (N, T), T the longest episode.

        After the end of an episode s repeats its last state, a is -1 and r is 0. Memory is N * T,
        which one long episode among many short ones makes large.
        """
        longest = int(self.lengths.max(initial=0))
        last = self.s[self.begin + self.lengths + np.arange(len(self))]
        s = np.repeat(last[:, None], longest + 1, axis=1)
        a = np.full((len(self), longest), -1)
        r = np.zeros((len(self), longest))
        happened = np.arange(longest) < self.lengths[:, None]
        s[:, :-1][happened] = self.s[np.arange(len(self.a)) + self.episode]
        a[happened], r[happened] = self.a, self.r
        return s, a, r


@finished_version_of("discounted_returns")
def discounted_returns(
    r: NDArray[np.float64], gamma: float, last_value: float = 0.0
) -> NDArray[np.float64]:
    """G_t = r_t + gamma G_{t+1} with G_T = `last_value`, for every step of an episode.

    Sutton & Barto 2018, eq. 3.9. After a termination the last value is 0; after a truncation it is
    an estimate of V(s_T).

    Args:
        r: rewards, (T,); T = 0 is allowed.
        gamma: discount in [0, 1].
        last_value: what the state after the last step is worth.

    Returns:
        (T,) float64.
    """
    returns = np.empty(len(r))
    following = float(last_value)
    for t in range(len(r) - 1, -1, -1):
        following = float(r[t]) + gamma * following
        returns[t] = following
    return returns
