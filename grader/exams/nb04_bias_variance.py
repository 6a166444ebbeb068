"""Hidden checks of 04_bias_variance.

Expected values come from sources that do not resemble an answer: closed forms of repeated updates,
sums of TD errors, all paths of a small chain, covariances between two times, linear systems, and
for the study a simulation of its own.

False alarms. All exercises but `rms_curve` are judged exactly: instances are random, a right answer
is within rounding of the oracle on each of them. `rms_curve` compares 30 means with our simulation,
at most 2.4e-5 together (`study_slack`); `_study_rng` draws the same seed twice with probability
5e-10; that all 60 runs agree, or 21 of them coincide, has a probability below 1e-15. The notebook:
below 2.5e-5.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.exams.evidence import Evidence
from qlib.checks import AnswerError, Exercise, Failed, array, as_array, close, matches, show
from qlib.checks.nb04_bias_variance import episode, whole
from qlib.data import Episode

# --- what all checks by value share ------------------------------------------------------------

Named = Mapping[str, np.ndarray]
"""Cause -> the value which that mistake gives."""


class Comparison(Evidence):
    """Evidence in which right values count too: a cause that would have spoilt one is not named."""

    def __init__(self, what: str = "the result"):
        super().__init__(what)
        self._seen: list[tuple[Any, Callable[[], Named]]] = []

    def see(self, given, expected, mistakes=None, *, what: str = "") -> None:
        """Compare one instance, as `Evidence.see` does."""
        super().see(given, expected, mistakes, what=what)
        if mistakes is not None:
            self._seen.append((given, mistakes))

    def ask(self, given: Any, mistakes: Callable[[], Named]) -> None:
        """Use an instance to tell causes apart, but do not judge it."""
        self._seen.append((given, mistakes))

    def conclude(self) -> None:
        """Raise for the first wrong instance, with the cause that explains all that was seen."""
        for given, mistakes in self._seen:
            if not self.causes:
                break
            named = mistakes()
            self.causes = {
                cause: None
                for cause in self.causes
                if cause in named and matches(given, named[cause], rtol=1e-5, atol=1e-7)
            }
        super().conclude()


def expect_values(
    answer,
    cases: Iterable[tuple],
    right: Callable[..., np.ndarray],
    mistakes: Callable[..., Named],
    what: str,
    *,
    more: Sequence[tuple] = (),
) -> None:
    """Compare an answer with an oracle.

    Args:
        answer: the student's function.
        cases: its arguments, one tuple for each instance.
        right: the oracle, with the same arguments.
        mistakes: what typical mistakes give, with the same arguments.
        what: how messages name the value.
        more: instances that are asked for only after a failure, to find its cause.
    """
    cases, comparison = list(cases), Comparison(what)
    for case, value in zip(cases, answer.many(cases), strict=True):
        comparison.see(value, right(*case), lambda case=case: mistakes(*case))
    if comparison.causes and more:
        try:
            for case, value in zip(more, answer.many(more), strict=True):
                comparison.ask(value, lambda case=case: mistakes(*case))
        except AnswerError:
            pass  # the checks that are about these instances say so
    comparison.conclude()


# --- 1 mc_targets and mc_update ----------------------------------------------------------------

targets = Exercise("04_bias_variance/mc_targets")


def direct_sum(r: np.ndarray, gamma: float) -> np.ndarray:
    """Every return from its definition, a sum of its own."""
    T = len(r)
    return np.array(
        [math.fsum(gamma ** (k - t) * float(r[k]) for k in range(t, T)) for t in range(T)]
    )


def random_episode(
    rng: np.random.Generator,
    T: int,
    n_states: int = 6,
    *,
    terminated: bool = True,
    revisits: bool = True,
) -> Episode:
    """An episode of T steps that ends in the last state, which no step begins in."""
    live = n_states - 1
    begins = rng.integers(live, size=T) if revisits else rng.permutation(live)[:T]
    r = rng.normal(size=T) + 1.0
    return episode(np.append(begins, live), r, terminated=terminated)


def wrong_returns(r: np.ndarray, gamma: float) -> dict[str, np.ndarray]:
    """What typical mistakes give on these rewards."""
    T, right = len(r), direct_sum(r, gamma)
    weighted = gamma ** np.arange(T) * r
    following = gamma ** (T - np.arange(T)) * r[-1] / (1 - gamma)
    return {
        "Only the first entry is right for its step: it is repeated for all.": np.full(T, right[0]),
        "There is no discount.": direct_sum(r, 1.0),
        "The targets stand in the reverse order of time.": right[::-1],
        "Every reward is discounted once too often, as in the lecture.": gamma * right,
        "The discount counts from the start of the episode instead of from t.": np.cumsum(
            weighted[::-1]
        )[::-1],
        "The sum runs forwards: G_t adds up what comes from t on.": np.cumsum(weighted),
        "The last reward is missing: a terminating step keeps its reward.": right
        - gamma ** (T - 1 - np.arange(T)) * r[-1],
        "These are the rewards: the target of Monte Carlo is the whole sum that follows.": r,
        "There are no targets, only zeros: the rewards that were seen count, however the episode "
        "ends.": np.zeros(T),
        "After the last step its reward is repeated for ever.": right + following,
    }


def target_cases(rng, n: int, *, terminated: bool = True) -> list[tuple[Episode, float]]:
    """Random episodes and discounts."""
    return [
        (random_episode(rng, int(T), terminated=terminated), float(rng.uniform(0.2, 0.95)))
        for T in rng.integers(2, 25, size=n)
    ]


def expect_returns(answer, cases: list[tuple[Episode, float]], what: str) -> None:
    """Compare the targets of several episodes."""
    expect_values(
        answer,
        cases,
        lambda ep, gamma: direct_sum(ep.r, gamma),
        lambda ep, gamma: wrong_returns(ep.r, gamma),
        what,
    )


@targets.check(
    "every step gets the discounted sum of the rewards that follow",
    points=1,
    hint="The rewards are in `ep.r`. Notebook 01 has the recursion.",
)
def _mc_targets(answer, rng):
    expect_returns(answer, target_cases(rng, 20), "the target sequence")


@targets.check(
    "a truncated episode gives what was seen, and nothing is made up",
    points=0.5,
    hint="Monte Carlo knows rewards only. What comes after a cut it cannot know.",
)
def _truncated_targets(answer, rng):
    cases = target_cases(rng, 10, terminated=False)
    expect_returns(answer, cases, "the target sequence of a truncated episode")


@targets.check(
    "no steps, gamma = 0 and gamma = 1",
    points=0.5,
    hint="T = 0 gives shape (0,). For gamma = 1 nothing is discounted.",
)
def _extreme_targets(answer, rng):
    for T in (1, 5, 12):
        ep = random_episode(rng, T)
        for gamma in rng.permutation([0.0, 1.0]).tolist():
            close(
                answer(ep, gamma),
                direct_sum(ep.r, gamma),
                what=f"the target sequence for gamma = {gamma:g}",
            )
    array(answer(random_episode(rng, 0), 0.9), (0,), what="the result for T = 0")


mc_update = Exercise("04_bias_variance/mc_update")

Visits = Sequence[tuple[int, float]]


def visits(ep: Episode, gamma: float) -> list[tuple[int, float]]:
    """(state, return) of every step, in the order of time."""
    return list(zip(ep.s[:-1].tolist(), direct_sum(ep.r, gamma).tolist(), strict=True))


def firsts(pairs: Visits) -> list[tuple[int, float]]:
    """The first visit of each state only."""
    return [pair for k, pair in enumerate(pairs) if pair[0] not in [s for s, _ in pairs[:k]]]


def moved(V: np.ndarray, pairs: Visits, alpha: float) -> np.ndarray:
    """V after updates in this order, in closed form.

    k updates of one state towards G_1 ... G_k leave (1 - alpha)^k of the old value, and G_j with
    the weight alpha (1 - alpha)^(k - j).
    """
    result = V.astype(float)
    for s in {s for s, _ in pairs}:
        G = [g for state, g in pairs if state == s]
        k = len(G)
        result[s] = math.fsum(
            [(1 - alpha) ** k * float(V[s])]
            + [alpha * (1 - alpha) ** (k - j) * g for j, g in enumerate(G, start=1)]
        )
    return result


def right_mc_update(
    V: np.ndarray, ep: Episode, alpha: float, gamma: float, first_visit: bool
) -> np.ndarray:
    """V after the episode."""
    pairs = visits(ep, gamma)
    return moved(V, firsts(pairs) if first_visit else pairs, alpha)


def wrong_mc_updates(
    V: np.ndarray, ep: Episode, alpha: float, gamma: float, first_visit: bool
) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    pairs = visits(ep, gamma)
    used = firsts(pairs) if first_visit else pairs
    rewards = list(zip(ep.s[:-1].tolist(), ep.r.tolist(), strict=True))
    plain = visits(ep, 1.0)
    once = list({s: (s, g) for s, g in pairs}.values())  # the last visit of each state
    batch, added, outer = V.astype(float), V.astype(float), V.astype(float)
    for s, g in used:
        batch[s] += alpha * (g - V[s])
        added[s] += alpha * g
        outer[s] = alpha * outer[s] + (1 - alpha) * g
    means = {s: float(np.mean([g for state, g in pairs if state == s])) for s, _ in pairs}
    last = int(ep.s[-1])
    return {
        "V is overwritten with the last return, as in the lecture's formula: everything learned "
        "before is lost. The step goes a part alpha of the way.": moved(V, used, 1.0),
        "Every visit is used, although only the first one is asked for.": moved(V, pairs, alpha),
        "Only the first visit of a state is used, although all are asked for.": moved(
            V, firsts(pairs), alpha
        ),
        "Of several visits only the last one counts.": moved(V, once, alpha),
        "The visits are used in the reverse order of time: the return of the first visit should be "
        "used first.": moved(V, used[::-1], alpha),
        "All visits start from the old V: each has to start from what the visit before it "
        "left.": batch,
        "The returns of a state are averaged into one update: each visit is one of its own.": moved(
            V, list(means.items()), alpha
        ),
        "The return is added to V: the step goes towards it, by alpha times (G - V).": added,
        "The roles of alpha and 1 - alpha are exchanged.": outer,
        "The step goes towards the reward: the target is the whole return.": moved(
            V, [pair for pair, (s, g) in zip(rewards, pairs, strict=True) if (s, g) in used], alpha
        ),
        "The returns are not discounted.": moved(V, firsts(plain) if first_visit else plain, alpha),
        "The last state is updated too: no step begins there.": moved(
            V, [*used, (last, 0.0)], alpha
        ),
    }


def expect_mc(answer, cases) -> None:
    """Compare V after an episode, on several cases."""
    expect_values(answer, cases, right_mc_update, wrong_mc_updates, "V after the episode")


def mc_cases(rng, n: int, *, first_visit: bool | None = None, revisits: bool = True, **fixed):
    """Random cases; `first_visit` is drawn where it is None."""
    for _ in range(n):
        size = int(rng.integers(4, 8))
        T = int(rng.integers(8, 16)) if revisits else int(rng.integers(2, size))
        first = bool(rng.integers(2)) if first_visit is None else first_visit
        yield (
            rng.normal(size=size) * 2,
            random_episode(rng, T, size, revisits=revisits, terminated=bool(rng.integers(2))),
            fixed.get("alpha", float(rng.uniform(0.1, 0.8))),
            fixed.get("gamma", float(rng.uniform(0.3, 0.95))),
            first,
        )


@mc_update.check(
    "each state moves a part alpha of the way to its return",
    points=1.5,
    hint="V(s_t) + alpha (G_t - V(s_t)).",
)
def _mc_moves(answer, rng):
    expect_mc(answer, mc_cases(rng, 20, revisits=False))


@mc_update.check(
    "first visit: later visits of the same state do not count",
    points=1.5,
    hint="Remember which states have been seen in this episode.",
)
def _first_visit(answer, rng):
    expect_mc(answer, mc_cases(rng, 20, first_visit=True))


@mc_update.check(
    "every visit: one update after the other, in the order of time",
    points=1.5,
    hint="A state that is visited three times moves three times.",
)
def _every_visit(answer, rng):
    expect_mc(answer, mc_cases(rng, 20, first_visit=False))


@mc_update.check(
    "alpha = 0 and alpha = 1, gamma = 0 and gamma = 1, no steps",
    points=1,
    hint="alpha = 1 forgets the old value, alpha = 0 keeps it.",
)
def _mc_extremes(answer, rng):
    cases = [
        case
        for alpha in (0.0, 1.0)
        for gamma in (0.0, 1.0)
        for first in (True, False)
        for case in mc_cases(rng, 1, first_visit=first, alpha=alpha, gamma=gamma)
    ]
    cases += [(rng.normal(size=5), random_episode(rng, 0, 5), 0.5, 0.9, True)]
    expect_mc(answer, [cases[k] for k in rng.permutation(len(cases))])


def expect_unchanged(answer, args: tuple, right: np.ndarray, what: str, name: str) -> None:
    """Two calls with the same argument objects agree."""
    first, second = answer.repeat(2, *args)
    close(first, right, what=what)
    if not matches(second, right):
        raise Failed(
            f"A second call with the same {name} gives another result.",
            f"The function changes the {name} it was given: work on a copy.",
            expected=show(right),
            given=show(second),
        )


@mc_update.check("the old V stays as it is", points=0.5, hint="Return a new array.")
def _mc_unchanged(answer, rng):
    for first in rng.permutation([True, False]).tolist():  # both, so that luck earns nothing
        for case in mc_cases(rng, 1, first_visit=first):
            expect_unchanged(answer, case, right_mc_update(*case), "V after the episode", "V")


# --- 2 td0_update ------------------------------------------------------------------------------

td0 = Exercise("04_bias_variance/td0_update")


def td_step(
    V: np.ndarray, s: int, r: float, s2: int, terminated: bool, alpha: float, gamma: float
) -> np.ndarray:
    """V after one step, as a mixture of the old value and the target."""
    result = V.astype(float)
    ahead = 0.0 if terminated else gamma * float(V[s2])
    result[s] = math.fsum([(1 - alpha) * float(V[s]), alpha * r, alpha * ahead])
    return result


def wrong_td_steps(V, s, r, s2, terminated, alpha, gamma) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    right = td_step(V, s, r, s2, terminated, alpha, gamma)
    live = 0.0 if terminated else 1.0

    def put(value: float, at: int = s) -> np.ndarray:
        result = V.astype(float)
        result[at] = value
        return result

    target = r + gamma * live * V[s2]
    return {
        "It never bootstraps: only the reward is used.": td_step(V, s, r, s2, True, alpha, gamma),
        "It bootstraps past the end: after a terminating step nothing is left to earn, whatever V "
        "says about the last state.": td_step(V, s, r, s2, False, alpha, gamma),
        "V is overwritten with the target: the step goes a part alpha of the way.": put(target),
        "The target is added to V: the step goes towards it, by alpha times (target - V).": put(
            V[s] + alpha * target
        ),
        "alpha scales the reward only.": put(V[s] + alpha * r + gamma * live * V[s2] - V[s]),
        "The next value is not discounted.": td_step(V, s, r, s2, terminated, alpha, 1.0),
        "The whole target is discounted, the reward too.": put(
            V[s] + alpha * (gamma * (r + live * V[s2]) - V[s])
        ),
        "It bootstraps from the state itself instead of the next one.": td_step(
            V, s, r, s, terminated, alpha, gamma
        ),
        "The next state is updated instead of the one the step begins in.": put(
            (1 - alpha) * V[s2] + alpha * target, s2
        ),
        "The roles of alpha and 1 - alpha are exchanged.": put(alpha * V[s] + (1 - alpha) * target),
        "The step goes away from the target.": 2 * V - right,
        "The reward of the terminating step is dropped.": td_step(
            V, s, 0.0 if terminated else r, s2, terminated, alpha, gamma
        ),
        "The bootstrap is switched off where it belongs and on where it does not: the flag is read "
        "the wrong way round.": td_step(V, s, r, s2, not terminated, alpha, gamma),
        "A terminating step changes nothing: its reward still counts.": V if terminated else right,
    }


def expect_td(answer, cases, more=()) -> None:
    """Compare V after one step, on several cases; `more` tell causes apart."""
    expect_values(answer, cases, td_step, wrong_td_steps, "V after the step", more=more)


def td_case(rng, *, terminated: bool, loop: bool = False, alpha=None, gamma=None) -> tuple:
    """A random step; the table holds a number for the terminal state too."""
    V = rng.normal(size=int(rng.integers(3, 7))) * 3 + 1
    s, s2 = (int(x) for x in rng.permutation(len(V))[:2])
    return (
        V,
        s,
        float(rng.normal() + 2),
        s if loop else s2,
        terminated,
        float(rng.uniform(0.05, 0.45)) if alpha is None else alpha,
        float(rng.uniform(0.3, 0.95)) if gamma is None else gamma,
    )


@td0.check(
    "V(s) moves by alpha times the TD error, and nothing else moves",
    points=2,
    hint="TD error: r + gamma V(s') - V(s).",
)
def _td_moves(answer, rng):
    cases = [td_case(rng, terminated=False) for _ in range(20)]
    expect_td(answer, cases, more=[td_case(rng, terminated=True) for _ in range(3)])


@td0.check(
    "after a terminating step there is no bootstrap",
    points=1.5,
    hint="The value after the end is 0, whatever the table holds there.",
)
def _td_terminated(answer, rng):
    flags = rng.permutation([True] * 12 + [False] * 8).tolist()
    expect_td(answer, [td_case(rng, terminated=flag) for flag in flags])


@td0.check(
    "a step back into the same state, alpha and gamma at 0 and 1",
    points=1,
    hint="With s' = s the state bootstraps from its own old value.",
)
def _td_extremes(answer, rng):
    cases = [td_case(rng, terminated=bool(rng.integers(2)), loop=True) for _ in range(8)]
    cases += [
        td_case(rng, terminated=bool(rng.integers(2)), alpha=alpha, gamma=gamma)
        for alpha in (0.0, 1.0)
        for gamma in (0.0, 1.0)
        for _ in range(2)
    ]
    expect_td(answer, [cases[k] for k in rng.permutation(len(cases))])


@td0.check("the old V stays as it is", points=0.5, hint="Return a new array.")
def _td_unchanged(answer, rng):
    for terminated in rng.permutation([True, False]).tolist():
        case = td_case(rng, terminated=terminated)
        expect_unchanged(answer, case, td_step(*case), "V after the step", "V")


# --- 3 nstep_targets ---------------------------------------------------------------------------

nstep = Exercise("04_bias_variance/nstep_targets")


def by_td_errors(
    r: np.ndarray, V: np.ndarray, gamma: float, n: int, terminated: bool
) -> np.ndarray:
    """n-step targets as V(s_t) plus the discounted TD errors of the window."""
    T = len(r)
    V = V.astype(float)
    if terminated:
        V[T] = 0.0
    delta = r + gamma * V[1:] - V[:-1]
    return np.array(
        [
            math.fsum(
                [float(V[t])]
                + [gamma ** (k - t) * float(delta[k]) for k in range(t, min(t + n, T))]
            )
            for t in range(T)
        ]
    )


def window_sum(
    r: np.ndarray,
    V: np.ndarray,
    gamma: float,
    n: int,
    terminated: bool,
    *,
    extra: int = 0,
    at: int = 0,
    power: int = 0,
    past_end: Callable[[int, int], float] | None = None,
) -> np.ndarray:
    """The definition with slips: `extra` rewards, V `at` other places, another `power` of gamma."""
    T, out = len(r), np.zeros(len(r))
    for t in range(T):
        end = min(t + n, T)
        last = min(max(end + extra, t), T)
        total = sum(gamma ** (k - t) * r[k] for k in range(t, last))
        where = min(max(end + at, 0), T)
        if end == T and past_end is not None:
            total += past_end(t, end)
        elif not (terminated and where == T):
            total += gamma ** max(end - t + power, 0) * V[where]
        out[t] = total
    return out


def wrong_targets(r, V, gamma, n, terminated) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    T, args = len(r), (r, V, gamma, n, terminated)

    def last_value(power: Callable[[int], int]) -> Callable[[int, int], float]:
        return lambda t, end: gamma ** power(t) * V[T]

    lecture = window_sum(*args, extra=1)
    literal = np.array(
        [
            sum(gamma ** (k - t) * r[k] for k in range(t, min(n + 1, T)))
            + (0.0 if terminated and t + n >= T else gamma**n * V[min(t + n, T)])
            for t in range(T)
        ]
    )
    inside = np.arange(T) + n <= T
    right = window_sum(*args)
    return {
        "There is one reward too many, as in the lecture's formula: the reward r_{t+n} is counted, "
        "and counted again inside V(s_{t+n}).": lecture,
        "The sum runs to the fixed time n, as the lecture's formula says literally, instead of "
        "over n rewards from t on.": literal,
        "The last of the n rewards is missing.": window_sum(*args, extra=-1),
        "It bootstraps one state too early, from V(s_{t+n-1}): after n rewards the agent is in "
        "s_{t+n}.": window_sum(*args, at=-1),
        "It bootstraps one state too late.": window_sum(*args, at=1),
        "The value after n steps is discounted once too little: gamma^n, not "
        "gamma^(n-1).": window_sum(*args, power=-1),
        "The value after n steps is discounted once too often.": window_sum(*args, power=1),
        "The value after n steps is not discounted.": window_sum(*args, power=-n - T),
        "There is no discount.": window_sum(r, V, 1.0, n, terminated),
        "There is no bootstrap: these are plain sums of rewards.": window_sum(
            r, np.zeros(T + 1), gamma, n, True
        ),
        "It uses V(s_T) although the episode terminated: nothing is left to earn "
        "there.": window_sum(r, V, gamma, n, False),
        "A truncated episode is treated as if it had terminated: the value of s_T is "
        "missing.": window_sum(r, V, gamma, n, True),
        "The flag is read the wrong way round.": window_sum(r, V, gamma, n, not terminated),
        "At the end of a truncated episode V(s_T) lies T - t steps away, not n.": window_sum(
            *args, past_end=None if terminated else last_value(lambda t: n)
        ),
        "Windows that reach the end are left at 0: they are shorter, but they have a "
        "target.": np.where(inside, right, 0.0),
        "Windows that reach the end are left at 0, that of n rewards too: they have a "
        "target.": np.where(np.arange(T) + n < T, right, 0.0),
        "The whole rest of the episode is summed before the bootstrap: only n rewards "
        "count.": direct_sum(r, gamma)
        + np.array([0.0 if t + n >= T else gamma**n * V[t + n] for t in range(T)]),
        "Windows that reach the end keep the plain value V(s_t).": np.where(inside, right, V[:T]),
    }


def targets_of(value: Any, T: int, n: int) -> np.ndarray:
    """An answer that has one target for every step."""
    try:
        return array(value, (T,), what="the target sequence")
    except Failed as found:
        if n > 1 and np.shape(as_array(value)) in ((T - n + 1,), (T - n,)):
            found.cause = (
                "Windows that reach the end are left out: they are shorter, but every step has a "
                "target."
            )
        raise


def expect_nstep(answer, cases, part: Callable[[int, int], slice] | None = None) -> None:
    """Compare the targets, or the part of them that a check is about."""
    cases, evidence = list(cases), Comparison("the target sequence")
    for case, value in zip(cases, answer.many(cases), strict=True):
        r, V, gamma, n, terminated = case
        T = len(r)
        chosen = slice(None) if part is None else part(T, n)
        given = targets_of(value, T, n)
        evidence.see(
            given[chosen],
            by_td_errors(r, V, gamma, n, terminated)[chosen],
            lambda case=case, chosen=chosen: {
                cause: value[chosen] for cause, value in wrong_targets(*case).items()
            },
        )
    evidence.conclude()


def nstep_case(rng, n: int | None = None, T: int | None = None, **fixed) -> tuple:
    """Random rewards and values; n lies strictly between 1 and T unless given."""
    T = T or int(rng.integers(6, 14))
    n = n or int(rng.integers(2, T - 1))
    return (
        rng.normal(size=T) + 1.0,
        rng.normal(size=T + 1) * 2 + 5.0,
        fixed.get("gamma", float(rng.uniform(0.3, 0.95))),
        n,
        fixed.get("terminated", bool(rng.integers(2))),
    )


@nstep.check(
    "n rewards, and then gamma^n V(s_{t+n})",
    points=4,
    hint="Rewards r_t … r_{t+n-1}. With rewards 1 and values 1 / (1 - gamma) every target is "
    "1 / (1 - gamma) again.",
)
def _windows(answer, rng):
    cases = [nstep_case(rng) for _ in range(18)]
    for n in (2, 4):  # nothing to learn: the true values are a fixed point
        gamma, T = float(rng.uniform(0.5, 0.95)), 8
        cases.append((np.ones(T), np.full(T + 1, 1 / (1 - gamma)), gamma, n, bool(n == 2)))
    order = rng.permutation(len(cases))
    expect_nstep(answer, [cases[k] for k in order], lambda T, n: slice(0, T - n))


@nstep.check(
    "n = 1 is the TD target",
    points=2,
    hint="r_t + gamma V(s_{t+1}); without V in the last step of an episode that terminated.",
)
def _one_step(answer, rng):
    expect_nstep(answer, [nstep_case(rng, n=1) for _ in range(20)])


@nstep.check(
    "windows that reach the end of a terminated episode hold rewards only",
    points=2,
    hint="The last n windows are shorter. V(s_T) is 0 by definition, whatever V holds there.",
)
def _ends(answer, rng):
    cases = [nstep_case(rng, terminated=True) for _ in range(20)]
    expect_nstep(answer, cases, lambda T, n: slice(T - n, T))


@nstep.check(
    "windows that reach a cut bootstrap from the last state",
    points=2,
    hint="From step t the state s_T is T - t steps away.",
)
def _cuts(answer, rng):
    cases = [nstep_case(rng, terminated=False) for _ in range(20)]
    expect_nstep(answer, cases, lambda T, n: slice(T - n, T))


@nstep.check(
    "n from T on is Monte Carlo, even n = 1,000,000,000",
    points=1,
    hint="No window is longer than the episode: do not count up to n.",
)
def _monte_carlo(answer, rng):
    cases = []
    for terminated in rng.permutation([True, False] * 5).tolist():
        T = int(rng.integers(2, 10))
        n = [T, T + 1, 3 * T, 10**9][int(rng.integers(4))]
        cases.append(nstep_case(rng, n=n, T=T, terminated=terminated))
    for terminated in (True, False):
        cases.append(nstep_case(rng, n=10**9, terminated=terminated))
    expect_nstep(answer, cases)


@nstep.check(
    "one step, gamma = 0 and gamma = 1",
    points=0.5,
    hint="T = 1: one target. gamma = 0: only the next reward counts.",
)
def _nstep_extremes(answer, rng):
    cases = [nstep_case(rng, n=int(rng.integers(1, 4)), T=1) for _ in range(6)]
    cases += [nstep_case(rng, gamma=gamma) for gamma in (0.0, 1.0) for _ in range(3)]
    expect_nstep(answer, [cases[k] for k in rng.permutation(len(cases))])


@nstep.check("r and V stay as they are", points=0.5, hint="Work on copies.")
def _nstep_unchanged(answer, rng):
    for terminated in rng.permutation([True, False]).tolist():
        case = nstep_case(rng, terminated=terminated)
        right = by_td_errors(*case)
        expect_unchanged(answer, case, right, "the target sequence", "rewards and values")


# --- 4 nstep_bias and nstep_variance -----------------------------------------------------------


@dataclass(frozen=True)
class Chain:
    """A policy's Markov chain with noisy rewards, and an estimate V of its values."""

    P: np.ndarray
    r: np.ndarray
    sigma: np.ndarray
    V: np.ndarray
    gamma: float

    @property
    def V_pi(self) -> np.ndarray:
        """The true values, by many sweeps of the Bellman equation on a doubled step."""
        return np.linalg.solve(np.eye(len(self.r)) - self.gamma * self.P, self.r)


