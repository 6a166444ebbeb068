"""An ordinary notebook with metadata nested nine hundred levels deep in one cell."""

TRIES = "recursion in validation, copying and writing"
SUCCESS = "stall"


def mutate(nb):
    deep = {}
    for _ in range(900):
        deep = {"d": deep}
    nb["cells"][0]["metadata"]["deep"] = deep
    nb["metadata"]["deep"] = deep
    return nb
