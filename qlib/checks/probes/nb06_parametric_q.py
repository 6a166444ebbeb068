"""Probes of 06_parametric_q: networks, tables and buffers from numbers, and back.

Every number that comes back is one that the check computes by itself from what it has sent: outputs
and gradients at its weights, tables after a step with its learning rate, rows that it has stored.
"""

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from qlib.nets import MockQ
from qlib.replay import Batch

FIELDS = Batch._fields
REFUSED = "ValueError:"


def shapes(function: Callable, shelf: dict, *sizes: Any) -> list | None:
    """Build a network and keep it; the shapes of its parameters, None if it is no module."""
    net = shelf["net"] = function(*sizes)
    return [list(p.shape) for p in net.parameters()] if isinstance(net, nn.Module) else None


def outputs(
    function: Callable,
    shelf: dict,
    parameters: Sequence[np.ndarray],
    inputs: Sequence[np.ndarray],
    weights: np.ndarray,
) -> dict[str, Any]:
    """Outputs of the kept network at these parameters, and the gradients of `weights` . output.

    Returns:
        "out", and "gradients" with respect to each parameter and then each input: None where the
        output does not depend on one, and no list where the output carries no gradient.
    """
    net = shelf["net"]
    with torch.no_grad():
        for p, value in zip(net.parameters(), parameters, strict=True):
            p.copy_(torch.from_numpy(value))
    tensors = [torch.from_numpy(x).requires_grad_() for x in inputs]
    out = net(*tensors)
    report = {"out": out, "gradients": None}
    if isinstance(out, Tensor) and out.requires_grad and out.shape == weights.shape:
        total = (out * torch.from_numpy(weights)).sum()
        every = [*net.parameters(), *tensors]
        report["gradients"] = list(torch.autograd.grad(total, every, allow_unused=True))
    return report


def loss_step(
    function: Callable,
    shelf: dict,
    tables: Sequence[np.ndarray],
    batch: dict[str, np.ndarray],
    gamma: float,
    kind: str | None,
    lr: float,
    again: bool = False,
) -> dict[str, Any]:
    """A loss on tables, and all tables after one gradient step with it.

    Args:
        function: `td_loss`, or `full_gradient_loss` with `kind` None.
        shelf: not used.
        tables: Q[obs, a] of the network, and of the target network unless it is the same one.
        batch: the fields of a `Batch`.
        gamma: discount.
        kind: of the loss.
        lr: step size.
        again: compute the loss twice with the same batch; the second one counts.

    Returns:
        "loss", and "tables", None where the loss cannot be differentiated.
    """
    nets = [MockQ(table) for table in tables]
    rows = Batch(**{name: torch.from_numpy(batch[name]) for name in FIELDS})
    pair = (nets[0],) if kind is None else (nets[0], nets[-1])
    for _ in range(1 + again):
        loss = function(*pair, rows, gamma, *(() if kind is None else (kind,)))
    if not (isinstance(loss, Tensor) and loss.requires_grad and loss.numel() == 1):
        return {"loss": loss, "tables": None}
    value = loss.detach().clone()
    loss.backward()
    with torch.no_grad():
        for net in nets:
            if net.table.grad is not None:
                net.table -= lr * net.table.grad
    return {"loss": value, "tables": [net.table for net in nets]}


def sweeps(
    function: Callable,
    shelf: dict,
    w: np.ndarray,
    transitions: Sequence[tuple],
    alpha: float,
    mode: str,
    n: int,
) -> np.ndarray:
    """Weights after n expected updates: the mean of the answer's steps over all transitions.

    Args:
        function: `linear_td_step`.
        shelf: not used.
        w: weights to start from, (d,).
        transitions: (weight, phi, phi2, r, gamma, term); the weights add up to 1.
        alpha: step size.
        mode: "semi" or "residual".
        n: number of sweeps.
    """
    for _ in range(n):
        steps = [
            weight * np.asarray(function(w.copy(), *rest, alpha, mode), dtype=float)
            for weight, *rest in transitions
        ]
        w = sum(steps)
    return w


def layers() -> nn.Sequential:
    """A network with parameters and buffers, of floats and of whole numbers."""
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))


