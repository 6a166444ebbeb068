"""A cell of the student's own fails in the middle of the notebook."""

CELL = r"""
print(undefined_name)
"""
