"""Sandbox levels: which there are, what each needs, and the command line that starts one.

    full      bubblewrap and namespaces: the student's process sees Python, site-packages, qlib and
              an empty folder; no network, no other process
    reduced   an unprivileged user where the grader runs as root, limits and a system call filter;
              the file system is what that user can read
    none      limits only

Which one this machine can do is found out by starting it (`grader.warm`), not by looking.
"""

import contextlib
import itertools
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LEVELS = ("full", "reduced", "none")
HOME = "/home/student"
COURSE = "/course"
_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/usr/bin", "/usr/sbin", "/usr/lib")
_SWITCHES = (
    (
        "/proc/sys/user/max_user_namespaces",
        True,
        "set it above 0: sysctl user.max_user_namespaces=…",
    ),
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        True,
        "sysctl kernel.unprivileged_userns_clone=1",
    ),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        False,
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or a profile for bwrap",
    ),
)
_SYSTEM_TOO = ("/usr/lib32", "/usr/lib64", "/usr/libexec", "/etc/ld.so.cache", "/etc/alternatives")

ENVIRONMENT = {
    "HOME": HOME,
    "IPYTHONDIR": "/tmp/ipython",
    "LANG": "C.UTF-8",
    "LOGNAME": "student",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "NBGRADER_EXECUTION": "autograde",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONHASHSEED": "0",  # so that an answer which depends on the order of a set replays
    "TMPDIR": "/tmp",
    "USER": "student",
    # One thread: a fork after work of several OpenMP threads hangs.
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


_count = itertools.count()


class SandboxError(RuntimeError):
    """A sandbox level does not work on this machine; the message says why and what to do."""


def python_command(course: str, fd: int) -> list[str]:
    """The warm parent's command line.

    Args:
        course: folder that holds `grader` and `qlib`, as the new process sees it.
        fd: its socket.
    """
    code = (
        f"import sys; sys.path.insert(0, {course!r}); sys.argv[1:] = ['{fd}']; "
        "from grader.student.zygote import main; main()"
    )
    return [sys.executable, "-PsB", "-c", code]


def course_root() -> Path:
    """The folder that holds the packages `grader` and `qlib`."""
    return Path(__file__).resolve().parent.parent


def bubblewrap(arguments_fd: int) -> list[str]:
    """The start of bubblewrap's command line; its arguments are read from a descriptor.

    Raises:
        SandboxError: if it is not installed.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxError(
            "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)."
        )
    return [program, "--args", str(arguments_fd), "--"]


def bubblewrap_arguments(disk: int) -> bytes:
    """What the sandbox contains, as bubblewrap reads it: null-terminated arguments.

    Args:
        disk: bytes of each writable file system.
    """
    arguments = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    arguments += ["--hostname", "sandbox"]
    if os.geteuid() == 0:  # the warm parent changes its user, then drops these
        arguments += ["--cap-drop", "ALL"]
        for capability in ("SETUID", "SETGID", "SYS_ADMIN", "SETPCAP"):
            arguments += ["--cap-add", f"CAP_{capability}"]
    else:
        arguments += ["--unshare-user"]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for path in ("/dev/shm", "/tmp", HOME):
        arguments += ["--perms", "1777", "--size", str(disk), "--tmpfs", path]
    bound: list[str] = []
    for path in (
        "/etc",
        COURSE,
        f"{COURSE}/grader",
        *_parents(python_folders()),
    ):  # else only for root
        arguments += ["--perms", "0755", "--dir", path]
    for path in (*_SYSTEM, *_SYSTEM_TOO):
        if os.path.islink(path):
            arguments += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            arguments += ["--ro-bind", path, path]
            bound.append(path)
    for path in python_folders():
        if not _within(path, bound):
            arguments += ["--ro-bind", path, path]
            bound.append(path)
    root = course_root()
    for hidden in (str(root), str(root / "grader")):  # installed among the packages, or beside them
        if _within(hidden, bound):
            arguments += ["--size", "4096", "--tmpfs", hidden, "--remount-ro", hidden]
    for part in ("qlib", "grader/__init__.py", "grader/student"):
        arguments += ["--ro-bind", str(root / part), f"{COURSE}/{part}"]
    arguments += ["--chdir", "/", "--remount-ro", "/"]
    return b"".join(argument.encode() + b"\0" for argument in arguments)


def unprivileged_uid() -> int:
    """A user id that nobody has: limits on processes count for a user, not for a process tree."""
    offset = (os.getpid() + 37 * next(_count)) % 600
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        inside, _, length = map(int, line.split())
        for base in (1_900_000_000, 60_578):
            if inside <= base and base + 600 < inside + length:
                return base + offset
    return 65534


def closed_to_others() -> str:
    """The first folder on the way to Python or qlib that other users cannot enter, or "".

    Without a view of the file system of its own, an unprivileged user needs them.
    """
    wanted = [course_root() / "qlib", Path(os.path.realpath(sys.executable))]
    wanted += [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    for path in wanted:
        for folder in reversed(path.resolve().parents):
            if not folder.stat().st_mode & 0o001:
                return str(folder)
        if not path.stat().st_mode & 0o004:
            return str(path)
    return ""


def python_folders() -> list[str]:
    """Folders that Python and the installed packages are in, outermost first."""
    paths = {sys.prefix, sys.base_prefix, os.path.dirname(os.path.realpath(sys.executable))}
    paths |= {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    for prefix in ("/usr", "/usr/local"):
        if prefix in paths:
            paths.remove(prefix)
            paths |= {f"{prefix}/lib", f"{prefix}/bin"}
    paths |= {os.path.realpath(path) for path in paths}
    return sorted((path for path in paths if os.path.isdir(path)), key=lambda p: (p.count("/"), p))


def _parents(paths: Iterable[str]) -> list[str]:
    """All folders above `paths`, outermost first."""
    parents = {str(parent) for path in paths for parent in Path(path).parents}
    return sorted((parents | {"/usr"}) - {"/"}, key=lambda path: path.count("/"))


def _within(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


@dataclass(frozen=True)
class Feature:
    """One thing that a sandbox needs.

    Attributes:
        name: what it is.
        ok: whether this machine has it.
        note: what was found, or what to do.
    """

    name: str
    ok: bool
    note: str


def doctor() -> list[Feature]:
    """What this machine can do, found out by trying; the first row is the level that it reaches."""
    from grader.cgroup import MemoryGroup
    from grader.student import seccomp
    from grader.warm import Limits, WarmParent

    found, nested = [], ""
    reached = "none"
    for level in LEVELS:
        try:
            parent = WarmParent(level, Limits())
            nested = parent.problem if level == "full" else nested
            parent.close()
            found.append(Feature(f"level {level}", True, "works"))
            reached = level if reached == "none" else reached
        except SandboxError as error:
            found.append(Feature(f"level {level}", False, str(error)))
    bwrap = shutil.which("bwrap")
    install = "not installed: apt install bubblewrap (Debian, Ubuntu), dnf install bubblewrap"
    rows = [Feature("sandbox", reached != "none", f"grading runs at level {reached}"), *found]
    rows.append(Feature("bubblewrap", bwrap is not None, bwrap or install))
    if bwrap:
        note = nested or "each submission is forked into its own namespaces"
        rows.append(Feature("warm start", not nested and found[0].ok, note))
    for path, wanted, advice in _SWITCHES:
        with contextlib.suppress(OSError, ValueError):
            value = int(Path(path).read_text())
            good = value > 0 if wanted else value == 0
            if not good and os.geteuid() != 0:
                rows.append(Feature(path, False, advice))
    rows.append(
        Feature(
            "system call filter",
            seccomp.supported(),
            "has a table for this processor" if seccomp.supported() else "x86_64 and aarch64 only",
        )
    )
    with MemoryGroup(1 << 30) as group:
        note = "limits a submission's processes together" if group.path else (
            "none can be made here: processes are limited one by one and watched together"
        )  # fmt: skip
        rows.append(Feature("memory cgroup", group.path is not None, note))
    closed = closed_to_others()
    if os.geteuid() == 0:
        note = (
            f"other users cannot read {closed}; only level full can hide that" if closed else "yes"
        )
        rows.append(Feature("Python readable for other users", not closed, note))
    return rows
