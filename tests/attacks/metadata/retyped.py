"""The test cells become raw and markdown cells, which nothing executes."""

TRIES = "cell_type of test cells changed"
SUCCESS = "points"


def mutate(nb):
    kinds = ["raw", "markdown"]
    tests = [c for c in nb["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
    for i, cell in enumerate(tests):
        cell["cell_type"] = kinds[i % 2]
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    return nb
