"""Source code that overflows a parser: brackets, chained operators, attributes, lambdas."""

TRIES = "answers that no parser should be asked to read on the trusted side"
SUCCESS = "stall"
ANSWERS = {
    "*": "def @NAME@(*args):\n    return " + "(" * 90_000,
    "rollout": "rollout = " + "lambda: " * 50_000 + "0",
    "J_mc": "J_mc = " + "-" * 200_000 + "1",
    "J_exact": "J_exact = f" + "()" * 100_000,
    "state_dist": "state_dist = 1" + " + 1" * 100_000,
    "fix_1": "fix_1 = x" + ".a" * 100_000,
    "fix_2": "fix_2 = " * 100_000 + "1",
}


def mutate(nb):
    for cell in nb["cells"]:
        if "experiment" in cell["metadata"].get("tags", []):
            cell["source"] = "x = " + "[" * 90_000 + "]" * 90_000
    return nb
