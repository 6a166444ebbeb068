"""The named worlds of the course. Each docstring tells its story, draws it and cites its source."""

from qlib.envs.chains import chain, garnet, random_walk
from qlib.envs.grids import ACTIONS, MOVES, cliff, gridworld34
from qlib.envs.lessons import (
    NoisyMDP,
    TightLoss,
    max_bias,
    slow_policy,
    tight_loss,
    tight_loss_q,
    unreachable,
)
from qlib.envs.linear import LinearWorld, a_split, baird, w2w

__all__ = [
    "ACTIONS",
    "MOVES",
    "LinearWorld",
    "NoisyMDP",
    "TightLoss",
    "a_split",
    "baird",
    "chain",
    "cliff",
    "garnet",
    "gridworld34",
    "max_bias",
    "random_walk",
    "slow_policy",
    "tight_loss",
    "tight_loss_q",
    "unreachable",
    "w2w",
]
