"""Answer and test cells swap their ids and flags, so the tests count as answers."""

TRIES = "grade ids exchanged between answer and test cells"
SUCCESS = "points"


def mutate(nb):
    cells = {c["metadata"].get("nbgrader", {}).get("grade_id"): c for c in nb["cells"]}
    for grade_id, cell in cells.items():
        if grade_id and grade_id.startswith("test-"):
            other = cells.get(grade_id.replace("test-", "answer-", 1))
            if other is not None:
                a, b = cell["metadata"], other["metadata"]
                cell["metadata"], other["metadata"] = b, a
                cell["source"] = other["source"] = "50.0"
    return nb
