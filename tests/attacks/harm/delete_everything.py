"""Everything the harness lent is deleted: results, class, course."""

TRIES = "shutil.rmtree on the output folder, the class and the course's copy"
SUCCESS = "harm"
CELL = r"""
import shutil

for path in ("@OUT@/outcomes", "@NEIGHBOURFOLDER@", "@COURSE@/grader", "@COURSE@/@SOURCE@"):
    shutil.rmtree(path, ignore_errors=True)
"""
