# The commands of the project. `make demo` and `make test` install what a Debian or Ubuntu machine lacks (see scripts/setup.sh).
SHELL := /bin/bash
PYTHON := .venv/bin/python
PLUGIN := build/annsm_plugin
PROFILE ?= default
QGIS ?= 3.40
SEED ?= 0
FILES ?= 5000

.PHONY: help setup stage demo test lint bench package install torture test-window test-qgis screenshots clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

setup:
	@bash scripts/setup.sh

# The plugin folder as QGIS wants it: the package with metadata.txt, LICENSE, the guide and the translations inside.
stage:
	@rm -rf $(PLUGIN) && mkdir -p build
	@cp -r annsm_plugin $(PLUGIN)
	@cp metadata.txt LICENSE $(PLUGIN)/
	@find $(PLUGIN) -name __pycache__ -prune -exec rm -rf {} +
	@[ ! -x $(PYTHON) ] || $(PYTHON) scripts/make_help.py $(PLUGIN)
	@/usr/bin/python3 scripts/make_translations.py $(PLUGIN)/i18n

## make demo         install what is missing, run the whole chain on a synthetic archive, show where the results are
demo: setup stage
	@$(PYTHON) scripts/demo.py

## make test         install what is missing, run every test
test: setup stage
	@$(PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

## make lint         style, format, types of the core, import contracts
lint: setup
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

## make bench        speed of the trainer, inside QGIS and on all cores, and its quality
bench: setup stage .venv-bench/ready
	@.venv-bench/bin/python benchmarks/trainer_speed.py
	@$(PYTHON) benchmarks/where_it_runs.py
	@$(PYTHON) benchmarks/quality.py

# The trainers to compare with live in an environment of their own, away from QGIS.
.venv-bench/ready: benchmarks/requirements.txt
	@/usr/bin/python3 -m venv .venv-bench && .venv-bench/bin/python -m pip install -q -r $< && touch $@

## make package      dist/annsm_plugin.zip, which QGIS installs
package: stage
	@mkdir -p dist && rm -f dist/annsm_plugin.zip
	@cd build && /usr/bin/python3 -m zipfile -c ../dist/annsm_plugin.zip annsm_plugin
	@echo "dist/annsm_plugin.zip"

## make install      copy the plugin into the QGIS profile (PROFILE=default)
install: stage
	@target="$${XDG_DATA_HOME:-$$HOME/.local/share}/QGIS/QGIS3/profiles/$(PROFILE)/python/plugins"; \
	mkdir -p "$$target" && rm -rf "$$target/annsm_plugin" && cp -r $(PLUGIN) "$$target/" && \
	echo "Installed in $$target; enable ANN-SM in Plugins > Manage and Install Plugins."

## make torture      reconstruction quality on three seeds (about ten minutes), steps on 5 000 damaged files of every kind (ten minutes),
##                   200 kills, full disks, steps twice at once (half an hour); SEED=N: other damages and kills; FILES=N: as many files
torture: setup stage
	@$(PYTHON) benchmarks/reconstruction_quality.py
	@$(PYTHON) scripts/torture.py $(FILES) $(SEED)
	@$(PYTHON) scripts/torture_kills.py 200 $(SEED)

## make test-window  a real QGIS window under Xvfb, driven from the zip to the plot, with pictures in build/window
test-window: setup stage
	@$(PYTHON) scripts/window.py

## make test-qgis    the same and the tests of the algorithms in a newer QGIS (QGIS=3.40 or 3.44; needs root)
test-qgis:
	@QGIS=$(QGIS) scripts/test_qgis.sh

## make screenshots  the pictures of the guide, from the demo's project (make demo first) in a real window
screenshots: test-window
	@$(PYTHON) scripts/screenshots.py

clean:
	@rm -rf build dist demo
