"""Fifty thousand functions of one line in a cell whose definitions are kept."""

TRIES = "work that grows with the square of the number of definitions"
SUCCESS = "stall"


def mutate(nb):
    lines = "\n".join(f"def f{i}(): 0" for i in range(50_000))
    for cell in nb["cells"]:
        data = cell["metadata"].get("nbgrader", {})
        locked = data.get("locked") and not data.get("grade")
        if cell["cell_type"] == "code" and (
            locked or "experiment" in cell["metadata"].get("tags", [])
        ):
            cell["source"] = lines
    return nb
