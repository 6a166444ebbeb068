"""Tabular solvers and rollouts against their peers: `python -m benchmarks.tabular`.

Contestants solve the same problem to the same guaranteed accuracy, in turns, in one process and
with one thread. Times are CPU seconds; a ratio is the median over turns of qlib's time divided by
the peer's. Every result is compared with a reference whose error is certified. The peers come with
`pip install -e ".[bench]"`. Prints the tables and writes them to `benchmarks/tabular.md`.
"""

import argparse
import os
import platform
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy import sparse

from qlib.envs import MOVES, garnet
from qlib.gym import from_gymnasium
from qlib.mdp import TabularMDP
from qlib.rollouts import Sampler, rollouts
from qlib.solve import (
    modified_policy_iteration,
    policy_evaluation,
    policy_iteration,
    value_iteration,
)

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
EPS = 1e-3
"""Wanted loss of the policy; every contestant's rule then promises values within EPS / 2."""


@dataclass(frozen=True)
class Row:
    """One line of a result table: cells as they are printed."""

    cells: tuple[str, ...]


def goal_grid(n: int, goal: int, gamma: float = 0.99) -> TabularMDP:
    """An n x n grid, cost 1 a step, slips with probability 0.2, one terminal goal; sparse."""
    states = np.arange(n * n)
    actions = []
    for a in range(4):
        P = sparse.csr_array((n * n, n * n))
        for turn, p in ((0, 0.8), (1, 0.1), (-1, 0.1)):
            di, dj = MOVES[(a + turn) % 4]
            rows, columns = np.clip(states // n + di, 0, n - 1), np.clip(states % n + dj, 0, n - 1)
            P = P + sparse.csr_array((np.full(n * n, p), (states, rows * n + columns)), P.shape)
        P = P.tolil()
        P[goal] = 0
        P[goal, goal] = 1
        actions.append(P.tocsr())
    R = np.full((n * n, 4), -1.0)
    R[goal] = 0
    return TabularMDP(actions, R, gamma, states == goal)


def turns(
    contestants: dict[str, Callable[[], Any]], repeats: int
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """CPU seconds, (repeats,), and the last result of each contestant, after one warm-up."""
    seconds = {name: [] for name in contestants}
    results = {name: call() for name, call in contestants.items()}
    for _ in range(repeats):
        for name, call in contestants.items():
            start = time.process_time()
            results[name] = call()
            seconds[name].append(time.process_time() - start)
    return {name: np.array(s) for name, s in seconds.items()}, results


def ratio(seconds: dict[str, np.ndarray], peer: str) -> float:
    """Median over turns of qlib's time divided by the peer's."""
    return float(np.median(seconds["qlib"] / seconds[peer]))


def verdict(value: float, target: float | None, at_most: bool = True) -> str:
    """The target in words, and whether it is met."""
    if target is None:
        return "-"
    met = value <= target if at_most else value >= target
    return f"{'at most' if at_most else 'at least'} {target:g}: {'met' if met else 'MISSED'}"


def quantecon_of(mdp: TabularMDP) -> Any:
    """The same problem as quantecon's DiscreteDP, in the form it is fastest with."""
    from quantecon.markov import DiscreteDP

    S, A = mdp.R.shape
    if not mdp.is_sparse:
        return DiscreteDP(mdp.R, mdp.P, mdp.gamma)
    s, a = np.repeat(np.arange(S), A), np.tile(np.arange(A), S)
    return DiscreteDP(mdp.R.ravel(), sparse.csr_matrix(mdp.P), mdp.gamma, s, a)


def toolbox_of(mdp: TabularMDP, method: str) -> Callable[[], Any]:
    """A run of pymdptoolbox, input check included: its solvers cannot be run twice."""
    from mdptoolbox import mdp as toolbox

    rows = [mdp.P[a :: mdp.n_actions] for a in range(mdp.n_actions)]
    P = [sparse.csr_matrix(p) for p in rows]

    def run() -> Any:
        solver = getattr(toolbox, method)(P, mdp.R, mdp.gamma, epsilon=EPS, max_iter=10_000)
        solver.run()
        return solver

    return run


def solver_rows(repeats: int, big: int) -> Iterator[Row]:
    """Solvers against quantecon and pymdptoolbox."""
    rng = np.random.default_rng(0)
    side = round(big**0.5)
    goals = [0, side - 1, big - side, big - 1, big // 2 + side // 2, *rng.integers(0, big, 2)]
    random = garnet(big, 4, 10, rng, gamma=0.99, sparse=True)
    ending = garnet(big, 4, 10, rng, gamma=0.99, sparse=True, n_terminal=5)
    dense = garnet(1000, 4, 10, rng, gamma=0.99)
    grids = [goal_grid(side, goal) for goal in goals]
    problems = [
        (f"random, sparse {big:,}", [random], 1.0, 0.8),
        (f"random with 5 ends, sparse {big:,}", [ending], None, None),
        (f"{len(goals)} goal grids, sparse {side}x{side}", grids, None, None),
        ("random, dense 1,000", [dense], None, None),
    ]
    for name, mdps, mpi_target, vi_target in problems:
        n = repeats if len(mdps) == 1 else max(2, repeats // 3)
        yield from _against_quantecon(name, mdps, n, "mpi", mpi_target)
        yield from _against_quantecon(name, mdps[:3], n, "vi", vi_target)
    small = garnet(1000, 4, 10, rng, gamma=0.99, sparse=True)
    for method, title in (("PolicyIterationModified", "MPI"), ("ValueIteration", "VI, span rule")):
        solve = modified_policy_iteration if title == "MPI" else value_iteration
        contestants = {
            "qlib": lambda solve=solve: solve(TabularMDP(small.P, small.R, 0.99), EPS / 2),
            "pymdptoolbox": toolbox_of(small, method),
        }
        seconds, results = turns(contestants, 2 if title == "MPI" else max(2, repeats // 2))
        reference = policy_iteration(small)
        mine, peer = results["qlib"], results["pymdptoolbox"]
        yield _row(
            "random, sparse 1,000", title, "pymdptoolbox", seconds, "pymdptoolbox", None,
            f"{mine.sweeps} + {mine.policy_sweeps}", f"{peer.iter}",
            np.abs(mine.V - reference.V).max(), np.abs(np.array(peer.V) - reference.V).max(),
        )  # fmt: skip


def _against_quantecon(
    name: str, mdps: list[TabularMDP], repeats: int, method: str, target: float | None
) -> Iterator[Row]:
    """One row: the median over problems and turns."""
    total = {"qlib": [], "quantecon": []}
    errors = {"qlib": 0.0, "quantecon": 0.0}
    counts = {"qlib": [], "quantecon": []}
    for mdp in mdps:
        peer = quantecon_of(mdp)
        peer.max_iter = 100_000

        def mine(mdp: TabularMDP = mdp) -> Any:
            if method == "mpi":
                return modified_policy_iteration(mdp, EPS / 2)
            return value_iteration(mdp, EPS / 2, stopping="sup")

        contestants = {
            "qlib": mine,
            "quantecon": lambda peer=peer: peer.solve(method, epsilon=EPS),
        }
        seconds, results = turns(contestants, repeats)
        reference = modified_policy_iteration(mdp, 1e-9)
        assert reference.error_bound <= 1e-9
        for who, values in (("qlib", results["qlib"].V), ("quantecon", results["quantecon"].v)):
            total[who].append(seconds[who])
            errors[who] = max(errors[who], float(np.abs(values - reference.V).max()))
        result = results["qlib"]
        counts["qlib"].append((result.sweeps, result.policy_sweeps))
        iterations = results["quantecon"].num_iter
        counts["quantecon"].append((iterations, 20 * (iterations - 1) if method == "mpi" else 0))
    words = {
        who: " + ".join(f"{x:g}" for x in np.median(counts[who], axis=0).round()) for who in counts
    }
    seconds = {who: np.concatenate(total[who]) for who in total}
    title = "MPI" if method == "mpi" else "VI, sup rule"
    yield _row(name, title, "quantecon", seconds, "quantecon", target,
               words["qlib"], words["quantecon"], errors["qlib"], errors["quantecon"])  # fmt: skip


def _row(
    problem: str,
    method: str,
    title: str,
    seconds: dict[str, np.ndarray],
    peer: str,
    target: float | None,
    my_sweeps: str,
    peer_sweeps: str,
    my_error: float,
    peer_error: float,
) -> Row:
    value = ratio(seconds, peer)
    assert my_error <= EPS / 2, f"{problem}, {method}: qlib broke its promise"
    return Row((
        problem, method, title,
        f"{1e3 * np.median(seconds['qlib']):.1f} / {1e3 * np.median(seconds[peer]):.1f}",
        f"{value:.2f}" if value >= 0.1 else f"{value:.4f}", verdict(value, target),
        f"{my_sweeps} / {peer_sweeps}", f"{my_error:.0e} / {peer_error:.0e}",
    ))  # fmt: skip


def sweep_rows() -> Iterator[Row]:
    """Span rule against sup rule: counts, the same on every machine."""
    rng = np.random.default_rng(0)
    problems = {
        "random, 1,000 states": (garnet(1000, 4, 10, rng, gamma=0.99), 50.0),
        "random, 1,000 states, 5 ends": (
            garnet(1000, 4, 10, rng, gamma=0.99, n_terminal=5), None),
        "goal grid 30 x 30": (goal_grid(30, 465), None),
    }  # fmt: skip
    for name, (mdp, target) in problems.items():
        span = value_iteration(mdp, EPS / 2)
        sup = value_iteration(mdp, EPS / 2, stopping="sup")
        mpi = modified_policy_iteration(mdp, EPS / 2)
        gain = sup.sweeps / span.sweeps
        yield Row((
            name, f"{sup.sweeps}", f"{span.sweeps}", f"{mpi.sweeps} + {mpi.policy_sweeps}",
            f"{gain:.1f}", verdict(gain, target, at_most=False),
        ))  # fmt: skip


def gymnasium_loop(env: gymnasium.Env, n_episodes: int, seed: int) -> tuple[int, list[float]]:
    """The loop of the manuals: uniform actions, one step at a time. Steps and episode returns."""
    rng = np.random.default_rng(seed)
    env.reset(seed=seed)
    steps, returns = 0, []
    for _ in range(n_episodes):
        env.reset()
        total, over = 0.0, False
        while not over:
            _, r, terminated, truncated, _ = env.step(int(rng.integers(4)))
            total += r
            steps += 1
            over = terminated or truncated
        returns.append(total)
    return steps, returns


def rollout_rows(repeats: int) -> Iterator[Row]:
    """Transitions per CPU second."""
    lake = from_gymnasium("FrozenLake-v1")
    world = garnet(100, 4, 5, np.random.default_rng(0))
    uniform = {mdp: np.full(mdp.R.shape, 1 / 4) for mdp in (lake, world)}
    rng = np.random.default_rng(1)
    env = gymnasium.make("FrozenLake-v1")
    sampler = Sampler(lake)

    def learner(lanes: int, steps: int) -> int:
        """A learning algorithm's world: its own actions, restarts where episodes end."""
        s = sampler.reset(lanes, rng)
        for _ in range(steps):
            a = rng.integers(0, 4, lanes)
            s_next, _, terminated = sampler.step(s, a, rng)
            s = np.where(terminated, sampler.reset(lanes, rng), s_next)
        return lanes * steps

    def batch(mdp: TabularMDP, lanes: int, max_steps: int) -> int:
        return len(rollouts(mdp, uniform[mdp], lanes, rng, max_steps).a)

    contestants = {
        "gymnasium loop, FrozenLake": (lambda: gymnasium_loop(env, 1000, 0)[0], None),
        "Sampler, any actions, FrozenLake, 1,000 lanes": (lambda: learner(1000, 500), 5.0),
        "Sampler, any actions, FrozenLake, 10,000 lanes": (lambda: learner(10_000, 100), None),
        "rollouts, FrozenLake to its ends, 1,000 episodes": (lambda: batch(lake, 1000, 100), None),
        "rollouts, FrozenLake to its ends, 50,000": (lambda: batch(lake, 50_000, 100), None),
        "rollouts, endless, 1,000 lanes x 1,000 steps": (lambda: batch(world, 1000, 1000), 20.0),
        "rollouts, endless, 10,000 lanes x 200 steps": (lambda: batch(world, 10_000, 200), 20.0),
    }
    seconds, done = turns({name: call for name, (call, _) in contestants.items()}, repeats)
    base = done["gymnasium loop, FrozenLake"] / np.median(seconds["gymnasium loop, FrozenLake"])
    for name, (_, target) in contestants.items():
        rate = done[name] / float(np.median(seconds[name]))
        yield Row((
            name, f"{rate / 1e6:.3g}", f"{rate / base:,.0f}",
            verdict(rate / 1e6, target, at_most=False),
        ))  # fmt: skip
    _same_world(env, lake, uniform[lake])


def _same_world(env: gymnasium.Env, lake: TabularMDP, pi: np.ndarray) -> None:
    """The loop and the rollouts must see the same world: mean return and length within 5 sigma."""
    n = 4000
    steps, returns = gymnasium_loop(env, n, 7)
    mine = rollouts(lake, pi, 20 * n, np.random.default_rng(2), 100)
    exact = policy_evaluation(lake, pi)
    assert exact.error_bound < 1e-9
    sigma = np.std(returns) / np.sqrt(n)
    assert abs(np.mean(returns) - mine.returns(1.0).mean()) < 6 * sigma
    assert abs(steps / n - mine.lengths.mean()) < 6 * mine.lengths.std() / np.sqrt(n)


SECTIONS = {
    "Solvers": (
        ("problem", "method", "peer", "ms", "ratio", "target", "sweeps", "error"),
        "Pairs are qlib / peer. Sweeps: over all actions + with the policy's action only, medians."
        f" Error: largest distance from certified values; promised is {EPS / 2:g}. Both hold the"
        " problem in their own form before the clock starts, except that for pymdptoolbox both"
        " check their input again; it promises a good policy, and its value iteration returns"
        " values that are off by a constant. On goal grids the median runs over several places of"
        " the goal: which of equal actions comes first decides how fast news travels there, so that"
        " a single goal flatters or punishes at random.",
    ),
    "Sweeps of value iteration until values are within 5e-4": (
        ("problem", "sup rule", "span rule", "MPI", "sup / span", "target"),
        "Counts; they do not depend on the machine.",
    ),
    "Rollouts": (
        ("what", "million steps / CPU s", "times the loop", "target"),
        "Uniform policy. Tables are built inside `rollouts`, so their time counts.",
    ),
}  # fmt: skip


def machine() -> str:
    """What ran this, without names or dates."""
    model = "unknown CPU"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = found[0].split(":", 1)[1].strip() if found else model
    packages = ("numpy", "scipy", "gymnasium", "quantecon", "pymdptoolbox")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{os.cpu_count()} cores ({model}), one thread used, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}"
    )


def report(results: dict[str, list[Row]], command: str) -> str:
    """The tables in Markdown."""
    text = [
        "# Tabular solvers and rollouts, measured",
        "",
        f"Made by `{command}` on {machine()}. CPU seconds, contestants taking turns in one "
        "process, medians; absolute times move by a factor of two between machines and hours.",
    ]
    for title, rows in results.items():
        columns, note = SECTIONS[title]
        text += ["", f"## {title}", "", note, "", "| " + " | ".join(columns) + " |"]
        text += ["|" + "---|" * len(columns)]
        text += ["| " + " | ".join(row.cells) + " |" for row in rows]
    return "\n".join(text) + "\n"


def main() -> int:
    """Run everything; 0 if all targets are met, 1 if not, 2 if a peer is missing."""
    if any(os.environ.get(name) != "1" for name in THREADS):
        # NumPy read these when it was imported, so start again with one thread.
        again = [sys.executable, "-m", "benchmarks.tabular", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | dict.fromkeys(THREADS, "1"))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tabular", description=__doc__)
    parser.add_argument("--repeats", type=int, default=15, help="turns of each contestant")
    parser.add_argument(
        "--quick", action="store_true", help="small, not judged, not written: does it run?"
    )
    args = parser.parse_args()
    console = Console()
    console = Console(width=max(console.width, 130))
    missing = [name for name in ("quantecon", "mdptoolbox") if find_spec(name) is None]
    if missing:
        console.print(f'Missing: {", ".join(missing)}. Run pip install -e ".[bench]" first.')
        return 2
    warnings.filterwarnings("ignore", module="mdptoolbox")
    repeats, big = (2, 900) if args.quick else (args.repeats, 10_000)
    parts = {
        "Solvers": solver_rows(repeats, big),
        "Sweeps of value iteration until values are within 5e-4": sweep_rows(),
        "Rollouts": rollout_rows(repeats),
    }
    results = {
        title: list(track(rows, description=title, console=console, total=None))
        for title, rows in parts.items()
    }
    for title, rows in results.items():
        table = Table(*SECTIONS[title][0], title=title)
        for row in rows:
            table.add_row(*row.cells)
        console.print(table)
    if not args.quick:
        path = Path(__file__).with_suffix(".md")
        path.write_text(report(results, "python -m benchmarks.tabular"))
        console.print(f"Written to {path.name}.")
    missed = any(
        "MISSED" in cell for rows in results.values() for row in rows for cell in row.cells
    )
    return int(missed and not args.quick)


if __name__ == "__main__":
    sys.exit(main())
