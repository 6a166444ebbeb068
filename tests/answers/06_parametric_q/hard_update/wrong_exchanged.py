"""The network becomes a copy of the target network.

expects: the roles of the two are exchanged
"""


def hard_update(qt, q):
    q.load_state_dict(qt.state_dict())
