"""Plain data as bytes: the only thing that passes between a check and a student's function.

A message is a msgpack structure followed by the raw bytes of its arrays. Nothing that can run code
is ever encoded or decoded (no pickle, no class by name from the bytes): scalars, strings, lists,
tuples, dicts, NumPy arrays and scalars, CPU tensors, random generators, and the few records of
`RECORDS`. Every limit is checked before memory is spent.

Checks in a notebook pass arguments and results through the same encoding as the grader does, so
what works in the notebook works there.

Layout: `uint32` length of the structure, `uint32` number of buffers, one `uint64` length per
buffer, the structure, the buffers. All little-endian.
"""

import functools
import importlib
import itertools
import struct
import sys
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

# Record name -> (module, class, fields). The only classes that are ever rebuilt from bytes.
RECORDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "TabularMDP": ("qlib.mdp", "TabularMDP", ("P", "R", "gamma", "terminal", "rho0")),
    "Episode": ("qlib.data", "Episode", ("s", "a", "r", "terminated", "truncated")),
}
_RECORD_OF = {(module, cls): name for name, (module, cls, _) in RECORDS.items()}

_READ_ONLY = {"TabularMDP"}  # records whose arrays nobody may write to

_KINDS = "biuf"
_DTYPES = {  # the usual ones, in the byte order of messages
    name: np.dtype(name)
    for name in ("|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u4", "<u8", "<f4", "<f8")
}
_NAME_OF = {dtype: name for name, dtype in _DTYPES.items()}
_HEAD = struct.Struct("<II")
_MAX_INT_BITS = 4096


class WireError(ValueError):
    """A value cannot be encoded, or bytes are not a valid message within the limits."""


@dataclass(frozen=True)
class Limits:
    """What one message may contain.

    Attributes:
        structure_bytes: length of the msgpack part.
        buffer_bytes: total length of all arrays.
        depth: nesting of lists, tuples, dicts and records.
        items: elements of all lists, tuples and dicts together.
        dict_entries: entries of one dict (small, since colliding keys make a dict quadratic).
    """

    structure_bytes: int = 1 << 20
    buffer_bytes: int = 1 << 26
    depth: int = 16
    items: int = 200_000
    dict_entries: int = 2_000


LIMITS = Limits()


def dumps(value: Any, limits: Limits = LIMITS) -> bytes:
    """Encode `value`.

    Raises:
        WireError: for a type that is not plain data (named in the message), or beyond a limit.
    """
    return _Encoder(limits).message(value)


def loads(
    data: bytes, limits: Limits = LIMITS, *, tensors: bool = False, trusted: bool = False
) -> Any:
    """Decode a message; the inverse of `dumps`.

    Args:
        data: the bytes of exactly one message. They may come from an adversary.
        limits: what is accepted.
        tensors: rebuild tensors as `torch.Tensor` (for a student's function) instead of as arrays
            (for a check, which must not depend on torch).
        trusted: the message was encoded by the trusted side: its records are whole, and are not
            tested again.

    Raises:
        WireError: for anything that is not a message within the limits. Nothing else is raised.
    """
    try:
        return _Decoder(data, limits, tensors, trusted).message()
    except WireError:
        raise
    except Exception as error:  # malformed input must never surface as anything else
        raise WireError(f"not a valid message ({type(error).__name__}: {error})") from error


def copy(value: Any, limits: Limits = LIMITS, *, tensors: bool = False) -> Any:
    """`loads(dumps(value))`: a deep copy of plain data, as the other side would see it."""
    return loads(dumps(value, limits), limits, tensors=tensors)


