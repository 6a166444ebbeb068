"""A Python list that grows at the front."""


def discounted_returns(r, gamma, last_value=0.0):
    returns = []
    following = last_value
    for reward in reversed(list(r)):
        following = reward + gamma * following
        returns.insert(0, following)
    return returns
