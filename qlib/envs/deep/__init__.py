"""Small worlds for the deep half, each as a gymnasium environment and in N lanes side by side.

`import qlib.envs.deep` registers the gymnasium classes as `qlib/Catch-v0` and so on.
Nothing here imports torch, pygame or matplotlib.
"""

from qlib.envs.deep.bandit import BatchBimodalBandit, BimodalBandit, bimodal_q
from qlib.envs.deep.batch import BatchEnv
from qlib.envs.deep.catch import BatchCatch, Catch
from qlib.envs.deep.classic import BatchCartPole, BatchPendulum
from qlib.envs.deep.control import BatchCorridor, BatchPointMass1D, Corridor, PointMass1D
from qlib.envs.deep.ids import IDS, register_envs
from qlib.envs.deep.lanes import BatchOf, batch_env
from qlib.envs.deep.probes import (
    PROBES,
    ActionReward,
    BatchProbe,
    ConstantReward,
    DelayedReward,
    Loop,
    MatchReward,
    Probe,
    SignReward,
)
from qlib.envs.deep.scaled import BatchScaledCartPole, ScaledCartPole
from qlib.envs.deep.single import SingleEnv

register_envs()

__all__ = [
    "IDS",
    "PROBES",
    "ActionReward",
    "BatchBimodalBandit",
    "BatchCartPole",
    "BatchCatch",
    "BatchCorridor",
    "BatchEnv",
    "BatchOf",
    "BatchPendulum",
    "BatchPointMass1D",
    "BatchProbe",
    "BatchScaledCartPole",
    "BimodalBandit",
    "Catch",
    "ConstantReward",
    "Corridor",
    "DelayedReward",
    "Loop",
    "MatchReward",
    "PointMass1D",
    "Probe",
    "ScaledCartPole",
    "SignReward",
    "SingleEnv",
    "batch_env",
    "bimodal_q",
    "register_envs",
]
