"""The wire codec: what passes, what is refused, and that nothing but `WireError` comes out."""

import contextlib
import struct

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from qlib import wire
from qlib.data import Episode
from qlib.mdp import TabularMDP

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.binary(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(plain)
@settings(max_examples=200, deadline=None)
def test_plain_data_come_back_equal_and_of_the_same_type(value):
    back = wire.copy(value)
    assert back == value
    assert type(back) is type(value)


@given(
    hnp.arrays(
        st.sampled_from(["f4", "f8", "i1", "i8", "u2", "?", ">f8", "<f2"]),
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )
)
@settings(max_examples=150, deadline=None)
def test_arrays_keep_shape_kind_and_entries(array):
    back = wire.copy(array)
    assert np.asarray(back).shape == array.shape
    assert np.asarray(back).dtype.kind == array.dtype.kind
    np.testing.assert_array_equal(back, array)


def test_a_copy_shares_nothing():
    array = np.zeros(3)
    wire.copy([array])[0][0] = 1
    assert array[0] == 0


def test_records_and_generators():
    mdp = TabularMDP(np.ones((1, 2, 1)), np.zeros((1, 2)), 0.5)
    assert wire.copy(mdp) == mdp
    episode = Episode(np.array([0, 1]), np.array([1]), np.array([2.0]), True, False)
    assert wire.copy(episode) == episode
    rng = np.random.default_rng(3)
    assert wire.copy(rng).random() == np.random.default_rng(3).random()


def test_records_of_the_trusted_side_are_as_the_constructor_makes_them():
    mdp = TabularMDP(np.full((2, 2, 2), 0.5), np.ones((2, 2)), 0.5)
    episode = Episode(np.array([0, 1]), np.array([1]), np.array([2.0]), True, False)
    found = wire.loads(wire.dumps((mdp, episode)), trusted=True)
    assert found == (mdp, episode)
    assert type(found[0].gamma) is float
    for name in ("P", "R", "terminal", "rho0"):
        mine, theirs = getattr(mdp, name), getattr(found[0], name)
        assert (mine.dtype, mine.flags.writeable) == (theirs.dtype, theirs.flags.writeable)
    found[1].s[0] = 7


def test_records_of_the_other_side_are_tested():
    message = wire.dumps(TabularMDP(np.ones((1, 1, 1)), np.zeros((1, 1)), 0.5))
    wrong = message.replace(np.float64(1.0).tobytes(), np.float64(0.7).tobytes())
    assert wrong != message
    with pytest.raises(wire.WireError, match="ValueError"):
        wire.loads(wrong)


def test_what_is_not_plain_data_is_named():
    for value, word in ((object(), "object"), ({1, 2}, "set"), (lambda: 0, "function")):
        with pytest.raises(wire.WireError, match=word):
            wire.dumps(value)
    with pytest.raises(wire.WireError, match="complex"):
        wire.dumps(np.zeros(2, complex))


def test_lying_subclasses_are_flattened_or_refused():
    class Lie(int):
        def __eq__(self, other):
            return True

    class Array(np.ndarray):
        def __array_function__(self, *args):
            return True

    assert type(wire.copy(Lie(3))) is int
    assert type(wire.copy(np.zeros(2).view(Array))) is np.ndarray


def _nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def test_limits_of_the_encoder():
    small = wire.Limits(structure_bytes=1000, buffer_bytes=1000, depth=3, items=50, dict_entries=5)
    for value in (_nested(5), list(range(60)), np.zeros(200), "x" * 2000, dict.fromkeys(range(9))):
        with pytest.raises(wire.WireError):
            wire.dumps(value, small)
    with pytest.raises(wire.WireError):
        wire.dumps(1 << 5000)
    looped = []
    looped.append(looped)
    with pytest.raises(wire.WireError):
        wire.dumps(looped)


def _message(structure, buffers=()):
    raw = structure if isinstance(structure, bytes) else msgpack.packb(structure)
    head = struct.pack("<II", len(raw), len(buffers))
    lengths = struct.pack(f"<{len(buffers)}Q", *map(len, buffers))
    return head + lengths + raw + b"".join(buffers)


BAD = {
    "empty": b"",
    "no structure": struct.pack("<II", 0, 0),
    "shorter than claimed": struct.pack("<II", 100, 0) + b"\x01",
    "longer than claimed": _message(1) + b"x",
    "a structure of 4 GB": struct.pack("<II", 2**32 - 1, 0),
    "4 billion buffers": struct.pack("<II", 1, 2**32 - 1) + b"\x01",
    "buffers of 2**64 bytes": struct.pack("<II", 1, 2) + struct.pack("<QQ", 2**64 - 1, 3) + b"\x01",
    "an extension type": _message(msgpack.packb(msgpack.ExtType(5, b"x"))),
    "a timestamp": _message(msgpack.packb(msgpack.Timestamp(1))),
    "an unknown element": _message({"$": "pickle", "v": "x"}),
    "a raw map": _message({"a": 1}),
    "an unknown record": _message({"$": "record", "n": "os.system", "v": []}),
    "a record that refuses": _message({"$": "record", "n": "TabularMDP", "v": [1, 2, 3, 4, 5]}),
    "an object dtype": _message({"$": "array", "d": "|O", "s": [1], "b": 0}, [b"12345678"]),
    "a structured dtype": _message({"$": "array", "d": "f,f", "s": [1], "b": 0}, [b"12345678"]),
    "a negative shape": _message({"$": "array", "d": "<f8", "s": [-1], "b": 0}, [b"12345678"]),
    "a bool shape": _message({"$": "array", "d": "<f8", "s": [True], "b": 0}, [b"12345678"]),
    "a shape of 2**60": _message({"$": "array", "d": "<f8", "s": [2**60], "b": 0}, [b""]),
    "empty by 0 x 2**60": _message({"$": "array", "d": "<f8", "s": [0, 2**60], "b": 0}, [b""]),
    "40 axes": _message({"$": "array", "d": "<f8", "s": [1] * 40, "b": 0}, [b"12345678"]),
    "no such buffer": _message({"$": "array", "d": "<f8", "s": [1], "b": 7}, [b"12345678"]),
    "a hexadecimal bomb": _message({"$": "int", "v": "0x" + "f" * 10_000}),
    "a dict key that is a list": _message({"$": "dict", "v": [[[1], 2]]}),
    "a dict key that is an array": _message(
        {"$": "dict", "v": [[{"$": "array", "d": "<f8", "s": [1], "b": 0}, 2]]}, [b"12345678"]
    ),
    "too deep": _message(_nested(40)),
    "deeper than the parser": _message(b"\x91" * 3000 + b"\x01"),
    "a bad generator": _message({"$": "rng", "v": ["0x1", "zz", 0, 0]}),
    "a tuple of nothing": _message({"$": "tuple", "v": 3}),
    "not UTF-8": _message(b"\xa2\xff\xfe"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_messages_are_refused(name):
    with pytest.raises(wire.WireError):
        wire.loads(BAD[name])


def test_one_buffer_named_many_times_is_not_copied_without_end():
    node = {"$": "array", "d": "|u1", "s": [1 << 20], "b": 0}
    with pytest.raises(wire.WireError, match="in all"):
        wire.loads(_message([node] * 100, [bytes(1 << 20)]))


@given(st.binary(max_size=300))
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_decoded_or_refused(data):
    with contextlib.suppress(wire.WireError):
        wire.loads(data)


VALID = wire.dumps(
    [1, "two", (3.0, None), {"k": np.arange(3)}, np.float32(1), np.random.default_rng(0), 1 << 90]
)


@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), max_size=6))
@settings(max_examples=600, deadline=None)
def test_a_damaged_message_is_decoded_or_refused(changes):
    data = bytearray(VALID)
    for position, byte in changes:
        data[position] = byte
    with contextlib.suppress(wire.WireError):
        wire.loads(bytes(data))


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_structure_in_a_valid_frame_is_decoded_or_refused(structure):
    with contextlib.suppress(wire.WireError):
        wire.loads(_message(structure, [bytes(16)]))


def test_children_of_a_generator_differ_where_its_state_does():
    first, again, other = (
        wire.copy(np.random.default_rng(seed)).spawn(1)[0].random() for seed in (1, 1, 2)
    )
    assert first == again != other
