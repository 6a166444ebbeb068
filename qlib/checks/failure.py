"""What can go wrong when an answer is checked, as exceptions with words for the student."""

from dataclasses import dataclass, field


class ToDo(NotImplementedError):  # noqa: N818 (it is a placeholder, not an error)
    """The body of an answer that has not been written yet: `raise ToDo`."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows in place of a traceback."""
        name, frame = None, self.__traceback__
        while frame is not None:
            name, frame = frame.tb_frame.f_code.co_name, frame.tb_next
        if name is None or name.startswith("<"):
            return ["To do: this cell needs an answer that is not written yet."]
        return [f"To do: `{name}` is not written yet. Write it above, then run this cell again."]


class Failed(Exception):  # noqa: N818 (a finding, not an error)
    """A check found something wrong.

    Args:
        symptom: what was seen, one sentence.
        cause: the probable mistake, in the field's words and without code. Only where the
            evidence names it.
        expected: what the check wanted, as short text.
        given: what the answer gave, as short text.
        stops: whether nothing further can be said until this is repaired (a wrong shape, a crash).
    """

    def __init__(
        self,
        symptom: str,
        cause: str = "",
        *,
        expected: str = "",
        given: str = "",
        stops: bool = False,
    ):
        super().__init__(symptom)
        self.symptom = symptom
        self.cause = cause
        self.expected = expected
        self.given = given
        self.stops = stops


@dataclass
class AnswerError(Exception):
    """The answer could not be called, or gave nothing that can be read.

    Attributes:
        kind: `todo`, `undefined`, `raised`, `timeout`, `died`, `closed_book` or `unreadable`.
        message: one sentence for the student.
        where: lines such as `line 3: x = r[t + 1]`, innermost last.
    """

    kind: str
    message: str
    where: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.message
