"""The learning checks of 07_dqn over many seeds: `python -m benchmarks.calibration 07`.

Catch is trained as the check does (`grader.exams.dqn_training.CATCH`) and scored as it does, over
all five starts. The check shuffles cells and actions of the board; a fully connected network with
random weights has no preference for an order, so the plain board has the same law, and all seeds
train side by side. The probes report the largest error in units of the check's tolerance.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import gymnasium
import numpy as np
import torch

from grader.exams.dqn_training import (
    CATCH,
    EVERY_STEP,
    PASS,
    SMALL,
    catch_return,
    catch_states,
    delayed_loop,
)
from qlib.envs.deep import PROBES
from qlib.train import DQNConfig, dqn_update, many

CFG = DQNConfig(**CATCH)
PLAIN = {"permutation": np.arange(50), "actions": np.arange(3)}
GAMMA, T = 0.76, 6  # the middle of what the probe checks draw


def forgets_ends(q_net: Any, target_net: Any, opt: Any, batch: Any, cfg: DQNConfig) -> dict:
    """No mask."""
    return dqn_update(q_net, target_net, opt, batch._replace(terminated=0 * batch.terminated), cfg)


def broadcasts(q_net: Any, target_net: Any, opt: Any, batch: Any, cfg: DQNConfig) -> dict:
    """Every prediction against every target."""
    with torch.no_grad():
        value = target_net(batch.next_obs).max(dim=1).values
        y = batch.reward + cfg.gamma * (1 - batch.terminated) * value
    q = q_net(batch.obs).gather(1, batch.action[:, None])
    loss = ((q - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    return {"loss": loss.detach()}


def catch(cfg: DQNConfig, update: Callable = dqn_update) -> Callable:
    """Seeds -> the exact greedy return of each."""

    def train(seeds: Iterable[int]) -> list[dict[str, float]]:
        seeds = list(seeds)
        options = {"eval_every": cfg.total_steps, "eval_episodes": 1, "progress": False}
        runs = many.dqn("qlib/Catch-v0", cfg, seeds, update=update, **options)
        grid, obs = catch_states(PLAIN)
        nets = [runs.net(k) for k in range(len(seeds))]
        tables = [net(torch.as_tensor(obs)).detach().numpy() for net in nets]
        return [{"return": catch_return(q, grid, PLAIN)} for q in tables]

    return train


class CutIsEnd(gymnasium.Wrapper):
    """Says `terminated` where the clock has cut the episode."""

    def step(self, action: Any) -> tuple:
        """One step."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        return obs, reward, terminated or truncated, False, info


def probe(
    make: Callable[[], Any], tolerance: float, steps: int = 400, cut: bool = False, **changes: Any
) -> Callable:
    """Seeds -> the largest error of each, in units of the tolerance."""
    cfg = DQNConfig(**SMALL | {"gamma": GAMMA, "total_steps": steps} | changes)

    def train(seeds: Iterable[int]) -> list[dict[str, float]]:
        seeds, world = list(seeds), make()
        env = (lambda: CutIsEnd(make())) if cut else make
        options = {"eval_every": steps, "eval_episodes": 1, "progress": False}
        runs = many.dqn(env, cfg, seeds, **options)
        obs, want = torch.as_tensor(world.batch.observations), world.batch.q_star(cfg.gamma)
        found = [runs.net(k)(obs).detach().numpy() for k in range(len(seeds))]
        return [{"error": float(np.abs(q - want).max() / tolerance)} for q in found]

    return train


def size(world: Any, limit: float, row: int, **changes: Any) -> Callable:
    """Seeds -> the largest value in a row that must not have learned yet, in units of the limit."""
    cfg = DQNConfig(**SMALL | {"gamma": GAMMA} | changes)

    def train(seeds: Iterable[int]) -> list[dict[str, float]]:
        seeds = list(seeds)
        options = {"eval_every": cfg.total_steps, "eval_episodes": 1, "progress": False}
        runs = many.dqn(world, cfg, seeds, **options)
        obs = torch.as_tensor(world().observations[row : row + 1])
        found = [runs.net(k)(obs).detach().numpy() for k in range(len(seeds))]
        return [{"error": float(np.abs(q).max() / limit)} for q in found]

    return train


