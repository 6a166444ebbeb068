"""What a submission can reach and use at each sandbox level."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from grader import sandbox
from grader.calls import Snapshot
from grader.cgroup import MemoryGroup
from grader.remote import Meter, run_cell
from grader.student.channel import ChannelError
from grader.student.family import descendants
from grader.warm import Limits, WarmParent
from qlib.checks import AnswerError

LIMITS = Limits(disk=8 << 20, processes=64, memory=2 << 30)
ROOT = Path(sandbox.__file__).resolve().parent.parent


def need(level):
    """Skip where the level is not to be had; in CI, fail."""
    missing = level == "full" and shutil.which("bwrap") is None
    closed = level == "reduced" and os.geteuid() == 0 and sandbox.closed_to_others()
    if missing and not os.environ.get("CI"):
        pytest.skip("bubblewrap is not installed")
    if closed:
        pytest.skip(f"other users cannot enter {closed}")


@pytest.fixture(scope="module", params=["full", "full, cold", "reduced"])
def parent(request):
    level = request.param.split(",")[0]
    need(level)
    warm = WarmParent(level, LIMITS, nested="cold" not in request.param)
    yield warm
    warm.close()


@pytest.fixture(scope="module")
def full():
    need("full")
    warm = WarmParent("full", LIMITS)
    yield warm
    warm.close()


# Empty, unless the course itself is installed below /tmp
INSTALLED_IN_TMP = sorted(
    {path.split("/")[2] for path in sandbox.python_folders() if path.startswith("/tmp/")}
)


class Student:
    """A submission's processes with a short way to run code."""

    def __init__(self, warm):
        self.process = warm.start(seed=1)
        self.meter = Meter(60.0, 60.0)

    def run(self, source, seconds=20.0):
        result = run_cell(self.process, source, seconds, 3.0, self.meter)
        return "".join(o.get("text", o.get("ename", "")) for o in result.outputs).strip()

    def tried(self, expression, imports="import os, socket, ctypes"):
        """What an expression raises, or `worked`."""
        return self.run(
            f"{imports}\ntry:\n    {expression}\n    print('worked')\n"
            "except BaseException as error:\n    print(type(error).__name__)"
        )


@pytest.fixture
def student(parent):
    found = Student(parent)
    yield found
    found.process.end(0.0)


@pytest.fixture
def inside(full):
    found = Student(full)
    yield found
    found.process.end(0.0)


