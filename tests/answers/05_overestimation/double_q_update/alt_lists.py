"""With lists."""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    A, B = QA.tolist(), QB.tolist()
    own, other = (A, B) if update_A else (B, A)
    sel, ev = (other, own) if roles == "seed" else (own, other)
    best = max(range(len(sel[s2])), key=sel[s2].__getitem__)
    y = r if term else r + gamma * ev[s2][best]
    own[s][a] += alpha * (y - own[s][a])
    return [A, B]
