"""Put newly judged exercises into an earlier outcome; each verdict says where it is from."""

import copy
from collections.abc import Collection
from dataclasses import replace

from grader.executed import grade_outputs
from grader.outcome import ExerciseOutcome, Outcome

_EXAMINED = ("graded", "tampered", "timeout", "killed_memory", "crashed")
_TROUBLE = ("timeout", "killed_memory", "crashed")
_SAME = ("submission", "assignment")  # verdicts on different texts cannot be mixed


def can_keep(earlier: Outcome | None, versions: dict[str, str]) -> bool:
    """Whether the verdicts of an earlier outcome are about the same submission and notebook.

    Args:
        earlier: it, if there is one.
        versions: of what is handed in and asked now.
    """
    return (
        earlier is not None
        and earlier.status in _EXAMINED
        and all(earlier.versions.get(name) == versions[name] for name in _SAME)
    )


def merged(earlier: Outcome, new: Outcome, chosen: Collection[str]) -> Outcome:
    """The earlier outcome, with the verdicts of `new` on the chosen exercises.

    The outcome claims the new versions only when all its verdicts come from them; so a run that
    does not ask for single exercises examines a mixed outcome again. A fault of the grader is not
    merged: it stands alone.

    Args:
        earlier: of the whole submission, see `can_keep`.
        new: of the same submission, with the chosen exercises only.
        chosen: names of the functions.
    """
    if new.status not in _EXAMINED:
        return new
    fresh = {exercise.id: exercise for exercise in new.exercises}
    exercises, kept = [], []
    for exercise in earlier.exercises:
        found = fresh.pop(exercise.id, None)
        if found is None:
            kept.append(exercise)
            exercises.append(replace(exercise, versions=exercise.versions or earlier.versions))
        else:
            exercises.append(replace(found, versions=new.versions))
    exercises += [replace(exercise, versions=new.versions) for exercise in fresh.values()]
    whole = all(exercise.versions == new.versions for exercise in exercises)
    versions = new.versions if whole else earlier.versions
    exercises = [
        replace(exercise, versions={} if exercise.versions == versions else exercise.versions)
        for exercise in exercises
    ]
    status = {}
    if new.status not in _TROUBLE and earlier.status in _TROUBLE and any(map(_stopped, kept)):
        status = {name: getattr(earlier, name) for name in ("status", "message", "details")}
    return replace(
        new,
        exercises=tuple(exercises),
        versions=versions,
        notebook=_shown(new.notebook, kept),
        **status,
    )


def _stopped(exercise: ExerciseOutcome) -> bool:
    """Whether a call may not have come back: then the earlier status may be from there."""
    results = exercise.visible.results + exercise.hidden.results
    return any(result.status == "error" for result in results)


def _shown(notebook: dict | None, kept: Collection[ExerciseOutcome]) -> dict | None:
    """The executed notebook with the kept reports in their grade cells."""
    reports = {f"test-{exercise.hidden.name}": exercise for exercise in kept}
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"] if notebook else ():
        found = reports.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
        if found is not None:
            cell["outputs"] = grade_outputs(found.visible, found.hidden)
    return notebook