def random_chain(
    rng: np.random.Generator,
    n_states: int | None = None,
    *,
    gamma: float | None = None,
    ends: bool = False,
    noise: float = 1.0,
) -> Chain:
    """A random chain; with `ends` the last state is terminal."""
    S = n_states or int(rng.integers(3, 7))
    P = rng.dirichlet(np.full(S, 0.7), S)
    r, V = rng.normal(size=S) + 0.7, rng.normal(size=S) * 2 + 1.0
    sigma = noise * rng.uniform(0.3, 2.0, size=S)
    if ends:
        P[-1] = np.eye(S)[-1]
        r[-1] = sigma[-1] = V[-1] = 0.0
    return Chain(P, r, sigma, V, float(rng.uniform(0.5, 0.95)) if gamma is None else gamma)


def target_mean(chain: Chain, n: int) -> np.ndarray:
    """E[n-step target | s], time by time: sum of gamma^i P^i r, and gamma^n P^n V."""
    step, total = np.eye(len(chain.r)), np.zeros(len(chain.r))
    for _ in range(n):
        total = total + step @ chain.r
        step = chain.gamma * step @ chain.P
    return total + step @ chain.V


bias = Exercise("04_bias_variance/nstep_bias")


def wrong_biases(chain: Chain, n: int) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    error, P, gamma = chain.V - chain.V_pi, chain.P, chain.gamma

    def after(k: int, matrix: np.ndarray = P) -> np.ndarray:
        return np.linalg.matrix_power(matrix, max(k, 0)) @ error

    return {
        "This is the size of the bias: it has a sign.": np.abs(gamma**n * after(n)),
        "The sign is turned round: bias is the mean of the target minus the true value.": -(
            gamma**n
        )
        * after(n),
        "The error of V is taken where the target begins, not where it bootstraps, n steps "
        "later.": gamma**n * error,
        "The discount of the bootstrap is missing.": after(n),
        "This is the bias one step later.": gamma ** (n + 1) * after(n + 1),
        "This is the bias one step earlier.": gamma ** (n - 1) * after(n - 1) if n else error,
        "gamma has the power 1, whatever n.": gamma * after(n),
        "The chain moves one step only, whatever n.": gamma**n * after(1),
        "The matrix acts from the wrong side: row s of P holds where s leads.": gamma**n
        * after(n, P.T),
        "Every entry of P is raised to a power: n steps are a product of n matrices.": gamma**n
        * ((P**n) @ error),
        "This is the part of V in the target, not its error: V^pi is missing.": gamma**n
        * (np.linalg.matrix_power(P, n) @ chain.V),
        "This is the mean of the target, not its distance from the true value.": target_mean(
            chain, n
        ),
        "V is compared with the rewards instead of with the values V^pi.": gamma**n
        * (np.linalg.matrix_power(P, n) @ (chain.V - chain.r)),
    }


