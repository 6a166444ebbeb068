"""nbgrader's settings for this course: the stock commands work from the repository's root."""

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "q-learning-course"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"

# nbgrader copies every other file of an assignment's folder to the students, so the text sources,
# which contain the solutions, must be ignored. The same rule drops Python files that come with a
# submission: a `qlib.py` beside a notebook would hide the course's library.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "*.py",
]

# What replaces a solution. `ToDo` comes from qlib: an exercise not yet written reads "To do".
c.ClearSolutions.code_stub = {"python": "# your code here\nraise ToDo"}
c.ClearSolutions.text_stub = "*Your answer here.*"

# A submission runs in the course's kernel, whatever its metadata say. Seconds, for each cell.
c.ExecutePreprocessor.kernel_name = "python3"
c.ExecutePreprocessor.timeout = 300
c.ExecutePreprocessor.startup_timeout = 120
c.ExecutePreprocessor.iopub_timeout = 30  # a cell that ignores the interrupt for longer is given up
c.ExecutePreprocessor.shutdown_kernel = "immediate"

# How Canvas and Moodle name what students upload, in the zip of all submissions: the number before
# the file's name is Canvas's user id, and Moodle's participant number.
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/_](?P<student_id>\d+)_(?:\d+|assignsubmission_file)_(?:[^/]*/)*"
    r"(?P<file_id>\d\d_\w+?)(?:[-+ (][^/]*)?\.ipynb$"
)
