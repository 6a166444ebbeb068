"""One running sum, discounts as powers."""

import torch


def overestimation(q_net, env, gamma, seeds):
    errors = []
    for seed in seeds:
        (obs, _), over, steps = env.reset(seed=seed), False, []
        while not over:
            with torch.no_grad():
                q = q_net(torch.as_tensor(obs)[None])[0]
            obs, reward, terminated, truncated, _ = env.step(int(q.argmax()))
            over = terminated or truncated
            steps.append((float(q.max()), reward))
        for t, (best, _) in enumerate(steps):
            G = sum(gamma**k * r for k, (_, r) in enumerate(steps[t:]))
            errors.append(best - G)
    return sum(errors) / len(errors)
