"""Make the training logs of the bug hunt in 07_dqn: `python -m benchmarks.training_logs`.

DQN on Catch, all seeds of a cause side by side. Five seeds of each cause are the grader's
(`grader/exams/training_logs.json`), three are the student's, together with healthy ones and under
letters (`qlib/training_logs.json`).
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from torch import Tensor

from qlib.checks.nb07_dqn import CAUSES
from qlib.replay import Batch
from qlib.train import DQNConfig, epsilon, many, one_thread

ROOT = Path(__file__).resolve().parent.parent
HIDDEN = ROOT / "grader" / "exams" / "training_logs.json"
SHOWN = ROOT / "qlib" / "training_logs.json"
SHOWN_SEEDS, HIDDEN_SEEDS = 3, 5
LETTERS = dict(zip("ABCDEF", np.random.default_rng(7).permutation(CAUSES).tolist(), strict=True))

EVERY = 160
HEALTHY = DQNConfig(total_steps=4_000, epsilon_decay_steps=750, loss="mse")
SETTINGS = {
    "no discount": {"gamma": 1.0},
    "target never synced": {"target_update_every": 10**9},
    "no target network": {"target_update_every": 1},
    "no exploration decay": {"epsilon_end": 1.0},
}


def update_of(cause: str) -> Callable:
    """An update with this bug, if it sits there, that reports what a log holds."""

    def update(q_net, target_net, opt, batch: Batch, cfg: DQNConfig) -> dict[str, Tensor]:
        everything = q_net(batch.obs)  # [B, A]
        q = everything.gather(1, batch.action[:, None]).squeeze(1)  # [B]
        old = target_net(batch.obs).gather(1, batch.action[:, None]).squeeze(1).detach()
        alive = 1.0 if cause == "no mask" else 1 - batch.terminated
        best = target_net(batch.next_obs).max(dim=1).values.detach()
        y = batch.reward + cfg.gamma * alive * best
        loss = ((q[:, None] - y if cause == "broadcast" else q - y) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        q, first = q.detach(), batch.obs[:, :5].sum(dim=1)  # the ball is in the first row
        at_start = (everything.detach().max(dim=1).values * first).sum() / (first.sum() + 1e-9)
        return {
            "loss": loss.detach(),
            "q_max": q.max(),
            "q_spread": q.std(),
            "target_gap": (q - old).abs().mean(),
            "q_start": at_start,
        }

    return update


def record(cause: str) -> list[dict[str, list[float]]]:
    """The logs of all seeds of one cause, or of "healthy" runs."""
    cfg = replace(HEALTHY, **SETTINGS.get(cause, {}))
    seeds = range(SHOWN_SEEDS + HIDDEN_SEEDS)
    runs = many.dqn(
        "qlib/Catch-v0", cfg, seeds, update=update_of(cause), eval_every=EVERY, eval_episodes=20
    )
    kept = np.flatnonzero(np.isfinite(runs.log["loss"]).all(axis=0))  # after the warm-up
    steps = runs.steps[kept]
    chance = [
        epsilon(int(t), cfg.epsilon_start, cfg.epsilon_end, cfg.epsilon_decay_steps) for t in steps
    ]
    logs = []
    for k in seeds:
        columns = {"step": steps, "epsilon": chance, "greedy_return": runs.returns[k][kept]}
        columns |= {name: values[k][kept] for name, values in runs.log.items()}
        logs.append({n: [float(f"{x:.4g}") for x in column] for n, column in columns.items()})
    print(f"{cause}: {runs.note}", flush=True)
    return logs


def main() -> None:
    """Write both files."""
    one_thread()
    logs = {cause: record(cause) for cause in ("healthy", *CAUSES)}
    names = {"healthy": "healthy"} | LETTERS
    shown = {letter: logs[cause][:SHOWN_SEEDS] for letter, cause in names.items()}
    hidden = {cause: logs[cause][SHOWN_SEEDS:] for cause in CAUSES}
    for path, content in ((SHOWN, shown), (HIDDEN, hidden)):
        path.write_text(json.dumps(content, separators=(",", ":")) + "\n")
        print(path.relative_to(ROOT), f"{path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
