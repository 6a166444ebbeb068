"""Hidden checks of 07_dqn: the training loop, the measured overestimation, the bug hunt.

The student's loop trains in environments of this side, in fresh variants: scales, signs and orders
of observations and actions are drawn for each run. The probe worlds have values that can be written
down; Catch is scored exactly, by playing the network's greedy action from each of its five starts.

False alarms. Catch fails a right answer with probability 5e-7 at the 95 % limit of what 1,024 runs
of the reference show (`benchmarks/calibration_07.md`): two medians of three in a row below PASS.
The probes' values stayed within 1 % of their tolerances there, and values that must not have
learned within half of their limits. Chance decides once more: of the first 60 actions of P4 and of
P5 between 0.1 and 0.98 are the better one; with ε = 1 - t / 200 and a fresh network that prefers
the worse action (or the better one) the binomial tails are below 5e-9. `overestimation` and
`diagnose` have no chance in them. With 1.5e-6 for `select_action` the notebook's sum is 2e-6.
"""

import functools
import json
from pathlib import Path

import numpy as np

from grader.exams.dqn_oracle import WholeEvidence, random_net
from qlib.checks import Exercise, Failed, array, number, served, show
from qlib.checks.nb07_dqn import CAUSES, cause_of
from qlib.envs.deep import PROBES, BatchCatch, BatchProbe, Catch, SingleEnv

PROBE = "nb07_dqn."

# --- 5 train_dqn -------------------------------------------------------------------------------

train_dqn = Exercise("07_dqn/train_dqn")

SMALL = {
    "total_steps": 400,
    "hidden": (32, 32),
    "learning_rate": 0.005,
    "batch_size": 32,
    "learning_starts": 50,
    "train_every": 1,
    "target_update_every": 10,
    "epsilon_end": 0.1,
    "epsilon_decay_steps": 200,
    "loss": "mse",
}
"""Settings for worlds of one or two observations."""
EVERY_STEP = {"target_update_every": 1, "gamma": 0.5, "learning_rate": 0.0025}
"""Changes with which a target that moves in every step is followed without detours."""

CATCH = {"total_steps": 2_500, "epsilon_decay_steps": 750}
PLAYED_BEST = 1.0
PASS = 0.5  # greedy return in Catch, between -1 and 1; random play earns -0.59


def trained_values(
    answer, rng, make_env, obs: np.ndarray, cfg: dict, n_actions: int
) -> tuple[np.ndarray, served.Served]:
    """Train once; the values at `obs`, (n_obs, A), and what was seen of the run."""
    seed = int(rng.integers(2**31))
    steps = cfg["total_steps"]
    done = served.run(
        answer, f"{PROBE}train", make_env, cfg, seed, obs, rng=rng, max_steps=steps + 1
    )
    q = array(done.result, (len(obs), n_actions), what="the values of the trained network")
    return q, done


def probe_values(answer, rng, make_env, cfg: dict) -> tuple[np.ndarray, np.ndarray, served.Served]:
    """Train in a probe world: the network's values, the exact ones, and the run."""
    env = make_env()
    obs = env.batch.observations
    want = env.batch.q_star(cfg["gamma"])
    q, done = trained_values(answer, rng, make_env, obs, cfg, want.shape[1])
    return q, want, done


def variant(rng: np.random.Generator, name: str):
    """Makes a fresh variant of a probe, and its scale: rewards between 0.7 and 1.5 in size."""
    scale = float(rng.uniform(0.7, 1.5))
    flip, actions = bool(rng.integers(2)), rng.permutation(2)
    return functools.partial(PROBES[name], scale=scale, flip=flip, actions=actions), scale


def expect_values(q, want, scale: float, symptom: str, causes: dict[str, np.ndarray]) -> None:
    """All values within 0.1 of the exact ones, in units of the reward."""
    if np.abs(q - want).max() <= 0.1 * scale:
        return
    cause = next((t for t, v in causes.items() if np.abs(q - v).max() <= 0.15 * scale), "")
    raise Failed(symptom, cause, expected=f"{show(want)} ± {0.1 * scale:.2g}", given=show(q))


