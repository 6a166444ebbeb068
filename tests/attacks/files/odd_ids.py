"""Cell ids that are long, doubled, empty, numbers, paths and markup."""

TRIES = "ids used in file names, anchors and keys"
SUCCESS = "stall"


def mutate(nb):
    ids = ["../../x", "", 5, None, "a" * 5000, '"><script>@MARK@</script>', "same", "same"]
    for i, cell in enumerate(nb["cells"]):
        cell["id"] = ids[i % len(ids)]
    return nb
