#!/usr/bin/env bash
# Runs for each submission. Without results.json Gradescope says that the autograder failed, which is
# what a fault of ours should look like: it is never a student's zero.
set -euo pipefail
cd /autograder/source
export OMP_NUM_THREADS=1
exec /opt/q-learning-course/bin/python -m grader gradescope {assignment} \
  --base /autograder --visibility {visibility}{unsandboxed}
