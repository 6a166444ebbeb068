# Every target does the set-up it needs: a .venv from the versions pinned in constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
LAB := lab

.PHONY: help setup demo test lab lab-copy book build lint bench clean
.DEFAULT_GOAL := help

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/' | expand -t 16

setup: $(READY)  ## create .venv with everything pinned

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This course needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1)."; \
	  echo "Name another one, for example: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[grader,cluster,book,test]'
	@touch $@

demo: $(READY)  ## grade the sample class in examples/ into out/demo
	$(BIN)/python -m grader grade examples/submitted --out out/demo --jobs 2 --cell-seconds 10 $(GRADE)

test: $(READY)  ## run the tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(PYTEST)

lab: $(READY) lab-copy  ## open the student notebooks in JupyterLab, in a copy of your own: lab/
	mkdir -p .venv/share/jupyter/lab/settings
	@echo '{"@jupyterlab/apputils-extension:notification": {"checkForUpdates": false,' \
	  '"fetchNews": "false"}}' > .venv/share/jupyter/lab/settings/overrides.json
	$(BIN)/jupyter lab --notebook-dir=$(LAB) $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)

lab-copy:
	mkdir -p $(LAB)
	cd notebooks && find . -type f -exec sh -c \
	  'for f; do [ -e "$$0/$$f" ] || { mkdir -p "$$0/$${f%/*}" && cp "$$f" "$$0/$$f"; }; done' \
	  "$(abspath $(LAB))" {} +

book: $(READY)  ## build the reader's site into out/book
	$(BIN)/python -m book

build: $(READY)  ## build all notebooks from their text sources
	$(BIN)/python -m grader build

lint: $(READY)  ## check style, spelling, and that the notebooks are up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/python -m grader build --check

bench: $(READY)  ## measure against other packages (takes minutes); rewrites benchmarks/*.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[bench,mujoco]'
	$(BIN)/python -m benchmarks.tabular
	$(BIN)/python -m benchmarks.overhead
	$(BIN)/python -m benchmarks.throughput
	$(BIN)/python -m benchmarks.crash
	$(BIN)/python -m benchmarks.deep

clean:  ## remove what was generated, except your work in lab/
	rm -rf .venv out *.egg-info .pytest_cache .ruff_cache .hypothesis
