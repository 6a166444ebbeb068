"""Takes the library's world.

expects: finished version
"""

import numpy as np

from qlib import envs


def hunt_start():
    return envs.unreachable(), np.tile([1.0, 0.0], (3, 1))
