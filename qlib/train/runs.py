"""The record of many runs, and the way to it where they run one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from qlib.train.dqn import figures
from qlib.train.history import History, Progress


@dataclass(frozen=True)
class Runs:
    """Learning curves of K seeds.

    Attributes:
        name: "DQN" or "SAC".
        seeds: the K seeds.
        steps: environment steps of the points, (n,).
        returns: mean greedy episode return of each seed at each point, (K, n).
        episodes: the episode returns behind it, (K, n, n_episodes).
        log: what the update returned, mean since the point before, each (K, n).
        nets: the trained networks of each seed: `{"q_net": ...}`, or actor and critic.
        mapped: whether all seeds ran at once.
        note: how they ran, and why, in a sentence.
    """

    name: str
    seeds: tuple[int, ...]
    steps: NDArray[np.int64]
    returns: NDArray[np.float64]
    episodes: NDArray[np.float64]
    log: dict[str, NDArray[np.float64]]
    nets: list[dict[str, nn.Module]] = field(repr=False)
    mapped: bool
    note: str

    def net(self, k: int) -> nn.Module:
        """What the k-th seed acts with: its Q-network or its actor."""
        return next(iter(self.nets[k].values()))

    def curve(self, ax: Any = None, label: str | None = None, **options: Any) -> Any:
        """Mean return over seeds with its interval, see `qlib.plot.curves`: the axes."""
        from qlib.plot import curves

        options = {"xlabel": "environment step", "ylabel": "greedy episode return"} | options
        return curves({label or self.name: self.returns}, self.steps, ax, **options)


def in_turn(
    name: str,
    one: Callable[[int], Any],
    nets_of: Callable[[Any], dict[str, nn.Module]],
    seeds: tuple[int, ...],
    reason: str,
    progress: bool | None,
) -> Runs:
    """The seeds one after another."""
    bar, runs = Progress(f"{name}, one seed after another", len(seeds), progress), []
    for k, seed in enumerate(seeds, start=1):
        runs.append(one(seed))
        bar.show(k, figures(runs[-1].history), end=k == len(seeds))
    histories = [run.history for run in runs]
    return gathered(name, seeds, histories, [nets_of(run) for run in runs], reason)


def dqn_nets(run: Any) -> dict[str, nn.Module]:
    """What is kept of a run of DQN."""
    return {"q_net": run.q_net}


def sac_nets(run: Any) -> dict[str, nn.Module]:
    """What is kept of a run of SAC."""
    return {"actor": run.agent.actor, "critic": run.agent.critic}


def gathered(
    name: str,
    seeds: tuple[int, ...],
    histories: Sequence[History],
    nets: list[dict[str, nn.Module]],
    reason: str | None,
) -> Runs:
    """The record of all runs, from one history of all or from one of each."""
    mapped = reason is None
    if mapped:
        history = histories[0]
        episodes = np.array(history.returns).swapaxes(0, 1)  # [K, n, E]
        log = {k: np.array(list(_rows(row, len(seeds)))).T for k, row in history.log.items()}
    else:
        history = histories[0]
        episodes = np.array([h.returns for h in histories])
        shared = [k for k in history.log if all(k in h.log for h in histories)]
        log = {k: np.array([[float(x) for x in h.log[k]] for h in histories]) for k in shared}
    note = (
        f"All {len(seeds)} seeds ran at once, through torch.func.vmap."
        if mapped
        else f"The {len(seeds)} seeds ran one after another: {reason}."
    )
    steps = np.array(history.steps)
    return Runs(name, seeds, steps, episodes.mean(axis=2), episodes, log, nets, mapped, note)


def _rows(row: list[Any], n: int) -> Iterator[NDArray[np.float64]]:
    for value in row:
        yield np.broadcast_to(np.asarray(value, dtype=np.float64), (n,))