def expect_bias(answer, cases) -> None:
    """Compare the bias on several chains."""
    evidence = Comparison()
    for chain, n in cases:
        evidence.see(
            answer(chain.P, chain.r, chain.V, chain.gamma, n),
            target_mean(chain, n) - chain.V_pi,
            lambda chain=chain, n=n: wrong_biases(chain, n),
            what=f"the bias for n = {n}",
        )
    evidence.conclude()


@bias.check(
    "random chains: mean of the target minus the true value",
    points=2.5,
    hint="n rewards are right on average. What is wrong is V, n steps later.",
)
def _bias(answer, rng):
    expect_bias(answer, [(random_chain(rng), int(n)) for n in rng.integers(2, 9, size=20)])


@bias.check(
    "n = 0 and n = 1",
    points=1,
    hint="With n = 0 the target is V itself.",
)
def _bias_small(answer, rng):
    ns = rng.permutation([0] * 6 + [1] * 6)
    expect_bias(answer, [(random_chain(rng), int(n)) for n in ns])


@bias.check(
    "chains that end, gamma = 0, and many steps",
    points=1,
    hint="A terminal state leads to itself, pays 0 and has the value 0: no special case.",
)
def _bias_edges(answer, rng):
    cases = [(random_chain(rng, ends=True), int(n)) for n in rng.integers(1, 6, size=6)]
    cases += [(random_chain(rng, gamma=0.0), n) for n in (0, 2)]
    cases += [(random_chain(rng, gamma=0.99), 60) for _ in range(3)]
    expect_bias(answer, [cases[k] for k in rng.permutation(len(cases))])


