"""Hidden checks of 06_parametric_q: hard and Polyak updates of a target network, and their lag."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from grader.exams.evidence import Evidence
from grader.exams.parametric_nets import PROBE, report_of
from qlib.checks import Exercise, Failed, array, show

hard = Exercise("06_parametric_q/hard_update")
soft = Exercise("06_parametric_q/soft_update")
matching = Exercise("06_parametric_q/matching_tau")

SHAPES = {
    "0.weight": (4, 3),
    "0.bias": (4,),
    "1.weight": (4,),
    "1.bias": (4,),
    "1.running_mean": (4,),
    "1.running_var": (4,),
    "1.num_batches_tracked": (),
    "3.weight": (2, 4),
    "3.bias": (2,),
}
BUFFERS = ("1.running_mean", "1.running_var", "1.num_batches_tracked")
RTOL = 1e-4  # float32

State = dict[str, np.ndarray]


def a_state(rng, scale: float = 1.0) -> State:
    """Random parameters and buffers of the network that the probe builds."""
    state: State = {}
    for name, shape in SHAPES.items():
        if name.endswith("tracked"):
            state[name] = np.array(rng.integers(1, 90), dtype=np.int64)
        else:
            x = np.abs(rng.normal(size=shape)) if "var" in name else rng.normal(size=shape)
            state[name] = (scale * x).astype(np.float32)
    return state


def plus(state: State, change: State) -> State:
    """The sum, name by name."""
    return {name: x + change[name] for name, x in state.items()}


def mixed(own: State, target: State, tau: float, *, buffers: float | None = 1.0) -> State:
    """The mixture tau own + (1 - tau) target; `buffers` is their rate, None leaves them alone."""
    result = {}
    for name, x in target.items():
        rate = tau if name not in BUFFERS else buffers
        mixture = x if rate is None else rate * own[name] + (1 - rate) * x
        result[name] = np.trunc(mixture) if name.endswith("tracked") else mixture
    return result


def flat(state: Any, names: list[str]) -> np.ndarray:
    """The named entries in one vector.

    Raises:
        Failed: if one is missing or has another shape.
    """
    if not isinstance(state, dict) or not set(names) <= set(state):
        raise Failed("The networks cannot be read after the update.", stops=True)
    parts = [array(state[name], SHAPES[name], what=f"{name} of the network") for name in names]
    return np.concatenate([part.ravel() for part in parts])


def same_as(given: np.ndarray, want: np.ndarray) -> bool:
    """Equal up to float32."""
    return bool((np.abs(given - want) <= RTOL * np.maximum(np.abs(want), 1.0)).all())


def expect_states(said: Any, want: State, own: State, what: str, mistakes: dict[str, State]):
    """Compare the target network, and then that the own network is what the check made of it."""
    for names, words in (
        ([n for n in SHAPES if n not in BUFFERS], f"the weights of the target network {what}"),
        (list(BUFFERS), f"the buffers of the target network {what}"),
    ):
        given, right = flat(report_of(said, "target"), names), flat(want, names)
        if same_as(given, right):
            continue
        cause = next((t for t, s in mistakes.items() if same_as(given, flat(s, names))), "")
        raise Failed(
            f"{words[0].upper()}{words[1:]} are not right.",
            cause if unharmed(said, own) else EXCHANGED,
            expected=show(right),
            given=show(given),
        )
    if not unharmed(said, own):
        raise Failed("The network that is followed has changed.", SHARED)


EXCHANGED = (
    "The network that is followed has changed instead: the roles of the two are exchanged. The "
    "target network moves."
)
SHARED = "Only the target network moves: the roles of the two are exchanged, or they share memory."


def unharmed(said: Any, own: State, names: Iterable[str] = SHAPES) -> bool:
    """Whether the own network is what the check made of it."""
    names = list(names)
    return same_as(flat(report_of(said, "own"), names), flat(own, names))


def run(answer, rng, taus: list[float | None], *, quiet: bool = False) -> tuple:
    """Call the update with the own network changing after each call.

    Returns:
        What the probe says; the states of own and target at each call; the own state in the end.
    """
    own, target = a_state(rng), a_state(rng)
    still = {name: 0 * x for name, x in own.items()}
    changes = [still if quiet else a_state(rng, 0.7) for _ in taus]
    said = answer.probe(PROBE + "follow", own, target, taus, changes)
    pairs = []
    for tau, change in zip(taus, changes, strict=True):
        pairs.append((own, target))
        target = mixed(own, target, 1.0 if tau is None else tau)
        own = plus(own, change)
    return said, pairs, target, own


UNMOVED = (
    "The target network has not moved. A new name for it inside the function, or new tensors that "
    "nobody keeps, leave the caller's network as it is."
)


@hard.check(
    "parameters and buffers are copied",
    points=1,
    hint="All of the state, in place.",
)
def _hard(answer, rng):
    for _ in range(3):
        said, pairs, want, own = run(answer, rng, [None], quiet=True)
        q, target = pairs[0]
        mistakes = {
            "The buffers are not copied, only the parameters.": mixed(q, target, 1.0, buffers=None),
            UNMOVED: target,
        }
        expect_states(said, want, own, "after the copy", mistakes)


@hard.check(
    "a copy: what happens to the network later does not reach the target",
    points=1,
    hint="Copy values. Two networks that share tensors are one network.",
)
def _hard_alias(answer, rng):
    for n in rng.permutation([1, 2, 3]):
        said, pairs, want, own = run(answer, rng, [None] * int(n))
        mistakes = {
            UNMOVED: pairs[0][1],
            "The target network follows every later change: it shares memory with the network "
            "instead of holding a copy.": own,
            "Only the first copy arrives.": pairs[0][0],
        }
        expect_states(said, want, own, "when the network has changed since", mistakes)


def wrong_mixtures(q: State, target: State, tau: float) -> dict[str, State]:
    """The target after one update with a mistake."""
    return {
        UNMOVED: target,
        "The rate is the wrong way round: tau belongs to the network, 1 - tau to the target.": (
            mixed(q, target, 1 - tau)
        ),
        "The target is copied in full: the rate is ignored.": mixed(q, target, 1.0),
        "The share 1 - tau of the target is missing.": {
            name: q[name] if name in BUFFERS else tau * x for name, x in q.items()
        },
        "The target keeps its full weight: tau times the network is added on top.": {
            name: q[name] if name in BUFFERS else target[name] + tau * x for name, x in q.items()
        },
        "The buffers are averaged: they are to be copied.": mixed(q, target, tau, buffers=tau),
        "The buffers are left as they were: they are to be copied.": mixed(
            q, target, tau, buffers=None
        ),
    }


@soft.check(
    "one step towards the network",
    points=1,
    hint="tau times the network plus 1 - tau times the target, for every parameter, in place.",
)
def _soft(answer, rng):
    names = [n for n in SHAPES if n not in BUFFERS]
    for _ in range(4):
        tau = float(rng.choice([rng.uniform(0.05, 0.4), rng.uniform(0.6, 0.95)]))
        said, pairs, want, own = run(answer, rng, [tau], quiet=True)
        given, right = flat(report_of(said, "target"), names), flat(want, names)
        if not same_as(given, right):
            causes = wrong_mixtures(*pairs[0], tau)
            cause = next((t for t, s in causes.items() if same_as(given, flat(s, names))), "")
            raise Failed(
                f"The parameters of the target network are not right after a step with "
                f"tau = {tau:.3g}.",
                cause if unharmed(said, own, names) else EXCHANGED,
                expected=show(right),
                given=show(given),
            )


@soft.check(
    "step after step, with a network that moves",
    points=1,
    hint="Both networks stay separate; the target remembers a mixture of all the past.",
)
def _soft_many(answer, rng):
    names = [n for n in SHAPES if n not in BUFFERS]
    for n in (int(n) for n in rng.permutation([1, 3, 6])):
        taus = [float(t) for t in rng.uniform(0.05, 0.6, n)]
        said, pairs, want, own = run(answer, rng, taus)
        given, right = flat(report_of(said, "target"), names), flat(want, names)
        wrong = dict(wrong_mixtures(*pairs[0], taus[0]))
        if n > 1:
            wrong = {
                UNMOVED: pairs[0][1],
                "Only the last step counts.": mixed(*pairs[-1], taus[-1]),
            }
        wrong["The target shares memory with the network: later changes reach it."] = own
        if not same_as(given, right):
            raise Failed(
                f"The parameters of the target network are not right after {n} "
                f"step{'s' * (n > 1)}, the network having changed after each.",
                next((t for t, s in wrong.items() if same_as(given, flat(s, names))), ""),
                expected=show(right),
                given=show(given),
            )
        if not same_as(flat(report_of(said, "own"), names), flat(own, names)):
            raise Failed(
                "The network that is followed has changed.",
                "Only the target network moves: the roles of the two are exchanged, or they share "
                "memory.",
            )


def after_steps(pairs: list, taus: list[float], instead: dict[float, float]) -> State:
    """The target after several steps in which some rates are taken for others."""
    target = pairs[0][1]
    for (own, _), tau in zip(pairs, taus, strict=True):
        target = mixed(own, target, instead.get(tau, tau))
    return target


@soft.check(
    "tau = 0 and tau = 1",
    points=0.5,
    hint="0 leaves the parameters alone, 1 copies them.",
)
def _soft_ends(answer, rng):
    names = [n for n in SHAPES if n not in BUFFERS]
    for _ in range(3):
        taus = [float(t) for t in rng.permutation([0.0, 1.0, 0.25, 1.0])] + [0.0, 0.5]
        said, pairs, want, own = run(answer, rng, taus)
        given, right = flat(report_of(said, "target"), names), flat(want, names)
        if not same_as(given, right):
            wrong = {
                "Where tau is 1 the target gets the tensors of the network instead of a copy: from "
                "then on both share memory.": own,
                "tau = 0 copies the network; it has to leave the parameters alone.": (
                    after_steps(pairs, taus, {0.0: 1.0})
                ),
                "tau = 1 leaves the parameters alone; it has to copy the network.": (
                    after_steps(pairs, taus, {1.0: 0.0})
                ),
            }
            raise Failed(
                "The parameters of the target network are not right after steps with the rates "
                f"{taus}.",
                next((t for t, s in wrong.items() if same_as(given, flat(s, names))), ""),
                expected=show(right),
                given=show(given),
            )


@soft.check(
    "buffers are copied",
    points=0.5,
    hint="A running mean is an average already, a counter a whole number.",
)
def _soft_buffers(answer, rng):
    names = list(BUFFERS)
    for _ in range(3):
        tau = float(rng.uniform(0.05, 0.6))
        said, pairs, want, own = run(answer, rng, [tau])
        given, right = flat(report_of(said, "target"), names), flat(want, names)
        if not same_as(given, right):
            causes = wrong_mixtures(*pairs[0], tau)
            del causes[UNMOVED]  # said of the weights, by other checks
            causes["The buffers share memory with those of the network."] = own
            cause = next((t for t, s in causes.items() if same_as(given, flat(s, names))), "")
            raise Failed(
                "The buffers of the target network are not those of the network.",
                cause if unharmed(said, own, names) else EXCHANGED,
                expected=show(right),
                given=show(given),
            )


@matching.check(
    "both targets are equally old on average",
    points=2,
    hint="Set (1 - tau) / tau equal to (N - 1) / 2 and solve for tau.",
)
def _matching(answer, rng):
    evidence = Evidence("tau")
    for N in rng.permutation([1, 2, *rng.choice(np.arange(3, 700), 14, replace=False)]):
        N = int(N)
        mistakes = {
            "This is 1 / N: it matches the oldest age of the copy, N - 1, not the mean.": 1 / N,
            "This is 2 / N: it takes N / 2 for the mean age of the copy, 1 / tau for that of the "
            "mixture. Both are only nearly right: ages count from 0.": 2 / N,
            "This is 2 / (N + 2): it takes N / 2 for the mean age of the copy, whose ages count "
            "from 0 to N - 1.": 2 / (N + 2),
            "This is 1 / (N + 1), half as much: the mean age of the copy is (N - 1) / 2, not N.": (
                1 / (N + 1)
            ),
            "This is 2 / (N - 1): it takes 1 / tau for the mean age of the mixture, whose newest "
            "weights have the age 0.": 2 / max(N - 1, 1),
            "This is the mean lag, not the rate.": (N - 1) / 2,
        }
        right = 1 / (1 + np.arange(N).mean())  # lag (1 - tau) / tau, solved for tau
        evidence.see(answer(N), right, lambda m=mistakes: m)
    evidence.conclude()
