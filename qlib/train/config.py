"""What a training run is told: one frozen record for DQN, one for SAC, and the course's values."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class DQNConfig:
    """Settings of DQN. `dataclasses.replace(cfg, gamma=0.9)` makes a changed copy.

    Attributes:
        total_steps: environment steps of the whole run.
        gamma: discount, in [0, 1].
        hidden: widths of the hidden layers.
        learning_rate: of Adam, at the start.
        learning_rate_end: reached at the last step on a straight line; None keeps it constant.
        batch_size: transitions in one update.
        buffer_size: transitions that the replay buffer keeps.
        learning_starts: environment steps before the first update.
        train_every: environment steps between updates.
        target_update_every: environment steps between updates of the target network.
        tau: how far the target network then moves, in (0, 1]; 1 copies (a hard update).
        epsilon_start: probability of a random action at the start.
        epsilon_end: and from `epsilon_decay_steps` on.
        epsilon_decay_steps: environment steps of the linear decay.
        n_step: environment steps whose rewards a transition sums up before it bootstraps.
        double: select the next action with the online network (double DQN).
        loss: "huber" (delta 1) or "mse".
        max_grad_norm: the gradient is scaled down to this norm; `math.inf` leaves it alone.
    """

    total_steps: int = 1_500
    gamma: float = 0.9
    hidden: tuple[int, ...] = (64, 64)
    learning_rate: float = 1e-3
    learning_rate_end: float | None = None
    batch_size: int = 64
    buffer_size: int = 50_000
    learning_starts: int = 200
    train_every: int = 2
    target_update_every: int = 50
    tau: float = 1.0
    epsilon_start: float = 1.0
    epsilon_end: float = 0.05
    epsilon_decay_steps: int = 450
    n_step: int = 1
    double: bool = False
    loss: str = "huber"
    max_grad_norm: float = 10.0

    def __post_init__(self) -> None:
        _validate(self)
        if self.loss not in ("huber", "mse"):
            raise ValueError(f'loss must be "huber" or "mse", not {self.loss!r}.')
        for name in ("epsilon_start", "epsilon_end"):
            _within(self, name, 0, 1)
        if self.learning_starts < self.batch_size + self.n_step - 1:
            raise ValueError(
                f"n_step = {self.n_step} and learning_starts = {self.learning_starts} leave less "
                f"than one batch of {self.batch_size} in the buffer at the first update."
            )


@dataclass(frozen=True)
class SACConfig:
    """Settings of SAC. `alpha=0.0` without `auto_alpha` is the lecture's version without entropy.

    Attributes:
        total_steps: environment steps of the whole run.
        gamma: discount, in [0, 1].
        hidden: widths of the hidden layers of actor and critics.
        learning_rate: of the critics' Adam.
        actor_learning_rate: of the actor's Adam; None takes `learning_rate`.
        batch_size: transitions in one update.
        buffer_size: transitions that the replay buffer keeps.
        learning_starts: environment steps with uniformly random actions before the first update.
        train_every: environment steps between updates.
        tau: how far the target critics move in each update, in (0, 1].
        alpha: weight of the entropy, at least 0; where it starts with `auto_alpha`.
        auto_alpha: learn alpha such that the entropy stays near `target_entropy`.
        alpha_learning_rate: of the Adam of log alpha; None takes `learning_rate`.
        target_entropy: in nats; None takes minus the number of action entries.
        max_grad_norm: each gradient is scaled down to this norm; `math.inf` leaves it alone.
    """

    total_steps: int = 2_000
    gamma: float = 0.9
    hidden: tuple[int, ...] = (32, 32)
    learning_rate: float = 1e-3
    actor_learning_rate: float | None = None
    batch_size: int = 64
    buffer_size: int = 50_000
    learning_starts: int = 200
    train_every: int = 1
    tau: float = 0.02
    alpha: float = 0.02
    auto_alpha: bool = False
    alpha_learning_rate: float | None = None
    target_entropy: float | None = None
    max_grad_norm: float = math.inf

    def __post_init__(self) -> None:
        _validate(self)
        if not self.alpha >= 0 or not math.isfinite(self.alpha):
            raise ValueError(f"alpha must be at least 0, not {self.alpha}.")
        if self.auto_alpha and self.alpha == 0:
            raise ValueError("auto_alpha needs an alpha above 0 to start from: log 0 is infinite.")


def _validate(cfg: Any) -> None:
    """Check what both records share; lists of widths become tuples."""
    object.__setattr__(cfg, "hidden", tuple(int(width) for width in cfg.hidden))
    if not cfg.hidden or min(cfg.hidden) < 1:
        raise ValueError(f"hidden = {cfg.hidden}: at least one layer, each at least 1 wide.")
    for field in fields(cfg):
        value = getattr(cfg, field.name)
        if field.type == "int":
            least = 0 if field.name in ("learning_starts", "epsilon_decay_steps") else 1
            if isinstance(value, bool) or int(value) != value or value < least:
                raise ValueError(f"{field.name} must be a whole number >= {least}, not {value!r}.")
        elif field.name.startswith(("learning_rate", "actor_l", "alpha_l")) and value is not None:
            decays_to = field.name == "learning_rate_end"
            if not (value >= 0 if decays_to else value > 0) or not math.isfinite(value):
                raise ValueError(f"{field.name} must be a positive number, not {value!r}.")
    _within(cfg, "gamma", 0, 1)
    if not 0 < cfg.tau <= 1:
        raise ValueError(f"tau must lie in (0, 1], not {cfg.tau}.")
    if not cfg.max_grad_norm > 0:
        raise ValueError(f"max_grad_norm must be above 0, not {cfg.max_grad_norm}.")
    if cfg.learning_starts < cfg.batch_size:
        raise ValueError(
            f"learning_starts = {cfg.learning_starts} leaves less than one batch of "
            f"{cfg.batch_size} in the buffer at the first update."
        )
    if cfg.buffer_size < cfg.batch_size:
        raise ValueError(f"a buffer of {cfg.buffer_size} holds no batch of {cfg.batch_size}.")


def _within(cfg: Any, name: str, low: float, high: float) -> None:
    value = getattr(cfg, name)
    if not low <= value <= high:
        raise ValueError(f"{name} must lie in [{low}, {high}], not {value}.")


CATCH = DQNConfig()
"""Catch: solved within these 1,500 steps by nearly every seed."""

PROBE = DQNConfig(
    total_steps=500, learning_rate=1e-2, target_update_every=10, learning_starts=64, train_every=1
)
"""The probe environments P1 to P6: one or two observations, so that little is needed."""

CARTPOLE = DQNConfig(
    total_steps=50_000,
    gamma=0.995,
    learning_rate=2e-3,
    learning_rate_end=0.0,
    batch_size=64,
    buffer_size=50_000,
    learning_starts=1_000,
    train_every=2,
    target_update_every=2,
    tau=0.02,
    epsilon_decay_steps=5_000,
    n_step=10,
    double=True,
    loss="mse",
    max_grad_norm=math.inf,
)
"""For "qlib/ScaledCartPole-v0": what is learnt there stays; measured in `benchmarks/deep.md`."""

CARTPOLE_COMMON = DQNConfig(
    total_steps=50_000,
    gamma=0.99,
    learning_rate=1e-3,
    batch_size=64,
    buffer_size=10_000,
    learning_starts=1_000,
    train_every=2,
    target_update_every=500,
    epsilon_decay_steps=5_000,
)
"""CartPole-v1 with settings as many write them down: what is learnt there is lost again."""

POINT_MASS = SACConfig()
"""PointMass1D: close to its optimum within 500 steps."""

PENDULUM = SACConfig(
    total_steps=8_000,
    gamma=0.99,
    hidden=(64, 64),
    batch_size=128,
    learning_starts=500,
    tau=0.01,
    alpha=0.2,
)
"""Pendulum-v1: swings up and stays up."""
