"""The student's side and the wire to it: frames, cells, snapshots, calls. No sandbox needed."""

import contextlib
import os
import socket
import threading
import time

import numpy as np
import pytest

from grader import calls
from grader.calls import Idle, Snapshot
from grader.remote import Meter, run_cell
from grader.student import channel
from grader.student.channel import ChannelClosed, ChannelError, DeadlinePassed
from grader.warm import Limits, WarmParent
from qlib import wire
from qlib.checks import AnswerError


def soon(seconds=0.3):
    return time.monotonic() + seconds


class TestChannel:
    def test_frames_arrive_whole(self):
        ours, theirs = channel.pair()
        big = os.urandom(1 << 21)
        thread = threading.Thread(
            target=channel.send, args=(ours, channel.CALL, big), kwargs={"request": 7}
        )
        thread.start()
        frame = channel.receive(theirs, limit=1 << 22, deadline=soon(5))
        thread.join()
        assert (frame.kind, frame.request, frame.payload == big) == (channel.CALL, 7, True)

    def test_a_long_frame_is_refused_before_memory_is_spent(self):
        ours, theirs = channel.pair()
        theirs.send(channel.HEAD.pack(2**32 - 1, 1, channel.REPLY))
        with pytest.raises(ChannelError, match="4,294,967,295"):
            channel.receive(ours, limit=1 << 20, deadline=soon())

    @pytest.mark.parametrize("sent", [b"", b"\x00", channel.HEAD.pack(9, 1, 1) + b"half"])
    def test_silence_ends_at_the_deadline(self, sent):
        ours, theirs = channel.pair()
        theirs.sendall(sent)
        start = time.monotonic()
        with pytest.raises(DeadlinePassed):
            channel.receive(ours, limit=100, deadline=soon(0.2))
        assert time.monotonic() - start < 2

    def test_a_slow_drip_ends_at_the_deadline(self):
        ours, theirs = channel.pair()
        stop = threading.Event()

        def drip():
            with contextlib.suppress(OSError):
                theirs.send(channel.HEAD.pack(1000, 1, 1))
                while not stop.wait(0.02):
                    theirs.send(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        start = time.monotonic()
        with pytest.raises(DeadlinePassed):
            channel.receive(ours, limit=1000, deadline=soon(0.3))
        assert time.monotonic() - start < 2
        stop.set()
        thread.join()

    def test_a_reader_that_never_reads_ends_at_the_deadline(self):
        ours, _theirs = channel.pair()
        with pytest.raises(DeadlinePassed):
            channel.send(ours, channel.CALL, bytes(1 << 24), deadline=soon())

    def test_the_end_of_the_stream(self):
        for sent in (b"", b"\x00\x00", channel.HEAD.pack(9, 1, 1) + b"half"):
            ours, theirs = channel.pair()
            theirs.sendall(sent)
            theirs.close()
            with pytest.raises(ChannelClosed):
                channel.receive(ours, limit=100, deadline=soon())
            with pytest.raises(ChannelClosed):
                channel.send(ours, channel.CALL, b"x" * 10)

    def test_the_trusted_side_never_receives_descriptors(self):
        ours, theirs = channel.pair()
        before = len(os.listdir("/proc/self/fd"))
        with open(os.devnull) as file:
            socket.send_fds(theirs, [channel.HEAD.pack(0, 1, 1)], [file.fileno()] * 50)
        channel.receive(ours, limit=10, deadline=soon())
        assert len(os.listdir("/proc/self/fd")) == before


@pytest.fixture(scope="module")
def parent():
    warm = WarmParent("none", Limits(processes=4000), imports=["import numpy, matplotlib.pyplot"])
    yield warm
    warm.close()


@pytest.fixture
def student(parent):
    process = parent.start(seed=1)
    process.meter = Meter(60.0, 60.0)
    process.run = lambda source, seconds=20.0: run_cell(
        process, source, seconds, 3.0, process.meter
    )
    yield process
    process.end(0.0)


def text_of(result):
    return "".join(o["text"] for o in result.outputs if o["output_type"] == "stream")


class TestCells:
    def test_output_as_in_jupyter(self, student):
        result = student.run("import sys\nprint('a')\nprint('b', file=sys.stderr)\n1 + 1")
        kinds = [(o["output_type"], o.get("name")) for o in result.outputs]
        assert kinds == [("stream", "stdout"), ("stream", "stderr"), ("execute_result", None)]
        assert result.outputs[-1]["data"] == {"text/plain": "2"}
        assert (result.failed, result.timed_out) == (False, False)

    def test_state_and_history_are_kept(self, student):
        student.run("x = 5\n6")
        assert text_of(student.run("print(x, _, Out[1])")) == "5 6 6\n"

    def test_errors(self, student):
        result = student.run("def f():\n    return 1 / 0\nf()")
        error = result.outputs[-1]
        assert (error["ename"], result.failed) == ("ZeroDivisionError", True)
        assert any("return 1 / 0" in line for line in error["traceback"])
        assert student.run("x = (").outputs[0]["ename"] == "SyntaxError"
        assert text_of(student.run("print('still there')")) == "still there\n"

    def test_to_do_is_one_line(self, student):
        result = student.run("from qlib import ToDo\ndef f():\n    raise ToDo\nf()")
        assert result.outputs[0]["traceback"] == [
            "To do: `f` is not written yet. Write it above, then run this cell again."
        ]

    def test_figures_and_displays(self, student):
        result = student.run(
            "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nfrom IPython.display import HTML\n"
            "display(HTML('<b>x</b>'))"
        )
        shown = {mime for o in result.outputs for mime in o.get("data", {})}
        assert {"image/png", "text/html"} <= shown

    def test_magics_and_commands(self, student):
        assert "hello" in text_of(student.run("!echo hello"))
        assert "loop" in text_of(student.run("%timeit -n1 -r1 pass"))
        assert "shell" in text_of(student.run("%%bash\necho shell"))
        assert "'/proc'" in text_of(student.run("files = !echo /proc\nprint(files)"))
        student.run("%%capture kept\nprint('quiet')")
        assert text_of(student.run("print(kept.stdout)")) == "quiet\n\n"
        assert not student.run("%matplotlib inline\n%load_ext autoreload\n%who").failed
        assert (
            text_of(student.run("import asyncio\nawait asyncio.sleep(0)\nprint('woke')"))
            == "woke\n"
        )

    def test_input_says_that_nobody_answers(self, student):
        error = student.run("input('name?')").outputs[0]
        assert (error["ename"], "cannot ask" in error["evalue"]) == ("RuntimeError", True)

    def test_an_endless_cell_is_interrupted(self, student):
        result = student.run("x = 1\nwhile True:\n    pass", 0.3)
        assert result.timed_out
        assert result.outputs[-1]["ename"] == "CellTimeout"
        assert text_of(student.run("print(x)")) == "1\n"

    def test_one_that_catches_the_interruption_is_interrupted_again(self, student):
        source = "import time\ntry:\n    time.sleep(9)\nexcept BaseException:\n    time.sleep(9)"
        assert student.run(source, 0.2).timed_out

    def test_too_much_output_is_cut(self, student):
        result = student.run("for i in range(40):\n    print('x' * 100_000)")
        assert len(text_of(result)) < 110_000
        assert text_of(result).endswith("[output cut]\n")
        assert len(student.run("for i in range(250): display(i)").outputs) <= 200
        figures = student.run("for i in range(9): display({'text/html': 'y' * 10**6}, raw=True)")
        assert sum(len(str(o)) for o in figures.outputs) < 4_100_000

    def test_progress_bars_keep_their_last_line_only(self, student):
        result = student.run("for i in range(1000): print(f'\\rstep {i}', end='')\nprint()")
        assert text_of(result) == "step 999\n"

    def test_a_thread_that_outlives_its_cell(self, student):
        student.run(
            "import threading, time\nthreading.Thread(target=lambda: time.sleep(30), daemon=True)"
            ".start()\ndef f(x): return x"
        )
        snapshot = Snapshot(student, student.meter)
        with snapshot.session("f", 5.0) as call:
            assert call("f", (3,), {}, 1) == [3]

    def test_leaving_ends_the_process(self, student):
        with pytest.raises(ChannelClosed):
            student.run("import os\nos._exit(7)")
        assert student.end(2.0).status == 7

    def test_exit_does_not(self, student):
        student.run("exit()")
        student.run("import sys\nsys.exit(3)")
        assert text_of(student.run("print('here')")) == "here\n"

    def test_nonsense_instead_of_outputs(self, student):
        forged = "import os\nos.write(3, b'\\xff' * 100)"
        with pytest.raises(ChannelError):
            student.run(forged)


def snapshot_of(student, source, name="f"):
    assert not student.run(source).failed
    return Snapshot(student, student.meter, name)


def ask(snapshot, seconds, *args):
    with snapshot.session("f", seconds) as call:
        return call("f", args, {}, 1)


def writing(data, then):
    """A function `f` that writes to every socket it can reach."""
    return (
        f"import os, time\ndef f():\n    for fd in range(3, 30):\n"
        f"        try: os.write(fd, {data!r})\n        except OSError: pass\n    {then}"
    )


def framed(*parts, request=1):
    payload = channel.join(parts)
    return channel.HEAD.pack(len(payload), request, channel.REPLY) + payload


def reply(*parts, request=1):
    return framed(*map(wire.dumps, parts), request=request)


FRAMES = {
    "garbage": b"\xff" * 64,
    "too long": channel.HEAD.pack(2**31, 1, channel.REPLY),
    "another request": reply([0.0, True, None], 1.0, request=99),
    "no value": reply([0.0, True, None]),
    "more values than asked for": reply([0.0, True, None], 1.0, 2.0),
    "a wrong kind": channel.HEAD.pack(0, 1, 77),
    "an empty reply": channel.HEAD.pack(0, 1, channel.REPLY),
    "a reply that is no message": channel.HEAD.pack(4, 1, channel.REPLY) + b"abcd",
    "a part longer than the reply": channel.HEAD.pack(4, 1, channel.REPLY) + b"\xff" * 4,
    "a malformed end": reply("x", 1.0),
    "a malformed error": reply([0.0, True, ["raised", "", ""]]),
    "an unknown error": reply([0.0, True, ["passed", "", []]]),
    "changed for ever": channel.HEAD.pack(0, 1, channel.CHANGED)
    + channel.HEAD.pack(0, 2, channel.CHANGED),
}


MANY = {
    "fewer values than asked for": reply([0.0, True, None], 1.0, 2.0),
    "more values than asked for": reply([0.0, True, None], 1.0, 2.0, 3.0, 4.0),
    "an error beside all values": reply([0.0, True, ["raised", "", []]], 1.0, 2.0, 3.0),
    "values that are no messages": framed(wire.dumps([0.0, True, None]), *[b"abcd"] * 3),
}


class TestCalls:
    def test_values(self, student):
        snapshot = snapshot_of(
            student,
            "import numpy as np\ndef f(x, k=2):\n    return {'a': x * k, 'b': [1, (2.0, None)]}",
        )
        with snapshot.session("f", 5.0) as call:
            (value,) = call("f", (np.arange(3.0),), {"k": 3}, 1)
        np.testing.assert_array_equal(value["a"], [0.0, 3.0, 6.0])
        assert value["b"] == [1, (2.0, None)]

    def test_repeated_calls_see_the_same_objects(self, student):
        snapshot = snapshot_of(student, "def f(x):\n    x += 1\n    return x.sum()")
        with snapshot.session("f", 5.0) as call:
            assert call("f", (np.zeros(2),), {}, 3) == [2.0, 4.0, 6.0]
            assert call("f", (np.zeros(2),), {}, 1) == [2.0]

    def test_each_session_starts_from_the_snapshot(self, student):
        snapshot = snapshot_of(student, "n = [0]\ndef f():\n    n[0] += 1\n    return n[0]")
        student.run("n[0] = 100")  # what follows the grade cell
        for _ in range(3):
            with snapshot.session("f", 5.0) as call:
                assert call("f", (), {}, 2) == [1, 2]

    @pytest.mark.parametrize(
        ("source", "kind", "words"),
        [
            ("def f():\n    raise NotImplementedError", "todo", "not written"),
            ("def f():\n    return 1 / 0", "raised", "ZeroDivisionError: division by zero"),
            ("def f():\n    return f()", "raised", "without end"),
            ("def f():\n    return object()", "unreadable", "'object'"),
            ("f = 3", "undefined", "not a function"),
            ("g = 3", "undefined", "not defined"),
            ("def f():\n    import sys; sys.exit(1)", "raised", "SystemExit"),
            ("def f():\n    import os; os._exit(0)", "died", "ended the whole"),
            ("def f():\n    import os; os.kill(os.getpid(), 11)", "died", "ended the whole"),
            ("def f():\n    while True: pass", "timeout", "within 0.5 s"),
            ("def f():\n    return 3 ** (3 ** 40)", "timeout", "within 0.5 s"),
            ("def f():\n    import os; os.kill(os.getpid(), 19)", "timeout", "within 0.5 s"),
            ("def f():\n    import os; os.closerange(3, 99)", "died", "ended the whole"),
        ],
    )
    def test_what_can_go_wrong(self, student, source, kind, words):
        snapshot = snapshot_of(student, source)
        with pytest.raises(AnswerError, match=words) as found:
            ask(snapshot, 0.5, *())
        assert found.value.kind == kind
        assert text_of(student.run("print('unharmed')")) == "unharmed\n"

    def test_an_error_names_the_line(self, student):
        snapshot = snapshot_of(student, "def f(x):\n    y = x[5]\n    return y")
        with pytest.raises(AnswerError) as found:
            ask(snapshot, 5.0, *([1],))
        assert found.value.where == ["f, line 2: y = x[5]"]

    def test_after_a_hang_further_calls_fail_at_once(self, student):
        snapshot = snapshot_of(student, "import time\ndef f():\n    time.sleep(60)")
        with snapshot.session("f", 0.3) as call:
            for _ in range(3):
                with pytest.raises(AnswerError, match="did not finish"):
                    call("f", (), {}, 1)

    @pytest.mark.parametrize("name", FRAMES)
    def test_forged_frames_are_unreadable_answers(self, student, name):
        snapshot = snapshot_of(student, writing(FRAMES[name], "time.sleep(5)"))
        with pytest.raises(AnswerError) as found:
            ask(snapshot, 2.0, *())
        assert found.value.kind == "unreadable"

    def test_many_calls_in_one_message(self, student):
        source = "n = [0]\ndef f(x, y):\n    n[0] += 1\n    x += y\n    return x.sum(), n[0]"
        snapshot = snapshot_of(student, source)
        shared = np.zeros(2)
        with snapshot.session("f", 5.0) as call:
            results = list(call.many("f", [(shared, k) for k in range(5)]))
            assert results == [(2.0 * k, k + 1) for k in range(5)]
            assert call("f", (shared, 1), {}, 1) == [(2.0, 6)]
        assert (shared == 0).all()

    def test_of_many_calls_the_first_that_fails_is_named_and_ends_them(self, student):
        source = "n = []\ndef f(x):\n    n.append(x)\n    return len(n) / x"
        snapshot = snapshot_of(student, source)
        with snapshot.session("f", 5.0) as call:
            results = call.many("f", [(1,), (2,), (0,), (4,)])
            assert [next(results), next(results)] == [1.0, 1.0]
            with pytest.raises(AnswerError, match="ZeroDivisionError"):
                next(results)
            assert call("f", (4,), {}, 1) == [1.0]  # the fourth call: (4,) was not made

    def test_of_many_results_one_that_is_unreadable_is_the_only_one_lost(self, student):
        snapshot = snapshot_of(
            student,
            "from qlib import wire\ndumps = wire.dumps\n"
            "wire.dumps = lambda v, *limits: b'x' * 9 if v is wire else dumps(v, *limits)\n"
            "def f(x):\n    return wire if x == 2 else b'y' * (1 << 16)",
        )
        with snapshot.session("f", 5.0) as call:
            results = call.many("f", [(1,), (1,), (2,), (1,)])
            assert [len(next(results)), len(next(results))] == [1 << 16] * 2
            with pytest.raises(AnswerError, match="unreadable"):
                next(results)
            with pytest.raises(AnswerError, match="unreadable"):
                call("f", (1,), {}, 1)

    @pytest.mark.parametrize("name", MANY)
    def test_forged_frames_for_many_calls_are_unreadable(self, student, name):
        snapshot = snapshot_of(student, writing(MANY[name], "time.sleep(5)"))
        with snapshot.session("f", 2.0) as call, pytest.raises(AnswerError) as found:
            list(call.many("f", [()] * 3))
        assert found.value.kind == "unreadable"

    def test_many_calls_have_the_time_of_the_check_together(self, student):
        snapshot = snapshot_of(student, "import time\ndef f():\n    time.sleep(0.2)")
        start = time.monotonic()
        with snapshot.session("f", 0.5) as call, pytest.raises(AnswerError, match=r"within 0.5 s"):
            list(call.many("f", [()] * 50))
        assert time.monotonic() - start < 3

    def test_what_a_copy_takes_to_start_is_not_the_time_of_the_check_but_of_all(self, student):
        student.run("import os, time\ndef f():\n    return 1")
        snapshot = Snapshot(student, student.meter, "f", Idle())
        student.run("os.register_at_fork(before=lambda: time.sleep(0.6))")
        before = student.meter.seconds_left
        with snapshot.session("f", 0.5) as call:
            assert call("f", (), {}, 1) == [1]
        assert student.meter.seconds_left < before - 0.5

    def test_copies_that_do_not_start_are_given_up(self, student, monkeypatch):
        monkeypatch.setattr(calls, "_START_SECONDS", 0.4)
        idle = Idle()
        student.run("import os, time\ndef f():\n    return 1")
        snapshot = Snapshot(student, student.meter, "f", idle)
        student.run("os.register_at_fork(before=lambda: time.sleep(60))")
        start = time.monotonic()
        for _ in range(20):
            with (
                snapshot.session("f", 5.0) as call,
                pytest.raises(AnswerError, match="stopped answering") as found,
            ):
                call("f", (), {}, 1)
            assert found.value.kind == "timeout"
        assert time.monotonic() - start < 3
        assert "stopped answering" in student.meter.troubles["timeout"]

    def test_a_message_of_the_students_is_cleaned(self, student):
        snapshot = snapshot_of(student, "def f():\n    raise ValueError('\\x1b[31m' + 'x' * 5000)")
        with pytest.raises(AnswerError) as found:
            ask(snapshot, 5.0, *())
        assert "\x1b" not in found.value.message
        assert len(found.value.message) < 600


def test_generators_that_are_not_seeded_start_alike_in_a_replay(parent):
    drawn = []
    for seed in (5, 5, 6):
        process = parent.start(seed)
        meter = Meter(10.0, 10.0)
        result = run_cell(
            process,
            "import random, numpy as np\nprint(random.random(), np.random.rand())",
            9,
            9,
            meter,
        )
        drawn.append(text_of(result))
        process.end(1.0)
    assert drawn[0] == drawn[1] != drawn[2]


STATEFUL = {  # name -> what comes before `f`, and `f`, which counts its calls
    "a global": ("n = 0", "    global n\n    n += 1\n    return n"),
    "a list": ("n = [0]", "    n[0] += 1\n    return n[0]"),
    "a closure": (
        "def make():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n"
        "        return n\n    return g\ng = make()",
        "    return g()",
    ),
    "an attribute": ("", "    f.n = getattr(f, 'n', 0) + 1\n    return f.n"),
    "a class attribute": ("class C:\n    n = 0", "    C.n += 1\n    return C.n"),
    "a list of a class": (
        "class C:\n    n = []\n    def g(self):\n        self.n.append(1)\n"
        "        return len(self.n)",
        "    return C().g()",
    ),
    "an instance": (
        "class C:\n    def __init__(self):\n        self.n = 0\n    def g(self):\n"
        "        self.n += 1\n        return self.n\nc = C()",
        "    return c.g()",
    ),
    "a method that counts on its class": (
        "class C:\n    n = 0\n    def g(self):\n        type(self).n += 1\n        return C.n",
        "    return C().g()",
    ),
    "a class with a metaclass": (
        "class M(type):\n    n = []\nclass C(metaclass=M):\n    def g(self):\n"
        "        type(type(self)).n.append(1)\n        return len(type(type(self)).n)",
        "    return C().g()",
    ),
    "a module attribute": (
        "import numpy as np\nnp.n = 0",
        "    np.n += 1\n    return np.n",
    ),
    "a list in a module": (
        "import numpy as np\nnp.n = []",
        "    np.n.append(1)\n    return len(np.n)",
    ),
    "a helper": ("n = []\ndef g():\n    n.append(1)\n    return len(n)", "    return g()"),
    "a cache": (
        "import functools, itertools\nit = itertools.count(1)\n"
        "@functools.lru_cache\ndef g(k):\n    return next(it)",
        "    return g(len(str(g.cache_info())) + g.cache_info().currsize)",
    ),
    "a generator of its own": (
        "import numpy as np\nrng = np.random.default_rng(0)\nfirst = {}",
        "    first.setdefault('x', rng.random())\n    first['n'] = first.get('n', 0) + 1\n"
        "    return first['n']",
    ),
}


@pytest.fixture
def idle():
    found = Idle()
    yield found
    found.put(None)


class TestSharing:
    def snapshot(self, student, idle, source, name="f"):
        assert not student.run(source).failed
        return Snapshot(student, student.meter, name, idle)

    def value(self, snapshot, name="f", *args, seconds=5.0):
        with snapshot.session(name, seconds) as call:
            return call(name, args, {}, 1)[0]

    @pytest.mark.parametrize("name", STATEFUL)
    def test_state_is_isolated(self, student, idle, name):
        before, body = STATEFUL[name]
        pure = self.snapshot(student, idle, "def g0():\n    return 0", "g0")
        snapshot = self.snapshot(student, idle, f"{before}\ndef f():\n{body}")
        assert student.run("f(); f()").outputs  # what follows the grade cell
        for _ in range(2):
            assert self.value(pure, "g0") == 0
            assert self.value(snapshot) == 1

    def test_a_default_argument_keeps_its_value(self, student, idle):
        snapshot = self.snapshot(student, idle, "def f(n=[]):\n    n.append(1)\n    return len(n)")
        student.run("f()")
        assert [self.value(snapshot) for _ in range(2)] == [1, 1]

    def test_random_numbers_start_alike_in_each_check(self, student, idle):
        source = "import numpy as np\ndef f():\n    return np.random.rand()"
        snapshot = self.snapshot(student, idle, source)
        student.run("np.random.seed(9)\nnp.seterr(all='raise')")
        assert len({self.value(snapshot) for _ in range(3)}) == 1

    def test_later_cells_change_nothing(self, student, idle):
        source = (
            "import numpy as np\nK = 2\ndef g(x):\n    return K * x\n"
            "def f(x, y=1):\n    return g(x) + y + np.abs(x) - sum([x])"
        )
        snapshot = self.snapshot(student, idle, source)
        student.run(
            "old = f\nK = 99\ndef g(x): return 0\nsum = 3\nf = None\nold.__defaults__ = (5,)\n"
            "np.abs = lambda x: 77"
        )
        student.run("def g(x): return 1\nnp.abs = None\ndef f(x): return 2\nsum = None")
        assert [self.value(snapshot, "f", 3) for _ in range(2)] == [7, 7]

    def test_a_class_patched_later_is_as_it_was(self, student, idle):
        source = (
            "class Base:\n    k = 2\n    def twice(self):\n        return self.k * self.x\n"
            "class C(Base):\n    def __init__(self, x):\n        super().__init__()\n"
            "        self.x = x\n        self.x += 0\n    @property\n    def more(self):\n"
            "        return self.twice() + 1\n    @staticmethod\n    def one():\n        return 1\n"
            "def f(x):\n    return C(x).more + C.one()"
        )
        snapshot = self.snapshot(student, idle, source)
        student.run(
            "C.more = property(lambda self: 0)\nC.__init__ = lambda self, x: None\nBase.k = 99\n"
            "Base.twice.__code__ = (lambda self: 5).__code__\nC.one = staticmethod(lambda: 7)\n"
            "C.new = 3\nclass C: pass"
        )
        assert [self.value(snapshot, "f", 3) for _ in range(2)] == [8, 8]

    def test_classes_without_state_of_their_own_share_a_copy(self, student, idle):
        source = (
            "class Box:\n    def __init__(self, n):\n        self.n = n\n        self.k = 0\n"
            "    def add(self, x):\n        self.k += x\n        return self.k\n"
            "def f(x):\n    return Box(3).add(x)"
        )
        import os

        snapshot = self.snapshot(
            student, idle, source + "\nimport os\ndef g():\n    return os.getpid()"
        )
        other = Snapshot(student, student.meter, "g", idle)
        assert self.value(snapshot, "f", 2) == 2
        first = self.value(other, "g")
        assert self.value(snapshot, "f", 2) == 2
        assert self.value(other, "g") == first != os.getpid()

    def test_a_method_patched_later_changes_nothing(self, student, idle):
        source = (
            "from fractions import Fraction\ndef f():\n    return Fraction(7, 2).limit_denominator"
            "(5).numerator"
        )
        snapshot = self.snapshot(student, idle, source)
        student.run("Fraction.limit_denominator = lambda self, n: self + 1")
        assert self.value(snapshot) == 7

    def test_a_name_that_is_defined_too_late_stays_undefined(self, student, idle):
        snapshot = self.snapshot(student, idle, "x = 1")
        student.run("def f(): return 1")
        with pytest.raises(AnswerError, match="not defined"):
            self.value(snapshot)

    @pytest.mark.parametrize(
        "breaks", ["import os; os._exit(0)", "while True: pass", "import os; os.close(3)"]
    )
    def test_what_breaks_in_one_check_stays_there(self, student, idle, breaks):
        f = self.snapshot(student, idle, f"def f(x):\n    if x:\n        {breaks}\n    return 1")
        g = self.snapshot(student, idle, "def g():\n    return 2", "g")
        assert (self.value(f, "f", 0), self.value(g, "g")) == (1, 2)
        with contextlib.suppress(AnswerError):
            self.value(f, "f", 1, seconds=0.4)
        assert (self.value(g, "g"), self.value(f, "f", 0)) == (2, 1)

    def test_a_thread_that_kills_later_costs_nothing_elsewhere(self, student, idle):
        f = self.snapshot(
            student, idle,
            "import os, threading\ndef f():\n    threading.Timer(0.2, os._exit, [0]).start()\n"
            "    return 1",
        )  # fmt: skip
        g = self.snapshot(student, idle, "import time\ndef g():\n    time.sleep(0.5)", "g")
        assert self.value(f) == 1
        assert self.value(g, "g") is None

    def test_a_cell_that_may_end_the_process_does_not_take_the_snapshots_along(self, student, idle):
        snapshot = self.snapshot(student, idle, "def f():\n    return 1")
        with pytest.raises(ChannelError):
            run_cell(student, "import os; os._exit(0)", 5.0, 3.0, student.meter, dangerous=True)
        assert self.value(snapshot) == 1

    def test_stateless_functions_share_one_copy(self, student, idle):
        snapshots = [
            self.snapshot(student, idle, f"import os\ndef f{k}():\n    return os.getpid()", f"f{k}")
            for k in range(3)
        ]
        assert len({self.value(s, f"f{k}") for k, s in enumerate(snapshots)}) == 1


def test_outputs_of_another_cell_are_refused(student):
    forged = wire.dumps({"outputs": [], "cpu": 0.0, "failed": False, "timed_out": False})
    frame = channel.HEAD.pack(len(forged), 7, channel.OUTPUTS) + forged
    with pytest.raises(ChannelError, match="another cell"):
        student.run(f"import os\nos.write(3, {frame!r})")
