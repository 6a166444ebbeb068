"""JSON of other shapes: cells that are numbers, sources that are objects, missing keys."""

TRIES = "every assumption about the structure of a notebook"
SUCCESS = "stall"


def mutate(nb):
    nb["cells"] = [
        5,
        None,
        [],
        {},
        {"cell_type": "code"},
        {"cell_type": 7, "metadata": [], "source": {"a": 1}},
        {"cell_type": "code", "metadata": None, "source": [1, None, "x"], "outputs": "none"},
        {"cell_type": "code", "metadata": {"nbgrader": []}, "source": "1"},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": {"a": 1}}}, "source": "1"},
        {"cell_type": "code", "metadata": {"tags": 5, "nbgrader": 7}, "source": "1"},
        *nb["cells"],
    ]
    nb["metadata"] = [1]
    return nb
