"""Cells of the student's own everywhere: notes, tries, empty ones, a raw one."""


def mutate(nb):
    cells = []
    for i, cell in enumerate(nb["cells"]):
        cells.append(cell)
        code = {"cell_type": "code", "id": f"own-{i}", "metadata": {}, "outputs": []}
        cells.append({**code, "execution_count": None, "source": ["", "x_own = 1\nx_own"][i % 2]})
        kind = ["markdown", "raw"][i % 2]
        cells.append({"cell_type": kind, "id": f"note-{i}", "metadata": {}, "source": "my *note*"})
    nb["cells"] = cells
    return nb
