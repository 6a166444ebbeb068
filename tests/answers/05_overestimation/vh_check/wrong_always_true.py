"""Always True.

expects: are accepted
"""


def vh_check(err):
    return True
