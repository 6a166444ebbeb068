"""The table that a person reads."""

import io

from rich.console import Console

from grader.console import tables


def results(n_exercises: int) -> list[dict]:
    exercises = [
        {"id": f"x/{k}", "points": 1.5, "max_points": 2.0, "passed": False}
        for k in range(n_exercises)
    ]
    return [
        {
            "student": "ada",
            "assignment": "x",
            "status": "graded",
            "score": 1.5 * n_exercises,
            "max_score": 2.0 * n_exercises,
            "exercises": exercises,
        }
    ]


def printed(n_exercises: int, width: int) -> tuple[int, str]:
    console = Console(file=io.StringIO(), width=width)
    parts = tables("x", results(n_exercises), width)
    for part in parts:
        console.print(part)
    return len(parts), console.file.getvalue()


def test_many_exercises_go_into_several_tables_and_nothing_is_cut():
    for n_exercises in (1, 8, 12, 19, 40):
        for width in (60, 80, 120):
            n_tables, text = printed(n_exercises, width)
            assert "…" not in text
            assert text.count("1.5") == n_exercises + (n_exercises == 1)
            assert max(map(len, text.splitlines())) <= width
            assert text.count("score") == 1
            assert text.count("ada") == n_tables
    assert printed(8, 80)[0] == 1
    assert printed(40, 80)[0] > 1