class TestEveryLevel:
    def test_nobodys_user_without_rights(self, student):
        assert int(student.run("import os\nprint(os.getuid())")) != 0
        status = student.run("print(open('/proc/self/status').read())")
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert {int(fields[f"Cap{kind}"], 16) for kind in ("Inh", "Prm", "Eff", "Amb")} == {0}
        assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")

    def test_nothing_inherited(self, student):
        source = "import os\nprint([f for f in range(99) if os.path.exists(f'/proc/self/fd/{f}')])"
        assert student.run(source) == "[0, 1, 2, 3]"
        assert student.run("print(sorted(k for k in os.environ if 'QCOURSE' in k))") == "[]"

    @pytest.mark.parametrize(
        "expression",
        [
            "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
            "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
            "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
            "os.setuid(0)",
            "os.chroot('/tmp')",
            "assert ctypes.CDLL(None).unshare(0x10000000) == 0",
            "assert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0",
            "assert ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, b'') == 0",
            "assert ctypes.CDLL(None).syscall(425, 1, 0) >= 0",
            "open('/proc/1/mem', 'rb').read(1)",
            "open('/etc/shadow').read()",
            "open('/proc/sysrq-trigger', 'w').write('b')",
        ],
    )
    def test_refused(self, student, expression):
        assert student.tried(expression) in (
            "PermissionError",
            "AssertionError",
            "FileNotFoundError",
            "OSError",
        )

    def test_limits(self, student):
        assert student.tried("x = bytearray(3 << 30)") == "MemoryError"
        assert (
            student.run("import resource\nprint(resource.getrlimit(resource.RLIMIT_CORE))")
            == "(0, 0)"
        )
        assert student.tried("open('big', 'wb').truncate(1 << 40)") in ("OSError", "worked")
        forks = (
            "import os, time\nn = 0\ntry:\n    while n < 500:\n"
            "        if os.fork() == 0: time.sleep(60)\n"
            "        n += 1\nexcept OSError: pass\nprint(n)"
        )
        assert int(student.run(forks)) <= 64

    def test_honest_work_goes_on(self, student):
        assert student.run("import numpy as np\nprint(np.linalg.inv(np.eye(2))[0, 0])") == "1.0"
        assert (
            student.run("open('a.txt', 'w').write('hello')\nprint(open('a.txt').read())") == "hello"
        )
        assert student.run("import tempfile\nprint(len(tempfile.mkdtemp()) > 3)") == "True"
        assert (
            student.run("import subprocess\nprint(subprocess.run(['echo', 'x']).returncode)") == "0"
        )
        pool = (
            "import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as pool:\n"
            "    print(pool.map(abs, [-1, -2]))"
        )
        assert student.run(pool) == "[1, 2]"
        assert student.run("import sqlite3, difflib, statistics\nprint('late')") == "late"

    def test_everything_ends(self, student, parent):
        student.run(
            "import os, time, signal\nfor _ in range(5):\n    if os.fork() == 0:\n"
            "        os.setsid()\n        if os.fork() == 0:\n"
            "            signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "            time.sleep(600)\n"
            "        os._exit(0)"
        )
        assert len(alive(parent)) > 7
        student.process.end(0.0)
        assert soon(lambda: len(alive(parent)) <= 3)  # bubblewrap twice, the warm parent

    def test_a_grader_that_is_killed_leaves_nothing(self, parent, request):
        if "cold" in request.node.name:
            pytest.skip("the same processes as level full")
        script = (
            "import sys, time; from grader.warm import *; from grader.remote import *\n"
            f"warm = WarmParent({parent.level!r}, Limits())\nstudent = warm.start(1)\n"
            "run_cell(student, 'import os, time\\nif os.fork() == 0: os.setsid(); time.sleep(600)',"
            " 9, 9, Meter(9.0, 9.0))\nprint(warm._process.pid, flush=True)\ntime.sleep(600)"
        )
        grader = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT, text=True
        )
        warm_pid = int(grader.stdout.readline())
        family = {warm_pid} | descendants(warm_pid)
        assert len(family) >= 4
        grader.kill()
        grader.wait()
        grader.stdout.close()
        assert soon(lambda: not any(running(pid) for pid in family))


def running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def alive(warm):
    """The warm parent's processes and those of submissions."""
    pid = warm._process.pid
    return {found for found in descendants(pid) | {pid} if running(found)}


