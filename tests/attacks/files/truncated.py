"""A notebook that was cut off while it was uploaded."""

TRIES = "the first half of a good file"
SUCCESS = "stall"


def mutate(nb):
    import json

    data = json.dumps(nb).encode()
    return data[: len(data) // 2]
