"""One list of conditions; terminal rows are compared with the identity."""

import numpy as np


def is_valid_mdp(P, R, terminal):

    stay = np.eye(len(R))[:, None, :]
    return all(
        [
            np.isfinite(P).all(),
            np.isfinite(R).all(),
            P.min() >= 0,
            np.allclose(np.einsum("sap->sa", P), 1.0),
            np.allclose(P[terminal], np.broadcast_to(stay, P.shape)[terminal]),
            not R[terminal].any(),
        ]
    )
