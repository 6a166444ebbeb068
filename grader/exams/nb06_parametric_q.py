"""Hidden checks of 06_parametric_q, in the order of the notebook; they live in six modules.

Probes report numbers only, and every one of them is computed here from fresh inputs: see the
modules. What is random in a right answer, and how seldom chance fails it, stands in
`parametric_replay`; everywhere else answers are exact up to float32.
"""

from grader.exams import (
    parametric_linear,
    parametric_losses,
    parametric_nets,
    parametric_replay,
    parametric_robust,
    parametric_targets,
)

discrete_q = parametric_nets.discrete
continuous_q = parametric_nets.continuous
td_loss = parametric_losses.td
full_gradient_loss = parametric_losses.full
linear_td_step = parametric_linear.step
w2w_factor = parametric_linear.factor
w2w_threshold = parametric_linear.threshold
fqi_linear = parametric_linear.fqi
hard_update = parametric_targets.hard
soft_update = parametric_targets.soft
matching_tau = parametric_targets.matching
clip_grads = parametric_robust.clip
huber = parametric_robust.huber
mse_vs_huber_min = parametric_robust.rest
replay_buffer = parametric_replay.buffer
