"""Where the randomness of a run comes from: one seed, one stream for each purpose.

Separate streams make a run repeatable and comparable: another batch size draws other transitions,
but the world and the exploration stay the same. Seed k draws the same numbers whether it runs
alone or beside others.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Made = TypeVar("Made", bound=nn.Module)

HELD_OUT = 1_000_000_000
"""Evaluation seeds start here; training worlds get seeds below it."""


@dataclass
class Streams:
    """The random numbers of one run.

    Attributes:
        nets: seed of the initial parameters.
        world: seed of the environment, below `HELD_OUT`.
        explore: which actions are random, and the noise of actions.
        replay: which transitions an update sees.
        noise: the noise inside an update.
    """

    nets: int
    world: int
    explore: np.random.Generator
    replay: np.random.Generator
    noise: np.random.Generator

    def places(self, batch_size: int, stored: int) -> NDArray[np.int64]:
        """Where in a buffer of `stored` transitions the next batch lies: uniform, (B,)."""
        return places(self.replay.random(batch_size), stored)

    def state(self) -> dict[str, Any]:
        """The generators' states as plain data."""
        return {name: copy.deepcopy(getattr(self, name).bit_generator.state) for name in _DRAWN}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a `state()`."""
        for name in _DRAWN:
            getattr(self, name).bit_generator.state = copy.deepcopy(state[name])


def places(uniform: NDArray[np.float64], stored: int) -> NDArray[np.int64]:
    """Whole numbers in 0..stored-1 from uniform numbers in [0, 1)."""
    return (uniform * stored).astype(np.int64)


class Ahead:
    """Numbers of R runs, drawn some steps ahead; each run's are those it would draw alone.

    Args:
        draw: for each run a function `k -> [k, ...]` that draws for k steps.
        block: steps drawn at once.
    """

    def __init__(self, draw: Sequence[Callable[[int], NDArray]], block: int = 32) -> None:
        self.draw, self.block = draw, block
        self.drawn: NDArray | None = None
        self.next = 0

    def __call__(self) -> NDArray:
        """The numbers of the next step, `[R, ...]`."""
        if self.drawn is None or self.next == self.block:
            self.drawn = np.stack([draw(self.block) for draw in self.draw], axis=1)
            self.next = 0
        self.next += 1
        return self.drawn[self.next - 1]


_DRAWN = ("explore", "replay", "noise")


def streams(seed: int) -> Streams:
    """All streams of a run.

    Raises:
        ValueError: for a seed that is no whole number from 0.
    """
    if isinstance(seed, bool) or int(seed) != seed or seed < 0:
        raise ValueError(f"a seed is a whole number, 0 or more, not {seed!r}.")
    nets, world, *drawn = np.random.SeedSequence(int(seed)).spawn(5)
    return Streams(
        int(nets.generate_state(1)[0]),
        int(world.generate_state(1)[0]) % HELD_OUT,
        *(np.random.default_rng(s) for s in drawn),
    )


def seeded(seed: int, make: Callable[[], Made]) -> Made:
    """`make()` with torch's generator seeded, and put back afterwards."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def held_out(n: int) -> list[int]:
    """Seeds for evaluation, which no training run starts its world with."""
    return list(range(HELD_OUT, HELD_OUT + n))


@contextmanager
def one_thread() -> Iterator[None]:
    """One torch thread: a second gains little on small networks and costs the neighbours."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def choose_device(device: str | torch.device, hidden: tuple[int, ...] = ()) -> torch.device:
    """The device of a run.

    "auto" takes the CPU, except where CUDA is present and a hidden layer is at least 512 wide:
    below that a GPU waits for Python most of the time (a rule of thumb).

    Raises:
        ValueError: for a device that is not there.
    """
    if device == "auto":
        wide = max(hidden, default=0) >= 512
        return torch.device("cuda" if wide and torch.cuda.is_available() else "cpu")
    try:
        chosen = torch.device(device)
    except RuntimeError as error:
        raise ValueError(f'device = {device!r}: "auto", "cpu" or "cuda".') from error
    if chosen.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f'device = {device!r}, but torch sees no CUDA device; "cpu" works always.')
    return chosen
