#!/usr/bin/env bash
# Runs once, when Gradescope builds the image (base image: Ubuntu 22.04 or later).
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap ca-certificates
for version in 3.13 3.12 3.11; do
  if apt-get install -y --no-install-recommends "python$version" "python$version-venv"; then
    "python$version" -m venv /opt/q-learning-course
    break
  fi
done
# PyTorch for CPU is much smaller: put the options that pytorch.org names for CPU under "Get started"
# into PIP_OPTIONS_FOR_TORCH.
/opt/q-learning-course/bin/python -m pip install --no-cache-dir \
  ${PIP_OPTIONS_FOR_TORCH:-} "torch=={torch}"
cd /autograder/source
/opt/q-learning-course/bin/python -m pip install --no-cache-dir \
  --constraint constraints.txt --editable '.[grader]'
# Solutions and hidden checks are for the grader only; students' code runs as another user.
chmod -R go-rwx solutions grader/exams
