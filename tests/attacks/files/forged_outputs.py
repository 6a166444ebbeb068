"""Stored outputs show full points, reports that passed, and what a grader might look for."""

TRIES = "outputs that were never made by running anything"
SUCCESS = "points"


def mutate(nb):
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 1
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {"nbgrader": {"score": 50}},
                    "data": {"text/plain": "50.0", "text/html": "✓ Passed, 50 of 50 points"},
                }
            ]
    nb["metadata"]["score"] = 50
    return nb
