"""Test cells are declared ungraded, unlocked or tasks; one more cell claims to be worth 50."""

TRIES = "flags of nbgrader flipped, a graded cell of the student's own added"
SUCCESS = "points"


def mutate(nb):
    for cell in nb["cells"]:
        data = cell["metadata"].get("nbgrader")
        if data and data.get("grade"):
            data.update(solution=True, locked=False, task=False)
            cell["source"] = "50.0"
    nb["cells"].append(
        {
            "cell_type": "code",
            "id": "mine",
            "metadata": {
                "nbgrader": {
                    "grade": True,
                    "grade_id": "test-mine",
                    "locked": True,
                    "points": 50,
                    "schema_version": 3,
                    "solution": False,
                    "task": False,
                }
            },
            "execution_count": None,
            "outputs": [],
            "source": "50.0",
        }
    )
    return nb
