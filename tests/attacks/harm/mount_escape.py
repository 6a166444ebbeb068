"""New namespaces and mounts make the read-only file system writable again."""

TRIES = "unshare, remount, pivot; then a write to the course's folder"
SUCCESS = "harm"
CELL = r"""
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
pid = os.fork()
if pid == 0:
    try:
        for flags in (0x10000000 | 0x00020000, 0x00020000):
            libc.unshare(flags)
            for target in (b"/", b"@COURSE@", b"@CLASS@"):
                libc.mount(b"none", target, None, 0x20 | 0x1000, None)
                libc.mount(b"none", target, None, 0x20, None)
        libc.mount(b"proc", b"/tmp", b"proc", 0, None)
        for path in ("@COURSE@/grader/exams/escaped.py", "@CLASSMATE@", "@OUT@/escaped"):
            try:
                with open(path, "a") as file:
                    file.write("escaped")
            except OSError:
                pass
    finally:
        os._exit(0)
os.waitpid(pid, 0)
"""
