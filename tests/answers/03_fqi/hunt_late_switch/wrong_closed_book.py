"""Takes qlib's world.

expects: finished version
"""

from qlib import envs


def hunt_late_switch():
    return envs.slow_policy(55)
