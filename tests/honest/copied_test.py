"""An innocent copy of a test cell, metadata and all, and one that was split in two."""


def mutate(nb):
    import copy

    cells = []
    for cell in nb["cells"]:
        cells.append(cell)
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cells.append(copy.deepcopy(cell))
    nb["cells"] = cells
    return nb
