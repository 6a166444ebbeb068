"""nbformat 9.7 and a minor number that is a text."""

TRIES = "versions that do not exist yet"
SUCCESS = "stall"


def mutate(nb):
    nb["nbformat"] = 9
    nb["nbformat_minor"] = "7"
    return nb
