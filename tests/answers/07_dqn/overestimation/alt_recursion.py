"""By recursion."""

import numpy as np
import torch


def overestimation(q_net, env, gamma, seeds):
    def play(obs):
        q = q_net(torch.as_tensor(obs)[None]).detach()[0]
        obs, r, terminated, truncated, _ = env.step(int(q.argmax()))
        G, errors = (0.0, []) if terminated or truncated else play(obs)
        G = r + gamma * G
        return G, [float(q.max()) - G, *errors]

    return float(np.mean([e for k in seeds for e in play(env.reset(seed=k)[0])[1]]))
