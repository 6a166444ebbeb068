"""TabularMDP: what is accepted, what is refused and how it says so, steps, equality, storage."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from qlib.closed_book import ClosedBookError, answering
from qlib.envs import chain, garnet, gridworld34
from qlib.mdp import TabularMDP, as_policy


def parts():
    """Two states, two actions: a0 ends with reward 1, a1 stays for 0."""
    P = np.zeros((2, 2, 2))
    P[0, 0, 1] = P[0, 1, 0] = P[1, :, 1] = 1
    return {
        "P": P,
        "R": np.array([[1.0, 0.0], [0.0, 0.0]]),
        "gamma": 0.5,
        "terminal": np.array([False, True]),
        "rho0": np.array([1.0, 0.0]),
    }


def test_stores_copies_that_cannot_change():
    given_parts = parts()
    mdp = TabularMDP(**given_parts)
    given_parts["P"][0, 0] = 7
    given_parts["R"][:] = 7
    assert mdp.P[0, 0, 1] == 1
    assert mdp.R[0, 0] == 1
    assert (mdp.n_states, mdp.n_actions, mdp.gamma) == (2, 2, 0.5)
    for name in ("P", "R", "terminal", "rho0"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(mdp, name)[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        mdp.gamma = 0.9
    assert mdp.P.dtype == mdp.R.dtype == mdp.rho0.dtype == np.float64


def test_accepts_lists_and_integers():
    mdp = TabularMDP([[[0, 1]], [[0, 1]]], [[3], [0]], 1, [False, True])
    assert mdp.R.tolist() == [[3.0], [0.0]]
    assert mdp.rho0.tolist() == [1.0, 0.0], "the default start is uniform over non-terminal states"


def test_default_start_and_no_terminal_states():
    mdp = TabularMDP(np.ones((1, 1, 1)), np.ones((1, 1)), 0.9)
    assert not mdp.terminal.any()
    assert mdp.rho0.tolist() == [1.0]
    ended = TabularMDP(np.ones((1, 1, 1)), np.zeros((1, 1)), 0.9, [True])
    assert ended.rho0.tolist() == [1.0]


@pytest.mark.parametrize("off", [1e-12, -1e-12])
def test_rows_off_by_rounding_pass(off):
    changed = parts()
    changed["P"][0, 1, 0] += off
    changed["P"][1, 0] = [abs(off), 1 - off]  # the terminal state's row
    mdp = TabularMDP(**changed)
    assert mdp.P[0, 1, 0] == 1 + off
    assert mdp.P[1, 0].tolist() == [0, 1], "terminal rows are stored exactly absorbing"


def change(name, index, value):
    def apply(p):
        p[name][index] = value

    return apply


def replace(name, value):
    def apply(p):
        p[name] = value

    return apply


WRONG = {
    "nan in P": (change("P", (0, 1, 1), np.nan), r"P\[0, 1, 1\] = nan"),
    "infinity in P": (change("P", (0, 1, 1), np.inf), r"P\[0, 1, 1\] = inf"),
    "negative": (change("P", (0, 0), [-0.5, 1.5]), r"P\[0, 0, 0\] = -0.5.*negative"),
    "row sum": (change("P", (0, 0, 1), 0.9), r"P\[0, 0\] sums to 0.9, not 1.*stays where it is"),
    "row sum off by 1e-6": (change("P", (0, 0, 1), 1 + 1e-6), r"P\[0, 0\] sums to 1.000001"),
    "empty row": (change("P", (0, 0, 1), 0.0), r"P\[0, 0\] sums to 0"),
    "nan in R": (change("R", (0, 1), np.nan), r"R\[0, 1\] = nan"),
    "left terminal": (change("P", (1, 0), [1, 0]), r"terminal state 1 is left by action 0.*set it"),
    "paid terminal": (change("R", (1, 1), 2.0), r"terminal state 1 pays R\[1, 1\] = 2.0.*enters"),
    "P of two axes": (replace("P", np.ones((2, 2))), r"P must have shape \(2, 2, 2\)"),
    "P not square": (replace("P", np.ones((2, 2, 3)) / 3), r"P must have shape \(2, 2, 2\)"),
    "R of one axis": (replace("R", np.ones(2)), r"R must have shape \(S, A\)"),
    "R of three axes": (replace("R", np.ones((2, 2, 2))), r"\(P \* R\).sum\(axis=2\)"),
    "R empty": (replace("R", np.ones((0, 2))), r"S, A >= 1"),
    "ragged P": (replace("P", [[[1], [0, 1]]]), "rectangular"),
    "complex P": (replace("P", np.ones((2, 2, 2)) * 1j), "real"),
    "words": (replace("R", [["a", "b"]] * 2), "numbers"),
    "gamma above 1": (replace("gamma", 1.1), r"outside \[0, 1\]"),
    "gamma negative": (replace("gamma", -0.1), r"outside \[0, 1\]"),
    "gamma nan": (replace("gamma", np.nan), r"outside \[0, 1\]"),
    "gamma array": (replace("gamma", np.array([0.9])), "must be a number"),
    "gamma bool": (replace("gamma", True), "must be a number"),
    "gamma text": (replace("gamma", "0.9"), "must be a number"),
    "terminal as indices": (replace("terminal", np.array([1])), "bool array"),
    "terminal as numbers": (replace("terminal", np.array([0, 1])), "bool array"),
    "rho0 sum": (replace("rho0", np.array([0.5, 0.4])), "sum 0.9"),
    "rho0 negative": (replace("rho0", np.array([-0.5, 1.5])), "smallest entry is -0.5"),
    "rho0 nan": (replace("rho0", np.array([np.nan, 1])), "rho0"),
    "rho0 shape": (replace("rho0", np.array([1.0])), r"rho0 must have shape \(2,\)"),
}


DENSE_ONLY = ("ragged P", "complex P", "P of two axes", "P not square")


@pytest.mark.parametrize(
    ("name", "storage"),
    [(name, "dense") for name in WRONG]
    + [(name, "sparse") for name in WRONG if name not in DENSE_ONLY],
)
def test_refuses_and_names_the_place(name, storage):
    spoil, message = WRONG[name]
    changed = parts()
    spoil(changed)
    if storage == "sparse":
        changed["P"] = sparse.csr_array(changed["P"].reshape(4, 2))
    with pytest.raises(ValueError, match=message):
        TabularMDP(**changed)


def test_step_of_a_deterministic_world():
    mdp = TabularMDP(**parts())
    rng = np.random.default_rng(0)
    assert mdp.step(0, 0, rng) == (1, 1.0, True)
    assert mdp.step(0, 1, rng) == (0, 0.0, False)
    assert mdp.step(1, 0, rng) == (1, 0.0, True)
    s_next, r, terminated = mdp.step(np.int64(0), np.int64(0), rng)
    assert (type(s_next), type(r), type(terminated)) == (int, float, bool)
    assert mdp.reset(rng) == 0


@pytest.mark.parametrize(
    ("s", "a", "message"),
    [(2, 0, "no state 2"), (-1, 0, "no state -1"), (0, 2, "no action 2"), (0, -1, "no action -1")],
)
def test_step_refuses_what_does_not_exist(s, a, message):
    mdp = TabularMDP(**parts())
    mdp.step(0, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match=message):
        mdp.step(s, a, np.random.default_rng(0))


class Fixed:
    """Stands in for a generator: `random()` returns what the test says."""

    def __init__(self, u):
        self.u = u

    def random(self):
        return self.u


@pytest.mark.parametrize("storage", ["dense", "sparse"])
def test_step_never_draws_what_cannot_happen(storage):
    P = np.array([[[0.0, 0.25, 0.0, 0.75 - 1e-10, 0.0]]] * 5)
    P = P if storage == "dense" else sparse.csr_array(P.reshape(5, 5))
    mdp = TabularMDP(P, np.zeros((5, 1)), 0.9)
    for u, expected in [(0.0, 1), (0.25 - 1e-16, 1), (0.25, 3), (np.nextafter(1, 0), 3)]:
        assert mdp.step(0, 0, Fixed(u))[0] == expected


def test_step_frequencies():
    mdp = gridworld34()
    rng = np.random.default_rng(3)
    n = 20_000
    counts = np.bincount([mdp.step(7, 0, rng)[0] for _ in range(n)], minlength=12)
    p = mdp.P[7, 0]
    assert (np.abs(counts - n * p) <= 5 * np.sqrt(n * p * (1 - p))).all()


def test_successors():
    mdp = gridworld34()
    states, probs = mdp.successors(7, 0)
    assert states.tolist() == [4, 7, 8]
    assert np.allclose(probs, [0.8, 0.1, 0.1], rtol=0, atol=1e-15)


def sparse_forms(mdp):
    rows = mdp.P.reshape(-1, mdp.n_states)
    yield sparse.csr_matrix(rows)
    yield sparse.coo_array(rows)
    yield [sparse.csc_array(mdp.P[:, a]) for a in range(mdp.n_actions)]


def test_sparse_forms_agree():
    dense = garnet(7, 3, 2, np.random.default_rng(0), n_terminal=1)
    built = [TabularMDP(P, dense.R, dense.gamma, dense.terminal) for P in sparse_forms(dense)]
    assert built[0] == built[1] == built[2]
    assert built[0] != dense
    assert len({hash(mdp) for mdp in built}) == 1
    mdp = built[0]
    assert mdp.is_sparse
    assert not dense.is_sparse
    assert np.array_equal(mdp.P.toarray(), dense.transition_matrix)
    for mine, theirs in zip(mdp.successors(2, 1), dense.successors(2, 1), strict=True):
        assert mine.tolist() == theirs.tolist()
    with pytest.raises(ValueError, match="read-only"):
        mdp.P.data[0] = 0
    with pytest.raises(ValueError, match="a list of sparse matrices must hold 3"):
        TabularMDP([sparse.eye_array(7)] * 2, dense.R, 0.9)


def test_equality_hash_and_copies():
    mdp = TabularMDP(**parts())
    same = TabularMDP(**parts())
    assert mdp == same
    assert hash(mdp) == hash(same)
    assert mdp != dataclasses.replace(mdp, gamma=0.6)
    assert mdp != chain(1)
    assert mdp != "an MDP"
    minus_zero = parts()
    minus_zero["R"][0, 1] = -0.0
    assert TabularMDP(**minus_zero) == mdp
    assert hash(TabularMDP(**minus_zero)) == hash(mdp)
    for again in (pickle.loads(pickle.dumps(mdp)), copy.deepcopy(mdp)):
        assert again == mdp
        assert not again.P.flags.writeable
    assert repr(mdp) == "TabularMDP(2 states, 2 actions, gamma=0.5, 1 terminal, dense)"


def test_as_policy():
    mdp = gridworld34()
    pi = as_policy(mdp, np.full(12, 2))
    assert pi.shape == (12, 4)
    assert (pi.argmax(1) == 2).all()
    for wrong, message in [
        (np.full(12, 4), r"policy\[0\] = 4"),
        (np.full((12, 3), 1 / 3), "a policy has shape"),
        (np.full(12, 0.5), "a policy has shape"),
        (np.full((12, 4), 0.2), r"pi\[0\]"),
        (np.full((12, 4), np.nan), r"pi\[0\]"),
    ]:
        with pytest.raises(ValueError, match=message):
            as_policy(mdp, wrong)


def test_closed_book_for_the_exercise_that_validates():
    with answering("is_valid_mdp"), pytest.raises(ClosedBookError):
        TabularMDP(**parts())
    with answering("rollout"):
        TabularMDP(**parts()).step(0, 0, np.random.default_rng(0))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 3), st.integers(0, 2**32 - 1), st.data())
def test_valid_parts_pass_and_one_spoiled_row_does_not(n_states, n_actions, seed, data):
    rng = np.random.default_rng(seed)
    P = rng.dirichlet(np.ones(n_states), (n_states, n_actions))
    R = rng.normal(size=(n_states, n_actions))
    assert np.array_equal(TabularMDP(P, R, 0.9).P, P)
    s, a = data.draw(st.integers(0, n_states - 1)), data.draw(st.integers(0, n_actions - 1))
    P[s, a] *= data.draw(st.sampled_from([0.0, 0.5, 1 - 1e-7, 1 + 1e-7, 2.0, -1.0]))
    with pytest.raises(ValueError, match=rf"P\[{s}, {a}"):
        TabularMDP(P, R, 0.9)
