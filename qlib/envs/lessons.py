"""Worlds built to make one point each: bounds that are attained, statements that fail."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qlib.closed_book import finished_version_of
from qlib.mdp import TabularMDP


@finished_version_of("hunt_start")
def unreachable(gamma: float = 0.9) -> TabularMDP:
    """A state nobody gets to: optimal from the start is not greedy everywhere.

        S --0--> (end), 1        X --0--> (end), 0        S = 0, X = 1, end = 2
        S --1--> S, 0            X --1--> (end), 1

    Every episode starts in S and no action leads to X. The policy "always action 0" collects the
    best return from S, yet in X it takes the wrong action: its value there is 0 instead of 1. Only
    a policy that is optimal *from every state* must be greedy with respect to Q* everywhere.

    Args:
        gamma: discount.
    """
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 0] = P[1, :, 2] = P[2, :, 2] = 1
    R = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, np.array([False, False, True]), np.array([1.0, 0.0, 0.0]))


@finished_version_of("hunt_late_switch")
def slow_policy(k: int, gamma: float = 0.9) -> TabularMDP:
    """Value iteration from Q_0 = 0 prefers the wrong action for exactly k sweeps.

        (end) <--0-- S --1--> L, then L -> L for ever with reward 1        S = 0, L = 1, end = 2

    Action 0 pays a lump sum at once, action 1 pays nothing and leads to the loop L. After j sweeps
    the loop looks worth Q_j(S, 1) = gamma (1 - gamma^(j-1)) / (1 - gamma). The lump sum lies half
    way between Q_k(S, 1) and Q_(k+1)(S, 1): action 0 is greedy for Q_1 ... Q_k, action 1 for all
    later ones and for Q*. The gap around the change is gamma^k / 2 on both sides.

    Args:
        k: the last sweep with the wrong greedy action, >= 1.
        gamma: discount in (0, 1).
    """
    if k < 1 or not 0 < gamma < 1:
        raise ValueError(f"k = {k} and gamma = {gamma}: needs k >= 1 and 0 < gamma < 1.")
    looks_worth = gamma * (1 - gamma ** np.array([k - 1, k])) / (1 - gamma)
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1
    R = np.array([[looks_worth.mean(), 0.0], [1.0, 1.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, np.array([False, False, True]), np.array([1.0, 0.0, 0.0]))


@dataclass(frozen=True, eq=False)
class TightLoss:
    """An MDP, a value estimate of Bellman residual `eps`, and a greedy policy of largest loss.

    Attributes:
        mdp: the world.
        V: the estimate, (S,), all zeros: max|TV - V| = eps.
        Q: the estimate as action values, (S, A), all zeros: max|TQ - Q| = eps.
        policy: a greedy policy, (S,): of `R + gamma P V` if the world is about V, else of `Q`. In
            the tie it takes the worse action, which is the first, as `argmax` does.
        loss: max(V* - V^policy), the closed form.
    """

    mdp: TabularMDP
    V: NDArray[np.float64]
    Q: NDArray[np.float64]
    policy: NDArray[np.intp]
    loss: float


def tight_loss(eps: float = 1.0, gamma: float = 0.9) -> TightLoss:
    """The greedy-loss bound for a V-function, 2 gamma eps / (1 - gamma), is attained.

        B <--0-- S --1--> G          S = 0, G = 1, B = 2
        B stays and pays -eps for ever; G stays and pays +eps for ever

    With V = 0 both actions in S look the same, and the tie goes to B. Neither G nor B is terminal:
    they pay. Breaking the tie by a tiny reward in favour of B changes the loss by as little.

    Williams & Baird 1993, "Tight performance bounds on greedy policies based on imperfect value
    functions"; Singh & Yee 1994.

    Args:
        eps: Bellman residual of V = 0, > 0.
        gamma: discount in [0, 1).
    """
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1
    R = np.array([[0.0, 0.0], [eps, eps], [-eps, -eps]])
    mdp = TabularMDP(P, R, gamma, rho0=np.array([1.0, 0.0, 0.0]))
    loss = 2 * gamma * eps / (1 - gamma)
    return TightLoss(mdp, np.zeros(3), np.zeros((3, 2)), np.zeros(3, dtype=np.intp), loss)


def tight_loss_q(eps: float = 1.0, gamma: float = 0.9) -> TightLoss:
    """The greedy-loss bound for a Q-function, 2 eps / (1 - gamma), is attained in one state.

    Two self-loops: action 0 pays -eps for ever, action 1 pays +eps. With Q = (0, 0) the tie goes
    to action 0. The factor gamma of `tight_loss` is missing: a greedy policy with respect to Q
    takes even its first step on the word of the estimate.

    Args:
        eps: Bellman residual of Q = 0, > 0.
        gamma: discount in [0, 1).
    """
    mdp = TabularMDP(np.ones((1, 2, 1)), np.array([[-eps, eps]]), gamma)
    loss = 2 * eps / (1 - gamma)
    return TightLoss(mdp, np.zeros(1), np.zeros((1, 2)), np.zeros(1, dtype=np.intp), loss)


@dataclass(frozen=True, eq=False)
class NoisyMDP:
    """An MDP with Gaussian rewards, and with fewer actions in some states.

    Attributes:
        mdp: transitions; `mdp.R` holds the mean rewards.
        sigma: standard deviation of the reward of (s, a), (S, A).
        n_available: how many actions exist in each state, (S,); the first so many do.
    """

    mdp: TabularMDP
    sigma: NDArray[np.float64]
    n_available: NDArray[np.intp]

    def reset(self, rng: np.random.Generator) -> int:
        """Draw the first state."""
        return self.mdp.reset(rng)

    def step(self, s: int, a: int, rng: np.random.Generator) -> tuple[int, float, bool]:
        """As `TabularMDP.step`, with r ~ N(R[s, a], sigma[s, a]^2)."""
        if a >= self.n_available[s]:
            raise ValueError(f"state {s} has actions 0..{self.n_available[s] - 1}, not {a}.")
        s_next, mean, terminated = self.mdp.step(s, a, rng)
        return s_next, mean + float(self.sigma[s, a]) * rng.standard_normal(), terminated


def max_bias(n_actions: int = 10, mu: float = -0.1, sigma: float = 1.0) -> NoisyMDP:
    """The MDP of maximization bias: a detour that looks good only through luck.

        [end] <- B <- A -> [end]          A = 0, B = 1, end = 2
             many   left right

    In A, left (action 0) leads to B and right (action 1) to the end, both for 0. In B each of
    `n_actions` actions ends the episode with a reward ~ N(mu, sigma^2). With mu < 0 the right
    choice in A is "right": V*(A) = 0 and Q*(A, left) = mu. The largest of many noisy estimates in
    B is positive all the same, and Q-learning goes left. Undiscounted (gamma = 1): episodes have
    at most two steps.

    Sutton & Barto 2018, example 6.7 (about 10 actions, mu = -0.1, sigma = 1).

    Args:
        n_actions: actions in B, >= 2. In A only actions 0 and 1 exist (`n_available`); in the
            table the others behave as "right".
        mu: mean reward in B.
        sigma: standard deviation of the reward in B.
    """
    if n_actions < 2:
        raise ValueError(f"n_actions = {n_actions}: a maximum needs at least two.")
    P, R, noise = np.zeros((3, n_actions, 3)), np.zeros((3, n_actions)), np.zeros((3, n_actions))
    P[0, 0, 1] = 1
    P[0, 1:, 2] = P[1, :, 2] = P[2, :, 2] = 1
    R[1], noise[1] = mu, sigma
    mdp = TabularMDP(P, R, 1.0, np.array([False, False, True]), np.array([1.0, 0.0, 0.0]))
    noise.flags.writeable = False
    return NoisyMDP(mdp, noise, np.array([2, n_actions, 1]))
