"""Fifty megabytes in one string."""

TRIES = "a notebook larger than anything a person types"
SUCCESS = "stall"


def mutate(nb):
    import json

    nb["cells"][0]["source"] = "@BIG@"
    return json.dumps(nb).replace("@BIG@", "x" * 50_000_000).encode()
