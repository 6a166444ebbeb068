"""Adds the share tau of the distance, through the state of the network."""


def soft_update(qt, q, tau):
    moving = {name for name, _ in q.named_parameters()}
    state = {}
    for (name, old), new in zip(qt.state_dict().items(), q.state_dict().values(), strict=True):
        state[name] = old + tau * (new - old) if name in moving else new
    qt.load_state_dict(state)
