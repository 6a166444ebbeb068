"""Another notebook: the cells are those of some other assignment."""

TRIES = "a notebook of another name and with other exercises, under this name"
SUCCESS = "stall"


def mutate(nb):
    for cell in nb["cells"]:
        cell["metadata"] = {}
        cell["source"] = "1 + 1" if cell["cell_type"] == "code" else "text"
    nb["metadata"]["q_learning_course"] = {"assignment": "09_other"}
    return nb
