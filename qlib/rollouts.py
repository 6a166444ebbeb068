"""Episodes by simulation: one at a time, or thousands at once.

`rollouts` follows a fixed policy. `Sampler` takes any actions, as learning algorithms that run
many copies side by side need it. Both draw from alias tables (see `qlib.alias`), whose memory is
S, or S*A, times the largest number of successors of any state.
"""

import math
from bisect import bisect_right

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlib.alias import Draws, nonzero_transitions
from qlib.closed_book import finished_version_of
from qlib.data import Episode, Episodes
from qlib.mdp import TabularMDP, as_policy

LANES, STEPS = 2048, 8
"""Episodes worked on together, and steps between two looks at who has ended: enough to hide the
cost of a call, few enough for the cache."""


@finished_version_of("rollout")
def rollout(mdp: TabularMDP, pi: ArrayLike, rng: np.random.Generator, max_steps: int) -> Episode:
    """One episode of `pi`, from s_0 ~ rho0 to a terminal state or through `max_steps` steps.

    Args:
        mdp: the world.
        pi: policy, (S, A) probabilities or (S,) actions.
        rng: source of all randomness.
        max_steps: the step limit, >= 0. Ending exactly there in a terminal state is a termination.

    Returns:
        The episode. Starting in a terminal state gives T = 0 and `terminated`.
    """
    _check_limit(max_steps)
    policy_cdf = np.cumsum(as_policy(mdp, pi), axis=1)
    policy_cdf[policy_cdf >= policy_cdf[:, -1:]] = math.inf
    cdf = policy_cdf.tolist()
    s = mdp.reset(rng)
    terminated = bool(mdp.terminal[s])
    states, actions, rewards = [s], [], []
    while not terminated and len(actions) < max_steps:
        a = bisect_right(cdf[s], rng.random())
        s, r, terminated = mdp.step(s, a, rng)
        states.append(s)
        actions.append(a)
        rewards.append(r)
    return Episode(
        np.array(states, dtype=np.intp),
        np.array(actions, dtype=np.intp),
        np.array(rewards, dtype=np.float64),
        terminated=terminated,
        truncated=not terminated,
    )


@finished_version_of("rollout")
def rollouts(
    mdp: TabularMDP,
    pi: ArrayLike,
    n: int,
    rng: np.random.Generator,
    max_steps: int,
    s0: ArrayLike | None = None,
) -> Episodes:
    """`n` independent episodes of `pi`, as `rollout` draws them, side by side.

    Args:
        mdp: the world.
        pi: policy, (S, A) probabilities or (S,) actions.
        n: number of episodes, >= 1.
        rng: source of all randomness.
        max_steps: the step limit, >= 0. A step takes 32 bytes of memory.
        s0: first states, one or (n,); `None` draws them from `rho0`.

    Returns:
        The episodes, one after the other.
    """
    return _rollouts(_FixedPolicy(mdp, as_policy(mdp, pi)), n, rng, max_steps, s0)


@finished_version_of("J_mc")
def estimate_return(
    mdp: TabularMDP,
    pi: ArrayLike,
    n: int,
    rng: np.random.Generator,
    max_steps: int | None = None,
) -> tuple[float, float]:
    """Monte Carlo estimate of J(pi) from `n` episodes, with its standard error.

    Cutting after T steps costs a bias of at most gamma^T max|R| / (1 - gamma).

    Args:
        mdp: the world.
        pi: policy, (S, A) probabilities or (S,) actions.
        n: number of episodes, >= 2.
        rng: source of all randomness.
        max_steps: T; `None` takes the first T with gamma^T <= 1e-8, and needs gamma < 1.

    Returns:
        `(mean, stderr)` of the discounted return; stderr = sample std (n - 1) / sqrt(n).
    """
    if n < 2:
        raise ValueError(f"a standard error needs n >= 2 episodes, not {n}.")
    if max_steps is None:
        if mdp.gamma == 1:
            raise ValueError("with gamma = 1 no step limit follows from gamma: give max_steps.")
        max_steps = math.ceil(math.log(1e-8) / math.log(mdp.gamma)) if mdp.gamma > 0 else 1
    simulation = _FixedPolicy(mdp, as_policy(mdp, pi))
    sizes = [min(LANES, n - first) for first in range(0, n, LANES)]
    returns = np.concatenate(
        [_rollouts(simulation, m, rng, max_steps, None).returns(mdp.gamma) for m in sizes]
    )
    return float(returns.mean()), float(returns.std(ddof=1) / math.sqrt(n))


class Sampler:
    """Steps of one MDP for many lanes at once, each with a state and an action of its own.

    A lane is one copy of the world. The sampler holds tables only; the states are the caller's:

        sampler = Sampler(mdp)
        s = sampler.reset(n, rng)
        s_next, r, terminated = sampler.step(s, a, rng)
        s = np.where(terminated, sampler.reset(n, rng), s_next)

    Args:
        mdp: the world.
    """

    def __init__(self, mdp: TabularMDP) -> None:
        self.mdp = mdp
        row, s_next, probs = nonzero_transitions(mdp)
        self._draws = Draws.of(row, probs, mdp.n_states * mdp.n_actions)
        self._s_next = s_next[self._draws.outcome]
        starts = np.flatnonzero(mdp.rho0)
        self._start = Draws.of(np.zeros(len(starts), dtype=np.intp), mdp.rho0[starts], 1)
        self._start_state = starts[self._start.outcome]

    def reset(self, n: int, rng: np.random.Generator) -> NDArray[np.intp]:
        """First states of `n` lanes, (n,), drawn from rho0."""
        return self._start_state.take(self._start.draw(np.zeros(n, dtype=np.intp), rng))

    def step(
        self, s: NDArray[np.intp], a: NDArray[np.intp], rng: np.random.Generator
    ) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.bool_]]:
        """Take action `a[i]` in state `s[i]` for every lane i.

        Args:
            s: states, (n,) int, in 0..S-1 (not checked).
            a: actions, (n,) int, in 0..A-1 (not checked).
            rng: source of all randomness.

        Returns:
            `(s_next, r, terminated)`, each (n,), as in `TabularMDP.step`.
        """
        row = s * self.mdp.n_actions
        row += a
        s_next = self._s_next.take(self._draws.draw(row, rng))
        return s_next, self.mdp.R.take(row), self.mdp.terminal.take(s_next)


