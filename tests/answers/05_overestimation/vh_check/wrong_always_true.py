"""Always True.

expects: The verdict is True, whatever the errors
"""


def vh_check(err):
    return True
