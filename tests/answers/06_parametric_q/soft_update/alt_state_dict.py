"""A mixed state, loaded."""


def soft_update(qt, q, tau):
    own, old = q.state_dict(), qt.state_dict()
    names = {name for name, _ in q.named_parameters()}
    qt.load_state_dict(
        {k: tau * own[k] + (1 - tau) * old[k] if k in names else own[k] for k in own}
    )
