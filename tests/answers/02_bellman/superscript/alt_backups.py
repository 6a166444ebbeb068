"""Two backups and four cases."""

import numpy as np


def moved(Q, new):
    return np.abs(new - Q).max() > 1e-7


def superscript(Q, mdp, pi):
    pi_moves = moved(Q, mdp.R + mdp.gamma * mdp.P @ (pi * Q).sum(axis=1))
    star_moves = moved(Q, mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1))
    if pi_moves and star_moves:
        return "neither"
    if pi_moves:
        return "star"
    return "pi" if star_moves else "both"
