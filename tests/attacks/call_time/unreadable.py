"""Results that nobody can send: modules, generators, coroutines, functions, types."""

TRIES = "values that are no plain data, and encoders that raise while they are asked"
SUCCESS = "points"
CELL = r"""
class Angry(list):
    def __len__(self):
        raise SystemExit(0)


class Bad(int):
    def __int__(self):
        raise KeyboardInterrupt

    def __index__(self):
        raise MemoryError


n_sent = 0


async def later():
    return 50.0


def pick():
    global n_sent
    n_sent += 1
    choices = [Angry, lambda: Bad(3), later, lambda: (x for x in [1]), lambda: pick]
    choices += [lambda: __import__("os"), lambda: {1: {2: Angry()}}, lambda: object]
    return choices[n_sent % len(choices)]()
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return pick()"}
