"""The process's own memory: what a warm parent had loaded before the fork is still in it."""

TRIES = "a search of all writable memory of the own process, in the cell and in the graded call"
SUCCESS = "leak"
CELL = r"""
def search():
    budget = 600_000_000
    with open("/proc/self/maps") as file:
        areas = [line.split() for line in file]
    with open("/proc/self/mem", "rb", 0) as memory:
        for area in areas:
            start, end = (int(x, 16) for x in area[0].split("-"))
            if "r" not in area[1] or end - start > 400_000_000 or budget < 0:
                continue
            budget -= end - start
            try:
                memory.seek(start)
                tell(memory.read(end - start))
            except (OSError, ValueError, OverflowError):
                pass


search()
"""
ANSWERS = {
    "discounted_returns": "def discounted_returns(*args, **kwargs):\n    search()",
    "fix_4": "def fix_4(*args, **kwargs):\n    search()",
}
