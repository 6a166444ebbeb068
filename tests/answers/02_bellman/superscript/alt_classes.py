"""A class for tables; the word is looked up by two bits."""


class Table:
    """A table in a world."""

    def __init__(self, Q, mdp):
        self.rows, self.mdp = [[float(q) for q in row] for row in Q], mdp

    def stays(self, value):
        """Whether a backup that gives next states this value leaves the table where it is."""
        worth = [value(s, row) for s, row in enumerate(self.rows)]
        for s, row in enumerate(self.rows):
            for a, q in enumerate(row):
                mean = sum(p * v for p, v in zip(self.mdp.P[s, a], worth, strict=True))
                if not abs(self.mdp.R[s, a] + self.mdp.gamma * mean - q) <= 1e-7:
                    return False
        return True


def superscript(Q, mdp, pi):
    table = Table(Q, mdp)
    own = table.stays(lambda s, row: sum(p * q for p, q in zip(pi[s], row, strict=True)))
    star = table.stays(lambda s, row: max(row))
    return ["neither", "pi", "star", "both"][own + 2 * star]
