"""Episodes, their padding and their transitions, on episodes small enough to write down."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlib.closed_book import ClosedBookError, answering
from qlib.data import Episode, Episodes, discounted_returns

# Three episodes: one without steps in state 3; 0 -a1-> 2 -a0-> 3 (ends); 1 -a1-> 1 (cut).
EPISODES = Episodes(
    s=np.array([3, 0, 2, 3, 1, 1]),
    a=np.array([1, 0, 1]),
    r=np.array([0.5, 2.0, 4.0]),
    lengths=np.array([0, 2, 1]),
    terminated=np.array([True, True, False]),
    truncated=np.array([False, False, True]),
)


def test_episode_by_index_and_iteration():
    second, first, third = EPISODES
    s, a, r = np.array([0, 2, 3]), np.array([1, 0]), np.array([0.5, 2.0])
    assert first == Episode(s, a, r, terminated=True, truncated=False)
    assert first != Episode(s, a, r, terminated=False, truncated=True)
    assert (len(first), len(second), len(third)) == (2, 0, 1)
    assert second.s.tolist() == [3]
    assert third.s.tolist() == [1, 1]
    assert EPISODES[-1] == third
    assert len(EPISODES) == 3
    with pytest.raises(IndexError):
        EPISODES[3]


def test_returns():
    assert EPISODES.returns(0.5).tolist() == [0.0, 1.5, 4.0]
    assert EPISODES.returns(0.0).tolist() == [0.0, 0.5, 4.0]
    assert EPISODES.returns(1.0).tolist() == [0.0, 2.5, 4.0]


def test_transitions():
    s, a, r, s_next, terminated = EPISODES.transitions()
    assert s.tolist() == [0, 2, 1]
    assert a.tolist() == [1, 0, 1]
    assert r.tolist() == [0.5, 2.0, 4.0]
    assert s_next.tolist() == [2, 3, 1]
    assert terminated.tolist() == [False, True, False]


def test_padded():
    s, a, r = EPISODES.padded()
    assert s.tolist() == [[3, 3, 3], [0, 2, 3], [1, 1, 1]]
    assert a.tolist() == [[-1, -1], [1, 0], [1, -1]]
    assert r.tolist() == [[0.0, 0.0], [0.5, 2.0], [4.0, 0.0]]
    assert EPISODES.episode.tolist() == [1, 1, 2]
    assert EPISODES.t.tolist() == [0, 1, 0]


def test_an_episode_holds_whatever_it_is_given():
    wrong = Episode(s=[0], a=np.zeros(5), r=None, terminated="yes", truncated=True)
    assert wrong.r is None
    assert len(wrong) == 5
    assert wrong != "an episode"
    with pytest.raises(TypeError):
        hash(wrong)


def test_discounted_returns_by_hand():
    assert discounted_returns(np.array([1, 2, 3]), 0.5).tolist() == [2.75, 3.5, 3.0]
    assert discounted_returns(np.array([1.0, 2.0]), 0.5, last_value=8.0).tolist() == [4.0, 6.0]
    assert discounted_returns(np.array([]), 0.9).shape == (0,)
    assert discounted_returns(np.array([1.0, 2.0]), 0.0).tolist() == [1.0, 2.0]
    with answering("discounted_returns"), pytest.raises(ClosedBookError):
        discounted_returns(np.ones(2), 0.9)


@given(
    st.lists(st.floats(-5, 5), max_size=12),
    st.floats(0, 1),
    st.floats(-5, 5),
)
def test_discounted_returns_are_the_sums(r, gamma, last_value):
    T = len(r)
    direct = [
        sum(gamma ** (k - t) * r[k] for k in range(t, T)) + gamma ** (T - t) * last_value
        for t in range(T)
    ]
    assert np.allclose(discounted_returns(np.array(r), gamma, last_value), direct, atol=1e-12)
