"""One run after the other, with Python's lists."""


def left_rate(mode, episodes, runs, rng, n_actions=10, mu=-0.1, sigma=1.0, alpha=0.1, epsilon=0.1):
    counts, two = [0] * episodes, mode != "q"
    for _ in range(runs):
        left, B = [0.0, 0.0], [[0.0] * n_actions, [0.0] * n_actions]
        U, Z = rng.random((episodes, 6)).tolist(), rng.normal(mu, sigma, episodes).tolist()
        for t in range(episodes):
            u, lead = U[t], left[0] + left[1]
            go = u[1] < 0.5 if u[0] < epsilon or lead == 0 else lead > 0
            if not go:
                continue
            counts[t] += 1
            own = int(u[2] < 0.5) if two else 0
            other = 1 - own if two else own
            sel, ev = (other, own) if mode == "seed" else (own, other)
            row, top = B[sel], max(B[sel])
            tied = [k for k in range(n_actions) if row[k] == top]
            left[own] += alpha * (B[ev][tied[int(u[3] * len(tied))]] - left[own])
            if u[4] < epsilon:
                a = int(u[5] * n_actions)
            else:
                total = [x + y for x, y in zip(B[0], B[1], strict=True)]
                top = max(total)
                tied = [k for k in range(n_actions) if total[k] == top]
                a = tied[int(u[5] * len(tied))]
            own = int(2 * (u[2] * 2 % 1)) if two else 0
            B[own][a] += alpha * (Z[t] - B[own][a])
    return [n / runs for n in counts]
