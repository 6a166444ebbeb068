"""Outputs and execution counts cleared, keys left out."""


def mutate(nb):
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell.pop("execution_count", None)
    return nb