UNTRAINED = "The values are those of a fresh network: is q_net updated, and is it the one returned?"


def expect_trained(q: np.ndarray, scale: float, done: served.Served) -> None:
    """Something has been learned at all."""
    if np.abs(q).max() < 0.4 * scale:
        raise Failed(
            f"After {done.steps} steps the values are still close to 0.", UNTRAINED, given=show(q)
        )


@train_dqn.check(
    "probes P1 and P2: the reward of one step",
    points=1,
    hint="Nothing follows the only step: the value is the reward.",
    seconds=60,
)
def _rewards(answer, rng):
    cfg = SMALL | {"gamma": float(rng.uniform(0.6, 0.8))}
    make, scale = variant(rng, "P1")
    q, want, done = probe_values(answer, rng, make, cfg)
    expect_trained(q, scale, done)
    expect_values(
        q,
        want,
        scale,
        "P1: one observation, one step, always the same reward, but the values are others.",
        {"The value of the end is bootstrapped.": want / (1 - cfg["gamma"])},
    )
    make, scale = variant(rng, "P2")
    q, want, _ = probe_values(answer, rng, make, cfg)
    expect_values(
        q,
        want,
        scale,
        "P2: the reward is what is seen, but the values are others.",
        {
            "The signs are exchanged: the reward is stored with another observation.": -want,
            "All observations have the same value.": np.zeros_like(want),
        },
    )


@train_dqn.check(
    "probe P3: the reward of the second step reaches the first, through the target network",
    points=1.5,
    hint="The target network is a copy of its own, brought up to date every "
    "cfg.target_update_every steps.",
    seconds=60,
)
def _delayed(answer, rng):
    cfg = SMALL | {"gamma": float(rng.uniform(0.6, 0.8))}
    make, scale = variant(rng, "P3")
    q, want, done = probe_values(answer, rng, make, cfg)
    expect_trained(q, scale, done)
    symptom = "P3: two steps, the reward comes with the second; the values are others."
    if np.abs(q[1] - want[1]).max() < 0.1 * scale and np.abs(q[0]).max() < 0.5 * np.abs(want[0, 0]):
        raise Failed(
            symptom,
            "The reward is learned where it is paid, but does not arrive one step before: is the "
            "target network ever brought up to date?",
            expected=show(want),
            given=show(q),
        )
    expect_values(
        q,
        want,
        scale,
        symptom,
        {
            "The discount is missing.": np.repeat(want[1:], 2, axis=0),
            "The value of the end is bootstrapped.": want / (1 - cfg["gamma"]),
        },
    )
    still = cfg | {"target_update_every": 10_000}
    make = functools.partial(make, scale=3.0 * np.sign(rng.normal()))
    q, want, _ = probe_values(answer, rng, make, still)
    expect_values(q[1], want[1], 3.0, symptom, {})
    if np.abs(q[0]).max() > 1.2:
        raise Failed(
            "With target_update_every larger than the run the target network stays as it began, so "
            "the first step of P3 cannot learn of the reward; but it did.",
            "The target network moves with q_net: is it a copy, and copied only then?",
            expected="the first step's value below 1.2 in size",
            given=show(q[0]),
        )
    make, scale = variant(rng, "P3")
    q, want, _ = probe_values(answer, rng, make, cfg | EVERY_STEP)
    symptom = "P3 with target_update_every = 1: the values are others."
    if np.abs(q[0]).max() < 0.5 * want[0, 0] and np.abs(q[1] - want[1]).max() < 0.1 * scale:
        raise Failed(
            symptom,
            "The target network has to be copied in every target_update_every-th step, so here in "
            "each; but the first step has not learned of the reward.",
            expected=show(want),
            given=show(q),
        )
    expect_values(q, want, scale, symptom, {})


