"""The first reward plus gamma times the rest."""


def fix_2(tau, R, gamma):
    if len(tau) < 3:
        return 0.0
    return R[tau[0], tau[1]] + gamma * fix_2(tau[2:], R, gamma)
