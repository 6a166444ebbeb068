"""Run cells, keep the state at each grade cell, answer calls: the student's process.

    main        runs the cells in order
    snapshot    holds the state of a grade cell; forks sessions
    session     answers calls; what they break ends with it. It serves one check, or one check after
                the other as long as they leave nothing behind

A function that keeps state gets a snapshot of its own, a fork of main at its grade cell. For all
others `purity` remembers what they refer to, and main itself is their snapshot: one session, forked
after the last cell, serves them all. Should a cell be about to do something that cannot be undone
by remembering, main leaves what it has promised so far to a fork.

Each is on a socket of its own, which the trusted side made. Hidden checks call only after the last
cell has run, so nothing that they send can show up in a cell's output.
"""

import contextlib
import os
import select
import signal
import socket
import sys
from typing import NoReturn

from grader.student import channel, purity
from grader.student.channel import ChannelClosed
from grader.student.forks import fork, leave, reap
from grader.student.session import REQUEST_LIMIT, serve_calls
from grader.student.shell import Shell
from qlib import wire

CELL_LIMITS = wire.Limits(structure_bytes=12 << 20, buffer_bytes=0, items=100_000)


def serve_cells(control: socket.socket, shell: Shell) -> NoReturn:
    """The main loop of a student's process; ends when the trusted side hangs up."""
    snapshots = Snapshots(shell)
    with contextlib.suppress(ChannelClosed, OSError):
        while True:
            if snapshots.wait(control):
                frame = channel.receive(control, limit=REQUEST_LIMIT, max_sockets=1)
                if frame.kind == channel.CELL:
                    _run(frame, control, shell, snapshots)
                elif frame.kind == channel.SNAPSHOT:
                    sock = socket.socket(fileno=frame.sockets[0])
                    snapshots.add(frame.payload.decode(), sock, control)
            reap()
    leave()


def _run(frame: channel.Frame, control: socket.socket, shell: Shell, snapshots: "Snapshots"):
    cell = wire.loads(frame.payload, CELL_LIMITS)
    if cell["dangerous"] or purity.may_change_more(cell["source"]):
        snapshots.leave_to_a_fork(control)
    result = shell.run(cell["source"], cell["seconds"])
    if _threads() > 1:  # they could end this process later
        snapshots.leave_to_a_fork(control)
    payload = wire.dumps(result, CELL_LIMITS)
    channel.send(control, channel.OUTPUTS, payload, request=frame.request)


class Snapshots:
    """The grade cells whose state this process holds.

    Args:
        shell: where the student's names live.
    """

    def __init__(self, shell: Shell):
        self._shell = shell
        self._sockets: dict[int, socket.socket] = {}
        self._memories: dict[str, purity.Memory] = {}
        self._session = 0

    def add(self, name: str, sock: socket.socket, control: socket.socket) -> None:
        """Hold the state for the function `name`, here or in a fork.

        Args:
            name: may be empty: then nothing is known about what will be called.
            sock: where sessions will be asked for.
            control: the socket of this process.
        """
        memory = None
        if name and _threads() == 1:
            with contextlib.suppress(Exception):  # whatever a student has done to the libraries
                memory = purity.remember(name, self._shell.user_ns)
        if memory is None:
            others = [control, *self._sockets.values()]
            fork(others, serve_snapshots, self._shell, [sock], {})
            sock.close()
        else:
            self._sockets[sock.fileno()] = sock
            self._memories[name] = memory

    def leave_to_a_fork(self, control: socket.socket) -> None:
        """Let a fork hold everything that this process holds."""
        sockets = list(self._sockets.values())
        if sockets:
            fork([control], serve_snapshots, self._shell, sockets, self._memories)
            for sock in sockets:
                sock.close()
            self._sockets, self._memories = {}, {}

    def wait(self, control: socket.socket | None = None) -> bool:
        """Wait for a request and serve it; whether there is one for `control`, which goes first."""
        if not self._sockets:
            return True
        poll = select.poll()
        for fd in [*self._sockets, *([control] if control else [])]:
            poll.register(fd, select.POLLIN)
        ready = [fd for fd, _ in poll.poll()]
        if control and control.fileno() in ready:
            return True
        for fd in ready:
            self._serve(self._sockets[fd], control)
        return False

    def _serve(self, sock: socket.socket, control: socket.socket | None) -> None:
        try:
            frame = channel.receive(sock, limit=REQUEST_LIMIT, max_sockets=1)
        except channel.ChannelError:
            del self._sockets[sock.fileno()]
            sock.close()
            return
        if frame.kind == channel.SESSION:
            theirs = socket.socket(fileno=frame.sockets[0])
            mine = [*self._sockets.values(), *([control] if control else [])]
            seconds = wire.loads(frame.payload)
            self._session = fork(mine, serve_calls, theirs, self._shell, self._memories, seconds)
            theirs.close()
        elif frame.kind == channel.KILL and self._session:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._session, signal.SIGKILL)


def serve_snapshots(
    shell: Shell, sockets: list[socket.socket], memories: dict[str, purity.Memory]
) -> None:
    """Hold the state as it is now, until the trusted side hangs up.

    Args:
        shell: where the student's names live.
        sockets: one for each grade cell.
        memories: what to restore before a function is called; without, it is called as it is.
    """
    snapshots = Snapshots(shell)
    snapshots._sockets = {sock.fileno(): sock for sock in sockets}
    snapshots._memories = memories
    while not snapshots.wait():
        reap()


def _threads() -> int:
    return len(sys._current_frames())