class _Encoder:
    def __init__(self, limits: Limits):
        self.limits = limits
        self.buffers: list[bytes] = []
        self.buffer_bytes = 0
        self.items = 0

    def message(self, value: Any) -> bytes:
        structure = msgpack.packb(self.node(value, 0), use_bin_type=True)
        if len(structure) > self.limits.structure_bytes:
            raise WireError(
                f"too large: {len(structure):,} bytes of nested data, at most "
                f"{self.limits.structure_bytes:,}. Use a NumPy array for many numbers."
            )
        lengths = struct.pack(f"<{len(self.buffers)}Q", *map(len, self.buffers))
        head = _HEAD.pack(len(structure), len(self.buffers))
        return b"".join([head, lengths, structure, *self.buffers])

    def node(self, value: Any, depth: int) -> Any:
        if depth > self.limits.depth:
            raise WireError(f"nested deeper than {self.limits.depth} levels")
        if value is None or isinstance(value, bool):
            return value
        if type(value) is np.ndarray and value.dtype in _NAME_OF:  # the most frequent case
            return self.array(value, "array")
        if isinstance(value, np.generic):
            return self.array(np.asarray(value), "scalar")
        if isinstance(value, int):
            return self.integer(int(value))
        if isinstance(value, float):
            return float(value)
        if isinstance(value, str):
            return str(value)
        if isinstance(value, bytes | bytearray):
            return bytes(value)
        if isinstance(value, np.ndarray):
            if value.dtype.kind == "O":
                return self.node(value.tolist(), depth)
            return self.array(np.asarray(value), "array")
        if isinstance(value, list):
            return self.sequence(value, depth)
        if isinstance(value, tuple):
            return {"$": "tuple", "v": self.sequence(value, depth)}
        if isinstance(value, dict):
            self.count(len(value))
            if len(value) > self.limits.dict_entries:
                raise WireError(f"a dict of more than {self.limits.dict_entries:,} entries")
            pairs = [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in value.items()]
            return {"$": "dict", "v": pairs}
        if isinstance(value, np.random.Generator):
            return self.generator(value)
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return self.tensor(value, torch)
        name = _RECORD_OF.get((type(value).__module__, type(value).__qualname__))
        if name is not None:
            fields = [self.node(getattr(value, field), depth + 1) for field in RECORDS[name][2]]
            self.count(len(fields))
            return {"$": "record", "n": name, "v": fields}
        raise WireError(
            f"a value of type {type(value).__qualname__!r}, which is not plain data "
            "(number, string, list, tuple, dict, NumPy array or tensor)"
        )

    def count(self, n: int) -> None:
        self.items += n
        if self.items > self.limits.items:
            raise WireError(
                f"more than {self.limits.items:,} list or dict elements. "
                "Use a NumPy array for many numbers."
            )

    def sequence(self, values: Any, depth: int) -> list:
        self.count(len(values))
        return [self.node(v, depth + 1) for v in values]

    def integer(self, value: int) -> Any:
        if -(2**63) <= value < 2**64:
            return value
        if value.bit_length() > _MAX_INT_BITS:
            raise WireError(f"an integer of more than {_MAX_INT_BITS} bits")
        return {"$": "int", "v": hex(value)}

    def array(self, array: np.ndarray, kind: str) -> dict:
        if array.dtype.kind not in _KINDS or array.dtype.itemsize > 8:
            raise WireError(
                f"an array of dtype {array.dtype} (only bool, int and float up to 64 bits)"
            )
        if array.ndim > 16:
            raise WireError(f"an array with {array.ndim} axes, at most 16")
        self.buffer_bytes += array.nbytes
        if self.buffer_bytes > self.limits.buffer_bytes:
            raise WireError(f"arrays of more than {self.limits.buffer_bytes:,} bytes in all")
        name = _NAME_OF.get(array.dtype)
        if name is None:
            array = array.astype(array.dtype.newbyteorder("<"), copy=False)
            name = array.dtype.str
        self.buffers.append(array.tobytes())
        return {"$": kind, "d": name, "s": list(array.shape), "b": len(self.buffers) - 1}

    def tensor(self, tensor: Any, torch: Any) -> dict:
        tensor = tensor.detach().cpu()
        if tensor.is_floating_point() and tensor.dtype not in (torch.float32, torch.float64):
            tensor = tensor.float()
        return self.array(tensor.contiguous().numpy(), "tensor")

    def generator(self, rng: np.random.Generator) -> dict:
        state = rng.bit_generator.state
        if state["bit_generator"] != "PCG64":
            raise WireError("a random generator other than np.random.default_rng(...)")
        inner = state["state"]
        return {
            "$": "rng",
            "v": [
                hex(inner["state"]),
                hex(inner["inc"]),
                int(state["has_uint32"]),
                int(state["uinteger"]),
            ],
        }


