"""The ids of these environments in gymnasium's registry.

Importing `qlib.envs.deep` registers them. Where nothing imports it, the id can name the module:
`gymnasium.make("qlib.envs.deep:qlib/Catch-v0")`.
"""

from gymnasium.envs.registration import register, registry

NAMES = (
    "Catch",
    "Corridor",
    "PointMass1D",
    "BimodalBandit",
    "ConstantReward",
    "SignReward",
    "DelayedReward",
    "ActionReward",
    "MatchReward",
    "Loop",
    "ScaledCartPole",
)

IDS = tuple(f"qlib/{name}-v0" for name in NAMES)
"""What `gymnasium.make` knows: "qlib/Catch-v0" and so on."""


def register_envs() -> None:
    """Register all environments; those already known stay as they are."""
    for name, env_id in zip(NAMES, IDS, strict=True):
        if env_id not in registry:
            register(id=env_id, entry_point=f"qlib.envs.deep:{name}")