@bias.check("P, r and V stay as they are", points=0.5, hint="Work on copies.")
def _bias_unchanged(answer, rng):
    chain = random_chain(rng)
    args = chain.P, chain.r, chain.V, chain.gamma, 3
    expect_unchanged(answer, args, target_mean(chain, 3) - chain.V_pi, "the bias", "arrays")


variance = Exercise("04_bias_variance/nstep_variance")


def variance_by_paths(chain: Chain, n: int) -> np.ndarray:
    """Variance of the n-step target: over all paths, plus the noise along each of them."""
    S, gamma, out = len(chain.r), chain.gamma, np.zeros(len(chain.r))
    for s in range(S):
        rows = []
        for tail in itertools.product(range(S), repeat=n):
            path = (s, *tail)
            p = math.prod(float(chain.P[a, b]) for a, b in itertools.pairwise(path))
            mean = sum(gamma**i * float(chain.r[path[i]]) for i in range(n))
            noise = sum(gamma ** (2 * i) * float(chain.sigma[path[i]]) ** 2 for i in range(n))
            rows.append((p, mean + gamma**n * float(chain.V[path[n]]), noise))
        p, mean, noise = np.array(rows).T
        centre = p @ mean
        out[s] = p @ (mean - centre) ** 2 + p @ noise
    return out


def variance_by_times(chain: Chain, n: int) -> np.ndarray:
    """The same for long windows: the sum over pairs of times of their covariance."""
    S, gamma = len(chain.r), chain.gamma
    powers = [np.eye(S)]
    for _ in range(n):
        powers.append(powers[-1] @ chain.P)
    what = [chain.r] * n + [chain.V]
    out = sum((gamma ** (2 * i) * powers[i] @ chain.sigma**2 for i in range(n)), start=np.zeros(S))
    for i, j in itertools.product(range(n + 1), repeat=2):
        a, b = min(i, j), max(i, j)
        joint = powers[a] @ (what[a] * (powers[b - a] @ what[b]))
        out = out + gamma ** (i + j) * (joint - (powers[a] @ what[a]) * (powers[b] @ what[b]))
    return out


def variance_by_steps(chain: Chain, n: int) -> np.ndarray:
    """The same fast: the law of total variance, one step at a time."""
    P, gamma, mean, spread = chain.P, chain.gamma, chain.V, np.zeros_like(chain.V)
    for _ in range(n):
        spread = chain.sigma**2 + gamma**2 * (P @ spread + P @ mean**2 - (P @ mean) ** 2)
        mean = chain.r + gamma * P @ mean
    return spread


