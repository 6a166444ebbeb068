"""JSON at the edge: NaN, numbers of 5,000 digits, doubled keys, lone surrogates, nulls."""

TRIES = "text that Python's parser takes and that cannot be written again"
SUCCESS = "stall"


def mutate(nb):
    import json

    nb["cells"][0]["metadata"]["odd"] = "@ODD@"
    nb["cells"].append(
        {
            "cell_type": "code",
            "id": "odd",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": "x = '\ud800 \ud83d'\ny = 1  # \x00 \x1b[2J \u2028 \ufeff",
        }
    )
    text = json.dumps(nb)
    odd = f'NaN, "n": Infinity, "big": {"9" * 5000}, "e": 1e999, "odd": -0'
    return text.replace('"@ODD@"', odd).encode()
