"""The bias of equal actions.

expects: whatever the gap
"""

import math


def gap_bias(d):
    return 1 / math.sqrt(math.pi)
