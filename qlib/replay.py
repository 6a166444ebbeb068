"""Replay: what was seen, kept in memory taken once, sampled uniformly.

`Replay` is the finished version of the exercise `ReplayBuffer`. It stores `terminated` and never
`done`: a truncated episode still has a future, and only termination stops a bootstrap.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, DTypeLike, NDArray
from torch import Tensor

from qlib.closed_book import finished_version_of


class Batch(NamedTuple):
    """B transitions as tensors; with runs, every shape has a leading axis `[n_runs, B, ...]`.

    Attributes:
        obs: `[B, *obs_shape]`.
        action: `[B]` int64 for discrete actions, `[B, act_dim]` float32 for continuous ones.
        reward: `[B]` float32.
        next_obs: `[B, *obs_shape]`, the true successor, also where an episode ended.
        terminated: `[B]` float32, 1 where `next_obs` is terminal, else 0.
    """

    obs: Tensor
    action: Tensor
    reward: Tensor
    next_obs: Tensor
    terminated: Tensor

    def to(self, device: torch.device | str) -> Batch:
        """The same batch on another device."""
        return Batch(*(x.to(device) for x in self))


class Replay:
    """The last `capacity` transitions of one run, or of many runs side by side.

    A transition is one row of float32 numbers, so that a sample is one gather and the fields of a
    `Batch` are views of it. Storage is taken once; the newest transition overwrites the oldest.
    Everything is copied on the way in and on the way out.

    Args:
        capacity: transitions that are kept (of each run), at least 1.
        obs_shape: shape of one observation.
        action_shape: shape of one action: `()` for discrete actions, `(act_dim,)` else.
        action_dtype: of `Batch.action`; None takes int64 for `()` and float32 else. Integers are
            exact up to 2^24.
        runs: number of runs with a leading axis of their own, or None for one run without.
        device: where the storage and the samples live.

    Raises:
        ValueError: for a capacity or a number of runs below 1.
    """

    @finished_version_of("ReplayBuffer")
    def __init__(
        self,
        capacity: int,
        obs_shape: Sequence[int] | int,
        action_shape: Sequence[int] = (),
        action_dtype: DTypeLike | None = None,
        *,
        runs: int | None = None,
        device: torch.device | str = "cpu",
    ) -> None:
        if isinstance(capacity, bool) or int(capacity) != capacity or capacity < 1:
            raise ValueError(f"capacity = {capacity!r}: a whole number of transitions, at least 1.")
        if runs is not None and runs < 1:
            raise ValueError(f"runs = {runs}: at least 1, or None for one run without an axis.")
        self.capacity, self.runs = int(capacity), runs
        self.obs_shape = (obs_shape,) if isinstance(obs_shape, int) else tuple(obs_shape)
        self.action_shape = tuple(action_shape)
        if action_dtype is None:
            action_dtype = np.float32 if self.action_shape else np.int64
        self.action_dtype = np.dtype(action_dtype)
        self._torch_action = torch.from_numpy(np.empty(0, self.action_dtype)).dtype
        self.device = torch.device(device)

        n_obs, n_act = int(np.prod(self.obs_shape)), int(np.prod(self.action_shape))
        ends = np.cumsum([0, n_obs, n_act, 1, n_obs, 1]).tolist()
        self._columns = [slice(a, b) for a, b in pairwise(ends)]
        shapes = (self.obs_shape, self.action_shape, (), self.obs_shape, ())
        self._shapes = [tuple(int(n) for n in shape) for shape in shapes]
        self._lead = () if runs is None else (runs,)
        self._rows = torch.zeros((*self._lead, self.capacity, ends[-1]), device=self.device)
        # NumPy moves small rows several times faster than torch; both see the same memory.
        self._view = self._rows.numpy() if self.device.type == "cpu" else None
        self._first = self.capacity * np.arange(runs or 1)[:, None]  # flat index of a run's row 0
        self._size = self._next = 0

    def __len__(self) -> int:
        """Transitions that can be sampled (of each run)."""
        return self._size

    def __repr__(self) -> str:
        runs = "" if self.runs is None else f", {self.runs} runs"
        return f"Replay({self._size} of {self.capacity} transitions{runs})"

    def add(
        self,
        obs: ArrayLike,
        action: ArrayLike,
        reward: ArrayLike,
        next_obs: ArrayLike,
        terminated: ArrayLike,
    ) -> None:
        """Store one transition, or one of each run: then every argument has a leading axis.

        Args:
            obs: `[*obs_shape]`.
            action: `[*action_shape]`.
            reward: a number.
            next_obs: `[*obs_shape]`, the true successor.
            terminated: whether `next_obs` is terminal; a truncation is not stored.

        Raises:
            ValueError: for a wrong shape or a number that is not finite; nothing is stored then.
        """
        self._put(1, (), obs, action, reward, next_obs, terminated)

    def add_many(
        self,
        obs: ArrayLike,
        action: ArrayLike,
        reward: ArrayLike,
        next_obs: ArrayLike,
        terminated: ArrayLike,
    ) -> None:
        """Store K transitions in order: as `add`, with an axis `[K]` (after the runs') everywhere.

        If K is larger than the capacity, the last ones stay.

        Raises:
            ValueError: as `add`.
        """
        shape = np.shape(reward)
        axis = len(self._lead)
        if len(shape) != axis + 1:
            raise ValueError(
                f"rewards must have shape ({', '.join([*map(str, self._lead), 'K'])}), not {shape}."
            )
        self._put(shape[axis], (shape[axis],), obs, action, reward, next_obs, terminated)

    def sample(
        self, batch_size: int, rng: np.random.Generator | Sequence[np.random.Generator]
    ) -> Batch:
        """Transitions drawn uniformly and with replacement.

        Args:
            batch_size: B, at most `len(self)`.
            rng: a generator; with runs either one for all or one for each run. With one each, a
                run draws what it would draw alone.

        Returns:
            Copies, `[B, ...]` or `[runs, B, ...]`.

        Raises:
            ValueError: if B is below 1 or larger than what is stored.
        """
        if not 1 <= batch_size <= self._size:
            raise ValueError(
                f"a batch of {batch_size} from {self._size} stored transitions: collect at least "
                "as many as a batch holds before the first update."
            )
        if isinstance(rng, np.random.Generator):
            return self._gather(rng.integers(self._size, size=(*self._lead, batch_size)))
        if self.runs is None or len(rng) != self.runs:
            raise ValueError(f"{len(rng)} generators for {self.runs or 1} run(s): one each.")
        return self._gather(np.stack([each.integers(self._size, size=batch_size) for each in rng]))

    def at(self, index: ArrayLike) -> Batch:
        """The transitions stored at `index`, (B,) or (runs, B), each in 0..len-1.

        Raises:
            ValueError: for another shape, or an index that holds nothing.
        """
        index = np.asarray(index)
        if index.ndim != 1 + len(self._lead) or index.shape[:-1] != self._lead:
            raise ValueError(f"index must have shape {(*self._lead, 'B')}, not {index.shape}.")
        if index.size and (index.min() < 0 or index.max() >= self._size):
            raise ValueError(f"index must lie in 0..{self._size - 1}.")
        return self._gather(index)

    def _gather(self, index: NDArray[np.intp]) -> Batch:
        """The batch at an index that is known to fit."""
        flat = (index + self._first if self._lead else index).ravel()
        width = self._rows.shape[-1]
        if self._view is not None:
            rows = self._view.reshape(-1, width).take(flat, axis=0)
        else:
            at = torch.from_numpy(flat).to(self.device)
            rows = self._rows.view(-1, width).index_select(0, at)
        fields = []
        for column, shape, name in zip(self._columns, self._shapes, Batch._fields, strict=True):
            part = rows[:, column].reshape(*index.shape, *shape)
            if self._view is not None:
                part = torch.from_numpy(
                    part.astype(self.action_dtype) if name == "action" else part
                )
            elif name == "action":
                part = part.to(self._torch_action)
            fields.append(part)
        return Batch(*fields)

    def state(self) -> dict[str, Any]:
        """What is stored, as plain arrays; `restore` goes on exactly here."""
        return {
            "rows": self._rows[..., : self._size, :].cpu().numpy().copy(),
            "capacity": self.capacity,
            "next": self._next,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a `state()`.

        Raises:
            ValueError: if it comes from a buffer of another form.
        """
        rows = np.asarray(state["rows"])
        own = (*self._lead, rows.shape[-2] if rows.ndim > 1 else 0, self._rows.shape[-1])
        if rows.shape != own or state["capacity"] != self.capacity:
            raise ValueError(
                f"the state holds rows of shape {rows.shape} and capacity {state['capacity']}; "
                f"this buffer has shape {tuple(self._rows.shape)} and capacity {self.capacity}."
            )
        self._size, self._next = rows.shape[-2], int(state["next"])
        self._rows[..., : self._size, :] = torch.from_numpy(rows).to(self.device)

    def _put(self, n: int, axis: tuple[int, ...], *fields: ArrayLike) -> None:
        """Check `n` transitions, pack them into rows and write them behind the last ones."""
        lead = (*self._lead, *axis)
        rows = np.empty((*lead, self._rows.shape[-1]), dtype=np.float32)
        for k, field in enumerate(fields):
            value, expected = np.asarray(field), lead + self._shapes[k]
            if value.shape != expected:
                raise ValueError(
                    f"{Batch._fields[k]} must have shape {expected}, not {value.shape}."
                )
            rows[..., self._columns[k]] = value.reshape(*lead, -1) if value.size else 0
        if not np.isfinite(rows).all():
            raise ValueError("a transition holds a number that is not finite (NaN or infinity).")
        if not axis:
            self._write(rows, self._next)
        else:
            skipped = max(0, n - self.capacity)
            places = (self._next + np.arange(skipped, n)) % self.capacity
            self._write(rows[..., skipped:, :], places)
        self._next = (self._next + n) % self.capacity
        self._size = min(self._size + n, self.capacity)

    def _write(self, rows: NDArray[np.float32], places: int | NDArray[np.intp]) -> None:
        """Put rows at places of the ring."""
        if self._view is not None:
            self._view[..., places, :] = rows
        else:
            on_device = torch.from_numpy(np.ascontiguousarray(rows)).to(self.device)
            at = places if isinstance(places, int) else torch.from_numpy(places).to(self.device)
            self._rows[..., at, :] = on_device
