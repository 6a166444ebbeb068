"""Training: settings, one seed or many at once, evaluation, checkpoints, curves.

`train_dqn` and `train_sac` train one agent and read top to bottom; `many.dqn` and `many.sac` run
the same update, also a learner's own, for many seeds at once.
"""

from qlib.train import many
from qlib.train.checkpoint import CheckpointError, load, save
from qlib.train.config import (
    CARTPOLE,
    CARTPOLE_COMMON,
    CATCH,
    PENDULUM,
    POINT_MASS,
    PROBE,
    DQNConfig,
    SACConfig,
)
from qlib.train.dqn import DQNRun, dqn_targets, dqn_update, epsilon, train_dqn
from qlib.train.evaluation import evaluate, from_unit, greedy
from qlib.train.history import History, Progress
from qlib.train.packed import Adam, Packed, keep_memory
from qlib.train.runs import Runs
from qlib.train.sac import (
    SACAgent,
    SACBatch,
    SACRun,
    actor_loss,
    critic_target,
    sac_update,
    sample_tanh_gaussian,
    train_sac,
)
from qlib.train.streams import held_out, one_thread
from qlib.train.targets import hard_update, soft_update

__all__ = [
    "CARTPOLE",
    "CARTPOLE_COMMON",
    "CATCH",
    "PENDULUM",
    "POINT_MASS",
    "PROBE",
    "Adam",
    "CheckpointError",
    "DQNConfig",
    "DQNRun",
    "History",
    "Packed",
    "Progress",
    "Runs",
    "SACAgent",
    "SACBatch",
    "SACConfig",
    "SACRun",
    "actor_loss",
    "critic_target",
    "dqn_targets",
    "dqn_update",
    "epsilon",
    "evaluate",
    "from_unit",
    "greedy",
    "hard_update",
    "held_out",
    "keep_memory",
    "load",
    "many",
    "one_thread",
    "sac_update",
    "sample_tanh_gaussian",
    "save",
    "soft_update",
    "train_dqn",
    "train_sac",
]
