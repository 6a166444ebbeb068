"""Always False.

expects: The verdict is False, whatever the errors
"""


def vh_check(err):
    return False