def wrong_variances(chain: Chain, n: int, right: np.ndarray) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    P, r, gamma, V = chain.P, chain.r, chain.gamma, chain.V
    noise = chain.sigma**2

    def moments(
        cross: float = 2.0, fresh: bool = False, spread: np.ndarray = noise, decay: float = gamma**2
    ) -> tuple[np.ndarray, np.ndarray]:
        m, u = V, V**2
        for _ in range(n):
            m_new = r + gamma * P @ m
            u = r**2 + spread + cross * gamma * r * (P @ (m_new if fresh else m)) + decay * P @ u
            m = m_new
        return m, u

    def variance_of(**slip) -> np.ndarray:
        m, u = moments(**slip)
        return u - m**2

    local, quiet = np.zeros_like(r), np.zeros_like(r)
    for _ in range(n):
        local = noise + gamma**2 * P @ local
        quiet = noise + gamma**2 * (P**2) @ quiet
    return {
        "The cross term 2 gamma r (P m) is missing: the square of a sum has three "
        "terms.": variance_of(cross=0.0),
        "The cross term counts once: the square of a sum has it twice.": variance_of(cross=1.0),
        "The cross term uses the mean of the next round: update the second moment before the "
        "mean.": variance_of(fresh=True),
        "Only the noise of the rewards is in: the way through the chain is random too.": local,
        "The noise of the rewards is missing.": variance_of(spread=np.zeros_like(noise)),
        "sigma is a standard deviation: its square is the variance.": variance_of(
            spread=chain.sigma
        ),
        "The second moment of what follows is discounted with gamma: squares need "
        "gamma^2.": variance_of(decay=gamma),
        "This is the second moment: the square of the mean has to be taken off.": moments()[1],
        "This is the standard deviation, not the variance.": np.sqrt(np.maximum(right, 0.0)),
        "This is the variance for one step more.": variance_by_steps(chain, n + 1),
        "This is the variance for one step less.": variance_by_steps(chain, max(n - 1, 0)),
        "The estimate V is ignored: the target ends with V(s_n).": variance_by_steps(
            Chain(P, r, chain.sigma, np.zeros_like(V), gamma), n
        ),
        "The true values stand in the place of V.": variance_by_steps(
            Chain(P, r, chain.sigma, chain.V_pi, gamma), n
        ),
        "The probabilities are squared: they weigh the cases, they are not summed up.": quiet,
        "The matrix acts from the wrong side: row s of P holds where s leads.": variance_by_steps(
            Chain(P.T, r, chain.sigma, V, gamma), n
        ),
    }


def expect_variance(answer, cases) -> None:
    """Compare the variance on several chains."""
    evidence = Comparison()
    for chain, n, right in cases:
        evidence.see(
            answer(chain.P, chain.r, chain.sigma, chain.V, chain.gamma, n),
            right,
            lambda chain=chain, n=n, right=right: wrong_variances(chain, n, right),
            what=f"the variance for n = {n}",
        )
    evidence.conclude()


@variance.check(
    "small chains: the spread over all paths and all noise",
    points=3,
    hint="Write the target as r + noise + gamma G', square it, and average term by term.",
)
def _variance(answer, rng):
    cases = []
    for n in rng.permutation([2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4]).tolist():
        chain = random_chain(rng, 3)
        cases.append((chain, n, variance_by_paths(chain, n)))
    expect_variance(answer, cases)


@variance.check(
    "larger chains and longer targets",
    points=2,
    hint="Two tables go along, m and u, and each round needs both from the round before.",
)
def _variance_long(answer, rng):
    cases = []
    for k, n in enumerate(rng.integers(5, 12, size=10).tolist()):
        chain = random_chain(rng, int(rng.integers(4, 7)), ends=k % 2 == 1)
        cases.append((chain, n, variance_by_times(chain, n)))
    expect_variance(answer, cases)


@variance.check(
    "n = 0 has none, n = 1 has that of one reward and one next value",
    points=1,
    hint="With n = 0 the target is the number V(s).",
)
def _variance_small(answer, rng):
    cases = []
    for n in rng.permutation([0] * 5 + [1] * 7).tolist():
        chain = random_chain(rng)
        ahead = [
            np.average((chain.V - np.average(chain.V, weights=row)) ** 2, weights=row)
            for row in chain.P
        ]
        right = chain.sigma**2 + chain.gamma**2 * np.array(ahead) if n else np.zeros(len(chain.r))
        cases.append((chain, n, right))
    expect_variance(answer, cases)


@variance.check(
    "a deterministic chain has the noise of its rewards only",
    points=1,
    hint="Independent noise adds up in squares: sigma^2, gamma^2 sigma^2, gamma^4 sigma^2 …",
)
def _variance_deterministic(answer, rng):
    cases = []
    for noise in rng.permutation([0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0]).tolist():
        base, n = random_chain(rng, noise=noise), int(rng.integers(1, 10))
        S = len(base.r)
        after = rng.permutation(S)
        chain = Chain(np.eye(S)[after], base.r, base.sigma, base.V, base.gamma)
        right = np.zeros(S)
        for s in range(S):
            at = s
            for i in range(n):
                right[s] += base.gamma ** (2 * i) * base.sigma[at] ** 2
                at = int(after[at])
        cases.append((chain, n, right))
    expect_variance(answer, cases)


@variance.check(
    "after very many steps it is the variance of the return",
    points=1,
    hint="gamma^n V(s_n) has faded: V does not matter any more.",
)
def _variance_limit(answer, rng):
    cases = []
    for _ in range(5):
        chain = random_chain(rng, gamma=float(rng.uniform(0.5, 0.85)))
        P, gamma, V = chain.P, chain.gamma, chain.V_pi
        local = chain.sigma**2 + gamma**2 * (P @ V**2 - (P @ V) ** 2)
        right = np.linalg.solve(np.eye(len(V)) - gamma**2 * P, local)
        cases.append((chain, int(rng.integers(150, 200)), right))
    expect_variance(answer, cases)


# --- 5 choose_n --------------------------------------------------------------------------------

choose = Exercise("04_bias_variance/choose_n")


@dataclass(frozen=True)
class Errors:
    """Bias and variance for n = 0 ... nmax, (nmax + 1, S) each."""

    bias: np.ndarray
    variance: np.ndarray

    @property
    def mean_square(self) -> np.ndarray:
        """Mean over states of bias^2 + variance, (nmax + 1,)."""
        return (self.bias**2 + self.variance).mean(axis=1)


def errors_of(chain: Chain, nmax: int) -> Errors:
    """All of them at once; the variance by the law of total variance, step by step."""
    P, gamma = chain.P, chain.gamma
    error, mean, spread = chain.V - chain.V_pi, chain.V, np.zeros_like(chain.V)
    biases, variances = [error], [spread]
    for _ in range(nmax):
        spread = chain.sigma**2 + gamma**2 * (P @ spread + P @ mean**2 - (P @ mean) ** 2)
        mean = chain.r + gamma * P @ mean
        error = gamma * P @ error
        biases.append(error)
        variances.append(spread)
    return Errors(np.array(biases), np.array(variances))


def chain_with_best(rng: np.random.Generator, best: int, nmax: int) -> tuple[Chain, Errors]:
    """A chain on which the n of least mean-square error is `best`, with a margin."""
    while True:
        S = int(rng.integers(4, 7))
        # A slow walk round a ring: errors of V of both signs fade in a few steps.
        stay = rng.uniform(0.2, 0.7, size=S)
        P = np.diag(stay)
        for s in range(S):
            P[s, (s + 1) % S] += (1 - stay[s]) * 0.8
            P[s, (s - 1) % S] += (1 - stay[s]) * 0.2
        gamma = float(rng.uniform(0.85, 0.95))
        V_pi = np.linalg.solve(np.eye(S) - gamma * P, r := rng.normal(size=S))
        off = rng.normal(size=S)
        V = V_pi + 3.0 * (off - off.mean()) * rng.choice([0.3, 1.0]) + rng.choice([-2.0, 0.0, 4.0])
        noise = rng.uniform(0.5, 1.5, size=S)
        quiet = errors_of(Chain(P, r, 0 * noise, V, gamma), nmax).mean_square[1:]
        added = errors_of(Chain(P, r, noise, V, gamma), nmax).mean_square[1:] - quiet
        for level in rng.permutation(np.geomspace(0.03, 3.0, 16)):
            score = quiet + level**2 * added
            others = np.delete(score, best - 1)
            if others.min(initial=np.inf) > score[best - 1] * 1.001:
                chain = Chain(P, r, level * noise, V, gamma)
                return chain, errors_of(chain, nmax)


