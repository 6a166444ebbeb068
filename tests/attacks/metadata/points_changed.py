"""The metadata say 1,000 points a cell, and that they are already earned."""

TRIES = "points, scores and names of the assignment forged in cell and notebook metadata"
SUCCESS = "points"


def mutate(nb):
    for cell in nb["cells"]:
        data = cell["metadata"].get("nbgrader")
        if data and data.get("grade"):
            data.update(points=1000, score=1000, auto_score=1000, manual_score=1000)
            data["extra_credit"] = 1000
            cell["source"] = "1000.0"
    nb["metadata"]["nbgrader"] = {"score": 1000, "max_score": 1000}
    nb["metadata"]["q_learning_course"] = {"assignment": "01_mdp", "score": 50, "status": "graded"}
    return nb
