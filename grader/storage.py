"""Disks and databases that fail: what they complain about, as a sentence with the cure."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


class StorageError(Exception):
    """The output folder cannot be written; the text says why and what to do."""


@contextlib.contextmanager
def storage(out: Path) -> Iterator[None]:
    """Turn what disks and databases complain about into a sentence.

    Raises:
        StorageError: with that sentence.
    """
    from sqlalchemy.exc import DatabaseError, OperationalError

    gradebook = out / "gradebook.db"
    try:
        yield
    except OSError as error:
        where = error.filename or out
        raise StorageError(f"{where} cannot be written: {error.strerror or error}.") from error
    except OperationalError as error:
        advice = "Look at the disk and at the file's permissions."
        if "locked" in str(error.orig):
            advice = "Another program, formgrader perhaps, is writing to it: close that."
        if "full" in str(error.orig):
            advice = "Make room on the disk."
        raise StorageError(f"{gradebook} cannot be written: {error.orig}. {advice}") from error
    except DatabaseError as error:
        raise StorageError(
            f"{gradebook} is damaged: {error.orig}. Put back a copy of it; or move it away and run "
            "again: the grades are made anew from outcomes/, but scores and comments given by hand "
            "are only in that file."
        ) from error
