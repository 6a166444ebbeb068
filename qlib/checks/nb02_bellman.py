"""Visible checks of 02_bellman: crashes, shapes and one value a person can check by hand.

Most of them use one small world, `door`, which the notebook introduces and draws.
"""

from typing import Any

import numpy as np

from qlib import proof
from qlib.checks.compare import array, close, show
from qlib.checks.exercise import Exercise
from qlib.checks.failure import Failed
from qlib.mdp import TabularMDP, as_policy

LEAVE, WAIT = 0, 1


def door(gamma: float = 0.5) -> TabularMDP:
    """Two states, and the second is terminal.

    In state 0, action 0 leaves for the end and pays 1; action 1 waits in state 0 and pays nothing.
    """
    P = np.zeros((2, 2, 2))
    P[0, LEAVE, 1] = P[0, WAIT, 0] = P[1, :, 1] = 1.0
    R = np.array([[1.0, 0.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, terminal=np.array([False, True]))


UNIFORM = np.full((2, 2), 0.5)


def sides_of(value: Any, shape: tuple[int, ...] = ()) -> tuple[np.ndarray, np.ndarray]:
    """A certificate's `(lhs, rhs)`, each of this shape."""
    if value is None:
        array(value, shape, what="the result")
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise Failed(
            "The result is not a pair of two sides.",
            expected="(lhs, rhs)",
            given=show(value),
            stops=True,
        )
    return (
        array(value[0], shape, what="the left side"),
        array(value[1], shape, what="the right side"),
    )


def holds(value: Any, shape: tuple[int, ...] = ()) -> None:
    """Two sides, and the left one is not larger."""
    lhs, rhs = sides_of(value, shape)
    if not (lhs <= rhs + 1e-9).all():
        raise Failed(
            "The left side is larger than the right side.",
            "Are the sides exchanged?",
            given=f"{show(lhs[()])} on the left, {show(rhs[()])} on the right",
        )


def parts_of(value: Any, what: tuple[str, ...]) -> tuple[TabularMDP, ...]:
    """What a counterexample consists of: a world and tables that fit it."""
    if value is None:
        array(value, (), what="the result")
    asked = f"({', '.join(what)})"
    if not isinstance(value, tuple | list) or len(value) != len(what):
        raise Failed(
            "The result does not have the parts that are asked for.",
            expected=asked,
            given=show(value),
            stops=True,
        )
    mdp = value[0]
    if not isinstance(mdp, TabularMDP):
        raise Failed(
            f"The first part is of type {type(mdp).__name__}.",
            expected="a TabularMDP",
            stops=True,
        )
    if mdp.n_states * mdp.n_actions > 400 or mdp.is_sparse:
        raise Failed(
            "A few states are enough for a counterexample.",
            expected="at most 400 pairs of state and action, in a dense array",
            given=f"{mdp.n_states * mdp.n_actions} pairs",
            stops=True,
        )
    if np.abs(mdp.R).max() > 1000:
        raise Failed("Keep the rewards between -1000 and 1000.", stops=True)
    tables = []
    for name, table in zip(what[1:], value[1:], strict=True):
        table = _table(table, mdp, name)
        if np.abs(table).max() > 1e6:
            raise Failed(f"Keep the table `{name}` between -1e6 and 1e6.", stops=True)
        if name[0] == "p":
            try:
                table = as_policy(mdp, table)
            except ValueError:
                raise Failed(
                    f"`{name}` is no policy.",
                    "Each row holds probabilities and sums to 1.",
                    given=show(table),
                    stops=True,
                ) from None
        tables.append(table)
    return mdp, *tables


def has_shape(value: Any, shape: tuple[int, ...]) -> bool:
    """Whether a value is an array of this shape with finite entries."""
    try:
        array(value, shape)
    except Failed:
        return False
    return True


def _table(value: Any, mdp: TabularMDP, name: str) -> np.ndarray:
    """A part of a counterexample: (S, A) for `Q...` and `pi...`, (S,) for others."""
    pairs, states = mdp.R.shape, (mdp.n_states,)
    wanted, other = (pairs, states) if name[0] in "Qp" else (states, pairs)
    try:
        return array(value, wanted, what=f"the table `{name}`")
    except Failed as found:
        if found.stops and has_shape(value, other):
            each = ("each state", "each pair of state and action")
            had, asked = each if wanted == pairs else each[::-1]
            found.cause = f"It has one number for {had}: one for {asked} is asked for."
        raise


def gamma_below_1(mdp: TabularMDP) -> None:
    """Refuse an undiscounted world, and one so close to it that rounding counts."""
    if mdp.gamma > 0.99:
        raise Failed(
            "The claim is about discounted worlds.",
            expected="gamma at most 0.99",
            given=f"gamma = {mdp.gamma:g}",
        )


def check_form(value: Any, about: proof.Proof) -> None:
    """Known letters, no block twice, reasons from the list, and a line that can stand first."""
    lines = proof.lines_of(value, about)
    if lines[0][0] not in about.starts:
        raise Failed(
            f"A proof cannot begin with block {lines[0][0]}.",
            "It uses something that no line has established yet, or it is false.",
        )


def word_of(value: Any) -> str:
    """One of the four words."""
    words = ("pi", "star", "both", "neither")
    if value is None:
        array(value, (), what="the result")
    if not isinstance(value, str) or value not in words:
        raise Failed(
            "The result is not one of the four words.",
            expected=" or ".join(f'"{word}"' for word in words),
            given=show(value),
            stops=True,
        )
    return value


def small_world(rng: np.random.Generator, gamma: float = 0.8) -> TabularMDP:
    """A random world of 4 states and 2 actions."""
    P = rng.dirichlet(np.ones(4), (4, 2))
    return TabularMDP(P, rng.normal(size=(4, 2)), gamma)


def one_start(mdp: TabularMDP) -> int:
    """The only first state."""
    if (mdp.rho0 > 0).sum() != 1:
        raise Failed(
            "The first state is not always the same one.",
            "rho0 gives all its probability to one state.",
            given=f"rho0 = {show(mdp.rho0)}",
        )
    return int(mdp.rho0.argmax())


def undiscounted(value: Any) -> tuple[TabularMDP, np.ndarray, np.ndarray]:
    """A world with gamma = 1 and two tables that are 0 in terminal states."""
    mdp, Q1, Q2 = parts_of(value, ("mdp", "Q1", "Q2"))
    close(mdp.gamma, 1.0, what="gamma", cause="The hunt is about undiscounted worlds.")
    for name, Q in (("Q1", Q1), ("Q2", Q2)):
        if Q[mdp.terminal].any():
            raise Failed(
                f"`{name}` is not 0 in a terminal state.",
                "After the end nothing is earned: the value there is 0 by definition.",
            )
    return mdp, Q1, Q2


peel = Exercise("02_bellman/order_peel")


@peel.check("letters, reasons and a possible first line", hint="What does Q^pi stand for?")
def _order_peel(answer, rng):
    check_form(answer(), proof.PEEL)


operator_pi = Exercise("02_bellman/bellman_pi")


@operator_pi.check("one backup of a table by hand", hint="Waiting leads back to state 0.")
def _bellman_pi(answer, rng):
    close(answer(np.zeros((2, 2)), door(), UNIFORM), [[1.0, 0.0], [0.0, 0.0]], what="the backup")
    Q = np.array([[1.0, 0.0], [0.0, 0.0]])
    close(answer(Q, door(), UNIFORM), [[1.0, 0.25], [0.0, 0.0]], what="the second backup")


values = Exercise("02_bellman/solve_v")


@values.check("the value of a coin toss at the door", hint="V = 1/2 · 1 + 1/2 · 1/2 · V.")
def _solve_v(answer, rng):
    close(answer(door(), UNIFORM), [2 / 3, 0.0], what="V")


one_step = Exercise("02_bellman/q_from_v")


@one_step.check("Q from V at the door", hint="Leaving pays 1, then nothing more.")
def _q_from_v(answer, rng):
    close(answer(np.array([2 / 3, 0.0]), door()), [[1.0, 1 / 3], [0.0, 0.0]], what="Q")


gain = Exercise("02_bellman/advantage")


@gain.check("leaving or waiting, against a coin toss", hint="V = 2/3 in state 0.")
def _advantage(answer, rng):
    Q = np.array([[1.0, 1 / 3], [0.0, 0.0]])
    close(answer(Q, UNIFORM), [[1 / 3, -1 / 3], [0.0, 0.0]], what="the advantage")


operator_opt = Exercise("02_bellman/bellman_opt")


@operator_opt.check("two backups by hand", hint="The best next action, not the mean.")
def _bellman_opt(answer, rng):
    first = answer(np.zeros((2, 2)), door())
    close(first, [[1.0, 0.0], [0.0, 0.0]], what="the backup")
    Q = np.array([[1.0, 0.0], [0.0, 0.0]])
    close(answer(Q, door()), [[1.0, 0.5], [0.0, 0.0]], what="the second backup")


typing = Exercise("02_bellman/superscript")


@typing.check("the values of the coin toss are not optimal", hint="Back the table up once.")
def _superscript(answer, rng):
    Q = np.array([[1.0, 1 / 3], [0.0, 0.0]])
    word = word_of(answer(Q, door(), UNIFORM))
    if word != "pi":
        raise Failed(
            "This table holds the values of the coin toss, and nothing else.",
            expected='"pi"',
            given=f'"{word}"',
        )


c1 = Exercise("02_bellman/c1")


@c1.check("the left side is at most the right side", hint="The sup norm: the largest distance.")
def _c1(answer, rng):
    mdp = small_world(rng)
    holds(answer(mdp, rng.normal(size=(4, 2)), rng.normal(size=(4, 2))))


c2 = Exercise("02_bellman/c2")


@c2.check("the left side is at most the right side", hint="Apply the operator k times.")
def _c2(answer, rng):
    holds(answer(small_world(rng), rng.normal(size=(4, 2)), 3))


hunt_l2 = Exercise("02_bellman/hunt_l2")


@hunt_l2.check("a world and two tables", hint="Any world and any tables pass here.")
def _hunt_l2(answer, rng):
    mdp, *_ = parts_of(answer(), ("mdp", "Q1", "Q2"))
    gamma_below_1(mdp)


hunt_gamma1 = Exercise("02_bellman/hunt_gamma1")


@hunt_gamma1.check("an undiscounted world and two tables", hint="Set gamma to 1.")
def _hunt_gamma1(answer, rng):
    undiscounted(answer())


proof_of_optimality = Exercise("02_bellman/order_optimality")


@proof_of_optimality.check(
    "letters, reasons and a possible first line",
    hint="Two lines need nothing: one about maxima, one about a single backup.",
)
def _order_optimality(answer, rng):
    check_form(answer(), proof.OPTIMALITY)


hunt_start = Exercise("02_bellman/hunt_start")


@hunt_start.check("a world with one first state, and a policy", hint="Look at rho0.")
def _hunt_start(answer, rng):
    mdp, _ = parts_of(answer(), ("mdp", "pi"))
    gamma_below_1(mdp)
    one_start(mdp)


hunt_ties = Exercise("02_bellman/hunt_ties")


@hunt_ties.check("a world and two policies", hint="Policies are probabilities, (S, A).")
def _hunt_ties(answer, rng):
    mdp, *_ = parts_of(answer(), ("mdp", "pi1", "pi2"))
    gamma_below_1(mdp)


c5 = Exercise("02_bellman/c5")


@c5.check("no state loses", hint="Two value functions, one number for each state.")
def _c5(answer, rng):
    holds(answer(small_world(rng), np.full((4, 2), 0.5)), (4,))


c3 = Exercise("02_bellman/c3")


@c3.check("the left side is at most the right side", hint="How far does one backup move Q?")
def _c3(answer, rng):
    holds(answer(small_world(rng), rng.normal(size=(4, 2))))


hunt_operator = Exercise("02_bellman/hunt_operator")


@hunt_operator.check("a world and two value tables", hint="Shapes: V and W are (S,).")
def _hunt_operator(answer, rng):
    mdp, *_ = parts_of(answer(), ("mdp", "V", "W"))
    gamma_below_1(mdp)


c4 = Exercise("02_bellman/c4")


@c4.check("the left side is at most the right side", hint="A table (S,) is V, a table (S, A) is Q.")
def _c4(answer, rng):
    mdp = small_world(rng)
    holds(answer(mdp, rng.normal(size=4)))
    holds(answer(mdp, rng.normal(size=(4, 2))))


c6 = Exercise("02_bellman/c6")


@c6.check("the left side is at most the right side", hint="One policy in two worlds.")
def _c6(answer, rng):
    mdp, other = small_world(rng), small_world(rng)
    holds(answer(mdp, other, np.full((4, 2), 0.5)))
    lhs, _ = sides_of(answer(mdp, mdp, np.full((4, 2), 0.5)))
    close(lhs, 0.0, what="the left side for two equal worlds")
