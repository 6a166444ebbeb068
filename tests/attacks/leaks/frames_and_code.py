"""Stack frames, linecache and the constants of every code object in memory."""

TRIES = "source and constants of the caller's code, during the graded call"
SUCCESS = "leak"
CELL = r"""
import gc
import linecache
import sys
import types


def dig():
    frame = sys._getframe(1)
    while frame is not None:
        tell("".join(linecache.getlines(frame.f_code.co_filename)))
        tell(repr(frame.f_locals)[:100000])
        frame = frame.f_back
    for frame in sys._current_frames().values():
        tell(repr(frame.f_locals)[:100000])
    for lines in list(linecache.cache.values()):
        if len(lines) > 2:
            tell("".join(lines[2]))
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType):
            tell(repr(thing.__code__.co_consts))
            tell(str(thing.__doc__))


dig()
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    dig()"}
