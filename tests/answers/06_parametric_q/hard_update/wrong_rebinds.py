"""qt = q: only a new local name.

expects: The target network has not moved
"""


def hard_update(qt, q):
    qt = q  # noqa: F841
