"""A deep copy of the state, loaded."""

import copy


def hard_update(qt, q):
    qt.load_state_dict(copy.deepcopy(q.state_dict()), strict=True)
