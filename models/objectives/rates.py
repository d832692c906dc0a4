"""What schedules compute: the learning rate of a step, counted from 0, in a run of `steps` steps.

Printed sources bring these functions along word for word, so each stands on `math` alone.
"""

import math


def exponential_decay(step, steps, initial, decay_steps, decay_rate, staircase):
    """Multiply the learning rate by a factor every `decay_steps` steps."""
    passed = step // decay_steps if staircase else step / decay_steps
    return initial * decay_rate**passed


def inverse_time_decay(step, steps, initial, decay_steps, decay_rate, staircase):
    """Divide the learning rate by a number that grows with the steps."""
    passed = step // decay_steps if staircase else step / decay_steps
    return initial / (1 + decay_rate * passed)


def piecewise_constant_decay(step, steps, initial, boundaries, values):
    """Take one learning rate after another, each up to a step that is given."""
    return values[sum(step > boundary for boundary in boundaries)]


def polynomial_decay(step, steps, initial, decay_steps, end_learning_rate, power, cycle):
    """Lower the learning rate along a power of the remaining steps, down to a last one."""
    whole = decay_steps or steps
    if cycle:
        whole *= max(1, -(-step // whole))
    left = 1 - min(step, whole) / whole
    return (initial - end_learning_rate) * left**power + end_learning_rate


def cosine_decay(step, steps, initial, decay_steps, alpha, warmup_target, warmup_steps):
    """Lower the learning rate along half a cosine, after a straight warm-up if wanted."""
    highest = initial
    if warmup_target is not None:
        highest = warmup_target
        if step < warmup_steps:
            return initial + (highest - initial) * step / warmup_steps
        step, steps = step - warmup_steps, steps - warmup_steps
    whole = decay_steps or max(1, steps)
    cosine = 0.5 * (1 + math.cos(math.pi * min(step, whole) / whole))
    return highest * ((1 - alpha) * cosine + alpha)


def cosine_decay_restarts(step, steps, initial, first_decay_steps, t_mul, m_mul, alpha):
    """Lower the learning rate along half a cosine, again and again, each time more slowly."""
    passed = step / first_decay_steps
    if t_mul == 1:
        restarts = math.floor(passed)
        passed -= restarts
    else:
        # A logarithm may come out a hair below the whole number that it is.
        restarts = math.floor(math.log(1 + passed * (t_mul - 1), t_mul) + 1e-9)
        length = t_mul**restarts
        passed = max(0.0, passed - (length - 1) / (t_mul - 1)) / length
    cosine = 0.5 * (1 + math.cos(math.pi * passed))
    return initial * ((1 - alpha) * m_mul**restarts * cosine + alpha)


def linear_warmup(step, steps, initial, warmup_steps, start_factor):
    """Raise the learning rate in a straight line from a share of it, then keep it."""
    passed = min(1.0, step / warmup_steps)
    return initial * (start_factor + (1 - start_factor) * passed)


def one_cycle(
    step, steps, initial, total_steps, pct_start, anneal_strategy, div_factor, final_div_factor
):
    """Raise the learning rate to the optimizer's own, then lower it far below the start."""
    whole = total_steps or max(2, steps)
    step, last, top = min(step, whole - 1), whole - 1, pct_start * whole - 1
    first = initial / div_factor
    if step <= top:
        start, end, share = first, initial, step / top
    else:
        start, end, share = initial, first / final_div_factor, (step - top) / (last - top)
    if anneal_strategy == "cos":
        share = 0.5 * (1 - math.cos(math.pi * share))
    return start + (end - start) * share


RATES = {
    function.__name__: function
    for function in (
        exponential_decay,
        inverse_time_decay,
        piecewise_constant_decay,
        polynomial_decay,
        cosine_decay,
        cosine_decay_restarts,
        linear_warmup,
        one_cycle,
    )
}
"""By name."""
