"""Runs in files: `save`, `load`, and the run goes on as if it had never stopped.

One `.npz` holds arrays and, as JSON, numbers and names. Nothing in it can execute when it is read.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from qlib.nets import load as load_net
from qlib.nets import state as net_state
from qlib.train.config import DQNConfig, SACConfig
from qlib.train.dqn import DQNRun, MakeEnv
from qlib.train.history import History
from qlib.train.packed import Adam
from qlib.train.sac import SACRun
from qlib.train.window import Window

FORMAT = "q-learning-course run 1"
ALGORITHMS = {"DQN": (DQNConfig, DQNRun), "SAC": (SACConfig, SACRun)}


class CheckpointError(Exception):
    """The file holds no run that can go on here; the message says why."""


def save(run: DQNRun | SACRun, path: str | os.PathLike) -> Path:
    """Store a run: networks, optimisers, replay, episode, generators, history.

    The file is written beside `path` and then renamed, so that a kill leaves the old one whole.

    Args:
        run: what `train_dqn` or `train_sac` returned.
        path: a file; the suffix `.npz` is added where there is none.

    Returns:
        The path of the file.
    """
    path = Path(path)
    path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, np.ndarray] = {}
    tree = _without_arrays(_state(run), "", arrays)
    text = np.frombuffer(json.dumps(tree).encode(), dtype=np.uint8)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            np.savez(file, json=text, **arrays)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def load(path: str | os.PathLike, env: MakeEnv, device: str = "auto") -> DQNRun | SACRun:
    """A stored run, ready for `train_dqn(env, run.cfg, run=run)` or `train_sac`.

    Args:
        path: what `save` wrote.
        env: the environment it was trained in, as for training.
        device: as for training; bit for bit the same only on the CPU.

    Raises:
        CheckpointError: if the file is missing, damaged or of another kind.
        ValueError: if the environment has other spaces.
    """
    path = Path(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        tree = json.loads(arrays.pop("json").tobytes())
    except FileNotFoundError:
        raise CheckpointError(f"{path} does not exist.") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise CheckpointError(f"{path} is no checkpoint, or it is damaged: {error}.") from error
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise CheckpointError(f"{path} holds something else than a {FORMAT!r}.")
    state = _with_arrays(tree, arrays)
    config, kind = ALGORITHMS[state["algorithm"]]
    run = kind.begin(env, config(**state["cfg"]), state["seed"], device)
    _restore(run, state)
    return run


def _parts(run: DQNRun | SACRun) -> tuple[dict[str, nn.Module], dict[str, Adam]]:
    """The networks and the optimisers of a run."""
    if isinstance(run, DQNRun):
        return {"q_net": run.q_net, "target_net": run.target_net}, {"opt": run.opt}
    agent = run.agent
    nets = {name: getattr(agent, name) for name in ("actor", "critic", "target", "temperature")}
    opts = {name: getattr(agent, name) for name in ("actor_opt", "critic_opt", "alpha_opt")}
    return nets, {name: opt for name, opt in opts.items() if opt is not None}


def _window(run: DQNRun | SACRun) -> Window | None:
    """The last steps of a run whose transitions go over several."""
    return run.window if isinstance(run, DQNRun) else None


def _state(run: DQNRun | SACRun) -> dict[str, Any]:
    nets, opts = _parts(run)
    window = _window(run)
    return {
        "format": FORMAT,
        "algorithm": "DQN" if isinstance(run, DQNRun) else "SAC",
        "cfg": asdict(run.cfg),
        "seed": int(run.seed),
        "t": run.t,
        "nets": {name: net_state(net) for name, net in nets.items()},
        "opts": {name: opt.state() for name, opt in opts.items()},
        "replay": run.replay.state(),
        "window": None if window is None else window.state(),
        "world": run.world.state(),
        "streams": run.streams.state(),
        "history": run.history.state(),
    }


def _restore(run: DQNRun | SACRun, state: dict[str, Any]) -> None:
    nets, opts = _parts(run)
    for name, net in nets.items():
        if name == "temperature":  # may be -inf, which `load` of networks refuses
            with torch.no_grad():
                run.agent.log_alpha.fill_(float(state["nets"][name]["log_alpha"]))
        else:
            load_net(net, state["nets"][name])
    for name, opt in opts.items():
        opt.restore(state["opts"][name])
    run.t = int(state["t"])
    run.replay.restore(state["replay"])
    window = _window(run)
    if window is not None:
        window.restore(state["window"])
    run.world.restore(state["world"])
    run.streams.restore(state["streams"])
    device = run.replay.device

    def as_sum(value: Any) -> Any:
        value = np.asarray(value)
        return float(value) if value.dtype == np.float64 else torch.tensor(value, device=device)

    run.history = History.restored(state["history"], as_sum)


def _without_arrays(node: Any, name: str, arrays: dict[str, np.ndarray]) -> Any:
    """The tree with each array moved to `arrays`, and its name in its place."""
    if isinstance(node, np.ndarray):
        arrays[f"array{len(arrays)}"] = node
        return {"__array__": f"array{len(arrays) - 1}"}
    if isinstance(node, dict):
        return {str(k): _without_arrays(v, f"{name}/{k}", arrays) for k, v in node.items()}
    if isinstance(node, list | tuple):
        return [_without_arrays(v, name, arrays) for v in node]
    if isinstance(node, np.generic):
        return node.item()
    if node is None or isinstance(node, bool | int | float | str):
        return node
    raise TypeError(f"{name} holds a {type(node).__name__}, which a checkpoint cannot store.")


def _with_arrays(node: Any, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(node, dict):
        if set(node) == {"__array__"}:
            return arrays[node["__array__"]]
        return {k: _with_arrays(v, arrays) for k, v in node.items()}
    return [_with_arrays(v, arrays) for v in node] if isinstance(node, list) else node
