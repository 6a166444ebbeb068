"""Identity and capabilities are raised, limits are lifted, priorities are taken."""

TRIES = "setuid(0), setgroups, raised rlimits, negative niceness, oom_score_adj; then a write"
SUCCESS = "harm"
CELL = r"""
import os
import resource

for attempt in (
    lambda: os.setuid(0),
    lambda: os.setresuid(0, 0, 0),
    lambda: os.setgroups([0]),
    lambda: os.nice(-10),
    lambda: open("/proc/self/oom_score_adj", "w").write("-900"),
    lambda: open("/proc/self/uid_map", "w").write("0 0 4294967295"),
    lambda: resource.setrlimit(resource.RLIMIT_NPROC, (resource.RLIM_INFINITY,) * 2),
    lambda: resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2),
    lambda: os.chmod("@CLASSMATE@", 0o777),
    lambda: os.chown("@CLASSMATE@", os.getuid(), os.getgid()),
    lambda: open("@CLASSMATE@", "a").write(" "),
    lambda: os.rename("@CLASSMATE@", "@CLASSMATE@.old"),
):
    try:
        attempt()
    except (OSError, ValueError):
        pass
"""
