"""What a DQN has to compute, in NumPy and float64: nets, losses, gradients, optimiser steps.

A network is a list of arrays, weight (n_out, n_in) and bias of each layer in turn, with ReLU
between the layers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from grader.exams.evidence import Evidence, Mistakes
from qlib.checks import Failed, close, matches

Net = list[np.ndarray]


def random_net(rng: np.random.Generator, sizes: Sequence[int], scale: float = 1.0) -> Net:
    """A network with normal weights, float32."""
    net: Net = []
    for n_in, n_out in pairwise(sizes):
        net.append((scale * rng.normal(size=(n_out, n_in)) / np.sqrt(n_in)).astype(np.float32))
        net.append((0.3 * scale * rng.normal(size=n_out)).astype(np.float32))
    return net


def table_net(table: np.ndarray) -> Net:
    """A network that gives row `s` of a table (S, A) for the one-hot vector of `s`."""
    return [np.ascontiguousarray(table.T, np.float32), np.zeros(table.shape[1], np.float32)]


def layers_of(net: Net, x: np.ndarray) -> list[np.ndarray]:
    """What enters each layer, and at the end the output."""
    entering = [np.asarray(x, np.float64)]
    for k in range(0, len(net), 2):
        z = entering[-1] @ net[k].astype(np.float64).T + net[k + 1].astype(np.float64)
        entering.append(np.maximum(z, 0.0) if k + 2 < len(net) else z)
    return entering


def values(net: Net, x: np.ndarray) -> np.ndarray:
    """Q(x, ·), (B, A)."""
    return layers_of(net, x)[-1]


def flat(net: Net) -> np.ndarray:
    """All parameters as one vector, float64."""
    return np.concatenate([np.asarray(p, np.float64).ravel() for p in net])


def unflat(vector: np.ndarray, like: Net) -> Net:
    """The inverse of `flat`."""
    cuts = np.cumsum([p.size for p in like])[:-1]
    return [part.reshape(p.shape) for part, p in zip(np.split(vector, cuts), like, strict=True)]


def gradient(net: Net, x: np.ndarray, at_output: np.ndarray) -> np.ndarray:
    """Derivative of sum(at_output * net(x)) by all parameters, one vector."""
    entering = layers_of(net, x)
    parts, back = [], at_output
    for k in range(len(net) - 2, -1, -2):
        h = entering[k // 2]
        parts += [back.sum(axis=0), (back.T @ h).ravel()]
        back = (back @ net[k].astype(np.float64)) * (h > 0)
    return np.concatenate(parts[::-1])


@dataclass(frozen=True)
class Transitions:
    """A batch: obs (B, d), action (B,) int64, reward (B,), next_obs (B, d), terminated (B,)."""

    obs: np.ndarray
    action: np.ndarray
    reward: np.ndarray
    next_obs: np.ndarray
    terminated: np.ndarray

    def plain(self) -> tuple:
        """The fields as tensors, in the order of `qlib.replay.Batch`."""
        import torch

        return tuple(torch.from_numpy(np.ascontiguousarray(x)) for x in vars(self).values())


def target_values(
    online: Net, target: Net, batch: Transitions, gamma: float, double: bool
) -> np.ndarray:
    """The targets, transition by transition."""
    y = []
    for r, after, ended in zip(batch.reward, batch.next_obs, batch.terminated, strict=True):
        judge = values(target, after[None])[0]
        chooser = values(online, after[None])[0] if double else judge
        y.append(float(r) + (0.0 if ended else gamma * judge[int(np.argmax(chooser))]))
    return np.array(y)


def error_slopes(error: np.ndarray, loss: str) -> np.ndarray:
    """Derivative of the mean loss by each prediction, for errors q - y."""
    slope = 2 * error if loss == "mse" else np.clip(error, -1, 1)
    return slope / len(error)


def loss_value(error: np.ndarray, loss: str) -> float:
    """Mean squared error, or mean Huber loss with threshold 1."""
    if loss == "mse":
        return float((error**2).mean())
    size = np.abs(error)
    return float(np.where(size <= 1, error**2 / 2, size - 0.5).mean())


def at_taken(slopes: np.ndarray, batch: Transitions, n_actions: int) -> np.ndarray:
    """Slopes (B,) placed at the taken actions, (B, A)."""
    out = np.zeros((len(slopes), n_actions))
    out[np.arange(len(slopes)), batch.action] = slopes
    return out


class WholeEvidence(Evidence):
    """Evidence whose cause explains the right instances, too.

    A mistake that changes nothing on some instances must leave those right; one that would have
    made them wrong is not what happened.

    Args:
        what: how messages name the value.
        tolerance: relative and absolute.
    """

    def __init__(self, what: str = "the result", tolerance: float = 1e-6):
        super().__init__(what)
        self.tolerance = tolerance
        self.right: list[tuple[ArrayLike, Mistakes | None]] = []

    def see(
        self, given: Any, expected: ArrayLike, mistakes: Mistakes | None = None, *, what: str = ""
    ) -> None:
        """Compare one instance, see `Evidence.see`."""
        near = {"rtol": self.tolerance, "atol": self.tolerance}
        try:
            close(given, expected, **near, what=what or self.what)
        except Failed as found:
            if found.stops:
                raise
            values_of = mistakes() if mistakes else {}
            explained = {c: None for c, v in values_of.items() if matches(given, v, **near)}
            if self.first is None:
                self.first, self.causes = found, explained
            else:
                self.causes = {c: None for c in self.causes or {} if c in explained}
        else:
            self.right.append((expected, mistakes))

    def conclude(self) -> None:
        """Raise for the first wrong instance, with the cause that explains all instances."""
        near = {"rtol": self.tolerance, "atol": self.tolerance}
        for expected, mistakes in self.right if self.causes else ():
            values_of = mistakes() if mistakes else {}
            self.causes = {
                c: None
                for c in self.causes
                if c in values_of and matches(values_of[c], expected, **near)
            }
        super().conclude()


def clipped(g: np.ndarray, max_norm: float) -> np.ndarray:
    """The gradient, shortened to `max_norm` if it is longer."""
    norm = float(np.linalg.norm(g))
    return g * min(1.0, max_norm / norm) if norm > 0 else g