def late_loop() -> Any:
    """P6 with a beginning."""
    return delayed_loop(T, 1.0, np.array([0, 1]))


LATE = 0.05 / (1 - GAMMA)
CASES: dict[str, Callable] = {
    "Catch: reference": catch(CFG),
    "Catch: squared errors": catch(replace(CFG, loss="mse")),
    "Catch: double": catch(replace(CFG, double=True)),
    "Catch: no mask": catch(CFG, forgets_ends),
    "Catch: no discount": catch(replace(CFG, gamma=1.0)),
    "Catch: no target network": catch(replace(CFG, target_update_every=1)),
    "Catch: target never synced": catch(replace(CFG, target_update_every=10**9)),
    "Catch: ε never decays": catch(replace(CFG, epsilon_end=1.0)),
    "Catch: broadcast": catch(CFG, broadcasts),
    "Catch: a memory of 64": catch(replace(CFG, buffer_size=64)),
    "P1": probe(PROBES["P1"], 0.1),
    "P2": probe(PROBES["P2"], 0.1),
    "P3": probe(PROBES["P3"], 0.1),
    "P3, a copy in every step": probe(PROBES["P3"], 0.1, **EVERY_STEP),
    "P4": probe(PROBES["P4"], 0.1),
    "P5": probe(PROBES["P5"], 0.1),
    "P3 × 3, never a copy: the first step": size(
        partial(PROBES["P3"], scale=3.0), 1.2, 0, target_update_every=10_000
    ),
    "P4 × 4, no update": size(
        partial(PROBES["P4"], scale=4.0), 2.0, 0, total_steps=350, learning_starts=1_000
    ),
    "P4 × 4, three updates": size(
        partial(PROBES["P4"], scale=4.0), 2.0, 0, total_steps=350, train_every=100
    ),
    "P6 with a beginning": probe(late_loop, LATE, 500),
    "P6 with a beginning: the cut taken for an end": probe(late_loop, LATE, 500, cut=True),
}


def fails(p: float) -> float:
    """Probability that the check fails: a median of three below the threshold, twice."""
    return (3 * p**2 * (1 - p) + p**3) ** 2


def report(rows: dict[str, list[dict[str, float]]]) -> str:
    """The table."""
    lines = [
        "# Learning checks of 07_dqn over many seeds",
        "",
        "Command: `python -m benchmarks.calibration 07` (resumes; runs in `out/`); more runs of "
        'some rows with `--seeds 1024 --only "Catch: reference"`, `--seeds 128 --only P`.',
        "",
        f"Catch, {CFG.total_steps:,} steps: exact greedy return over the five starts. The check "
        f"asks for a median of three of at least {PASS}, and tries once more with fresh variants.",
        "`upper p` is the 95 % upper limit (Clopper and Pearson) of the share of runs below the "
        "threshold. With it the check fails with probability (3p²(1 - p) + p³)².",
        "",
        "| Catch | runs | mean | lowest | below | upper p | fails the check at that p |",
        "|---|---|---|---|---|---|---|",
    ]
    for case, runs in rows.items():
        if not case.startswith("Catch"):
            continue
        r = np.array([run["return"] for run in runs])
        below, n = int((r < PASS).sum()), len(r)
        upper = upper_limit(below, n)
        lines.append(
            f"| {case.split(': ')[1]} | {n} | {r.mean():.2f} | {r.min():.1f} | {below} "
            f"| {upper:.3f} | {fails(upper):.1e} |"
        )
    lines += [
        "",
        "Bugs whose runs are not below leave the score intact: component checks and probes catch "
        "them (`tests/answers/07_dqn`).",
        "",
        "Probes: largest error of any value, in units of the check's tolerance; above 1 fails.",
        "",
        "| probe | runs | median | largest | smallest |",
        "|---|---|---|---|---|",
    ]
    for case, runs in rows.items():
        if case.startswith("Catch"):
            continue
        e = np.array([run["error"] for run in runs])
        lines.append(f"| {case} | {len(e)} | {np.median(e):.3f} | {e.max():.3f} | {e.min():.3f} |")
    return "\n".join(lines)


def upper_limit(below: int, n: int) -> float:
    """95 % upper limit of a share (Clopper and Pearson)."""
    from scipy.stats import beta

    return 1.0 if below == n else float(beta.ppf(0.95, below + 1, n - below))
