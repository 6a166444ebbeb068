"""Changes to locked cells: a comment in a test cell, an import added to the setup."""


def mutate(nb):
    for cell in nb["cells"]:
        data = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and data.get("locked"):
            cell["source"] = "import collections\n" + "".join(cell["source"]) + "\n# I see\n"
    return nb
