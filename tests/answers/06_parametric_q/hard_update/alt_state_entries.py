"""Entry by entry of the state."""


def hard_update(qt, q):
    own = q.state_dict()
    for name, x in qt.state_dict().items():
        x.copy_(own[name])