def soon(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class TestFull:
    def test_only_the_sandbox_is_visible(self, inside):
        for path in (ROOT / "grader" / "exams", ROOT / "solutions", ROOT / "tests", Path.home()):
            found = inside.run(f"import os\nprint(os.path.exists({str(path)!r}))")
            assert found == "False" or str(sys.base_prefix).startswith(str(path))
        assert inside.run("import os\nprint(sorted(os.listdir('/course/grader')))") == (
            "['__init__.py', 'student']"
        )
        assert inside.tried("import grader.exams") == "ModuleNotFoundError"
        processes = inside.run(
            "import os\nprint(sorted(p for p in os.listdir('/proc') if p.isdigit()))"
        )
        assert processes == "['1', '2']"
        assert inside.tried("open('/proc/1/environ').read()") == "PermissionError"
        assert inside.tried("os.kill(1, 9)") == "worked"  # to no avail
        assert inside.run("print('unharmed')") == "unharmed"

    def test_only_private_folders_can_be_written(self, inside):
        # Python's own folders are large and on a read-only mount: look at their top only.
        large = tuple(f"{path}/" for path in ("/proc", "/usr", sys.prefix, sys.base_prefix))
        source = (
            "import os\nfound = []\nfor top, folders, files in os.walk('/'):\n"
            f"    if top.startswith({large}): folders.clear(); continue\n"
            "    if os.access(top, os.W_OK): found.append(top); folders.clear()\n"
            "print(sorted(found))"
        )
        found = inside.run(source, 60.0).replace("'/dev/pts', ", "")  # terminals, no files
        assert found == "['/dev/shm', '/home/student', '/tmp']"

    def test_disk_is_bounded(self, inside):
        filled = inside.tried("[open(f'f{i}', 'wb').write(bytes(1 << 20)) for i in range(50)]")
        assert filled == "OSError"
        many = inside.tried("[open(f'/tmp/{i}', 'w').close() for i in range(50_000)]")
        assert many == "OSError"

    def test_one_submission_leaves_nothing_to_the_next(self, full):
        first = Student(full)
        first.run(
            "import os, socket, multiprocessing.shared_memory as sm\n"
            "for d in ('/tmp', '/dev/shm', '/home/student'): open(d + '/note', 'w').write('x')\n"
            "s = socket.socket(socket.AF_UNIX); s.bind('\\0abstract'); s.listen()\n"
            "os.environ['LEFT'] = '1'\nimport numpy; numpy.left = 1"
        )
        second = Student(full)  # while the first is still there
        assert second.run("import os\nprint(sorted(os.listdir('/tmp')))") == str(INSTALLED_IN_TMP)
        assert second.run("import os\nprint(os.listdir('/dev/shm'))") == "[]"
        assert second.run(
            "print(os.environ.get('LEFT'), hasattr(__import__('numpy'), 'left'))"
        ) == ("None False")
        assert second.tried("socket.socket(socket.AF_UNIX).connect('\\0abstract')") == (
            "ConnectionRefusedError"
        )
        assert (
            second.run("print(sorted(p for p in os.listdir('/proc') if p.isdigit()))")
            == "['1', '2']"
        )
        first.process.end(0.0)
        second.process.end(0.0)

    def test_memory_of_all_processes_together(self, full):
        if full._group.path is None:
            pytest.skip("no memory cgroup can be made here")
        with WarmParent("full", replace(LIMITS, memory=600 << 20)) as warm:
            student = Student(warm)
            with contextlib.suppress(ChannelError):
                student.run(
                    "import os, time\nfor _ in range(9):\n    if os.fork() == 0:\n"
                    "        x = bytearray(b'x') * (150 << 20)\n        time.sleep(60)\n"
                    "time.sleep(1)"
                )
            assert soon(lambda: student.process.out_of_memory)
            assert student.process.end(0.0).out_of_memory
            again = Student(warm)
            assert again.run("print('next')") == "next"
            again.process.end(0.0)

    def test_without_a_cgroup_the_supervisor_watches(self, full, monkeypatch):
        monkeypatch.setattr("grader.cgroup._own_group", lambda: (_ for _ in ()).throw(OSError()))
        with WarmParent("full", replace(LIMITS, memory=600 << 20)) as warm:
            student = Student(warm)
            with pytest.raises(ChannelError):
                student.run(
                    "import os, time\nfor _ in range(5):\n    if os.fork() == 0:\n"
                    "        x = bytearray(b'x') * (150 << 20)\n        time.sleep(60)\n"
                    "time.sleep(60)"
                )
            assert student.process.out_of_memory

    def test_the_warm_parent_survives_and_stays_clean(self, full):
        for source in ("import os\nos.kill(-1, 9)", "import os\nos._exit(1)", "x = 1"):
            student = Student(full)
            with contextlib.suppress(ChannelError):
                student.run(source)
            student.process.end(0.0)
        last = Student(full)
        assert last.tried("x") == "NameError"
        last.process.end(0.0)

    def test_a_stopped_process_is_killed(self, full):
        student = Student(full)
        with pytest.raises(ChannelError):
            student.run("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", 0.2)
        start = time.monotonic()
        student.process.end(0.0)
        assert time.monotonic() - start < 3

    def test_snapshots_outlive_the_process_that_ran_the_cells(self, inside):
        inside.run("def f():\n    return 1")
        snapshot = Snapshot(inside.process, inside.meter)
        with pytest.raises(ChannelError):
            inside.run("import os\nos._exit(1)")
        with snapshot.session("f", 5.0) as call:
            assert call("f", (), {}, 1) == [1]
        with pytest.raises(AnswerError), snapshot.session("g", 5.0) as call:
            call("g", (), {}, 1)


def test_the_program_is_not_in_the_environment_or_on_the_command_line(full):
    environ = Path(f"/proc/{full._process.pid}/environ").read_bytes()
    assert b"PATH=" in environ
    assert str(ROOT).encode() not in environ
    assert not any(name in environ for name in (b"QCOURSE", b"VIRTUAL_ENV", b"PYTEST"))
    command = Path(f"/proc/{full._process.pid}/cmdline").read_bytes()
    assert b"ro-bind" not in command


def test_python_below_tmp_stays_visible_and_nothing_else_of_tmp(monkeypatch, tmp_path):
    need("full")
    folder = Path(tempfile.mkdtemp(prefix="packages-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "inner").mkdir()
    (folder / "inner" / "module.py").write_text("here")
    folders = [*sandbox.python_folders(), str(folder), str(folder / "inner")]
    monkeypatch.setattr(sandbox, "python_folders", lambda: folders)
    warm = WarmParent("full", LIMITS)
    try:
        student = Student(warm)
        assert student.run(f"print(open('{folder}/inner/module.py').read())") == "here"
        seen = sorted([*INSTALLED_IN_TMP, folder.name])
        assert student.run("import os; print(sorted(os.listdir('/tmp')))") == str(seen)
        assert student.tried(f"open('{folder}/new', 'w')") == "OSError"
        assert student.tried("open('/tmp/new', 'w').write('x')") == "worked"
        student.process.end(0.0)
        assert os.listdir(folder) == ["inner"]
    finally:
        warm.close()
        shutil.rmtree(folder)


def test_what_is_mounted_hides_the_course_installed_among_the_packages(monkeypatch, tmp_path):
    for part in ("qlib", "grader/student", "grader/exams"):
        (tmp_path / part).mkdir(parents=True)
    monkeypatch.setattr(sandbox, "course_root", lambda: tmp_path)
    monkeypatch.setattr(sandbox, "python_folders", lambda: [str(tmp_path)])
    words = sandbox.bubblewrap_arguments(1 << 20).decode().split("\0")
    bound = words.index(str(tmp_path))
    hidden = words.index(str(tmp_path / "grader"))
    assert words[hidden - 1] == "--tmpfs"
    assert bound < hidden


def test_stale_groups_are_removed_and_own_ones_too():
    with MemoryGroup(1 << 30) as group:
        if group.path is None:
            pytest.skip("no memory cgroup can be made here")
        stale = group.path.parent / "qcourse-999999999-00"
        stale.mkdir()
        with MemoryGroup(1 << 30):
            assert not stale.exists()
        path = group.path
    assert not path.exists()


def test_doctor_tries_what_it_says():
    need("full")
    rows = sandbox.doctor()
    assert rows[0].ok
    assert {row.name for row in rows} >= {"level full", "level none", "bubblewrap", "warm start"}


def test_no_bubblewrap_is_a_clear_sentence(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with pytest.raises(sandbox.SandboxError, match="apt install bubblewrap"):
        WarmParent("full", LIMITS)
