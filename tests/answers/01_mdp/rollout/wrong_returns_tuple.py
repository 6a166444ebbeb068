"""Returns the parts without putting them into an Episode.

expects: of type tuple
"""


def rollout(mdp, pi, rng, max_steps):
    s = mdp.reset(rng)
    states, actions, rewards = [s], [], []
    while not mdp.terminal[s] and len(actions) < max_steps:
        a = rng.choice(mdp.n_actions, p=pi[s])
        s, r, _ = mdp.step(s, a, rng)
        states.append(s)
        actions.append(a)
        rewards.append(r)
    return states, actions, rewards, bool(mdp.terminal[s]), not mdp.terminal[s]
