"""Every cell stands there three times, with the same ids."""

TRIES = "an answer in several copies, of which one raises, and doubled tests"
SUCCESS = "stall"


def mutate(nb):
    import copy

    nb["cells"] = [c for cell in nb["cells"] for c in (cell, copy.deepcopy(cell), dict(cell))]
    return nb
