"""A system call filter: what no notebook needs is refused with "not permitted".

Written as a list of refusals, as container runtimes do it: a notebook may use NumPy, threads,
subprocesses and files, but gets no new namespaces, mounts, tracing, keys, kernel interfaces or
network sockets.
"""

import ctypes
import errno
import os
import platform
import socket

# name -> numbers on x86_64 and aarch64; None where the call does not exist.
_REFUSED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "personality": (135, 92),
    "vhangup": (153, 58),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42),
    "mq_open": (240, 180),
    "memfd_secret": (447, 447),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
}
_CLONE, _CLONE3, _SOCKET, _IOCTL, _CONNECT = (56, 220), (435, 435), (41, 198), (16, 29), (42, 203)
_NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW* flag that clone takes
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C

_LOAD, _JEQ, _JSET, _JGE, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def supported() -> bool:
    """Whether there is a table for this machine's processor."""
    return platform.machine() in _MACHINES


def install(*, allow_sockets: bool) -> None:
    """Filter the system calls of this process and its descendants for good.

    Args:
        allow_sockets: whether Unix sockets can be made and connected, which is safe only in a
            network namespace of its own. Pairs of sockets can always be made.

    Raises:
        OSError: if the kernel refuses.
    """
    column, arch = _MACHINES[platform.machine()]
    program = _program(column, arch, allow_sockets)
    code = b"".join(program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = _Program(len(program), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p]
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(header)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def _program(column: int, arch: int, allow_sockets: bool) -> list[bytes]:
    refuse = _statement(_RETURN, _REFUSE | errno.EPERM)
    program = [
        _statement(_LOAD, _ARCH),
        _jump(_JEQ, arch, 1, 0),
        _statement(_RETURN, _KILL),
        _statement(_LOAD, _NUMBER),
    ]
    if column == 0:  # the x32 interface has numbers of its own
        program += [_jump(_JGE, 0x40000000, 0, 1), refuse]
    program += [
        _jump(_JEQ, _CLONE3[column], 0, 1),
        _statement(_RETURN, _REFUSE | errno.ENOSYS),  # its flags are in memory; libc uses clone
    ]
    for numbers in _REFUSED.values():
        if numbers[column] is not None:
            program += [_jump(_JEQ, numbers[column], 0, 1), refuse]
    if not allow_sockets:
        for call in (_SOCKET, _CONNECT):
            program += [_jump(_JEQ, call[column], 0, 1), refuse]
    program += [
        _jump(_JEQ, _CLONE[column], 0, 4),
        _statement(_LOAD, _ARGUMENT),
        _jump(_JSET, _NEW_NAMESPACES, 0, 1),
        refuse,
        _statement(_RETURN, _ALLOW),
        _jump(_JEQ, _SOCKET[column], 0, 4),
        _statement(_LOAD, _ARGUMENT),
        _jump(_JEQ, socket.AF_UNIX, 1, 0),
        refuse,
        _statement(_RETURN, _ALLOW),
        _jump(_JEQ, _IOCTL[column], 0, 4),
        _statement(_LOAD, _ARGUMENT + 8),
        _jump(_JEQ, _TIOCSTI, 1, 0),
        _jump(_JEQ, _TIOCLINUX, 0, 1),
        refuse,
        _statement(_RETURN, _ALLOW),
    ]
    return program


def _statement(code: int, value: int) -> bytes:
    return _jump(code, value, 0, 0)


def _jump(code: int, value: int, if_true: int, if_false: int) -> bytes:
    return code.to_bytes(2, "little") + bytes([if_true, if_false]) + value.to_bytes(4, "little")
