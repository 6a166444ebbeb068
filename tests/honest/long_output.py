"""Very long output: a hundred thousand lines, a huge table, a long traceback."""

CELL = r"""
for i in range(100_000):
    print(i, end=" ")
print("x" * 300_000)
list(range(5000))
"""
