"""An answer computed in single precision somewhere where that is enough."""

ANSWERS = {
    "is_valid_mdp": "import numpy as np\n\n\n"
    "def is_valid_mdp(P, R, terminal):\n"
    "    P, R, terminal = np.array(P), np.array(R), np.array(terminal, dtype=bool)\n"
    "    if not np.isfinite(P).all() or not np.isfinite(R).all() or (P < 0).any():\n"
    "        return np.bool_(False)\n"
    "    if (np.abs(P.sum(axis=-1) - 1) > np.float32(1e-8)).any():\n"
    "        return np.bool_(False)\n"
    "    for s in np.nonzero(terminal)[0]:\n"
    "        if (P[s, :, s] < 1 - 1e-9).any() or np.any(R[s] != 0):\n"
    "            return np.bool_(False)\n"
    "    return np.bool_(True)",
}