@train_dqn.check(
    "probes P4 and P5: each action has its own value, and the better one is taken in the end",
    points=1.5,
    hint="Explore at first, then act by the values: ε of step t, not of episode t.",
    seconds=60,
)
def _actions(answer, rng):
    cfg = SMALL | {"gamma": float(rng.uniform(0.6, 0.8)), "epsilon_end": 0.0}
    for name in ("P4", "P5"):
        make, scale = variant(rng, name)
        q, want, done = probe_values(answer, rng, make, cfg)
        expect_trained(q, scale, done)
        symptom = (
            "P4: the two actions pay -1 and 1, but the values are others."
            if name == "P4"
            else "P5: which action pays depends on what is seen; the values are others."
        )
        expect_values(
            q,
            want,
            scale,
            symptom,
            {
                "The actions are exchanged.": want[:, ::-1],
                "Both actions have the same value: which one was taken gets lost.": np.zeros_like(
                    want
                ),
            },
        )
        early, last = done.episode_returns[:60], done.episode_returns[-100:]
        good = float(np.mean(np.array(last) > 0)) if last else 0.0
        if good < 0.9:
            raise Failed(
                f"{name}: with ε = 0 at the end only {good:.0%} of the last 100 actions are the "
                "better one, though the values are right.",
                "Actions stay random: does ε fall with the steps, and is it used?"
                if good < 0.7
                else "",
                expected="all",
            )
        tried = float(np.mean(np.array(early) > 0))
        if not 0.1 <= tried <= 0.98:
            raise Failed(
                f"{name}: the first 60 actions are nearly all the same kind.",
                "With ε = 1 at the start both actions should be tried.",
            )


def delayed_loop(T: int, reward: float, order: np.ndarray) -> SingleEnv:
    """P6 with a beginning: one step without pay, then `reward` for ever; cut after T steps."""
    pays = np.array([[0.0, 0.0], [reward, reward]])
    seen = np.array([-1.0, 1.0])[order]
    return SingleEnv(BatchProbe(1, seen, pays, [1, 1], [0], T))


def wrong_loops(T: int, reward: float, gamma: float) -> dict[str, np.ndarray]:
    """What typical mistakes about the cut make of the values of the two observations."""
    p = 1 / (T - 1)  # share of the steps in the second observation that are cut
    ended = reward / (1 - gamma * (1 - p))
    restarted = reward / (1 - gamma * (1 - p) - gamma**2 * p)
    return {
        "The cut is taken for an end: a truncated step keeps its bootstrap.": ended,
        "After the cut the observation of the next episode is stored as the next one; the true "
        "successor belongs there.": restarted,
    }


@train_dqn.check(
    "probe P6: a time limit is not an end",
    points=2,
    hint="Only `terminated` stops the bootstrap, and the next observation of a truncated step is "
    "the one that `step` returned.",
    seconds=60,
)
def _truncation(answer, rng):
    gamma, T = float(rng.uniform(0.72, 0.8)), int(rng.integers(5, 7))
    reward, order = float(rng.uniform(0.7, 1.5)), rng.permutation(2)
    cfg = SMALL | {"gamma": gamma, "total_steps": 500}
    make = functools.partial(delayed_loop, T, reward, order)
    q, want, done = probe_values(answer, rng, make, cfg)
    expect_trained(q, reward, done)
    if np.abs(q - want).max() <= 0.05 * reward / (1 - gamma):
        return
    value = float(q[1].mean())
    near = {
        text: abs(value - wrong) / wrong for text, wrong in wrong_loops(T, reward, gamma).items()
    }
    right = abs(value - want[1, 0]) / want[1, 0]
    cause = min(near, key=near.get) if min(near.values()) < min(0.12, right) else ""
    raise Failed(
        f"P6: {reward:.2f} is paid for ever, only the clock cuts episodes after {T} steps; the "
        "values are others.",
        cause,
        expected=f"{show(want)} ± {0.05 * reward / (1 - gamma):.2g}",
        given=show(q),
    )


