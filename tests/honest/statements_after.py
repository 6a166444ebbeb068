"""Names of the course used for other things afterwards: np, check, gamma, list."""

CELL = r"""
gamma = 0.3
R = P = pi = mdp = rng = None
list_of_things = list
sum_ = sum
"""


def mutate(nb):
    nb["cells"].append(
        {
            "cell_type": "code",
            "id": "end",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": "list = [1, 2]\nsum = 3\nnp = None\ncheck = None\nfix_1 = 'done'",
        }
    )
    return nb
