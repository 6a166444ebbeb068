"""Frames on a Unix socket: the wire between the two sides.

A frame is a fixed head (length, request number, kind) and a payload. The reader knows how long a
payload may be before it spends memory on it, and gives up at an absolute deadline however slowly
the bytes drip. Sockets for further conversations can travel with a frame, towards the student's
side only: the trusted side never receives a file descriptor.
"""

import os
import select
import socket
import struct
import time
from dataclasses import dataclass

HEAD = struct.Struct("<IIB")
LENGTH = struct.Struct("<I")
CHUNK = 1 << 18
_SHORT = 1 << 14

# What the trusted side sends.
START, CELL, SNAPSHOT, SESSION, CALL, KILL = range(1, 7)
# What the student's side sends.
READY, OUTPUTS, REPLY, CHANGED, ENDED, ERROR, ELSEWHERE = range(11, 18)


class ChannelError(Exception):
    """The other side broke the rules of the wire."""


class ChannelClosed(ChannelError):  # noqa: N818 (an event)
    """The other side is gone."""


class DeadlinePassed(ChannelError):  # noqa: N818 (an event)
    """The other side took too long."""


@dataclass(frozen=True)
class Frame:
    """One message.

    Attributes:
        kind: one of the constants of this module.
        request: number of the request that this belongs to.
        payload: bytes, decoded by whoever knows the kind.
        sockets: file descriptors that came with it, owned by the receiver.
    """

    kind: int
    request: int
    payload: bytes
    sockets: tuple[int, ...] = ()


def send(
    sock: socket.socket,
    kind: int,
    payload: bytes = b"",
    *,
    request: int = 0,
    sockets: tuple[int, ...] = (),
    deadline: float | None = None,
) -> None:
    """Send one frame.

    Args:
        sock: a connected stream socket.
        kind: one of the constants of this module.
        payload: at most 4 GiB.
        request: comes back with the reply.
        sockets: file descriptors to hand over; the caller still closes its own.
        deadline: `time.monotonic()` after which to give up; None waits for ever.

    Raises:
        ChannelClosed: if the other side is gone.
        DeadlinePassed: if it does not read.
    """
    head = HEAD.pack(len(payload), request, kind)
    small = len(payload) <= CHUNK
    first = memoryview(head + payload if small else head)
    try:
        if sockets:
            _wait(sock, select.POLLOUT, deadline)
            first = first[socket.send_fds(sock, [first], list(sockets)) :]
        _send_all(sock, first, deadline)
        if not small:
            _send_all(sock, memoryview(payload), deadline)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise ChannelClosed("the other side is gone") from error


class Reader:
    """Receives the frames of one conversation, and with few system calls where they are short.

    Args:
        sock: a connected stream socket. Nobody else reads from it.
    """

    def __init__(self, sock: socket.socket):
        self._sock = sock
        self._ahead = b""

    def receive(self, *, limit: int, deadline: float | None = None) -> Frame:
        """Receive one frame, like the function `receive`."""
        data, sock = self._ahead, self._sock
        try:
            while len(data) < HEAD.size:
                _wait(sock, select.POLLIN, deadline)
                more = sock.recv(_SHORT)
                if not more:
                    raise ChannelClosed("the other side is gone")
                data = data + more if data else more
            length, request, kind = HEAD.unpack_from(data)
            if length > limit:
                raise _too_long(length, limit)
            end = HEAD.size + length
            payload, self._ahead = data[HEAD.size : end], data[end:]
            if len(payload) < length:
                payload += _read(sock, length - len(payload), deadline)
        except ConnectionResetError as error:
            raise ChannelClosed("the other side is gone") from error
        return Frame(kind, request, payload)


def receive(
    sock: socket.socket, *, limit: int, deadline: float | None = None, max_sockets: int = 0
) -> Frame:
    """Receive one frame.

    Args:
        sock: a connected stream socket.
        limit: longest payload to accept, in bytes.
        deadline: `time.monotonic()` after which to give up; None waits for ever.
        max_sockets: how many file descriptors to accept. The trusted side accepts none.

    Raises:
        ChannelClosed: at the end of the stream.
        DeadlinePassed: if no whole frame arrived in time.
        ChannelError: if the frame is longer than `limit`.
    """
    head = bytearray()
    fds: list[int] = []
    try:
        while len(head) < HEAD.size:
            _wait(sock, select.POLLIN, deadline)
            if max_sockets:
                data, new, _, _ = socket.recv_fds(sock, HEAD.size - len(head), max_sockets)
                fds += new
            else:
                data = sock.recv(HEAD.size - len(head))
            if not data:
                raise ChannelClosed("the other side is gone")
            head += data
        length, request, kind = HEAD.unpack(head)
        if length > limit:
            raise _too_long(length, limit)
        return Frame(kind, request, _read(sock, length, deadline), tuple(fds))
    except BaseException as error:
        for fd in fds:
            os.close(fd)
        if isinstance(error, ConnectionResetError):
            raise ChannelClosed("the other side is gone") from error
        raise


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected stream sockets: ours and theirs."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)


def join(parts: list[bytes]) -> bytes:
    """Several byte strings as one payload."""
    return b"".join(piece for part in parts for piece in (LENGTH.pack(len(part)), part))


def split(payload: bytes, most: int) -> list[memoryview]:
    """The inverse of `join`, for at most `most` parts.

    Raises:
        ChannelError: if it is not a joined payload.
    """
    parts, view = [], memoryview(payload)
    while view:
        if len(view) < LENGTH.size or len(parts) == most:
            raise ChannelError("a payload of other parts than expected")
        (length,) = LENGTH.unpack_from(view)
        if length > len(view) - LENGTH.size:
            raise ChannelError("a part that is shorter than it claims")
        parts.append(view[LENGTH.size : LENGTH.size + length])
        view = view[LENGTH.size + length :]
    return parts


def _too_long(length: int, limit: int) -> ChannelError:
    return ChannelError(f"a frame of {length:,} bytes where at most {limit:,} are allowed")


def _read(sock: socket.socket, length: int, deadline: float | None) -> bytes:
    buffer = bytearray(length)  # zero pages: memory is spent as data arrive
    view, got = memoryview(buffer), 0
    flags = 0 if deadline is None else socket.MSG_DONTWAIT
    while got < length:
        try:
            n = sock.recv_into(view[got : got + CHUNK], 0, flags)
        except BlockingIOError:
            n = None
        if n == 0:
            raise ChannelClosed("the other side is gone")
        got += n or 0
        if got < length:
            _wait(sock, select.POLLIN, deadline)
    return bytes(buffer)


def _send_all(sock: socket.socket, view: memoryview, deadline: float | None) -> None:
    flags = 0 if deadline is None else socket.MSG_DONTWAIT
    while view:
        try:
            view = view[sock.send(view[:CHUNK], flags) :]
        except BlockingIOError:
            _wait(sock, select.POLLOUT, deadline)


def _wait(sock: socket.socket, event: int, deadline: float | None) -> None:
    """Block until the socket can be read or written, or the deadline passes."""
    if deadline is None:
        return
    left = deadline - time.monotonic()
    poll = select.poll()
    poll.register(sock, event)
    if left <= 0 or not poll.poll(left * 1000):
        raise DeadlinePassed("no answer in time")