@train_dqn.check(
    "it keeps to the schedule: number of steps, warm-up, updates, ε, seed",
    points=1,
    hint="One step of the environment in each round of the loop, no update before "
    "cfg.learning_starts, then one in every cfg.train_every-th round.",
    seconds=60,
)
def _schedule(answer, rng):
    cfg = SMALL | {"gamma": 0.5, "total_steps": int(rng.integers(250, 350))}
    make, scale = variant(rng, "P1")
    q, want, done = probe_values(answer, rng, make, cfg)
    if done.steps != cfg["total_steps"]:
        raise Failed(
            "The number of environment steps is not cfg.total_steps.",
            "One step in each round; and nothing else steps the environment.",
            expected=str(cfg["total_steps"]),
            given=str(done.steps),
        )
    expect_trained(q, scale, done)
    expect_values(q, want, scale, "P1: the values are not the reward.", {})
    make, _ = variant(rng, "P4")
    make = functools.partial(make, scale=4.0)
    waiting = cfg | {"learning_starts": 1_000, "epsilon_start": 0.0, "epsilon_end": 0.0}
    q, _, done = probe_values(answer, rng, make, waiting)
    if np.abs(q).max() > 2.0:
        raise Failed(
            "The network has learned before cfg.learning_starts steps were collected.",
            "Until then the buffer only fills.",
            expected="values of a fresh network",
            given=show(q),
        )
    if len(set(done.episode_returns)) > 1:
        raise Failed(
            "With cfg.epsilon_start = cfg.epsilon_end = 0 and no update, not all actions in the "
            "only state are the same.",
            "ε has to begin at cfg.epsilon_start.",
        )
    q, _, _ = probe_values(answer, rng, make, cfg | {"train_every": 100})
    if np.abs(q).max() > 2.0:
        raise Failed(
            f"With cfg.train_every = 100 and {cfg['total_steps']} steps there are three updates at "
            "most, but the network has learned everything.",
            "After the warm-up there is one update in every cfg.train_every-th step.",
            expected="values close to those of a fresh network",
            given=show(q),
        )
    expect_seeded(answer, rng, cfg | {"total_steps": 120})


def expect_seeded(answer, rng, cfg: dict) -> None:
    """The same seed, in the same world, gives the same network; another seed another one."""
    make, _ = variant(rng, "P2")
    env, world = make(), int(rng.integers(2**31))
    first, second = (int(k) for k in rng.integers(2**31, size=2))
    found = []
    for seed in (first, first, second):
        chance = np.random.default_rng(world)
        args = make, cfg, seed, env.observations
        done = served.run(answer, f"{PROBE}train", *args, rng=chance, max_steps=121)
        found.append(array(done.result, (2, 2), what="the values of the trained network"))
    if np.abs(found[0] - found[1]).max() > 1e-6:
        raise Failed(
            "Trained twice with the same seed, the network has other values.",
            "Weights, environment, actions and samples all have to follow from `seed`.",
        )
    if np.abs(found[0] - found[2]).max() <= 1e-6:
        raise Failed("Trained with another seed, the network is the same.", "`seed` is not used.")


def catch_variant(rng: np.random.Generator) -> dict:
    """Fresh orders of observations and actions."""
    return {"permutation": rng.permutation(50), "actions": rng.permutation(3)}


def catch_states(order: dict) -> tuple[np.ndarray, np.ndarray]:
    """All positions (ball row, ball column, paddle), (225, 3), and how they look, (225, 50)."""
    grid = np.stack(np.meshgrid(range(9), range(5), range(5), indexing="ij"), -1).reshape(-1, 3)
    lanes = BatchCatch(len(grid), **order)
    lanes.reset(range(len(grid)))
    return grid, lanes.restore(lanes.state() | {"x": grid})


