"""Device nodes and the kernel's own files: a raw disk, sysrq, core patterns."""

TRIES = "mknod, /proc/sys, cgroup files; only a file of the harness would change"
SUCCESS = "harm"
CELL = r"""
import os
import stat

for path, text in (
    ("@CLASS@/../written-through-proc", "x"),
    ("/proc/self/root@CLASSMATE@", " "),
    ("/proc/1/root@CLASSMATE@", " "),
    ("/proc/self/cwd/../../@NEIGHBOUR@/01_mdp/01_mdp.ipynb", " "),
):
    try:
        with open(path, "a") as file:
            file.write(text)
    except OSError:
        pass
try:
    os.mknod("/tmp/null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    os.mkfifo("@CLASS@/pipe")
    os.link("@CLASSMATE@", "/tmp/linked")
except OSError:
    pass
"""
