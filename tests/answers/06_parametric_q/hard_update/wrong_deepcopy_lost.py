"""A copy that nobody keeps.

expects: The target network has not moved
"""

import copy


def hard_update(qt, q):
    qt = copy.deepcopy(q)  # noqa: F841
