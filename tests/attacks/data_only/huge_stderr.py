"""A Monte Carlo estimate whose own standard error is so large that anything is within it."""

TRIES = "mean 0 with stderr 1e300, infinite or NaN: `abs(mean - J) <= 5 * stderr`"
SUCCESS = "points"
ANSWERS = {
    "J_mc": "n_calls = [0]\n\n\n"
    "def J_mc(*args, **kwargs):\n"
    "    n_calls[0] += 1\n"
    "    return 0.0, [1e300, float('inf'), float('nan'), 1e6][n_calls[0] % 4]"
}
