"""An empty file."""

TRIES = "no bytes at all"
SUCCESS = "stall"


def mutate(nb):
    return b""
