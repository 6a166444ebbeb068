"""Each test cell stands there twice: once skipped with forged outputs, once blank."""

TRIES = "doubled grade ids, the copy with outputs that say full points"
SUCCESS = "points"


def mutate(nb):
    import copy

    cells = []
    for cell in nb["cells"]:
        cells.append(cell)
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            twin = copy.deepcopy(cell)
            twin["id"] = f"{cell.get('id', 'x')}-twin"[:64]
            twin["source"] = "50.0"
            twin["metadata"]["tags"] = ["skip-execution"]
            twin["outputs"] = [
                {
                    "output_type": "execute_result",
                    "data": {"text/plain": "50.0"},
                    "metadata": {},
                    "execution_count": 1,
                }
            ]
            cells.append(twin)
    nb["cells"] = cells
    return nb
