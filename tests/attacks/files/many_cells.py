"""Sixty thousand cells with a line of code each."""

TRIES = "work per cell, multiplied"
SUCCESS = "stall"
CONTROL = "it only takes an hour"


def mutate(nb):
    nb["cells"] += [
        {
            "cell_type": "code",
            "id": f"cell-{i}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": f"x_{i} = {i}",
        }
        for i in range(60_000)
    ]
    return nb
