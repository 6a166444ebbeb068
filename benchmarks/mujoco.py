"""SAC on MuJoCo's robots: `python -m benchmarks.mujoco [ENV] [--steps N] [--seeds K]`.

Needs the extra `mujoco` (gymnasium[mujoco]); no display and no OpenGL. All seeds run side by side
on one thread. The curve (mean greedy return of each seed, 5 episodes a point) goes to
`benchmarks/mujoco.json`, one entry for each environment; 08_sac draws it.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from qlib import train
from qlib.train import many

HOME = Path(__file__).with_suffix(".json")
SMALL = train.SACConfig(
    total_steps=25_000,
    gamma=0.99,
    hidden=(64, 64),
    learning_rate=1e-3,
    batch_size=64,
    learning_starts=500,
    tau=0.01,
    alpha=0.1,
    auto_alpha=True,
)
"""Enough for one joint."""

WALKS = replace(SMALL, total_steps=60_000, batch_size=128, learning_starts=2_000, alpha=0.2)
"""For robots that walk."""

SETTINGS = {
    "InvertedPendulum-v5": SMALL,
    "HalfCheetah-v5": WALKS,
    "Hopper-v5": WALKS,
}


def measure(env: str, n_steps: int | None, n_seeds: int) -> dict:
    """Train; what the entry of this environment holds."""
    cfg = SETTINGS[env]
    cfg = cfg if n_steps is None else replace(cfg, total_steps=n_steps)
    start = time.process_time()
    runs = many.sac(
        env, cfg, range(n_seeds), eval_every=max(cfg.total_steps // 10, 1), eval_episodes=5
    )
    return {
        "command": f"python -m benchmarks.mujoco {env} --steps {cfg.total_steps} --seeds {n_seeds}",
        "settings": asdict(cfg) | {"max_grad_norm": None},
        "cpu_seconds": round(time.process_time() - start),
        "steps": runs.steps.tolist(),
        "returns": np.round(runs.returns, 1).tolist(),
        "alpha": np.round(runs.log["alpha"], 4).tolist(),
        "entropy": np.round(runs.log["entropy"], 3).tolist(),
    }


def main(arguments: list[str]) -> int:
    """Measure one environment and store its curve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("env", nargs="?", default="InvertedPendulum-v5", choices=SETTINGS)
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args(arguments)
    entry = measure(given.env, given.steps, given.seeds)
    stored = json.loads(HOME.read_text(encoding="utf-8")) if HOME.exists() else {}
    stored[given.env] = entry
    HOME.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(f"{given.env}: {entry['returns']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