def wrong_choices(errors: Errors) -> dict[str, int]:
    """What typical mistakes choose."""
    b, v = errors.bias[1:], errors.variance[1:]
    score = (b**2 + v).mean(axis=1)
    best = int(score.argmin()) + 1
    return {
        "This is the index of the best entry, counted from 0: the first candidate is n = 1.": best
        - 1,
        "Only the bias is made small: that favours the longest targets.": int(
            (b**2).mean(axis=1).argmin()
        )
        + 1,
        "Only the variance is made small: that favours the shortest targets.": int(
            v.mean(axis=1).argmin()
        )
        + 1,
        "The bias is not squared: bias and variance have different units, bias^2 and variance the "
        "same.": int((np.abs(b) + v).mean(axis=1).argmin()) + 1,
        "The bias is added with its sign: errors of opposite sign cancel.": int(
            (b + v).mean(axis=1).argmin()
        )
        + 1,
        "The bias is averaged over the states before it is squared: errors of opposite sign "
        "cancel.": int((b.mean(axis=1) ** 2 + v.mean(axis=1)).argmin()) + 1,
        "The worst state decides: the mean over the states is asked for.": int(
            (b**2 + v).max(axis=1).argmin()
        )
        + 1,
        "The first state decides: the mean over the states is asked for.": int(
            (b**2 + v)[:, 0].argmin()
        )
        + 1,
        "The standard deviation is added instead of the variance.": int(
            (b**2 + np.sqrt(v)).mean(axis=1).argmin()
        )
        + 1,
        "The last candidate, nmax itself, is left out.": int(score[:-1].argmin()) + 1
        if len(score) > 1
        else 0,
        "The n of the largest error is chosen.": int(score.argmax()) + 1,
        "n = 0 is among the candidates: it uses no reward and learns nothing.": int(
            errors.mean_square.argmin()
        ),
    }


def expect_choices(answer, cases) -> None:
    """Judge n by its mean-square error, so a tie is right either way."""
    first: Failed | None = None
    causes: list[str] | None = None
    for chain, errors in cases:
        nmax = len(errors.bias) - 1
        n = whole(answer(chain.P, chain.r, chain.sigma, chain.V, chain.gamma, nmax))
        score = errors.mean_square
        fitting = [cause for cause, value in wrong_choices(errors).items() if value == n]
        causes = fitting if causes is None else [cause for cause in causes if cause in fitting]
        if 1 <= n <= nmax and score[n] <= score[1:].min() * (1 + 1e-9):
            continue
        if first is None:
            best = int(score[1:].argmin()) + 1
            what = f"has the mean-square error {score[n]:.4g}" if 1 <= n <= nmax else "is no choice"
            first = Failed(
                f"n = {n} {what}; n = {best} has {score[best]:.4g}.",
                expected=f"n = {best} of 1 … {nmax}",
                given=f"n = {n}",
            )
    if first is not None:
        first.cause = causes[0] if causes else ""
        raise first


@choose.check(
    "the n of least bias^2 + variance, on average over the states",
    points=3,
    hint="One number for each n from 1 to nmax: the mean over states of bias^2 + variance.",
)
def _choose(answer, rng):
    nmax = 8
    while True:  # until no two mistakes choose alike on all chains
        best = rng.permutation([1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8]).tolist()
        cases = [chain_with_best(rng, k, nmax) for k in best]
        choices = zip(*(wrong_choices(errors).values() for _, errors in cases), strict=True)
        if len(set(choices)) == len(wrong_choices(cases[0][1])):
            break
    expect_choices(answer, cases)


@choose.check(
    "from n = 1 to nmax, both included",
    points=1,
    hint="Without noise and with a wrong V the longest target is best, and nmax is allowed.",
)
def _choose_ends(answer, rng):
    cases = []
    for _ in range(12):
        nmax = int(rng.integers(1, 7))
        best = int(rng.choice([1, nmax]))
        cases.append(chain_with_best(rng, best, nmax))
    expect_choices(answer, cases)


# --- 6 rms_curve -------------------------------------------------------------------------------

study = Exercise("04_bias_variance/rms_curve")

SIGMAS = 7.0
RUNS, OUR_RUNS = 60, 300


def study_slack(ours: np.ndarray, runs: int) -> np.ndarray:
    """How far the mean over `runs` of the student's runs may be from the mean over ours, a cell.

    Both are means of independent errors with one distribution. SIGMAS standard errors of their
    difference: a normal variable is beyond them with probability 3e-12. The errors of single runs
    are skewed to the right, and their variance is estimated from our runs, low when they happen to
    be few large ones. For gamma variables the probability is 1e-9 at skewness 0.8 and 8e-7 at 2.6.
    In 1,800 cells that the exam drew the median skewness was 0.95 and the largest 2.5: all 30 cells
    of `rms_curve` together give fewer than 30 * 8e-7 = 2.4e-5 false alarms, and about 1e-7 if their
    skewness is 1. `pytest -m slow tests/test_nb04_bias_variance.py` measures this.

    Args:
        ours: errors of our runs, (N, A, OUR_RUNS).
        runs: how many runs the student's mean is over.
    """
    variance = ours.var(axis=-1, ddof=1)
    return SIGMAS * np.sqrt(variance / runs + variance / ours.shape[-1])


def fresh(rng: np.random.Generator) -> np.random.Generator:
    """A generator for the answer, which says nothing about the numbers drawn here."""
    return np.random.default_rng(rng.integers(2**63))


