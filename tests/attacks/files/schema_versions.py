"""nbgrader metadata of schema version 1, 99, none and a text."""

TRIES = "versions that make plain nbgrader stop"
SUCCESS = "stall"


def mutate(nb):
    versions = [1, 99, None, "3", -1]
    graded = [c for c in nb["cells"] if "nbgrader" in c["metadata"]]
    for i, cell in enumerate(graded):
        cell["metadata"]["nbgrader"]["schema_version"] = versions[i % len(versions)]
    return nb
