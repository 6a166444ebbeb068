"""Linux's means to shut a process in, by direct system calls: no program is needed inside.

Every function applies to the calling process and cannot be undone by it.
"""

import contextlib
import ctypes
import os
import resource
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
_libc.mount.argtypes = [ctypes.c_char_p] * 3 + [ctypes.c_ulong, ctypes.c_char_p]
_libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]

_CLONE_NEWNS, _CLONE_NEWCGROUP, _CLONE_NEWUTS, _CLONE_NEWIPC = (
    0x20000,
    0x2000000,
    0x4000000,
    1 << 27,
)
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 1 << 28, 1 << 29, 1 << 30
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MS_BIND, _MS_REC, _MS_PRIVATE = 1 << 12, 1 << 14, 1 << 18
_PDEATHSIG, _DUMPABLE, _CAPBSET_DROP, _SUBREAPER, _NO_NEW_PRIVS = 1, 4, 24, 36, 38
_MADV_COLLAPSE, _HUGE = 25, 1 << 21
_CAPABILITY_VERSION_3 = 0x20080522


@dataclass(frozen=True)
class Bounds:
    """What a student's processes may use.

    Attributes:
        memory: bytes of address space and data of one process.
        cpu: seconds of one process.
        processes: at a time, threads included.
        file: bytes of the largest file.
        files: open files of one process.
        disk: bytes of each private tmpfs.
    """

    memory: int
    cpu: int
    processes: int
    file: int
    files: int
    disk: int


def enter_namespaces() -> None:
    """A user, mount, ipc, net, uts and cgroup namespace of its own, and a pid one for children.

    Raises:
        OSError: where the kernel does not allow it.
    """
    uid, gid = os.getuid(), os.getgid()
    flags = (
        _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWIPC | _CLONE_NEWNET
        | _CLONE_NEWUTS | _CLONE_NEWCGROUP
    )  # fmt: skip
    _check(_libc.unshare(flags), "unshare")
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)


def mount_proc() -> None:
    """A /proc that shows the processes of this pid namespace only."""
    _mount("proc", "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)


def mount_tmpfs(path: str, size: int, keep: Iterable[str] = ()) -> None:
    """An empty file system in memory over `path`.

    Args:
        path: an existing folder.
        size: bytes.
        keep: folders that stay visible where they lie below `path`, as they were. Python itself may
            be installed there. Needs /proc.
    """
    below = sorted(folder for folder in keep if folder.startswith(path + "/"))
    outermost = [f for f in below if not any(f.startswith(other + "/") for other in below)]
    handles = {folder: os.open(folder, os.O_PATH | os.O_DIRECTORY) for folder in outermost}
    options = f"size={size},nr_inodes=20000,mode=0700"
    _mount("tmpfs", path, "tmpfs", _MS_NOSUID | _MS_NODEV, options)
    for folder, handle in handles.items():
        os.makedirs(folder, mode=0o755)
        _mount(f"/proc/self/fd/{handle}", folder, None, _MS_BIND | _MS_REC)
        os.close(handle)


def drop_capabilities() -> None:
    """Give up all capabilities, also those a program could gain when it is executed."""
    for capability in range(64):
        if _libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def become(uid: int) -> None:
    """Change to an unprivileged user and group for good. Needs root."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    set_dumpable(True)


def no_new_privileges() -> None:
    """Executing a set-uid program gains nothing from now on."""
    _check(_libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def set_dumpable(on: bool) -> None:
    """Whether processes of the same user may look into this one (ptrace, /proc/<pid>)."""
    _check(_libc.prctl(_DUMPABLE, int(on), 0, 0, 0), "dumpable")


def die_with_parent() -> None:
    """Receive SIGKILL when the thread that forked this process ends."""
    _check(_libc.prctl(_PDEATHSIG, 9, 0, 0, 0), "pdeathsig")


def adopt_orphans() -> None:
    """Become the parent of descendants whose parents end."""
    _check(_libc.prctl(_SUBREAPER, 1, 0, 0, 0), "subreaper")


def limit(bounds: Bounds) -> None:
    """Set the resource limits, hard and soft, as far as those in force allow."""
    wanted = {
        "AS": bounds.memory,
        "DATA": bounds.memory,
        "CPU": bounds.cpu,
        "FSIZE": bounds.file,
        "NOFILE": bounds.files,
        "NPROC": bounds.processes,
        "CORE": 0,
        "MEMLOCK": 1 << 16,
        "MSGQUEUE": 1 << 16,
    }
    for name, value in wanted.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def close_all_but(keep: int) -> int:
    """Close every descriptor but `keep`, which becomes number 3; 0, 1 and 2 lead nowhere."""
    if keep <= 3:
        keep = os.dup2(keep, 3) if keep == 3 else os.dup(keep)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.dup2(keep, 3)
    os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return 3


def use_huge_pages() -> None:
    """Back the heap with huge pages where the kernel can: a fork then copies a tenth as much."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/maps").read_text().splitlines():
            parts = line.split()
            if parts[1] == "rw-p" and (len(parts) < 6 or parts[5] == "[heap]"):
                first, last = (int(number, 16) for number in parts[0].split("-"))
                first, last = -(-first // _HUGE) * _HUGE, last // _HUGE * _HUGE
                if first < last:
                    _libc.madvise(first, last - first, _MADV_COLLAPSE)


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    arguments = [text.encode() if text is not None else None for text in (source, target, kind)]
    _check(_libc.mount(*arguments, flags, data.encode()), f"mount {kind or source} on {target}")


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