def walks(runs: int, rng: np.random.Generator, n_states: int) -> tuple[np.ndarray, np.ndarray]:
    """Walks side by side: positions (runs, longest + 1), each staying at its end, and lengths."""
    at = np.full((runs, 1), (n_states + 1) // 2)
    while True:
        steps = 2 * rng.integers(0, 2, (runs, 8 * n_states)) - 1
        at = np.hstack([at, at[:, -1:] + steps.cumsum(axis=1)])
        out = (at <= 0) | (at >= n_states + 1)
        if out.any(axis=1).all():
            break
    lengths = out.argmax(axis=1)
    time = np.minimum(np.arange(lengths.max() + 1), lengths[:, None])
    return np.take_along_axis(at, time, axis=1), lengths


def simulate(
    ns: np.ndarray,
    alphas: np.ndarray,
    runs: int,
    rng: np.random.Generator,
    n_states: int,
    episodes: int,
    slip: str = "",
) -> np.ndarray:
    """RMS errors, (N, A, runs), by a simulation of its own; `slip` names a mistake to make.

    The outcome of a walk is kept as the value of the end it reaches, so an n-step target is the
    value of the state min(t + n, T): no rewards, no sums.
    """
    truth = np.linspace(-1, 1, n_states + 2)
    first = np.zeros(n_states + 2)
    first[0], first[-1] = (0.0 if slip == "left" else -1.0), 1.0
    if slip == "half":
        first[1:-1] = 0.5
    V = np.tile(first, (len(ns), len(alphas), runs, 1))
    flat = V.reshape(-1)
    base = (np.arange(V.size // len(first)) * len(first)).reshape(V.shape[:3])
    size, lane = alphas[None, :, None], np.arange(runs)
    seen = []
    for _ in range(episodes):
        at, T = walks(runs, rng, n_states)
        longest = at.shape[1] - 1
        if slip == "before":
            seen.append(_study_error(V, truth, slip))
        if slip == "reset":
            V[:] = first
        old = flat.copy() if slip == "offline" else flat
        times = range(slip == "first", longest)
        times = times[::-1] if slip == "backwards" else times
        n = {"td": np.ones_like(ns), "mc": np.full_like(ns, longest)}.get(slip, ns)
        for t in times:
            reached = (t + n[:, None] >= T)[:, None, :]
            ahead = base + at[:, np.minimum(t + n, longest)].T[:, None, :]
            target = old.take(ahead)
            if slip == "lecture":  # the reward of step t + n is counted as well
                end, before = base + at[:, -1], base + at[lane, T - 1]
                one = (t + n[:, None] == T - 1)[:, None, :]
                target = np.where(one, flat.take(end) + flat.take(before), target)
            elif slip == "early":
                sooner = base + at[:, np.minimum(t + n - 1, longest)].T[:, None, :]
                target = np.where(reached, target, flat.take(sooner))
            now = base + at[:, t]
            value = flat.take(now)
            change = size * (target - value)
            if slip == "short":
                change = np.where(reached & (t + n[:, None] > T)[:, None, :], 0.0, change)
            flat[now] = value + change
        if slip != "before":
            seen.append(_study_error(V, truth, slip))
    errors = np.array(seen)
    if slip == "last":
        return errors[-1]
    if slip == "sum":
        return errors.sum(axis=0)
    return np.sqrt(errors.mean(axis=0)) if slip == "pooled" else errors.mean(axis=0)


def _study_error(V: np.ndarray, truth: np.ndarray, slip: str) -> np.ndarray:
    off = V[..., 1:-1] - truth[1:-1]
    square = (off**2).mean(axis=-1)
    if slip == "ends":
        return np.sqrt((off**2).sum(axis=-1) / len(truth))
    if slip == "abs":
        return np.abs(off).mean(axis=-1)
    return square if slip in ("square", "pooled") else np.sqrt(square)


SLIPS = {
    "last": "This is the error after the last episode: the mean over all episodes is asked for.",
    "before": "The error is measured before each episode: it is asked for after each.",
    "square": "This is the mean square: the root is missing.",
    "pooled": "The root is taken after averaging over the episodes: each episode has its own root.",
    "sum": "The errors of the episodes are summed: their mean is asked for.",
    "abs": "This is the mean absolute error: RMS squares first.",
    "ends": "The two ends are among the states that are averaged: only the others have something "
    "to learn.",
    "half": "V does not start at 0.",
    "left": "The left end pays -1 in this walk.",
    "reset": "V starts anew with each episode: it has to be kept from one episode to the next.",
    "td": "n has no effect: every curve is that of n = 1.",
    "mc": "n has no effect: every curve is that of Monte Carlo.",
    "lecture": "There is one reward too many, as in the lecture's formula: r_{t+n} is counted, and "
    "counted again inside V(s_{t+n}).",
    "early": "It bootstraps one state too early, from V(s_{t+n-1}).",
    "short": "Steps whose window reaches beyond the end are never used: their target holds the "
    "rewards that are left.",
    "first": "The first step of each walk is not learned from.",
    "offline": "All targets of an episode come from the V before it: each update has to see what "
    "the updates before it have changed.",
    "backwards": "The steps of an episode are used from the last to the first: the order is that "
    "of time.",
}

ALIKE = "Each run needs walks of its own, and a number of its own: no mean over the runs."

Case = tuple[np.ndarray, np.ndarray, int, int]


def errors_of_runs(value: Any, shape: tuple[int, int, int]) -> np.ndarray:
    """An answer that has one error for each n, step size and run."""
    try:
        return array(value, shape, what="the error array")
    except Failed as found:
        if np.shape(as_array(value)) == shape[:2]:
            found.cause = ALIKE
        raise


def expect_study(
    answer, rng: np.random.Generator, cases: Sequence[Case], slips: Sequence[str]
) -> None:
    """Compare mean errors with our own simulation, cell by cell; `slips` are looked for."""
    given, failed = [], None
    for ns, alphas, n_states, episodes in cases:
        shape = len(ns), len(alphas), RUNS
        value = answer(ns, alphas, RUNS, fresh(rng), n_states, episodes)
        errors = errors_of_runs(value, shape)
        if (np.ptp(errors, axis=-1) < 1e-12).all():
            raise Failed(f"All {RUNS} runs have the same errors.", ALIKE)
        mean = errors.mean(axis=-1)
        ours = simulate(ns, alphas, OUR_RUNS, rng, n_states, episodes)
        off = np.abs(mean - ours.mean(axis=-1)) / (study_slack(ours, RUNS) + 1e-9)
        given.append(mean)
        if failed is None and off.max() > 1:
            i, j = np.unravel_index(off.argmax(), off.shape)
            failed = Failed(
                f"On the walk with {n_states} states the error for n = {ns[i]} and step size "
                f"{alphas[j]:.2g} is not right.",
                expected=f"{ours[i, j].mean():.4f} ± {study_slack(ours, RUNS)[i, j]:.2g}, the mean "
                f"over {episodes} episodes and {RUNS} runs",
                given=f"{mean[i, j]:.4f}",
            )
    if failed is not None:
        failed.cause = study_cause(given, rng, cases, slips)
        raise failed


def study_cause(
    given: list[np.ndarray],
    rng: np.random.Generator,
    cases: Sequence[Case],
    slips: Sequence[str],
) -> str:
    """The slip that explains all cells of all cases, and of several the one that is closest."""
    found, least = "", 1.0
    for slip in slips:
        worst = 0.0
        for mean, (ns, alphas, n_states, episodes) in zip(given, cases, strict=True):
            theirs = simulate(ns, alphas, OUR_RUNS, rng, n_states, episodes, slip)
            off = np.abs(mean - theirs.mean(axis=-1)) / (study_slack(theirs, RUNS) + 1e-9)
            worst = max(worst, float(off.max()))
            if worst > least:
                break
        else:
            found, least = SLIPS[slip], worst
    return found


@study.check(
    "one error for each n, each step size and each run",
    points=0.5,
    hint="errors[i, j, k] belongs to ns[i], alphas[j] and run k.",
)
def _study_cells(answer, rng):
    for count in rng.permutation([1, 2, 4]).tolist():
        n_states = int(2 * rng.integers(1, 6) + 1)
        alphas = np.array([0.0, *rng.uniform(0.2, 0.9, size=2)])[rng.permutation(3)]
        ns, runs = rng.permutation([1, 2, 5, 9])[:count], int(rng.integers(5, 8))
        value = answer(ns, alphas, runs, fresh(rng), n_states, 3)
        given = errors_of_runs(value, (count, 3, runs))
        values = 2 * np.arange(1, n_states + 1) / (n_states + 1) - 1
        start, cells = np.sqrt(np.mean(values**2)), np.ones((count, 1, runs))
        close(
            given[:, alphas == 0],
            start * cells,
            what=f"the error with step size 0 on the walk with {n_states} states",
            cause="With step size 0 nothing is learned: V stays 0, and its error is that of the "
            "true values, rising in a line from the left end to the right.",
            mistakes={
                SLIPS["square"]: start**2 * cells,
                SLIPS["sum"]: 3 * start * cells,
                SLIPS["abs"]: np.abs(values).mean() * cells,
                SLIPS["ends"]: start * math.sqrt(n_states / (n_states + 2)) * cells,
                "The step size has no effect on the errors.": given[:, :1]
                if (np.ptp(given, axis=1) < 1e-12).all()
                else 0 * cells,
            },
        )
        if matches(given, np.full(given.shape, start)):
            raise Failed(
                "With positive step sizes nothing is learned either.",
                "V stays where it starts, or its error is measured before anything is learned.",
            )


@study.check(
    "short walks: the errors are those of our own simulation",
    points=4,
    hint="After each episode: RMS over the states that are not ends. Then the mean over episodes.",
    seconds=60,
)
def _study_short(answer, rng):
    expect_study(answer, rng, short_cases(rng), list(SLIPS))
    expect_one_state(answer, rng)


def short_cases(rng: np.random.Generator) -> list[Case]:
    """Three short walks; the one with many episodes and a small step size tells means of roots."""
    cases = []
    for n_states, episodes in ((7, 3), (5, 40), (int(2 * rng.integers(4, 7) + 1), 6)):
        ns = np.array([1, int(rng.integers(2, 5)), int(rng.integers(6, 30))])
        small = 0.03 if episodes == 40 else 0.2
        cases.append((ns, np.array([small, 0.7]) + rng.uniform(0, 0.1, size=2), n_states, episodes))
    return cases


def expect_one_state(answer, rng: np.random.Generator) -> None:
    """With one state between two ends every walk has one step: few errors are possible."""
    ns, alphas, episodes = rng.permutation([1, 2, 7]), rng.uniform(0.2, 0.9, size=2), 3
    errors = errors_of_runs(answer(ns, alphas, RUNS, fresh(rng), 1, episodes), (3, 2, RUNS))
    for j, alpha in enumerate(alphas.tolist()):
        possible = set()
        for ends in itertools.product((-1.0, 1.0), repeat=episodes):
            V = [
                sum(alpha * (1 - alpha) ** (k - i) * ends[i] for i in range(k + 1))
                for k in range(episodes)
            ]
            possible.add(round(np.mean(np.abs(V)), 9))
        found = errors[:, j].ravel()
        off = np.abs(found[:, None] - np.array(sorted(possible))).min(axis=1)
        if (off > 1e-5).any():
            raise Failed(
                f"On the walk with one state, left in its first step, the error for step size "
                f"{alpha:.2g} is not right.",
                "" if found.any() else lost_step(answer, rng),
                expected="one of " + ", ".join(f"{x:.4f}" for x in sorted(possible)),
                given=f"{found[off.argmax()]:.4f}",
            )


def lost_step(answer, rng: np.random.Generator) -> str:
    """Which step of a walk is not learned from: half of the walks with three states have two."""
    alpha = 0.3
    value = answer(np.array([50]), np.array([alpha]), RUNS, fresh(rng), 3, 1)
    errors = errors_of_runs(value, (1, 1, RUNS)).ravel()

    def comes(V: Sequence[float]) -> bool:  # from the middle to the left end at once
        rms = math.sqrt(math.fsum((v - x) ** 2 for v, x in zip(V, (-0.5, 0, 0.5), strict=True)) / 3)
        return bool((np.abs(errors - rms) < 1e-5).any())

    if comes((-alpha, -alpha, 0)):
        return "The loop over time ends one step early: the longest walk loses its last step."
    if comes((-alpha, 0, 0)):
        return SLIPS["first"]
    if comes((0, -alpha, 0)):
        return "The last step of each walk is not learned from."
    return "Nothing is learned there: the first and the last step of a walk count too."


@study.check(
    "the 19-state walk of the book",
    points=2.5,
    hint="Each update uses V as the updates before it, in the same episode, have left it.",
    seconds=60,
)
def _study_book(answer, rng):
    expect_study(answer, rng, [book_case(rng)], ["offline"])  # others show on short walks already


def book_case(rng: np.random.Generator) -> Case:
    """The walk of the book, with two step sizes that are learned with."""
    ns = np.array([1, int(rng.choice([3, 4, 5, 64]))])
    return ns, rng.uniform([0.25, 0.5], [0.35, 0.7]), 19, 14


@study.check(
    "runs are independent of each other",
    points=0.5,
    hint="Every run walks on its own and has a V of its own.",
)
def _study_runs(answer, rng):
    ns, alphas = np.array([5, 20]), rng.uniform(0.2, 0.7, size=2)
    given = errors_of_runs(answer(ns, alphas, RUNS, fresh(rng), 9, 5), (2, 2, RUNS))
    expect_agreement(given, simulate(ns, alphas, OUR_RUNS, rng, 9, 5))
    for i, j in np.ndindex(2, 2):
        different = len(np.unique(given[i, j].round(12)))
        if different < 40:  # of honest runs all 60 differ, in each of 300 trials
            raise Failed(f"Among the errors of {RUNS} runs only {different} are different.", ALIKE)


@study.check(
    "all chance comes from rng",
    points=0.5,
    hint="The same generator in the same state gives the same errors; another one does not.",
)
def _study_rng(answer, rng):
    ns, alphas = np.array([1, 3]), rng.uniform(0.2, 0.7, size=2)
    seeds = rng.integers(2**31, size=2)
    first, again, other = (
        errors_of_runs(answer(ns, alphas, RUNS, np.random.default_rng(seed), 7, 4), (2, 2, RUNS))
        for seed in (seeds[0], seeds[0], seeds[1])
    )
    expect_agreement(first, simulate(ns, alphas, OUR_RUNS, rng, 7, 4))
    if not matches(again, first):
        raise Failed(
            "The same generator in the same state gives other errors.",
            "All chance has to come from the generator that is handed in, not from NumPy's own.",
        )
    if matches(other, first):
        raise Failed(
            "Different random numbers give the same errors.",
            "Is the generator made inside the function? Then it starts afresh at every call.",
        )


def expect_agreement(given: np.ndarray, ours: np.ndarray) -> None:
    """Numbers that are not errors of this study earn nothing for being random."""
    off = np.abs(given.mean(axis=-1) - ours.mean(axis=-1))
    if (off > study_slack(ours, given.shape[-1])).any():
        raise Failed(
            "The errors are not those of this study, so their chance cannot be judged.",
            "The checks before this one say more.",
        )


# --- bonus: lambda_returns ---------------------------------------------------------------------

lam = Exercise("04_bias_variance/lambda_returns")


def mixture(r: np.ndarray, V: np.ndarray, gamma: float, lam: float, terminated: bool) -> np.ndarray:
    """(1 - lam) sum of lam^(n-1) G^(n), and what is left of the weight on the last one."""
    T, out = len(r), np.zeros(len(r))
    steps = [by_td_errors(r, V, gamma, n, terminated) for n in range(1, T + 1)]
    for t in range(T):
        N = T - t
        weights = [(1 - lam) * lam ** (n - 1) for n in range(1, N)] + [lam ** (N - 1)]
        out[t] = math.fsum(w * float(steps[n][t]) for n, w in enumerate(weights))
    return out


def wrong_mixtures(r, V, gamma, lam, terminated) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    T = len(r)
    args = r, V, gamma

    def recursion(
        weight: float = lam,
        ahead: int = 1,
        end: float | None = None,
        decay: float = gamma,
        last: float | None = None,
    ) -> np.ndarray:
        values = V.astype(float)
        if terminated:
            values[T] = 0.0
        G, out = values[T] if end is None else end, np.zeros(T)
        for t in reversed(range(T)):
            here = values[t + ahead] if last is None or t < T - 1 else last
            G = r[t] + gamma * (1 - weight) * here + decay * weight * G
            out[t] = G
        return out

    cut = mixture(*args, lam, terminated)
    remainder = np.array(
        [lam ** (T - 1 - t) * by_td_errors(*args, T, terminated)[t] for t in range(T)]
    )
    return {
        "The roles of lambda and 1 - lambda are exchanged: lambda = 0 is TD, lambda = 1 Monte "
        "Carlo.": mixture(*args, 1 - lam, terminated),
        "It uses V(s_T) although the episode terminated.": mixture(*args, lam, False),
        "A truncated episode is treated as if it had terminated.": mixture(*args, lam, True),
        "The flag is read the wrong way round.": mixture(*args, lam, not terminated),
        "It bootstraps from V(s_t): the reward leads to s_{t+1}.": recursion(ahead=0),
        "The recursion starts with 0: after a truncation the value of s_T follows.": recursion(
            end=0.0
        ),
        "The recursion starts with V(s_T) although nothing follows a termination.": recursion(
            end=float(V[T])
        ),
        "The part of the next target is not discounted.": recursion(decay=1.0),
        "The weights do not sum to 1: what is left of them belongs to the longest target.": cut
        - remainder
        + (1 - lam) * remainder,
        "The weights do not sum to 1: the longest target of the episode is left out.": cut
        - remainder,
        "The weights are lambda^n instead of lambda^(n-1).": lam * (cut - remainder) + remainder,
        "This is the target of n = 1, whatever lambda.": mixture(*args, 0.0, terminated),
        "This is Monte Carlo, whatever lambda.": mixture(*args, 1.0, terminated),
        "There is no discount.": mixture(r, V, 1.0, lam, terminated),
    }


def expect_lambda(answer, cases, what: str = "the target sequence") -> None:
    """Compare the targets on several cases."""
    expect_values(answer, cases, mixture, wrong_mixtures, what)


def expect_lambda_limit(answer, rng, lam: float) -> None:
    """Compare the targets on several cases with lambda = 0 or lambda = 1."""
    cases = [lambda_case(rng, lam=lam) for _ in range(6)]
    try:
        expect_lambda(answer, cases, f"the target sequence for lambda = {lam:g}")
    except Failed as found:
        if not found.stops and limit_explains(answer, cases):
            found.cause = (
                f"A power of {'1 - lambda' if lam else 'lambda'} is 0 here: nothing can be divided "
                "by it, and it has no logarithm."
            )
        raise


def limit_explains(answer, cases: list[tuple]) -> bool:
    """Whether targets are right or not finite, and finite as soon as lambda is neither 0 nor 1."""

    def finite(value: Any) -> bool:
        found = as_array(value)
        return found.dtype.kind in "biuf" and bool(np.isfinite(found).all())

    usual = [(r, V, gamma, 0.3, terminated) for r, V, gamma, _, terminated in cases]
    try:
        wrong = [
            value
            for case, value in zip(cases, answer.many(cases), strict=True)
            if not matches(value, mixture(*case))
        ]
        explained = len(wrong) > 0 and not any(map(finite, wrong))
        return explained and all(map(finite, answer.many(usual)))
    except AnswerError:
        return False


def lambda_case(rng, T: int | None = None, lam: float | None = None, **fixed) -> tuple:
    """Random rewards, values, gamma and lambda."""
    r, V, gamma, _, terminated = nstep_case(rng, n=1, T=T, **fixed)
    return r, V, gamma, float(rng.uniform(0.1, 0.45)) if lam is None else lam, terminated


@lam.check(
    "episodes that terminated: the weighted mean of all n-step targets",
    points=2,
    hint="G_t = r_t + gamma [(1 - lambda) V(s_{t+1}) + lambda G_{t+1}], and nothing after the end.",
)
def _lambda_terminated(answer, rng):
    expect_lambda(answer, [lambda_case(rng, terminated=True) for _ in range(20)])


@lam.check(
    "truncated episodes: the last target bootstraps too",
    points=1,
    hint="After a cut G_T is V(s_T), after a termination 0.",
)
def _lambda_truncated(answer, rng):
    expect_lambda(answer, [lambda_case(rng, terminated=False) for _ in range(20)])


@lam.check(
    "lambda = 0 is TD and lambda = 1 is Monte Carlo",
    points=1,
    hint="And gamma = 0 leaves the next reward, whatever lambda.",
)
def _lambda_limits(answer, rng):
    for x in rng.permutation([0.0, 1.0]).tolist():
        expect_lambda_limit(answer, rng, x)
    for x in rng.permutation([0.0, 1.0]).tolist():
        expect_lambda(answer, [lambda_case(rng, gamma=x)], f"the target sequence for gamma = {x:g}")
    expect_lambda(answer, [lambda_case(rng, T=1)], "the target of a single step")


@lam.check(
    "long memories, and r and V stay as they are",
    points=1,
    hint="Nothing needs to be divided by lambda or 1 - lambda.",
)
def _lambda_unchanged(answer, rng):
    expect_lambda(answer, [lambda_case(rng, lam=float(x)) for x in rng.uniform(0.9, 0.999, 6)])
    for terminated in rng.permutation([True, False]).tolist():
        case = lambda_case(rng, terminated=terminated)
        expect_unchanged(answer, case, mixture(*case), "the target sequence", "rewards and values")
