"""Returns letters without reasons.

expects: not a pair
"""


def order_peel():
    return list("CIDEJBH")
