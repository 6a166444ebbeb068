"""Twenty thousand functions of one line in cells whose definitions are kept."""

TRIES = "work that grows with the square of the number of definitions"
SUCCESS = "stall"


def mutate(nb):
    lines = "\n".join(f"def f{i}(): 0" for i in range(20_000))
    left = 3
    for cell in nb["cells"]:
        data = cell["metadata"].get("nbgrader", {})
        locked = data.get("locked") and not data.get("grade")
        kept = locked or "experiment" in cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and kept and left:
            cell["source"] = lines
            left -= 1
    return nb
