"""Hidden checks of 01_mdp.

Expected values come from sources that do not resemble an answer: sums over all paths, a linear
system on pairs (s, a), direct double sums, worlds whose value is known beforehand.

False alarms: each statistical comparison fails a right answer with probability at most 1e-7
(`tabular.slack` has the calculation). `rollout` makes 5 (first states) + 3 (actions) + 3 (next
states) of them, `J_mc` one (the mean); its standard error leaves its band with less than 1e-9 (see
there). Two streams of chance are the same one, where they must differ, with less than 12^-40. All
other checks compare exact numbers, up to rounding. The sum is 1.2e-6.
"""

import itertools
import math

import numpy as np

from grader.exams.evidence import Evidence
from grader.exams.tabular import (
    expect_shares,
    pair_chain,
    random_mdp,
    random_policy,
    return_variance,
    slack,
    true_return,
)
from qlib.checks import Exercise, Failed, array, close, matches, number, show
from qlib.checks.compare import as_array
from qlib.checks.nb01_mdp import episode_of, pair_of
from qlib.mdp import TabularMDP

# --- 1 is_valid_mdp ----------------------------------------------------------------------------

is_valid = Exercise("01_mdp/is_valid_mdp")


def valid_parts(
    rng: np.random.Generator, n_states: int | None = None, n_actions: int | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """P, R, terminal of a valid MDP whose probabilities are multiples of 1/16: sums are exact."""
    n_states = n_states or int(rng.integers(4, 7))
    n_actions = n_actions or int(rng.integers(2, 4))
    weights = rng.dirichlet(np.ones(n_states), (n_states, n_actions))
    P = rng.multinomial(16, weights) / 16
    R = rng.integers(-5, 6, (n_states, n_actions)) / 4 + 0.125
    terminal = np.zeros(n_states, dtype=bool)
    if n_states > 1:
        terminal[rng.permutation(n_states)[: int(rng.integers(1, n_states // 2 + 1))]] = True
    P[terminal], R[terminal] = 0.0, 0.0
    for s in np.flatnonzero(terminal):
        P[s, :, s] = 1.0
    return P, R, terminal


class Verdicts:
    """Cases to be judged True or False, asked in random order.

    An answer that alternates, or says always the same, must not earn points; a failure is reported
    in the order in which the cases were added, so that the same mistake has the same message.
    """

    def __init__(self) -> None:
        self.cases: list[tuple[bool, tuple, str, str]] = []

    def valid(
        self, parts: tuple, symptom: str = "A valid MDP is rejected.", cause: str = ""
    ) -> None:
        """Add a case that must be accepted; the arrays are copied. No cause: it is looked for."""
        self.cases.append((True, tuple(np.array(part) for part in parts), symptom, cause))

    def invalid(self, parts: tuple, symptom: str, cause: str = "") -> None:
        """Add a case that must be rejected."""
        self.cases.append((False, tuple(np.array(part) for part in parts), symptom, cause))

    def ask(self, answer, rng: np.random.Generator) -> None:
        """Ask them all.

        Raises:
            Failed: for the first case added that is judged wrongly.
        """
        order = rng.permutation(len(self.cases))
        results = answer.many(self.cases[i][1] for i in order)
        given = {
            i: number(result, kind="bool", what="the verdict")
            for i, result in zip(order, results, strict=True)
        }
        for i, (right, _, symptom, cause) in enumerate(self.cases):
            if given[i] != right:
                if right:
                    cause = cause or why_rejected(answer, rng)
                elif accepts(answer, np.full((2, 2, 2), 2.0), np.full((2, 2), np.nan), [True] * 2):
                    cause = "Everything is accepted, even a P full of 2s with rewards of NaN."
                raise Failed(symptom, cause, expected=str(right), given=str(given[i]))


def accepts(answer, P: np.ndarray, R: np.ndarray, terminal) -> bool:
    """The answer's verdict."""
    return bool(number(answer(P, R, np.array(terminal)), kind="bool", what="the verdict"))


def why_rejected(answer, rng: np.random.Generator) -> str:
    """What the valid MDPs have in common that an answer accepts, if it rejects others."""
    P, R, terminal = valid_parts(rng, 4, 4)
    if accepts(answer, P, np.abs(R), terminal):
        return "Rewards may be negative: only those of terminal states are fixed, to 0."
    ongoing = rng.multinomial(16, rng.dirichlet(np.ones(4), (4, 4))) / 16
    s, a = np.divmod(np.arange(16), 4)
    square = np.zeros((4, 4, 4))
    square[s, a, (s + a) % 4] = 1.0  # sums to 1 along every axis
    never = np.zeros(4, dtype=bool)
    R = R + 0.125 * (R == 0)
    if accepts(answer, ongoing, R, never):
        return (
            "An MDP without terminal states is accepted. For a terminal s, P[s, a, s] is 1 and "
            "R[s, a] is 0: are other entries asked for that?"
        )
    if accepts(answer, square, R, never):
        return "A row P[s, a] runs over the next states, the last axis of P: is another one summed?"
    return "None of the valid MDPs that were tried is accepted."


def live_row(rng: np.random.Generator, terminal: np.ndarray, n_actions: int) -> tuple[int, int]:
    """A state that is not terminal, and an action."""
    return int(rng.choice(np.flatnonzero(~terminal))), int(rng.integers(n_actions))


@is_valid.check(
    "negative probabilities are found",
    points=1,
    hint="A row can sum to 1 and still contain a negative number.",
)
def _negative(answer, rng):
    verdicts = Verdicts()
    for _ in range(12):
        P, R, terminal = valid_parts(rng)
        verdicts.valid((P, R, terminal))
        s, a = live_row(rng, terminal, P.shape[1])
        lower, upper = rng.permutation(len(terminal))[:2]
        amount = P[s, a, lower] + rng.choice([0.0625, 0.5, 2.0])
        P[s, a, lower] -= amount
        P[s, a, upper] += amount
        verdicts.invalid(
            (P, R, terminal),
            f"A row of P with the entry {P[s, a].min():g} is accepted; the row sums to 1.",
            "A sum of 1 does not make a distribution: no entry may be negative.",
        )
    verdicts.ask(answer, rng)


@is_valid.check(
    "rows that do not sum to 1 are found",
    points=1,
    hint="Every single row has to sum to 1, for each state and each action.",
)
def _row_sums(answer, rng):
    verdicts = Verdicts()
    for k in range(12):
        P, R, terminal = valid_parts(rng)
        verdicts.valid((P, R, terminal))
        s, a = live_row(rng, terminal, P.shape[1])
        if k % 2:
            scale = rng.choice([0.5, 0.9375, 1.25])
            P[s, a] *= scale
            symptom = f"An MDP with a row of P that sums to {scale:g} is accepted."
        else:  # two faults that cancel in any total over actions
            other = (a + 1) % P.shape[1]
            P[s, a], P[s, other] = P[s, a] * 0.75, P[s, other] * 1.25
            symptom = "An MDP with one row that sums to 0.75 and one to 1.25 is accepted."
        verdicts.invalid(
            (P, R, terminal),
            symptom,
            "The sum is 1 for every pair of a state and an action, not only on average.",
        )
    verdicts.ask(answer, rng)


@is_valid.check(
    "rounding errors are forgiven, mistakes are not",
    points=0.5,
    hint="How far from 1 is the sum 0.1 + 0.2 + 0.7 in floating point?",
)
def _rounding(answer, rng):
    verdicts = Verdicts()
    for _ in range(10):
        P, R, terminal = valid_parts(rng)
        verdicts.valid((P, R, terminal))
        s, a = live_row(rng, terminal, P.shape[1])
        k = int(P[s, a].argmax())
        exact = P[s, a, k]
        P[s, a, k] = exact + rng.choice([-1e-12, 1e-12])
        verdicts.valid(
            (P, R, terminal),
            "An MDP with a row sum that is off by 1e-12 is rejected.",
            "Sums of floating-point numbers are rarely exactly 1: compare with a tolerance.",
        )
        P[s, a, k] = exact - 1e-3
        verdicts.invalid(
            (P, R, terminal),
            "An MDP with a row sum of 0.999 is accepted.",
            "The tolerance is too wide: rounding errors are far below 1e-9.",
        )
    verdicts.ask(answer, rng)


@is_valid.check(
    "NaN and infinite numbers are found",
    points=1,
    hint="Ask a question that NaN answers with False, or ask for finite numbers.",
)
def _finite(answer, rng):
    verdicts = Verdicts()
    nan_cause = "Every comparison with NaN is False: a search for faults by comparison passes it."
    for k in range(12):
        P, R, terminal = valid_parts(rng)
        verdicts.valid((P, R, terminal))
        s, a = live_row(rng, terminal, P.shape[1])
        if k % 3 == 0:
            P[s, a, int(rng.integers(len(terminal)))] = np.nan
            symptom, cause = "An MDP with NaN in P is accepted.", nan_cause
        elif k % 3 == 1:
            R[s, a] = np.nan
            symptom, cause = "An MDP with NaN in R is accepted.", "Rewards are numbers too."
        else:
            R[s, a] = rng.choice([-np.inf, np.inf])
            symptom, cause = "An MDP with an infinite reward is accepted.", ""
        verdicts.invalid((P, R, terminal), symptom, cause)
    verdicts.ask(answer, rng)


@is_valid.check(
    "a terminal state that can be left is found",
    points=1,
    hint="Absorbing: whatever the action, the next state is the same state.",
)
def _absorbing(answer, rng):
    verdicts = Verdicts()
    for k in range(12):
        P, R, terminal = valid_parts(rng)
        verdicts.valid((P, R, terminal))
        s = int(rng.choice(np.flatnonzero(terminal)))
        a = int(rng.integers(P.shape[1]))
        others, where = np.flatnonzero(np.arange(len(terminal)) != s), "leaves"
        if k % 2 and terminal.sum() > 1:  # into another terminal state is still a way out
            others = np.flatnonzero(terminal & (np.arange(len(terminal)) != s))
            where = "leaves for another terminal state"
        stays = float(rng.choice([0.0, 0.5, 0.9375]))
        P[s, a] = 0.0
        P[s, a, s], P[s, a, rng.choice(others)] = stays, 1.0 - stays
        verdicts.invalid(
            (P, R, terminal),
            f"A terminal state that one action {where} with probability {1 - stays:g} is accepted.",
            "A terminal state is absorbing: it leads to itself with probability 1, whatever "
            "the action.",
        )
    verdicts.ask(answer, rng)


@is_valid.check(
    "a terminal state that pays a reward is found",
    points=1,
    hint="After the end nothing more is earned, or returned, whatever the action.",
)
def _terminal_reward(answer, rng):
    verdicts = Verdicts()
    for k in range(12):
        P, R, terminal = valid_parts(rng)
        verdicts.valid((P, R, terminal))
        s = int(rng.choice(np.flatnonzero(terminal)))
        if k % 2 == 0:
            R[s, int(rng.integers(P.shape[1]))] = rng.choice([-1.0, -0.01, 0.01, 1.0])
            symptom = "An MDP whose terminal state pays a reward for one action is accepted."
        else:  # rewards that cancel
            R[s, :2] = [0.5, -0.5]
            symptom = "An MDP whose terminal state pays 0.5 and -0.5 is accepted."
        verdicts.invalid(
            (P, R, terminal),
            symptom,
            "The reward of a terminal state is 0 for every action: else the sum over an endless "
            "trajectory is not the sum over the episode.",
        )
    verdicts.ask(answer, rng)


@is_valid.check(
    "one state or one action is enough",
    points=0.5,
    hint="Nothing in the definition needs two states, two actions, or a terminal state.",
)
def _smallest(answer, rng):
    verdicts = Verdicts()
    P, R, terminal = valid_parts(rng, 4, 2)
    P[terminal], R[terminal] = 0.25, 1.0
    verdicts.valid(
        (P, R, np.zeros(4, dtype=bool)),
        "A valid MDP without a terminal state is rejected.",
        "Nothing in the definition asks for a terminal state.",
    )
    for n_states, n_actions in ((1, 1), (1, 3), (5, 1)):
        P, R, terminal = valid_parts(rng, n_states, n_actions)
        size = f"S = {n_states} and A = {n_actions}"
        verdicts.valid(
            (P, R, terminal),
            f"A valid MDP with {size} is rejected.",
            "One state or one action is enough. Is an axis of length 1 lost?",
        )
        s, a = live_row(rng, terminal, n_actions)
        P[s, a] = P[s, a] * 0.75
        verdicts.invalid((P, R, terminal), f"An MDP with {size} and a bad row is accepted.")
    P, R, _ = valid_parts(rng, 1, 2)
    parts = P, np.zeros_like(R), np.ones(1, dtype=bool)
    verdicts.valid(
        parts,
        "A valid MDP whose only state is terminal is rejected.",
        "All states may be terminal.",
    )
    verdicts.ask(answer, rng)


# --- 2 rollout ---------------------------------------------------------------------------------

rollout = Exercise("01_mdp/rollout")

OWN_SEED = "Is the generator made inside the function? Then it starts afresh at every call."
GLOBAL_RNG = "All chance has to come from the generator that is handed in, not from NumPy's own."


@rollout.check(
    "T actions, T rewards and T + 1 states belong together",
    points=2,
    hint="Step t is in s_t, takes a_t, earns R[s_t, a_t] and arrives in s_{t+1}.",
)
def _consistent(answer, rng):
    rewards, paths = Evidence("the reward sequence"), []
    for _ in range(4):
        mdp = random_mdp(rng, 5, 3, n_terminal=1, reach=3)
        pi = random_policy(rng, mdp)
        pi[np.arange(5), rng.integers(3, size=5)] = 0.0
        pi /= pi.sum(axis=1, keepdims=True)
        for value in answer.repeat(6, mdp, pi, rng, 12):
            episode = episode_of(value)
            expect_existing(mdp, episode.s, episode.a)
            paths.append((mdp, pi, episode.s, episode.a))
            s, s_next, a = episode.s[:-1], episode.s[1:], episode.a
            rewards.see(
                episode.r,
                mdp.R[s, a],
                lambda R=mdp.R, s=s, a=a, s_next=s_next, ends=mdp.terminal[s_next]: {
                    "The reward of the terminating step is dropped: r_t belongs to (s_t, a_t), "
                    "wherever the step ends.": np.where(ends, 0.0, R[s, a]),
                    "The reward is looked up in the next state: it belongs to the state in which "
                    "the action is taken.": R[s_next, a],
                },
            )
    if not any(len(a) for *_, a in paths):
        raise Failed(NO_STEP)
    expect_possible(paths)
    rewards.conclude()


def expect_possible(paths: list[tuple[TabularMDP, np.ndarray, np.ndarray, np.ndarray]]) -> None:
    """Every start, action and step has a positive probability, in all (mdp, pi, s, a)."""
    for mdp, _, s, _ in paths:
        if mdp.rho0[s[0]] == 0:
            raise Failed(
                f"The episode starts in state {s[0]}, where none can start.",
                "The first state is drawn from rho0.",
            )
    for _, pi, s, a in paths:
        never = np.flatnonzero(pi[s[:-1], a] == 0)
        if len(never):
            raise Failed(
                f"In step {never[0]} an episode takes an action that the policy never takes there.",
                another_row(paths),
            )
    for mdp, _, s, a in paths:
        impossible = np.flatnonzero(mdp.P[s[:-1], a, s[1:]] == 0)
        if len(impossible):
            raise Failed(
                f"Step {impossible[0]} leads to a state that cannot follow there.",
                "The next state is drawn from the row P[s_t, a_t], and stored together with s_t "
                "and a_t.",
            )


def another_row(paths: list[tuple[TabularMDP, np.ndarray, np.ndarray, np.ndarray]]) -> str:
    """Whose row of the policy the actions come from, if not that of the state they are taken in."""
    before = np.concatenate([pi[s[:-2], a[1:]] > 0 for _, pi, s, a in paths if len(a)])
    after = np.concatenate([pi[s[1:], a] > 0 for _, pi, s, a in paths])
    if len(before) >= 20 and before.all():
        return "It is drawn from the row of the state before: a_t belongs to the row pi[s_t]."
    if len(after) >= 20 and after.all():
        return "It is drawn from the row of the next state: a_t belongs to the row pi[s_t]."
    return "Is the policy ignored? The action is drawn from the row pi[s_t]."


NO_STEP = "The episode takes no step, though it starts where it can go on."


def expect_existing(mdp: TabularMDP, s: np.ndarray, a: np.ndarray) -> None:
    """States and actions are numbers from 0."""
    if not (np.isin(s, range(mdp.n_states)).all() and np.isin(a, range(mdp.n_actions)).all()):
        raise Failed("The episode contains a state or an action that does not exist.")


@rollout.check("first states follow rho0", points=1, hint="Not every world starts in state 0.")
def _starts(answer, rng):
    mdp = random_mdp(rng, 5)
    rho0 = rng.permutation([0.0, 0.1, 0.2, 0.3, 0.4])
    mdp = TabularMDP(mdp.P, mdp.R, mdp.gamma, mdp.terminal, rho0)
    values = answer.repeat(300, mdp, random_policy(rng, mdp), rng, 1)
    episodes = [episode_of(value, rewards=False) for value in values]
    if not all(len(episode.a) for episode in episodes):
        raise Failed(NO_STEP, expected="T = 1 with max_steps = 1", given="T = 0")
    if all(episode == episodes[0] for episode in episodes):
        raise Failed("All 300 episodes are the same one.", OWN_SEED)
    starts = np.array([episode.s[0] for episode in episodes])
    if len(set(starts.tolist())) == 1:
        raise Failed(
            f"All 300 episodes start in state {starts[0]}, though four states can be the first.",
            "The first state is not drawn from rho0.",
        )
    if not np.isin(starts, range(5)).all():
        raise Failed("The episode starts in a state that does not exist.")
    expect_shares(
        np.bincount(starts, minlength=5),
        rho0,
        [f"an episode starts in state {s}" for s in range(5)],
        {"All states are equally likely, whatever rho0 says.": np.full(5, 0.2)},
    )


RANKED = np.array([0.6, 0.3, 0.1])
"""Every row of the world for counting holds these probabilities, each row in its own order. So one
count for each of the three serves all rows together."""


def ranked(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Rows of probabilities; the most likely entry is not the same in all of them."""
    while True:
        table = np.array([rng.permutation(RANKED) for _ in range(rows)])
        if len(set(table.argmax(axis=1).tolist())) == 3:
            return table


def long_episode(answer, rng) -> tuple[TabularMDP, np.ndarray, np.ndarray, np.ndarray]:
    """1,500 steps without an end in a world with 3 states and 3 actions."""
    mdp = TabularMDP(ranked(rng, 9).reshape(3, 3, 3), rng.normal(size=(3, 3)), 0.9)
    pi = ranked(rng, 3)
    episode = episode_of(answer(mdp, pi, rng, 1500), rewards=False)
    if len(episode.a) < 1000:
        raise Failed(
            f"An episode without terminal states ended after {len(episode.a)} steps.",
            "Only a terminal state or the step limit ends an episode.",
            expected="1500 steps",
        )
    expect_existing(mdp, episode.s, episode.a)
    return mdp, pi, episode.s, episode.a


def ranks(probabilities: np.ndarray) -> np.ndarray:
    """How often each of `RANKED` occurs."""
    return (probabilities[:, None] == RANKED).sum(axis=0)


@rollout.check("actions follow the policy", points=1.5, hint="a_t is drawn from the row pi[s_t].")
def _actions(answer, rng):
    _, pi, s, a = long_episode(answer, rng)
    mistakes = {
        "The most likely action is always taken. A policy is a distribution: draw from it.": (
            np.array([1.0, 0.0, 0.0])
        ),
        "The actions look as if all were equally likely, whatever the policy says.": (
            np.full(3, 1 / 3)
        ),
    }
    counts = ranks(pi[s[:-1], a])
    for elsewhere in (pi[s[1:], a], pi[s[:-2], a[1:]]):
        if np.abs(ranks(elsewhere) / len(elsewhere) - RANKED).max() < 0.05:
            mistakes = {
                "The action of step t is drawn from the policy row of another state than s_t.": (
                    counts / counts.sum()
                )
            }
    expect_shares(
        counts, RANKED, [f"an action of probability {p:g} is taken" for p in RANKED], mistakes
    )


@rollout.check(
    "next states follow P", points=1.5, hint="s_{t+1} is drawn from the row P[s_t, a_t]."
)
def _next_states(answer, rng):
    mdp, _, s, a = long_episode(answer, rng)
    expect_shares(
        ranks(mdp.P[s[:-1], a, s[1:]]),
        RANKED,
        [f"a state of probability {p:g} follows" for p in RANKED],
        {
            "The most likely next state always follows. P is a distribution: draw from it.": (
                np.array([1.0, 0.0, 0.0])
            ),
            "The next states look as if all were equally likely, whatever P says.": (
                np.full(3, 1 / 3)
            ),
        },
    )


@rollout.check(
    "an episode ends at the first terminal state or at the step limit",
    points=1.5,
    hint="Look at the state before every step, and count the steps.",
)
def _ends(answer, rng):
    for _ in range(6):
        mdp = random_mdp(rng, 4, 2, n_terminal=1)
        limit = int(rng.integers(2, 6))
        for value in answer.repeat(6, mdp, random_policy(rng, mdp), rng, limit):
            episode = episode_of(value, rewards=False)
            T = len(episode.a)
            if limit < T:
                raise Failed(
                    "The episode takes more steps than the step limit allows.",
                    expected=f"at most {limit} steps",
                    given=f"{T} steps",
                )
            ends = mdp.terminal[np.clip(episode.s, 0, 3)]
            if ends[:-1].any():
                raise Failed(
                    "The episode goes on after a terminal state.",
                    "The first terminal state is the last state of the episode.",
                    expected=f"T = {int(ends.argmax())}",
                    given=f"T = {T}",
                )
            if limit > T and not ends[-1]:
                raise Failed(
                    "The episode stops in a state that is not terminal, before the step limit.",
                    "Is the last step, or the state it leads to, left out?",
                    expected=f"{limit} steps, or a terminal state",
                    given=f"{T} steps",
                )


@rollout.check(
    "terminated and truncated say why it ended",
    points=1,
    hint="Terminated: the last state is terminal. Truncated: the limit cut it, and it is not.",
)
def _flags(answer, rng):
    length = int(rng.integers(2, 5))  # a row of states: exactly `length` steps to the end
    P = np.zeros((length + 1, 2, length + 1))
    for s in range(length + 1):
        P[s, :, min(s + 1, length)] = 1.0
    terminal = np.arange(length + 1) == length
    R = np.where(terminal[:, None], 0.0, rng.normal(size=(length + 1, 2)))
    mdp = TabularMDP(P, R, 0.9, terminal, np.eye(length + 1)[0])
    pi = random_policy(rng, mdp)
    for limit, ended in ((length + 3, True), (length - 1, False), (length, True)):
        episode = episode_of(answer(mdp, pi, rng, limit), rewards=False)
        flags = episode.terminated, episode.truncated
        if flags == (ended, not ended):
            continue
        if flags == (True, True):
            symptom = "Both flags are True."
            cause = "Never both: where the last allowed step reaches a terminal state, the episode "
            cause += "terminated. Nothing was cut off."
        elif flags == (False, False):
            symptom = "Both flags are False."
            cause = "Exactly one is True: an episode ends in a terminal state or at the step limit."
        elif not ended:
            symptom = "The step limit cut the episode, and the flags do not say so."
            cause = "A time limit is no terminal state: the world would have gone on."
        else:
            symptom = "The episode reached a terminal state, and the flags do not say so."
            cause = "Reaching it with the last allowed step is a termination." * (limit == length)
        raise Failed(
            symptom,
            cause,
            expected=f"terminated {ended}, truncated {not ended}",
            given=f"terminated {flags[0]}, truncated {flags[1]}",
        )


@rollout.check(
    "no step from a terminal start, none with max_steps = 0",
    points=1,
    hint="An episode of T = 0 steps has one state, no action and no reward.",
)
def _no_step(answer, rng):
    mdp = random_mdp(rng, 4, 2, n_terminal=2)
    pi = random_policy(rng, mdp)
    in_end = TabularMDP(mdp.P, mdp.R, mdp.gamma, mdp.terminal, np.eye(4)[3])
    cases = (
        (in_end, 5, (True, False), "An episode that starts in a terminal state"),
        (mdp, 0, (False, True), "An episode with max_steps = 0"),
        (in_end, 0, (True, False), "A terminal start with max_steps = 0"),
    )
    for world, limit, flags, which in cases:
        episode = episode_of(answer(world, pi, rng, limit))
        if len(episode.a):
            raise Failed(
                f"{which} does not have T = 0 steps.",
                "The state has to be looked at before the first step.",
                expected="T = 0",
                given=f"T = {len(episode.a)}",
            )
        if (episode.terminated, episode.truncated) != flags:
            raise Failed(
                f"{which} has the wrong flags.",
                expected="terminated {}, truncated {}".format(*flags),
                given=f"terminated {episode.terminated}, truncated {episode.truncated}",
            )
    if not len(episode_of(answer(mdp, pi, rng, 3)).a):  # else never to move would earn the point
        raise Failed(NO_STEP)


@rollout.check(
    "all chance comes from rng",
    points=0.5,
    hint="The same generator in the same state gives the same episode; another one does not.",
)
def _same_rng(answer, rng):
    mdp = TabularMDP(np.full((4, 3, 4), 0.25), np.zeros((4, 3)), 0.9)
    pi = np.full((4, 3), 1 / 3)
    seeds = rng.integers(2**31, size=2)
    first, again, other = (
        episode_of(answer(mdp, pi, np.random.default_rng(seed), 40))
        for seed in (seeds[0], seeds[0], seeds[1])
    )
    if not len(first.a):
        raise Failed(NO_STEP)
    if first != again:
        raise Failed("The same generator in the same state gives two episodes.", GLOBAL_RNG)
    one, two = answer.repeat(2, mdp, pi, np.random.default_rng(seeds[0]), 40)
    if first == other or episode_of(one) == episode_of(two):
        raise Failed("Different random numbers give the same episode.", OWN_SEED)


# --- 3 discounted_returns ----------------------------------------------------------------------

returns = Exercise("01_mdp/discounted_returns")


def direct_sum(r: np.ndarray, gamma: float, last_value: float = 0.0) -> np.ndarray:
    """Every G_t from its definition, a sum of its own."""
    T = len(r)
    return np.array(
        [
            math.fsum(
                [gamma ** (k - t) * float(r[k]) for k in range(t, T)]
                + [gamma ** (T - t) * last_value]
            )
            for t in range(T)
        ]
    )


def wrong_returns(r: np.ndarray, gamma: float, last_value: float) -> dict[str, np.ndarray]:
    """What typical mistakes give on these rewards."""
    T, t = len(r), np.arange(len(r))
    right = direct_sum(r, gamma, last_value)
    weighted = gamma**t * r
    return {
        "Every reward is discounted once too often, as in the lecture: G_t starts with r_t itself, "
        "undiscounted.": gamma * right,
        "The sum runs forwards: G_t adds up what comes from t on, not what came before.": np.cumsum(
            weighted
        ),
        "The recursion runs from the first reward to the last: G_t needs what comes after "
        "t.": direct_sum(r[::-1], gamma)[::-1],
        "The returns are in the reverse order of time.": right[::-1],
        "The discount counts from the start of the episode: at step t the reward r_t has the "
        "weight 1.": np.cumsum(weighted[::-1])[::-1] + gamma**T * last_value,
        "The rewards are weighted with powers of gamma first, and then discounted again.": (
            direct_sum(weighted, gamma, last_value)
        ),
        "There is no discount.": direct_sum(r, 1.0, last_value),
        "The reward r_t itself is missing from G_t.": right - r,
        "The last reward is missing.": direct_sum(r, gamma, last_value)
        - gamma ** (T - 1 - t) * r[-1],
        "The sum stops after the next reward.": r + gamma * np.append(r[1:], last_value),
        "This is one return for the whole episode, repeated.": np.full(T, right[0]),
    }


@returns.check(
    "G_t is the sum of gamma^k r_{t+k}",
    points=3,
    hint="G_t = r_t + gamma G_{t+1}: which end of the episode do you know first?",
)
def _direct_sum(answer, rng):
    lengths = rng.integers(2, 40, size=20)
    cases = [(rng.normal(size=T) + 1.0, float(rng.uniform(0.2, 0.95))) for T in lengths]
    evidence = Evidence("the return sequence")
    for case, value in zip(cases, answer.many(cases), strict=True):
        evidence.see(value, direct_sum(*case), lambda case=case: wrong_returns(*case, 0.0))
    evidence.conclude()


def wrong_last_values(r: np.ndarray, gamma: float, last_value: float) -> dict[str, np.ndarray]:
    """What typical mistakes with the last value give."""
    T, t, plain = len(r), np.arange(len(r)), direct_sum(r, gamma)
    at_end = gamma ** (T - 1 - t)
    return {
        "The last value is ignored: a truncated episode is treated as if it had ended.": plain,
        "The last value is not discounted: from step t it lies T - t steps away.": plain
        + last_value,
        "The last value is discounted once too little: it follows after the last reward.": plain
        + at_end * last_value,
        "The last value replaces the last reward instead of following it.": plain
        + at_end * (last_value - r[-1]),
        "The last value reaches the last step only.": plain + gamma * last_value * (t == T - 1),
    }


@returns.check(
    "last_value stands for what comes after the last step",
    points=2,
    hint="Seen from the last step it is one step away.",
)
def _last_value(answer, rng):
    cases = []
    for T in rng.integers(2, 20, size=20):
        r, gamma = rng.normal(size=T) + 1.0, float(rng.uniform(0.2, 0.95))
        cases.append((r, gamma, float(rng.normal() + 5.0)))
    evidence = Evidence("the return sequence with a last value")
    for case, value in zip(cases, answer.many(cases), strict=True):
        evidence.see(
            value,
            direct_sum(*case),
            lambda case=case: wrong_last_values(*case) | wrong_returns(*case),
        )
    evidence.conclude()


@returns.check(
    "gamma = 0 and gamma = 1 work",
    points=1,
    hint="Nothing needs to be divided by a power of gamma. And gamma to the power 0 is 1.",
)
def _extreme_gammas(answer, rng):
    for T in (1, 4, 30):
        r, last_value = rng.normal(size=T) + 1.0, float(rng.normal() + 5.0)
        close(
            answer(r, 0.0, last_value),
            r,
            what="the return sequence for gamma = 0",
            mistakes={"With gamma = 0 the reward r_t itself still counts in full.": np.zeros(T)},
        )
        close(
            answer(r, 1.0, last_value),
            direct_sum(r, 1.0, last_value),
            what="the return sequence for gamma = 1",
        )


@returns.check(
    "an episode of 0 steps has 0 returns",
    points=1,
    hint="A start in a terminal state gives T = 0: shape (0,), whatever the last value.",
)
def _empty(answer, rng):
    for last_value in (0.0, 3.0):
        array(answer(np.zeros(0), 0.9, last_value), (0,), what="the result for T = 0")
        r = rng.normal(size=2) + 2.0  # an answer that is always empty gets no point for it
        close(
            answer(r, 0.9, last_value), direct_sum(r, 0.9, last_value), what="the result for T = 2"
        )


@returns.check(
    "integer rewards are not rounded",
    points=0.5,
    hint="An array made like r has the type of r.",
)
def _integers(answer, rng):
    for T in (3, 12):
        r = rng.integers(1, 9, size=T)
        right = direct_sum(r, 0.5)
        given = array(answer(r, 0.5), (T,), what="the result")
        whole = "Integers come in, and the results are cut to whole numbers."
        cause = whole if (given == np.round(given)).all() else ""
        close(given, right, what="the return sequence of integer rewards", cause=cause)


@returns.check(
    "the rewards stay as they are",
    points=0.5,
    hint="The caller still needs r: fill an array of your own.",
)
def _unchanged(answer, rng):
    r = rng.normal(size=6) + 1.0
    first, second = answer.repeat(2, r, 0.5)
    close(first, direct_sum(r, 0.5), what="the return sequence")
    if not matches(second, direct_sum(r, 0.5)):
        raise Failed(
            "A second call with the same rewards gives another result.",
            "The function changes the array it was given.",
            expected=show(np.asarray(first)),
            given=show(np.asarray(second)),
        )


# --- 4 state_dist ------------------------------------------------------------------------------

dist = Exercise("01_mdp/state_dist")


def dist_by_paths(mdp: TabularMDP, pi: np.ndarray, t: int) -> np.ndarray:
    """Probability of each state after t steps: a sum over all paths."""
    result = np.zeros(mdp.n_states)
    states, actions = range(mdp.n_states), range(mdp.n_actions)
    for path in itertools.product(states, *[actions, states] * t):
        p = mdp.rho0[path[0]]
        for k in range(0, 2 * t, 2):
            s, a, s_next = path[k : k + 3]
            p *= pi[s, a] * mdp.P[s, a, s_next]
        result[path[-1]] += p
    return result


def dist_by_pairs(mdp: TabularMDP, pi: np.ndarray, t: int) -> np.ndarray:
    """The same for long times: a power of the chain on pairs (s, a)."""
    start, matrix, _ = pair_chain(mdp, pi)
    pairs = start @ np.linalg.matrix_power(matrix, t)
    return pairs.reshape(mdp.n_states, mdp.n_actions).sum(axis=1)


def wrong_dists(mdp: TabularMDP, pi: np.ndarray, t: int) -> dict[str, np.ndarray]:
    """What typical mistakes give."""
    P_pi = np.einsum("sa,saz->sz", pi, mdp.P)
    uniform = np.full_like(pi, 1 / mdp.n_actions)
    live = np.where(mdp.terminal[:, None], 0.0, P_pi)
    again = np.where(mdp.terminal[:, None], mdp.rho0, P_pi)
    return {
        "The distribution never moves: it is rho0 at every time.": mdp.rho0,
        "The matrix acts from the wrong side: probability flows from s to s', so d_{t+1}(s') "
        "sums over s.": np.linalg.matrix_power(P_pi, t) @ mdp.rho0,
        "This is the distribution one step later.": dist_by_pairs(mdp, pi, t + 1),
        "This is the distribution one step earlier.": dist_by_pairs(mdp, pi, max(t - 1, 0)),
        "The policy is ignored: all actions are weighted alike.": dist_by_pairs(mdp, uniform, t),
        "The start is ignored: all states begin with the same probability.": np.full(
            mdp.n_states, 1 / mdp.n_states
        )
        @ np.linalg.matrix_power(P_pi, t),
        "The probability of having ended is lost: a terminal state keeps what reached it.": mdp.rho0
        @ np.linalg.matrix_power(live, t),
        "A new episode begins where one has ended: what has ended stays where it is.": mdp.rho0
        @ np.linalg.matrix_power(again, t),
        "The most likely first state is taken for certain: rho0 weighs them all.": np.eye(
            mdp.n_states
        )[mdp.rho0.argmax()]
        @ np.linalg.matrix_power(P_pi, t),
    }


def counted(given) -> dict[str, np.ndarray]:
    """Whether a result of the right shape looks like relative frequencies of sampled episodes."""
    d = as_array(given).astype(float)
    if ((d > 0) & (d < 1)).sum() > 1 and abs(d.sum() - 1) < 1e-9:
        for n in (100, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000):
            if np.abs(d * n - np.round(d * n)).max() < 1e-9 * n:
                text = "It looks counted, in sampled episodes. The recursion has it without chance."
                return {text: d}
    return {}


def expect_dists(answer, cases) -> None:
    """Compare d_t on several worlds."""
    evidence = Evidence()
    results = answer.many(case[:3] for case in cases)
    for (mdp, pi, t, want), value in zip(cases, results, strict=True):
        evidence.see(
            value,
            want,
            lambda mdp=mdp, pi=pi, t=t, d=value: wrong_dists(mdp, pi, t) | counted(d),
            what=f"the distribution at t = {t}",
        )
    evidence.conclude()


@dist.check(
    "at t = 0 it is rho0, and then it moves", points=1, hint="At t = 0 no step has been taken."
)
def _at_start(answer, rng):
    cases = []
    for _ in range(5):
        mdp = random_mdp(rng, n_terminal=1)
        pi = random_policy(rng, mdp)
        cases += [(mdp, pi, 0, mdp.rho0), (mdp, pi, 2, dist_by_pairs(mdp, pi, 2))]
    expect_dists(answer, cases)


@dist.check(
    "short times agree with the sum over all paths",
    points=2,
    hint="P_pi[s, s'] is the probability of s' after one step from s; the policy is in it.",
)
def _short(answer, rng):
    cases = []
    for t in (1, 1, 1, 2, 2, 3):
        mdp = random_mdp(rng, 3, 2)
        pi = random_policy(rng, mdp)
        cases.append((mdp, pi, t, dist_by_paths(mdp, pi, t)))
    expect_dists(answer, cases)


@dist.check(
    "long times keep all probability, in terminal states too",
    points=2,
    hint="At any time the probabilities sum to 1: an episode that ended stays where it ended.",
)
def _long(answer, rng):
    cases = []
    for k in range(12):
        mdp = random_mdp(rng, n_terminal=1 + k % 2)
        pi, t = random_policy(rng, mdp), int(rng.integers(2, 40))
        cases.append((mdp, pi, t, dist_by_pairs(mdp, pi, t)))
    expect_dists(answer, cases)


@dist.check(
    "t steps and then u steps are t + u steps",
    points=1,
    hint="Chapman-Kolmogorov: start again from the distribution after t steps.",
)
def _chapman_kolmogorov(answer, rng):
    for _ in range(8):
        mdp = random_mdp(rng, n_terminal=1)
        pi = random_policy(rng, mdp)
        t, u = (int(k) for k in rng.integers(1, 5, size=2))
        close(answer(mdp, pi, 1), dist_by_paths(mdp, pi, 1), what="the distribution at t = 1")
        middle = array(answer(mdp, pi, t), (mdp.n_states,), what="the distribution")
        if middle.min() < 0 or abs(middle.sum() - 1) > 1e-9:
            raise Failed(
                f"The result at t = {t} is no distribution.",
                expected="probabilities with the sum 1",
                given=f"{show(middle)}, sum {middle.sum():.6g}",
            )
        if matches(middle, mdp.rho0):
            raise Failed("The distribution does not change with t.")
        again = TabularMDP(mdp.P, mdp.R, mdp.gamma, mdp.terminal, middle)
        close(
            answer(again, pi, u),
            array(answer(mdp, pi, t + u), (mdp.n_states,), what="the distribution"),
            symptom=f"{t} steps, then {u} from there, differ from {t + u} steps at once.",
        )


# --- 5 J_exact and J_mc ------------------------------------------------------------------------

exact = Exercise("01_mdp/J_exact")


def wrong_objectives(mdp: TabularMDP, pi: np.ndarray) -> dict[str, float]:
    """What typical mistakes give."""
    uniform = np.full_like(pi, 1 / mdp.n_actions)
    values = [true_return(mdp, pi, row) for row in np.eye(mdp.n_states)]
    right = float(mdp.rho0 @ values)
    one_step = float(np.einsum("s,sa,sa->", mdp.rho0, pi, mdp.R))
    P_pi, r_pi = np.einsum("sa,saz->sz", pi, mdp.P), (pi * mdp.R).sum(axis=1)
    best = np.zeros(mdp.n_states)
    for _ in range(300):
        best = (mdp.R + mdp.gamma * mdp.P @ best).max(axis=1)
    turned = np.linalg.solve(np.eye(mdp.n_states) - mdp.gamma * P_pi.T, r_pi)
    return {
        "This is gamma times the objective: the first reward is not discounted, the lecture's sum "
        "with gamma^t from t = 1 is.": mdp.gamma * right,
        "The start is ignored: J averages over first states with rho0, not alike.": float(
            np.mean(values)
        ),
        "This is the sum over all first states, not their average under rho0.": float(
            np.sum(values)
        ),
        "This is the return from state 0; the first state is drawn from rho0.": values[0],
        "The policy is ignored: all actions are weighted alike.": true_return(mdp, uniform),
        "The best action is taken everywhere: J(pi) is about the policy pi.": float(
            mdp.rho0 @ best
        ),
        "Only the first reward is counted.": one_step,
        "The first reward is missing.": right - one_step,
        "The matrix of the linear system is transposed.": float(mdp.rho0 @ turned),
    }


def sums_like(mdp: TabularMDP, pi: np.ndarray, given: float) -> dict[str, float]:
    """What is wrong with a sum over time that gives `given`, if one does."""
    given, found = float(as_array(given)), {}
    if not math.isfinite(given):
        return found
    now, matrix, rewards = pair_chain(mdp, pi)
    partial = plain = pay = 0.0
    for t in range(2000):
        pay = float(now @ rewards)
        partial += mdp.gamma**t * pay
        plain += pay
        now = now @ matrix
        if not found and abs(given - partial) <= 1e-9 * abs(partial):
            left = mdp.gamma ** (t + 1)
            found = {
                f"The sum is cut after {t + 1} steps, where gamma^t is still {left:.2g}.": partial,
                "The sum is cut too early: gamma^t is not negligible there.": partial,
            }
    # From here on every step pays the same: a sum without discount is a whole number of them off.
    more = (given - plain) / pay if abs(pay) > 1e-9 else 0.0
    if abs(more) < 1e5 and abs(given - plain - round(more) * pay) <= 1e-6 * abs(given):
        found["The rewards are not discounted."] = given
    right = true_return(mdp, pi)
    if abs(given - right) <= 0.1 * abs(right):
        found["It is near J, but not exact. Is it an estimate from episodes?"] = given
    return found


def far_from_zero(rng: np.random.Generator, mdp: TabularMDP) -> TabularMDP:
    """The same world with rewards of one sign, between 0.5 and 2.5 in size.

    The task asks for a relative error of 1e-6. Where rewards of both signs cancel, J may be near 0,
    and a sum that is cut where gamma^t is negligible would miss it.
    """
    R = rng.choice([-1.0, 1.0]) * rng.uniform(0.5, 2.5, mdp.R.shape)
    R[mdp.terminal] = 0.0
    return TabularMDP(mdp.P, R, mdp.gamma, mdp.terminal, mdp.rho0)


@exact.check(
    "random worlds: J is the expected discounted return",
    points=3,
    hint="Sum gamma^t d_t · r_pi over all t, or solve for the value of every state first.",
)
def _exact(answer, rng):
    worlds = [far_from_zero(rng, random_mdp(rng, n_terminal=k % 2)) for k in range(20)]
    cases = [(mdp, random_policy(rng, mdp)) for mdp in worlds]
    evidence = Evidence("J")
    for case, value in zip(cases, answer.many(cases), strict=True):
        evidence.see(
            value,
            true_return(*case),
            lambda case=case, value=value: wrong_objectives(*case) | sums_like(*case, value),
        )
    evidence.conclude()


@exact.check(
    "gamma = 0.99: the long tail is in",
    points=1,
    hint="0.99^100 is 0.37. How many steps until the rest is below 1e-8?",
)
def _tail(answer, rng):
    evidence = Evidence("J")
    for _ in range(4):
        mdp = far_from_zero(rng, random_mdp(rng, gamma=0.99))
        pi = random_policy(rng, mdp)
        given = number(answer(mdp, pi), what="J")
        evidence.see(
            given,
            true_return(mdp, pi),
            lambda mdp=mdp, pi=pi, given=given: sums_like(mdp, pi, given),
        )
    evidence.conclude()


@exact.check(
    "states that are never reached do not count",
    points=1,
    hint="Their probability is 0 at every time, whatever they pay.",
)
def _unreachable(answer, rng):
    evidence = Evidence("J")
    for _ in range(8):
        mdp = far_from_zero(rng, random_mdp(rng, 5, 2, n_terminal=1))
        P, R = mdp.P.copy(), mdp.R.copy()
        P[:2, :, 2:4] = 0.0  # from states 0 and 1 nothing leads to 2 and 3
        P /= P.sum(axis=2, keepdims=True)
        R[2:4] = rng.choice([-1e3, 1e3], size=(2, 2))
        rho0 = np.array([0.3, 0.5, 0.0, 0.0, 0.2])
        pi = random_policy(rng, mdp)
        world = TabularMDP(P, R, mdp.gamma, mdp.terminal, rho0)
        keep = [0, 1, 4]  # the same world without them
        parts = P[np.ix_(keep, [0, 1], keep)], R[keep], mdp.gamma, mdp.terminal[keep], rho0[keep]
        evidence.see(
            answer(world, pi),
            true_return(TabularMDP(*parts), pi[keep]),
            lambda world=world, pi=pi: wrong_objectives(world, pi),
        )
    evidence.conclude()


@exact.check(
    "constant rewards give c / (1 - gamma); gamma = 0 gives the first reward",
    points=1,
    hint="A geometric series. With gamma = 0 only t = 0 is left, and 0 to the power 0 is 1.",
)
def _constant(answer, rng):
    for n_states, n_actions in ((1, 1), (4, 2)):
        c, gamma = float(rng.uniform(1, 3)), float(rng.uniform(0.3, 0.9))
        mdp = random_mdp(rng, n_states, n_actions, gamma=gamma)
        pi = random_policy(rng, mdp)
        world = TabularMDP(mdp.P, np.full(mdp.R.shape, c), gamma, mdp.terminal, mdp.rho0)
        close(
            answer(world, pi),
            c / (1 - gamma),
            what="J for constant rewards",
            mistakes={
                "This is gamma times the objective: the first reward is not discounted.": gamma
                * c
                / (1 - gamma)
            },
        )
        world = TabularMDP(mdp.P, mdp.R, 0.0, mdp.terminal, mdp.rho0)
        want = math.fsum(
            float(mdp.rho0[s] * pi[s, a] * mdp.R[s, a]) for s, a in np.ndindex(n_states, n_actions)
        )
        close(
            answer(world, pi),
            want,
            what="J for gamma = 0",
            mistakes={"With gamma = 0 the first reward still counts in full.": 0.0},
        )


mc = Exercise("01_mdp/J_mc")


@mc.check(
    "the mean estimates J",
    points=2,
    seconds=30,
    hint="One discounted return for each episode, then their average.",
)
def _mean(answer, rng):
    # Three states, then the end; every step may also end the episode. The numbers are chosen so
    # that J and what the mistakes below estimate are 12 standard errors apart, each from each.
    n, gamma = 1500, 0.5
    P = np.zeros((4, 2, 4))
    for s in range(3):
        P[s, :, s + 1] = [0.78, 0.87]
        P[s, :, 3] += [0.22, 0.13]
    P[3, :, 3] = 1.0
    R = np.array([[3.9, 3.7], [2.2, 0.7], [4.2, 3.7], [0.0, 0.0]]) * rng.uniform(0.8, 1.25)
    terminal, rho0 = np.arange(4) == 3, np.array([0.03, 0.72, 0.25, 0.0])
    mdp = TabularMDP(P, R, gamma, terminal, rho0)
    pi = np.tile(rng.permutation([0.75, 0.25]), (4, 1))
    want, variance = true_return(mdp, pi), return_variance(mdp, pi)
    mean, stderr = pair_of(answer(mdp, pi, n, rng))
    # Bernstein's inequality with the true variance; 0 <= G <= max R (1 + gamma + gamma^2).
    allowed = slack(n * variance, float(R.max() * (1 + gamma + gamma**2))) / n
    if abs(mean - want) <= allowed:
        return
    # The step into the end pays R[s, a] with probability P[s, a, 3]: without it that part is gone.
    last_dropped = TabularMDP(P, R * (1 - P[:, :, 3]), gamma, terminal, rho0)
    no_discount = TabularMDP(P, R, 1 - 1e-9, terminal, rho0)
    steps = true_return(TabularMDP(P, 1.0 * (R > 0), 1 - 1e-9, terminal, rho0), pi)
    total, spread = true_return(no_discount, pi), return_variance(no_discount, pi)
    causes = {
        "This is gamma times J: the first reward is not discounted.": (gamma * want, variance),
        "The rewards are not discounted.": (total, spread),
        "The reward of the terminating step is missing.": (
            true_return(last_dropped, pi),
            variance,
        ),
        "This is an average over steps: average the returns of whole episodes.": (
            total / steps,
            variance,
        ),
        "All episodes start in state 0: the first state is drawn from rho0.": (
            true_return(mdp, pi, np.eye(4)[0]),
            variance,
        ),
        "The first state is drawn from all alike: rho0 gives their chances.": (
            true_return(mdp, pi, np.array([1, 1, 1, 0]) / 3),
            variance,
        ),
        "The actions are drawn alike: the policy gives their chances.": (
            true_return(mdp, np.full((4, 2), 0.5)),
            variance,
        ),
    }
    fits = [
        text for text, (value, v) in causes.items() if abs(mean - value) <= 5 * math.sqrt(v / n)
    ]
    if stderr < 1e-12:
        fits = ["The standard error is 0, as if all episodes were the same one."]
    raise Failed(
        "The mean is further from the exact J than chance explains.",
        fits[0] if len(fits) == 1 else "",
        expected=f"{want:.4g} ± {allowed:.2g}",
        given=show(mean),
    )


@mc.check(
    "the standard error is sigma / sqrt(n)",
    points=2,
    seconds=30,
    hint="The spread of the returns, divided by the square root of their number.",
)
def _stderr(answer, rng):
    # A fair-ish coin decides the second reward: G = ±gamma c around its mean. The sample standard
    # deviation 2 sqrt(q (1 - q)) gamma c, q the share of heads among 400, leaves the ±20 % band
    # only if |q - 1/2| > 0.27, which has probability below 2 exp(-2 * 400 * 0.17^2) < 1e-9.
    n, c = 400, float(rng.uniform(2, 5))
    p, gamma = float(rng.uniform(0.4, 0.6)), float(rng.uniform(0.4, 0.7))
    P = np.zeros((4, 2, 4))
    P[0, :, 1], P[0, :, 2] = p, 1 - p
    P[1, :, 3] = P[2, :, 3] = P[3, :, 3] = 1.0
    R = np.array([[1.0, 1.0], [c, c], [-c, -c], [0.0, 0.0]])
    terminal = np.arange(4) == 3
    mdp = TabularMDP(P, R, gamma, terminal, np.eye(4)[0])
    pi = random_policy(rng, mdp)
    sigma = 2 * math.sqrt(p * (1 - p)) * gamma * c
    _, stderr = pair_of(answer(mdp, pi, n, rng))
    want = sigma / math.sqrt(n)
    if abs(stderr - want) <= 0.2 * want:
        for few in (5, 30):
            expect_own_spread(*pair_of(answer(mdp, pi, few, rng)), few, 1.0, gamma * c)
        return
    causes = {
        "The standard deviation is divided by n instead of the square root of n.": sigma / n,
        "This is the standard deviation of one return; the mean of n varies less.": sigma,
        "This is the variance of one return.": sigma**2,
        "This is the variance of the mean, not its square root.": sigma**2 / n,
        "The variance is divided by the square root of n.": sigma**2 / math.sqrt(n),
        "It looks as if the rewards were not discounted.": want / gamma,
        "The result is 0, as if all episodes were the same one.": 0.0,
    }
    cause = next((k for k, v in causes.items() if abs(stderr - v) <= 0.12 * v + 1e-12), "")
    raise Failed(
        "The standard error is more than 20 % off.",
        cause,
        expected=f"{want:.4g} ± 20 %",
        given=show(stderr),
    )


def expect_own_spread(mean: float, stderr: float, n: int, middle: float, c: float) -> None:
    """Few returns, each `middle` + c or - c: their mean says how many of either there were.

    So their standard error is known exactly, whatever chance did. Below its root may stand n or
    n - 1 for the mean of the squares, as the task says.
    """
    share = (mean - middle + c) / (2 * c)
    if not -1e-6 <= share <= 1 + 1e-6:
        return  # another mistake, which the check of the mean finds
    spread = 2 * c * math.sqrt(max(share * (1 - share), 0.0))
    sigmas = spread * math.sqrt(n / (n - 1)), spread
    allowed = [sigma / math.sqrt(n) for sigma in sigmas]
    if not any(abs(stderr - want) <= 1e-4 * want + 1e-6 for want in allowed):
        cause = "Right for many episodes, not for few: are mean and error of the same sample?"
        for root, words in ((n - 1, "n - 1"), (n + 1, "n + 1")):
            if any(abs(stderr - s / math.sqrt(root)) <= 1e-6 for s in sigmas):
                cause = f"sigma is divided by the square root of {words} instead of n."
        raise Failed(
            f"For n = {n} the standard error is not that of the {n} returns behind the mean.",
            cause,
            expected=f"{allowed[0]:.5g} (or {allowed[1]:.5g}, with n in sigma instead of n - 1)",
            given=show(stderr),
        )


@mc.check(
    "endless episodes are cut late enough",
    points=1,
    seconds=30,
    hint="What is lost after T steps is at most gamma^T r_max / (1 - gamma).",
)
def _horizon(answer, rng):
    for gamma in (0.0, float(rng.uniform(0.85, 0.92)), 0.99):
        c = float(rng.uniform(1, 3))
        mdp = TabularMDP(np.ones((1, 2, 1)), np.full((1, 2), c), gamma)
        mean, _ = pair_of(answer(mdp, np.full((1, 2), 0.5), 2, rng))
        want = c / (1 - gamma)
        if abs(mean - want) <= 2e-6 * want:
            continue
        left = 1 - mean / want
        cause = ""
        if gamma > 0 and 0 < left < 1:
            steps = math.log(left) / math.log(gamma)
            if abs(steps - round(steps)) < 1e-6 * max(1.0, steps) and round(steps) > 1:
                cause = f"As if the episodes were cut after {round(steps)} steps."
        if gamma > 0 and abs(mean - gamma * want) < 1e-6 * want:
            cause = "This is gamma times J: the first reward is not discounted."
        raise Failed(
            f"With a reward of {c:.3g} at every step for ever and gamma = {gamma:g}, the mean is "
            "not right.",
            cause,
            expected=f"c / (1 - gamma) = {want:.8g}, to a relative error of 1e-6",
            given=f"{mean:.8g}",
        )


@mc.check(
    "all chance comes from rng",
    points=1,
    seconds=30,
    hint="The same generator in the same state gives the same estimate; another one does not.",
)
def _mc_rng(answer, rng):
    P = np.full((4, 3, 4), 0.25)
    mdp = TabularMDP(P, rng.normal(size=(4, 3)), 0.5)
    pi = np.full((4, 3), 1 / 3)
    seeds = rng.integers(2**31, size=2)
    first, again, other = (
        pair_of(answer(mdp, pi, 8, np.random.default_rng(seed)))
        for seed in (seeds[0], seeds[0], seeds[1])
    )
    if first != again:
        raise Failed("The same generator in the same state gives two estimates.", GLOBAL_RNG)
    if first == other:
        raise Failed("Two generators in different states give the same estimate.", OWN_SEED)
    if first[1] < 1e-12:
        raise Failed(
            "The standard error is 0, as if all episodes were the same one, but this world is "
            "random.",
            "Every episode needs random numbers of its own.",
        )


# --- 6 the index audit -------------------------------------------------------------------------

fix_1 = Exercise("01_mdp/fix_1")


@fix_1.check(
    "the first reward counts in full", points=1, hint="gamma^0 = 1 belongs to the first reward."
)
def _first_in_full(answer, rng):
    evidence = Evidence("the repaired sum")
    for T in rng.integers(2, 30, size=20):
        r, gamma = rng.normal(size=T) + 1.0, float(rng.uniform(0.2, 0.95))
        right = float(direct_sum(r, gamma)[0])
        evidence.see(
            answer(r, gamma),
            right,
            lambda r=r, gamma=gamma, right=right: {
                "This is the lecture's sum: gamma times too small, because it discounts the first "
                "reward.": gamma * right,
                "The discount is repaired in the wrong direction: the first reward has the weight "
                "1 / gamma.": right / gamma,
                "There is no discount.": r.sum(),
                "This is the mean reward.": r.mean(),
                "The last reward is missing.": right - gamma ** (len(r) - 1) * r[-1],
            },
        )
    evidence.conclude()


@fix_1.check(
    "one step, and gamma = 0",
    points=1,
    hint="Both leave only the first reward. Dividing the lecture's sum by gamma fails here.",
)
def _one_step(answer, rng):
    for T, gamma in ((1, 0.7), (1, 0.0), (5, 0.0), (2, 0.5)):
        r = rng.normal(size=T) + 3.0
        right = direct_sum(r, gamma)[0]
        close(
            answer(r, gamma),
            right,
            what=f"the repaired sum for T = {T}, gamma = {gamma:g}",
            mistakes={
                "This is the lecture's sum: it discounts the first reward.": gamma * right,
            },
        )


fix_2 = Exercise("01_mdp/fix_2")


def random_trajectory(rng, T: int, S: int = 5, A: int = 3) -> tuple[list[int], np.ndarray]:
    """s_0, a_0, ..., s_T as a flat list, and rewards (S, A)."""
    tau = [int(rng.integers(S))]
    for _ in range(T):
        tau += [int(rng.integers(A)), int(rng.integers(S))]
    return tau, rng.normal(size=(S, A)) + 1.0


def trajectory_sum(
    tau: list[int], R: np.ndarray, gamma: float, T: int, *, arrival: int = 0
) -> float:
    """The discounted sum of the first T rewards; `arrival=1` takes the state after each step."""
    return math.fsum(gamma**t * float(R[tau[2 * (t + arrival)], tau[2 * t + 1]]) for t in range(T))


def expect_trajectories(answer, rng, lengths) -> None:
    """Compare the return of random trajectories."""
    evidence = Evidence()
    for T in map(int, lengths):
        tau, R = random_trajectory(rng, T)
        gamma = float(rng.uniform(0.2, 0.95))
        evidence.see(
            answer(tau, R, gamma),
            trajectory_sum(tau, R, gamma, T),
            lambda tau=tau, R=R, gamma=gamma, T=T: {
                "The last action and its reward are left out, as in the lecture's trajectory: T "
                "steps earn T rewards.": trajectory_sum(tau, R, gamma, max(T - 1, 0)),
                "The first reward is discounted, as in the lecture's sum.": gamma
                * trajectory_sum(tau, R, gamma, T),
                "The reward is looked up in the state where the step arrives.": trajectory_sum(
                    tau, R, gamma, T, arrival=1
                ),
                "There is no discount.": trajectory_sum(tau, R, 1.0, T),
            },
            what=f"the return of a trajectory of {T} step{'s' * (T != 1)}",
        )
    evidence.conclude()


@fix_2.check(
    "T steps earn T rewards",
    points=1,
    hint="A trajectory of T steps is written with T + 1 states and T actions.",
)
def _t_rewards(answer, rng):
    expect_trajectories(answer, rng, rng.integers(2, 20, size=20))


@fix_2.check(
    "one step earns one reward, no step earns none",
    points=1,
    hint="T = 1: s_0, a_0, s_1. T = 0: only s_0.",
)
def _short_trajectories(answer, rng):
    expect_trajectories(answer, rng, (1, 1, 1, 1, 0))


fix_3 = Exercise("01_mdp/fix_3")


def expect_averages(answer, rng, shapes) -> None:
    """Compare the average return of random reward tables."""
    evidence = Evidence("the average over trajectories")
    for N, T in shapes:
        r, gamma = rng.normal(size=(N, T)) + 1.0, float(rng.uniform(0.2, 0.95))
        right = math.fsum(float(direct_sum(row, gamma)[0]) for row in r) / N
        evidence.see(
            answer(r, gamma),
            right,
            lambda r=r, gamma=gamma, right=right: {
                "This is the average reward of a step, another criterion: what matters is the "
                "average return of a trajectory.": r.mean(),
                "The return is also divided by the number of steps.": right / r.shape[1],
                "The returns are summed, not averaged.": right * len(r),
                "The first reward is discounted, as in the lecture's sum.": gamma * right,
                "There is no discount.": r.sum(axis=1).mean(),
                "The discount runs over the trajectories instead of over time.": (
                    (gamma ** np.arange(len(r)) @ r).mean()
                ),
            },
        )
    evidence.conclude()


@fix_3.check(
    "the average is over trajectories, of their returns",
    points=1,
    hint="Sum over time, mean over trajectories.",
)
def _average(answer, rng):
    expect_averages(answer, rng, rng.integers(2, 12, size=(20, 2)))


@fix_3.check(
    "one long trajectory, and many of one step",
    points=1,
    hint="For N = 1 it is the return of that trajectory; for T = 1 the mean reward.",
)
def _extreme_shapes(answer, rng):
    expect_averages(answer, rng, ((1, 9), (9, 1), (1, 4)))


fix_4 = Exercise("01_mdp/fix_4")


def two_rewards(mdp: TabularMDP, pi: np.ndarray, s: int, a: int) -> float:
    """E[r_0 + gamma r_1 | s_0 = s, a_0 = a], a sum over all ways to go on."""
    total = [float(mdp.R[s, a])]
    for s_next, a_next in np.ndindex(mdp.n_states, mdp.n_actions):
        p = mdp.P[s, a, s_next] * pi[s_next, a_next]
        total.append(float(mdp.gamma * p * mdp.R[s_next, a_next]))
    return math.fsum(total)


def wrong_two_rewards(mdp: TabularMDP, pi: np.ndarray, s: int, a: int) -> dict[str, float]:
    """What typical mistakes give."""
    now, P, R, gamma = float(mdp.R[s, a]), mdp.P[s, a], mdp.R, mdp.gamma
    later = (two_rewards(mdp, pi, s, a) - now) / gamma
    return {
        "The policy is asked in s_t instead of in the next state: the slip of the lecture's "
        "line.": now + gamma * float(P @ (R @ pi[s])),
        "The second step repeats the first action: the policy chooses it.": now
        + gamma * float(P @ R[:, a]),
        "The second reward is not discounted.": now + later,
        "The second action is the best one: the line is about the policy.": now
        + gamma * float(P @ R.max(axis=1)),
        "All second actions are weighted alike: the policy is ignored.": now
        + gamma * float(P @ R.mean(axis=1)),
        "The first reward is averaged over the policy: the first action is given.": (
            float(pi[s] @ R[s]) + gamma * later
        ),
        "The first reward is missing.": gamma * later,
        "The first reward is discounted too.": gamma * now + gamma**2 * later,
        "The second reward is missing.": now,
    }


def expect_two_rewards(answer, cases) -> None:
    """Compare E[r_0 + gamma r_1] on several worlds."""
    cases, evidence = list(cases), Evidence("the expected sum of two rewards")
    for case, value in zip(cases, answer.many(cases), strict=True):
        evidence.see(value, two_rewards(*case), lambda case=case: wrong_two_rewards(*case))
    evidence.conclude()


@fix_4.check(
    "the next action comes from the policy in the next state",
    points=1,
    hint="First the world draws s_{t+1}, then the policy draws a_{t+1} there.",
)
def _next_action(answer, rng):
    cases = []
    for _ in range(20):
        mdp = random_mdp(rng)
        s, a = int(rng.integers(mdp.n_states)), int(rng.integers(mdp.n_actions))
        cases.append((mdp, random_policy(rng, mdp), s, a))
    expect_two_rewards(answer, cases)


@fix_4.check(
    "deterministic policies, and steps that end the episode",
    points=1,
    hint="From a terminal state nothing more is earned; its rewards are 0 already.",
)
def _deterministic(answer, rng):
    cases = []
    for _ in range(12):
        mdp = random_mdp(rng, 4, 2, n_terminal=1, reach=3)
        choice = rng.integers(2, size=4)
        choice[0] = 1 - choice[1]
        cases.append((mdp, np.eye(2)[choice], int(rng.integers(3)), int(rng.integers(2))))
    expect_two_rewards(answer, cases)
