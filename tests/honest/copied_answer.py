"""An older version of an answer stands above the final one, with the same metadata."""


def mutate(nb):
    import copy

    cells = []
    for cell in nb["cells"]:
        data = cell["metadata"].get("nbgrader", {})
        if data.get("solution") and cell["cell_type"] == "code":
            old = copy.deepcopy(cell)
            old["source"] = "def first_try(*args):\n    return None"
            old["id"] = f"{cell['id']}-old"[:64]
            cells.append(old)
        cells.append(cell)
    nb["cells"] = cells
    return nb