def catch_return(q: np.ndarray, grid: np.ndarray, order: dict) -> float:
    """Mean greedy return over the five starts.

    Args:
        q: values, (225, 3), in the order of `grid`.
        grid: positions, (225, 3).
        order: the variant.
    """
    action_at = dict(zip(map(tuple, grid.tolist()), q.argmax(axis=1).tolist(), strict=True))
    lanes = BatchCatch(5, **order)
    lanes.reset(range(5))
    lanes.restore(lanes.state() | {"x": np.array([[0, k, 2] for k in range(5)])})
    total = np.zeros(5)
    for _ in range(9):
        _, reward, _, _ = lanes.step([action_at[tuple(x)] for x in lanes.x.tolist()])
        total += reward
    return float(total.mean())


def catch_score(answer, rng) -> float:
    """Train on a fresh Catch; the exact greedy return."""
    order = catch_variant(rng)
    grid, obs = catch_states(order)
    shuffle = rng.permutation(len(grid))
    q, _ = trained_values(answer, rng, functools.partial(Catch, **order), obs[shuffle], CATCH, 3)
    return catch_return(q, grid[shuffle], order)


def median_passes(answer, rng) -> tuple[bool, list[float]]:
    """Whether the median of three runs reaches PASS; the third only where it decides."""
    scores = [catch_score(answer, rng) for _ in range(2)]
    if (scores[0] >= PASS) != (scores[1] >= PASS):
        scores.append(catch_score(answer, rng))
    return sum(score >= PASS for score in scores) >= 2, scores


@train_dqn.check(
    "Catch: the greedy agent catches (median of three runs)",
    points=6,
    hint="Look at the first probe that fails. If all pass: are ε, warm-up and the frequencies of "
    "updates those of the configuration?",
    seconds=240,
)
def _catch(answer, rng):
    for _ in range(2):  # once more with fresh variants, for bad luck
        passes, scores = median_passes(answer, rng)
        if passes:
            return
    raise Failed(
        f"After {CATCH['total_steps']:,} steps the greedy agent does not catch.",
        "It plays no better than at random: nothing useful is learned."
        if max(scores) < -0.1
        else "",
        expected=f"a median return of at least {PASS}; 1 is perfect, random play earns -0.59",
        given=f"returns {', '.join(f'{score:.1f}' for score in scores)}",
    )


# --- 6 overestimation --------------------------------------------------------------------------

overestimation = Exercise("07_dqn/overestimation")


