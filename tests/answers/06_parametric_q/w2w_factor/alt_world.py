"""From the features and transitions of the world."""

import numpy as np

from qlib import envs


def w2w_factor(gamma, eps):
    world = envs.w2w(eps=eps, gamma=min(gamma, 1.0))
    phi, P = world.phi[:2], world.mdp.P[:2, 0]
    return float((np.linalg.pinv(phi) @ (gamma * P @ world.phi))[0, 0])
