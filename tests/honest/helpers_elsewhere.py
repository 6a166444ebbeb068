"""Helper functions and constants live in other cells, one of them an experiment cell."""

CELL = r"""
ZERO = 0.0


def horner(r, gamma):
    total = ZERO
    for x in r[::-1]:
        total = x + gamma * total
    return total
"""
ANSWERS = {
    "fix_1": "def fix_1(r, gamma):\n    return horner(r, gamma)",
    "fix_2": "def fix_2(tau, R, gamma):\n    return horner(rewards_along(tau, R), gamma)",
}


def mutate(nb):
    helper = (
        "def rewards_along(tau, R):\n    return [R[s, a] for s, a in zip(tau[0::2], tau[1::2])]"
    )
    for cell in nb["cells"]:
        if "experiment" in cell["metadata"].get("tags", []):
            cell["source"] = f"{''.join(cell['source'])}\n\n{helper}\n"
            break
    else:
        raise AssertionError("the assignment has no experiment cell")
    return nb
