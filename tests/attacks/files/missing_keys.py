"""nbgrader metadata without the keys that it always has."""

TRIES = "grade, locked, solution, points and grade_id missing here and there"
SUCCESS = "stall"


def mutate(nb):
    graded = [c for c in nb["cells"] if "nbgrader" in c["metadata"]]
    keys = ["grade", "locked", "solution", "points", "schema_version", "task"]
    for i, cell in enumerate(graded):
        cell["metadata"]["nbgrader"].pop(keys[i % len(keys)], None)
    return nb
