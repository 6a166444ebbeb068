"""The page that `benchmarks.throughput` writes, from its figures."""

from typing import Any

MANY = 100_000


def table(figures: dict[str, Any]) -> str:
    """The page as markdown.

    Args:
        figures: what has been measured, by part.
    """
    parts = ["# What a class costs\n"]
    if "overhead" in figures:
        parts.append(_overhead(figures["overhead"]))
    if "wall" in figures:
        parts.append(_wall(figures["wall"]))
    if "memory" in figures:
        parts.append(_memory(figures["memory"]))
    if {"overhead", "wall", "memory"} <= set(figures):
        parts.append(_estimate(figures))
    parts.append(
        "A load above the number of cores stretches wall times and inflates CPU seconds; compare "
        "within one part only.\n"
    )
    return "\n".join(parts)


def _where(part: dict[str, Any]) -> str:
    before, after = part["load"]
    return f"{part['date']}, {part['machine']}, load {before} before and {after} after."


def _overhead(part: dict[str, Any]) -> str:
    found = part["seconds"]
    theirs = {
        "nbgrader": "nbgrader autograde, one more submission in the same command",
        "nbgrader, a command each": "nbgrader autograde, a command for each submission",
        "otter": f"otter run ({part['otter']})",
    }
    work = found["student"] + found["checks"]
    ours = {"examined": found["overhead"], "recorded": found["overhead"] + found["recording"]}
    lines = [
        "## Overhead: a light notebook, six exercises, almost no work for the student's code\n",
        "| | CPU seconds | of these, overhead | ÷ ours, examined | ÷ ours, recorded too |",
        "|---|---:|---:|---:|---:|",
        f"| this grader, examined | {ours['examined'] + work:.3f} | {ours['examined']:.3f} | | |",
        "| this grader, examined and recorded: gradebook, executed notebook, feedback page | "
        f"{ours['recorded'] + work:.3f} | {ours['recorded']:.3f} | | |",
    ]
    for name, words in theirs.items():
        if name in found:
            rest = found[name] - work
            lines.append(
                f"| {words} | {found[name]:.2f} | {rest:.2f} | {rest / ours['examined']:.0f}× | "
                f"{rest / ours['recorded']:.1f}× |"
            )
    lines.append(
        "\nCPU seconds a submission, of all processes; medians of "
        f"{part['repeat']} rounds in turns. Overhead is what is left without the student's work "
        f"and the checks' computing: {work:.3f} here, and taken to be the same for the others. "
        "nbgrader records too; otter writes a JSON file. "
        f"`python -m benchmarks.throughput --parts overhead`, {_where(part)}\n"
    )
    return "\n".join(lines)


def _wall(part: dict[str, Any]) -> str:
    n, jobs = part["submissions"], part["jobs"]
    floor = part["student"] / jobs
    work = part["student"] + part["checks"]
    whole = work + part["overhead"] + part["writer"]
    rows = {
        "floor: the student's work ÷ cores": floor,
        "the student's work and the checks' computing ÷ cores": work / jobs,
        "all CPU seconds ÷ cores: examining, recording and starting": whole / jobs,
        "wall time": part["wall"],
        "nbgrader autograde, CPU seconds: one submission after the other": n * part["nbgrader"],
    }
    lines = [
        f"## Wall time: {n} submissions of {part['assignment']}, {jobs} workers\n",
        "| | seconds | a submission |",
        "|---|---:|---:|",
        *(f"| {name} | {value:.1f} | {value / n:.3f} |" for name, value in rows.items()),
        "",
        "| CPU seconds a submission | |",
        "|---|---:|",
        f"| the student's work | {part['student'] / n:.3f} |",
        f"| the checks' computing | {part['checks'] / n:.3f} |",
        f"| examining, besides | {part['overhead'] / n:.3f} |",
        f"| the writer: start, recording, pages, tables | {part['writer'] / n:.3f} |",
        "",
        "Everybody handed in the solution. nbgrader's figure is what a second submission adds to a "
        "command, times the class; it grades one at a time, so its wall time is no less. "
        "`python -m benchmarks.throughput --parts wall "
        f"--submissions {n} --jobs {jobs}`, {_where(part)} Other work on the machine takes its "
        "share of the wall time: cores busy with this run "
        f"{100 * whole / (part['wall'] * jobs):.0f} % of the time.\n",
    ]
    return "\n".join(lines)


def _memory(part: dict[str, Any]) -> str:
    rows = part["rows"]
    lines = [
        f"## Memory and cost as the class grows: {part['class']} submissions, {part['jobs']} "
        "workers\n",
        *_columns(part["examiners"], ("examined", "worker MiB", "warm parent MiB")),
        "",
        *_columns(rows, ("recorded", "writer MiB", "writer CPU s")),
    ]
    first, last = part["first and last"]
    slope, start = _slope(rows)
    lines.append(
        "\nResident memory of the largest process of its kind. The writer's CPU seconds are "
        f"{start:.1f} + {1000 * slope:.1f} per 1,000 submissions (least squares, largest residual "
        f"{_residual(rows, slope, start):.1f} s); examining took {first:.3f} CPU seconds in the "
        f"first tenth of the class and {last:.3f} in the last. The light notebook. "
        f"`python -m benchmarks.throughput --parts memory --class-size {part['class']} --jobs "
        f"{part['jobs']}`, {_where(part)}\n"
    )
    return "\n".join(lines)


def _columns(rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[str]:
    lines = [f"| {' | '.join(names)} |", f"|{'---:|' * len(names)}"]
    for row in rows:
        cells = (row[names[0]], *(f"{row[name]:.1f}" for name in names[1:]))
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def _slope(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Least squares: seconds a submission, and seconds at none."""
    x = [row["recorded"] for row in rows]
    y = [row["writer CPU s"] for row in rows]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    over = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    slope = over / sum((a - mean_x) ** 2 for a in x)
    return slope, mean_y - slope * mean_x


def _residual(rows: list[dict[str, Any]], slope: float, start: float) -> float:
    return max(abs(row["writer CPU s"] - start - slope * row["recorded"]) for row in rows)


def _estimate(figures: dict[str, Any]) -> str:
    part = figures["wall"]
    n = part["submissions"]
    each = (part["student"] + part["checks"] + part["overhead"]) / n
    write = _slope(figures["memory"]["rows"])[0]
    hours = MANY * each / 3600
    writer = MANY * write / 3600
    out = MANY * (part["bytes in"] + part["bytes out"]) / 1e9
    enough = max(1, round(hours / writer))
    lines = [
        f"## On paper: {MANY:,} submissions of {part['assignment']} on a cluster\n",
        f"- measured above: {each:.3f} CPU seconds to examine one, {write:.3f} for the one writer "
        f"to record one of the light notebook, {part['bytes in']:,} bytes to a worker and "
        f"{part['bytes out']:,} back",
        f"- examining: {hours:.1f} core-hours, divided by the workers' cores",
        f"- recording: {writer:.1f} hours on one core of the grader's machine, while others are "
        f"examined; with more than {enough} cores of workers it is the writer that one waits for",
        f"- over the network: {out:.1f} GB",
        f"- so {MANY:,} submissions take about {max(hours / 8, writer):.1f} hours with 8 cores of "
        f"workers, and {max(hours / 64, writer):.1f} with 64. No run of this size was made.",
        "",
    ]
    return "\n".join(lines)
