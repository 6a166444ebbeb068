"""Functions that are sent to Dask workers with their code, since they may lack the course.

Dask sends a function of a module by its name, and a local one as it is: so these are local.
"""

from collections.abc import Callable


def working() -> Callable[[dict], dict]:
    """Examine one submission."""

    def work(order: dict) -> dict:
        from distributed import get_worker

        try:
            from grader.cluster_worker import work
        except Exception as error:
            answer = {"refused": f"the course is not installed there ({error})"}
        else:
            answer = work(order)
        return {**answer, "worker": get_worker().address}

    return work


def looking() -> Callable[[dict, str | None], str]:
    """Why a worker will not do, or an empty string."""

    def look(wanted: dict, root: str | None) -> str:
        try:
            from grader.cluster_worker import unfit
        except Exception as error:
            return f"the course is not installed there ({error})"
        found = (unfit(name, versions, root) for name, versions in wanted.items())
        return next((complaint for complaint in found if complaint), "")

    return look


def stopping() -> Callable[[str], None]:
    """End the processes of a run."""

    def end(token: str) -> None:
        import sys

        if "grader.cluster_worker" in sys.modules:
            sys.modules["grader.cluster_worker"].stop(token)

    return end
