# What one does with this repository, on a fresh machine with Python >= 3.11 and pip. `make` alone lists it.

PYTHON ?= python3
VENV ?= .venv
BENCH_VENV ?= .venv-bench
HIPS_VENV ?= .venv-bench-hips
BIN := $(VENV)/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint types floors docs bench clean

help:  ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(VENV)/.examples  ## learn to read handwritten digits, draw the network, derive a gradient: all in out/
	$(BIN)/python examples/digits.py

test: lint types floors  ## everything that is checked: lint, types, floors, then the whole suite
	$(BIN)/python -m pytest -n auto -q $(PYTEST_ARGS)

lint: $(VENV)/.test  ## style and form
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test  ## static types, strictly
	$(BIN)/mypy

floors: $(VENV)/.test  ## who may import whom
	$(BIN)/lint-imports

docs: $(VENV)/.test  ## write docs/operations.md, kinks.md and activations.md from the code, and the outputs of README and from_pytorch.md
	$(BIN)/python docs/make_operations.py
	$(BIN)/python docs/make_kinks.py
	$(BIN)/python docs/make_activations.py
	$(BIN)/python docs/make_readme.py

bench: $(BENCH_VENV)/.bench $(HIPS_VENV)/.bench  ## measure beside micrograd, MyGrad, HIPS autograd, PyTorch and JAX
	MEMOGRAD_HIPS_PYTHON=$(abspath $(HIPS_VENV))/bin/python $(BENCH_VENV)/bin/python -m benchmarks

clean:  ## remove what these commands have made
	rm -rf $(VENV) $(BENCH_VENV) $(HIPS_VENV) out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says what an environment holds; it is made anew when pyproject.toml changes.

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "memograd needs Python >= 3.11; say which: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.examples: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(PIP_INSTALL) --editable '.[examples]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(PIP_INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/.examples

$(BENCH_VENV)/.bench: pyproject.toml
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python $(PIP_INSTALL) 'torch==2.13.0' 'jax>=0.6,<1'
	$(BENCH_VENV)/bin/python $(PIP_INSTALL) --editable '.[bench]'
	@touch $@

# HIPS autograd installs a package named autograd, as we do: it gets an environment that does not hold ours.
$(HIPS_VENV)/.bench:
	$(PYTHON) -m venv $(HIPS_VENV)
	$(HIPS_VENV)/bin/python $(PIP_INSTALL) 'autograd>=1.8,<2' 'scipy>=1.13,<2'
	@touch $@