def follow(
    function: Callable,
    shelf: dict,
    own: dict[str, np.ndarray],
    target: dict[str, np.ndarray],
    taus: Sequence[float | None],
    changes: Sequence[dict[str, np.ndarray]],
) -> dict[str, Any]:
    """Update a target network several times, the own network changing in place after each time.

    Args:
        function: `soft_update`, or `hard_update` where tau is None.
        shelf: not used.
        own: state of the own network, in the shapes of `layers`.
        target: state of the target network.
        taus: a rate for each update.
        changes: what is added to the own network after each update.

    Returns:
        The states of both networks in the end: "own" and "target".
    """
    q, qt = layers(), layers()
    for net, state in ((q, own), (qt, target)):
        net.load_state_dict({name: torch.as_tensor(x) for name, x in state.items()})
    for tau, change in zip(taus, changes, strict=True):
        function(qt, q, *(() if tau is None else (tau,)))
        for name, x in q.state_dict().items():  # these share memory with the network
            x += torch.as_tensor(change[name])
    return {"own": dict(q.state_dict()), "target": dict(qt.state_dict())}


def clip(
    function: Callable,
    shelf: dict,
    shapes: Sequence[Sequence[int]],
    gradients: Sequence[np.ndarray | None],
    max_norm: float,
    once: bool,
) -> dict[str, Any]:
    """What `clip_grads` returns and leaves in the gradients.

    Args:
        function: `clip_grads`.
        shelf: not used.
        shapes: of the parameters.
        gradients: of the parameters, None where there is none.
        max_norm: the largest length allowed.
        once: hand over a generator, which can be walked through only once, instead of a list.
    """
    parameters = [nn.Parameter(torch.zeros(tuple(shape))) for shape in shapes]
    for p, g in zip(parameters, gradients, strict=True):
        p.grad = None if g is None else torch.from_numpy(g)
    norm = function((p for p in parameters) if once else parameters, max_norm)
    return {"norm": norm, "gradients": [p.grad for p in parameters]}


def replay(
    function: Callable, shelf: dict, capacity: int, obs_shape: Sequence[int], script: Sequence
) -> list:
    """Build a buffer and do what the script says; what each line gave.

    Lines of the script:
        ("add", fields, garbage): store the rows one after the other, without the flag truncated
            if it is not among the fields. With a number for garbage all observations pass through
            the same two arrays, overwritten with it after each row.
        ("len",): the length.
        ("sample", B, rng): a batch, as a dict; or a text that starts with `REFUSED`.
        ("types",): of the fields of the last batch, by name.
        ("spoil", x): overwrite the last batch in place.
        ("rewards", B, n, rng): the rewards of n batches of size B, (n, B).
    """
    buffer, shape, said, last = function(capacity, tuple(obs_shape)), tuple(obs_shape), [], {}
    here, there = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for what, *args in script:
        if what == "add":
            fields, garbage = args
            for k in range(len(fields["reward"])):
                if garbage is None:
                    here, there = np.empty(shape, np.float32), np.empty(shape, np.float32)
                here[...], there[...] = fields["obs"][k], fields["next_obs"][k]
                flags = [bool(fields[x][k]) for x in ("terminated", "truncated") if x in fields]
                action, reward = int(fields["action"][k]), float(fields["reward"][k])
                buffer.add(here, action, reward, there, *flags)
                if garbage is not None:
                    here[...], there[...] = garbage, garbage
        elif what == "len":
            said.append(len(buffer))
        elif what == "sample":
            try:
                batch = buffer.sample(*args)
                last = {name: getattr(batch, name, None) for name in FIELDS}
                said.append(copy.deepcopy(last))
            except ValueError as error:
                said.append(f"{REFUSED} {str(error)[:200]}")
        elif what == "types":
            said.append({name: type(x).__name__ for name, x in last.items()})
        elif what == "spoil":
            for x in last.values():
                if isinstance(x, Tensor | np.ndarray):
                    x[...] = args[0]
        elif what == "rewards":
            size, n, rng = args
            draws = [np.asarray(buffer.sample(size, rng).reward) for _ in range(n)]
            said.append(np.stack(draws))
    return said
