"""Calls the finished version in qlib.

expects: finished version
"""

from qlib import data


def discounted_returns(r, gamma, last_value=0.0):
    return data.discounted_returns(r, gamma, last_value)
