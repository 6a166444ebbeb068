"""Which exercises each notebook has, in order; a test compares this with the check modules.

Looking a name up here loads only the checks of its own notebook (the deep ones import torch).
"""

EXERCISES: dict[str, tuple[str, ...]] = {
    "00_tools": ("td_errors", "scaled_rewards", "mean_return"),
    "01_mdp": (
        "is_valid_mdp",
        "rollout",
        "discounted_returns",
        "state_dist",
        "J_exact",
        "J_mc",
        "fix_1",
        "fix_2",
        "fix_3",
        "fix_4",
    ),
    "02_bellman": (
        "order_peel",
        "bellman_pi",
        "solve_v",
        "q_from_v",
        "advantage",
        "bellman_opt",
        "superscript",
        "c1",
        "c2",
        "hunt_l2",
        "hunt_gamma1",
        "order_optimality",
        "hunt_start",
        "hunt_ties",
        "c5",
        "c3",
        "hunt_operator",
        "c4",
        "c6",
    ),
    "03_fqi": (
        "q_iteration",
        "greedy",
        "greedy_probs",
        "eps_greedy_probs",
        "iterations_needed",
        "run_until",
        "hunt_late_switch",
        "read_off",
        "fqi",
        "q_learning_update",
        "q_learning",
    ),
    "04_bias_variance": (
        "mc_targets",
        "mc_update",
        "td0_update",
        "nstep_targets",
        "nstep_bias",
        "nstep_variance",
        "choose_n",
        "rms_curve",
        "lambda_returns",
    ),
    "05_overestimation": (
        "max_bias_mc",
        "gap_bias",
        "vh_errors",
        "vh_check",
        "double_target",
        "double_q_update",
        "left_rate",
        "ensemble_target",
        "subset_min_bias",
    ),
    "06_parametric_q": (
        "DiscreteQ",
        "ContinuousQ",
        "td_loss",
        "full_gradient_loss",
        "linear_td_step",
        "w2w_factor",
        "w2w_threshold",
        "fqi_linear",
        "hard_update",
        "soft_update",
        "matching_tau",
        "clip_grads",
        "huber",
        "mse_vs_huber_min",
        "ReplayBuffer",
    ),
    "07_dqn": (
        "epsilon",
        "select_action",
        "dqn_targets",
        "dqn_update",
        "train_dqn",
        "overestimation",
        "diagnose",
    ),
    "08_sac": (
        "lecture_update",
        "sample_tanh_gaussian",
        "soft_v",
        "soft_pi",
        "soft_q_iteration",
        "critic_target",
        "actor_loss",
        "sac_update",
        "temperature_loss",
    ),
}


def assignment_of(name: str) -> str:
    """The notebook that asks for the function `name`.

    Raises:
        KeyError: with a sentence, if no notebook does.
    """
    for assignment, names in EXERCISES.items():
        if name in names:
            return assignment
    raise KeyError(f"No exercise of this course is called {name!r}.")
