"""Visible checks of 01_mdp: crashes, shapes and one value a person can check by hand.

All of them use one small world, `corridor`, which the notebook introduces and draws.
"""

from typing import Any

import numpy as np

from qlib.checks.compare import array, as_array, close, number, show
from qlib.checks.exercise import Exercise
from qlib.checks.failure import Failed
from qlib.data import Episode
from qlib.mdp import TabularMDP

LEFT, RIGHT = 0, 1


def corridor(gamma: float = 0.5) -> TabularMDP:
    """Three states in a row: 0 - 1 - 2, and 2 is terminal.

    Action 1 moves right: it pays 1 in state 0 and 4 in state 1. Action 0 stays and pays nothing.
    Always moving right earns 1 + gamma * 4.
    """
    P = np.zeros((3, 2, 3))
    P[0, 0, 0] = P[1, 0, 1] = P[0, 1, 1] = P[1, 1, 2] = P[2, :, 2] = 1.0
    R = np.array([[0.0, 1.0], [0.0, 4.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, terminal=np.arange(3) == 2, rho0=np.array([1.0, 0.0, 0.0]))


def always(action: int, n_states: int = 3, n_actions: int = 2) -> np.ndarray:
    """The policy that takes one action everywhere, (S, A)."""
    return np.tile(np.eye(n_actions)[action], (n_states, 1))


def episode_of(value: Any, *, rewards: bool = True) -> Episode:
    """An answer's episode as arrays of fitting lengths.

    Args:
        value: what the answer returned.
        rewards: whether `r` is looked at too.

    Raises:
        Failed: naming what does not fit together.
    """
    if value is None:
        raise Failed(
            "The result is None.", "Is there a `return`?", expected="an Episode", stops=True
        )
    if not isinstance(value, Episode):
        raise Failed(
            f"The result is of type {type(value).__name__}.",
            expected="an Episode",
            given=show(value),
            stops=True,
        )
    a = _sequence(value.a, "a", "int")
    s = _sequence(value.s, "s", "int")
    T = len(a)
    if len(s) != T + 1:
        raise Failed(
            f"The episode has {T} actions and {len(s)} states.",
            "The state in which it ends belongs to it: T steps pass through T + 1 states."
            if len(s) <= T
            else "Every step has one action, and no action follows the last state.",
            expected=f"{T + 1} states s_0 … s_{T}",
            given=f"{len(s)} states",
            stops=True,
        )
    r = np.zeros(T)
    if rewards:
        r = _sequence(value.r, "r", "float")
        if len(r) != T:
            raise Failed(
                f"The episode has {T} actions and {len(r)} rewards.",
                "A reward belongs to a state and an action: the last state has no reward."
                if len(r) > T
                else "Every step has a reward, the last one too.",
                expected=f"{T} rewards",
                given=f"{len(r)} rewards",
                stops=True,
            )
    terminated = number(value.terminated, kind="bool", what="the flag `terminated`")
    truncated = number(value.truncated, kind="bool", what="the flag `truncated`")
    return Episode(s, a, r, bool(terminated), bool(truncated))


def _sequence(value: Any, name: str, kind: str) -> np.ndarray:
    """A field of an episode as a 1-d array."""
    if as_array(value).ndim != 1:
        raise Failed(
            f"The field `{name}` of the episode is not a sequence of numbers.",
            expected=f"`{name}` with one axis",
            given=show(value),
            stops=True,
        )
    return array(value, np.shape(value), kind=kind, what=f"the field `{name}` of the episode")


is_valid = Exercise("01_mdp/is_valid_mdp")


@is_valid.check("one valid MDP passes, two broken ones do not", hint="One question at a time.")
def _is_valid_mdp(answer, rng):
    mdp = corridor()
    verdict = number(answer(mdp.P, mdp.R, mdp.terminal), kind="bool", what="the verdict")
    if not verdict:
        raise Failed("The corridor is a valid MDP, but it is rejected.", expected="True")
    P = mdp.P.copy()
    P[0, 1] = [0.0, 0.9, 0.0]
    if number(answer(P, mdp.R, mdp.terminal), kind="bool", what="the verdict"):
        raise Failed(
            "An MDP with a row of P that sums to 0.9 is accepted.", expected="False", given="True"
        )
    R = mdp.R.copy()
    R[2, 0] = 1.0
    if number(answer(mdp.P, R, mdp.terminal), kind="bool", what="the verdict"):
        raise Failed(
            "An MDP whose terminal state pays a reward is accepted.", expected="False", given="True"
        )


rollout = Exercise("01_mdp/rollout")


@rollout.check(
    "two steps to the right through the corridor",
    hint="Follow the arrows of the corridor: right, right, the end.",
)
def _rollout(answer, rng):
    episode = episode_of(answer(corridor(), always(RIGHT), rng, 10))
    close(episode.s, [0, 1, 2], what="the state sequence s")
    close(episode.a, [1, 1], what="the action sequence a")
    close(episode.r, [1.0, 4.0], what="the reward sequence r")
    if (episode.terminated, episode.truncated) != (True, False):
        raise Failed(
            "The episode ended in the terminal state, long before the step limit.",
            expected="terminated True, truncated False",
            given=f"terminated {episode.terminated}, truncated {episode.truncated}",
        )


returns = Exercise("01_mdp/discounted_returns")


@returns.check("three rewards by hand", hint="Start at the last reward: G_2 = 3.")
def _discounted_returns(answer, rng):
    close(answer(np.array([1.0, 2.0, 3.0]), 0.5), [2.75, 3.5, 3.0], what="the return sequence")


dist = Exercise("01_mdp/state_dist")


@dist.check("the first two steps in the corridor", hint="Half of the mass stays, half moves on.")
def _state_dist(answer, rng):
    uniform = np.full((3, 2), 0.5)
    close(answer(corridor(), uniform, 0), [1.0, 0.0, 0.0], what="the distribution at t = 0")
    close(answer(corridor(), uniform, 1), [0.5, 0.5, 0.0], what="the distribution at t = 1")


exact = Exercise("01_mdp/J_exact")


@exact.check("always right through the corridor", hint="1 now, and 4 one step later.")
def _j_exact(answer, rng):
    close(answer(corridor(0.5), always(RIGHT)), 1.0 + 0.5 * 4.0, what="J")


mc = Exercise("01_mdp/J_mc")


def pair_of(value: Any) -> tuple[float, float]:
    """An answer's `(mean, stderr)`."""
    if not isinstance(value, tuple | list | np.ndarray) or as_array(value).shape != (2,):
        raise Failed(
            "The result is not a pair of numbers.",
            expected="(mean, stderr)",
            given=show(value),
            stops=True,
        )
    return (
        number(value[0], what="the mean"),
        number(value[1], what="the standard error"),
    )


@mc.check("no chance, no error", hint="Every episode is the same, so the standard error is 0.")
def _j_mc(answer, rng):
    mean, stderr = pair_of(answer(corridor(0.5), always(RIGHT), 10, rng))
    close(mean, 3.0, what="the mean")
    close(stderr, 0.0, what="the standard error")


fix_1 = Exercise("01_mdp/fix_1")


@fix_1.check("one reward of 8 after two empty steps", hint="How often is it discounted?")
def _fix_1(answer, rng):
    close(answer(np.array([0.0, 0.0, 8.0]), 0.5), 2.0, what="the repaired sum")


fix_2 = Exercise("01_mdp/fix_2")


@fix_2.check("two steps through the corridor", hint="Two actions, two rewards.")
def _fix_2(answer, rng):
    close(answer([0, 1, 1, 1, 2], corridor().R, 0.5), 3.0, what="the return of the trajectory")


fix_3 = Exercise("01_mdp/fix_3")


@fix_3.check("two trajectories by hand", hint="First one number for each trajectory.")
def _fix_3(answer, rng):
    close(answer(np.array([[1.0, 4.0], [0.0, 2.0]]), 0.5), 2.0, what="the average")


fix_4 = Exercise("01_mdp/fix_4")


@fix_4.check("right, and then whatever the policy does", hint="In which state is it asked?")
def _fix_4(answer, rng):
    pi = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    close(answer(corridor(0.5), pi, 0, RIGHT), 3.0, what="the expected sum of two rewards")