def script(
    rng: np.random.Generator, n: int, n_actions: int = 3
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A world in which the state number only grows: successor, reward (S, A), starts (n,)."""
    successor = np.array([[rng.integers(s + 1, n + 1) for _ in range(n_actions)] for s in range(n)])
    successor[successor == n] = -1
    reward = rng.uniform(-2, 2, (n, n_actions))
    return successor, reward, rng.integers(0, max(1, n // 2), size=12)


def played(table: np.ndarray, world: tuple, seeds: list[int]) -> list[tuple]:
    """Greedy episodes: (largest values, rewards) step by step."""
    successor, reward, starts, *limit = world
    limit = (limit[0] if limit else None) or len(successor)
    episodes = []
    for seed in seeds:
        s, best, r = int(starts[seed]), [], []
        while s >= 0 and len(r) < limit:
            a = int(table[s].argmax())
            best.append(float(table[s, a]))
            r.append(float(reward[s, a]))
            s = int(successor[s, a])
        episodes.append((np.array(best), np.array(r)))
    return episodes


def return_at(r: np.ndarray, t: int, gamma: float) -> float:
    """The discounted return from step t on, as a plain sum."""
    return float(sum(gamma**k * x for k, x in enumerate(r[t:])))


def wrong_overestimations(episodes: list[tuple], gamma: float, unseeded: list[tuple]) -> dict:
    """What typical mistakes give.

    Args:
        episodes: as the seeds make them.
        gamma: discount.
        unseeded: as `reset()` without a seed makes them.
    """

    def mean(f, among: list[tuple] = episodes) -> float:
        return float(np.mean([f(q, r, t) for q, r in among for t in range(len(r))]))

    right = mean(lambda q, r, t: q[t] - return_at(r, t, gamma))
    return {
        "The sign is turned around: an estimate that is too high counts as positive.": -right,
        "The returns are not discounted.": mean(lambda q, r, t: q[t] - return_at(r, t, 1.0)),
        "Each state is compared with the return of the whole episode, not with the return from "
        "there on.": mean(lambda q, r, t: q[t] - return_at(r, 0, gamma)),
        "The discount counts from the beginning of the episode; seen from step t its own reward "
        "has the weight 1.": mean(lambda q, r, t: q[t] - gamma**t * return_at(r, t, gamma)),
        "The reward of a step is left out of the return from there on.": mean(
            lambda q, r, t: q[t] - return_at(r, t + 1, gamma)
        ),
        "The first reward is discounted already.": mean(
            lambda q, r, t: q[t] - gamma * return_at(r, t, gamma)
        ),
        "Only the first state of each episode counts here; asked is the mean over all visited "
        "states.": float(np.mean([q[0] - return_at(r, 0, gamma) for q, r in episodes])),
        "This is a mean of the episodes' means; every visited state has the same weight.": float(
            np.mean(
                [
                    np.mean([q[t] - return_at(r, t, gamma) for t in range(len(r))])
                    for q, r in episodes
                ]
            )
        ),
        "The returns are missing: this is the mean of the largest values.": mean(
            lambda q, r, t: q[t]
        ),
        "The absolute errors are averaged: errors of both signs have to cancel.": mean(
            lambda q, r, t: abs(q[t] - return_at(r, t, gamma))
        ),
        "`env.reset` is not given the seeds: this is the value of episodes without them.": mean(
            lambda q, r, t: q[t] - return_at(r, t, gamma), unseeded
        ),
    }


def expect_overestimations(answer, cases: list[tuple]) -> None:
    """Compare in several worlds: (network, world, gamma, seeds)."""
    evidence = WholeEvidence("the overestimation", 1e-4)  # float32
    for net, world, gamma, seeds in cases:
        table = net[0].T.astype(np.float64) + net[1]
        episodes = played(table, world, seeds)
        want = float(
            np.mean([q[t] - return_at(r, t, gamma) for q, r in episodes for t in range(len(r))])
        )
        given = number(
            answer.probe(f"{PROBE}in_script", net, world, gamma, seeds), what="the overestimation"
        )
        evidence.see(
            given,
            want,
            lambda e=episodes, g=gamma, t=table, w=world: wrong_overestimations(
                e, g, played(t, w, [0] * len(e))
            ),
        )
    evidence.conclude()


@overestimation.check(
    "mean of max Q minus the return that follows, over all states visited",
    points=3,
    hint="Play greedily to the end, then walk backwards through the rewards.",
)
def _overestimated(answer, rng):
    cases = []
    for _ in range(15):
        n = int(rng.integers(6, 12))
        seeds = [int(k) for k in rng.permutation(12)[: rng.integers(2, 6)]]
        net = random_net(rng, [n, 3], 3.0 * np.sqrt(n))
        cases.append((net, script(rng, n), float(rng.uniform(0.4, 0.95)), seeds))
    expect_overestimations(answer, cases)


@overestimation.check(
    "one step, γ = 0, one episode, an episode that the clock cuts",
    points=1,
    hint="The definition needs no special case. An episode is over when it is terminated or "
    "truncated.",
)
def _single_steps(answer, rng):
    cases = []
    for gamma in rng.permutation([0.0, 0.9, 0.0, 0.7]):
        n = int(rng.integers(5, 9))
        short = script(rng, 1) if gamma else script(rng, n)
        net = random_net(rng, [len(short[0]), 3], 4.0)
        cases.append((net, short, float(gamma), [int(rng.integers(12))]))
    for _ in range(3):
        n, limit = 12, int(rng.integers(2, 4))
        successor, reward, _ = script(rng, n)
        successor[:] = np.minimum(np.arange(n) + 1, n - 1)[:, None]  # walks on until the clock cuts
        seeds = [int(k) for k in rng.permutation(12)[:3]]
        world = successor, reward, rng.integers(0, 4, size=12), limit
        cases.append((random_net(rng, [n, 3], 8.0), world, float(rng.uniform(0.4, 0.9)), seeds))
    expect_overestimations(answer, cases)


@overestimation.check(
    "one episode for each of the seeds that are handed in",
    points=1,
    hint="`env.reset(seed=seed)` for each seed.",
)
def _seeds(answer, rng):
    cases = []
    for _ in range(8):
        successor, reward, _ = script(rng, 10)
        world = successor, reward, rng.permutation(12) % 10
        seeds = [int(k) for k in rng.permutation(12)[: rng.integers(1, 4)]]
        cases.append((random_net(rng, [10, 3], 8.0), world, float(rng.uniform(0.4, 0.9)), seeds))
    expect_overestimations(answer, cases)


# --- 7 diagnose --------------------------------------------------------------------------------

diagnose = Exercise("07_dqn/diagnose")

EASY = ("no exploration decay", "no target network", "target never synced")
WHERE = {
    "no mask": "Without the mask values grow beyond every return that is possible, and still "
    "shrink by the discount from the end of an episode to its beginning.",
    "no discount": "Without a discount the first observation of an episode is worth as much as the "
    "last one.",
    "target never synced": "A target network that stays as it began cannot pass a value on: look "
    "at the beginning of an episode, and at the gap.",
    "no target network": "Without a target network there is no gap between the two networks.",
    "no exploration decay": "The log contains ε itself.",
    "broadcast": "If every prediction is compared with every target, all predictions become the "
    "same number.",
}


@functools.cache
def recorded() -> dict[str, list[dict[str, list[float]]]]:
    """Cause -> logs that the notebook does not show."""
    path = Path(__file__).with_name("training_logs.json")
    return json.loads(path.read_text(encoding="utf-8"))


def expect_diagnoses(answer, rng, causes: tuple[str, ...]) -> None:
    """Ask for logs of all six causes in random order; those of `causes` have to be right."""
    wrong: dict[str, str] = {}
    names: set[str] = set()
    picks = [(cause, k) for cause in CAUSES for k in range(len(recorded()[cause]))]
    for index in rng.permutation(len(picks)):
        cause, k = picks[index]
        log = {name: np.array(column) for name, column in recorded()[cause][k].items()}
        said = cause_of(answer(log))
        names.add(said)
        if (said in causes or cause in causes) and said != cause:
            wrong.setdefault(cause, said)
    if wrong:
        cause = next(name for name in CAUSES if name in wrong)
        never = f' The function says "{cause}" of no log at all.' if cause not in names else ""
        raise Failed(
            f'A run with the bug "{cause}" is taken for "{wrong[cause]}".',
            WHERE[cause] + never,
            expected=f'"{cause}"',
            given=f'"{wrong[cause]}"',
        )


@diagnose.check(
    "fresh logs: exploration and target network",
    points=2,
    hint="These three causes leave their mark in one column.",
)
def _easy(answer, rng):
    expect_diagnoses(answer, rng, EASY)


@diagnose.check(
    "fresh logs: mask, discount, broadcast",
    points=2,
    hint="Ask what is possible: how large can a return be, and what is left of it nine steps "
    "earlier?",
)
def _hard(answer, rng):
    expect_diagnoses(answer, rng, tuple(cause for cause in CAUSES if cause not in EASY))