class _Decoder:
    def __init__(self, data: bytes, limits: Limits, tensors: bool, trusted: bool):
        self.data = memoryview(data)
        self.limits = limits
        self.tensors = tensors
        self.trusted = trusted
        self.items = 0
        self.array_bytes = 0
        self.buffers: list[tuple[int, int]] = []  # where each begins, and its length

    def message(self) -> Any:
        if len(self.data) < _HEAD.size:
            raise WireError("shorter than its header")
        n_structure, n_buffers = _HEAD.unpack_from(self.data)
        if n_structure > self.limits.structure_bytes:
            raise WireError(f"structure of {n_structure:,} bytes")
        start = _HEAD.size + 8 * n_buffers
        if start + n_structure > len(self.data):
            raise WireError("shorter than it claims")
        lengths = struct.unpack_from(f"<{n_buffers}Q", self.data, _HEAD.size)
        if sum(lengths) > self.limits.buffer_bytes:
            raise WireError(f"arrays of {sum(lengths):,} bytes")
        if start + n_structure + sum(lengths) != len(self.data):
            raise WireError("its length is not what it claims")
        places = itertools.accumulate(lengths, initial=start + n_structure)
        self.buffers = list(zip(places, lengths, strict=False))
        raw = msgpack.unpackb(
            self.data[start : start + n_structure],
            raw=False,
            strict_map_key=True,
            ext_hook=_no_extensions,
            max_array_len=self.limits.items,  # the parser reserves as much as a list claims
            max_map_len=4,
        )
        return self.value(raw, 0)

    def value(self, node: Any, depth: int) -> Any:
        if depth > self.limits.depth:
            raise WireError(f"nested deeper than {self.limits.depth} levels")
        if type(node) is list:
            return self.sequence(node, depth)
        if type(node) is not dict:
            if node is None or type(node) in (bool, int, float, str, bytes):
                return node
            raise WireError(f"unexpected {type(node).__name__}")
        kind = node.get("$")
        if kind in ("array", "scalar", "tensor"):
            return self.array(node, kind)
        v = node.get("v")
        if kind == "tuple" and isinstance(v, list):
            return tuple(self.sequence(v, depth))
        if kind == "dict" and isinstance(v, list):
            return self.mapping(v, depth)
        if kind == "int" and isinstance(v, str) and len(v) <= _MAX_INT_BITS // 4 + 3:
            return int(v, 16)
        if kind == "rng" and isinstance(v, list) and len(v) == 4:
            return _generator(v)
        if kind == "record" and isinstance(v, list):
            return self.record(node.get("n"), v, depth)
        raise WireError(f"unknown element {kind!r}")

    def sequence(self, nodes: list, depth: int) -> list:
        self.items += len(nodes)
        if self.items > self.limits.items:
            raise WireError(f"more than {self.limits.items:,} elements")
        return [self.value(n, depth + 1) for n in nodes]

    def mapping(self, pairs: list, depth: int) -> dict:
        self.items += len(pairs)
        if len(pairs) > self.limits.dict_entries or self.items > self.limits.items:
            raise WireError("a dict with too many entries")
        result = {}
        for pair in pairs:
            if not isinstance(pair, list) or len(pair) != 2:
                raise WireError("a dict entry that is not a pair")
            key = self.value(pair[0], depth + 1)
            if not isinstance(key, str | int | float | bool | bytes | tuple | type(None)):
                raise WireError("a dict key that is not a plain value")
            result[key] = self.value(pair[1], depth + 1)
        return result

    def array(self, node: dict, kind: str) -> Any:
        dtype_name, shape, index = node.get("d"), node.get("s"), node.get("b")
        if not isinstance(dtype_name, str) or len(dtype_name) > 4:
            raise WireError("a bad dtype")
        dtype = _DTYPES.get(dtype_name)
        if dtype is None:
            dtype = np.dtype(dtype_name)
            if dtype.kind not in _KINDS or dtype.itemsize > 8:
                raise WireError(f"dtype {dtype}")
        if not isinstance(shape, list) or len(shape) > 16:
            raise WireError("a bad shape")
        n = 1
        for size in shape:
            if type(size) is not int or not 0 <= size <= self.limits.buffer_bytes:
                raise WireError("a bad shape")
            n *= size
        if type(index) is not int or not 0 <= index < len(self.buffers):
            raise WireError("an array without its data")
        place, length = self.buffers[index]
        if n * dtype.itemsize != length:
            raise WireError("an array whose data do not fit its shape")
        self.array_bytes += length  # one buffer may be named many times
        if self.array_bytes > self.limits.buffer_bytes:
            raise WireError(f"arrays of more than {self.limits.buffer_bytes:,} bytes in all")
        array = np.ndarray(shape, dtype, self.data, place).copy()
        if kind == "scalar" and array.ndim == 0:
            return array[()]
        if kind == "tensor" and self.tensors:
            import torch

            return torch.from_numpy(array)
        return array

    def record(self, name: Any, nodes: list, depth: int) -> Any:
        if name not in RECORDS:
            raise WireError("an unknown record")
        cls, fields = _record(name)
        if len(nodes) != len(fields):
            raise WireError(f"a {name} with {len(nodes)} fields")
        values = dict(zip(fields, self.sequence(nodes, depth), strict=True))
        if not self.trusted:
            return cls(**values)
        found = object.__new__(cls)
        for field, value in values.items():
            if name in _READ_ONLY and isinstance(value, np.ndarray):
                value.flags.writeable = False
            object.__setattr__(found, field, value)
        return found


@functools.cache
def _record(name: str) -> tuple[type, tuple[str, ...]]:
    module, cls, fields = RECORDS[name]
    return getattr(importlib.import_module(module), cls), fields


def _no_extensions(code: int, data: bytes) -> Any:
    raise WireError("an extension type")


def _generator(v: list) -> np.random.Generator:
    state, inc, has_uint32, uinteger = v
    if not (isinstance(state, str) and isinstance(inc, str) and len(state) + len(inc) < 80):
        raise WireError("a bad random generator")
    # Seeded from the state, so that children from `rng.spawn` differ where the state does.
    bits = np.random.PCG64(int(state, 16) & (2**128 - 1))
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": int(state, 16), "inc": int(inc, 16)},
        "has_uint32": int(bool(has_uint32)),
        "uinteger": int(uinteger),
    }
    return np.random.Generator(bits)