class _FixedPolicy:
    """Alias tables over the joint outcomes (a, s') of one policy, one row a state."""

    def __init__(self, mdp: TabularMDP, pi: NDArray[np.float64]) -> None:
        self.mdp = mdp
        self.pi = pi
        row, s_next, probs = nonzero_transitions(mdp)
        joint = pi.ravel()[row] * probs
        kept = joint > 0
        row, s_next, joint = row[kept], s_next[kept], joint[kept]
        draws = Draws.of(row // mdp.n_actions, joint, mdp.n_states)
        self.n_cells, self.split = draws.n_cells, draws.split
        self.s_next = s_next[draws.outcome]
        self.a = row[draws.outcome] % mdp.n_actions
        self.r = mdp.R.ravel()[row[draws.outcome]]
        self.next_base = self.s_next * draws.n_cells

    def slots(self, s: NDArray[np.intp], n_steps: int, rng: np.random.Generator) -> NDArray:
        """Draw `n_steps` steps for every lane; terminal lanes stay. (n_steps, n) slots."""
        n = len(s)
        slots = np.empty((n_steps, n), dtype=np.intp)
        base = s * self.n_cells
        u, split, above = np.empty(n), np.empty(n), np.empty(n, dtype=bool)
        for slot in slots:
            if self.n_cells > 1:  # everything in place: a step is ten calls and no allocation
                rng.random(out=u)
                np.multiply(u, self.n_cells, out=u)
                np.copyto(slot, u, casting="unsafe")
                np.add(slot, base, out=slot)
                self.split.take(slot, out=split, mode="clip")
                np.greater_equal(u, split, out=above)
                np.add(slot, slot, out=slot)
                np.add(slot, above, out=slot)
            else:
                np.add(base, base, out=slot)
            self.next_base.take(slot, out=base, mode="clip")
        return slots


def _rollouts(
    policy: _FixedPolicy, n: int, rng: np.random.Generator, max_steps: int, s0: ArrayLike | None
) -> Episodes:
    _check_limit(max_steps)
    if n < 1:
        raise ValueError(f"n = {n}: ask for at least one episode.")
    mdp = policy.mdp
    if s0 is None:
        starts = np.flatnonzero(mdp.rho0)
        cdf = np.cumsum(mdp.rho0[starts])
        cdf[-1] = math.inf
        first = starts[np.searchsorted(cdf, rng.random(n), side="right")]
    else:
        first = np.array(np.broadcast_to(np.asarray(s0, dtype=np.intp), (n,)))
        if first.min() < 0 or first.max() >= mdp.n_states:
            raise ValueError(f"s0 must hold states 0..{mdp.n_states - 1}, not {s0!r}.")

    lengths = np.full(n, max_steps)
    lengths[mdp.terminal[first]] = 0
    last = first.copy()
    pieces = []  # (t, lanes, slots): steps t, t + 1, ... of some lanes; slots are (steps, lanes)
    for start in range(0, n, LANES):
        lanes = start + np.flatnonzero(lengths[start : start + LANES])
        t = 0
        while len(lanes) and t < max_steps:
            slots = policy.slots(last[lanes], min(STEPS, max_steps - t), rng)
            pieces.append((t, lanes, slots))
            last[lanes] = policy.s_next.take(slots[-1])
            ended = mdp.terminal[last[lanes]]  # terminal states are absorbing
            if ended.any():
                came = mdp.terminal.take(policy.s_next.take(slots[:, ended])).argmax(axis=0)
                lengths[lanes[ended]] = t + 1 + came
            t += len(slots)
            lanes = lanes[~ended]

    begin = np.cumsum(lengths) - lengths
    n_transitions = int(lengths.sum())
    s = np.empty(n_transitions + n, dtype=np.intp)
    a = np.empty(n_transitions, dtype=np.intp)
    r = np.empty(n_transitions)
    s[begin + np.arange(n)] = first
    for t, lanes, slots in pieces:
        steps = np.arange(t, t + len(slots))
        where = begin[lanes][:, None] + steps  # [lanes, steps]
        lane = np.broadcast_to(lanes[:, None], where.shape)
        slots = slots.T
        if lengths[lanes].min() < t + len(steps):
            happened = steps < lengths[lanes][:, None]
            where, lane, slots = where[happened], lane[happened], slots[happened]
        a[where] = policy.a.take(slots)
        r[where] = policy.r.take(slots)
        s[where + lane + 1] = policy.s_next.take(slots)
    terminated = mdp.terminal[last]
    return Episodes(s, a, r, lengths, terminated, ~terminated)


def _check_limit(max_steps: int) -> None:
    if max_steps < 0:
        raise ValueError(f"max_steps = {max_steps}: a step limit is 0 or more.")
